"""The picture that carries a brief: a row a proposal, a mark and interval for each constituency, thresholds drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import altair as alt
import polars as pl
import vl_convert

from winset.figures.charts import COLOURS, Chart, finish
from winset.language import tr

ROW, WIDE = 34, 470
"""Height of a row, and width of all columns together, in pixels."""
LABEL = 28
"""Characters of a line of a proposal's name."""
INTO_GAP = 3
"""Characters by which a long word of a column's heading may stand out."""
MARKS = (
    ("blocks", "square", True, 75),
    ("asked about it", "circle", True, 50),
    ("never asked about it", "circle", False, 50),
)
"""Shape, whether it is filled, and area of each mark."""
INK, FAINT = "#1F2A44", "#D9DEE8"


def draw_summary(
    table: pl.DataFrame,
    thresholds: Mapping[str, tuple[float | None, float | None]],
) -> Chart:
    """Acceptance of proposals by constituency.

    Marks differ by shape as well as by colour, so that the picture can be read in grey: a filled square blocks, a filled
    circle does not, an open one was never asked about this proposal.

    Parameters
    ----------
    table
        Columns label, group, side, mean, low, high, asked, blocks.
    thresholds
        By group: share that the rule asks for, both ends of it.
    """
    sides = table["side"].unique(maintain_order=True).to_list()
    marks = (
        pl.when("blocks")
        .then(pl.lit("blocks"))
        .when("asked")
        .then(pl.lit("asked about it"))
        .otherwise(pl.lit("never asked about it"))
    )
    data = table.with_columns(mark=marks, name=pl.Series(["\n".join(textwrap.wrap(x, LABEL)) for x in table["label"]]))
    groups = data.select("side", "group").unique(maintain_order=True)
    width = WIDE // max(groups.height, 1)
    titles = _wrap({g: g.split(": ", 1)[-1] for g in groups["group"]}, width)
    by_side = []
    for n, s in enumerate(sides):
        panels = [
            _panel(
                data.filter(group=g),
                thresholds.get(g, (None, None)),
                titles[g],
                first=n + k == 0,
                width=width,
                colour=COLOURS[n % len(COLOURS)],
            )
            for k, g in enumerate(groups.filter(side=s)["group"])
        ]
        title = alt.TitleParams(s, fontSize=11, anchor="middle", color=COLOURS[n % len(COLOURS)], frame="group")
        by_side.append(alt.hconcat(*panels, spacing=6, title=title))
    chart = alt.hconcat(*by_side, spacing=14).configure_axis(labelFontSize=9, titleFontSize=9, grid=False)
    said = tr("Acceptance by constituency: mark the mean, line the 90 % interval, shaded what the rule asks for")
    return finish(chart, said, table)


def _wrap(labels: Mapping[str, str], width: int) -> dict[str, list[str]]:
    """Headings of the columns, all of as many lines, so that the sides above them stand level."""
    wrapped = {g: _lines(label, max(width // 6, 8)) for g, label in labels.items()}
    most = max((len(lines) for lines in wrapped.values()), default=0)
    return {g: [" "] * (most - len(lines)) + lines for g, lines in wrapped.items()}


def to_png(chart: Chart, *, ppi: int = 220) -> bytes:
    """A chart as a picture of dots."""
    return vl_convert.vegalite_to_png(chart.spec, ppi=ppi)


def _panel(
    data: pl.DataFrame,
    threshold: tuple[float | None, float | None],
    heading: list[str],
    *,
    first: bool,
    width: int,
    colour: str,
) -> alt.LayerChart | alt.FacetChart:
    """One constituency."""
    names = data["name"].to_list()
    axis = alt.Axis(labelExpr="split(datum.value, '\\n')", labelLimit=210, ticks=False, domain=False, labelFontSize=9.5)
    y = alt.Y("name:N", sort=names, title=None, axis=axis if first else None)
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("low:Q", scale=scale, title=None, axis=alt.Axis(values=[0, 50, 100], domain=False, tickColor=FAINT))
    said = pl.Series(
        [f"{100 * mean:.0f}" for mean in data["mean"]]
    )  # of the mean itself: rounded twice, 50.48 would be 51
    values = alt.Data(values=data.with_columns((pl.col("mean", "low", "high") * 100).round(1), said=said).to_dicts())
    base = alt.Chart(values).encode(y=y)
    layers: list[alt.Chart] = []
    if threshold[0] is not None and threshold[1] is not None:
        ends = {"low": 100 * threshold[0], "high": 100 * threshold[1]}
        zone = alt.Chart(alt.Data(values=[ends]))
        if ends["low"] < ends["high"]:
            layers.append(zone.mark_rect(color=FAINT).encode(x=x, x2="high:Q"))
        else:
            layers.append(zone.mark_rule(color=INK, strokeDash=[3, 3], opacity=0.6).encode(x=x))
    layers += [
        base.mark_rule(strokeWidth=2, color=colour).encode(x=x, x2="high:Q"),
        *(
            base.transform_filter(f"datum.mark === '{mark}'")
            .mark_point(
                shape=shape, size=size, strokeWidth=1.5, fill=colour if full else "white", stroke=colour, opacity=1
            )
            .encode(x=alt.X("mean:Q", scale=scale))
            for mark, shape, full, size in MARKS
        ),
        base.mark_text(dy=-11, fontSize=8.5, color=INK).encode(x=alt.X("mean:Q", scale=scale), text=alt.Text("said:N")),
    ]
    title = alt.TitleParams(heading, fontSize=9.5, anchor="start", frame="group", color=INK, fontWeight="normal")
    return alt.layer(*layers).properties(width=width, height=ROW * data.height, title=title)


def _lines(label: str, most: int) -> list[str]:
    """A label in lines; a word may stand a little into the gap between columns, and is cut with a hyphen beyond that."""
    found = []
    for line in textwrap.wrap(label, most, break_long_words=False):
        cut = [line] if len(line) <= most + INTO_GAP else textwrap.wrap(line, most - 1)
        found += [*(f"{part}-" for part in cut[:-1]), cut[-1]]
    return found
