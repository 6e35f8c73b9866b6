"""The map of the room: every package by what two leaders could carry, the frontier, and the proposals on record."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, NAMES, Chart, finish
from winset.language import join, number, tr, trn

SIZE = 380
SHORT = 60
"""Letters of a proposal's label in the list; the whole stands under the pointer."""
LIST = 330
"""Width of the list of proposals."""
NEAR = 0.04
"""Share of the map within which proposals have one label: a number is about that wide."""


def draw_map(
    density: pl.DataFrame,
    frontier: pl.DataFrame,
    proposals: pl.DataFrame,
    sides: tuple[str, str],
    labels: tuple[str, str],
) -> Chart:
    """Draw the map.

    Parameters
    ----------
    density
        Squares with ``packages``; as ``Room.density`` returns them.
    frontier
        Pareto set, as ``Room.frontier`` returns it.
    proposals
        Columns label and p_<side>, one row a proposal.
    """
    x, y = (f"p_{s}" for s in sides)
    share = alt.Scale(domain=[0, 1])
    across = alt.X(
        x,
        type="quantitative",
        title=tr("{side}: leader could carry it", side=labels[0]),
        axis=alt.Axis(format="%"),
        scale=share,
    )
    up = alt.Y(
        y,
        type="quantitative",
        title=tr("{side}: leader could carry it", side=labels[1]),
        axis=alt.Axis(format="%"),
        scale=share,
    )
    squares = (
        alt.Chart(alt.Data(values=density.to_dicts()))
        .mark_square(size=70)
        .encode(
            x=across, y=up, tooltip=[alt.Tooltip("packages:Q", format=",", title=tr("packages"))],
            color=alt.Color("packages:Q", title=tr("packages"), scale=alt.Scale(scheme="greys", type="log", domainMin=1)),
        )
    )  # fmt: skip
    points = frontier.select(x, y, "package").to_dicts()
    line = alt.Chart(alt.Data(values=points)).mark_line(color=COLOURS[1], strokeWidth=2, point=True)
    named, placed = _numbered(proposals, x, y)
    diamonds = alt.Chart(alt.Data(values=named.to_dicts())).encode(
        x=across, y=up, tooltip=[alt.Tooltip("label:N", title=NAMES["label"])]
    )
    numbers = alt.Chart(alt.Data(values=placed.to_dicts())).encode(x=across, y=up, text="numbers:N")
    layers = [
        squares,
        line.encode(x=across, y=up, order=f"{x}:Q", tooltip=[alt.Tooltip("package:N", title=tr("package"))]),
        diamonds.mark_point(shape="diamond", filled=True, size=90, color=COLOURS[0]),
        numbers.mark_text(align="left", dx=7, dy=-7, fontSize=12, fontWeight="bold", color=COLOURS[0]),
    ]
    listed = (
        alt.Chart(
            alt.Data(values=named.to_dicts()),
            title=alt.TitleParams(tr("Proposals on record"), fontSize=11, anchor="start"),
        )
        .mark_text(align="left", fontSize=11, color=COLOURS[0])
        .encode(y=alt.Y("number:O", axis=None), text="listed:N", x=alt.value(0))
        .properties(width=LIST, height=alt.Step(16))
    )
    said = tr(
        "Every package searched, by the chance that the leaders of {one} and {other} could carry it: darker squares hold more "
        "packages, the line is the frontier, diamonds are proposals on record",
        one=labels[0],
        other=labels[1],
    )
    drawn = alt.layer(*layers).properties(width=SIZE, height=SIZE)
    return finish(alt.hconcat(drawn, listed) if named.height else drawn, said, frontier)


def _numbered(proposals: pl.DataFrame, x: str, y: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Proposals with a number and a line of the list; and places, those too near to tell apart with all their numbers."""
    named = proposals.with_columns(number=pl.int_range(1, pl.len() + 1)).with_columns(
        listed=pl.format("{}  {}", "number", pl.col("label").str.head(SHORT))
    )
    near = [(pl.col(c) / NEAR).floor().alias(f"near_{c}") for c in (x, y)]
    every = pl.col("number").cast(pl.String)
    placed = named.group_by(near, maintain_order=True).agg(pl.col(x).max(), pl.col(y).max(), numbers=every)
    return named, placed.with_columns(pl.col("numbers").list.join(", ")).select(x, y, "numbers")


def draw_ladder(ladder: pl.DataFrame, asked: float, labels: Mapping[str, str]) -> Chart:
    """Chance of each leader, and of all at once, after none, one, two ... option changes.

    Parameters
    ----------
    ladder
        As ``Repair.ladder``: changes, what, p_<side>, p_all.
    labels
        Name of each side for people.
    """
    together = tr("all at once")
    names = {f"p_{s}": label for s, label in labels.items()} | {"p_all": together}
    steps = [
        join([trn("{n} changed", "{n} changed", n), *what.split("; ")], "|")
        for n, what in ladder.select("changes", "what").iter_rows()
    ]
    rows = ladder.with_columns(rung=pl.Series([str(x) for x in steps], dtype=pl.String))
    long = rows.unpivot(on=list(names), index=["changes", "rung"], variable_name="who", value_name="chance")
    long = long.with_columns(who=pl.col("who").replace(names))
    wide = alt.Axis(title=None, labelExpr="split(datum.label, '|')", labelLimit=420, labelLineHeight=14)
    rung = alt.Y("rung:N", sort=rows["rung"].to_list(), axis=wide)
    chance = alt.X(
        "chance:Q", title=tr("leader could carry it"), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
    )
    order, shades = list(names.values()), alt.Scale(range=[*COLOURS[: len(labels)], "black"])
    who = {
        "color": alt.Color("who:N", title=None, sort=order, scale=shades),
        "shape": alt.Shape("who:N", sort=order, legend=None),
    }
    tips = [alt.Tooltip("who:N", title=NAMES["group"]), alt.Tooltip("chance:Q", format=".0%", title=tr("chance"))]
    base = alt.Chart(alt.Data(values=long.to_dicts())).encode(x=chance, y=rung)
    line = alt.Chart(alt.Data(values=[{"chance": asked}])).mark_rule(strokeDash=[4, 4], color="grey").encode(x=chance)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(**who, tooltip=tips)
    span = base.mark_rule(color="lightgrey", strokeWidth=2).encode(x="min(chance):Q", x2="max(chance):Q")
    high = 30 + 16 * max(r.count("|") for r in rows["rung"])
    said = tr(
        "Chance of each leader and of all at once by number of options changed; {asked} % was asked",
        asked=number(100 * asked),
    )
    drawn = alt.layer(line, span, points).properties(width=SIZE, height=alt.Step(high))
    return finish(drawn, said, ladder, {str(x): x for x in (together, *steps)})
