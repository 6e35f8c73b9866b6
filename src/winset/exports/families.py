"""Columns that are named alike: what varies in their names, and what stays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from winset.exports.patterns import WORDS, in_order

_ALONE = rf"(?:(?<=[_.\- ])|(?<![A-Za-z0-9]))(?:{'|'.join(WORDS)})(?![A-Za-z])"
_LETTER = r"(?<=[a-z0-9_.\- ])[A-La-l](?=[0-9]|$|[_.\- ])"
INDEX = re.compile(rf"[0-9]{{1,3}}|{_ALONE}|{_LETTER}")
"""What may number a task or a profile in a name: digits, a letter on its own or before a digit, a side."""
MOST_PROFILES, MOST_TASKS, MOST_LEVELS = 4, 40, 40
DESIGNER = re.compile(r"(?P<letter>.*?)(?P<mark>[-_.])(\d+)(?P=mark)(\d+)(?P=mark)(\d+)")
"""``F-1-2-3``: task, profile, slot; SPSS and R write other marks."""


@dataclass(frozen=True)
class Family:
    """Columns of levels, found by their names.

    Parameters
    ----------
    columns, names
        Patterns, as ``experiments.yaml`` writes them.
    tasks, profiles
        Their labels, in order; no tasks where a row is a task.
    members
        The columns.
    attributes
        Named in the columns, or by the cells of ``names``.
    """

    columns: str
    names: str | None
    tasks: tuple[str, ...]
    profiles: tuple[str, ...]
    members: tuple[str, ...]
    attributes: tuple[str, ...]
    doubt: str = ""


def find_designers(table: pl.DataFrame) -> list[Family]:
    """Families of a designer, one for each letter that it was set to."""
    groups: dict[tuple[str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for c in table.columns:
        if m := DESIGNER.fullmatch(c):
            groups[m["letter"], m["mark"]].append((c, m[3], m[4], m[5]))
    found = []
    for (letter, mark), columns in groups.items():
        tasks, profiles, slots = (in_order([x[k] for x in columns]) for k in (1, 2, 3))
        named = [f"{letter}{mark}{t}{mark}{s}" for t in tasks for s in slots]
        if not 2 <= len(profiles) <= MOST_PROFILES or any(n not in table.columns for n in named):
            continue
        attributes = sorted({str(a).strip() for n in named for a in table[n].drop_nulls().unique().to_list()})
        pattern = mark.join((letter, "{task}", "{profile}", "{slot}"))
        names = mark.join((letter, "{task}", "{slot}"))
        members = (*(x[0] for x in columns), *named)
        found.append(Family(pattern, names, tuple(tasks), tuple(profiles), members, tuple(attributes)))
    return found


@dataclass(frozen=True)
class _Parse:
    """A name cut at two places that may number tasks and profiles."""

    column: str
    texts: tuple[str, ...]
    values: tuple[str, ...]


def find_named(table: pl.DataFrame, *, by_row: bool) -> list[Family]:
    """Families whose columns name the attribute, those with most columns first.

    Parameters
    ----------
    by_row
        A row is a task, and names hold the profile alone.
    """
    groups: dict[tuple, list[_Parse]] = defaultdict(list)
    for c in table.columns:
        for parse in _parses(c, 1 if by_row else 2):
            kinds = tuple("n" if v.isdecimal() else "w" if len(v) > 1 else "l" for v in parse.values)
            for varying in range(len(parse.texts)):
                if parse.texts[varying]:
                    rest = parse.texts[:varying] + parse.texts[varying + 1 :]
                    groups[varying, rest, kinds].append(parse)
    families = [f for (varying, _, _), parses in groups.items() for f in _family(table, varying, parses, by_row)]
    return sorted(families, key=lambda f: (-len(f.members), f.columns))


def _parses(column: str, places: int) -> Iterator[_Parse]:
    marks = list(INDEX.finditer(column))
    chosen = [(m,) for m in marks] if places == 1 else [(a, b) for i, a in enumerate(marks) for b in marks[i + 1 :]]
    for cut in chosen:
        texts, end = [], 0
        for m in cut:
            texts.append(column[end : m.start()])
            end = m.end()
        yield _Parse(column, (*texts, column[end:]), tuple(m[0] for m in cut))


def _family(table: pl.DataFrame, varying: int, parses: Sequence[_Parse], by_row: bool) -> Iterator[Family]:
    """The columns that make a full grid of tasks and profiles for each of several attributes."""
    by_attribute: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for p in parses:
        by_attribute[p.texts[varying]][p.values] = p.column
    grids: dict[frozenset, list[str]] = defaultdict(list)
    for a, cells in by_attribute.items():
        grids[frozenset(cells)].append(a)
    for grid, attributes in grids.items():
        axes = [in_order([v[k] for v in grid]) for k in range(1 if by_row else 2)]
        full = 1
        for axis in axes:
            full *= len(axis)
        if full != len(grid):
            continue
        for task, profile in ((None, 0),) if by_row else ((0, 1), (1, 0)):
            made = _made(table, varying, parses, by_attribute, attributes, axes, task, profile)
            if made is not None:
                yield made


def _made(
    table: pl.DataFrame,
    varying: int,
    parses: Sequence[_Parse],
    by_attribute: dict[str, dict[tuple[str, ...], str]],
    attributes: Sequence[str],
    axes: Sequence[list[str]],
    task: int | None,
    profile: int,
) -> Family | None:
    tasks, profiles = ([] if task is None else axes[task]), axes[profile]
    if not 2 <= len(profiles) <= MOST_PROFILES or len(tasks) > MOST_TASKS or (task is not None and len(tasks) < 2):
        return None
    if [v for v in profiles if v.isdecimal()] and profiles != [str(n) for n in range(1, len(profiles) + 1)]:
        return None
    kept = [a for a in attributes if is_attribute(table, list(by_attribute[a].values()))]
    if not kept:
        return None
    holes = ["{task}" if k == task else "{profile}" for k in range(len(axes))]
    texts = list(next(p for p in parses if p.texts[varying] == kept[0]).texts)
    before = _edge(kept)
    after = _edge([a[len(before) :][::-1] for a in kept])[::-1]
    texts[varying] = f"{before}{{attribute}}{after}"
    pattern = texts[0] + "".join(h + t for h, t in zip(holes, texts[1:], strict=True))
    members = tuple(c for a in kept for c in by_attribute[a].values())
    both = task is not None and 2 <= len(tasks) <= MOST_PROFILES and len(tasks) >= len(profiles)
    doubt = f"{len(tasks)} numbers may be tasks or profiles; {profiles} are taken for profiles" if both else ""
    named = tuple(a[len(before) : len(a) - len(after)] for a in kept)
    return Family(pattern, None, tuple(tasks), tuple(profiles), members, named, doubt)


def _edge(texts: Sequence[str]) -> str:
    """What all texts begin with, up to the last mark in it; nothing where that would leave one of them empty."""
    first, last = min(texts), max(texts)
    alike = (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    shared = first[: next(alike, min(len(first), len(last)))]
    end = max(shared.rfind(mark) for mark in "_.- ") + 1
    return shared[:end] if all(len(t) > end for t in texts) else ""


def is_attribute(table: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether columns hold the same few levels: texts, or codes up to a dozen."""
    seen: set[str] = set()
    shared = None
    for c in columns:
        kind = table.schema[c]
        if kind.is_float() and not isinstance(kind, pl.Enum) and not _whole(table[c]):
            return False
        if kind == pl.Boolean or kind.is_temporal():
            return False
        own = {str(x).strip() for x in table[c].drop_nulls().unique().to_list()}
        if len(own) > MOST_LEVELS:
            return False
        seen |= own
        shared = own if shared is None else shared & own
        if len(seen) > MOST_LEVELS:
            return False
    numbers = all(x.removesuffix(".0").isdecimal() for x in seen)
    return len(seen) > 1 and (not numbers or len(seen) <= 12) and bool(shared or len(columns) > 6 or table.height < 12)


def _whole(column: pl.Series) -> bool:
    filled = column.drop_nulls()
    return bool((filled == filled.round()).all())
