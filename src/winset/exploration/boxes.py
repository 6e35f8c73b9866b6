"""Boxes in which something happens much more often than elsewhere: patient rule induction (PRIM).

Friedman & Fisher (1999): peel a little off one side of the box at a time, always where the rest gains most density for what is
taken off (inputs of few values cannot be peeled a little at a time). Bryant & Lempert
(2010) made scenarios of it: a box is two or three conditions in words, with its coverage (of all that happened, how much lies
inside) and its density (of what lies inside, how much happened).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
from jaxtyping import Bool, Float
from scipy.special import betainc

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.resampling import draw_weights

PEEL = 0.05
"""Share of a box peeled off at once: patient, as Friedman & Fisher (1999, sec. 9) advise (.05 to .1)."""

SMALLEST = 0.02
"""Share of all cases in the smallest box looked at: of 10,000 runs 200, whose density is known to within six points."""

LEAPS = (1.0, 0.5)
"""Largest shares of a box that one peel may take off: inputs of few values can only be peeled in leaps, and a leap that cuts the
box to a sliver ends the search, so that boxes are looked for with such leaps and without."""

FOLDS = 5
"""Consecutive parts of the cases, each judged by boxes found without it."""

DOUBT = 0.05
"""A condition whose box would be as dense by chance with so much probability is dropped (Bryant & Lempert 2010, sec. 3.3)."""

DENSER = 1.5
"""How many times as dense as what is left a box must be to be told, at the low end of its interval; less is no rule."""

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""


@dataclass(frozen=True)
class Box:
    """Conditions that hold together.

    Parameters
    ----------
    low, high
        Bounds by input, infinite where there is no condition; both ends are inside.
    coverage, density
        On cases that were held back: (value, low, high), 90 % intervals.
    base
        Share in which it happened among all cases that were looked at.
    """

    low: Float[np.ndarray, " input"]
    high: Float[np.ndarray, " input"]
    coverage: tuple[float, float, float]
    density: tuple[float, float, float]
    base: float

    def holds(self, inputs: Float[np.ndarray, "case input"]) -> Bool[np.ndarray, " case"]:
        """Cases inside."""
        return np.all((inputs >= self.low) & (inputs <= self.high), axis=1)

    @property
    def conditions(self) -> list[int]:
        """Inputs with a condition."""
        return _bounded(self.low, self.high)


def find_boxes(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], most: int = 3, *, seed: int = 1
) -> list[Box]:
    """Boxes one after the other, each found among the cases that the earlier ones leave.

    Parameters
    ----------
    inputs
        Cases in an order in which those that resemble each other are neighbours.
    most
        Boxes at most; none is listed that is not clearly denser than what is left, on cases that were held back.

    Raises
    ------
    UsageError
        If it always happened, or never.
    """
    if happened.all() or not happened.any():
        raise UsageError("either it happened in every case or in none: there is nothing to tell apart")
    found: list[Box] = []
    left = np.ones(len(inputs), bool)
    while len(found) < most and happened[left].any() and not happened[left].all():
        box = find_box(inputs[left], happened[left], seed=seed)
        if not box.conditions or box.density[1] < DENSER * box.base:
            break
        found.append(box)
        left &= ~box.holds(inputs)
    return found


def find_box(inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], *, seed: int = 1) -> Box:
    """The box whose coverage and density are best balanced on cases that were held back.

    Notes
    -----
    How far to peel is chosen by the harmonic mean of coverage and density over held-back folds (van Rijsbergen 1979); the box
    itself is then peeled from all cases, and conditions that chance explains are dropped.
    """
    tried = [_held_back(inputs, happened, leap) for leap in LEAPS]
    balance = [2 * (t & happened).sum(1) / (t.sum(1) + happened.sum()) for t in tried]
    best = max(range(len(LEAPS)), key=lambda n: float(balance[n].max()))
    step = int(balance[best].argmax())
    lows, highs = peel(inputs, happened, LEAPS[best])
    low, high = _drop_chance(inputs, happened, lows[min(step, len(lows) - 1)], highs[min(step, len(highs) - 1)])
    kept, cut = _bounded(low, high), _bounded(lows[step], highs[step]) if step < len(lows) else []
    if kept and len(kept) < len(cut):  # judged by what is told: the same search over the inputs that are left
        inner = find_box(inputs[:, kept], happened, seed=seed)
        low, high = np.full(inputs.shape[1], -np.inf), np.full(inputs.shape[1], np.inf)
        low[kept], high[kept] = inner.low, inner.high
        return Box(low, high, inner.coverage, inner.density, inner.base)
    return Box(low, high, *_judge(tried[best][step], happened, seed), float(happened.mean()))


def _bounded(low: Float[np.ndarray, " input"], high: Float[np.ndarray, " input"]) -> list[int]:
    """Inputs with a condition."""
    return [int(j) for j in np.flatnonzero(np.isfinite(low) | np.isfinite(high))]


def _held_back(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], leap: float
) -> Bool[np.ndarray, "step case"]:
    """Whether each case is inside after each peel of the cases outside its fold."""
    fold = np.arange(len(inputs)) * FOLDS // len(inputs)
    trails = [peel(inputs[fold != f], happened[fold != f], leap) for f in range(FOLDS)]
    inside = np.zeros((min(len(t[0]) for t in trails), len(inputs)), bool)
    for f, (lows, highs) in enumerate(trails):
        held = inputs[fold == f]
        for step in range(len(inside)):
            inside[step, fold == f] = ((held >= lows[step]) & (held <= highs[step])).all(1)
    return inside


def _judge(
    inside: Bool[np.ndarray, " case"], happened: Bool[np.ndarray, " case"], seed: int
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Coverage and density with their intervals."""
    weights = draw_weights(len(inside), RESAMPLES, seed)
    both = (inside & happened).astype(float)
    found = []
    for whole in (happened.astype(float), inside.astype(float)):
        value = both.sum() / max(whole.sum(), 1.0)
        low, high = np.quantile((weights @ both) / np.maximum(weights @ whole, 1.0), [LOW, HIGH])
        found.append((float(value), float(low), float(high)))
    return found[0], found[1]


