"""A scorecard drawn: foreseen against seen, where results fall in what was foreseen, how wide intervals are."""

from __future__ import annotations

import altair as alt
import polars as pl

from winset.figures.charts import COLOURS, Chart, finish
from winset.verification import Scorecard
from winset.verification.scorecard import HORIZONS

BARS = 10


def draw_scorecard(card: Scorecard) -> Chart:
    """Foreseen against seen with 90 % intervals, PIT histogram, and width by horizon."""
    table = card.table.select("study", "kind", "label", "observed", "mean", "low", "high", "pit", "horizon")
    inside = float(card.table["covered"].cast(float).mean())  # pyright: ignore[reportArgumentType]
    title = f"{table.height} held-out results of {', '.join(sorted(table['study'].unique()))}; {100 * inside:.0f} % inside 90 %"
    picture = alt.hconcat(_against(table), _places(table), _widths(table), spacing=30).properties(title=title)
    return finish(picture, f"Scorecard: {title}", table)


def _against(table: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    shares = alt.Scale(domain=[0, 1])
    colour = alt.Color("kind:N", scale=alt.Scale(range=COLOURS), title="kind")
    x = alt.X("observed:Q", scale=shares, axis=alt.Axis(format="%"), title="printed")
    base = alt.Chart(table).properties(width=260, height=260)
    bars = base.mark_rule(opacity=0.35).encode(
        x=x, y=alt.Y("low:Q", scale=shares, title="foreseen"), y2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=28).encode(
        x=x, y=alt.Y("mean:Q", scale=shares, axis=alt.Axis(format="%")), color=colour, shape="kind:N"
    )
    line = (
        alt.Chart(pl.DataFrame({"a": [0.0, 1.0]})).mark_line(color="grey", strokeDash=[4, 3]).encode(x="a:Q", y="a:Q")
    )
    return alt.layer(line, bars, points)


def _places(table: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Flat where intervals are right; high at both ends where they are too narrow, in the middle where too wide."""
    counts = pl.DataFrame({"slice": [(i + 0.5) / BARS for i in range(BARS)]}).with_columns(
        results=pl.Series(
            [table.filter((pl.col("pit") * BARS).floor().clip(0, BARS - 1) == i).height for i in range(BARS)]
        )
    )
    bars = (
        alt.Chart(counts)
        .mark_bar(color=COLOURS[0])
        .encode(
            x=alt.X("slice:O", axis=alt.Axis(format=".2f"), title="place in what was foreseen (PIT)"),
            y=alt.Y("results:Q", title="results"),
        )
        .properties(width=220, height=260)
    )
    even = alt.Chart(pl.DataFrame({"even": [table.height / BARS]})).mark_rule(color="grey", strokeDash=[4, 3])
    return alt.layer(bars, even.encode(y="even:Q"))


def _widths(table: pl.DataFrame) -> alt.Chart:
    wide = table.with_columns(width=pl.col("high") - pl.col("low"))
    order = [said for _, said in HORIZONS]
    return (
        alt.Chart(wide)
        .mark_boxplot(color=COLOURS[2], size=30)
        .encode(
            x=alt.X("horizon:N", sort=order, title="how far ahead", axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                "width:Q", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]), title="width of the 90 % interval"
            ),
        )
        .properties(width=240, height=260)
    )
