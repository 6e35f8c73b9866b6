"""Tables for people: names in place of ids, a mean and its interval in one cell, shares in per cent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from winset.errors import UsageError
from winset.findings.wording import percent, span
from winset.study import Study
from winset.terms import parse_package

HEADINGS = {
    "p_all": "All at once",
    "answers": "Answers asked",
    "basis": "Rests on",
    "refuse": "Refuse at any price",
    "never_asked": "Terms never asked",
    "probability": "Could carry it",
    "a_deal": "A deal",
    "if_won": "If all of them were for it",
    "p_side": "Leader could carry it",
    "asked": "Were asked anything",
    "priced": "With pledges counted",
    "r": "People who reject are reached",
    "shapley_shubik": "Shapley-Shubik",
    "label": "Who",
    "n": "n",
}
"""Headings that their column's name does not give."""
SHARES = frozenset(
    ("probability", "picked", "a_deal", "fails", "evidence", "refuse", "share", "decides", "if_won", "if_lost",
     "p_side", "p_all", "value", "with", "without", "price", "before", "after", "accepts", "carried", "observed",
     "even", "zone", "zone_without", "win_set", "win_set_without", "with_rules", "tells",
     "base", "chance", "detectable", "priced")
)  # fmt: skip
"""Columns of shares and chances; everything named ``p_<side>`` is one too."""
MOVES = frozenset(("moved", "shift", "change", "gain", "swing"))
"""Columns of changes of shares, in points."""
COUNTS = frozenset(("answers", "n", "people", "rows", "packages", "cost"))
SPANNED = ("coverage", "density", "chance", "worst", "best", "hurwicz", "robust", "regret")
"""Shares whose interval carries their name: several stand in one table, whose note says that the intervals are of 90 %."""
INTERVALS = (
    ("share", "low", "high"),
    ("tells", "low", "high"),
    ("tells", "tells_low", "tells_high"),
    ("mean", "low", "high"),
    ("heard", "heard_low", "heard_high"),
    ("estimate", "low", "high"),
    *((name, f"{name}_low", f"{name}_high") for name in SPANNED),
)
"""Columns of a share and its interval, told in one."""
SAID = {
    "heard": "With the words [90 %]",
    "tells": "Takes of the doubt, % [90 %]",
    "share": "Share of the doubt, % [90 %]",
    **{name: f"{name.capitalize()}, %" for name in SPANNED},
    "regret": "Regret, points",
    "buys": "Buys, points",
    "swing": "Swing, points [90 %]",
    "change": "Change, points [90 %]",
    "gain": "Gain, points [90 %]",
    "margin": "Change of the margin, sd [90 %]",
    "rank": "Rank correlation [90 %]",
    "moved": "Moved it by, sd [90 %]",
    "at": "Turns at [90 %]",
    "steps": "Steps [90 %]",
    "first_now": "First: now to then",
    "second_now": "Second: now to then",
}
MOVED = (
    ("swing", "swing_low", "swing_high"),
    ("change", "change_low", "change_high"),
    ("buys", "buys_low", "buys_high"),
    ("gain", "low", "high"),
    ("gain", "gain_low", "gain_high"),
)
"""The same of changes, in points."""
PLAIN = (
    ("margin", "margin_low", "margin_high"),
    ("rank", "low", "high"),
    ("moved", "low", "high"),
    ("at", "at_low", "at_high"),
    ("steps", "steps_low", "steps_high"),
)
"""The same of numbers that are no shares, as they are."""
TURNED = {"word": "the word", "leader": "which proposal leads", "blocker": "who blocks"}
"""What a tipping point turns, in words."""
FROM_TO = (("first_now", "first_at"), ("second_now", "second_at"))
"""Columns of what a number is and would be, told in one."""


def label_table(table: pl.DataFrame, study: Study) -> list[dict[str, str]]:
    """Rows of a finding's table as people read them; JSON keeps the ids and the numbers.

    Examples
    --------
    >>> from winset.workbook import load
    >>> found = pl.DataFrame({"side": ["russia"], "constituency": ["soldiers"], "mean": [0.26], "low": [0.03], "high": [0.66]})
    >>> label_table(found, load("istanbul-2025"))
    [{'Group': 'Soldiers at the front (Russia)', 'Per cent [90 %]': '26 [3, 66]'}]
    """
    columns = list(_columns(table, study))
    return [{heading: read(row) for heading, read in columns} for row in table.to_dicts()]


