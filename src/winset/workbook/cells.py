"""A workbook's sheets as grids of text, and changes of cells: read as a spreadsheet would show them, written back in place."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from winset.errors import UsageError
from winset.workbook.filling import Filled
from winset.workbook.grids import MOST_COLUMNS, MOST_ROWS, as_text, retype
from winset.workbook.opening import keep_grids, read_grids
from winset.workbook.patching import patch_cells, patch_identifier
from winset.workbook.sheets import LATE, SHEETS
from winset.workbook.writing import write_sheet
from winset.workbook.xlsxfile import FURTHEST, WORDS, show

SPARE, SPARE_COLUMNS = 12, 3
"""Empty rows below what is filled, and columns beside it, to write on in."""
NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,12})?$")
Typed = Callable[[str], "float | str | None"]
"""What a cell is to hold, given the number format that it has."""
WRITTEN = (".xlsx", ".xlsm")
"""Kinds of workbooks that can be changed here; others are uploaded anew."""


def list_sheets(path: Path) -> list[str]:
    """Sheets that people fill in, in their order."""
    known = [s.name for s in SHEETS]
    here = read_grids(path)
    return [n for n in known if n in here]


def read_sheet(path: Path, name: str) -> list[list[str]]:
    """Cells of a sheet as text, row by row from A1, all rows as wide as the widest.

    Raises
    ------
    UsageError
        If there is no such sheet.
    """
    grids = read_grids(path)
    if name not in grids:
        raise UsageError(f"the workbook has no sheet `{name}`")
    rows = [[as_text(v) for v in row] for row in grids[name].rows]
    while rows and not any(rows[-1]):
        rows.pop()
    wide = max((len(r) for r in rows), default=1)
    wide += SPARE_COLUMNS
    return [r + [""] * (wide - len(r)) for r in rows] + [[""] * wide for _ in range(SPARE)]


def tell_columns(name: str) -> dict[str, str]:
    """What each column of a sheet is for, by its heading."""
    known = next((s for s in SHEETS if s.name == name), None)
    return {c.heading: c.says for c in (*known.columns, *LATE.get(name, ()))} if known else {}


def missing_sheets(path: Path) -> list[str]:
    """Sheets that a workbook may have and has not."""
    here = read_grids(path)
    return [s.name for s in SHEETS if s.name not in here and s.optional]


def add_sheet(path: Path, name: str) -> bytes:
    """The workbook with one more of the sheets that it may have, empty but for its headings.

    Raises
    ------
    UsageError
        If there is no such sheet, or the workbook has it or is of a kind that is not written.
    """
    if name not in missing_sheets(path):
        raise UsageError(f"no sheet `{name}` can be added to {path.name}")
    if path.suffix.lower() not in WRITTEN:
        raise UsageError(f"{path.name} can be read but not changed here; download it, change it, and upload it again")
    book = openpyxl.load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm")
    order = [s.name for s in SHEETS]
    before = [n for n in book.sheetnames if n in order and order.index(n) < order.index(name)]
    page = book.create_sheet(name, book.sheetnames.index(before[-1]) + 1 if before else 0)
    write_sheet(page, SHEETS[order.index(name)], Filled())
    return _saved(book)


def mark(content: bytes, tag: str) -> bytes:
    """The workbook with a mark of what it is a copy of, among its properties."""
    if (marked := patch_identifier(content, tag)) is not None:
        return marked
    book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=False)
    book.properties.identifier = tag
    return _saved(book)


def read_mark(content: bytes) -> str:
    """What ``mark`` wrote; empty where a program dropped it, or none was."""
    try:
        return openpyxl.load_workbook(io.BytesIO(content), read_only=True).properties.identifier or ""
    except Exception:  # .ods, or whatever a damaged file makes the reader stumble over: it has no mark
        return ""


def change_cells(path: Path, sheet: str, cells: Mapping[str, str]) -> bytes:
    """The workbook with some cells written anew; its lists, comments and formats stay.

    Raises
    ------
    UsageError
        If the workbook is of a kind that is not written, or has no such sheet or cell.
    """
    if path.suffix.lower() not in WRITTEN:
        raise UsageError(f"{path.name} can be read but not changed here; download it, change it, and upload it again")
    here = read_grids(path)
    if sheet not in here:
        raise UsageError(f"the workbook has no sheet `{sheet}`")
    for place, text in cells.items():
        if not _is_place(place):
            raise UsageError(f"{sheet}!{place} is no cell")
        if ILLEGAL_CHARACTERS_RE.search(text) or any("\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" for c in text):
            said = "would hold a character that no sheet can keep; type it instead of pasting it"
            raise UsageError(f"{sheet}!{place} {said}")
    typed = {place: functools.partial(take_typed, text) for place, text in cells.items()}
    patched = patch_cells(path, sheet, typed)
    if patched is None:
        return _write_anew(path, sheet, typed)
    if patched.alone:  # whoever looks at it next need not read the rest again
        at = {
            (int(r), column_index_from_string(c)): v
            for p, v in patched.values.items()
            for c, r in [coordinate_from_string(p)]
        }
        if all(r <= MOST_ROWS and c <= MOST_COLUMNS for r, c in at):
            keep_grids(path, patched.content, here | {sheet: retype(here[sheet], at)})
    return patched.content


def _write_anew(path: Path, sheet: str, cells: Mapping[str, Typed]) -> bytes:
    """The whole workbook made anew: its formulas then hold no values, and a program works them out when it opens it."""
    book = openpyxl.load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm")
    for place, typed in cells.items():
        cell: Any = book[sheet][place]
        cell.value = typed(cell.number_format)
        if isinstance(cell.value, str):
            cell.data_type = "s"  # nothing that is typed becomes a formula
    return _saved(book)


def _is_place(place: str) -> bool:
    try:
        return column_index_from_string(coordinate_from_string(place)[0]) <= FURTHEST
    except (ValueError, CellCoordinatesException):
        return False


def is_typed(shown: str, typed: str) -> bool:
    """Whether a cell shows what somebody typed, which a sheet may write otherwise.

    Examples
    --------
    >>> is_typed("7", "007"), is_typed("48.5", "48.50"), is_typed("yes", "no")
    (True, True, False)
    """
    return shown.strip() == typed.strip() or shown.strip() == as_text(show(take_typed(typed), "General"))


def find_text(rows: list[list[str]], place: str) -> str:
    """Text of a cell by its address; empty beyond the sheet.

    Examples
    --------
    >>> find_text([["poll", "51"]], "B1"), find_text([["poll"]], "Z9")
    ('51', '')
    """
    letters, row = coordinate_from_string(place)
    column = column_index_from_string(letters)
    return rows[row - 1][column - 1].strip() if row <= len(rows) and column <= len(rows[row - 1]) else ""


def say_change(sheet: str, before: list[list[str]], cells: dict[str, str]) -> str:
    """A change in words, one cell told in full.

    Examples
    --------
    >>> say_change("Polls", [["poll", "51"]], {"B1": "54"})
    'before Polls!B1: 51 became 54'
    """
    place, text = next(iter(cells.items()))
    was = find_text(before, place) or "empty"
    more = f", and {len(cells) - 1} more" if len(cells) > 1 else ""
    return f"before {sheet}!{place}: {was[:60]} became {text.strip()[:60] or 'empty'}{more}"


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def take_typed(text: str, form: str = "General") -> float | str | None:
    """What a person typed into a cell of a number format, as a spreadsheet would take it.

    Examples
    --------
    >>> take_typed("51"), take_typed("51", "0%"), take_typed("2025", "yyyy-mm-dd"), take_typed("=A1"), take_typed(" ")
    (51, 0.51, '2025', '=A1', None)
    """
    plain = text.strip()
    if not NUMBER.match(plain) or is_date_format(form):  # a year in a cell of days would become a day of 1905
        return plain or None
    if "%" in WORDS.sub("", form):
        return round(float(plain) / 100, 14)
    return float(plain) if "." in plain else int(plain)
