"""Effects of an experiment as a picture: one row a level, dot and interval."""

from __future__ import annotations

import altair as alt
import polars as pl

from winset.conjoint import Estimates
from winset.figures.charts import COLOURS, Chart, finish

TITLES = {
    "amce": "effect on {outcome}, against the reference",
    "mm": "mean of {outcome}",
    "acie": "effect beyond the sum of both",
}


def draw_estimates(estimates: Estimates) -> Chart:
    """Every estimate with its interval, attributes one below the other; references stand on the line."""
    table = estimates.table.with_columns(
        low=pl.col("low").fill_null(pl.col("estimate")), high=pl.col("high").fill_null(pl.col("estimate"))
    )
    data = table.drop_nulls("estimate").select("attribute", "level", "group", "estimate", "low", "high", "n")
    several = data["group"].n_unique() > 1
    title = TITLES.get(estimates.kind, f"{estimates.kind} in {{outcome}}").format(outcome=estimates.outcome)
    middle = 0.5 if estimates.kind == "mm" and estimates.table["estimate"].is_between(0, 1).all() else 0.0
    attributes = data["attribute"].unique(maintain_order=True).to_list()
    rows = [
        _plate(data.filter(attribute=a), several, title if a == attributes[-1] else "", middle).properties(
            title=alt.Title(a, anchor="start", fontSize=11), width=360, height=alt.Step(9 if several else 15)
        )
        for a in attributes
    ]
    caption = (
        f"{estimates.respondents:,} respondents, {estimates.rows:,} profiles, {estimates.confidence:.0%} intervals, "
        f"{estimates.robust}{'; ' + estimates.source if estimates.source else ''}"
    )
    chart = (
        alt.vconcat(*rows, spacing=8)
        .resolve_scale(x="shared")
        .properties(title=alt.Title(caption, anchor="start", fontSize=10))
    )
    return finish(chart, f"Estimates with intervals: {title}. {caption}", data)


def _plate(data: pl.DataFrame, several: bool, title: str, middle: float) -> alt.LayerChart | alt.FacetChart:
    """One attribute; only the last plate names its axis."""
    axis = alt.Axis(title=title or None, labels=bool(title), ticks=bool(title))
    numbers = [alt.Tooltip(f"{c}:Q", format=".3f") for c in ("estimate", "low", "high")]
    base = alt.Chart(alt.Data(values=data.to_dicts())).encode(
        y=alt.Y("level:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
        color=alt.Color("group:N", scale=alt.Scale(range=COLOURS), title=None) if several else alt.value(COLOURS[0]),
        tooltip=["attribute:N", "level:N", "group:N", *numbers, "n:Q"],
    )
    if several:
        base = base.encode(yOffset="group:N")
    dots = base.mark_point(filled=True, size=45).encode(x=alt.X("estimate:Q", axis=axis))
    line = alt.Chart(alt.Data(values=[{"at": middle}])).mark_rule(color="grey", strokeDash=[4, 4]).encode(x="at:Q")
    return alt.layer(
        line,
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
        dots.encode(shape="group:N") if several else dots,
    )
