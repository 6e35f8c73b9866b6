"""What an answer hangs on, what turns it and what to ask next as pictures: one row a thing, dot and interval."""

from __future__ import annotations

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, Chart, finish
from winset.language import tr

ROW = 22
"""Height of a row, so that two lines of a long name fit."""

WIDEST_NAME = 420
"""Pixels of a name; longer ones are cut, and stand whole under the pointer."""

TURNS = {"word": tr("the word"), "leader": tr("who leads"), "blocker": tr("who blocks")}
"""What a tipping point turns, in words."""


def draw_shares(table: pl.DataFrame, name: str, share: str, title: str) -> Chart:
    """Shares of doubt with their 90 % intervals, largest on top.

    Parameters
    ----------
    table
        With columns ``name``, ``share``, low and high; ``of_whom`` is added to the name where it is there.
    """
    said = pl.col(name) if "of_whom" not in table.columns else pl.concat_str([name, "of_whom"], separator=" — ")
    data = table.select(thing=said, share=share, low="low", high="high")
    base = alt.Chart(alt.Data(values=data.to_dicts())).encode(
        y=alt.Y("thing:N", title=None, sort=None, axis=alt.Axis(labelLimit=WIDEST_NAME)),
        tooltip=["thing:N", *(alt.Tooltip(f"{c}:Q", format=".0%") for c in ("share", "low", "high"))],
    )
    axis = alt.Axis(title=tr("part of the doubt that would go"), format="%")
    chart = alt.layer(
        base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
        base.mark_point(filled=True, size=45, color=COLOURS[0]).encode(x=alt.X("share:Q", axis=axis)),
    ).properties(title=alt.Title(title, anchor="start", fontSize=12), width=320, height=alt.Step(ROW))
    return finish(chart, tr("{title} Dots with 90 % intervals, part of the doubt that would go.", title=title), data)


def draw_tipping(table: pl.DataFrame, title: str) -> Chart:
    """How far each assumption is from turning the headline, in its own standard deviations; nearest on top."""
    data = table.select(
        "assumption",
        "steps",
        turns=pl.col("turns").replace(TURNS),
        after=pl.when(pl.col("turns") == "word").then("after").otherwise(pl.lit("")),
    )
    names = list(TURNS.values())
    chart = (
        alt.Chart(alt.Data(values=data.to_dicts()))
        .mark_point(filled=True, size=70)
        .encode(
            y=alt.Y("assumption:N", title=None, sort=None, axis=alt.Axis(labelLimit=WIDEST_NAME)),
            x=alt.X("steps:Q", title=tr("standard deviations of the assumption"), scale=alt.Scale(domainMin=0)),
            color=alt.Color("turns:N", title=tr("turns"), scale=alt.Scale(domain=names, range=COLOURS)),
            shape=alt.Shape("turns:N", title=tr("turns"), scale=alt.Scale(domain=names)),
            tooltip=["assumption:N", "turns:N", "after:N", alt.Tooltip("steps:Q", format=".2f")],
        )
        .properties(title=alt.Title(title, anchor="start", fontSize=12), width=320, height=alt.Step(ROW))
    )
    return finish(chart, f"{title} A row an assumption: how many standard deviations it is from turning it.", data)
