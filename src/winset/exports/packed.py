"""Cells that hold a whole task, as the conjoint field of SurveyCTO writes them: ``1,3,6|2,3,5|3,6,1|2``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from winset.errors import UsageError
from winset.exports.patterns import find, in_order
from winset.exports.stacking import Stacked, check_names, fixed_columns, text_of
from winset.study import Wide
from winset.study.wide import holes


def unpack(table: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str]) -> tuple[Stacked, list[str]]:
    """One row a profile, and how many cells could not be split.

    Raises
    ------
    UsageError
        If no column fits, or no cell can be split.

    Notes
    -----
    Pieces are divided by ``|``: an attribute and its level in every profile, by commas; last the answer.
    """
    assert wide.packed is not None
    by_task = "task" in holes(wide.packed)
    found = {p["task"]: c for c, p in find(wide.packed, table.columns).items()} if by_task else {None: wide.packed}
    if not found or any(c not in table.columns for c in found.values()):
        raise UsageError(f"no column fits `{wide.packed}`; columns are {', '.join(table.columns[:8])} ...")
    rows, odd, parts = 0, 0, []
    for task, c in found.items():
        fixed = fixed_columns(table, wide, respondent, keep, task)
        cells = table.select(*fixed, text_of(pl.col(c)).alias("winset:cell")).drop_nulls("winset:cell")
        rows += cells.height
        opened = pl.DataFrame(list(_opened(cells["winset:cell"].unique().to_list())), infer_schema_length=None)
        if opened.height:
            check_names(set(opened.columns) - {"winset:cell", "profile", "outcome"}, respondent, keep)
            odd += cells.height - cells.join(opened, on="winset:cell", how="semi").height
            parts.append(cells.join(opened, on="winset:cell", how="inner", maintain_order="left").drop("winset:cell"))
    if not parts:
        raise UsageError(
            f"no cell of `{wide.packed}` reads like 1,3,6|2,3,5|2 (attribute, its levels, ..., the answer)"
        )
    long = pl.concat(parts, how="diagonal")
    fixed_names = {respondent, "task", "profile", "outcome", *keep}
    attributes = tuple(c for c in long.columns if c not in fixed_names)
    profiles = tuple(in_order(long["profile"].unique().to_list()))
    told = [f"{odd} of {rows} cells do not read like 1,3,6|2,3,5|2 and are left out"] if odd else []
    tasks = tuple(in_order(long["task"].drop_nulls().unique().to_list()))
    return Stacked(long.rename({respondent: "respondent"}), attributes, tasks, profiles), told


def _opened(cells: Sequence[str]) -> Iterator[dict[str, str]]:
    for cell in cells:
        *pieces, answer = cell.split("|")
        split = [[x.strip() for x in p.split(",")] for p in pieces]
        if not split or len({len(p) for p in split}) != 1 or len(split[0]) < 2:
            continue
        for n in range(1, len(split[0])):
            levels = {p[0]: p[n] for p in split if p[n]}
            yield {"winset:cell": cell, "profile": str(n), "outcome": answer.strip(), **levels}
