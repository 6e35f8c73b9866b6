"""Profiles: what each respondent was shown, and how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.errors import UsageError, suggest
from winset.evidence.tablefile import from_frame
from winset.exports import drop_gaps
from winset.exports.patterns import natural
from winset.study import NOT_SHOWN

if TYPE_CHECKING:
    from jaxtyping import Float, Int

MOST_LEVELS = 200
"""Levels above which a column is no attribute but a number or a name."""


@dataclass(frozen=True)
class Profiles:
    """One row a profile.

    Parameters
    ----------
    levels
        Levels of each attribute, the reference first.
    codes
        Level of every row, by attribute.
    outcome
        1 chosen or accepted, 0 not; or a rating.
    respondent
        Number of the respondent of every row.
    weight
        Survey weight of every row.
    group, groups
        Subgroup of every row and their names; one unnamed group where none was asked for.
    task, profile
        Number of the task within the respondent, and of the profile within the task, where known.
    names
        Columns that these came from.
    source
        File, for captions.
    """

    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Int[np.ndarray, " row"]]
    outcome: Float[np.ndarray, " row"]
    respondent: Int[np.ndarray, " row"]
    weight: Float[np.ndarray, " row"]
    group: Int[np.ndarray, " row"]
    groups: tuple[str, ...] = ("",)
    task: Int[np.ndarray, " row"] | None = None
    profile: Int[np.ndarray, " row"] | None = None
    names: Mapping[str, str] | None = None
    source: str = ""

    def __len__(self) -> int:
        return len(self.outcome)

    def __repr__(self) -> str:
        return f"<Profiles: {len(self):,} rows, {self.respondents:,} respondents, {len(self.levels)} attributes>"

    @property
    def respondents(self) -> int:
        """Number of respondents."""
        return len(np.unique(self.respondent))

    def with_outcome(self, outcome: Float[np.ndarray, " row"]) -> Profiles:
        """The same profiles with something else to explain."""
        return replace(self, outcome=outcome)


def read_profiles(
    table: Any,
    *,
    outcome: str,
    respondent: str,
    attributes: Sequence[str],
    references: Mapping[str, str] | None = None,
    by: str | None = None,
    weight: str | None = None,
    task: str | None = None,
    profile: str | None = None,
    drop_missing: bool = False,
    source: str = "",
) -> Profiles:
    """Make profiles of a long table, one row a profile.

    Parameters
    ----------
    table
        A Polars, pandas or Arrow table, or any other data frame that narwhals knows.
    outcome
        Column of numbers, of true and false, or of two answers such as yes and no.
    references
        Reference level by attribute; the first level else (in the file's own order where it has one).
    by
        Column of subgroups.
    drop_missing
        Leave rows with an empty cell out instead of refusing them; with ``task``, whole tasks.

    Raises
    ------
    UsageError
        With a sentence on what to mend: unknown columns or levels, empty cells, weights that are not positive, and so on.

    Examples
    --------
    >>> table = pl.DataFrame({"id": [1, 1, 2, 2], "land": ["a", "b", "a", "b"], "chosen": [1, 0, 1, 0]})
    >>> read_profiles(table, outcome="chosen", respondent="id", attributes=["land"])
    <Profiles: 4 rows, 2 respondents, 1 attributes>
    """
    table = from_frame(table)
    extra = [c for c in (by, weight, task, profile) if c]
    _check_columns(table, [outcome, respondent, *attributes, *extra])
    if not attributes or len(set(attributes)) < len(attributes):
        raise UsageError("name each attribute once, and at least one")
    table = table.select(list(dict.fromkeys([outcome, respondent, *attributes, *extra])))
    table = _without_gaps(table, drop_missing, [respondent, task] if task else [])
    levels, codes = {}, {}
    for a in attributes:
        levels[a], codes[a] = read_levels(table[a], (references or {}).get(a))
    for a in references or {}:
        if a not in attributes:
            raise UsageError(f"reference for `{a}`, which is no attribute{suggest(a, attributes)}")
    groups, group = read_levels(table[by], None) if by else (("",), np.zeros(table.height, np.int32))
    return Profiles(
        levels=levels,
        codes=codes,
        outcome=read_outcome(table[outcome]),
        respondent=_numbered(table[respondent]),
        weight=_weights(table[weight]) if weight else np.ones(table.height),
        group=group,
        groups=groups,
        task=_numbered(table[task]) if task else None,
        profile=_numbered(table[profile]) if profile else None,
        names={"outcome": outcome, "respondent": respondent} | ({"by": by} if by else {}),
        source=source,
    )


def read_levels(column: pl.Series, reference: str | None) -> tuple[tuple[str, ...], Int[np.ndarray, " row"]]:
    """Levels of a column, the reference first, and the level of every row."""
    ordered = isinstance(column.dtype, pl.Enum)
    if column.dtype.is_float() and column.is_finite().all() and (column == column.round()).all():
        column = column.cast(pl.Int64)
    numeric = column.dtype.is_numeric()
    # Sorting distinct values and matching codes keeps a million rows of text out of Python.
    values = column.cast(pl.Categorical if not ordered and not numeric else column.dtype)
    found = values.unique().to_list() if not ordered else [x for x in column.dtype.categories if (column == x).any()]  # pyright: ignore[reportAttributeAccessIssue]
    found = found if ordered else sorted(found, key=natural if not numeric else None)
    if NOT_SHOWN in found:  # never the reference unless it is asked for
        found.append(found.pop(found.index(NOT_SHOWN)))
    if len(found) > MOST_LEVELS:
        raise UsageError(f"`{column.name}` has {len(found)} levels; name a column with at most {MOST_LEVELS}")
    names = [str(x) for x in found]
    if reference is not None:
        if reference not in names:
            raise UsageError(f"unknown level `{reference}` of `{column.name}`{suggest(reference, names)}")
        found.insert(0, found.pop(names.index(reference)))
    codes = values.replace_strict(found, list(range(len(found))), return_dtype=pl.Int32).to_numpy()
    return tuple(str(x) for x in found), codes


def read_outcome(column: pl.Series) -> Float[np.ndarray, " row"]:
    """Numbers of a column that holds numbers, true and false, or yes and no.

    Raises
    ------
    UsageError
        If it holds anything else.
    """
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return _finite(column.cast(pl.Float64), column.name)
    yes, no = (
        {"yes", "1", "true", "chosen", "accept", "selected"},
        {"no", "0", "false", "not chosen", "reject", "not selected"},
    )
    said = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    unknown = set(said.unique()) - yes - no
    if unknown:
        numbers = said.cast(pl.Float64, strict=False)
        if numbers.null_count():
            shown = sorted(unknown)[0]
            raise UsageError(f"outcome `{column.name}` holds `{shown}`; write numbers, or yes and no")
        return _finite(numbers, column.name)
    return said.is_in(list(yes)).cast(pl.Float64).to_numpy()


def _finite(numbers: pl.Series, name: str) -> Float[np.ndarray, " row"]:
    if not numbers.is_finite().all():
        raise UsageError(f"outcome `{name}` holds a number without end, or none at all; write numbers, or yes and no")
    return numbers.to_numpy()


def _check_columns(table: pl.DataFrame, wanted: Sequence[str]) -> None:
    for c in wanted:
        if c not in table.columns:
            raise UsageError(f"no column `{c}`{suggest(c, table.columns)}")
    if not table.height:
        raise UsageError("the table has no rows")


def _without_gaps(table: pl.DataFrame, drop: bool, together: Sequence[str]) -> pl.DataFrame:
    """The table without empty cells, or a sentence that names the columns that have some."""
    gaps = {c: n for c, n in table.null_count().row(0, named=True).items() if n}
    if not gaps:
        return table
    if drop:
        kept, _ = drop_gaps(table, table.columns, together)
        if not kept.height:
            raise UsageError(f"every {'task' if together else 'row'} has an empty cell")
        return kept
    listed = ", ".join(f"`{c}` ({n})" for c, n in gaps.items())
    raise UsageError(f"empty cells in {listed}; fill them, or leave those rows out with --drop-missing")


def _weights(column: pl.Series) -> Float[np.ndarray, " row"]:
    if not column.dtype.is_numeric():
        raise UsageError(f"weight `{column.name}` holds text; write numbers")
    weight = column.cast(pl.Float64).to_numpy()
    wrong = np.flatnonzero(~(weight > 0) | ~np.isfinite(weight))
    if len(wrong):
        raise UsageError(
            f"weight `{column.name}` is {weight[wrong[0]]:g} in row {wrong[0] + 1} ({len(wrong)} such rows); "
            "weights must be above zero: drop people who do not count"
        )
    return weight


def _numbered(column: pl.Series) -> Int[np.ndarray, " row"]:
    if column.dtype == pl.String and column.str.contains(r"^[0-9]{1,9}$").all():
        column = column.cast(pl.Int64)  # task 10 comes after task 9
    return column.rank("dense").cast(pl.Int64).to_numpy() - 1
