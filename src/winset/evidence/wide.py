"""Files with one row a respondent -> one row a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from winset.errors import UsageError
from winset.study import Wide

IMPORT_ID = "ImportId"
"""What stands in the third line of a Qualtrics export."""


def reshape_wide(table: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str] = ()) -> pl.DataFrame:
    """One row a profile: columns ``respondent``, task, profile, outcome, ``keep`` and one for each attribute.

    Where the outcome has no {profile} it names the chosen one: its number, or the place of its label in order.

    Raises
    ------
    UsageError
        If no column fits a pattern, or an answer names no profile.
    """
    table = _without_headings(table)
    if respondent not in table.columns:
        raise UsageError(f"no column `{respondent}`; wide files need one that numbers respondents")
    parts = []
    for (task, profile), columns in _found(table, wide).items():
        outcome = wide.outcome.format(task=task, profile=profile)
        if outcome not in table.columns:
            raise UsageError(f"no column `{outcome}` for the answer to task {task} (pattern `{wide.outcome}`)")
        fixed = [
            pl.col(respondent),
            *(pl.col(c) for c in keep),
            pl.lit(task).alias("task"),
            pl.lit(profile).alias("profile"),
        ]
        answer = pl.col(outcome).cast(pl.String).str.strip_chars().alias("outcome")
        parts.append(table.select(*fixed, answer, *_levels(table, wide, task, columns)))
    long = pl.concat(parts, how="diagonal")
    attributes = [c for c in long.columns if c not in {respondent, *keep, "task", "profile", "outcome"}]
    long = long.filter(pl.any_horizontal(pl.col(attributes).is_not_null()))
    if "{profile}" in wide.outcome:
        return long
    return long.with_columns(outcome=_chosen(long, table, wide))


def _without_headings(table: pl.DataFrame) -> pl.DataFrame:
    """Qualtrics repeats the question and an import id under the header."""
    for n, row in enumerate(table.head(3).iter_rows()):
        if any(isinstance(c, str) and IMPORT_ID in c for c in row):
            return table.slice(n + 1)
    return table


def _pattern(text: str) -> re.Pattern[str]:
    escaped = re.escape(text)
    for part in ("task", "profile", "slot", "attribute"):
        escaped = escaped.replace(
            re.escape(f"{{{part}}}"), f"(?P<{part}>{'.+' if part == 'attribute' else '[0-9]+'})", 1
        )
    return re.compile(f"^{escaped}$")


def _found(table: pl.DataFrame, wide: Wide) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Columns of each profile, with their slot or attribute."""
    pattern = _pattern(wide.columns)
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for c in table.columns:
        if match := pattern.match(c):
            parts = match.groupdict()
            place = parts.get("slot") or parts.get("attribute") or ""
            found.setdefault((parts["task"], parts["profile"]), []).append((c, place))
    if not found:
        raise UsageError(f"no column fits the pattern `{wide.columns}`; columns are {', '.join(table.columns[:8])} ...")
    return dict(sorted(found.items(), key=lambda item: (int(item[0][0]), int(item[0][1]))))


def _levels(table: pl.DataFrame, wide: Wide, task: str, columns: Sequence[tuple[str, str]]) -> list[pl.Expr]:
    """One expression an attribute."""
    if wide.names is None:
        return [pl.col(c).cast(pl.String).alias(place) for c, place in columns]
    named = {c: wide.names.format(task=task, slot=slot) for c, slot in columns}
    for c, name in named.items():
        if name not in table.columns:
            raise UsageError(f"no column `{name}`, which should name the attribute in `{c}` (pattern `{wide.names}`)")
    attributes = sorted({a for name in named.values() for a in table[name].drop_nulls().unique().to_list()})
    return [
        pl.coalesce([pl.when(pl.col(name) == a).then(pl.col(c).cast(pl.String)) for c, name in named.items()]).alias(
            str(a)
        )
        for a in attributes
    ]


def _chosen(long: pl.DataFrame, table: pl.DataFrame, wide: Wide) -> pl.Series:
    """1 where a profile is the one that the answer names."""
    numbers = long["outcome"].str.extract(r"([0-9]+)\s*$").cast(pl.Int64)
    if (numbers.is_null() & long["outcome"].is_not_null()).any():
        labels = _labels(long["outcome"], table, wide)
        if len(labels) != long["profile"].n_unique():
            shown = ", ".join(f"`{x}`" for x in labels[:5])
            raise UsageError(
                f"answers {shown} do not name one of {long['profile'].n_unique()} profiles; write their numbers"
            )
        places = {x: n + 1 for n, x in enumerate(labels)}
        numbers = long["outcome"].replace_strict(places, default=None, return_dtype=pl.Int64)
    return (numbers == long["profile"].cast(pl.Int64)).cast(pl.Int8)


def _labels(answers: pl.Series, table: pl.DataFrame, wide: Wide) -> list[str]:
    """Answers in the order of their codes where the file has one, in alphabetical order else (A before B)."""
    pattern = _pattern(wide.outcome)
    for c in table.columns:
        kind = table.schema[c]
        if pattern.match(c) and isinstance(kind, pl.Enum):
            return list(kind.categories)
    return sorted(answers.drop_nulls().unique().to_list())
