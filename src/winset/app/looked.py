"""What the files of a study say, kept until they change: most of a page's time went into reading them again."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from winset.app.workspace import Workspace
from winset.errors import Mistake, MistakesError
from winset.evidence import Responses
from winset.study import Study
from winset.workbook import is_workbook, list_sheets, missing_sheets, read_sheet, read_whole
from winset.workbook.choosing import Choices, offer_choices

T = TypeVar("T")
KEPT = 1000
"""Answers that are kept; the one that nobody asked for longest goes."""


@dataclass(frozen=True)
class Look:
    """A study looked at.

    Parameters
    ----------
    known
        What was understood of it, counted; None where there are mistakes.
    """

    mistakes: tuple[Mistake, ...]
    known: dict[str, Any] | None


@dataclass
class Looked:
    """Looks at the studies of a workspace."""

    place: Workspace
    held: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever changes cells."""

    def look(self, name: str) -> Look:
        """Mistakes, or what was understood."""
        return self._keep(name, "", _look)

    def sheets(self, name: str) -> tuple[list[str], list[str]]:
        """Sheets of a workbook, and those that it may have besides."""
        return self._keep(name, "sheets", _list)

    def rows(self, name: str, sheet: str) -> list[list[str]]:
        """Cells of a sheet as text; see ``read_sheet``."""
        return self._keep(name, f"sheet {sheet}", lambda path: read_sheet(path, sheet))

    def choices(self, name: str, sheet: str) -> dict[int, Choices]:
        """What the cells of each column of a sheet are chosen from."""
        return self._keep(name, "choices", offer_choices).get(sheet, {})

    def _keep(self, name: str, what: str, make: Callable[[Path], T]) -> T:
        """What was made of the files as they are, or is made now; kept only if they stayed as they were meanwhile."""
        path, key = self.place.study(name), (name, what)
        tag = self.place.tag(name)
        with self.lock:
            known = self.held.pop(key, None)
            if known is not None and known[0] == tag:
                self.held[key] = known
                return known[1]
        made = make(path)
        if self.place.tag(name) == tag:
            with self.lock:
                self.held[key] = tag, made
                while len(self.held) > KEPT:
                    self.held.pop(next(iter(self.held)))
        return made


def _look(path: Path) -> Look:
    mistakes, read = read_whole(path)
    return Look(mistakes, None if read is None else _count(*read))


def _list(path: Path) -> tuple[list[str], list[str]]:
    with contextlib.suppress(MistakesError):
        return (list_sheets(path), missing_sheets(path)) if is_workbook(path) else ([], [])
    return [], []


def _count(known: Study, responses: Responses) -> dict[str, Any]:
    """What was understood of a study, counted."""
    counted = (
        (len(known.sides), "side", "sides"),
        (len(known.constituencies()), "constituency", "constituencies"),
        (len(known.space.issues), "issue", "issues"),
        (len(known.proposals), "proposal", "proposals"),
        (len(known.questions), "question", "questions"),
        (responses.printed, "printed result", "printed results"),
    )
    return {
        "title": known.title,
        "question": known.question,
        "as_of": f"{known.as_of:%-d %B %Y}",
        "counts": [(n, one if n == 1 else many) for n, one, many in counted],
        "rules": [(s.label, known.rule_in_words(i)) for i, s in known.sides.items()],
    }
