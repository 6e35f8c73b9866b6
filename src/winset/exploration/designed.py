"""What the answer hangs on of all that only a new fit can change: kinds of questions and of instruments, orders, red lines.

A designed set of fits instead of one after the other: every assumption is changed in half of them, so that its effect is judged
beside all the others, and the error of adding effects up is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.linalg import hadamard
from scipy.special import stdtrit

from winset.acceptance import HIGH
from winset.errors import UsageError
from winset.exploration.refitting import Experiment, Kept, Plan, Refit, Refits, list_experiments
from winset.exploration.weighing import weigh
from winset.room import Room

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

KIND, INSTRUMENT, ORDER, REFUSAL = "kind of question", "kind of evidence", "declared orders", "declared red lines"

KINDS = {
    "mood": "questions about moods",
    "vague": "questions about vague offers",
    "clause": "questions about single clauses",
    "term": "questions about one or two terms",
    "package": "questions about whole texts",
}
"""Kinds of questions in words."""


@dataclass(frozen=True)
class Assumption:
    """Something that can be changed by fitting again.

    Parameters
    ----------
    name
        Kind of question or of instrument that is left out; empty for orders and red lines.
    """

    label: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Designed:
    """Effects of assumptions over a designed set of fits.

    Parameters
    ----------
    about
        The package in words.
    chance, margin
        Of the fit with nothing changed, by the approximation: chance, and mean and standard deviation of the margin.
    table
        Columns assumption, kind, change (of the chance once it is changed, on average over the others), margin (change of its
        mean, in its standard deviations), each with _low and _high; what moves it most first.
    fits
        How many were fitted.
    foreseen
        Share of the variance of the margin's mean over fits that adding effects up foresees, each fit left out in turn.
    """

    about: str
    chance: float
    margin: tuple[float, float]
    table: pl.DataFrame
    fits: int
    foreseen: float


def weigh_assumptions(
    room: Room,
    what: str | Mapping[str, str],
    *,
    kept: Kept | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Designed:
    """How far a package's chance moves with what only a new fit can change.

    Parameters
    ----------
    kept
        Where finished fits are kept, so that a run that was broken off goes on.

    Raises
    ------
    UsageError
        If the study has nothing that could be changed.
    """
    assumptions, plans = list_assumptions(room), plan_design(room)
    refits = Refits(room, what, {} if kept is None else kept)
    say(f"{len(plans)} fits in which {len(assumptions)} assumptions are changed, half of the time each")
    found, began = [], time.perf_counter()
    for n, plan in enumerate(plans):
        found.append(refits.fit(plan))
        left = (time.perf_counter() - began) / (n + 1) * (len(plans) - n - 1)
        say(f"{n + 1} of {len(plans)} fits, about {left / 60:.0f} min left")
    return _judge(weigh(room, what).label, assumptions, fold_over(len(assumptions)), found)


def plan_design(room: Room) -> list[Plan]:
    """Fits that ``weigh_assumptions`` needs.

    Raises
    ------
    UsageError
        If the study has nothing that could be changed.
    """
    assumptions = list_assumptions(room)
    if not assumptions:
        raise UsageError("there is no evidence, order or red line that could be left out")
    rows = fold_over(len(assumptions))
    return [_plan(room, [a for a, c in zip(assumptions, row, strict=True) if c]) for row in rows]


def list_assumptions(room: Room) -> list[Assumption]:
    """Kinds of questions and of evidence of which there are two or more, orders, and red lines."""
    a = room.acceptance
    study, known = a.study, a.known
    questions = [study.questions[a.cells.questions[q]].kind for q in a.cells.question[known]]
    instruments = [study.instruments[a.cells.instruments[i]].kind for i in a.cells.instrument[known]]
    experiments = list_experiments(room)
    questions += [study.questions[q].kind for _, q, _ in experiments]
    instruments += [study.instruments[i].kind for i, _, _ in experiments]
    found = [Assumption(KINDS[k], KIND, k) for k in KINDS if k in questions and len(set(questions)) > 1]
    if len(set(instruments)) > 1:
        found += [Assumption(k, INSTRUMENT, k) for k in dict.fromkeys(instruments)]
    if any(
        side.order_of(c, i.id) for side in study.sides.values() for c in side.constituencies for i in study.space.issues
    ):
        found.append(Assumption("declared orders of options", ORDER))
    if any(side.red_lines or any(g.red_lines for g in side.constituencies.values()) for side in study.sides.values()):
        found.append(Assumption("declared red lines", REFUSAL))
    return found


def fold_over(factors: int) -> Bool[np.ndarray, "fit factor"]:
    """Which factors are changed in which fit: none in the first, each in half of them.

    Notes
    -----
    A Hadamard matrix and its mirror image (Box & Wilson 1951; Plackett & Burman 1946): effects are told apart from each other and
    from what pairs do together (resolution IV).

    Examples
    --------
    >>> fold_over(2).astype(int).tolist()
    [[0, 0], [0, 1], [1, 1], [1, 0]]
    """
    signs = hadamard(1 << (factors - 1).bit_length()) if factors > 1 else np.ones((1, 1))
    return np.concatenate([signs, -signs])[:, :factors] < 0


def _plan(room: Room, changed: Sequence[Assumption]) -> Plan:
    """The fit in which these assumptions are changed."""
    a = room.acceptance
    study, known, experiments = a.study, a.known.copy(), list_experiments(room)
    unheard: list[Experiment] = []
    for x in changed:
        if x.kind == KIND:
            out = np.array([study.questions[q].kind == x.name for q in a.cells.questions])[a.cells.question]
            unheard += [e for e in experiments if study.questions[e[1]].kind == x.name]
        elif x.kind == INSTRUMENT:
            out = np.array([study.instruments[i].kind == x.name for i in a.cells.instruments])[a.cells.instrument]
            unheard += [e for e in experiments if study.instruments[e[0]].kind == x.name]
        else:
            continue
        known &= ~out
    kinds = {x.kind for x in changed}
    return Plan(known, tuple(dict.fromkeys(unheard)), ordered=ORDER not in kinds, refusing=REFUSAL not in kinds)


def _judge(about: str, assumptions: Sequence[Assumption], changed: np.ndarray, found: Sequence[Refit]) -> Designed:
    chance, margin = (np.array([float(getattr(f, k).mean()) for f in found]) for k in ("carried", "margin"))
    size = float(found[0].margin.std())
    moved, width, foreseen = estimate_effects(changed, margin / size)
    changes, spread, _ = estimate_effects(changed, chance)
    rows = [
        {"assumption": a.label, "kind": a.kind}
        | {"change": changes[n], "change_low": changes[n] - spread, "change_high": changes[n] + spread}
        | {"margin": moved[n], "margin_low": moved[n] - width, "margin_high": moved[n] + width}
        for n, a in enumerate(assumptions)
    ]
    table = pl.DataFrame(rows).sort(pl.col("margin").abs(), descending=True, maintain_order=True)
    return Designed(about, float(chance[0]), (float(margin[0]), size), table, len(found), foreseen)


def estimate_effects(
    changed: Bool[np.ndarray, "fit factor"], result: Float[np.ndarray, " fit"]
) -> tuple[Float[np.ndarray, " factor"], float, float]:
    """Effect of changing each factor on average over the others, the half width of its 90 % interval, and how well they add up.

    Returns
    -------
    Effects; half width, from what effects leave over (what factors do together); share of the variance that adding effects up
    foresees in fits left out one at a time (PRESS, Allen 1974).
    """
    signs = np.where(changed, 0.5, -0.5)
    fits, factors = changed.shape
    centred = result - result.mean()
    effects = signs.T @ centred * 4 / fits
    rest = centred - signs @ effects
    free = fits - factors - 1
    total = float(centred @ centred)
    if free < 1:  # one assumption alone: there is nothing that it could do together with another
        return effects, 0.0, 1.0
    error = float(np.sqrt((rest @ rest) / free * 4 / fits))
    missed = rest / (1 - (factors + 1) / fits)
    return effects, float(stdtrit(free, HIGH)) * error, 1 - float(missed @ missed) / total if total > 0 else 0.0
