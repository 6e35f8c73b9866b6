"""What many runs of the talks come to, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, Chart, finish

WIDTH, HEIGHT = 420, 200
DASHES = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3]]
"""Five, so that they and seven colours repeat together after 35 names only."""
STATE_COLOURS = ["#bdbdbd", "#737373", "#9ecae1", "#0072b2", "#d55e00", "#8c510a", "#f0e442"]


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


def draw_room_over_time(rooms: Mapping[str, pl.DataFrame], who: Mapping[str, str], packages: int, runs: int) -> Chart:
    """Win-sets over time, one panel a leader and one for both: packages on the table that could be carried.

    Parameters
    ----------
    rooms
        By scenario's label: as ``Paths.room_over_time`` returns them.
    who
        Columns to draw, and their names.
    """
    parts = [
        table.select("week", who=pl.lit(label), mean=pl.col(column), low=pl.col(f"{column}_low"), high=pl.col(f"{column}_high"),
                     scenario=pl.lit(name))
        for name, table in rooms.items() for column, label in who.items()
    ]  # fmt: skip
    table = pl.concat(parts)
    names = alt.Legend(title=None, labelLimit=320, orient="bottom", columns=1, symbolSize=400)
    lines = (
        alt.Chart()
        .mark_line()
        .encode(
            x=alt.X("week:Q", title="weeks from the as-of date"),
            y=alt.Y("mean:Q", title=f"packages of {packages}", scale=alt.Scale(domainMin=0)),
            color=alt.Color("scenario:N", scale=_colours(list(rooms)), legend=names),
            strokeDash=alt.StrokeDash("scenario:N", scale=_dashes(list(rooms)), legend=names),
            tooltip=["scenario:N", "who:N", "week:Q", alt.Tooltip("mean:Q", format=".2f")],
        )
        .properties(width=WIDTH, height=HEIGHT // 2)
    )
    layers = [lines]
    if len(rooms) == 1:
        band = alt.Chart().mark_area(opacity=0.2, color=COLOURS[0]).encode(x="week:Q", y="low:Q", y2="high:Q")
        layers.insert(0, band.properties(width=WIDTH, height=HEIGHT // 2))
    chart = alt.layer(*layers, data=alt.Data(values=table.to_dicts())).facet(
        facet=alt.Facet("who:N", title=None, sort=list(who.values())), columns=1
    )
    said = f"Packages on the table that each leader and both could carry, mean of {runs:,} runs, by week"
    return finish(chart, said, table)


def draw_fans(fans: Mapping[str, tuple[str, pl.DataFrame]], runs: int) -> Chart:
    """Quantiles over runs by week, one panel each: median, half and nine tenths of runs.

    Parameters
    ----------
    fans
        By panel's title: unit, and quantiles as ``Paths.fan`` returns them.
    """
    panels = []
    for title, (unit, table) in fans.items():
        base = alt.Chart(alt.Data(values=table.to_dicts())).encode(x=alt.X("week:Q", title="weeks from the as-of date"))
        wide = base.mark_area(opacity=0.2, color=COLOURS[0]).encode(
            y=alt.Y("q05:Q", title=unit, scale=alt.Scale(zero=False), axis=alt.Axis(format=format_of(unit))), y2="q95:Q"
        )
        half = base.mark_area(opacity=0.35, color=COLOURS[0]).encode(y="q25:Q", y2="q75:Q")
        middle = base.mark_line(color=COLOURS[0]).encode(
            y="median:Q",
            tooltip=["week:Q", *(alt.Tooltip(f"{q}:Q", format=".3g") for q in ("q05", "q25", "median", "q75", "q95"))],
        )
        panels.append(alt.layer(wide, half, middle).properties(width=WIDTH, height=HEIGHT // 2, title=title))
    chart = alt.vconcat(*panels)
    said = f"Median, half and nine tenths of {runs:,} runs by week: {', '.join(fans)}"
    return finish(chart, said, _stack({k: t for k, (_, t) in fans.items()}))


def format_of(unit: str) -> str:
    """Shares as per cent, the rest in full."""
    return ".1~%" if unit.startswith("share") else ",.6~g"


def draw_scenarios(table: pl.DataFrame, weeks: int, runs: int) -> Chart:
    """Chance that a settlement stands at the end, and what each scenario changes run by run, with intervals over parameters."""
    order = table["scenario"].to_list()
    panels = (
        ("stands", "low", "high", f"settlement stands after {weeks} weeks", ".0%"),
        ("difference", "difference_low", "difference_high", f"change against {order[0].lower()}, points", "+.0f"),
    )
    points = table.with_columns(pl.col("difference", "difference_low", "difference_high") * 100)
    shown = []
    for value, low, high, title, form in panels:
        axis = alt.Axis(labelLimit=320) if value == "stands" else None
        base = alt.Chart(alt.Data(values=points.to_dicts())).encode(
            y=alt.Y("scenario:N", sort=order, title=None, axis=axis)
        )
        bar = base.mark_rule(color=COLOURS[0], strokeWidth=2).encode(
            x=alt.X(f"{low}:Q", title=title, axis=alt.Axis(format=form)), x2=f"{high}:Q"
        )
        dot = base.mark_circle(color=COLOURS[1], size=70, opacity=1).encode(
            x=f"{value}:Q",
            tooltip=["scenario:N", alt.Tooltip(f"{value}:Q", format="+.1f" if form[0] == "+" else ".1%")],
        )
        zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#999999").encode(x="zero:Q")
        shown.append(alt.layer(zero, bar, dot).properties(width=WIDTH * 2 // 3, height=alt.Step(26)))
    said = (
        f"Share of {runs:,} runs in which a settlement stands after {weeks} weeks, and its change run by run with the same luck; "
        "lines: 90 % over parameters"
    )
    return finish(alt.hconcat(*shown), said, table)


def draw_attitudes(table: pl.DataFrame) -> Chart:
    """Polls that were held back, and what the model, a random walk and a constant foresaw.

    Parameters
    ----------
    table
        Columns side, day, prediction, observed, mean, low, high.
    """
    shown = table.with_columns(day=pl.col("day").cast(pl.String))
    kinds = shown["prediction"].unique(maintain_order=True).to_list()
    base = alt.Chart().encode(x=alt.X("day:T", title=None, axis=alt.Axis(format="%b %Y")))
    colour = alt.Color("prediction:N", sort=kinds, scale=alt.Scale(range=COLOURS), legend=alt.Legend(title=None))
    bars = base.mark_rule(strokeWidth=2).encode(
        y=alt.Y("low:Q", title="share of those who decided", axis=alt.Axis(format="%")), y2="high:Q", color=colour
    )
    dots = base.mark_point(filled=True, size=40).encode(
        y="mean:Q", color=colour, shape=alt.Shape("prediction:N", sort=kinds, legend=None)
    )
    seen = base.mark_point(shape="cross", size=80, color="black", filled=True).encode(y="observed:Q")
    chart = alt.layer(bars, dots, seen, data=alt.Data(values=shown.to_dicts())).properties(
        width=WIDTH, height=HEIGHT // 2
    )
    faceted = chart.facet(row=alt.Row("prediction:N", title=None, sort=kinds), column=alt.Column("side:N", title=None))
    return finish(
        faceted.resolve_scale(x="independent"),
        "Polls held back (crosses) and what was foreseen, with 90 % intervals",
        table,
    )


def _colours(names: Sequence[str]) -> alt.Scale:
    """A colour a name; with the same names as the dashes, so that one legend shows both."""
    return alt.Scale(domain=list(names), range=[COLOURS[n % len(COLOURS)] for n in range(len(names))])


def _dashes(names: Sequence[str]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=[DASHES[n % len(DASHES)] for n in range(len(names))])


def _stack(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Tables of several scenarios as one, with a column for the scenario."""
    return pl.concat([t.with_columns(scenario=pl.lit(name)) for name, t in tables.items()])


def draw_population(shares: pl.DataFrame, persons: int) -> Chart:
    """Share who accept by constituency while persons talk.

    Parameters
    ----------
    shares
        Columns week, side, constituency, accept, as ``winset.talks.talk`` returns them.
    """
    shown = shares.select("week", "accept", who=pl.col("side") + ": " + pl.col("constituency"))
    who = shown["who"].unique(maintain_order=True).to_list()
    chart = (
        alt.Chart(alt.Data(values=shown.to_dicts()))
        .mark_line()
        .encode(
            x=alt.X("week:Q", title="weeks of talk"),
            y=alt.Y("accept:Q", title="share who accept", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("who:N", title=None, scale=_colours(who)),
            strokeDash=alt.StrokeDash("who:N", title=None, scale=_dashes(who)),
            tooltip=["week:Q", "who:N", alt.Tooltip("accept:Q", format=".1%")],
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return finish(chart, f"Share of {persons:,} persons who accept, by constituency and week of talk", shown)
