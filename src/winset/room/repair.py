"""What would make a proposal carry: every smallest set of option changes, and the least shift in acceptance."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.room.ballot import Ballot
from winset.room.scoring import changes, count_changes, score_batch
from winset.terms import Package
from winset.terms.combining import keeps

if TYPE_CHECKING:
    from jaxtyping import Float, Int

MOST_CHANGES = 3
MOST_TRIED = 60_000
"""Packages tried with a number of changes; beyond, only changes to the best so far are tried."""

KEPT = 40
MOST_LISTED = 50
SEARCH_DRAWS, NEAR = 250, 3.0
"""Draws on which changes are looked for, and standard errors below what was asked at which all draws are looked at."""
FARTHEST = 4.0
"""Probit units beyond which no shift is looked for: from 2 % to 98 % of a group."""


@dataclass(frozen=True)
class Repair:
    """A proposal mended.

    Parameters
    ----------
    proposal
        What is mended, for people.
    reached
        Whether the asked probability is reached, by a package that combines nothing that the study excludes.
    exact
        Up to how many changes every set was tried.
    ladder
        Best package by number of changes: changes, p by side, p for all.
    sets
        All smallest sets of changes that reach what was asked: none does with one change fewer of its own.
    effects, set_effects
        Acceptance by constituency before and after the best of the ladder, and by ``what`` each of ``sets`` changes.
    """

    proposal: str
    asked: float
    reached: bool
    exact: int
    package: Package
    ladder: pl.DataFrame
    sets: pl.DataFrame
    effects: pl.DataFrame
    set_effects: pl.DataFrame


def find_repair(full: Ballot, package: Package, probability: float, label: str = "") -> Repair:
    """Search option changes, fewest first.

    Changes are looked for on some of the draws; what is told of those that are found comes from all of them.

    Parameters
    ----------
    probability
        Asked probability that all leaders could carry the package at once.
    """
    ballot, space = full.thin(SEARCH_DRAWS), full.study.space
    start = np.array(space.encode(package))
    ladder, exact, minimal = [start], 0, np.zeros((0, len(start)), int)
    frontier, allowed = start[None], keeps(start[None], space.pairs)[0]
    reached = allowed and score_batch(full, start[None])[1][0] >= probability
    for number in range(1, MOST_CHANGES + 1) if not reached else ():
        whole = count_changes(space, tuple(start), number) <= MOST_TRIED
        exact = number if whole and exact == number - 1 else exact
        tried = changes(space, tuple(start), number) if whole else _grow(ballot, frontier, start, number)
        tried = tried[~_contain(tried, minimal, start)]
        if not len(tried):
            break
        tried = tried[keeps(tried, space.pairs)]
        if not len(tried):
            continue
        both = score_batch(ballot, tried)[1]
        frontier = tried[np.argsort(-both, kind="stable")[:KEPT]]
        frontier = frontier[np.argsort(-score_batch(full, frontier)[1], kind="stable")]
        if not len(minimal):
            ladder.append(frontier[0])
        minimal = np.concatenate([minimal, _good_enough(full, tried, both, probability)])
    rungs = _table(full, np.array(ladder), start)
    order = np.lexsort((rungs["changes"], -rungs["p_all"], ~keeps(np.array(ladder), space.pairs)))
    final = ladder[int(order[0])]
    sets = _table(full, minimal[:MOST_LISTED], start)
    read = space.package(tuple(int(o) for o in final))
    done = bool(reached or len(minimal))
    effects = _effects(full, start, final[None]).drop("what")
    named = label or full.study.in_words(dict(package.terms))
    return Repair(named, probability, done, exact, read, rungs, sets, effects, _effects(full, start, minimal))


def _good_enough(
    full: Ballot, tried: np.ndarray, both: Float[np.ndarray, " package"], probability: float
) -> Int[np.ndarray, "package issue"]:
    """Packages that reach what was asked on all draws, likeliest first; those that some draws put far below are not looked at."""
    error = np.sqrt(probability * (1 - probability) / SEARCH_DRAWS)
    near = tried[np.argsort(-both, kind="stable")][: int((both >= probability - NEAR * error).sum())]
    if not len(near):
        return near
    chance = score_batch(full, near)[1]
    good = np.flatnonzero(chance >= probability)
    return near[good[np.argsort(-chance[good], kind="stable")]]


def _grow(ballot: Ballot, frontier: np.ndarray, start: np.ndarray, number: int) -> Int[np.ndarray, "package issue"]:
    """One more change to the best packages so far."""
    grown = np.concatenate([changes(ballot.study.space, tuple(p), 1) for p in frontier])
    grown = np.unique(grown, axis=0)
    return grown[(grown != start).sum(1) == number]


def _contain(tried: np.ndarray, smaller: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Packages whose changes hold all changes of one that was good enough."""
    held = np.zeros(len(tried), bool)
    for s in smaller:
        changed = s != start
        held |= (tried[:, changed] == s[changed]).all(1)
    return held


