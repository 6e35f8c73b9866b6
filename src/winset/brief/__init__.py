"""The brief: two pages that one reads, and an annex."""

from winset.brief.page import draw_room, render_brief, write_brief
from winset.brief.pages import picture_of, to_docx, to_pdf, to_pictures, write_pages
from winset.brief.summary import Summary, summarise
from winset.brief.text import render_text

__all__ = [
    "Summary",
    "draw_room",
    "picture_of",
    "render_brief",
    "render_text",
    "summarise",
    "to_docx",
    "to_pdf",
    "to_pictures",
    "write_brief",
    "write_pages",
]
