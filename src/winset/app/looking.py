"""A look into the files of a study; apart, so that a process that does nothing else loads nothing else."""

from __future__ import annotations

import contextlib
import gc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winset.errors import Mistake, MistakesError, WinsetError
from winset.workbook import is_workbook, list_sheets, load, missing_sheets, read_whole

if TYPE_CHECKING:
    from winset.evidence import Responses
    from winset.study import Study


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


def settle() -> None:
    """Import what looks at studies, and let the search for cycles pass over it: each would take a quarter of a second."""
    import winset.evidence.gathering
    import winset.workbook.cells
    import winset.workbook.folder  # noqa: F401

    gc.collect()
    gc.freeze()


def look_into(path: Path) -> Look:
    """Every mistake of a study, or what was understood of it."""
    mistakes, read = read_whole(path)
    return Look(mistakes, None if read is None else _count(*read))


def list_since(path: Path, run: Path) -> list[str]:
    """What is otherwise in a study than in the one that an answer was made of; empty where all was taken back.

    What cannot be told, as the study has mistakes or the answer cannot be read, is something all the same.
    """
    from winset.runs import list_changed

    try:
        return list_changed(run, load(path))
    except WinsetError:
        return ["what it has mistakes in"]


def list_both(path: Path) -> tuple[list[str], list[str]]:
    """Sheets of a workbook, and those that it may have besides; none of what is no workbook."""
    with contextlib.suppress(MistakesError):
        return (list_sheets(path), missing_sheets(path)) if is_workbook(path) else ([], [])
    return [], []


def _count(known: Study, responses: Responses) -> dict[str, Any]:
    """What was understood of a study, counted."""
    record = [p for p in known.proposals.values() if p.date <= known.as_of]
    later = len(known.proposals) - len(record)
    counted = (
        (len(known.sides), "side", "sides"),
        (len(known.constituencies()), "constituency", "constituencies"),
        (len(known.space.issues), "issue", "issues"),
        (len(record), "proposal on record", "proposals on record"),
        *([(later, "proposal later than the evidence", "proposals later than the evidence")] if later else []),
        (len(known.questions), "question", "questions"),
        (responses.printed, "printed result", "printed results"),
    )
    return {
        "title": known.title,
        "question": known.question,
        "as_of": f"{known.as_of:%-d %B %Y}",
        "printed": responses.printed,
        "counts": [(n, one if n == 1 else many) for n, one, many in counted],
        "invented": [s.title for s in known.sources.values() if s.invented],
        "rules": [(s.label, known.rule_in_words(i)) for i, s in known.sides.items()],
    }
