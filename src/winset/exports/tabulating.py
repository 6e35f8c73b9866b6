"""Answers to one question of a survey file, counted: of each group, what share gave which answer, and out of how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from winset.errors import UsageError, suggest

MOST_ANSWERS = 12
"""Values of a column up to which it may be a question."""
DIGITS = 2
"""Of a share in per cent; a printed table has one at most."""


@dataclass(frozen=True)
class Asked:
    """A column that may be a question.

    Parameters
    ----------
    label
        Its wording, where the file holds it.
    values
        How many people gave each value, in the order of the file's codes.
    """

    column: str
    label: str
    values: Mapping[str, int]


@dataclass(frozen=True)
class Tabulated:
    """Answers of one group.

    Parameters
    ----------
    n
        People who were asked, unweighted.
    shares
        Per cent by answer, weighted where weights are given; they add up to 100.
    n_eff
        Effective size of a weighted sample, (sum of weights)^2 / sum of squared weights (Kish 1965); None without weights.
    """

    n: int
    shares: Mapping[str, float]
    n_eff: float | None = None


def list_asked(table: pl.DataFrame, labels: Mapping[str, str] | None = None) -> list[Asked]:
    """Columns that may be questions: of few values, at least two of them."""
    found = []
    for name in table.columns:
        values = table[name].drop_nulls()
        if values.dtype.is_temporal() or not 2 <= values.n_unique() <= MOST_ANSWERS:
            continue
        found.append(Asked(name, (labels or {}).get(name, ""), _counted(values)))
    return found


def list_weights(table: pl.DataFrame) -> list[str]:
    """Columns that may be weights: numbers of many values, none below 0, with a mean near 1."""
    numbers = [c for c in table.columns if table.schema[c].is_numeric() and table[c].n_unique() > MOST_ANSWERS]
    return [c for c in numbers if float(table[c].min() or 0) >= 0 and 0.5 <= float(table[c].mean() or 0) <= 2]  # pyright: ignore[reportArgumentType]


def tabulate(
    table: pl.DataFrame,
    column: str,
    answers: Mapping[str, str],
    *,
    weight: str | None = None,
    groups: tuple[str, Mapping[str, str]] | None = None,
) -> dict[str, Tabulated]:
    """Answers by group.

    Parameters
    ----------
    answers
        What each value of the column means; people with other values were not asked.
    weight
        Column of weights.
    groups
        A column and the group of each of its values; people with other values are left out. Without it all are one, ``""``.

    Raises
    ------
    UsageError
        If a column is missing, a weight is none, or nobody is left.

    Examples
    --------
    >>> people = pl.DataFrame({"q": ["Yes", "No", "No", "Yes"], "w": [1.0, 1.0, 1.0, 3.0]})
    >>> tabulate(people, "q", {"Yes": "accept", "No": "reject"}, weight="w")[""]
    Tabulated(n=4, shares={'accept': 66.67, 'reject': 33.33}, n_eff=3.0)
    """
    for c in (column, weight, groups[0] if groups else None):
        if c is not None and c not in table.columns:
            raise UsageError(f"the file has no column `{c}`{suggest(c, table.columns)}")
    weights = pl.lit(1.0) if weight is None else pl.col(weight).cast(pl.Float64, strict=False)
    kinds = pl.lit("") if groups is None else _as_text(groups[0]).replace_strict(groups[1], default=None)
    people = table.select(
        answer=_as_text(column).replace_strict(dict(answers), default=None), weight=weights, group=kinds
    ).drop_nulls(["answer", "group"])
    if people.is_empty():
        raise UsageError(f"nobody answered `{column}` in one of the ways that count")
    if weight is not None and (people["weight"].null_count() or not (people["weight"] >= 0).all()):
        raise UsageError(f"`{weight}` is empty or below 0 for some who answered; choose another column of weights")
    ordered = list(dict.fromkeys(answers.values()))
    parts = people.partition_by("group", as_dict=True, maintain_order=True)
    return {str(g): _shares(p, ordered, weighted=weight is not None) for (g,), p in parts.items()}


def _shares(people: pl.DataFrame, answers: list[str], *, weighted: bool) -> Tabulated:
    weights = people["weight"]
    total = float(weights.sum())
    if total <= 0:
        raise UsageError("all weights of a group are 0; choose another column of weights")
    told = {a: round(100 * float(weights.filter(people["answer"] == a).sum()) / total, DIGITS) for a in answers}
    effective = round(total**2 / float((weights**2).sum()), 1) if weighted else None
    return Tabulated(people.height, told, effective)


def _as_text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().str.strip_suffix(".0")


def _counted(values: pl.Series) -> dict[str, int]:
    order = values.dtype.categories.to_list() if isinstance(values.dtype, pl.Enum) else []
    counts = dict(values.to_frame().select(_as_text(values.name)).to_series().value_counts().iter_rows())
    return {v: counts[v] for v in [*(x for x in order if x in counts), *sorted(c for c in counts if c not in order)]}
