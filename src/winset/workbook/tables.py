"""A grid -> the rows of a sheet that people filled in: its headings found, its columns known, carried-forward blanks told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from winset.errors import Mistake, suggest
from winset.study.places import Cell, Places
from winset.workbook.grids import Grid, Value, as_day, as_text, letter, used
from winset.workbook.sheets import FIXED, Column, Sheet

SEARCHED = 40
"""Rows among which the headings are looked for; above them people write what they like."""


@dataclass(frozen=True)
class Line:
    """A filled row of a sheet."""

    sheet: str
    row: int
    values: Mapping[str, Value]
    columns: dict[str, int]
    absent: Mapping[str, Cell] = field(default_factory=dict)
    """Where columns are told to be missing, by key: what follows from that is told nowhere else."""

    def __getitem__(self, key: str) -> str:
        return as_text(self.values.get(key))

    def day(self, key: str) -> str:
        """A cell that holds a day, month or year."""
        return as_day(self.values.get(key))

    def cell(self, key: str = "") -> Cell:
        """Cell of a column; the row's first cell where the sheet may lack it."""
        return self.absent.get(key) or Cell(self.sheet, letter(self.columns.get(key, 1)), self.row)


@dataclass(frozen=True)
class Table:
    """The rows of a sheet, and what further headings it has.

    Parameters
    ----------
    extra
        Headings beyond the sheet's own, in their order; they are keys of the lines as well.
    """

    sheet: Sheet
    lines: tuple[Line, ...] = ()
    extra: tuple[str, ...] = ()
    heading_row: int = 0
    columns: dict[str, int] = field(default_factory=dict)

    def heading(self, key: str) -> Cell:
        """Cell of a heading."""
        return Cell(self.sheet.name, letter(self.columns[key]), self.heading_row)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


def read_table(grid: Grid, sheet: Sheet, late: tuple[Column, ...], places: Places) -> tuple[Table, list[Mistake]]:
    """The filled rows of a sheet.

    Parameters
    ----------
    late
        Columns that may stand after the sheet's own and its open-ended ones.
    """
    known = {plain(c.heading): c.key for c in (*sheet.columns, *late)}
    tell = lambda row, column, said: places.mistake(Cell(sheet.name, letter(column), row), said)  # noqa: E731
    found = _find_headings(grid, known)
    if found is None:
        if not any(used(grid)):
            return Table(sheet), []
        named = ", ".join(c.heading for c in sheet.columns if c.needed)
        return Table(sheet), [tell(1, 1, f"no row of headings found; write {named} in a row above the figures")]
    row, headings = found
    columns, wrong = _read_headings(headings, sheet, late, [r for n, r in used(grid) if n > row])
    mistakes = [tell(row, n, said) for n, said in wrong]
    unseen = sorted(grid.hidden_columns & {*columns.values()})
    mistakes += [tell(row, n, f"column {letter(n)} is hidden; show it if it counts, delete it if not") for n in unseen]
    missing = [c for c in sheet.columns if c.needed and c.key not in columns]
    mistakes += [tell(row, 1, f"column `{c.heading}` is missing") for c in missing]
    absent = {c.key: Cell(sheet.name, letter(1), row) for c in missing}
    words = {c.key: FIXED[c.choices] for c in (*sheet.columns, *late) if c.choices in FIXED}
    lines, own = [], {1, *columns.values()}
    wrong_in = {n: list(w) for n, w in groupby(sorted(grid.wrong.items()), key=lambda w: w[0][0])}
    for n, cells in used(grid):
        if n > row:
            wrong = {c: said for (_, c), said in wrong_in.get(n, ()) if c in own}
            mistakes += [tell(n, c, said) for c, said in wrong.items()]
            values = {
                k: v
                for k, c in columns.items()
                if c <= len(cells) and (v := cells[c - 1]) is not None and (c == 1 or c not in wrong)
            }
            values |= {k: _choice(values[k], words[k]) for k in words.keys() & values.keys()}
            lines += [Line(sheet.name, n, values, columns, absent)] if values else []
    extra = tuple(k for k in columns if k not in known.values())
    return Table(sheet, tuple(lines), extra, row, columns), mistakes


def _choice(value: Value, words: Collection[str]) -> Value:
    """A word of a list however it is capitalised; anything else as it stands."""
    word = value.strip().lower() if isinstance(value, str) else ""
    return word if word in words else value


def _read_headings(
    headings: list[Value], sheet: Sheet, late: tuple[Column, ...], rows: list[list[Value]]
) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Column of each key, and what is wrong with headings; keys beyond the sheet's own are the headings themselves."""
    every = (*sheet.columns, *late)
    known = {plain(c.heading): c.key for c in every}
    columns: dict[str, int] = {}
    wrong = []
    for n, heading in enumerate(headings, 1):
        text = as_text(heading)
        key = known.get(plain(text), text if sheet.open_ended else "")
        if not text:
            if any(n <= len(r) and r[n - 1] is not None for r in rows):
                wrong.append((n, "no heading over a column that holds something; name it, or empty it"))
        elif text.startswith("("):
            continue  # the analyst's own column
        elif not key:
            said = f"unknown column `{text}`{suggest(text, [c.heading for c in every])}"
            wrong.append((n, f"{said} (put a heading of your own in brackets)"))
        elif key in columns:
            wrong.append((n, f"column `{text}` stands twice"))
        else:
            columns[key] = n
    return columns, wrong


def plain(heading: str) -> str:
    """A heading without what people change about it: capitals, spaces, dashes."""
    return "".join(c for c in heading.lower() if c.isalnum() or c in ".:")


def _find_headings(grid: Grid, known: dict[str, str]) -> tuple[int, list[Value]] | None:
    """The row among the first ones that names most columns, two at least."""
    rows = [(n, row) for n, row in used(grid) if n <= SEARCHED]
    hits = [(sum(plain(as_text(v)) in known for v in row), -n, row) for n, row in rows]
    best = max(hits, default=(0, 0, []), key=lambda h: h[:2])
    return (-best[1], best[2]) if best[0] >= min(2, len(known)) else None
