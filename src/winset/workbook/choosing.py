"""What may stand in the cells of a column: fixed words, and what other sheets declare; for whoever fills a sheet in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from winset.errors import MistakesError, relative
from winset.workbook.declaring import declare_all
from winset.workbook.draft import Draft
from winset.workbook.folder import read_tables
from winset.workbook.known import UNKNOWN, Declared, own_id
from winset.workbook.sheets import DECLARED, FIXED, LATE, Column
from winset.workbook.tables import Table

WORDS = {
    "proposals": "label",
    "questions": "wording",
    "instruments": "label",
    "sources": "title",
    "scales": "answers",
    "sides": "label",
}
"""Column that tells in words what an id is of."""
RULES = "ratification"
"""Column that holds a rule; it is built of groups."""


@dataclass(frozen=True)
class Choices:
    """What a cell of a column is chosen from.

    Parameters
    ----------
    kind
        ``one`` of them, or ``rule``: a sentence built of groups.
    of
        What to write, what it is in words, and the side that it belongs to where it belongs to one.
    """

    kind: str
    of: tuple[tuple[str, str, str], ...]


def offer_choices(path: Path) -> dict[str, dict[int, Choices]]:
    """Choices by sheet and column, counted from 0; none of a workbook that is no study yet."""
    draft = Draft(relative(path))
    try:
        tables = read_tables(path, draft)
        known = declare_all(tables, draft)
    except MistakesError:
        return {}
    lists = {name: _listed(name, tables, known) for name in DECLARED} | {
        name: tuple((w, "", "") for w in words) for name, words in FIXED.items()
    }
    return {name: _of_sheet(table, lists, tables, known) for name, table in tables.items() if table.columns}


def _of_sheet(
    table: Table, lists: Mapping[str, tuple[tuple[str, str, str], ...]], tables: Mapping[str, Table], known: Declared
) -> dict[int, Choices]:
    columns: dict[str, Column] = {c.key: c for c in (*table.sheet.columns, *LATE.get(table.sheet.name, ()))}
    found: dict[int, Choices] = {}
    for key, at in table.columns.items():
        of = lists.get(columns[key].choices, ()) if key in columns else ()
        if table.sheet.name == "Proposals" and key in known.issues and key not in columns:
            of = (*_options(known.issues.find(key), tables, known), (UNKNOWN, "in the text, but not read", ""))
        if of:
            found[at - 1] = Choices("one", of)
        elif key == RULES:
            found[at - 1] = Choices("rule", lists["groups"])
    return found


def _listed(name: str, tables: Mapping[str, Table], known: Declared) -> tuple[tuple[str, str, str], ...]:
    """Ids of a list, and what they are in words."""
    if name == "groups":
        lines = {(known.sides.find(x["side"]), own_id(x)): x["label"] for x in tables["Groups"]}
        return tuple((g, lines.get((s, g), ""), s) for s, names in known.groups.items() for g in names)
    if name == "terms":
        return tuple((f"{i}={o}", words, "") for i in known.issues for o, words, _ in _options(i, tables, known))
    if name in {"issues", "options"}:
        return ()
    sheet, _ = DECLARED[name]
    words = {own_id(x): x[WORDS[name]] for x in tables[sheet]}
    return tuple((i, words.get(i, ""), "") for i in getattr(known, name))


def _options(issue: str, tables: Mapping[str, Table], known: Declared) -> list[tuple[str, str, str]]:
    """Options of an issue, in words."""
    words = {known.option(issue, x["option"] or x["option_label"]): x["option_label"] for x in tables["Terms"]}
    return [(o, words.get(o, ""), "") for o in known.options.get(issue, ())]
