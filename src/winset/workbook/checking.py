"""Every mistake of a study at once, wherever it stands."""

from __future__ import annotations

from pathlib import Path

from winset.errors import Mistake, MistakesError, StudyError
from winset.workbook.folder import load


def check_study(path: str | Path) -> tuple[Mistake, ...]:
    """Mistakes in what a study declares and in its evidence; none if it can be run."""
    from winset.evidence import gather

    try:
        gather(load(path))
    except MistakesError as error:
        return every_mistake(error)
    return ()


def every_mistake(error: MistakesError) -> tuple[Mistake, ...]:
    """Mistakes of a study with those in its evidence, which a study that does not load would hide."""
    if not isinstance(error, StudyError) or error.rest is None:
        return error.mistakes
    from winset.evidence import gather

    try:
        gather(error.rest)
    except MistakesError as found:
        more = [m for m in found.mistakes if not any(f"`{name}`" in m.message for name in error.doubtful)]
        return tuple(sorted({*error.mistakes, *more}))
    except Exception:
        return error.mistakes  # readers stumble over a study that holds mistakes; these are told
    return error.mistakes
