"""Names that a workbook declares, and cells read by them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from winset.errors import suggest
from winset.study.places import Cell
from winset.terms.several import PLUS
from winset.workbook.draft import Draft, Names, make_id
from winset.workbook.tables import Line, Table

STUDY, QUESTIONS, INSTRUMENTS = "study.yaml", "questions.yaml", "instruments.yaml"
UNKNOWN = "?"
YES, NO = {"yes", "true", "x", "1"}, {"no", "false", "0"}
DAYS, LONG_DAY = ("date", "since", "value"), len("2025-01-31")
ID, ID_SAYS = re.compile(r"[a-z0-9][a-z0-9._-]*"), "lower-case letters, digits and dashes"


@dataclass
class Declared:
    """Names that a workbook declares."""

    issues: Names = field(default_factory=Names)
    options: dict[str, Names] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)
    sides: Names = field(default_factory=Names)
    groups: dict[str, Names] = field(default_factory=dict)
    proposals: Names = field(default_factory=Names)
    questions: Names = field(default_factory=Names)
    instruments: Names = field(default_factory=Names)
    sources: Names = field(default_factory=Names)
    scales: Names = field(default_factory=Names)

    def group(self, text: str) -> tuple[str, str]:
        """Side and group of ``side.group``; the side is empty where only a group is named."""
        for side in self.sides:
            begin = f"{side}."
            if text.startswith(begin):
                return side, self.groups.get(side, Names()).find(text.removeprefix(begin))
        return "", text

    def alone(self, text: str) -> tuple[str, str]:
        """Side and group of ``side.group``, or of a group that only one side has."""
        side, group = self.group(text)
        has = [s for s, names in self.groups.items() if group in names] if not side else []
        return (has[0], self.groups[has[0]].find(group)) if len(has) == 1 else (side, group)

    def option(self, issue: str, text: str) -> str:
        """Id of an option, or of several with a plus between."""
        known = self.options.get(issue, Names())
        return PLUS.join(known.find(part.strip()) for part in text.split(PLUS)) if PLUS in text else known.find(text)

    def terms(self, text: str) -> dict[str, str]:
        """Terms of ``issue=option, issue=option``.

        Raises
        ------
        ValueError
            If a term is none.
        """
        found: dict[str, str] = {}
        for part in listed(text):
            issue, equals, option = (x.strip() for x in part.partition("="))
            if not equals or not option:
                raise ValueError(f"`{part}` is no term; write issue=option, for instance {self.example()}")
            issue = self.issues.find(issue)
            option = self.option(issue, option)
            found[issue] = f"{found[issue]}{PLUS}{option}" if issue in found else option
        return found

    def example(self) -> str:
        """A term of this study."""
        issue = next(iter(self.issues), "land")
        return f"`{issue}={next(iter(self.options.get(issue, ['split'])), 'split')}`"


def named(table: Table, draft: Draft, known: Names) -> Iterator[tuple[Line, str]]:
    """Lines of a sheet that declares ids, each with its id; one without any, or one that stands twice, is told."""
    for line in table:
        name = read_id(line, "id", line["label"], draft)
        if name and not known.add(name, line["label"] or line["id"]):
            draft.wrong(line.cell("id"), f"`{name}` stands twice on this sheet; ids are unique")
        elif name:
            yield line, name


def read_id(line: Line, key: str, words: str, draft: Draft) -> str:
    """The id in a cell, or one made of the words beside it; empty, and told, where there is neither."""
    text = line[key]
    name = make_id(text or words)
    if not name:
        draft.wrong(line.cell(key), f"an id is missing; write one of {ID_SAYS}")
    elif text and not ID.fullmatch(text):
        draft.wrong(line.cell(key), f"`{text}` is no id; use {ID_SAYS}, for instance `{name}`")
    return text if ID.fullmatch(text) else name


def own_id(line: Line) -> str:
    """Id of a line that was declared before."""
    return line["id"] if ID.fullmatch(line["id"]) else make_id(line["id"] or line["label"])


def listed(text: str) -> list[str]:
    """What stands between commas or semicolons."""
    return [p.strip() for p in text.replace(";", ",").split(",") if p.strip()]


def read_flag(line: Line, key: str, draft: Draft) -> bool | None:
    """Yes or no of a cell, None where it is empty; anything else is told."""
    text = line[key].lower()
    if text in YES or text in NO:
        return text in YES
    if text:
        draft.wrong(line.cell(key), f"`{line[key]}`: write yes or no")
    return None


def attempt(draft: Draft, cell: Cell, read: Callable[[], Any]) -> Any:
    """What a reader gives, or None and a mistake at the cell."""
    try:
        return read()
    except ValueError as error:
        draft.wrong(cell, str(error))
        return None


def put_texts(draft: Draft, file: str, path: tuple, line: Line, keys: Mapping[str, str]) -> None:
    """Set fields that are texts where their cells hold some; ``a.b`` is a field of a field."""
    for key, where in keys.items():
        if line[key]:
            draft.put(file, (*path, *where.split(".")), line[key], line.cell(key))
        elif key in line.columns or key in line.absent:
            draft.mark(file, (*path, *where.split(".")), line.cell(key))


def value_of(line: Line, key: str) -> Any:
    """A date, number or text as the cell holds it; texts that are numbers stay texts."""
    value = line.values.get(key)
    day = line.day(key) if key in DAYS else ""
    return dt.date.fromisoformat(day) if isinstance(value, int | float) and len(day) == LONG_DAY else value


def side_of(line: Line, draft: Draft, known: Declared) -> str:
    """The side of a line; empty, and told, where there is none."""
    side = known.sides.find(line["side"])
    if side not in known.sides:
        said = f"unknown side `{side}`{suggest(side, known.sides)}" if side else "the side is missing"
        draft.wrong(line.cell("side"), said)
        return ""
    return side
