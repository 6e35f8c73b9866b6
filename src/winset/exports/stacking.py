"""Cells of a wide file as rows: one for every profile that somebody was shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from winset.errors import UsageError, suggest
from winset.exports.patterns import fill, find, in_order
from winset.study import Wide

FIXED = ("respondent", "task", "profile", "outcome")
"""Columns of a stacked table beside those that are kept and the attributes."""


@dataclass(frozen=True)
class Stacked:
    """One row a profile that was shown.

    Parameters
    ----------
    table
        Columns ``respondent``, ``task``, ``profile``, ``outcome`` (as it was written), those kept, and the attributes; texts.
    attributes
        Columns of levels.
    tasks, profiles
        Their labels, in order.
    ordered
        Answers in the order of their codes, where the file has one.
    """

    table: pl.DataFrame
    attributes: tuple[str, ...]
    tasks: tuple[str, ...]
    profiles: tuple[str, ...]
    ordered: tuple[str, ...] = ()


def stack(
    table: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str], attributes: Sequence[str] | None
) -> Stacked:
    """Stack the columns of levels that a pattern finds.

    Raises
    ------
    UsageError
        If no column fits a pattern, or the answer to a task has none.
    """
    assert wide.columns is not None
    found = find(wide.columns, table.columns, attributes)
    if not found:
        raise UsageError(_no_fit(wide.columns, table, attributes))
    check_names({p["attribute"] for p in found.values() if "attribute" in p}, respondent, keep)
    cells: dict[tuple[str | None, str], dict[str, str]] = {}
    for c, parts in found.items():
        place = parts.get("slot") or parts.get("attribute") or ""
        cells.setdefault((parts.get("task"), parts["profile"]), {})[c] = place
    tasks = in_order([t for t, _ in cells if t is not None])
    answers = answer_columns(table, wide, tasks, in_order([p for _, p in cells]))
    parts = []
    for (task, profile), columns in sorted(
        cells.items(), key=lambda x: (tasks.index(x[0][0]) if x[0][0] else 0, x[0][1])
    ):
        fixed = fixed_columns(table, wide, respondent, keep, task)
        answer = text_of(pl.col(answers[task, profile])).alias("outcome")
        levels = _levels(table, wide, task, columns, (respondent, keep))
        parts.append(table.select(*fixed, pl.lit(profile).alias("profile"), answer, *levels))
    long = pl.concat(parts, how="diagonal")
    named = tuple(c for c in long.columns if c not in {respondent, *FIXED, *keep})
    labels = tasks or in_order(long["task"].drop_nulls().unique().to_list() if wide.task else [])
    ordered = _codes(table, answers.values())
    return Stacked(
        long.rename({respondent: "respondent"}), named, tuple(labels), tuple(in_order([p for _, p in cells])), ordered
    )


def check_names(attributes: Iterable[str], respondent: str, keep: Sequence[str]) -> None:
    """Refuse names that stand for two things.

    Raises
    ------
    UsageError
        If an attribute, or a column that is carried along, has the name of another column of the long table.
    """
    made = {*FIXED} - {respondent}
    for c in (*keep, respondent, *attributes):
        if c in made and not (c == "respondent" and c not in keep and c not in attributes):
            raise UsageError(f"`{c}` is the name of a column that the long table gets; rename it in the file")
    for a in attributes:
        if a == respondent or a in keep:
            raise UsageError(f"`{a}` is an attribute and a column of respondents too; rename one in the file")


def fixed_columns(
    table: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str], task: str | None
) -> list[pl.Expr]:
    """Respondent, task and what is kept beside."""
    for c in (respondent, *keep, *([wide.task] if wide.task else [])):
        if c not in table.columns:
            more = "; wide files need one that numbers respondents" if c == respondent else ""
            raise UsageError(f"no column `{c}`{suggest(c, table.columns)}{more}")
    where = pl.lit(task) if task is not None else text_of(pl.col(wide.task or ""))
    return [pl.col(respondent), *(pl.col(c) for c in keep if c != respondent), where.alias("task")]


def text_of(column: pl.Expr) -> pl.Expr:
    """A column as stripped texts, blanks as empty."""
    text = column.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)


def answer_columns(
    table: pl.DataFrame, wide: Wide, tasks: Sequence[str], profiles: Sequence[str]
) -> dict[tuple[str | None, str], str]:
    """Column of the answer by task and profile."""
    listed = isinstance(wide.outcome, tuple)
    if listed and not wide.task and len(wide.outcomes) != len(tasks):
        more = (
            "; the task that came again belongs under `repeated` (--repeat)" if len(wide.outcomes) > len(tasks) else ""
        )
        raise UsageError(
            f"{len(wide.outcomes)} columns of answers are listed for {len(tasks)} tasks ({', '.join(tasks)}){more}"
        )
    found: dict[tuple[str | None, str], str] = {}
    for n, task in enumerate(tasks or [None]):
        pattern = wide.outcomes[n if listed and len(wide.outcomes) > 1 else 0]
        for profile in profiles:
            values = {"profile": profile} | ({} if task is None else {"task": task})
            c = fill(pattern, values)
            if c not in table.columns:
                what = f"task {task}" if task is not None else f"profile {profile}"
                raise UsageError(f"no column `{c}` for the answer to {what} (`{pattern}`){suggest(c, table.columns)}")
            found[task, profile] = c
    return found


def _levels(
    table: pl.DataFrame,
    wide: Wide,
    task: str | None,
    columns: Mapping[str, str],
    fixed: tuple[str, Sequence[str]],
) -> Iterator[pl.Expr]:
    """One expression an attribute."""
    if wide.names is None:
        for c, attribute in columns.items():
            yield text_of(pl.col(c)).alias(attribute)
        return
    named = {
        c: fill(wide.names, {"slot": slot} | ({} if task is None else {"task": task})) for c, slot in columns.items()
    }
    for c, name in named.items():
        if name not in table.columns:
            raise UsageError(f"no column `{name}`, which should name the attribute in `{c}` (pattern `{wide.names}`)")
    texts = {name: table.select(text_of(pl.col(name)))[name] for name in named.values()}
    attributes = sorted({a for text in texts.values() for a in text.drop_nulls().unique().to_list()})
    check_names(attributes, *fixed)
    for a in attributes:
        shown = [pl.when(text_of(pl.col(name)) == a).then(text_of(pl.col(c))) for c, name in named.items()]
        yield pl.coalesce(shown).alias(a)


def _codes(table: pl.DataFrame, columns: Sequence[str] | object) -> tuple[str, ...]:
    for c in columns:  # pyright: ignore[reportGeneralTypeIssues]
        kind = table.schema[c]
        if isinstance(kind, pl.Enum):
            return tuple(kind.categories)
    return ()


def _no_fit(pattern: str, table: pl.DataFrame, attributes: Sequence[str] | None) -> str:
    of = f" for the attributes {', '.join(attributes[:5])}" if attributes and "{attribute}" in pattern else ""
    return f"no column fits the pattern `{pattern}`{of}; columns are {', '.join(table.columns[:8])} ..."