def _table(ballot: Ballot, packages: Int[np.ndarray, "package issue"], start: np.ndarray) -> pl.DataFrame:
    """Changes in words, and chances, of packages."""
    study = ballot.study
    by_side = {f"p_{s}": pl.Float64 for s in study.sides}
    schema = {"changes": pl.Int64, "what": pl.String, **by_side, "p_all": pl.Float64, "package": pl.String}
    if not len(packages):
        return pl.DataFrame(schema=schema)
    sides, both, _ = score_batch(ballot, packages)
    rows = [
        {"changes": int((p != start).sum()), "what": _in_words(ballot, start, p)}
        | {f"p_{s}": float(sides[j, n]) for j, s in enumerate(study.sides)}
        | {"p_all": float(both[n]), "package": str(study.space.package(tuple(int(o) for o in p)))}
        for n, p in enumerate(packages)
    ]
    return pl.DataFrame(rows, schema=schema)


def _in_words(ballot: Ballot, start: np.ndarray, package: np.ndarray) -> str:
    issues = ballot.study.space.issues
    label = lambda k, o: "open" if o < 0 else issues[k].options[o].label  # noqa: E731
    changed = [
        f"{issues[k].label}: {label(k, start[k])} → {label(k, package[k])}"
        for k in np.flatnonzero(np.asarray(start) != package)
    ]
    return "; ".join(changed) or "as it stands"


def _effects(ballot: Ballot, start: np.ndarray, mended: np.ndarray) -> pl.DataFrame:
    """Expected acceptance before and after by constituency, for each mended proposal."""
    expected = score_batch(ballot, np.concatenate([start[None], mended[:MOST_LISTED]]))[2]
    rows = [
        {"what": _in_words(ballot, start, p), "side": s, "constituency": c}
        | {"before": float(expected[0, j]), "after": float(expected[n + 1, j])}
        for n, p in enumerate(mended[:MOST_LISTED])
        for j, (s, c) in enumerate(ballot.study.constituencies())
    ]
    schema = {
        "what": pl.String,
        "side": pl.String,
        "constituency": pl.String,
        "before": pl.Float64,
        "after": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def find_shifts(ballot: Ballot, package: Package, probability: float) -> pl.DataFrame:
    """The least rise in acceptance, of one constituency or of all, that makes a proposal carry.

    Returns
    -------
    Columns side, constituency ("everyone" in the first row), label, probits (null where no rise suffices), before and after
    (expected acceptance), p_all (with everyone of that constituency for it), like (the option change that moves this
    constituency about as much).
    """
    study = ballot.study
    packages = np.array([study.space.encode(package)])
    pairs = study.constituencies()
    everyone = [np.arange(len(pairs)), *([pairs.index(p) for p in study.composition.shares(x)] for x in pairs)]
    rows = []
    for (side, c), moved in zip((("all", "everyone"), *pairs), everyone, strict=True):
        chance = lambda probits, moved=moved: score_batch(_shifted(ballot, moved, probits), packages)[1][0]  # noqa: E731
        least = _least_rise(chance, probability)
        label = "Everyone" if side == "all" else study.label(side, c)
        row = {"side": side, "constituency": c, "label": label, "probits": least, "before": None, "after": None}
        if side != "all":
            j = pairs.index((side, c))
            shifts = (0.0, least if least is not None else FARTHEST)
            row["before"], row["after"] = (
                float(score_batch(_shifted(ballot, moved, s), packages)[2][0, j]) for s in shifts
            )
            row["like"] = _alike(ballot, j, least) if least else ""
        rows.append(row | {"p_all": float(chance(least if least is not None else FARTHEST))})
    columns = {"probits": pl.Float64, "before": pl.Float64, "after": pl.Float64, "like": pl.String}
    return pl.DataFrame(rows, schema_overrides=columns)


def _shifted(ballot: Ballot, constituencies: Sequence[int] | Int[np.ndarray, " some"], probits: float) -> Ballot:
    level = ballot.level.copy()
    level[:, constituencies] += probits
    return dataclasses.replace(ballot, level=level)


def _least_rise(chance: Callable[[float], float], probability: float) -> float | None:
    """By bisection: the chance does not fall when acceptance rises."""
    low, high = 0.0, FARTHEST
    if chance(low) >= probability:
        return 0.0
    if chance(high) < probability:
        return None
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= probability else (middle, high)
    return high


def _alike(ballot: Ballot, constituency: int, probits: float) -> str:
    """The change of one option that raises a constituency's utility by about as much."""
    worth: Float[np.ndarray, "issue option"] = ballot.worth[:, constituency].mean(0)
    best = (np.inf, "")
    for k, issue in enumerate(ballot.study.space.issues):
        for a, b in itertools.permutations(range(len(issue.options)), 2):
            apart = abs(worth[k, b] - worth[k, a] - probits)
            if apart < best[0]:
                best = (apart, f"{issue.label}: {issue.options[a].label} → {issue.options[b].label}")
    return best[1] if best[0] <= 0.15 * probits else f"more than any one change ({best[1]})"
