"""A workbook file -> grids of typed cells: what each cell holds, nothing guessed, and every cell that cannot be read."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter

from winset.errors import Mistake, StudyError, relative

Value = str | int | float | bool | dt.date | None
"""What a cell holds; per cents are texts such as ``50%``, months are texts such as ``2025-05``."""

LARGEST_FILE, LARGEST_INSIDE = 32 * 2**20, 256 * 2**20
"""Bytes of a workbook, and of what is packed in it."""
MOST_ROWS, MOST_COLUMNS = 20_000, 400
OLD = b"\xd0\xcf\x11\xe0"
"""First bytes of an .xls, and of a workbook with a password."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
EPOCH, SERIAL = dt.date(1899, 12, 30), (20_000, 80_000)
"""Day 0 of spreadsheets, and counts that are read as days: from 1954 to 2119."""
KINDS = (".xlsx", ".xlsm", ".ods")
"""Endings of workbooks that are read."""


@dataclass(frozen=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    rows
        Cells row by row from A1, as wide as the sheet.
    wrong
        What is wrong with a cell, by row and column from 1.
    """

    name: str
    rows: list[list[Value]]
    wrong: dict[tuple[int, int], str] = field(default_factory=dict)


def is_workbook(path: Path) -> bool:
    """Whether a path is a file that may be a workbook."""
    return path.suffix.lower() in {*KINDS, ".xls", ".xlsb", ".numbers"} and not path.is_dir()


def read_grids(path: Path) -> dict[str, Grid]:
    """All sheets of a workbook.

    Raises
    ------
    StudyError
        If the file is none that can be read: missing, too large, with a password, of an old or another kind.
    """
    said = _unreadable(path)
    if said:
        raise StudyError([Mistake(relative(path), 0, said)])
    try:
        sheets = python_calamine.CalamineWorkbook.from_path(str(path))
        heights = {n: sheets.get_sheet_by_name(n) for n in sheets.sheet_names}
        for name, sheet in heights.items():
            if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
                said = f"sheet {name} has {sheet.height} rows and {sheet.width} columns; {MOST_ROWS} and {MOST_COLUMNS} are read"
                raise StudyError(
                    [Mistake(relative(path), 0, f"{said}: delete what is empty, or write several studies")]
                )
        if path.suffix.lower() == ".ods":
            return {n: Grid(n, [[_plain(v) for v in row] for row in _rows_of(s)]) for n, s in heights.items()}
        return _rich(path)
    except StudyError:
        raise
    except Exception as error:  # the readers raise whatever a damaged file makes them stumble over
        said = f"is damaged or no workbook ({str(error).splitlines()[0][:120] or type(error).__name__}); save it again"
        raise StudyError([Mistake(relative(path), 0, said)]) from None


def _unreadable(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if size > LARGEST_FILE:
        return f"larger than {LARGEST_FILE // 2**20} MiB; delete pictures and empty rows"
    if start[:4] == OLD:
        if LOCKED in path.read_bytes():
            return "has a password; open it and save it without one"
        return "is an .xls of the old kind; open it and save it as .xlsx"
    if start[:2] != b"PK":
        return f"is no workbook, whatever its name says; save it as one of {', '.join(KINDS)}"
    if path.suffix.lower() not in KINDS:
        return f"is of a kind that is not read; save it as one of {', '.join(KINDS)}"
    try:
        with zipfile.ZipFile(path) as inside:
            if sum(i.file_size for i in inside.infolist()) > LARGEST_INSIDE:
                return f"holds more than {LARGEST_INSIDE // 2**20} MiB when unpacked; this is no study"
    except zipfile.BadZipFile:
        return "is damaged; save it again"
    return ""


def _rows_of(sheet: Any) -> list[list[Any]]:
    """Rows from A1, where calamine begins with the first cell that is used."""
    if sheet.start is None:
        return []
    down, right = sheet.start
    rows = sheet.to_python(skip_empty_area=True)
    return [[]] * down + [[None] * right + list(row) for row in rows]


def _rich(path: Path) -> dict[str, Grid]:
    """Sheets with what only formats tell: per cents, months, formulas, hidden rows, merged cells."""
    values, formulas = (openpyxl.load_workbook(path, data_only=x) for x in (True, False))
    return {sheet.title: _read_sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets}


def _read_sheet(sheet: Any, formulas: Any) -> Grid:
    rows: list[list[Value]] = []
    wrong: dict[tuple[int, int], str] = {}
    hidden = {r for r, d in sheet.row_dimensions.items() if d.hidden}
    for n, (cells, sources) in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), 1):
        row = []
        for cell, source in zip(cells, sources, strict=True):
            if cell.data_type == "e":
                wrong[n, cell.column] = f"holds the error {cell.value}; write what is meant"
            elif source.data_type == "f" and cell.value is None:
                wrong[n, cell.column] = "holds a formula that was never worked out; write what it gives"
            row.append(_formatted(cell))
        if n in hidden and any(v is not None for v in row):
            wrong[n, 1] = f"row {n} is hidden; show it if it counts, delete it if not"
        rows.append(row)
    for area in sheet.merged_cells.ranges:
        first = rows[area.min_row - 1][area.min_col - 1]
        for r in range(area.min_row, area.max_row + 1):
            for c in range(area.min_col, area.max_col + 1):
                rows[r - 1][c - 1] = first
    return Grid(sheet.title, rows, wrong)


def _formatted(cell: Any) -> Value:
    form = str(cell.number_format or "")
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and "%" in form:
        return f"{round(cell.value * 100, 10):.15g}%"
    if isinstance(cell.value, dt.datetime | dt.date) and "d" not in form.lower() and "y" in form.lower():
        return f"{cell.value:%Y-%m}" if "m" in form.lower() else f"{cell.value:%Y}"
    return _plain(cell.value)


def _plain(value: Any) -> Value:
    """A cell's value; texts without stray spaces, times and the like as they are written."""
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, bool | int | dt.date):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    text = " ".join(str(value).replace("\u200b", "").split())
    return text or None


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


def letter(column: int) -> str:
    """Name of a column, from 1."""
    return get_column_letter(column)


def used(grid: Grid) -> Iterator[tuple[int, list[Value]]]:
    """Rows that hold something, with their numbers."""
    for n, row in enumerate(grid.rows, 1):
        if any(v is not None for v in row):
            yield n, row
