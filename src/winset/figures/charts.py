"""The brief's charts. Each says its n and source, and carries the table it draws."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import polars as pl
import vl_convert

from winset.language import tr

AltairChart = alt.TopLevelMixin
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
"""Okabe & Ito (2008): told apart by colour-blind readers; shapes or rows repeat what colour says."""


@dataclass(frozen=True)
class Chart:
    """A drawn table.

    Parameters
    ----------
    svg
        The picture: it prints, stands where scripts do not run, and tells its numbers under the pointer where ``POINTER`` runs.
    spec
        Vega-Lite, for pictures in other formats.
    alt
        What the picture shows, for readers who do not see it.
    words
        Texts of ours that stand in the table, such as the name of a kind of mark: what they are in another language.
    language
        Code of the language that it speaks.
    """

    svg: str
    spec: dict[str, Any]
    alt: str
    table: pl.DataFrame
    words: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    def as_altair(self) -> AltairChart:
        """The picture as an Altair chart, to go on with in a notebook."""
        return alt.Chart.from_dict(self.spec)


EMPTY = re.compile(r'<g [^>]*role="graphics-symbol"[^>]*(?:/>|></g>)')
"""A layer without marks: nothing to hear, so that it must not be announced."""

POINTER = """
const told = document.createElement("div");
told.setAttribute("role", "status");
Object.assign(told.style, {
  position: "absolute", pointerEvents: "none", background: "#1a1a1a", color: "#fff", font: "12px system-ui, sans-serif",
  padding: ".2rem .5rem", borderRadius: "4px", maxWidth: "22rem", whiteSpace: "pre-line", zIndex: 9,
});
told.hidden = true;
document.body.append(told);
addEventListener("pointermove", (event) => {
  const mark = event.target.closest?.(".plate path[aria-label], .plate rect[aria-label]");
  told.hidden = !mark;
  if (!mark) return;
  told.textContent = mark.getAttribute("aria-label").replaceAll("; ", "\\n");
  told.style.left = `${Math.min(event.pageX + 14, innerWidth - 240)}px`;
  told.style.top = `${event.pageY + 14}px`;
});
"""
"""Script that tells the numbers of a mark under the pointer: they stand in the static picture, for readers who do not see it."""


NAMES = {
    "label": tr("what was proposed"),
    "side": tr("side"),
    "constituency": tr("who"),
    "group": tr("who"),
    "mean": tr("mean"),
    "low": tr("90 %, from"),
    "high": tr("90 %, to"),
    "evidence": tr("part that is evidence"),
    "date": tr("date"),
    "question": tr("question"),
    "instrument": tr("source"),
    "source": tr("where it was printed"),
    "measure": tr("share of whom"),
    "observed": tr("observed"),
    "issue": tr("issue"),
    "option": tr("option"),
    "share": tr("share"),
}
"""Columns under the pointer, in words."""
MEASURES = {
    str(x): x
    for x in (
        tr("for, of those who decided"),
        tr("for, of all asked"),
        tr("against, of all asked"),
        tr("printed answers"),
    )
}
"""What share of a poll is held against the model's, in words."""


def _tips(table: pl.DataFrame, names: Sequence[str]) -> list[alt.Tooltip]:
    """What stands under the pointer: shares as per cent, the rest as it is."""
    return [
        alt.Tooltip(n, type="quantitative", format=".0%", title=NAMES[n])
        if table.schema[n].is_float()
        else alt.Tooltip(n, type="nominal", title=NAMES[n])
        for n in names
    ]


def finish(
    chart: alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.HConcatChart,
    described: str,
    table: pl.DataFrame,
    words: Mapping[str, str] | None = None,
) -> Chart:
    """The chart in the house's dress, drawn."""
    spec = (
        chart.properties(description=described)
        .configure_view(stroke=None)
        .configure(
            font="DejaVu Sans, Verdana, sans-serif",
            background="white",
            padding={"left": 45, "right": 30, "top": 5, "bottom": 5},
        )
        .to_dict()
    )
    return Chart(render(spec), spec, described, table, words or {})


def render(spec: dict[str, Any], locale: Any = "en-US") -> str:
    """A picture of a Vega-Lite specification, numbers and months as a locale writes them."""
    return EMPTY.sub("", vl_convert.vegalite_to_svg(spec, format_locale=locale, time_format_locale=locale))


def _share(name: str, title: str) -> alt.X:
    return alt.X(name, type="quantitative", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))


def draw_proposals(table: pl.DataFrame) -> Chart:
    """Acceptance of each proposal by constituency, with 90 % intervals."""
    data = table.filter(~pl.col("later")).with_columns(
        pl.col("date").cast(pl.String), group=pl.col("side") + ": " + pl.col("constituency")
    )
    base = alt.Chart(alt.Data(values=data.to_dicts())).encode(
        y=alt.Y("group:N", title=None, sort=None),
        color=alt.Color("side:N", scale=alt.Scale(range=COLOURS), title=tr("Side")),
        tooltip=_tips(data, ["label", "side", "constituency", "mean", "low", "high", "evidence"]),
    )
    layers = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=_share("low", tr("would rather have it than no deal")), x2="high:Q"),
        base.mark_point(filled=True, size=45).encode(
            x=_share("mean", tr("would rather have it than no deal")), shape=alt.Shape("side:N", title=tr("Side"))
        ),
    ).properties(width=270, height=150)
    chart = layers.facet(facet=alt.Facet("label:N", title=None, sort=None), columns=2)
    return finish(chart, tr("Acceptance of each proposal by constituency: dot the mean, line the 90 % interval"), data)


