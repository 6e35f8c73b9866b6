"""Runs that were opened, kept open: a question then takes no time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.brief import Summary, summarise
from winset.panel import describe_panel, pack_room
from winset.runs import Run, open_run

KEPT = 6
"""Runs that are kept open at once; each takes some 300 MB."""
EVERY_DRAW = 10**9
"""Bytes that a pack may take: over this wire there is room for all draws."""


@dataclass
class Opened:
    """A run, its two pages and what the panel needs; worked out once."""

    run: Run
    summary: Summary
    panel: dict[str, Any]


@dataclass
class Shelf:
    """Opened runs by folder; one is opened at a time."""

    held: dict[Path, tuple[float, Opened]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, folder: Path) -> Opened:
        """A run as it now lies on disk.

        Raises
        ------
        RunError
            If it cannot be opened.
        """
        with self.lock:
            made = (folder / "findings.json").stat().st_mtime
            known = self.held.get(folder)
            if known is not None and known[0] == made:
                self.held[folder] = self.held.pop(folder)
                return known[1]
            run = open_run(folder)
            found = Opened(run, summarise(run), describe_panel(run.room, packed=pack_room(run.room, EVERY_DRAW)))
            self.held[folder] = made, found
            while len(self.held) > KEPT:
                self.held.pop(next(iter(self.held)))
            return found
