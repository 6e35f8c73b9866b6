"""The annex for print: the blocks of the page's annex, typeset with contents, page numbers and heads that repeat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from lxml import html

from winset.brief.page import render_annex
from winset.brief.pages import FONTS, size_of, typst
from winset.brief.summary import summarise
from winset.figures import Chart
from winset.figures.summary import to_png
from winset.runs import Run

SHORT, LONG = 16, 60
"""Characters of a column that takes the room it needs, and of one beyond which more room is of no use."""


def to_annex_pdf(run: Run, *, paper: str = "a4") -> bytes:
    """The annex as PDF, on paper laid sideways; in English.

    Raises
    ------
    UsageError
        If Typst is not installed, or the paper is unknown.
    """
    pages = summarise(run)
    text, charts = render_annex(run, pages)
    told = {
        "title": run.study.title,
        "kicker": f"Annex: every number, and the answers behind it · evidence up to {pages.as_of}",
        "paper": size_of(paper)[0],
        "fonts": FONTS,
        "blocks": list(read_blocks(text, charts)),
    }
    source = files("winset.brief") / "templates" / "annex.typ"
    made = typst().compile(source.read_bytes(), format="pdf", sys_inputs={"annex": json.dumps(told)})
    return made if isinstance(made, bytes) else made[0]


def read_blocks(text: str, charts: Mapping[str, Chart]) -> Iterator[dict[str, Any]]:
    """Headings, paragraphs, tables, pictures and lists of the page's annex, in their order.

    Examples
    --------
    >>> list(read_blocks("<h2>One</h2><p>Said <b>so</b>.</p>", {}))
    [{'kind': 'heading', 'level': 1, 'text': 'One'}, {'kind': 'paragraph', 'text': 'Said so.'}]
    """
    root = html.fragment_fromstring(text, create_parent="div")
    for link in root.xpath(".//a[@download]"):
        link.drop_tree()
    for node in root.iter("h2", "h3", "summary", "p", "li", "table", "figure"):
        if node.xpath("ancestor::table or ancestor::figure or ancestor::summary"):
            continue
        match node.tag:
            case "h2" | "h3":
                yield {"kind": "heading", "level": int(node.tag[1]) - 1, "text": _text(node)}
            case "summary":
                yield {"kind": "heading", "level": 3, "text": _text(node)}
            case "table":
                yield _table(node)
            case "figure":
                yield _figure(node, charts)
            case _:
                yield {"kind": "item" if node.tag == "li" else "paragraph", "text": _text(node)}


def _text(node: html.HtmlElement) -> str:
    """Words of a node, a line break where it has one."""
    for line in node.iter("br"):
        line.tail = f"\n{line.tail or ''}"
    lines = node.text_content().split("\n")
    return "\n".join(kept for line in lines if (kept := " ".join(line.split())))


def _table(node: html.HtmlElement) -> dict[str, Any]:
    head = [_text(c) for c in node.iterfind(".//thead/tr/th")]
    rows = [[_text(c) for c in row] for row in node.iterfind(".//tbody/tr")]
    caption = node.find("caption")
    widths = [_width(name, [r[k] for r in rows if k < len(r)]) for k, name in enumerate(head)]
    return {
        "kind": "table",
        "caption": "" if caption is None else _text(caption),
        "head": head,
        "rows": rows,
        "widths": widths,
    }


def _width(name: str, cells: list[str]) -> int:
    """Share of the line that a column asks for; 0 where it takes what it needs."""
    longest = max((len(line) for c in cells for line in c.split("\n")), default=0)
    if longest <= SHORT and len(name) <= SHORT:
        return 0
    return min(max(longest, SHORT), LONG)  # a long heading breaks


def _figure(node: html.HtmlElement, charts: Mapping[str, Chart]) -> dict[str, Any]:
    chart, caption = charts[node.get("data-chart", "")], node.find("figcaption")
    said = "" if caption is None else _text(caption)
    return {"kind": "picture", "picture": list(to_png(chart, ppi=150)), "alt": chart.alt, "caption": said}
