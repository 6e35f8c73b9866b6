"""Tables of results as a workbook to go on with: numbers as numbers, each sheet with its sentence and what it rests on."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from winset.workbook.grids import letter
from winset.workbook.writing import EDGE, HEAD, HEAD_FONT, SAID_FONT, TITLE_FONT, WRAP

LONGEST_NAME = 31
"""Characters of a sheet's name."""
NARROWEST, WIDEST = 8, 60
"""Characters of a column."""
FORMS = {"share": "0%", "move": "+0%;-0%;0%", "count": "#,##0", "number": "0.00"}
"""Number formats."""


@dataclass(frozen=True)
class Tab:
    """One sheet.

    Parameters
    ----------
    lines
        What stands above the table: a heading first.
    kinds
        What each column holds, in ``FORMS``; anything else is written as it is.
    """

    name: str
    lines: tuple[str, ...]
    headings: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rows: Sequence[Sequence[Any]] = ()


def tabs_bytes(tabs: Sequence[Tab]) -> bytes:
    """A workbook: the first sheet, with a list of the others below its own lines, and a sheet each."""
    book, names = Workbook(), _names(tabs)
    book.remove(book.worksheets[0])
    for tab, name in zip(tabs, names, strict=True):
        _write(book.create_sheet(name), tab)
    first = book.worksheets[0]
    for n, (tab, name) in enumerate(zip(tabs[1:], names[1:], strict=True), first.max_row + 2):
        cell: Any = first.cell(n, 1)
        _put(cell, f"{name}: {tab.lines[0]}", "")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
        cell.style = "Hyperlink"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _names(tabs: Sequence[Tab]) -> list[str]:
    """Names that a sheet may have, each once."""
    names: list[str] = []
    for tab in tabs:
        plain = re.sub(r"[\[\]:*?/\\']", " ", tab.name).strip()[:LONGEST_NAME] or "Table"
        tries = (plain, *(f"{plain[: LONGEST_NAME - 4]} {n}" for n in range(2, 1000)))
        names.append(next(t for t in tries if t.lower() not in {n.lower() for n in names}))
    return names


def _write(page: Worksheet, tab: Tab) -> None:
    for n, line in enumerate(tab.lines, 1):
        cell: Any = page.cell(n, 1)
        _put(cell, line, "")
        cell.font = TITLE_FONT if n == 1 else SAID_FONT
    top = len(tab.lines) + 2
    for c, heading in enumerate(tab.headings, 1):
        cell = page.cell(top, c)
        _put(cell, heading, "")
        cell.font, cell.fill, cell.border, cell.alignment = HEAD_FONT, HEAD, EDGE, WRAP
    for r, row in enumerate(tab.rows, top + 1):
        for c, (value, kind) in enumerate(zip(row, tab.kinds, strict=True), 1):
            cell = page.cell(r, c)
            _put(cell, value, kind)
            if isinstance(value, str) and len(value) > WIDEST:
                cell.alignment = WRAP
    if tab.headings:
        page.freeze_panes = f"A{top + 1}"
        for c, heading in enumerate(tab.headings):
            longest = max([len(heading), *(len(str(r[c])) for r in tab.rows if isinstance(r[c], str))])
            page.column_dimensions[letter(c + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)


def _put(cell: Any, value: Any, kind: str) -> None:
    """A value in a cell; a text is never a formula."""
    if isinstance(value, float) and kind in FORMS:
        cell.value, cell.number_format = value, FORMS[kind]
    elif value is None or isinstance(value, bool | int | float | dt.date):
        cell.value = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.data_type = "s"
