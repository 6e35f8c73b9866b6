"""The brief: two pages that one reads, and an annex."""

from winset.brief.annex import to_annex_pdf
from winset.brief.page import render_brief, write_brief
from winset.brief.pages import missing_scripts, name_file, picture_of, to_pdf, to_pictures, words_of, write_pages
from winset.brief.pictures import draw_picture, draw_pictures, draw_room, list_kinds, plot
from winset.brief.spreadsheet import to_xlsx
from winset.brief.summary import Summary, summarise
from winset.brief.text import render_text
from winset.brief.word import to_docx

__all__ = [
    "Summary",
    "draw_picture",
    "draw_pictures",
    "draw_room",
    "list_kinds",
    "missing_scripts",
    "name_file",
    "picture_of",
    "plot",
    "render_brief",
    "render_text",
    "summarise",
    "to_annex_pdf",
    "to_docx",
    "to_pdf",
    "to_pictures",
    "to_xlsx",
    "words_of",
    "write_brief",
    "write_pages",
]
