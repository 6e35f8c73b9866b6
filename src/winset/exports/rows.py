"""Rows of a file before they are read: those of one sub-study, blanks that repeat the cell above, tasks with gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from winset.errors import UsageError, suggest


def keep_where(table: pl.DataFrame, where: Mapping[str, str]) -> tuple[pl.DataFrame, list[str]]:
    """Rows that hold these values, and how many there are.

    Raises
    ------
    UsageError
        If a column does not exist, or no row holds a value.
    """
    if not where:
        return table, []
    rows = table.height
    for c, value in where.items():
        if c not in table.columns:
            raise UsageError(f"no column `{c}`{suggest(c, table.columns)}")
        text = pl.col(c).cast(pl.String).str.strip_chars().str.strip_suffix(".0")
        found = table.filter(text == value)
        if not found.height:
            known = table.select(text.unique()).to_series().drop_nulls().sort().to_list()
            raise UsageError(f"no row has `{value}` in `{c}`{suggest(value, known)}")
        table = found
    said = " and ".join(f"`{c}` is `{v}`" for c, v in where.items())
    return table, [f"{table.height:,} of {rows:,} rows are read, in which {said}"]


def fill_down(table: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Empty cells filled with the cell above, and how many there were.

    Raises
    ------
    UsageError
        If a column does not exist, or its first cell is empty.
    """
    told = []
    for c in columns:
        if c not in table.columns:
            raise UsageError(f"no column `{c}`{suggest(c, table.columns)}")
        blanks = table[c].null_count()
        if blanks and table[c][0] is None:
            raise UsageError(f"the first cell of `{c}` is empty; there is nothing above to carry forward")
        if blanks:
            told.append(f"{blanks:,} empty cells of `{c}` repeat the cell above")
    return table.with_columns(pl.col(list(columns)).forward_fill()) if columns else table, told


def drop_gaps(table: pl.DataFrame, checked: Sequence[str], together: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Rows without empty cells; where rows were judged together, a gap in one takes all of them out.

    Parameters
    ----------
    together
        Columns that tell which rows were judged together; empty where each was judged alone.

    Examples
    --------
    >>> drop_gaps(pl.DataFrame({"task": [1, 1, 2], "land": ["a", None, "b"]}), ["land"], ["task"])[0].height
    1
    """
    gap = pl.any_horizontal(pl.col(list(checked)).is_null())
    rows = table.filter(gap).height
    if not rows:
        return table, []
    if not together:
        return table.filter(~gap), [f"{rows:,} of {table.height:,} rows have an empty cell and are left out"]
    whole = table.filter(~gap.any().over(list(together)))
    tasks, kept = (t.select(together).unique().height for t in (table, whole))
    return whole, [
        f"{tasks - kept:,} of {tasks:,} tasks have an empty cell and are left out whole ({table.height - whole.height:,} rows)"
    ]


def name_profiles(
    table: pl.DataFrame, respondent: str, task: str, profile: str, outcome: str
) -> tuple[pl.DataFrame, list[str]]:
    """1 and 0 of an outcome that repeats the number of the chosen profile in every row of a task.

    Raises
    ------
    UsageError
        If it differs within a task.
    """
    texts = {c: pl.col(c).cast(pl.String).str.strip_chars().str.strip_suffix(".0") for c in (outcome, profile)}
    within = table.group_by(respondent, task).agg(texts[outcome].n_unique().alias("n"))
    mixed = within.filter(pl.col("n") > 1).height
    if mixed:
        raise UsageError(
            f"`{outcome}` differs within {mixed:,} tasks; it cannot repeat the number of the chosen profile"
        )
    named = table.with_columns((texts[outcome] == texts[profile]).cast(pl.Int8).alias(outcome))
    none = named.group_by(respondent, task).agg(pl.col(outcome).sum().alias("n")).filter(pl.col("n") == 0).height
    if none == within.height:
        raise UsageError(f"`{outcome}` never holds a number of `{profile}`")
    told = [f"in {none:,} of {within.height:,} tasks none of the profiles was chosen"] if none else []
    return named, told
