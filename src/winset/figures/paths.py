"""What many runs of the talks come to, week by week."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, Chart, finish

WIDTH, HEIGHT = 420, 200
STATE_COLOURS = ["#bdbdbd", "#737373", "#9ecae1", "#0072b2", "#d55e00", "#8c510a"]


def draw_outcomes(outcomes: Mapping[str, pl.DataFrame], runs: int) -> Chart:
    """Competing outcomes over time, one panel a scenario.

    Parameters
    ----------
    outcomes
        By scenario's label: columns week, state and share, as ``Paths.outcomes`` returns them.
    """
    table = _stack(outcomes)
    order = table["state"].unique(maintain_order=True).to_list()
    present = [s for s in order if table.filter(pl.col("state") == s)["share"].max() or 0.0]
    shown = table.filter(pl.col("state").is_in(present)).with_columns(
        rank=pl.col("state").replace_strict({s: n for n, s in enumerate(order)}, return_dtype=pl.Int64)
    )
    colours = alt.Scale(domain=present, range=[STATE_COLOURS[order.index(s)] for s in present])
    chart = (
        alt.Chart(alt.Data(values=shown.to_dicts()))
        .mark_area()
        .encode(
            x=alt.X("week:Q", title="weeks from the as-of date"),
            y=alt.Y(
                "share:Q",
                stack="zero",
                title="share of runs",
                axis=alt.Axis(format="%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color("state:N", title=None, scale=colours),
            order=alt.Order("rank:Q", sort="descending"),
            tooltip=["week:Q", "state:N", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(width=WIDTH, height=HEIGHT)
        .facet(facet=alt.Facet("scenario:N", title=None, sort=list(outcomes)), columns=1)
    )
    said = f"Share of {runs:,} runs in each state of war and talks by week, one panel a scenario"
    return finish(chart, said, shown.drop("rank"))


def draw_room_over_time(rooms: Mapping[str, pl.DataFrame], runs: int) -> Chart:
    """Share of runs in which both leaders could carry some package on the table, by week and scenario."""
    table = _stack(rooms)
    chart = (
        alt.Chart(alt.Data(values=table.to_dicts()))
        .mark_line()
        .encode(
            x=alt.X("week:Q", title="weeks from the as-of date"),
            y=alt.Y(
                "some:Q", title="some package both could carry", axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0)
            ),
            color=alt.Color(
                "scenario:N",
                sort=list(rooms),
                scale=alt.Scale(range=COLOURS),
                legend=alt.Legend(title=None, labelLimit=320),
            ),
            strokeDash=alt.StrokeDash("scenario:N", sort=list(rooms), legend=None),
            tooltip=["scenario:N", "week:Q", alt.Tooltip("some:Q", format=".1%")],
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return finish(chart, f"Share of {runs:,} runs in which both leaders could carry some package on the table", table)


def _stack(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Tables of several scenarios as one, with a column for the scenario."""
    return pl.concat([t.with_columns(scenario=pl.lit(name)) for name, t in tables.items()])
