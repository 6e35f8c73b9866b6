"""A questionnaire: the sheets of a workbook that go to a pollster, with blank cells, and come back filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from winset.errors import UsageError
from winset.workbook.filling import Filled
from winset.workbook.sheets import INSTRUMENTS, POLLS, QUESTIONS, SCALES, SOURCES, START
from winset.workbook.starting import WRITTEN
from winset.workbook.writing import write_workbook

PARTS = (START, QUESTIONS, POLLS, INSTRUMENTS, SOURCES, SCALES)
"""In the order in which a pollster needs them."""


def check_place(path: Path) -> None:
    """Look before anything is worked out whether a questionnaire can be written there.

    Raises
    ------
    UsageError
        If the place is taken, or the file is of another kind.
    """
    if path.suffix.lower() != WRITTEN:
        raise UsageError(
            f"{path}: a questionnaire is written as {WRITTEN}, which LibreOffice opens too; name {path.with_suffix(WRITTEN)}"
        )
    if path.exists():
        raise UsageError(f"{path} exists; name another file, nothing is overwritten")


def questionnaire_bytes(filled: Mapping[str, Filled], introduction: Sequence[str]) -> bytes:
    """The workbook of a questionnaire: headings as in any workbook, and what to do on the first sheet."""
    return write_workbook(filled, sheets=PARTS, introduction=introduction)
