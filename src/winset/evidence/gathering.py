"""Readers -> the responses table. A stranger's reader comes in through the same door as ours."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import get_args

import polars as pl

from winset.errors import EvidenceError, Mistake, UsageError, suggest
from winset.evidence.responses import CONTEXT, Reading, Responses, tabulate
from winset.study import Study
from winset.study.question import Kind

GROUP = "winset.readers"
KINDS = ("poll", "experiment", "interviews", *get_args(Kind))
"""Kinds of instrument and of question, which evidence may be left out by."""

Reader = Callable[[Study], Reading]


def readers() -> Mapping[str, Reader]:
    """Installed readers by name, found by the entry point group ``winset.readers``."""
    return {e.name: e.load() for e in sorted(entry_points(group=GROUP), key=lambda e: e.name)}


def gather(study: Study, *, without: Sequence[str] = ()) -> Responses:
    """Read all evidence of a study.

    Parameters
    ----------
    without
        Kinds of instrument (``poll``, ``experiment``, ``interviews``) or of question (``mood``, ``vague``, ``clause``, ``term``,
        ``package``), instruments or questions to leave out.

    Raises
    ------
    EvidenceError
        With every bad row, each with file and line. Nothing is dropped in silence.
    UsageError
        If ``without`` names nothing known.
    """
    known = [*KINDS, *study.instruments, *study.questions]
    for name in without:
        if name not in known:
            said = f"`{name}` is no kind of instrument or of question, no instrument and no question"
            raise UsageError(said + suggest(name, known))
    readings = [read(study) for read in readers().values()]
    mistakes: list[Mistake] = [m for r in readings for m in r.mistakes]
    if mistakes:
        raise EvidenceError(mistakes)
    table, offers = tabulate(study, [x for r in readings for x in r.responses])
    context = pl.DataFrame([dataclasses.asdict(s) for r in readings for s in r.context], schema=CONTEXT)
    files = tuple(f for r in readings for f in r.files)
    return (
        Responses(table, offers, context, files=files).without(study, without)
        if without
        else Responses(table, offers, context, files=files)
    )
