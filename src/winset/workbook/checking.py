"""Every mistake of a study at once, wherever it stands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from winset.errors import Mistake, MistakesError, StudyError
from winset.study.study import Study
from winset.workbook.folder import load, own_sheets
from winset.workbook.opening import is_workbook

if TYPE_CHECKING:
    from winset.evidence import Responses


@dataclass(frozen=True)
class Checked:
    """What a look at a study found.

    Parameters
    ----------
    mistakes
        None if it can be run.
    understood
        What was read, in a few lines; none where there are mistakes.
    """

    mistakes: tuple[Mistake, ...] = ()
    understood: tuple[str, ...] = ()


def check_study(path: str | Path) -> tuple[Mistake, ...]:
    """Mistakes in what a study declares and in its evidence; none if it can be run."""
    return read_whole(path)[0]


def look_at(path: str | Path) -> Checked:
    """Mistakes in what a study declares and in its evidence, or what was understood of it."""
    from winset.workbook.overview import tell_study

    mistakes, read = read_whole(path)
    if read is None:
        return Checked(mistakes)
    own = own_sheets(Path(path)) if is_workbook(Path(path)) else []
    left = (f"sheets of your own, left alone: {', '.join(own)}",) if own else ()
    return Checked(understood=(*tell_study(*read), *left))


def read_whole(path: str | Path) -> tuple[tuple[Mistake, ...], tuple[Study, Responses] | None]:
    """Mistakes in a study and its evidence, or both of them read."""
    from winset.evidence import gather

    try:
        study = load(path)
        return (), (study, gather(study))
    except MistakesError as error:
        return every_mistake(error), None


def every_mistake(error: MistakesError) -> tuple[Mistake, ...]:
    """Mistakes of a study with those in its evidence, which a study that does not load would hide."""
    if not isinstance(error, StudyError) or error.rest is None:
        return error.mistakes
    more = [m for m in _in_evidence(error.rest) if not _follows(m, error)]
    return tuple(sorted({*error.mistakes, *more}))


def _in_evidence(study: Study) -> Iterator[Mistake]:
    from winset.evidence.gathering import readers

    for read in readers().values():
        with contextlib.suppress(Exception):  # a reader may stumble over a study that holds mistakes; these are told
            yield from read(study).mistakes


def _follows(mistake: Mistake, error: StudyError) -> bool:
    """Whether a mistake in the evidence only follows from one that is told: of the same cell, or of a name that is missing."""
    if any(f"`{name}`" in mistake.message for name in error.doubtful):
        return True
    if not mistake.cell:
        return False
    here = [m for m in error.mistakes if m.file == mistake.file]
    row_told = any(m.line == mistake.line for m in here)
    return any(m.cell == mistake.cell for m in here) or (row_told and "``" in mistake.message)
