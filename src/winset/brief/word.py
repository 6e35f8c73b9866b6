"""The two pages for Word: real headings and tables, the picture with a text for those who do not see it."""

from __future__ import annotations

import io
from typing import Any

from winset.brief.pages import kicker, picture_of, size_of, words_of
from winset.brief.summary import Summary
from winset.errors import UsageError
from winset.figures.summary import to_png
from winset.language import Language

LONGEST_TITLE = 255
"""Characters that a Word document's title may have."""


def to_docx(summary: Summary, *, paper: str = "a4") -> bytes:
    """Two pages as a Word document.

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
    page.page_width, page.page_height = (Cm(x) for x in size_of(paper)[1:])
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
    chart, words = picture_of(summary), words_of(summary.language)
    if chart is not None:
        book.add_heading(words["picture"], 2)
        book.add_picture(io.BytesIO(to_png(chart)), width=Cm(17.2))
        drawn = book.inline_shapes[-1]._inline.docPr  # python-docx has no other way to a picture's text
        drawn.set("descr", chart.alt)
        book.add_paragraph(f"{words['legend']} {summary.left_out}").runs[0].font.size = Pt(8)
        _docx_chances(book, summary)
    for heading, sentences in summary.sections:
        book.add_heading(heading, 2)
        for said in sentences:
            book.add_paragraph(said)
    if summary.hangs:
        _docx_hangs(book, summary)
    book.add_paragraph(f"{summary.sources} {summary.method}").runs[0].font.size = Pt(8)
    _set_language(book, summary.language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _docx_chances(book: Any, summary: Summary) -> None:
    words = words_of(summary.language)
    book.add_heading(words["chances"], 2)
    table = book.add_table(rows=1, cols=len(summary.sides) + 2, style="Light List Accent 1")
    for cell, text in zip(table.rows[0].cells, (words["proposal"], *summary.sides, words["all"]), strict=True):
        cell.text = text
    for row in summary.chances:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    book.add_paragraph(words["willing"])


def _docx_hangs(book: Any, summary: Summary) -> None:
    book.add_heading(words_of(summary.language)["hangs"], 2)
    table = book.add_table(rows=0, cols=2)
    for thing, said, *_ in summary.hangs:
        for cell, text in zip(table.add_row().cells, (thing, said), strict=True):
            cell.text = text


def _set_language(book: Any, language: Language) -> None:
    """The language that Word spells by and, where it runs from right to left, the direction of paragraphs and tables."""
    from docx.enum.table import WD_TABLE_DIRECTION
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fonts = book.styles["Normal"].element.get_or_add_rPr()
    known = OxmlElement("w:lang")
    for script in ("w:val", "w:bidi"):
        known.set(qn(script), language.locale.replace("_", "-"))
    fonts.append(known)
    if not language.right_to_left:
        return
    for paragraph in book.element.body.iter(qn("w:p")):
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.iter(qn("w:r")):
            run.get_or_add_rPr().append(OxmlElement("w:rtl"))
    for table in book.tables:
        table.table_direction = WD_TABLE_DIRECTION.RTL
