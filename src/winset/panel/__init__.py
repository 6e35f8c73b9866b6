"""The page that one plays with: a thinned posterior and closed forms, for a browser without a server."""

from __future__ import annotations

from winset.panel.component import read_script, read_style
from winset.panel.describing import describe_panel
from winset.panel.packing import Pack, pack_room

__all__ = ["Pack", "describe_panel", "pack_room", "read_script", "read_style"]
