"""The pictures of a brief, each also on its own: for papers and slides."""

from __future__ import annotations

import functools
from collections.abc import Callable

import polars as pl

from winset import figures
from winset.brief.pages import picture_of
from winset.brief.summary import Summary, summarise
from winset.errors import UsageError, suggest
from winset.language import ENGLISH, find_language, join
from winset.room import Room
from winset.runs import Run
from winset.study import Study

KINDS = ("summary", "acceptance", "importance", "profile", "map", "ladder", "predictive")
"""Kinds that do not go by side."""
ELSEWHERE = {"scenarios": "simulate RUN --plot-scenarios FILE", "talks": "simulate RUN --plot FILE"}
"""Pictures of what another command works out."""


def draw_pictures(run: Run, pages: Summary) -> dict[str, figures.Chart]:
    """Every picture that the run has something for, by its kind; ``trend-SIDE`` for each side's most asked offer."""
    drawn = {kind: make() for kind, make in _makers(run, pages).items()}
    return {kind: chart for kind, chart in drawn.items() if chart is not None}


def _makers(run: Run, pages: Summary) -> dict[str, Callable[[], figures.Chart | None]]:
    """What draws each kind of picture that the run has something for."""
    study, found = run.study, {f.id: f for f in run.findings()}
    named = {name: _named(study, found[name].table) for name in ("predictive", "importance", "shape", "proposals")}
    makers: dict[str, Callable[[], figures.Chart | None]] = {
        "importance": lambda: figures.draw_importance(named["importance"]),
        "profile": lambda: figures.draw_shape(named["shape"]),
        "summary": lambda: picture_of(pages),
    }
    if named["proposals"].height:
        makers["acceptance"] = lambda: figures.draw_proposals(named["proposals"])
    if len(study.sides) > 1:
        makers["map"] = lambda: draw_room(run.room)
    if run.repair and run.repair.ladder.height > 1:
        labels, mended = {k: s.label for k, s in study.sides.items()}, run.repair
        makers["ladder"] = lambda: figures.draw_ladder(mended.ladder, mended.asked, labels)
    if named["predictive"].height:
        makers["predictive"] = lambda: figures.draw_predictive(named["predictive"])
        for side in study.sides:
            makers[f"trend-{side}"] = functools.partial(_draw_trend, run, found["predictive"].table, side)
    return makers


def draw_picture(run: Run, kind: str, *, language: str = "en", style: str = "colour") -> figures.Chart:
    """One picture of a run, dressed for where it will stand.

    Parameters
    ----------
    kind
        One of ``list_kinds``.
    language
        Code of a language, or the path of a catalogue.
    style
        ``colour``, ``grey``, ``serif`` or ``grey-serif``.

    Raises
    ------
    UsageError
        If there is no such kind, language or style, or the run has nothing to draw for it.
    """
    told = find_language(language)
    if style not in figures.STYLES:
        raise UsageError(f"no style is called `{style}`{suggest(style, figures.STYLES)}; {', '.join(figures.STYLES)}")
    if kind in ELSEWHERE:
        raise UsageError(f"the picture `{kind}` is drawn by `winset {ELSEWHERE[kind]}`")
    if kind not in list_kinds(run):
        raise UsageError(f"no picture is called `{kind}`{suggest(kind, list_kinds(run))}")
    makers = _makers(run, summarise(run).told(told))
    chart = makers[kind]() if kind in makers else None
    if chart is None:
        raise UsageError(
            f"this run has nothing to draw for `{kind}`; it has {', '.join(k for k in makers if k != kind)}"
        )
    return figures.dress(chart, ENGLISH if kind == "summary" else told, style)  # the summary is told already


def plot(run: Run, kind: str = "summary", *, language: str = "en", style: str = "colour") -> figures.AltairChart:
    """One picture of a run as an Altair chart, to look at and to go on with in a notebook; see ``draw_picture``."""
    return draw_picture(run, kind, language=language, style=style).as_altair()


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
    return [*KINDS, *(f"trend-{side}" for side in run.study.sides)]


def _draw_trend(run: Run, predictive: pl.DataFrame, side: str) -> figures.Chart | None:
    """The most often asked offer of a side over time; None where nothing was asked alone."""
    own = predictive.filter((pl.col("side") == side) & pl.col("against").is_null())
    offers = [(q, n) for q, n in own["question"].value_counts(sort=True).iter_rows() if run.study.questions[q].offer]
    if not offers:
        return None
    offer = run.study.questions[offers[0][0]].offer
    same = [q for q, x in run.study.questions.items() if x.offer == offer and side in x.sides]
    asked = own.filter(pl.col("question").is_in(same))
    groups = asked["constituency"].unique().to_list()
    series = run.acceptance.over_time(offer).filter((pl.col("side") == side) & pl.col("constituency").is_in(groups))
    title = join([run.study.sides[side].label, run.study.beside_record(offer)], ": ")
    return figures.draw_time(_named(run.study, series), _named(run.study, asked), title)
