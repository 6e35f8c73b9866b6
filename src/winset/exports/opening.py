"""Text tables as programs save them: encodings, separators, and what only looks like one."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from winset.errors import UsageError

WORKBOOKS = (".xls", ".xlsx", ".xlsm", ".xlsb", ".ods", ".numbers")
TEXTS = (".csv", ".tsv", ".txt", ".dat", ".tab")
"""Endings of tables that are text."""
SIGNS = {
    b"PK\x03\x04": "a workbook (.xlsx or .ods) or another zip file",
    b"\xd0\xcf\x11\xe0": "a workbook of old Excel (.xls)",
}
"""First bytes of files that are no text."""
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
GUESSED = "cp1252"
"""Encoding of text that carries no mark and is no UTF-8: what older programs on Windows write."""
SEPARATORS = ",;\t|"
SEPARATED = re.compile(r"\ufeff?\"?sep=.\"?", re.IGNORECASE)
EMPTY = ("", "NA", "N/A", "NaN", ".")
"""Texts that stand for an empty cell in files of R, Python and Stata."""


def check_kind(path: Path) -> None:
    """Refuse workbooks, and text that is named like one.

    Raises
    ------
    UsageError
        With what to do instead.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    with path.open("rb") as file:
        start = file.read(4)
    sign = next((what for s, what in SIGNS.items() if start.startswith(s)), None)
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        if sign is None:
            raise UsageError(f"{path}: is text and no workbook; rename it {path.stem}.csv")
        raise UsageError(f"{path}: a workbook; save its sheet as CSV (UTF-8) and name {path.stem}.csv")
    if suffix in TEXTS and sign is not None:
        raise UsageError(f"{path}: is {sign}, not text; open it there and save the sheet as CSV (UTF-8)")


def is_plain(path: Path) -> bool:
    """Whether a table can be streamed as it is: UTF-8, divided as its ending says, a header of one line, no heading twice."""
    with path.open("rb") as file:
        line = file.readline(1 << 20)
        more = file.read(1 << 20)
    if not _is_utf8(more):
        return False
    try:
        text = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return False
    mark = "\t" if path.suffix.lower() == ".tsv" else ","
    if (
        SEPARATED.fullmatch(text)
        or line.startswith(tuple(BOMS))
        or "\0" in text
        or text.count('"') % 2
        or separator(text) != mark
    ):
        return False
    try:
        names = next(csv.reader([text], delimiter=mark), [])
    except csv.Error:
        return False
    return len(set(names)) == len(names)


def read_text_table(path: Path) -> pl.DataFrame:
    """All cells of a text table, as texts.

    Raises
    ------
    UsageError
        If it is empty, cannot be decoded, has a heading twice, or a line that does not fit the heading.
    """
    text, _ = decode(path.read_bytes(), path)
    first, _, rest = text.partition("\n")
    if SEPARATED.fullmatch(first.strip()):  # Excel's hint for itself
        text, first = rest, rest.partition("\n")[0]
    if not text.strip():
        raise UsageError(f"{path}: is empty")
    mark = separator(first)
    rows, lines = _rows(text, mark, path)
    names = [n.strip() or f"(column {k})" for k, n in enumerate(rows[0], start=1)]
    _check_names(names, path)
    body = []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        if len(row) > len(names) and not any(row[len(names) :]):
            row = row[: len(names)]  # noqa: PLW2901  a line that ends in separators
        if len(row) != len(names):
            said = f"{path}: line {line} has {len(row)} cells and the heading {len(names)}"
            raise UsageError(f"{said}; look for a quote or `{_shown(mark)}` too many or too few")
        body.append([None if x.strip() in EMPTY else x for x in row])
    columns = zip(*body, strict=True) if body else [[] for _ in names]
    return pl.DataFrame({n: pl.Series(n, list(c), pl.String) for n, c in zip(names, columns, strict=True)})


def tell_encoding(path: Path) -> list[str]:
    """A line where a text table is no UTF-8 and letters had to be guessed."""
    if path.suffix.lower() not in TEXTS:
        return []
    guessed = decode(path.read_bytes(), path)[1] == GUESSED
    return ["is no UTF-8 and was read as Windows-1252: look whether names with accents are right"] if guessed else []


def decode(raw: bytes, path: Path) -> tuple[str, str]:
    """Text of a file and its encoding: UTF-8 or UTF-16 by its mark or its looks, Windows-1252 where it is no UTF-8.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    encodings = [name for mark, name in BOMS.items() if raw.startswith(mark)]
    if not encodings and b"\0" in raw[:4000]:
        even = raw[1:4000:2].count(0) > raw[0:4000:2].count(0)
        encodings = ["utf-16-le" if even else "utf-16-be"]
    for encoding in encodings or ["utf-8", GUESSED]:
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\0" not in text:
            return text, encoding
    raise UsageError(f"{path}: is no text (neither UTF-8 nor UTF-16); save it as CSV (UTF-8)")


def separator(line: str) -> str:
    """What divides the cells of a header."""
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _is_utf8(raw: bytes) -> bool:
    """Whether a piece of a file is UTF-8, as far as whole characters go."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _rows(text: str, mark: str, path: Path) -> tuple[list[list[str]], list[int]]:
    """Rows that hold something, and the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise UsageError(
            f"{path}: line {reader.line_num} cannot be read ({error}); look for a quote without its pair"
        ) from None
    if not rows:
        raise UsageError(f"{path}: is empty")
    return rows, lines


def _check_names(names: Sequence[str], path: Path) -> None:
    twice = [n for n, count in Counter(names).items() if count > 1]
    if twice:
        places = [str(k) for k, n in enumerate(names, start=1) if n == twice[0]]
        raise UsageError(
            f"{path}: line 1: the heading `{twice[0]}` stands over columns {' and '.join(places)}; rename one"
        )


def _shown(mark: str) -> str:
    return "tab" if mark == "\t" else mark