def draw_time(table: pl.DataFrame, polls: pl.DataFrame, title: str) -> Chart:
    """Acceptance of a package over time, against the polls on it."""
    data = table.with_columns(pl.col("date").cast(pl.String), group=pl.col("side") + ": " + pl.col("constituency"))
    asked = polls.with_columns(pl.col("date").cast(pl.String), group=pl.col("side") + ": " + pl.col("constituency"))
    lines = alt.Chart(alt.Data(values=data.to_dicts())).encode(
        x=alt.X("date:T", title=None), color=alt.Color("group:N", scale=alt.Scale(range=COLOURS), title=None)
    )
    layers = [
        lines.mark_area(opacity=0.2).encode(
            y=alt.Y("low:Q", title=tr("acceptance"), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
            y2="high:Q",
        ),
        lines.mark_line().encode(y="mean:Q", tooltip=_tips(data, ["group", "date", "mean", "low", "high"])),
    ]
    if asked.height:
        layers.append(
            alt.Chart(alt.Data(values=asked.to_dicts()))
            .mark_point(filled=True, size=50)
            .encode(
                x="date:T",
                y="decided:Q",
                color="group:N",
                shape=alt.Shape("instrument:N", title=None),
                tooltip=_tips(
                    asked, ["question", "instrument", "constituency", "date", "measure", "observed", "source"]
                ),
            )
        )
    chart = alt.layer(*layers).properties(width=560, height=260, title=title)
    return finish(
        chart,
        tr("{title}: line the model's mean, band its 90 % interval, dots the polls on it", title=title),
        data,
        MEASURES,
    )


def draw_importance(table: pl.DataFrame) -> Chart:
    """Importance of issues by constituency."""
    data = table.with_columns(group=pl.col("side") + ": " + pl.col("constituency"))
    chart = (
        alt.Chart(alt.Data(values=data.to_dicts()))
        .mark_rect()
        .encode(
            x=alt.X("group:N", title=None, sort=None, axis=alt.Axis(labelAngle=-40)),
            y=alt.Y("label:N", title=None, sort=None),
            color=alt.Color(
                "mean:Q", title=tr("importance"), scale=alt.Scale(scheme="blues"), legend=alt.Legend(format="%")
            ),
            tooltip=_tips(data, ["group", "label", "mean", "low", "high", "evidence"]),
        )
        .properties(width=420, height=300)
    )
    return finish(chart, tr("Importance of each issue for each constituency; darker is heavier"), data)


def draw_predictive(table: pl.DataFrame) -> Chart:
    """Observed against predicted shares."""
    data = table.select(
        "side",
        "instrument",
        "question",
        "constituency",
        pl.col("date").cast(pl.String),
        "measure",
        "observed",
        "mean",
        "low",
        "high",
        "lower",
        "upper",
    )
    base = alt.Chart(alt.Data(values=data.to_dicts())).encode(
        color=alt.Color("side:N", scale=alt.Scale(range=COLOURS), title=tr("Side")),
        tooltip=_tips(
            data, ["question", "instrument", "constituency", "date", "measure", "observed", "mean", "low", "high"]
        ),
    )
    diagonal = (
        alt.Chart(alt.Data(values=[{"a": 0, "b": 0}, {"a": 1, "b": 1}]))
        .mark_line(color="grey", strokeDash=[4, 4])
        .encode(x="a:Q", y="b:Q")
    )
    chart = alt.layer(
        diagonal,
        base.mark_rule(opacity=0.4).encode(
            x=_share("observed", tr("observed")),
            y=alt.Y("low:Q", title=tr("predicted"), axis=alt.Axis(format="%")),
            y2="high:Q",
        ),
        base.mark_point(filled=True, size=30).encode(
            x=_share("observed", tr("observed")), y="mean:Q", shape=alt.Shape("side:N", title=tr("Side"))
        ),
    ).properties(width=320, height=320)
    return finish(
        chart,
        tr("Observed acceptance of every poll against the model's prediction with its 90 % interval"),
        data,
        MEASURES,
    )


def draw_shape(table: pl.DataFrame) -> Chart:
    """Share of each win-set that holds each option."""
    chart = (
        alt.Chart(alt.Data(values=table.to_dicts()))
        .mark_bar()
        .encode(
            y=alt.Y("option:N", title=None, sort=None),
            x=alt.X("share:Q", axis=alt.Axis(format="%"), title=tr("share of the win-set")),
            color=alt.Color("side:N", scale=alt.Scale(range=COLOURS), title=tr("Side")),
            yOffset="side:N",
            tooltip=_tips(table, ["side", "issue", "option", "share"]),
        )
        .properties(width=220, height=alt.Step(9))
        .facet(facet=alt.Facet("issue:N", title=None, sort=None), columns=2)
        .resolve_scale(y="independent")
    )
    return finish(chart, tr("Share of each side's win-set that holds each option"), table)
