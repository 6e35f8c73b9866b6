"""CSV tables that people typed: every row keeps its line, every mistake is told."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from winset.errors import Mistake, relative, suggest
from winset.study.places import Cell, Places, read_places

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; a typed table is far below."""
SEPARATORS = {";": "semicolons", "\t": "tabs"}
"""What spreadsheets write in place of commas where commas are decimal."""


@dataclass(frozen=True)
class Row:
    """One row with the line it stands on."""

    file: str
    line: int
    cells: dict[str, str]
    places: Places | None = None

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def mistake(self, message: str, column: str = "") -> Mistake:
        """Say what is wrong with this row, or with one of its columns."""
        cell = self._cell(column)
        return self.places.mistake(cell, message) if self.places and cell else Mistake(self.file, self.line, message)

    def locate(self, column: str = "") -> str:
        """Where the row stands: ``polls.csv:12``, or ``Polls!D12`` of a workbook."""
        cell = self._cell(column)
        return f"{cell.sheet}!{cell.column}{cell.row}" if cell else f"{_name(self.file)}:{self.line}"

    def _cell(self, column: str) -> Cell | None:
        return self.places.of_row(_name(self.file), self.line, column) if self.places else None


@functools.lru_cache(maxsize=64)
def _name(file: str) -> str:
    """Name of a file, which every row of it asks for."""
    return Path(file).name


def read_text(path: Path) -> tuple[str, list[Mistake]]:
    """Text of a UTF-8 file, or what keeps it from being read."""
    name = relative(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            return "", [Mistake(name, 0, f"larger than {LARGEST_FILE // 2**20} MiB; split it")]
        raw = path.read_bytes()
    except OSError as error:
        return "", [Mistake(name, 0, f"cannot be read ({error.strerror or error})")]
    try:
        text = raw.decode("utf-8").lstrip("\ufeff")  # spreadsheets write the mark once, careless scripts twice
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return "", [Mistake(name, line, f"not UTF-8 (byte {raw[error.start]:#04x}); save the file as UTF-8")]
    if "\0" in text:
        return "", [Mistake(name, text[: text.index("\0")].count("\n") + 1, "holds a NUL character; not a text file")]
    if not text.strip():
        return "", [Mistake(name, 0, "is empty")]
    return text, []


def read_rows(
    path: Path, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[tuple[Row, ...], list[Mistake]]:
    """Rows of a CSV file with a header.

    Parameters
    ----------
    path
        The file; comma separated, UTF-8.
    required, optional
        Columns that must stand in the header, and those that may.

    Returns
    -------
    The rows, and all mistakes of form (missing or unknown columns, wrong number of cells).
    """
    text, mistakes = read_text(path)
    if mistakes:
        return (), mistakes
    name = relative(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [h.strip() for h in next(reader)]
    except csv.Error as error:
        return (), [_broken(name, 1, error)]
    if len(header) == 1 and (other := next((s for s in SEPARATORS if s in header[0]), None)):
        return (), [Mistake(name, 1, f"cells are separated by {SEPARATORS[other]}; save the table with commas")]
    known = [*required, *optional]
    if not set(header) & set(known):
        return (), [Mistake(name, 1, f"the first line must name the columns: {','.join(required)}")]
    mistakes += [Mistake(name, 1, f"column `{c}` is missing") for c in required if c not in header]
    mistakes += [Mistake(name, 1, f"column {n} has no name") for n, h in enumerate(header, 1) if not h]
    mistakes += [Mistake(name, 1, f"unknown column `{h}`{suggest(h, known)}") for h in header if h and h not in known]
    mistakes += [
        Mistake(name, 1, f"column `{h}` stands twice") for h in dict.fromkeys(header) if h and header.count(h) > 1
    ]
    if mistakes:
        return (), mistakes
    rows: list[Row] = []
    places = read_places(path.parent)
    start = reader.line_num + 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if not any(c.strip() for c in cells) or cells[0].lstrip().startswith("#"):
                continue
            if len(cells) != len(header):
                mistakes.append(Mistake(name, line, f"{len(cells)} cells where the header has {len(header)}"))
                continue
            rows.append(Row(name, line, dict(zip(header, (c.strip() for c in cells), strict=True)), places))
    except csv.Error as error:
        mistakes.append(_broken(name, start, error))
    return tuple(rows), mistakes


def _broken(name: str, line: int, error: csv.Error) -> Mistake:
    """A row that is no row: nearly always a quotation mark without its fellow."""
    return Mistake(
        name, line, f"not a CSV table ({error}); look for a quotation mark that is not closed or not doubled"
    )
