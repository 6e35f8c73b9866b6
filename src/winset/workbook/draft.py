"""A study being put together from cells: files as maps and tables, with the cell behind every value."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.errors import Mistake
from winset.study.places import JOIN, Cell, Places, write_places
from winset.study.yamlfile import dump_yaml

Path_ = Sequence[str | int]


@dataclass
class Draft:
    """Files of a study folder, as far as they are known."""

    workbook: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, tuple[list[str], list[dict[str, str]]]] = field(default_factory=dict)
    values: dict[str, dict[str, Cell]] = field(default_factory=dict)
    rows: dict[str, dict[int, dict[str, Cell]]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    absent: set[Cell] = field(default_factory=set)
    """Where columns are told to be missing; nothing more is told there."""

    @property
    def places(self) -> Places:
        """Cells behind all that was put so far."""
        return Places(self.workbook, self.values, self.rows)

    def wrong(self, cell: Cell, said: str) -> None:
        """Remember a mistake at a cell."""
        if cell not in self.absent:
            self.mistakes.append(self.places.mistake(cell, said))

    def put(self, file: str, path: Path_, value: Any, cell: Cell) -> None:
        """Set the value at a path of keys; maps on the way are made."""
        node: Any = self.files.setdefault(file, {})
        for step in path[:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = value
        self.mark(file, path, cell)
        if isinstance(value, list | dict):
            for k in value if isinstance(value, dict) else range(len(value)):
                self.mark(file, (*path, k), cell)

    def mark(self, file: str, path: Path_, cell: Cell) -> None:
        """Remember the cell behind a path of keys, and behind what it leads through where that has none yet."""
        known = self.values.setdefault(file, {})
        for n in range(1, len(path) + 1):
            known.setdefault(JOIN.join(map(str, path[:n])), cell)

    def add_item(self, file: str, path: Path_, value: Any, cell: Cell, cells: Mapping[str, Cell] | None = None) -> None:
        """Set the next item of the list at a path; ``cells`` are those of its fields, where it has some of their own."""
        held = self.get(file, path)
        items = held if isinstance(held, list) else []
        here = (*path, len(items))
        for key, own in (cells or {}).items():
            self.mark(file, (*here, key), own)
        self.mark(file, here, cell)
        self.put(file, path, [*items, value], cell)

    def get(self, file: str, path: Path_) -> Any:
        """Value at a path, None where there is none."""
        node: Any = self.files.get(file)
        for step in path:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def add_row(self, file: str, columns: Sequence[str], row: Mapping[str, str], cells: Mapping[str, Cell]) -> None:
        """Add a row to a table."""
        _, rows = self.tables.setdefault(file, (list(columns), []))
        rows.append(dict(row))
        self.rows.setdefault(file, {})[len(rows) + 1] = dict(cells)

    def write(self, folder: Path) -> None:
        """Write all files, and where their values stand."""
        for name, root in self.files.items():
            (folder / name).write_text(dump_yaml(root), encoding="utf-8")
        for name, (columns, rows) in self.tables.items():
            with (folder / name).open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
                writer.writeheader()
                writer.writerows(rows)
        write_places(folder, self.places)


def make_id(text: str) -> str:
    """A short id made of words; empty where they hold no Latin letter or digit.

    Examples
    --------
    >>> make_id("Égalité des droits (2 ans)")
    'egalite-des-droits-2-ans'
    """
    latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._]+", "-", latin).strip("-._")


class Names:
    """Ids that are declared, found by the id itself or by the words beside it."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._words: dict[str, str] = {}

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Names without words beside them."""
        found = cls()
        for name in names:
            found.add(name)
        return found

    def add(self, name: str, words: str = "") -> bool:
        """Declare an id; False if it stands already."""
        if name in self._ids:
            return False
        self._ids[name] = name
        self._words.setdefault(words.casefold(), name)
        return True

    def find(self, text: str) -> str:
        """The id that a cell means; the text itself where it is unknown, so that it is told further on."""
        return self._ids.get(text) or self._words.get(text.casefold()) or self._ids.get(text.casefold()) or text

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, text: str) -> bool:
        return text in self._ids or text.casefold() in self._words or text.casefold() in self._ids
