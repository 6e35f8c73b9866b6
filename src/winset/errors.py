"""Mistakes a person can mend, and the errors that carry them."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 800
"""Characters of a mistake that are shown."""
SHOWN = 10
"""Further cells with the same mistake that a line names."""


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a file that a person wrote.

    Parameters
    ----------
    file
        Path of the file, as the user would type it.
    line
        Line number from 1, or 0 where the whole file is meant.
    message
        What is wrong and what to write instead.
    cell
        Cell of a workbook's sheet; ``file`` then ends with the name of the sheet.
    """

    file: str
    line: int
    message: str
    cell: str = ""

    def __str__(self) -> str:
        said = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in self.message)
        if len(said) > LONGEST:  # a cell or a key that swallowed half a file
            said = f"{said[: LONGEST // 2]} ... {said[-LONGEST // 4 :]}"
        if self.cell:
            return f"{self.file}!{self.cell}: {said}"
        return f"{self.file}:{self.line}: {said}" if self.line else f"{self.file}: {said}"


def list_mistakes(mistakes: Iterable[Mistake]) -> list[str]:
    """A line for each mistake; the same one in many cells of a sheet is one line, which names the cells.

    Examples
    --------
    >>> list_mistakes(Mistake("a.xlsx, Polls", n, "unknown side `north`", f"C{n}") for n in (5, 6, 7))
    ['a.xlsx, Polls!C5: unknown side `north` (also in C6, C7)']
    """
    cells: dict[tuple[str, str], list[Mistake]] = {}
    for m in mistakes:
        cells.setdefault((m.file, m.message if m.cell else f"{m.line}: {m.message}"), []).append(m)
    lines = []
    for first, *more in cells.values():
        named = ", ".join(m.cell for m in more[:SHOWN])
        further = f" and {len(more) - SHOWN} more" if len(more) > SHOWN else ""
        lines.append(f"{first} (also in {named}{further})" if more else str(first))
    return lines


class WinsetError(Exception):
    """Base of the errors that are shown as sentences, never as tracebacks."""


class MistakesError(WinsetError):
    """A file or folder holds mistakes; all of them are listed at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(list_mistakes(self.mistakes)))


class StudyError(MistakesError):
    """The declared world (study, questions, instruments) cannot be used.

    Parameters
    ----------
    rest
        The study without what is wrong in it, to look for mistakes in its evidence; None where nothing can be said of it.
    doubtful
        Ids that are missing from the rest.
    """

    def __init__(self, mistakes: Iterable[Mistake], rest: Any = None, doubtful: Iterable[str] = ()) -> None:
        super().__init__(mistakes)
        self.rest, self.doubtful = rest, tuple(doubtful)


class EvidenceError(MistakesError):
    """Rows of evidence cannot be used."""


class UsageError(WinsetError):
    """What the user asked for does not exist or cannot be done."""


class NotHereError(UsageError):
    """What the user named is not there."""


class FitError(WinsetError):
    """A fit cannot be made or is unfit for use."""


class RunError(WinsetError):
    """A run folder cannot be read or written."""


def suggest(wrong: str, valid: Iterable[str]) -> str:
    """Name the nearest valid id, as the end of a sentence.

    Examples
    --------
    >>> suggest("crimea-recognised", ["crimea-recognized", "none"])
    '; did you mean `crimea-recognized`?'
    >>> suggest("x", ["territory"])
    '; known: `territory`'
    """
    return _suggest(wrong, tuple(valid))


@functools.lru_cache(maxsize=1024)
def _suggest(wrong: str, known: tuple[str, ...]) -> str:
    """One slip often stands in thousands of rows, and looking for the nearest name takes a millisecond."""
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    listed = ", ".join(f"`{v}`" for v in known[:12])
    return f"; known: {listed}{' ...' if len(known) > 12 else ''}" if known else "; none is declared"


def relative(path: Path) -> str:
    """Path as the user would type it from the working folder, absolute where it lies elsewhere."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
