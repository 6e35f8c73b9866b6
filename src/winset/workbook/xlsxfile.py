"""An .xlsx file -> grids: values by openpyxl; hidden rows, merged cells and formulas from the XML of each sheet."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from pathlib import Path
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils.cell import range_boundaries

from winset.workbook.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    NEVER_WORKED_OUT,
    Grid,
    Marks,
    TooLargeError,
    Value,
    make_grid,
    per_cent,
    plain_value,
)

FURTHEST = 16_384
"""Columns that a spreadsheet has."""
WORDS = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')
"""Parts of a number format that are words, not the form of a figure."""
READ = ("row", "col", "mergeCell")


def read_xlsx(path: Path) -> dict[str, Grid]:
    """Sheets of a workbook by name.

    Raises
    ------
    TooLargeError
        If a cell is filled beyond what is read.
    ValueError
        If two sheets have one name, or rows stand in no order.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about charts and lists that openpyxl does not keep; nothing is written here
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            names = [s.title for s in book.worksheets]
            if twice := [n for n in names if names.count(n) > 1]:
                raise ValueError(f"two sheets have the name {twice[0]}")
            return {s.title: _read_sheet(s) for s in book.worksheets}
        finally:
            book.close()


def _read_sheet(sheet: Any) -> Grid:
    marks, last_row, last_column = _read_marks(sheet)
    marks.hidden = sheet.sheet_state != "visible"
    if not last_row:
        return make_grid(sheet.title, [], marks)
    rows = [
        [show(cell.value, str(cell.number_format or "")) for cell in row]
        for row in sheet.iter_rows(max_row=last_row, max_col=max(last_column, 1))
    ]
    return make_grid(sheet.title, rows, marks)


def part_of(sheet: Any) -> str:
    """Which part of the package a sheet of a book opened to be read is; openpyxl says it in this one place."""
    return sheet._worksheet_path


def _read_marks(sheet: Any) -> tuple[Marks, int, int]:
    """What no value tells, and the last row and column that hold one; a part is walked through, never held as a whole."""
    marks, last_row, last_column, number = Marks(), 0, 0, 0
    with sheet.parent._archive.open(part_of(sheet)) as source:
        tags = tuple(f"{{*}}{t}" for t in READ)
        nodes: Any = etree.iterparse(source, events=("end",), tag=tags, resolve_entities=False, no_network=True)
        for _, node in nodes:
            match etree.QName(node).localname:
                case "row":
                    before, number = number, int(node.get("r", number + 1))
                    if number <= before:
                        raise ValueError(f"row {number} of sheet {sheet.title} stands after row {before}")
                    if node.get("hidden") in {"1", "true"}:
                        marks.hidden_rows.add(number)
                    filled = _filled(node, number, marks)
                    if filled and (number > MOST_ROWS or filled > MOST_COLUMNS):
                        raise TooLargeError(sheet.title, number, filled)
                    last_row, last_column = (number if filled else last_row), max(last_column, filled)
                case "col" if node.get("hidden") in {"1", "true"}:
                    first, last = (min(int(node.get(k)), FURTHEST) for k in ("min", "max"))
                    marks.hidden_columns.update(range(first, last + 1))
                case "mergeCell":
                    left, top, right, bottom = range_boundaries(node.get("ref"))
                    marks.merged.append((top, left, bottom, right))  # pyright: ignore[reportArgumentType]
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    return marks, last_row, last_column


def _filled(row: Any, number: int, marks: Marks) -> int:
    """Last column of a row that holds something."""
    column = last = 0
    for cell in row:
        place = cell.get("r")
        column = range_boundaries(place)[0] or 0 if place else column + 1
        parts = {etree.QName(p).localname: p for p in cell.iterchildren(tag=etree.Element)}
        value, formula = parts.get("v"), parts.get("f")
        if formula is not None and (value is None or not value.text) and "is" not in parts:
            if cell.get("t") != "str":  # a formula that gives an empty text was worked out
                marks.wrong[number, column] = NEVER_WORKED_OUT
                last = max(last, column)
        elif "is" in parts or (value is not None and value.text):
            last = max(last, column)
    return last


def show(value: Any, form: str) -> Value:
    """A value in the form in which a cell of some number format shows it."""
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date):
        return plain_value(value)
    form = WORDS.sub("", form).lower()
    if isinstance(value, int | float):
        return per_cent(value) if "%" in form else plain_value(value)
    if "d" not in form and "y" in form:
        return f"{value:%Y-%m}" if "m" in form else f"{value:%Y}"
    return plain_value(value)
