"""An .ods file -> grids: values, per cents, months, formulas, hidden rows and merged cells from its one document."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

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

SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT, STYLE, NUMBER = (
    f"{{{SPACE}{name}:1.0}}" for name in ("office", "table", "text", "style", "datastyle")
)
UNSEEN = {"collapse", "filter"}
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
FURTHEST = 2**20
"""Rows that a spreadsheet has; more times nothing is repeated."""


@dataclass(frozen=True)
class _Styles:
    """What styles say that counts here.

    Parameters
    ----------
    months
        How ``strftime`` writes the dates of a cell style that shows no day.
    unseen
        Table styles that are not displayed.
    """

    months: Mapping[str, str]
    unseen: frozenset[str]


@dataclass
class _Sheet:
    """A sheet while it is read."""

    name: str
    styles: _Styles
    column_styles: list[str] = field(default_factory=list)
    rows: list[list[Value]] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)


def read_ods(path: Path) -> dict[str, Grid]:
    """Sheets of a workbook by name.

    Raises
    ------
    TooLargeError
        If a cell is filled beyond what is read.
    ValueError
        If there is no sheet, or two have one name.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(path) as inside:
        names = [n for n in ("styles.xml", "content.xml") if n in inside.namelist()]
        roots = [etree.fromstring(inside.read(n), parser) for n in names]
    styles = _read_styles(roots)
    grids: dict[str, Grid] = {}
    for table in (t for root in roots for t in root.iterfind(f".//{OFFICE}spreadsheet/{TABLE}table")):
        name = table.get(f"{TABLE}name", "")
        if name in grids:
            raise ValueError(f"two sheets have the name {name}")
        grids[name] = _read_table(table, _Sheet(name, styles))
    if not grids:
        raise ValueError("it holds no sheet")
    return grids


def _read_styles(roots: Sequence[Any]) -> _Styles:
    months: dict[str, str] = {}
    for form in (f for r in roots for f in r.iter(f"{NUMBER}date-style")):
        shown = {etree.QName(c).localname for c in form.iterchildren(tag=etree.Element)}
        if "year" in shown and "day" not in shown:
            months[form.get(f"{STYLE}name", "")] = "%Y-%m" if "month" in shown else "%Y"
    own = [s for r in roots for s in r.iter(f"{STYLE}style")]
    cells = {s.get(f"{STYLE}name", ""): months.get(s.get(f"{STYLE}data-style-name", "")) for s in own}
    unseen = [
        s.get(f"{STYLE}name", "")
        for s in own
        if any(p.get(f"{TABLE}display") == "false" for p in s.iterfind(f"{STYLE}table-properties"))
    ]
    return _Styles({name: form for name, form in cells.items() if form}, frozenset(unseen))


def _read_table(table: Any, sheet: _Sheet) -> Grid:
    sheet.marks.hidden = table.get(f"{TABLE}style-name") in sheet.styles.unseen
    for column in table.iter(f"{TABLE}table-column"):
        times = min(_times(column, "columns"), MOST_COLUMNS - len(sheet.column_styles))
        if column.get(f"{TABLE}visibility") in UNSEEN:
            first = len(sheet.column_styles) + 1
            sheet.marks.hidden_columns.update(range(first, first + times))
        sheet.column_styles += [column.get(f"{TABLE}default-cell-style-name", "")] * times
    skipped = 0
    for row in table.iter(f"{TABLE}table-row"):
        times, first = _times(row, "rows"), len(sheet.rows) + skipped + 1
        cells = _read_row(row, first, sheet)
        if not cells:
            skipped += times
            continue
        if first + times - 1 > MOST_ROWS:
            raise TooLargeError(sheet.name, MOST_ROWS + 1, 1)
        sheet.rows += [[] for _ in range(skipped)] + [list(cells) for _ in range(times)]
        skipped = 0
        if row.get(f"{TABLE}visibility") in UNSEEN:
            sheet.marks.hidden_rows.update(range(first, first + times))
    return make_grid(sheet.name, sheet.rows, sheet.marks)


def _read_row(row: Any, number: int, sheet: _Sheet) -> list[Value]:
    """Cells of a row up to the last that holds something; what else they say goes to the marks."""
    cells: list[Value] = []
    skipped = 0
    for cell in row.iterchildren(tag=CELLS):
        times, column = _times(cell, "columns"), len(cells) + skipped + 1
        value = _read_cell(cell, column, sheet)
        wrong = cell.get(f"{TABLE}formula") and not any(k.startswith(OFFICE) for k in cell.attrib)
        if value is None and not wrong:
            skipped += times
            continue
        if column + times - 1 > MOST_COLUMNS:
            raise TooLargeError(sheet.name, number, MOST_COLUMNS + 1)
        if wrong:
            sheet.marks.wrong[number, column] = NEVER_WORKED_OUT
        down, right = (_times(cell, k, "spanned") for k in ("rows", "columns"))
        if down > 1 or right > 1:
            sheet.marks.merged.append((number, column, number + down - 1, column + right - 1))
        cells += [None] * skipped + [value] * times
        skipped = 0
    return cells


def _times(node: Any, what: str, how: str = "repeated") -> int:
    return max(1, min(int(node.get(f"{TABLE}number-{what}-{how}", 1)), FURTHEST))


def _read_cell(cell: Any, column: int, sheet: _Sheet) -> Value:
    """A value in the form in which its cell shows it."""
    match cell.get(f"{OFFICE}value-type"):
        case "percentage":
            return per_cent(float(cell.get(f"{OFFICE}value")))
        case "float" | "currency":
            return plain_value(float(cell.get(f"{OFFICE}value")))
        case "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        case "date":
            day = dt.date.fromisoformat(cell.get(f"{OFFICE}date-value")[:10])
            default = sheet.column_styles[column - 1] if column <= len(sheet.column_styles) else ""
            form = sheet.styles.months.get(cell.get(f"{TABLE}style-name", default))
            return f"{day:{form}}" if form else day
    return plain_value(cell.get(f"{OFFICE}string-value") or "\n".join(_texts(cell)))


def _texts(cell: Any) -> Iterator[str]:
    """Paragraphs of a cell, without what is written in its comment."""
    for paragraph in cell.iterfind(f"{TEXT}p"):
        yield "".join(_pieces(paragraph))


def _pieces(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node.iterchildren(tag=etree.Element):
        yield " " if child.tag in {f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"} else "".join(_pieces(child))
        yield child.tail or ""
