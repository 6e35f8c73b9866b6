"""A chart for where it will stand: in a language, in colours or grey, as wide as a column of print."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import vl_convert

from winset.figures.charts import COLOURS, POINTER, Chart, render
from winset.language import ENGLISH, Language, Text

GREYS = ("#000000", "#8c8c8c", "#4d4d4d", "#b3b3b3", "#262626", "#a0a0a0", "#666666")
"""In place of the colours, in their order: neighbours differ most. Shapes or rows tell the same."""
SERIF = "DejaVu Serif, Times New Roman, serif"
STYLES = ("colour", "grey", "serif", "grey-serif")
"""What a picture may be drawn in; ``serif`` for papers whose text is."""
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
POINTS, INCH = 72, 2.54
"""Points of an inch, which are the units of our pictures, and its centimetres."""
DOTS = 144
"""Dots of an inch of a picture of dots."""


def dress(chart: Chart, language: Language = ENGLISH, style: str = "colour") -> Chart:
    """The chart in another language or style: the same numbers, and the same table behind it.

    Texts of ours are told in the language, numbers and months as its readers write them; labels of the study stay.
    """
    if language is ENGLISH and style == "colour":
        return chart
    spec = _told(chart.spec, chart.words, language)
    if "grey" in style:
        spec = _grey(spec)
    if "serif" in style:
        spec["config"] = {**spec["config"], "font": SERIF}
    drawn = render(spec, _locale(language))
    return replace(chart, svg=drawn, spec=spec, alt=language.say(chart.alt), language=language.code)


def _locale(language: Language) -> str:
    """The language's way with numbers and months, or the English one where the renderer does not know it."""
    if language is ENGLISH:
        return "en-US"
    from babel import Locale

    territory = Locale.parse(language.locale).territory or _home(language.locale)
    name: Any = f"{language.locale.split('_')[0]}-{territory}"
    try:
        vl_convert.get_format_locale(name)
        vl_convert.get_time_format_locale(name)
    except ValueError:
        return "en-US"
    return name


def _home(code: str) -> str:
    """The country in which a language is likeliest spoken (CLDR)."""
    from babel.core import get_global

    return str(get_global("likely_subtags").get(code, f"{code}_US")).split("_")[-1]


def _told(node: Any, words: Mapping[str, str], language: Language) -> Any:
    if isinstance(node, dict):
        return {k: _told(v, words, language) for k, v in node.items()}
    if isinstance(node, list):
        return [_told(v, words, language) for v in node]
    said = words.get(node, node) if isinstance(node, str) else node
    return language.say(said) if isinstance(said, Text) else said


def _grey(node: Any) -> Any:
    if isinstance(node, dict):
        return {k: "greys" if (k, v) == ("scheme", "blues") else _grey(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_grey(v) for v in node]
    return GREYS[COLOURS.index(node)] if isinstance(node, str) and node in COLOURS else node


def picture(chart: Chart, kind: str, width: float | None = None, dots: float = DOTS) -> bytes:
    """A chart as the bytes of a file of its own; the page tells its numbers under the pointer and needs no network.

    Parameters
    ----------
    kind
        ``.svg``, ``.png``, ``.pdf`` or ``.html``.
    width
        In centimetres, as in print; None for one unit of the picture to the point.
    dots
        Per inch, for PNG.
    """
    across, down = (float(x) for x in SIZE.search(chart.svg).groups())  # pyright: ignore[reportOptionalMemberAccess]
    scale = 1.0 if width is None else width / INCH * POINTS / across
    match kind:
        case ".svg":
            if width is None:
                return chart.svg.encode()
            return SIZE.sub(f'width="{width:g}cm" height="{width * down / across:.3f}cm"', chart.svg, count=1).encode()
        case ".png":
            return vl_convert.svg_to_png(chart.svg, ppi=dots * scale)
        case ".pdf":
            return vl_convert.svg_to_pdf(chart.svg, scale=scale)
    said = html.escape(chart.alt)
    page = (
        f'<!doctype html><html lang="{chart.language}"><meta charset="utf-8"><title>winset</title><p>{said}</p>'
        f'<div class="plate" role="img" aria-label="{said}">{chart.svg}</div><script>{POINTER}</script></html>'
    )
    return page.encode()
