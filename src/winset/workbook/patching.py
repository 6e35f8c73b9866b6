"""Cells of an .xlsx written in place: only the part of its sheet is made anew, all other parts stay byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, get_column_letter, range_boundaries

from winset.workbook.grids import Value
from winset.workbook.xlsxfile import part_of, show

if TYPE_CHECKING:
    from winset.workbook.cells import Typed

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STYLES = "xl/styles.xml"
PROPERTIES = "docProps/core.xml"
IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
FORMULA = re.compile(rb"<(\w+:)?f[ />]")


@dataclass(frozen=True)
class Patched:
    """A workbook with some cells written anew.

    Parameters
    ----------
    values
        What each of them now shows.
    alone
        Whether nothing else that is read of the workbook changed with them.
    """

    content: bytes
    values: dict[str, Value]
    alone: bool


def patch_cells(path: Path, sheet: str, cells: Mapping[str, Typed]) -> Patched | None:
    """The workbook with some cells written anew, its formulas without the values that they gave before.

    Parameters
    ----------
    cells
        What each is to hold, given the number format that it has.

    Returns
    -------
    None if the workbook is of a form that is not written like this: of the strict kind, or a formula stands in a cell
    that is to be written, which others may share.

    Raises
    ------
    ValueError
        If a text holds a character that XML cannot keep.
    """
    book = load_workbook(path, read_only=True)
    try:
        part = part_of(book[sheet])
    finally:
        book.close()
    with zipfile.ZipFile(path) as package:
        root = _parse(package.read(part))
        if root.find(_tag("sheetData")) is None:
            return None
        forms, page, values = _read_forms(package), _Page(root), {}
        for place, typed in cells.items():
            cell = page.find(place)
            if cell.find(_tag("f")) is not None:
                return None
            form = forms.get(int(cell.get("s", 0)), "General")
            value = typed(form)
            _fill(cell, value)
            values[place] = show(value, form)
        forgotten = _forget(root)
        sheets = (n for n in package.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml") and n != part)
        with_formulas = {n: _parse(raw) for n in sheets if FORMULA.search(raw := package.read(n))}
        others = {n: r for n, r in with_formulas.items() if _forget(r)}
        alone = not (forgotten or others or page.has_areas)
        return Patched(_package(package, others | {part: root}), values, alone)


def patch_identifier(content: bytes, identifier: str) -> bytes | None:
    """The workbook with an identifier among its properties; None where it has no properties that could hold one."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if PROPERTIES not in package.namelist():
            return None
        root = _parse(package.read(PROPERTIES))
        held = root.find(IDENTIFIER)
        held = etree.SubElement(root, IDENTIFIER) if held is None else held
        held.text = identifier
        return _package(package, {PROPERTIES: root})


def _parse(raw: bytes) -> Any:
    return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))


def _forget(root: Any) -> bool:
    """Drop what formulas gave, as it may hang on what is changed; whether there was any."""
    known = [v for f in root.iter(_tag("f")) for v in f.getparent().findall(_tag("v")) if v.text]
    for value in known:
        value.getparent().attrib.pop("t", None)
        value.getparent().remove(value)
    return bool(known)


class _Page:
    """The rows and cells of a sheet's part, found by their address and made where they are not there."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.data = root.find(_tag("sheetData"))
        self.rows = list(_numbered(self.data, int))
        self.cells: dict[int, list[tuple[int, Any]]] = {}

    @property
    def has_areas(self) -> bool:
        """Whether cells are merged, or rows hidden: what a cell shows may then be told of others."""
        merged = self.root.find(_tag("mergeCells")) is not None
        return merged or any(row.get("hidden") in {"1", "true"} for _, row in self.rows)

    def find(self, place: str) -> Any:
        """The element of a cell."""
        letters, number = coordinate_from_string(place)
        self._reach(column_index_from_string(letters), number)
        row = _make(self.data, self.rows, number, _tag("row"), str(number))
        row.attrib.pop("spans", None)
        if number not in self.cells:  # a sheet that is sorted has its rows asked for once a column
            self.cells[number] = list(_numbered(row, lambda r: column_index_from_string(coordinate_from_string(r)[0])))
        return _make(row, self.cells[number], column_index_from_string(letters), _tag("c"), place)

    def _reach(self, column: int, row: int) -> None:
        """Say that the sheet goes as far as a cell; some readers believe it."""
        size = self.root.find(_tag("dimension"))
        if size is not None:
            left, top, right, bottom = range_boundaries(size.get("ref", "A1"))
            first = f"{get_column_letter(min(left or column, column))}{min(top or row, row)}"
            size.set("ref", f"{first}:{get_column_letter(max(right or column, column))}{max(bottom or row, row)}")


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _numbered(parent: Any, number: Any) -> Iterator[tuple[int, Any]]:
    """Children with their numbers; one that does not say its own comes after the one before."""
    n = 0
    for child in parent.iterchildren(tag=etree.Element):
        n = number(child.get("r")) if child.get("r") else n + 1
        yield n, child


def _make(parent: Any, children: list[tuple[int, Any]], number: int, tag: str, name: str) -> Any:
    """The child of a number, made in its place in the order if it is not there."""
    at = bisect_left(children, number, key=lambda c: c[0])
    if at < len(children) and children[at][0] == number:
        return children[at][1]
    made = etree.Element(tag, r=name)
    parent.insert(parent.index(children[at][1]) if at < len(children) else len(parent), made)
    children.insert(at, (number, made))
    return made


def _fill(cell: Any, value: float | str | None) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, _tag("is")), _tag("t"))
        text.text = value
        text.set(SPACE, "preserve")
    elif value is not None:
        etree.SubElement(cell, _tag("v")).text = repr(value)


def _read_forms(package: zipfile.ZipFile) -> dict[int, str]:
    """Number format of each style of a cell."""
    if STYLES not in package.namelist():
        return {}
    root = _parse(package.read(STYLES))
    own = {
        int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iterfind(f"{_tag('numFmts')}/{_tag('numFmt')}")
    }
    known = BUILTIN_FORMATS | own
    styles = root.iterfind(f"{_tag('cellXfs')}/{_tag('xf')}")
    return {n: known.get(int(s.get("numFmtId", 0)), "General") for n, s in enumerate(styles)}


def _package(package: zipfile.ZipFile, changed: Mapping[str, Any]) -> bytes:
    """The package with some of its parts anew."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for info in package.infolist():
            root = changed.get(info.filename)
            raw = package.read(info) if root is None else etree.tostring(root, encoding="UTF-8", standalone=True)
            out.writestr(info, raw, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