def peel(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], leap: float = 1.0
) -> tuple[Float[np.ndarray, "step input"], Float[np.ndarray, "step input"]]:
    """Bounds of the box after each peel, from all cases on; no peel takes off more than ``leap`` of the box."""
    order = np.argsort(inputs, axis=0, kind="stable").T.astype(np.int32)
    columns = np.ascontiguousarray(inputs.T, dtype=float)
    smallest = max(int(SMALLEST * len(inputs)), 1)
    return _peel(columns, np.ascontiguousarray(order), happened.astype(np.uint8), PEEL, leap, smallest)


@numba.njit(cache=True)
def _peel(columns, order, happened, share, leap, smallest):  # pragma: no cover
    """Peel until the box is small; order holds each input's cases by rank and is thinned as cases fall out."""
    inputs, cases = columns.shape
    alive = np.ones(cases, np.bool_)
    low, high = np.full(inputs, -np.inf), np.full(inputs, np.inf)
    lows, highs = [low.copy()], [high.copy()]
    size, hits, length = cases, happened.sum(), cases
    while size > smallest and hits < size:
        least = max(int(share * size), 1)
        best, place, side, edge = -np.inf, -1, 0, 0.0
        for j in range(inputs):
            for end in range(2):
                gone, lost, at, last = 0, 0, 0, 0.0
                while at < length:
                    case = order[j, at if end == 0 else length - 1 - at]
                    at += 1
                    if not alive[case]:
                        continue
                    value = columns[j, case]
                    if gone >= least and value != last:
                        break
                    gone, lost, last = gone + 1, lost + happened[case], value
                else:
                    continue  # the whole box is one value
                if gone > leap * size:
                    continue
                gain = (hits - lost) / (size - gone) - hits / size
                score = gain / gone if gain > 0 else gain * gone
                if score > best:
                    best, place, side, edge = score, j, end, value
        if place < 0:
            break
        for case in range(cases):
            value = columns[place, case]
            if alive[case] and ((side == 0 and value < edge) or (side == 1 and value > edge)):
                alive[case], size, hits = False, size - 1, hits - happened[case]
        if side == 0:
            low[place] = edge
        else:
            high[place] = edge
        lows.append(low.copy())
        highs.append(high.copy())
        if size < length // 2:
            for j in range(inputs):
                kept = 0
                for at in range(length):
                    if alive[order[j, at]]:
                        order[j, kept] = order[j, at]
                        kept += 1
            length = size
    steps = len(lows)
    found = np.empty((2, steps, inputs))
    for s in range(steps):
        found[0, s], found[1, s] = lows[s], highs[s]
    return found[0], found[1]


def _drop_chance(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], low: np.ndarray, high: np.ndarray
) -> tuple[Float[np.ndarray, " input"], Float[np.ndarray, " input"]]:
    """Bounds without conditions that chance explains, least certain first.

    Notes
    -----
    Without the condition the box is larger, with density q; would a random part of it as large as the box be as dense as the
    box? The binomial tail is an incomplete beta function.
    """
    low, high = low.copy(), high.copy()
    while True:
        inside = (inputs >= low) & (inputs <= high)
        size, hits = int(inside.all(1).sum()), int(happened[inside.all(1)].sum())
        doubts: dict[int, float] = {}
        for j in np.flatnonzero(np.isfinite(low) | np.isfinite(high)):
            without = np.delete(inside, j, axis=1).all(1)
            q = float(happened[without].mean())
            doubts[int(j)] = float(betainc(hits, size - hits + 1, q)) if 0 < hits <= size and q < 1 else 1.0
        worst = max(doubts, key=lambda j: doubts[j], default=None)
        if worst is None or doubts[worst] <= DOUBT:
            return low, high
        low[worst], high[worst] = -np.inf, np.inf


def spell_box(box: Box, names: Sequence[str], inputs: Float[np.ndarray, "case input"]) -> list[str]:
    """Conditions in words, each with the share of all cases that meet it."""
    said = []
    for j in box.conditions:
        met = float(((inputs[:, j] >= box.low[j]) & (inputs[:, j] <= box.high[j])).mean())
        ends = np.isfinite(box.low[j]), np.isfinite(box.high[j])
        low, high = f"{box.low[j]:.3g}", f"{box.high[j]:.3g}"
        where = f"between {low} and {high}" if all(ends) else f"{low} at least" if ends[0] else f"{high} at most"
        said.append(f"{names[j]}: {where} ({100 * met:.0f} % of all)")
    return said
