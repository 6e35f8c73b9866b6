"""The two pages, typeset: PDF and picture by Typst, Word by python-docx."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from winset.brief.summary import Summary
from winset.errors import UsageError
from winset.figures.charts import Chart
from winset.figures.summary import draw_summary, to_png

PAPERS = {"a4": ("a4", 21.0, 29.7), "letter": ("us-letter", 21.59, 27.94)}
"""Name in Typst, width and height in centimetres."""
FONTS = ("Libertinus Serif", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Serif CJK SC")
"""The first ships with Typst and holds Latin, Greek, Cyrillic and Hebrew; the others serve where the machine has them."""
WORDS = {
    "picture": "What each proposal would meet at home",
    "alt": "Acceptance of each proposal by constituency, with 90 % intervals and what the rules ask for",
    "legend": "Per cent that would rather have the proposal than no deal: mark the mean, line the 90 % interval. Shaded or "
    "dashed: what the rule asks of that group alone. Square: the group on which its side's rule most often fails. Open circle: "
    "never asked about this proposal.",
    "chances": "Could each leader carry it at home, if willing?",
    "proposal": "Proposal",
    "all": "All at once",
    "willing": "Chance that the rule at home is met, whether or not the leader has said Yes.",
}
LONGEST_TITLE = 255
"""Characters that a Word document's title may have."""
PIXELS = 150
"""Dots per inch of pictures of the pages."""


def picture_of(summary: Summary) -> Chart | None:
    """The picture of a summary; None where there is no proposal."""
    if not summary.picture.height:
        return None
    return draw_summary(summary.picture, {f"{g.side}: {g.label}": (g.least, g.most) for g in summary.groups})


def to_pdf(summary: Summary, *, paper: str = "a4") -> bytes:
    """Two pages as PDF.

    Raises
    ------
    UsageError
        If Typst is not installed, or the paper is unknown.
    """
    return _typeset(summary, paper, "pdf")[0]


def to_pictures(summary: Summary, *, paper: str = "a4") -> list[bytes]:
    """Each page as a PNG picture."""
    return _typeset(summary, paper, "png")


def _typeset(summary: Summary, paper: str, form: str) -> list[bytes]:
    try:
        import typst
    except ImportError:
        raise UsageError("PDF and pictures need Typst; install it with `pip install 'winset[print]'`") from None
    source = files("winset.brief") / "templates" / "pages.typ"
    inputs = {"summary": json.dumps(_values(summary, paper))}
    made = typst.compile(source.read_bytes(), format=form, ppi=PIXELS, sys_inputs=inputs)  # pyright: ignore[reportArgumentType]
    pages: Sequence[bytes] = made if isinstance(made, list) else [made]  # pyright: ignore[reportAssignmentType]
    return list(pages)


def _values(summary: Summary, paper: str) -> dict[str, Any]:
    """What the template reads."""
    chart = picture_of(summary)
    told = {k: v for k, v in asdict(summary).items() if k not in {"picture", "groups"}}
    return told | {
        "paper": _paper(paper)[0],
        "fonts": FONTS,
        "lang": "en",
        "words": WORDS,
        "kicker": kicker(summary),
        "foot": f"winset · {summary.title}",
        "picture": None if chart is None else list(to_png(chart)),
    }


def _paper(name: str) -> tuple[str, float, float]:
    if name not in PAPERS:
        raise UsageError(f"unknown paper `{name}`; one of {', '.join(PAPERS)}")
    return PAPERS[name]


def kicker(summary: Summary) -> str:
    """The line above the title."""
    said = "acceptance is measured against no deal; it is not a forecast of what leaders will do"
    return f"Brief · evidence up to {summary.as_of} · {said}"


def to_docx(summary: Summary, *, paper: str = "a4") -> bytes:
    """Two pages as a Word document: real headings and tables, the picture with a text for those who do not see it.

    Raises
    ------
    UsageError
        If python-docx is not installed, or the paper is unknown.
    """
    try:
        import docx
        from docx.shared import Cm, Pt
    except ImportError:
        raise UsageError("Word documents need python-docx; install it with `pip install 'winset[print]'`") from None
    book: Any = docx.Document()
    page = book.sections[0]
    page.page_width, page.page_height = (Cm(x) for x in _paper(paper)[1:])
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.6)
    book.styles["Normal"].font.size = Pt(10)
    book.core_properties.title = summary.title[:LONGEST_TITLE]
    book.core_properties.author = "winset"
    book.add_paragraph(kicker(summary)).runs[0].font.size = Pt(8)
    book.add_heading(summary.title, 1)
    book.add_paragraph(summary.question).runs[0].italic = True
    for said in summary.answer:
        book.add_paragraph(said, style="List Bullet")
    chart = picture_of(summary)
    if chart is not None:
        book.add_heading(WORDS["picture"], 2)
        book.add_picture(io.BytesIO(to_png(chart)), width=Cm(17.2))
        drawn = book.inline_shapes[-1]._inline.docPr  # python-docx has no other way to a picture's text
        drawn.set("descr", chart.alt)
        book.add_paragraph(f"{WORDS['legend']} {summary.left_out}").runs[0].font.size = Pt(8)
        _docx_chances(book, summary)
    for heading, sentences in summary.sections:
        book.add_heading(heading, 2)
        for said in sentences:
            book.add_paragraph(said)
    book.add_paragraph(f"{summary.sources} {summary.method}").runs[0].font.size = Pt(8)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _docx_chances(book: Any, summary: Summary) -> None:
    book.add_heading(WORDS["chances"], 2)
    table = book.add_table(rows=1, cols=len(summary.sides) + 2, style="Light List Accent 1")
    for cell, text in zip(table.rows[0].cells, (WORDS["proposal"], *summary.sides, WORDS["all"]), strict=True):
        cell.text = text
    for row in summary.chances:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    book.add_paragraph(WORDS["willing"])


def write_pages(summary: Summary, folder: Path, kinds: Sequence[str], *, paper: str = "a4") -> list[Path]:
    """Write the two pages beside each other: ``pdf``, ``docx``, ``png`` (a file a page)."""
    from winset.runs.atomic import write_whole

    made: dict[str, bytes] = {}
    if "pdf" in kinds:
        made["brief.pdf"] = to_pdf(summary, paper=paper)
    if "docx" in kinds:
        made["brief.docx"] = to_docx(summary, paper=paper)
    if "png" in kinds:
        made |= {f"brief-{n}.png": page for n, page in enumerate(to_pictures(summary, paper=paper), 1)}
    for name, content in made.items():
        write_whole(folder / name, content)
    return [folder / name for name in made]
