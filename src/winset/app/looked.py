"""What the files of a study say, kept until they change: most of a page's time went into reading them again."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from winset.app.cards import keep_card
from winset.app.hands import Hands
from winset.app.looking import Look, list_both, list_since, look_into
from winset.app.workspace import RunCard, Workspace
from winset.workbook import read_sheet
from winset.workbook.choosing import Choices, offer_choices

T = TypeVar("T")
KEPT = 1000
"""Answers that are kept; the one that nobody asked for longest goes."""


@dataclass
class Looked:
    """Looks at the studies of a workspace."""

    place: Workspace
    held: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    hands: Hands = field(default_factory=Hands)
    books: dict[str, threading.Lock] = field(default_factory=dict)

    def writing(self, name: str) -> threading.Lock:
        """Held by whoever changes a study."""
        with self.lock:
            return self.books.setdefault(name, threading.Lock())

    def look(self, name: str) -> Look:
        """Mistakes, or what was understood."""
        return self._keep(name, "", look_into, keep=keep_card)

    def sheets(self, name: str) -> tuple[list[str], list[str]]:
        """Sheets of a workbook, and those that it may have besides."""
        return self._keep(name, "sheets", list_both)

    def rows(self, name: str, sheet: str) -> list[list[str]]:
        """Cells of a sheet as text; see ``read_sheet``."""
        return self._keep(name, f"sheet {sheet}", read_sheet, sheet)

    def choices(self, name: str, sheet: str) -> dict[int, Choices]:
        """What the cells of each column of a sheet are chosen from."""
        return self._keep(name, "choices", offer_choices).get(sheet, {})

    def since(self, name: str, run: RunCard) -> list[str]:
        """What has changed since an answer was made; see ``list_since``."""
        made = f"since {run.name} {run.stamp}"
        return self._keep(name, made, functools.partial(list_since, run=self.place.run(run.name)))

    def _keep(
        self,
        name: str,
        what: str,
        make: Callable[..., T],
        *given: str,
        keep: Callable[[Workspace, str, T], None] | None = None,
    ) -> T:
        """What was made of the files as they are, or is made now; kept only if they stayed as they were meanwhile."""
        path, key = self.place.study(name), (name, what)
        tag = self.place.tag(name)
        with self.lock:
            known = self.held.pop(key, None)
            if known is not None and known[0] == tag:
                self.held[key] = known
                return known[1]
        made = self.hands.do(make, path, *given)
        if self.place.tag(name) == tag:
            if keep is not None:
                keep(self.place, name, made)
            with self.lock:
                self.held[key] = tag, made
                while len(self.held) > KEPT:
                    self.held.pop(next(iter(self.held)))
        return made
