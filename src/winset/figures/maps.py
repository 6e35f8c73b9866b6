"""The map of the room: every package by what two leaders could carry, the frontier, and the proposals on record."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, Chart, finish

SIZE = 380
SHORT = 40
"""Letters of a proposal's label on the map; the whole stands under the pointer."""

STEP, RIGHT = 0.04, 0.6
"""Distance of labels that would overlap, and where on the map labels stand left of their points."""


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
        x, type="quantitative", title=f"{labels[0]}: leader could carry it", axis=alt.Axis(format="%"), scale=share
    )
    up = alt.Y(
        y, type="quantitative", title=f"{labels[1]}: leader could carry it", axis=alt.Axis(format="%"), scale=share
    )
    squares = (
        alt.Chart(alt.Data(values=density.to_dicts()))
        .mark_square(size=70)
        .encode(
            x=across, y=up, tooltip=[alt.Tooltip("packages:Q", format=",")],
            color=alt.Color("packages:Q", title="packages", scale=alt.Scale(scheme="greys", type="log", domainMin=1)),
        )
    )  # fmt: skip
    points = frontier.select(x, y, "package").to_dicts()
    line = alt.Chart(alt.Data(values=points)).mark_line(color=COLOURS[1], strokeWidth=2, point=True)
    named = _named(proposals, x, y)
    texts = alt.Chart(alt.Data(values=named.to_dicts())).encode(x=across, tooltip=["label:N"])
    written = texts.encode(y=alt.Y("height:Q", scale=share), text="short:N")
    words = {"dy": -6, "fontSize": 11, "color": COLOURS[0]}
    layers = [
        squares,
        line.encode(x=across, y=up, order=f"{x}:Q", tooltip=["package:N"]),
        texts.mark_point(shape="diamond", filled=True, size=90, color=COLOURS[0]).encode(y=up),
        written.transform_filter(f"datum['{x}'] <= {RIGHT}").mark_text(align="left", dx=8, **words),
        written.transform_filter(f"datum['{x}'] > {RIGHT}").mark_text(align="right", dx=-8, **words),
    ]
    said = (
        f"Every package searched, by the chance that the leaders of {labels[0]} and {labels[1]} could carry it: darker squares "
        "hold more packages, the line is the frontier, diamonds are proposals on record"
    )
    return finish(alt.layer(*layers).properties(width=SIZE, height=SIZE), said, frontier)


def _named(proposals: pl.DataFrame, x: str, y: str) -> pl.DataFrame:
    """Proposals with a short label, labels of near neighbours one above the other."""
    near = pl.struct(pl.col(x) > RIGHT / 2, (pl.col(y) * 12).round(0))
    above = pl.int_range(pl.len()).over(near)
    return proposals.sort(y, x).with_columns(
        short=pl.col("label").str.head(SHORT), height=pl.min_horizontal(pl.col(y) + STEP * above, 1.0)
    )


def draw_ladder(ladder: pl.DataFrame, asked: float, labels: Mapping[str, str]) -> Chart:
    """Chance of each leader, and of all at once, after none, one, two ... option changes.

    Parameters
    ----------
    ladder
        As ``Repair.ladder``: changes, what, p_<side>, p_all.
    labels
        Name of each side for people.
    """
    names = {f"p_{s}": label for s, label in labels.items()} | {"p_all": "all at once"}
    rows = ladder.with_columns(rung=pl.format("{} changed|{}", "changes", pl.col("what").str.replace_all("; ", "|")))
    long = rows.unpivot(on=list(names), index=["changes", "rung"], variable_name="who", value_name="chance")
    long = long.with_columns(who=pl.col("who").replace(names))
    wide = alt.Axis(title=None, labelExpr="split(datum.label, '|')", labelLimit=420, labelLineHeight=14)
    rung = alt.Y("rung:N", sort=rows["rung"].to_list(), axis=wide)
    chance = alt.X("chance:Q", title="leader could carry it", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    order, shades = list(names.values()), alt.Scale(range=[*COLOURS[: len(labels)], "black"])
    who = {
        "color": alt.Color("who:N", title=None, sort=order, scale=shades),
        "shape": alt.Shape("who:N", sort=order, legend=None),
    }
    tips = [alt.Tooltip("who:N"), alt.Tooltip("chance:Q", format=".0%")]
    base = alt.Chart(alt.Data(values=long.to_dicts())).encode(x=chance, y=rung)
    line = alt.Chart(alt.Data(values=[{"chance": asked}])).mark_rule(strokeDash=[4, 4], color="grey").encode(x=chance)
    points = base.mark_point(filled=True, size=90, opacity=1).encode(**who, tooltip=tips)
    span = base.mark_rule(color="lightgrey", strokeWidth=2).encode(x="min(chance):Q", x2="max(chance):Q")
    high = 30 + 16 * max(r.count("|") for r in rows["rung"])
    said = f"Chance of each leader and of all at once by number of options changed; {asked:.0%} was asked"
    return finish(alt.layer(line, span, points).properties(width=SIZE, height=alt.Step(high)), said, ladder)
