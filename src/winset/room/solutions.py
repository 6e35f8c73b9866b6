"""Which package bargaining theory would pick, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.errors import UsageError, suggest
from winset.room.margins import measure_margins
from winset.room.objectives import Objective, name_objective
from winset.room.scoring import score_tables
from winset.room.search import find_best
from winset.room.tables import Tables, list_combinations
from winset.terms.combining import keeps
from winset.theory import NAMES, find_pareto, solve

if TYPE_CHECKING:
    from jaxtyping import Float, Int

CANDIDATES = 1000
"""Best packages by each order that a solution may pick in a space too large to try one and all."""

TRIED = 5000
SCORED = 2**20
"""Packages of a space that is scored one and all, in a second or two; the best of a larger one are searched for."""

SEARCH_SECONDS = 5.0


@dataclass(frozen=True)
class Solutions:
    """Bargaining solutions over draws.

    Parameters
    ----------
    table
        By solution: the share of draws in which there is a deal at all; the package picked most often, how often, and its
        margins by side (90 % interval); what is picked on the mean margins (``on_average``).
    terms
        By solution, issue and option: share of the draws with a deal in which the solution holds the option.
    lotteries
        By solution: lottery over packages on the mean margins, where lotteries are allowed.
    candidates
        Packages that were tried.
    whole
        Whether they are all packages of the space.
    """

    table: pl.DataFrame
    terms: pl.DataFrame
    lotteries: pl.DataFrame
    candidates: int
    whole: bool
    draws: int


def parse_power(texts: Sequence[str]) -> dict[str, float]:
    """Bargaining power by side, each written ``side=number``.

    Raises
    ------
    UsageError
        If one is not.

    Examples
    --------
    >>> parse_power(["north=2"])
    {'north': 2.0}
    """
    found = {}
    for text in texts:
        side, _, number = text.partition("=")
        try:
            found[side.strip()] = float(number)
        except ValueError:
            raise UsageError(f"power `{text}`: write side=number, for instance russia=2") from None
    return found


def solve_room(tables: Tables, power: Mapping[str, float] | None = None) -> Solutions:
    """Nash, Kalai-Smorodinsky, egalitarian and utilitarian solution of each draw.

    A side's utility is the margin by which its leader could carry a package at home, in probit units; no deal is zero.
    Nash and Kalai-Smorodinsky do not depend on each side's unit, the other two compare probits of one side with probits of
    the other.

    Parameters
    ----------
    power
        Bargaining power by side (generalised Nash); one each if absent.
    """
    sides = list(dict.fromkeys(s for s, _ in tables.names))
    for s, value in (power or {}).items():
        if s not in sides:
            raise UsageError(f"no side `{s}`{suggest(s, sides)}")
        if not value > 0:
            raise UsageError(f"power of `{s}` is {value:g}; write a number above 0")
    weight = np.array([(power or {}).get(s, 1.0) for s in sides])
    options, whole = _candidates(tables, sides)
    margins = measure_margins(tables, options)
    mean, nothing = margins.mean(0), np.zeros(len(sides))
    rows, terms, lotteries = [], [], []
    for name in NAMES:
        picks = [solve(m, nothing, name, power=weight).deal for m in margins]
        deals = np.array([p for p in picks if p is not None], int)
        chosen = solve(mean, nothing, name, power=weight).deal
        rows.append(_row(tables, name, sides, options, margins, chosen, deals, len(picks)))
        terms += _terms(tables, name, options, deals)
        lotteries += _lottery(tables, name, sides, options, mean, weight)
    names = {"solution": pl.String, "package": pl.String}
    return Solutions(
        pl.DataFrame(rows, schema_overrides=names),
        pl.DataFrame(terms),
        pl.DataFrame(lotteries, schema_overrides=names),
        len(options),
        whole,
        len(margins),
    )


def _candidates(tables: Tables, sides: Sequence[str]) -> tuple[Int[np.ndarray, "package issue"], bool]:
    shape = tables.space.shape
    if tables.space.size <= TRIED:
        every = list_combinations(shape)
        return every[keeps(every, tables.space.pairs)], True
    orders = [name_objective(order, tables) for order in ("all", "product", *sides)]
    if tables.space.size <= SCORED:
        return np.unique(np.concatenate(_best_scored(tables, sides, orders)), axis=0), False
    found = [find_best(tables, o, CANDIDATES, seconds=SEARCH_SECONDS).options for o in orders]
    return np.unique(np.concatenate(found), axis=0), False


def _best_scored(tables: Tables, sides: Sequence[str], orders: Sequence[Objective]) -> list[np.ndarray]:
    """The best packages by each order, of a space whose packages are all scored."""
    scores, nothing = score_tables(tables, tuple(sides)), np.zeros((1, len(tables.names)))
    values = [o.value(scores.by_side.T, scores.both, nothing) for o in orders]
    best = [np.argsort(-v, kind="stable")[:CANDIDATES] for v in values]
    return [np.array([tables.space.unrank(scores.number(int(n))) for n in b]) for b in best]


def _text(tables: Tables, option: Int[np.ndarray, " issue"]) -> str:
    return str(tables.space.package(tuple(int(o) for o in option)))


def _row(
    tables: Tables,
    name: str,
    sides: Sequence[str],
    options: np.ndarray,
    margins: Float[np.ndarray, "draw package side"],
    chosen: int | None,
    deals: Int[np.ndarray, " deal"],
    draws: int,
) -> dict:
    row: dict = {"solution": name, "a_deal": len(deals) / draws}
    row["on_average"] = "no deal" if chosen is None else _text(tables, options[chosen])
    if not len(deals):
        return {**row, "package": "no deal", "picked": 1.0, "p_all": 0.0}
    counts = np.bincount(deals)
    often = int(counts.argmax())
    row |= {"package": _text(tables, options[often]), "picked": float(counts[often] / draws)}
    row["p_all"] = float((margins[:, often] >= 0).all(1).mean())
    for i, s in enumerate(sides):
        low, high = np.quantile(margins[:, often, i], [0.05, 0.95])
        row |= {f"margin_{s}": float(margins[:, often, i].mean()), f"low_{s}": float(low), f"high_{s}": float(high)}
    return row


def _terms(tables: Tables, name: str, options: np.ndarray, deals: Int[np.ndarray, " deal"]) -> list[dict]:
    if not len(deals):
        return []
    return [
        {"solution": name, "issue": issue.label, "option": o.label, "share": float((options[deals, k] == n).mean())}
        for k, issue in enumerate(tables.space.issues)
        for n, o in enumerate(issue.options)
    ]


def _lottery(
    tables: Tables, name: str, sides: Sequence[str], options: np.ndarray, mean: np.ndarray, weight: np.ndarray
) -> list[dict]:
    front = np.flatnonzero(find_pareto(mean))
    found = solve(mean[front], np.zeros(len(sides)), name, power=weight, lotteries=True)  # type: ignore[arg-type]
    if found.weights is None:
        return []
    return [
        {"solution": name, "package": _text(tables, options[front[n]]), "weight": float(found.weights[n])}
        for n in np.argsort(-found.weights)
        if found.weights[n] > 1e-3
    ]
