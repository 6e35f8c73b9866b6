"""Grids of typed cells: what each cell of a sheet holds, nothing guessed, and every cell that cannot be read."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Value = str | int | float | bool | dt.date | None
"""What a cell holds; per cents are texts such as ``50%``, months are texts such as ``2025-05``."""

MOST_ROWS, MOST_COLUMNS = 20_000, 400
EPOCH, SERIAL = dt.date(1899, 12, 30), (20_000, 80_000)
"""Day 0 of spreadsheets, and counts that are read as days: from 1954 to 2119."""
ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:\d+")
"""What a spreadsheet writes into a cell whose formula fails."""
NEVER_WORKED_OUT = "holds a formula that was never worked out; write what it gives"


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    rows
        Cells row by row from A1, as wide as what is filled.
    wrong
        What is wrong with a cell, by row and column from 1.
    hidden_columns
        Columns that nobody sees, from 1.
    hidden
        Whether nobody sees the whole sheet.
    """

    name: str
    rows: list[list[Value]]
    wrong: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass
class Marks:
    """What a sheet says beside the values of its cells; rows and columns from 1, areas from first to last."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    wrong: dict[tuple[int, int], str] = field(default_factory=dict)


class TooLargeError(Exception):
    """A cell is filled beyond the rows and columns that are read."""

    def __init__(self, name: str, row: int, column: int) -> None:
        self.name, self.row, self.column = name, row, column
        super().__init__(name)


def make_grid(name: str, rows: list[list[Value]], marks: Marks) -> Grid:
    """A sheet as people see it: what merged cells hold stands in each of them, hidden rows are told."""
    wrong = dict(marks.wrong)
    for n, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if isinstance(value, str) and ERROR.fullmatch(value):
                wrong[n, c] = _failed(value)
        if n in marks.hidden_rows and any(v is not None for v in row):
            wrong[n, 1] = f"row {n} is hidden; show it if it counts, delete it if not"
    wide = max((len(r) for r in rows), default=0)
    for top, left, bottom, right in marks.merged:
        first = rows[top - 1][left - 1] if top <= len(rows) and left <= len(rows[top - 1]) else None
        for r in range(top, min(bottom, len(rows)) + 1):
            row = rows[r - 1]
            row += [None] * (min(right, wide) - len(row))
            for c in range(left, min(right, wide) + 1):
                row[c - 1] = first
    return Grid(name, rows, wrong, frozenset(marks.hidden_columns), marks.hidden)


def retype(grid: Grid, values: Mapping[tuple[int, int], Value]) -> Grid:
    """The sheet with some cells filled anew, as it would be read: as wide and long as what is filled.

    Parameters
    ----------
    values
        By row and column, from 1.
    """
    rows = list(grid.rows)
    wrong = {at: said for at, said in grid.wrong.items() if at not in values}
    for (n, c), value in values.items():
        rows += [[] for _ in range(n - len(rows))]
        row = rows[n - 1] + [None] * (c - len(rows[n - 1]))
        row[c - 1] = value
        rows[n - 1] = row
        if isinstance(value, str) and ERROR.fullmatch(value):
            wrong[n, c] = _failed(value)
    filled = [c for row in rows for c, v in enumerate(row, 1) if v is not None] + [c for _, c in wrong]
    last = max(
        [n for n, row in enumerate(rows, 1) if any(v is not None for v in row)] + [n for n, _ in wrong], default=0
    )
    wide = max(filled, default=0)
    rows = [row if len(row) == wide else (row + [None] * wide)[:wide] for row in rows[:last]]
    return replace(grid, rows=rows, wrong=wrong)


def _failed(value: str) -> str:
    return f"holds the error {value}; write what is meant"


def plain_value(value: Any) -> Value:
    """A cell's value; texts without stray spaces, times and the like as they are written."""
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, bool | int | dt.date):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    text = " ".join(str(value).replace("\u200b", "").split())
    return text or None


def per_cent(value: float) -> str:
    """A share that a cell shows in per cent."""
    return f"{round(value * 100, 10):.15g}%"


def as_text(value: Value) -> str:
    """A cell as a person reads it.

    Examples
    --------
    >>> as_text(48.5), as_text(dt.date(2025, 5, 22)), as_text(True), as_text(None)
    ('48.5', '2025-05-22', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def as_day(value: Value) -> str:
    """A day, month or year; a count of days since 1900, which spreadsheets show where a date lost its form, as its day.

    Examples
    --------
    >>> as_day(45000), as_day(2004), as_day("2004-02")
    ('2023-03-15', '2004', '2004-02')
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and SERIAL[0] <= value <= SERIAL[1]:
        return (EPOCH + dt.timedelta(days=int(value))).isoformat()
    return as_text(value)


@functools.cache
def letter(column: int) -> str:
    """Name of a column, from 1."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)


def used(grid: Grid) -> Iterator[tuple[int, list[Value]]]:
    """Rows that hold something, with their numbers."""
    for n, row in enumerate(grid.rows, 1):
        if any(v is not None for v in row):
            yield n, row
