"""The fewest option changes after which every leader could carry a proposal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from winset.room.ballot import Ballot
from winset.room.scoring import changes, score_batch
from winset.terms import Package

MOST_CHANGES = 3
KEPT = 40
"""Packages carried on from two to three changes: the search is exact up to two changes, then a beam."""


@dataclass(frozen=True)
class Repair:
    """A proposal mended.

    Parameters
    ----------
    proposal
        What is mended, for people.
    reached
        Whether the asked probability is reached.
    ladder
        Best package by number of changes: changes, p by side, p for all.
    effects
        Acceptance by constituency before and after the changes of the last rung.
    """

    proposal: str
    asked: float
    reached: bool
    package: Package
    ladder: pl.DataFrame
    effects: pl.DataFrame


def find_repair(ballot: Ballot, package: Package, probability: float, label: str = "") -> Repair:
    """Search option changes, fewest first.

    Parameters
    ----------
    probability
        Asked probability that all leaders could carry the package at once.
    """
    space, study = ballot.study.space, ballot.study
    best = np.array([space.encode(package)])
    frontier, rows = best, [_rung(ballot, 0, package, package)]
    for number in range(1, MOST_CHANGES + 1):
        if rows[-1]["p_all"] >= probability:
            break
        if number <= 2:
            tried = changes(space, space.encode(package), number)
        else:
            tried = np.unique(np.concatenate([changes(space, tuple(p), 1) for p in frontier]), axis=0)
            tried = tried[(tried != best[0]).sum(1) == number]
        if not len(tried):
            break
        _, both, _ = score_batch(ballot, tried)
        frontier = tried[np.argsort(-both)[:KEPT]]
        rows.append(_rung(ballot, number, package, space.package(tuple(int(x) for x in frontier[0]))))
    top = max(rows, key=lambda r: (r["p_all"], -r["changes"]))
    final = _read(top["package"])
    _, _, expected = score_batch(ballot, np.array([space.encode(package), space.encode(final)]))
    effects = pl.DataFrame(
        [
            {"side": s, "constituency": c, "before": expected[0, j], "after": expected[1, j]}
            for j, (s, c) in enumerate(study.constituencies())
        ],
    )
    return Repair(label or str(package), probability, top["p_all"] >= probability, final, pl.DataFrame(rows), effects)


def _read(text: str) -> Package:
    return Package(tuple((i, o) for i, _, o in (p.partition("=") for p in text.split(";") if p)))


def _rung(ballot: Ballot, number: int, before: Package, after: Package) -> dict:
    space = ballot.study.space
    sides, both, _ = score_batch(ballot, np.array([space.encode(after)]))
    changed = [
        f"{space.issue(i).label}: {_label(ballot, i, before.get(i))} -> {_label(ballot, i, o)}"
        for i, o in after.items()
        if before.get(i) != o
    ]
    by_side = {f"p_{s}": float(sides[j, 0]) for j, s in enumerate(ballot.study.sides)}
    return {"changes": number, "what": "; ".join(changed) or "as it stands", **by_side} | {
        "p_all": float(both[0]),
        "package": str(after),
    }


def _label(ballot: Ballot, issue: str, option: str | None) -> str:
    found = ballot.study.space.issue(issue)
    return "open" if option is None else found.options[found.index(option)].label