def label_values(table: pl.DataFrame, study: Study) -> tuple[list[str], list[str], list[list[Any]]]:
    """The same for a spreadsheet: names in place of ids, every number in a cell of its own.

    Returns
    -------
    Headings, what each column holds (share, move, count, number; empty for others), and rows. Shares and their changes are
    fractions, as spreadsheets have per cents.

    Examples
    --------
    >>> from winset.workbook import load
    >>> label_values(pl.DataFrame({"side": ["russia"], "mean": [0.26]}), load("istanbul-2025"))
    (['Side', 'Mean'], ['', 'share'], [['Russia', 0.26]])
    """
    columns = [c for c in table.columns if c != "label" or not {"side", "constituency"} <= set(table.columns)]
    rows = [[_value(c, row, study) for c in columns] for row in table.to_dicts()]
    return [_heading(c, study) for c in columns], _kinds(columns, table, study), rows


UNITS = frozenset(
    ("observed", "decided", "at_least", "at_most", "low_exact", "high_exact", "heard", "mean", "low", "high", "lower", "upper")
)  # fmt: skip
"""Columns that hold shares where all they hold lies between 0 and 1."""


def _kinds(columns: Sequence[str], table: pl.DataFrame, study: Study) -> list[str]:
    """What each column holds; a number and the ends of its interval hold the same."""
    found = {c: _kind(c, table, study) for c in columns}
    for three in (*INTERVALS, *PLAIN, *_margins(study), *MOVED):  # the later ones say more
        if set(three) <= set(columns):
            shares = three in INTERVALS and _are_shares(table, *three[1:])
            found |= dict.fromkeys(three, "move" if three in MOVED else "share" if shares else "number")
    return [found[c] for c in columns]


def _kind(column: str, table: pl.DataFrame, study: Study) -> str:
    if not table.schema[column].is_float():
        return ""
    if column in COUNTS:
        return "count"
    if column in MOVES or column in {"moves", "regret", "buys"}:
        return "move"
    least, most = table[column].min(), table[column].max()
    inside = isinstance(least, float) and isinstance(most, float) and least >= 0.0 and most <= 1.0
    named = column in SHARES or column.removeprefix("p_") in study.sides
    return "share" if named or (column in UNITS and inside) else "number"


def _value(column: str, row: Row, study: Study) -> Any:
    value = row[column]
    if column in COUNTS and value is None:
        return "few"
    if column == "constituency" and "side" in row:
        return _group(study, row["side"], value)
    if column in NAMED and value is not None:
        return NAMED[column](study, value)
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def plain_table(table: pl.DataFrame) -> list[dict[str, str]]:
    """Rows of a table that belongs to no study, every value as text."""
    return [{c.replace("_", " ").capitalize(): _plain(v) for c, v in row.items()} for row in table.to_dicts()]


Row = Mapping[str, Any]
Read = Callable[[Row], str]


def _columns(table: pl.DataFrame, study: Study) -> Iterator[tuple[str, Read]]:
    """Heading of every printed column, and how it is read off a row."""
    left: list[str | tuple[str, ...]] = list(table.columns)
    if {"side", "constituency"} <= set(left):
        yield "Group", lambda r: _group(study, r["side"], r["constituency"])
        left = [c for c in left if c not in {"side", "constituency", "label"}]
    elif "side" in left and "label" in left and set(table["side"]) <= {*study.sides, "all"}:
        left.remove("side")
    for mean, low, high in INTERVALS:
        if {mean, low, high} <= set(left) and _are_shares(table, low, high):
            left[left.index(mean)] = (mean, low, high)
            left = [c for c in left if c not in {low, high}]
    for three in (*MOVED, *PLAIN, *FROM_TO, *_margins(study)):
        if set(three) <= set(left):
            left[left.index(three[0])] = three
            left = [c for c in left if c not in three]
    for column in left:
        yield _heading(column, study), _reader(column, table, study)


