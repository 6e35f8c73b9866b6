"""Answers and design in two files, as Sawtooth writes them: what each version showed is looked up."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from winset.errors import UsageError, suggest
from winset.exports.patterns import in_order
from winset.exports.stacking import Stacked, answer_columns, check_names, fixed_columns, text_of
from winset.study import Wide

FIXED_VERSION = "0"
"""Version under which Sawtooth lists tasks that all people saw."""


def look_up(
    table: pl.DataFrame, shown: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str]
) -> tuple[Stacked, list[str]]:
    """One row a profile, and what of either file was left out.

    Parameters
    ----------
    shown
        The design: one row a profile, columns of version, task and profile, and one for each attribute.

    Raises
    ------
    UsageError
        If a column is missing, or no respondent saw a version that the design holds.
    """
    design = wide.design
    assert design is not None
    for c, of in ((design.versions, shown), (design.task, shown), (design.profile, shown), (design.version, table)):
        if c not in of.columns:
            where = design.file if of is shown else "the file of answers"
            raise UsageError(f"{where}: no column `{c}`{suggest(c, of.columns)}")
    attributes = [c for c in shown.columns if c not in {design.versions, design.task, design.profile}]
    check_names(attributes, respondent, keep)
    names = {design.versions: "winset:version", design.task: "task", design.profile: "profile"}
    shown = shown.select(text_of(pl.col(c)).str.strip_suffix(".0").alias(names.get(c, c)) for c in shown.columns)
    told = []
    empty = pl.all_horizontal(pl.col(attributes).is_null() | (pl.col(attributes) == "0"))
    if shown.select(empty.any()).item():
        none = in_order(shown.filter(empty)["profile"].unique().to_list())
        told.append(f"profile {', '.join(none)} of {design.file} shows nothing and is read as none of them")
        shown = shown.filter(~empty)
    if (shown["winset:version"] == FIXED_VERSION).any():
        told.append(f"tasks that all people saw (version {FIXED_VERSION} of {design.file}) are left out")
        shown = shown.filter(pl.col("winset:version") != FIXED_VERSION)
    tasks, profiles = (in_order(shown[c].drop_nulls().unique().to_list()) for c in ("task", "profile"))
    answers = answer_columns(table, wide, tasks, profiles[:1])
    version = text_of(pl.col(design.version)).str.strip_suffix(".0").alias("winset:version")
    parts = [
        table.select(
            *fixed_columns(table, wide, respondent, keep, t),
            version,
            text_of(pl.col(answers[t, profiles[0]])).alias("outcome"),
        )
        for t in tasks
    ]
    asked = pl.concat(parts)
    long = asked.join(shown, on=["winset:version", "task"], how="inner", maintain_order="left_right")
    lost = asked.join(shown, on=["winset:version", "task"], how="anti")
    if not long.height:
        raise UsageError(f"no version in `{design.version}` is a version of {design.file}")
    if lost.height:
        told.append(f"{lost.height} tasks are of versions that {design.file} does not hold and are left out")
    return Stacked(
        long.drop("winset:version").rename({respondent: "respondent"}), tuple(attributes), tuple(tasks), tuple(profiles)
    ), told
