"""What the checks of a study's files say, in the words of the sheets on which people wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from winset.errors import Mistake
from winset.workbook.grids import letter
from winset.workbook.sheets import FACTS, LATE, Column
from winset.workbook.tables import Table

MISSING = re.compile(r"`(\w+)` is (?:missing|empty; write one entry at least)")
FIELD = re.compile(r"^`(\w+)`")
NO_ORDER = re.compile(r"no order for issue `[^`]+`")
ORDER_SAYS = (
    ": on sheet Terms, in column Order: SIDE, write 1 for what it likes best, then 2, ...; ? where nobody knows"
)
ELSEWHERE = {
    "constituencies": ("Groups", "no group stands on sheet Groups for this side; write one row for it at least"),
    "order": ("Terms", "what this side likes best is said nowhere; write a column `Order: SIDE` on sheet Terms"),
    "sides": ("Sides", "no side stands on sheet Sides; write a row for each"),
    "issues": ("Terms", "no issue stands on sheet Terms; write a row for each of its options"),
    "options": ("Terms", "this issue has no option; write one row for each way to settle it"),
    "terms": ("Proposals", "this proposal settles nothing; pick an option for one issue at least"),
}
"""Fields that another sheet, or a whole row, fills: which, and what to write."""


def say_empty(column: Column) -> str:
    """What to write in a cell that may not stay empty."""
    return f"`{column.heading}` is empty; write: {column.says[0].lower()}{column.says[1:]}"


def word_in_sheets(
    found: Iterable[Mistake], told: Collection[Mistake], tables: Mapping[str, Table]
) -> Iterator[Mistake]:
    """Mistakes by the headings of their cells; what only follows from a sheet that is wrong itself is left out.

    Parameters
    ----------
    told
        What was told of the cells already.
    """
    wrong = {m.file.rpartition(", ")[2] for m in told if m.cell} | {n for n, t in tables.items() if not t.heading_row}
    for mistake in found:
        missing = MISSING.fullmatch(mistake.message)
        sheet, said = ELSEWHERE.get(missing[1], ("", "")) if missing else ("", "")
        if NO_ORDER.match(mistake.message):
            if not any(m.file.endswith(", Terms") for m in told):
                yield replace(mistake, message=f"{mistake.message.split(';')[0]}{ORDER_SAYS}")
        elif said:
            if sheet not in wrong:
                yield replace(mistake, message=said)
        elif mistake.cell:
            yield _by_heading(mistake, tables)
        elif not (missing and Path(mistake.file).name == "study.yaml") or tables["Start"].heading_row:
            yield _of_fact(mistake)


def _by_heading(mistake: Mistake, tables: Mapping[str, Table]) -> Mistake:
    """A mistake that begins with the name of a field: with the heading of its column instead."""
    table = tables.get(mistake.file.rpartition(", ")[2])
    field = FIELD.match(mistake.message)
    if table is None or field is None:
        return mistake
    if table.sheet.name == "Start":
        return _of_fact(mistake)
    column = _column_at(table, mistake.cell)
    if column is None or field[1] not in (column.key, *column.key.split(".")):
        return mistake
    if MISSING.fullmatch(mistake.message):
        return replace(mistake, message=say_empty(column))
    return replace(mistake, message=f"`{column.heading}`{mistake.message[field.end() :]}")


def _column_at(table: Table, cell: str) -> Column | None:
    here = cell.rstrip("0123456789")
    key = next((k for k, n in table.columns.items() if letter(n) == here), "")
    every = (*table.sheet.columns, *LATE.get(table.sheet.name, ()))
    return next((c for c in every if c.key == key), None)


def _of_fact(mistake: Mistake) -> Mistake:
    """A mistake in what the first sheet says, by the words that stand there."""
    field = FIELD.match(mistake.message)
    words = next(((w, says) for w, key, says in FACTS if field and key == field[1]), None)
    if field is None or words is None:
        return mistake
    if not MISSING.fullmatch(mistake.message):
        return replace(mistake, message=f"`{words[0]}`{mistake.message[field.end() :]}")
    where = "is empty" if mistake.cell else "has no row on sheet Start"
    return replace(mistake, message=f"`{words[0]}` {where}; write: {words[1][0].lower()}{words[1][1:]}")
