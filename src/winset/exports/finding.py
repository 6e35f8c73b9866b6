"""Columns of answers: choices, ratings, and the task that came again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from winset.errors import UsageError
from winset.exports.answers import read_answers
from winset.exports.families import Family
from winset.exports.patterns import fill
from winset.study.wide import Repeated

LIKE = re.compile(r"cho(ice|se|ose)|pref|vote|select|cbc|pick|decision|accept|answer", re.IGNORECASE)
UNLIKE = re.compile(
    r"tim(e|ing)|click|page|_text$|dur|order|consent|sys_|_do$|first|last|age|sex|gender|educ|incom", re.IGNORECASE
)
AGAIN = re.compile(r"repeat|again|retest|_rep\b|_re$|fixed", re.IGNORECASE)
JUDGED = re.compile(r"select|chosen|choice|rating|score|accept|vote", re.IGNORECASE)
NONE_WORDS = re.compile(r"\b(none|neither|no deal|opt.?out|keine|ninguna?|aucune?)\b", re.IGNORECASE)
UNSURE = 0.1
"""Distance from a half of the share of equal answers below which it says nothing."""
RATINGS = (3, 11)
"""Values of a scale."""


@dataclass(frozen=True)
class Answers:
    """Columns of answers in the order of tasks, and how to write them.

    Parameters
    ----------
    outcome
        A pattern, or the columns one by one.
    columns
        The columns.
    none
        Answers that chose none of the profiles.
    """

    outcome: str | tuple[str, ...]
    columns: tuple[str, ...]
    none: tuple[str, ...] = ()


def find_choices(
    table: pl.DataFrame,
    labels: Mapping[str, str],
    tasks: Sequence[str],
    profiles: Sequence[str],
    taken: Collection[str],
) -> tuple[Answers | None, list[str]]:
    """Columns whose answers name a profile, one a task, and further ones that were asked alike.

    Notes
    -----
    Of several groups of columns the best is taken: one pattern for all tasks, a name or question of choosing, the same question.
    """
    open_ = [c for c in table.columns if c not in taken and not AGAIN.search(c) and _names_profiles(table[c], profiles)]
    groups: list[tuple[float, list[str], list[str]]] = []
    for columns in _grouped(open_, labels):
        if len(columns) < len(tasks):
            continue
        first = _run(columns, tasks)
        more = [c for c in columns if c not in first]
        groups.append((_likely(first, labels, tasks) - 0.1 * len(more), first, more))
    if not groups:
        return None, []
    _, columns, more = max(groups, key=lambda g: g[0])
    again = [c for c in table.columns if c not in taken and AGAIN.search(c) and _names_profiles(table[c], profiles)]
    again = [c for c in again if "fixed" not in c.lower()]
    asked, said = {_question(labels.get(c, "")) for c in columns}, {x for c in columns for x in _texts(table[c])}
    alike = [c for c in open_ if _question(labels.get(c, "")) in asked - {""} and set(_texts(table[c])) == said]
    extra = [c for c in dict.fromkeys([*more, *alike, *again]) if c not in columns]
    return Answers(outcome_of(columns, tasks), tuple(columns), _none(table, columns)), extra


def find_ratings(
    table: pl.DataFrame,
    labels: Mapping[str, str],
    tasks: Sequence[str],
    profiles: Sequence[str],
    taken: Collection[str],
) -> Answers | None:
    """Columns of numbers, one for every profile of every task, in order."""
    size = len(tasks) * len(profiles)
    rated = [c for c in table.columns if c not in taken and not UNLIKE.search(c) and _is_scale(table[c])]
    for columns in _grouped(rated, labels):
        if len(columns) != size:
            continue
        by_task = [columns[n : n + len(profiles)] for n in range(0, size, len(profiles))]
        for stems in ([[_stem(c, p) for c, p in zip(cs, profiles, strict=True)] for cs in by_task],):
            if all(len(set(s)) == 1 and s[0] for s in stems):
                outcome = tuple(f"{s[0]}{{profile}}" for s in stems)
                return Answers(_counted([f"{s}" for s in outcome], tasks), tuple(columns))
        by_profile = _by_pattern(columns, tasks, profiles)
        if by_profile:
            return Answers(by_profile, tuple(columns))
    return None


@dataclass(frozen=True)
class Sorted:
    """Members of a family by what they hold: levels, ratings, or 1 for the chosen profile."""

    attributes: tuple[str, ...]
    rated: Answers | None = None
    chosen: Answers | None = None


def sort_members(table: pl.DataFrame, family: Family) -> Sorted:
    """Tell attributes from answers that are named like them: numbers among texts, 1 and 0, or a name that says so."""
    if family.names is not None:
        return Sorted(family.attributes)
    own = {a: _columns_of(family, a) for a in family.attributes}
    values = {a: {x for c in cs for x in _texts(table[c])} for a, cs in own.items()}
    numeric = [a for a, v in values.items() if all(x.isdecimal() for x in v)]
    judged = [a for a in numeric if len(numeric) < len(own) or JUDGED.search(a)]
    attributes = tuple(a for a in family.attributes if a not in judged)
    made = {a: Answers(family.columns.replace("{attribute}", a), tuple(own[a])) for a in judged}
    chosen = next((made[a] for a in judged if values[a] == {"0", "1"}), None)
    rated = next((made[a] for a in judged if len(values[a]) >= RATINGS[0]), None)
    return Sorted(attributes, rated, chosen)


def _columns_of(family: Family, attribute: str) -> list[str]:
    parts = [{"task": t, "profile": p} for t in family.tasks or ("",) for p in family.profiles]
    return [fill(family.columns, {"attribute": attribute, **part}) for part in parts]


def guess_repeats(
    table: pl.DataFrame, answers: Answers, again: Sequence[str], profiles: Sequence[str]
) -> tuple[tuple[Repeated, ...], list[str]]:
    """Which task each further column repeats, and whether its profiles stood the other way round, by how often answers agree."""
    found, told = [], []
    for c in again:
        shares = [
            (same, n, people)
            for n, first in enumerate(answers.columns, start=1)
            for same, people in [_agreement(table, first, c, profiles)]
            if people
        ]
        if not shares:
            continue
        named = re.search(r"\d+", c) if AGAIN.search(c) else None
        same, task, people = max(
            [s for s in shares if named and s[1] == int(named[0])] or shares, key=lambda s: abs(s[0] - 0.5)
        )
        flipped = len(profiles) == 2 and same < 0.5
        found.append(Repeated(outcome=c, task=task, flipped=flipped))
        doubt = "; too near to a coin to tell which way its profiles stood" if abs(same - 0.5) < UNSURE else ""
        turned = ", its profiles the other way round" if flipped else ""
        told.append(
            f"`{c}` is taken for task {task} shown again{turned}: "
            f"{same:.0%} of {people} answers are word for word those of task {task}{doubt}"
        )
    return tuple(found), told


def _agreement(table: pl.DataFrame, first: str, again: str, profiles: Sequence[str]) -> tuple[float, int]:
    """Share of people who named the same profile in two columns, and how many answered both."""
    one, two = (_numbered(table, c, profiles) for c in (first, again))
    both = pl.DataFrame({"one": one, "two": two}).drop_nulls()
    return (int((both["one"] == both["two"]).sum()) / both.height, both.height) if both.height else (0.5, 0)


def outcome_of(columns: Sequence[str], tasks: Sequence[str]) -> str | tuple[str, ...]:
    """Columns as a pattern where they have one, as they are else."""
    return _counted(list(columns), tasks)


def _counted(columns: Sequence[str], tasks: Sequence[str]) -> str | tuple[str, ...]:
    if len(columns) == 1:
        return columns[0]
    for m in re.finditer(r"\d+|(?<![A-Za-z])[A-Za-z](?![A-Za-z])", columns[0]):
        head, tail = columns[0][: m.start()], columns[0][m.end() :]
        inner = [c[len(head) : len(c) - len(tail)] for c in columns if c.startswith(head) and c.endswith(tail)]
        if len(inner) != len(columns):
            continue
        if inner == list(tasks):
            return f"{head}{{task}}{tail}"
        if all(x.isdecimal() for x in inner) and (counted := _arithmetic([int(x) for x in inner])):
            return f"{head}{{{counted}}}{tail}"
    return tuple(columns)


def _arithmetic(numbers: Sequence[int]) -> str | None:
    step = numbers[1] - numbers[0]
    if step < 1 or any(b - a != step for a, b in pairwise(numbers)):
        return None
    start = numbers[0] - step
    plus = f"{start:+d}" if start else ""
    return ("" if step == 1 else f"{step}*") + "task" + plus


def _grouped(columns: Sequence[str], labels: Mapping[str, str]) -> list[list[str]]:
    """Columns that were asked alike: by what their names have in common, by their question."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for c in columns:
        groups["name", re.sub(r"\d+", "#", c)].append(c)
        groups["letters", re.sub(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", "@", re.sub(r"\d+", "#", c))].append(c)
        for n, m in enumerate(re.finditer(r"\d+", c)):
            groups[f"one {n}", c[: m.start()] + "#" + c[m.end() :]].append(c)
        if labels.get(c) and labels[c] != c:
            groups["label", _question(labels[c])].append(c)
    distinct = {tuple(g): g for g in groups.values()}
    return list(distinct.values())


def _question(label: str) -> str:
    """A question without what differs from task to task: numbers, piped texts, blanks."""
    return re.sub(r"\$\{[^}]*\}|\d+|\W", "", label).lower()


def _run(columns: Sequence[str], tasks: Sequence[str]) -> list[str]:
    """As many columns as there are tasks: those that can be counted off, the first ones else."""
    for start in range(len(columns) - len(tasks) + 1):
        part = list(columns[start : start + len(tasks)])
        if isinstance(outcome_of(part, tasks), str):
            return part
    return list(columns[: len(tasks)])


def _likely(columns: Sequence[str], labels: Mapping[str, str], tasks: Sequence[str]) -> float:
    words = sum(bool(LIKE.search(f"{c} {labels.get(c, '')}")) for c in columns) / len(columns)
    wrong = sum(bool(UNLIKE.search(c)) for c in columns) / len(columns)
    asked = [_question(labels.get(c, "")) for c in columns]
    alike = float(len(columns) > 1 and bool(asked[0]) and len(set(asked)) == 1)
    pattern = float(isinstance(outcome_of(columns, tasks), str))
    return 2 * words + 2 * alike + pattern - 3 * wrong


def _texts(column: pl.Series) -> list[str]:
    text = column.drop_nulls().cast(pl.String).str.strip_chars().str.strip_suffix(".0")
    return sorted(x for x in text.unique().to_list() if x)


def _names_profiles(column: pl.Series, profiles: Sequence[str]) -> bool:
    if column.dtype.is_temporal() or column.n_unique() > len(profiles) + 3:
        return False
    said = [x for x in _texts(column) if not NONE_WORDS.search(x)]
    beyond = [str(len(profiles) + 1)]
    if not said or said == beyond or len(said) > len(profiles) + 1:
        return False
    try:
        read = read_answers(said, profiles, none=[x for x in said if x in beyond])
    except UsageError:
        return False
    return not read.how or bool(LIKE.search(column.name))


def _none(table: pl.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    said = {x for c in columns for x in _texts(table[c])}
    return tuple(sorted(x for x in said if NONE_WORDS.search(x)))


def _is_scale(column: pl.Series) -> bool:
    said = _texts(column)
    return RATINGS[0] <= len(said) <= RATINGS[1] and all(x.isdecimal() and int(x) <= 100 for x in said)


def _stem(column: str, profile: str) -> str:
    return column.removesuffix(profile) if column.endswith(profile) else ""


def _by_pattern(columns: Sequence[str], tasks: Sequence[str], profiles: Sequence[str]) -> str | None:
    for m in re.finditer(r"\d+|[A-Za-z](?=\d|$)", columns[0]):
        for k in re.finditer(r"\d+|[A-Za-z](?=\d|$)", columns[0]):
            if k.start() < m.end():
                continue
            c = columns[0]
            for one, two in (("task", "profile"), ("profile", "task")):
                pattern = f"{c[: m.start()]}{{{one}}}{c[m.end() : k.start()]}{{{two}}}{c[k.end() :]}"
                made = {fill(pattern, {"task": t, "profile": p}) for t in tasks for p in profiles}
                if made == set(columns):
                    return pattern
    return None


def _numbered(table: pl.DataFrame, column: str, profiles: Sequence[str]) -> pl.Series:
    text = table[column].cast(pl.String).str.strip_chars()
    try:
        chosen = read_answers(text.drop_nulls().unique().sort().to_list(), profiles).chosen
    except UsageError:
        return pl.Series([None] * table.height, dtype=pl.String)
    return text.replace_strict(dict(chosen), default=None, return_dtype=pl.String)
