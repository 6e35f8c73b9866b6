"""Rows added to a sheet of a workbook that somebody else filled in; the rest of it stays as it is."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from winset.errors import UsageError
from winset.study.places import Places
from winset.workbook.grids import Value, used
from winset.workbook.opening import read_grids
from winset.workbook.sheets import LATE, SHEETS, TREE
from winset.workbook.tables import read_table

WRITTEN = (".xlsx", ".xlsm")
DECIMAL = re.compile(r"-?\d{1,9}\.\d{1,9}")


def add_rows(path: Path, name: str, rows: Sequence[Mapping[str, Value]]) -> bytes:
    """Bytes of a workbook with rows below those of a sheet; a column that it may have and lacks is added on the right.

    Parameters
    ----------
    rows
        Values by the field that a column fills; texts of figures become numbers, but for sheets that hold a file as it is.

    Raises
    ------
    UsageError
        If the workbook is of a kind that is only read, or lacks the sheet or a column.
    """
    if path.suffix.lower() not in WRITTEN:
        raise UsageError(f"{path}: rows can be added to {' and '.join(WRITTEN)}; save it as one of them")
    sheet = next(s for s in SHEETS if s.name == name)
    late = {c.key: c.heading for c in LATE.get(name, ())}
    grid = read_grids(path).get(name)
    table = read_table(grid, sheet, LATE.get(name, ()), Places(path.name))[0] if grid is not None else None
    if grid is None or table is None or not table.columns:
        raise UsageError(f"{path} has no sheet `{name}` with its headings; `winset new FILE.xlsx` shows them")
    filled = dict.fromkeys(k for row in rows for k, value in row.items() if value not in (None, ""))
    own = {c.key: c.heading for c in sheet.columns}
    lacking = [k for k in filled if k not in table.columns and (k in own or not (sheet.open_ended or k in late))]
    if lacking:
        headings = ", ".join(own.get(k, k) for k in lacking)
        raise UsageError(f"{path}, sheet `{name}` lacks the columns {headings}; add them")
    book = openpyxl.load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm")
    columns = dict(table.columns)
    for key in (k for k in filled if k not in columns):
        columns[key] = max(columns.values()) + 1
        book[name].cell(table.heading_row, columns[key], late.get(key, key))
    last = max(n for n, _ in used(grid))
    for n, row in enumerate(rows, last + 1):
        for key, value in row.items():
            if value is not None and value != "":
                _write(book[name].cell(n, columns[key]), value, as_it_is=sheet.columns is TREE)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: Any, value: Value, *, as_it_is: bool) -> None:
    """A value in a cell; a text that begins with = is no formula."""
    cell.value = value if as_it_is or not isinstance(value, str) else _typed(value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"


def _typed(text: str) -> str | int | float:
    """A figure as a number, so that a spreadsheet does not take it for a text."""
    if text.lstrip("-").isdigit():
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
