"""Findings -> a brief: one file that opens offline, prints, and reads aloud."""

from winset.brief.page import draw_room, render_brief, write_brief
from winset.brief.text import render_text

__all__ = ["draw_room", "render_brief", "render_text", "write_brief"]