def _margins(study: Study) -> list[tuple[str, str, str]]:
    """Columns of each leader's margin and its interval, told in one."""
    return [(f"margin_{s}", f"low_{s}", f"high_{s}") for s in study.sides]


def _group(study: Study, side: str, constituency: str) -> str:
    if constituency and (side, constituency) in study.constituencies():
        return study.full_label(side, constituency)
    return study.sides[side].label if side in study.sides else "everybody" if side == "all" else constituency or side


def _are_shares(table: pl.DataFrame, low: str, high: str) -> bool:
    least, most = table[low].min(), table[high].max()
    return isinstance(least, float) and isinstance(most, float) and least >= 0.0 and most <= 1.0


def _heading(column: str | tuple[str, ...], study: Study) -> str:
    if column in _margins(study):
        return f"{study.sides[column[0].removeprefix('margin_')].label}: margin, probits [90 %]"
    if isinstance(column, tuple):
        return SAID.get(column[0], "Per cent [90 %]")
    if (side := column.removeprefix("p_")) in study.sides:
        return study.sides[side].label
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def _reader(column: str | tuple[str, ...], table: pl.DataFrame, study: Study) -> Read:
    if isinstance(column, tuple):
        if column in FROM_TO:
            return lambda r: f"{r[column[0]]:.2f} to {r[column[1]]:.2f}"
        if column in (*MOVED, *PLAIN, *_margins(study)):
            size, digits = (100, "+.0f") if column in MOVED else (1, ".2f")
            return lambda r: "" if r[column[0]] is None else _span(size, digits, [r[n] for n in column])
        return lambda r: "" if r[column[0]] is None else span(*(r[n] for n in column))
    if column in NAMED:
        return lambda r: NAMED[column](study, r[column])
    if column in COUNTS:
        return lambda r: "few" if r[column] is None else f"{r[column]:,.0f}"
    shares = column in SHARES or column.removeprefix("p_") in study.sides
    if shares and table.schema[column].is_float():
        return lambda r: "" if r[column] is None else percent(r[column])
    if column == "moves":
        return lambda r: f"{100 * r[column]:.0f} points"
    if column in MOVES and table.schema[column].is_float():
        return lambda r: "" if r[column] is None else _points(r[column])
    return lambda r: _plain(r[column])


def _points(share: float) -> str:
    """A change of a share; none has no sign."""
    whole = round(100 * share)
    return f"{whole:+d} points" if whole else "0 points"


def _span(size: float, digits: str, three: Sequence[float]) -> str:
    """A number with its interval; alone where too little is known for one."""
    mean, low, high = ("…" if x is None else f"{size * x:{digits}}" for x in three)
    return f"{mean} [{low}, {high}]" if low != "nan" else mean


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.2f}"
        case _:
            return str(value)


def _package(study: Study, text: str) -> str:
    """A package by its labels; what is none stays as it is."""
    try:
        return study.in_words(dict(parse_package(text).terms))
    except (UsageError, KeyError, ValueError):
        return text


def _name(of: Callable[[Study], Mapping[str, Any]]) -> Callable[[Study, Any], str]:
    """The label of what has an id, or the id where it has none."""

    def read(study: Study, value: Any) -> str:
        known = of(study).get(value)
        return str(value) if known is None else known.label

    return read


SOLUTIONS = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}
"""Bargaining solutions, as the literature calls them."""
NAMED: dict[str, Callable[[Study, Any], str]] = {
    "package": _package,
    "on_average": _package,
    "proposal": _name(lambda s: s.proposals),
    "instrument": _name(lambda s: s.instruments),
    "side": _name(lambda s: s.sides),
    "issue": _name(lambda s: {i.id: i for i in s.space.issues}),
    "question": lambda s, q: s.questions[q].wording if q in s.questions else str(q),
    "label": lambda _, label: str(label),
    "solution": lambda _, name: SOLUTIONS.get(str(name), str(name)),
    "r": lambda _, times: "as often" if times == 1 else f"{times:g} times as often",
    "turns": lambda _, what: TURNED.get(str(what), str(what)),
}
"""Columns of ids, and how they are said."""
