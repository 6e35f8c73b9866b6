"""Programs count characters in different ways: find the way in which every passage says what it should."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

SHORTEST = 4
"""Characters below which a name proves nothing."""


@dataclass(frozen=True)
class Marked:
    """A passage as a file gives it: two offsets and the name, which usually begins with the passage's words."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Counting:
    """One way of counting characters: UTF-16 units or code points, carriage returns or not, end included or not."""

    utf16: bool = False
    without_returns: bool = False
    with_mark: bool = False
    end_included: bool = False

    def __str__(self) -> str:
        parts = [
            "UTF-16 units" if self.utf16 else "code points",
            *(["carriage returns not counted"] if self.without_returns else []),
            *(["byte order mark counted"] if self.with_mark else []),
            "end included" if self.end_included else "end not included",
        ]
        return ", ".join(parts)


@dataclass(frozen=True)
class Reading:
    """How a document's offsets were read.

    Parameters
    ----------
    spans
        Code-point offsets of each passage, end not included, in the text as it stands.
    agreed
        Passages whose words were checked against their names.
    shifted
        Places of passages whose name stands elsewhere in the text, but not where the offsets point.
    """

    counting: Counting
    spans: tuple[tuple[int, int], ...]
    agreed: int
    shifted: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class Document:
    """A text and its arithmetic of offsets."""

    text: str
    had_mark: bool = False

    @cached_property
    def _units(self) -> list[int]:
        return [0, *accumulate(2 if ord(c) > 0xFFFF else 1 for c in self.text)]

    @cached_property
    def _kept(self) -> list[int]:
        return [0, *accumulate(c != "\r" for c in self.text)]

    @cached_property
    def _both(self) -> list[int]:
        return [0, *accumulate((c != "\r") * (2 if ord(c) > 0xFFFF else 1) for c in self.text)]

    def place(self, offset: int, counting: Counting, *, last: bool = False) -> int:
        """Code-point offset in the text of an offset counted in some way; clipped to the text."""
        offset -= counting.with_mark
        if not (counting.utf16 or counting.without_returns):
            return min(max(offset, 0), len(self.text))
        counts = self._both if counting.utf16 and counting.without_returns else self._units
        counts = self._kept if not counting.utf16 else counts
        found = bisect_left(counts, offset) if last else bisect_right(counts, offset) - 1
        return min(max(found, 0), len(self.text))

    def span(self, marked: Marked, counting: Counting) -> tuple[int, int]:
        """Code-point offsets of a passage, end not included."""
        end = marked.end + counting.end_included
        return self.place(marked.start, counting), self.place(end, counting, last=True)

    def countings(self) -> list[Counting]:
        """Ways of counting that differ on this text, the likeliest first."""
        utf16 = [False, True] if any(ord(c) > 0xFFFF for c in self.text) else [False]
        returns = [False, True] if "\r" in self.text else [False]
        marks = [False, True] if self.had_mark else [False]
        return [Counting(u, r, m, e) for e in (False, True) for m in marks for u in utf16 for r in returns]


def read_offsets(document: Document, passages: Sequence[Marked]) -> Reading:
    """The way of counting under which most passages begin with their names.

    The standard (REFI-QDA 1.5, annex) counts code points and calls the second offset that of the last character, the
    file it prints excludes it; programs written for .NET and Java count UTF-16 units.
    """
    words = _squeezed(document.text)
    best: tuple[int, Counting] | None = None
    names = {p.name: _words(p.name) for p in passages}
    quoted = [len(names[p.name]) >= SHORTEST and names[p.name] in words for p in passages]
    for counting in document.countings():
        agreed = sum(q and _says(document, p, counting, names) for p, q in zip(passages, quoted, strict=True))
        if best is None or agreed > best[0]:
            best = agreed, counting
    agreed, counting = best or (0, Counting())
    shifted = tuple(
        n
        for n, (p, q) in enumerate(zip(passages, quoted, strict=True))
        if q and not _says(document, p, counting, names, loosely=True)
    )
    return Reading(counting, tuple(document.span(p, counting) for p in passages), agreed, shifted)


def _says(
    document: Document, passage: Marked, counting: Counting, names: Mapping[str, str], *, loosely: bool = False
) -> bool:
    """Whether the passage says its name: all of it, or, where programs cut names short, its beginning."""
    start, end = document.span(passage, counting)
    said, name = _squeezed(document.text[start:end]), names[passage.name]
    cut = passage.name.rstrip().endswith(("…", "...")) or len(passage.name) >= 50
    return (
        said == name
        or ((cut or loosely) and said.startswith(name))
        or (loosely and name.startswith(said) and len(said) >= SHORTEST)
    )


def _words(name: str) -> str:
    return _squeezed(re.sub(r"(…|\.\.\.)\s*$", "", name))


def _squeezed(text: str) -> str:
    """Text without white space: programs fold it in names."""
    return "".join(text.split())
