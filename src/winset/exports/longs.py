"""Files that are long already: one row a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from winset.exports.draft import Draft
from winset.exports.patterns import natural
from winset.study import NOT_SHOWN

ROLES = {
    "respondent": r"(respondent|case|resp|person|participant|user|subject)?_?(id|num|number)$|^respondent|respnum$",
    "task": r"task|contest|screen|choice_?set|question_?no|round",
    "profile": r"^profile|alternative|^alt$|option_?no|position|^concept$",
    "weight": r"weight|^wt$|^wgt",
}
"""Names that columns usually have, by what they hold."""
OUTCOMES = (r"chosen|^choice|selected|accept", r"^outcome|rating|vote|prefer|score", r"^answer$|^response$|judg")
"""Names of outcomes, the surest first."""
STUDIES = re.compile(r"^(sub_?)?(study|experiment|module|survey|design|arm|wave)(_?(id|no|number))?$", re.IGNORECASE)
"""Names of columns that tell sub-studies apart."""
PARTIAL = "some tasks do not show all attributes: `(not shown)` is a level that leaves the issue open"
FEW, MOST_CODES = 30, 12


def recognise_long(table: pl.DataFrame, respondent: str | None, make: str) -> list[Draft]:
    """Experiments of a long table: one, or one for each sub-study that stands below another; none where no attribute is seen."""
    split = _sub_studies(table, respondent)
    if split:
        column, values = split
        drafts = []
        for n, value in enumerate(values, start=1):
            part = table.filter(pl.col(column).cast(pl.String) == value).drop(column)
            part = part.select(c for c in part.columns if part[c].null_count() < part.height)
            for d in recognise_long(part, respondent, make):
                told = (f"sub-studies stand one below the other: rows with `{column}` {value}", *d.told)
                drafts.append(Draft(**{**vars(d), "name": f"experiment-{n}", "where": {column: value}, "told": told}))
        return drafts
    roles = _roles(table, respondent)
    taken = set(roles.values())
    outcome = _outcome(table, taken)
    attributes = _attributes(table, {*taken, outcome}, codes=make == "Sawtooth" and "profile" in roles)
    if not attributes:
        return []
    return [_draft(table, roles, outcome, attributes)]


def _draft(table: pl.DataFrame, roles: dict[str, str], outcome: str | None, attributes: Sequence[str]) -> Draft:
    blanks = [
        c for r in ("respondent", "task") if (c := roles.get(r)) and table[c].null_count() and table[c][0] is not None
    ]
    told = [f"`{c}` has blanks, which repeat the cell above" for c in blanks]
    whole = table.with_columns(pl.col(blanks).forward_fill()) if blanks else table
    named = _names_profile(whole, roles, outcome)
    if named:
        told.append(f"`{outcome}` repeats the number of the chosen `{roles['profile']}` in every row of a task")
    values = _values(whole[outcome]) if outcome else []
    rated = not named and len(values) > 2
    partial = _partial(whole, roles, attributes)
    if partial:
        told.append(PARTIAL)
    levels = {a: (*_values(whole[a]), *([NOT_SHOWN] if partial and whole[a].null_count() else [])) for a in attributes}
    judged = "rating" if rated else "choice" if _forced(whole, roles, outcome) or named else "accept"
    doubts = []
    if judged == "choice" and "task" not in roles:
        doubts.append("a choice needs `task`, the column that tells which profiles were judged together")
    return Draft(
        "experiment-1",
        judged,
        levels,
        roles.get("respondent"),
        outcome,
        roles.get("task"),
        roles.get("profile"),
        roles.get("weight"),
        answers=tuple(values) if rated else (),
        fill_down=tuple(blanks),
        partial=partial,
        names_profile=named,
        told=tuple(told),
        doubts=tuple(doubts),
    )


def _roles(table: pl.DataFrame, respondent: str | None) -> dict[str, str]:
    found = {"respondent": respondent} if respondent else {}
    for role, pattern in ROLES.items():
        for c in table.columns:
            if role not in found and c not in found.values() and re.search(pattern, c.lower()):
                found[role] = c
    return found


def _outcome(table: pl.DataFrame, taken: set[str]) -> str | None:
    """The column of the surest name whose cells can be an outcome: numbers or two answers."""
    for pattern in OUTCOMES:
        for c in table.columns:
            if c not in taken and re.search(pattern, c.lower()):
                values = _values(table[c])
                numbers = all(re.fullmatch(r"-?\d+(\.\d+)?", v) for v in values)
                if (numbers and len(values) <= 200) or len(values) == 2:
                    return c
    return None


def _attributes(table: pl.DataFrame, taken: set[str | None], *, codes: bool) -> list[str]:
    """Columns of text or labels with a few levels; of codes where the program writes codes."""
    found = []
    for c in table.columns:
        kind = table.schema[c]
        number = kind.is_numeric()
        if c in taken or kind == pl.Boolean or kind.is_temporal() or (number and not codes):
            continue
        if 2 <= table[c].drop_nulls().n_unique() <= (MOST_CODES if number else FEW):
            found.append(c)
    return found


def _values(column: pl.Series) -> list[str]:
    if isinstance(column.dtype, pl.Enum):
        return [x for x in column.dtype.categories if (column == x).any()]
    text = column.drop_nulls().cast(pl.String).str.strip_chars().str.strip_suffix(".0").unique()
    return sorted(text.to_list(), key=natural)


def _by_task(table: pl.DataFrame, roles: dict[str, str]) -> list[str]:
    return [roles[r] for r in ("respondent", "task") if r in roles]


def _names_profile(table: pl.DataFrame, roles: dict[str, str], outcome: str | None) -> bool:
    if outcome is None or "profile" not in roles or len(_by_task(table, roles)) < 2:
        return False
    profiles, values = (set(_values(table[c])) for c in (roles["profile"], outcome))
    alike = table.group_by(_by_task(table, roles)).agg(pl.col(outcome).n_unique().alias("n"), pl.len())
    whole = alike.filter(pl.col("len") > 1)
    beyond = {str(len(profiles) + 1), "0"}
    return whole.height > 0 and bool((whole["n"] == 1).all()) and values <= profiles | beyond and len(values) > 1


def _forced(table: pl.DataFrame, roles: dict[str, str], outcome: str | None) -> bool:
    """Whether tasks mostly have one chosen profile of several; true where it cannot be seen."""
    if outcome is None or len(_by_task(table, roles)) < 2:
        return True
    sizes = table.group_by(_by_task(table, roles)).len()["len"]
    return bool((sizes > 1).any())


def _partial(table: pl.DataFrame, roles: dict[str, str], attributes: Sequence[str]) -> bool:
    """Whether attributes are empty in all profiles of a task or in none."""
    keys = _by_task(table, roles)
    gaps = [a for a in attributes if table[a].null_count()]
    if not gaps or len(keys) < 2:
        return False
    shares = table.group_by(keys).agg(pl.col(gaps).is_null().mean())
    return bool(shares.select(pl.all_horizontal(pl.col(gaps).is_in([0.0, 1.0]).all())).item())


def _sub_studies(table: pl.DataFrame, respondent: str | None) -> tuple[str, list[str]] | None:
    """A column by whose values whole attributes are empty."""
    for c in table.columns:
        if c == respondent or not STUDIES.match(c):
            continue
        values = _values(table[c])
        if not 2 <= len(values) <= 8:
            continue
        empty = table.group_by(pl.col(c).cast(pl.String)).agg(pl.exclude(c).is_null().all())
        if any(empty[x].any() and not empty[x].all() for x in empty.columns[1:]):
            return c, values
    return None
