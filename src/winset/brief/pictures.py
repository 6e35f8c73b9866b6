"""The pictures of a brief, each also on its own: for papers and slides."""

from __future__ import annotations

import polars as pl

from winset import figures
from winset.brief.pages import picture_of
from winset.brief.summary import Summary
from winset.room import Room
from winset.runs import Run
from winset.study import Study

KINDS = ("summary", "proposals", "importance", "shape", "map", "ladder", "predictive")
"""Kinds that do not go by side."""


def draw_pictures(run: Run, pages: Summary) -> dict[str, figures.Chart]:
    """Every picture that the run has something for, by its kind; ``time-SIDE`` for each side's most asked offer."""
    study, found = run.study, {f.id: f for f in run.findings()}
    predictive = _named(study, found["predictive"].table)
    charts = {
        "importance": figures.draw_importance(_named(study, found["importance"].table)),
        "shape": figures.draw_shape(_named(study, found["shape"].table)),
    }
    if (picture := picture_of(pages)) is not None:
        charts["summary"] = picture
    if found["proposals"].table.height:
        charts["proposals"] = figures.draw_proposals(_named(study, found["proposals"].table))
    if len(run.study.sides) > 1:
        charts["map"] = draw_room(run.room)
    if run.repair and run.repair.ladder.height > 1:
        labels = {k: s.label for k, s in run.study.sides.items()}
        charts["ladder"] = figures.draw_ladder(run.repair.ladder, run.repair.asked, labels)
    if predictive.height:
        charts["predictive"] = figures.draw_predictive(predictive)
        charts |= _time_charts(run, found["predictive"].table)
    return charts


def _named(study: Study, table: pl.DataFrame) -> pl.DataFrame:
    """A table with labels in place of the ids of sides, constituencies, instruments and questions."""
    columns = set(table.columns)
    if {"side", "constituency"} <= columns:
        pairs = zip(table["side"], table["constituency"], strict=True)
        table = table.with_columns(constituency=pl.Series([study.label(s, c) for s, c in pairs], dtype=pl.String))
    known = {
        "side": {i: s.label for i, s in study.sides.items()},
        "instrument": {i: x.label for i, x in study.instruments.items()},
        "question": {i: q.wording for i, q in study.questions.items()},
    }
    return table.with_columns(pl.col(c).replace(names) for c, names in known.items() if c in columns)


def draw_room(room: Room) -> figures.Chart:
    """Map of the first two sides' chances over every package searched."""
    study = room.acceptance.study
    one, other = list(study.sides)[:2]
    table = room.proposal_table()
    wide = pl.DataFrame(schema={"label": pl.String, f"p_{one}": pl.Float64, f"p_{other}": pl.Float64})
    if table.height:
        now = table.filter(~pl.col("later")).unique(["label", "side"], maintain_order=True)
        wide = now.pivot(on="side", index="label", values="p_side").rename({s: f"p_{s}" for s in (one, other)})
    labels = study.sides[one].label, study.sides[other].label
    return figures.draw_map(room.density(one, other), room.frontier(), wide, (one, other), labels)


def list_kinds(run: Run) -> list[str]:
    """Kinds of pictures that a run may have."""
    return [*KINDS, *(f"time-{side}" for side in run.study.sides)]


def _time_charts(run: Run, predictive: pl.DataFrame) -> dict[str, figures.Chart]:
    """For each side, its most often asked offer over time."""
    charts = {}
    for side in run.study.sides:
        own = predictive.filter((pl.col("side") == side) & pl.col("against").is_null())
        offers = [
            (q, n) for q, n in own["question"].value_counts(sort=True).iter_rows() if run.study.questions[q].offer
        ]
        if not offers:
            continue
        offer = run.study.questions[offers[0][0]].offer
        same = [q for q, x in run.study.questions.items() if x.offer == offer and side in x.sides]
        asked = own.filter(pl.col("question").is_in(same))
        groups = asked["constituency"].unique().to_list()
        series = run.acceptance.over_time(offer).filter((pl.col("side") == side) & pl.col("constituency").is_in(groups))
        title = f"{run.study.sides[side].label}: {run.study.beside_record(offer)}"
        charts[f"time-{side}"] = figures.draw_time(_named(run.study, series), _named(run.study, asked), title)
    return charts
