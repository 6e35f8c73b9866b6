"""Where a folder's files were really written: in the cells of a workbook that was laid out as files to be read."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from winset.errors import Mistake

FILE = "places.cells"
"""Beside the files of a workbook that was laid out."""
JOIN = "\t"
"""Between the steps of a path of keys."""


class Cell(NamedTuple):
    """A cell of a sheet."""

    sheet: str
    column: str
    row: int


Written = Cell | tuple[str, str, int]
"""A cell, or its parts as a file gives them back: most are never asked for, and a sheet may have many thousands."""


@dataclass(frozen=True)
class Places:
    """Cells of a workbook behind what stands in the files of a folder.

    Parameters
    ----------
    workbook
        Name of its file.
    values
        By file and path of keys (joined by ``JOIN``): the cell of a value in a YAML file.
    rows
        By file and line: the cells of a CSV row, by column; ``""`` is the row's first cell.
    """

    workbook: str
    values: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[int, Mapping[str, Written]]] = field(default_factory=dict)

    def of_value(self, file: str, path: Sequence[Any]) -> Cell | None:
        """Cell of the value at a path of keys, or of the nearest value above it."""
        known, steps = self.values.get(file, {}), [str(p) for p in path]
        for n in range(len(steps), 0, -1):
            cell = known.get(JOIN.join(steps[:n]))
            if cell is not None:
                return Cell(*cell)
        return None

    def of_row(self, file: str, line: int, column: str = "") -> Cell | None:
        """Cell of a column in a row, or the row's first cell."""
        cells = self.rows.get(file, {}).get(line, {})
        cell = cells.get(column, cells.get(""))
        return Cell(*cell) if cell is not None else None

    def mistake(self, cell: Cell, message: str) -> Mistake:
        """What is wrong at a cell."""
        return Mistake(f"{self.workbook}, {cell.sheet}", cell.row, message, f"{cell.column}{cell.row}")


def write_places(folder: Path, places: Places) -> None:
    """Keep places beside the files that they belong to.

    Thousands of rows stand in the same columns of a sheet: these are written once, and of each row which and where it begins.
    """
    shapes: dict[tuple, int] = {}
    rows = {}
    for file, lines in places.rows.items():
        rows[file] = {}
        for line, cells in lines.items():
            first = next(iter(cells.values()))[2] if cells else 0
            shape = tuple((name, sheet, column, row - first) for name, (sheet, column, row) in cells.items())
            rows[file][line] = (shapes.setdefault(shape, len(shapes)), first)
    kept = {"workbook": places.workbook, "values": places.values, "shapes": list(shapes), "rows": rows}
    (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")


def read_places(folder: Path) -> Places | None:
    """Places beside a folder's files; None where these are what somebody wrote."""
    path = folder / FILE
    return _read(path.read_text(encoding="utf-8")) if path.is_file() else None


@functools.lru_cache(maxsize=2)
def _read(text: str) -> Places:
    """The places of a folder, which each of its files asks for."""
    kept = json.loads(text)
    rows = {f: _Rows(kept["shapes"], {int(n): at for n, at in lines.items()}) for f, lines in kept["rows"].items()}
    return Places(kept["workbook"], kept["values"], rows)


@dataclass(frozen=True)
class _Rows(Mapping[int, Mapping[str, Written]]):
    """Cells of rows, worked out where one is asked for: few of them are."""

    shapes: Sequence[Sequence[tuple[str, str, str, int]]]
    lines: Mapping[int, tuple[int, int]]

    def __getitem__(self, line: int) -> dict[str, Written]:
        shape, first = self.lines[line]
        return {name: (sheet, column, first + below) for name, sheet, column, below in self.shapes[shape]}

    def __iter__(self) -> Iterator[int]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)
