"""Workbooks made wrong at random, in every way that programs and people have: bytes, members, cells, sheets."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

Random = random.Random
VALUES: tuple[Any, ...] = (
    None, "", " ", "?", "x", "yes", "no", True, 0, -1, 1, 0.5, 0.001, 101, 1600, 45600, 10**18, 1e308, 5e-324, -1e308,
    dt.date(2025, 5, 22), dt.datetime(1900, 1, 1), dt.date(9999, 12, 31), dt.time(9, 30), dt.timedelta(days=3),
    "#REF!", "#N/A", "#DIV/0!", "Err:502", "=1/0", "=Polls!A1", "=SUM(A1:A9)", "NaN", "nan", "inf", "-inf", "1e999",
    "12,5", "50 %", "0.5", "50-30%", "50% ± 900%", "60-40", "<1", "400-600", "1,600,000", "½", "²", "①", "٣", "−5",
    "2025-02-30", "2025-13", "0000-00-00", "9999-12-31", "22.5.2025", "May 2025", "2025", "1e4", "land=split",
    "land=split=north", "land", "=", "land=", "=split", "land=split+north", "+", "none", "land=north|",
    "north.public", "north.", ".", "..", "public", "(((", "public at least 50%", "public at least 500%",
    "mean of x at least 1%", "mean of 0 public at least 50%", "vote of public at least 50% turnout 0%", "and",
    "a and", "or or", "public at least 50% or public not below nan%", "leader for", "leader for, leader against",
    "refused talks", "voters, voters", "a" * 5000, "é" * 300, "مرحبا", "🕊", "\u202eabc", "a\tb\nc", "_x0000_", "'",
    '"', "`", "*a", "&a", "!!set {}", "%", "@", "- a", "{}", "[]", "[0]", "[-1]", "[²]", "[99999]", "~1", "~", "/",
    "a//b", "study.yaml/sides", "questions.yaml/scales/x", "{a: b}", "#", "# x", "null", "true", "talks", "accept",
    "dont-know", "Order: north", "Refused: south.public", "Order: ", "Term 1", "Terms", "(mine)",
)  # fmt: skip
"""What may turn up in a cell."""
FORMS = ("General", "0%", "0.00", "@", "yyyy-mm-dd", "mmm yy", "yyyy", "[h]:mm", "dd/mm/yy", "# ?/?")
NAMES = ("Polls", "polls", "Umfragen", "(mine)", "Groups ", "Lists", "Sheet1", "War", "More", "Votes", "Terms2")
NUMBERS = ("0", "-1", "1", "16384", "1048576", "99999999", "4294967296", "1" * 30, "", "x", "1.5", "NaN")
LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY b "'
    + b"ha" * 500
    + b'">'
    + b"".join(b'<!ENTITY %c "%b">' % (c, b"&%c;" % (c - 1) * 30) for c in range(ord("c"), ord("h")))
    + b"]>"
)
"""Entities of entities: small on disk, gigabytes when they are spelt out."""


def mutate(content: bytes, kind: str, rng: Random) -> tuple[str, bytes]:
    """A workbook with something wrong in it, and what was done to it.

    Parameters
    ----------
    kind
        ``.xlsx`` or ``.ods``.
    """
    in_cells = _change_xlsx if kind == ".xlsx" else _change_ods
    change = rng.choices((in_cells, _break_members, _break_bytes), (7, 2, 1))[0]
    return change(content, rng)


def _break_bytes(content: bytes, rng: Random) -> tuple[str, bytes]:
    """Bytes of the file itself, as a bad disk or a cut download leaves them."""
    made = bytearray(content)
    at = rng.randrange(len(made))
    way = rng.choice(("flip", "cut", "drop", "double", "zero", "end"))
    if way == "flip":
        for _ in range(rng.choice((1, 10, 200))):
            made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    elif way == "cut":
        del made[at:]
    elif way == "drop":
        del made[at : at + rng.randrange(1, 400)]
    elif way == "double":
        made[at:at] = made[at : at + rng.randrange(1, 4000)]
    elif way == "zero":
        made[at : at + 64] = bytes(64)
    else:  # the list of members at the end, sizes and names among them
        for _ in range(3):
            made[-rng.randrange(1, min(1500, len(made)))] = rng.randrange(256)
    return f"bytes {way}", bytes(made)


def _break_members(content: bytes, rng: Random) -> tuple[str, bytes]:
    """Parts of the package dropped, exchanged, or with broken XML."""
    parts = _unzip(content)
    name = rng.choice(list(parts))
    way = rng.choice(("drop", "empty", "cut", "exchange", "number", "tag", "double", "entities", "coding", "text"))
    text = parts[name]
    at = rng.randrange(len(text) + 1)
    if way == "drop":
        del parts[name]
    elif way == "empty":
        parts[name] = b""
    elif way == "cut":
        parts[name] = text[:at]
    elif way == "exchange":
        other = rng.choice(list(parts))
        parts[name], parts[other] = parts[other], text
    elif way == "number":
        parts[name] = _replace_one(text, rb'(?<==")[^"<>]{0,40}(?=")', rng, rng.choice(NUMBERS).encode())
    elif way == "tag":
        parts[name] = _replace_one(text, rb"<[^<>]*>", rng, b"")
    elif way == "double":
        parts[name] = text[:at] + text[max(at - 200, 0) : at] + text[at:]
    elif way == "entities":
        parts[name] = _replace_one(text.replace(b"?>", b"?>" + LAUGHS, 1), rb"(?<=>)[^<>]+(?=<)", rng, b"&g;")
    elif way == "coding":
        parts[name] = text.replace(b"UTF-8", rng.choice((b"UTF-16", b"klingon", b"ascii")), 1)
    else:
        parts[name] = _replace_one(text, rb"(?<=>)[^<>]+(?=<)", rng, rng.choice(NUMBERS).encode())
    return f"member {name} {way}", _zip(parts)


def _replace_one(text: bytes, pattern: bytes, rng: Random, by: bytes) -> bytes:
    found = [m.span() for m in re.finditer(pattern, text)]
    if not found:
        return text
    first, last = rng.choice(found)
    return text[:first] + by + text[last:]


def _unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as inside:
        return {n: inside.read(n) for n in inside.namelist()}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as inside:
        for name, text in parts.items():
            inside.writestr(name, text)
    return made.getvalue()


def _change_xlsx(content: bytes, rng: Random) -> tuple[str, bytes]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    done = [_change_page(book, rng) for _ in range(rng.choice((1, 1, 1, 2, 4)))]
    made = io.BytesIO()
    book.save(made)
    return "; ".join(done), made.getvalue()


def _change_page(book: openpyxl.Workbook, rng: Random) -> str:
    page = rng.choice([p for p in book.worksheets if p.title != "Lists"] or book.worksheets)
    change = rng.choices((_put, _swap, _reform, _rows_moved, _area, _heading, _page), (8, 3, 2, 3, 2, 3, 2))[0]
    return f"{page.title} {change.__name__} {change(page, rng)}"


def _filled(page: Worksheet) -> Sequence[Cell]:
    return [c for c in page._cells.values() if isinstance(c, Cell) and c.value] or [page.cell(1, 1)]


def _put(page: Worksheet, rng: Random) -> str:
    cell = rng.choice(_filled(page)).offset(row=rng.choice((0, 0, 0, 1)), column=rng.choice((0, 0, 0, 1)))
    value = rng.choice(VALUES)
    try:
        cell.value = value
        if isinstance(value, str) and rng.random() < 0.3:
            cell.data_type = "s"
    except (AttributeError, ValueError):  # a merged cell, or characters that no workbook can hold
        return "nothing"
    return f"{cell.coordinate} {str(value)[:30]!r}"


def _swap(page: Worksheet, rng: Random) -> str:
    one, other = rng.choice(_filled(page)), rng.choice(_filled(page))
    one.value, other.value = other.value, one.value
    return f"{one.coordinate} {other.coordinate}"


def _reform(page: Worksheet, rng: Random) -> str:
    cell = rng.choice(_filled(page))
    cell.number_format = rng.choice(FORMS)
    return f"{cell.coordinate} {cell.number_format}"


def _rows_moved(page: Worksheet, rng: Random) -> str:
    row = rng.choice(_filled(page)).row
    way = rng.choice(("insert", "delete", "double", "columns", "no-columns"))
    if page.max_row > 2_000:  # the library that writes these files moves every cell up to the last, empty ones too
        return "nothing"
    if way == "insert":
        page.insert_rows(row, rng.choice((1, 45)))
    elif way == "delete":
        page.delete_rows(row, rng.choice((1, 5)))
    elif way == "double":
        page.append([c.value for c in page[row]])
    elif way == "columns":
        page.insert_cols(rng.choice(_filled(page)).column)
    else:
        page.delete_cols(rng.choice(_filled(page)).column)
    return f"{way} {row}"


def _area(page: Worksheet, rng: Random) -> str:
    one = rng.choice(_filled(page))
    way = rng.choice(("merge", "hide", "hide-column", "far", "far-style"))
    if way == "merge":
        page.merge_cells(
            start_row=one.row,
            start_column=one.column,
            end_row=one.row + rng.choice((1, 5, 5000)),
            end_column=one.column + rng.choice((0, 1, 3)),
        )
    elif way == "hide":
        page.row_dimensions[one.row].hidden = True
    elif way == "hide-column":
        page.column_dimensions[one.column_letter].hidden = True
    elif way == "far":
        page.cell(rng.choice((30, 19_999, 1_048_576)), rng.choice((1, 399, 16_384)), "x")
    else:
        page.cell(1_048_576, 16_384).number_format = "0%"
    return f"{way} {one.coordinate}"


def _heading(page: Worksheet, rng: Random) -> str:
    rows = [c for c in _filled(page) if c.font.b]
    cell = rng.choice(rows or _filled(page))
    cell.value = rng.choice([*NAMES, *rng.sample(VALUES, 8), *(c.value for c in _filled(page)[:20])])
    return f"{cell.coordinate} {str(cell.value)[:30]!r}"


def _page(page: Worksheet, rng: Random) -> str:
    book = page.parent
    assert isinstance(book, openpyxl.Workbook)
    way = rng.choice(("remove", "rename", "copy", "swap", "hide", "new"))
    if way == "remove" and len(book.worksheets) > 2:
        book.remove(page)
    elif way == "rename":
        page.title = rng.choice(NAMES)
    elif way == "copy":
        book.copy_worksheet(page).title = rng.choice((*NAMES, f"{page.title}."))
    elif way == "swap":
        other = rng.choice(book.worksheets)
        one, two = page.title, other.title
        page.title, other.title = "~", one
        page.title = two if other is not page else one
    elif way == "hide":
        page.sheet_state = rng.choice(("hidden", "veryHidden"))
    else:
        book.create_sheet(rng.choice(NAMES))["A1"] = "x"
    return way


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _change_ods(content: bytes, rng: Random) -> tuple[str, bytes]:
    parts = _unzip(content)
    root = etree.fromstring(parts["content.xml"])
    done = [_change_node(root, rng) for _ in range(rng.choice((1, 1, 1, 2, 4)))]
    parts["content.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return "; ".join(done), _zip(parts)


def _change_node(root: Any, rng: Random) -> str:
    change: Callable[[Any, Random], str] = rng.choices((_ods_cell, _ods_node, _ods_table), (8, 3, 2))[0]
    return change(root, rng)


def _ods_cell(root: Any, rng: Random) -> str:
    """A cell of another kind or value, or with a formula that nobody worked out."""
    cells = [c for c in root.iter(f"{TABLE}table-cell") if f"{OFFICE}value-type" in c.attrib]
    cell, value = rng.choice(cells), str(rng.choice(VALUES))
    for key in [k for k in cell.attrib if k.startswith(OFFICE)]:
        if rng.random() < 0.7:
            del cell.attrib[key]
    kinds = ("string", "float", "percentage", "date", "boolean", "time", "currency", "void")
    if rng.random() < 0.8:
        cell.set(f"{OFFICE}value-type", rng.choice(kinds))
    try:
        cell.set(f"{OFFICE}{rng.choice(('value', 'date-value', 'boolean-value', 'time-value'))}", value)
        if rng.random() < 0.2:
            cell.set(f"{TABLE}formula", f"of:={value}")
        for text in cell.findall(f"{TEXT}p"):
            text.text = value
    except ValueError:  # characters that no XML can hold
        return "nothing"
    return f"cell {value[:30]!r}"


def _ods_node(root: Any, rng: Random) -> str:
    """Rows and cells repeated, spanned, hidden, doubled, taken out."""
    node = rng.choice([n for n in root.iter() if n.tag in {f"{TABLE}table-cell", f"{TABLE}table-row"}])
    way = rng.choice(("rows", "columns", "span", "hide", "double", "remove", "empty"))
    number = rng.choice((*NUMBERS, "2", "3"))
    if way in {"rows", "columns"}:
        node.set(f"{TABLE}number-{way}-repeated", number)
    elif way == "span":
        node.set(f"{TABLE}number-rows-spanned", number)
        node.set(f"{TABLE}number-columns-spanned", rng.choice(NUMBERS))
    elif way == "hide":
        node.set(f"{TABLE}visibility", rng.choice(("collapse", "filter")))
    elif way == "double":
        node.addnext(etree.fromstring(etree.tostring(node)))
    elif way == "remove":
        node.getparent().remove(node)
    else:
        for child in list(node):
            node.remove(child)
    return f"{way} {number}"


def _ods_table(root: Any, rng: Random) -> str:
    tables = list(root.iter(f"{TABLE}table"))
    table = rng.choice(tables)
    way = rng.choice(("remove", "rename", "double", "nameless"))
    if way == "remove":
        table.getparent().remove(table)
    elif way == "rename":
        table.set(f"{TABLE}name", rng.choice(NAMES))
    elif way == "double":
        table.addnext(etree.fromstring(etree.tostring(table)))
    else:
        table.attrib.pop(f"{TABLE}name", None)
    return f"table {way}"
