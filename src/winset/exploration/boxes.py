"""Boxes in which something happens much more often than elsewhere: patient rule induction (PRIM).

Friedman & Fisher (1999): peel a little off one side of the box at a time, always where the rest gains most density for what is
taken off (inputs of few values cannot be peeled a little at a time). Bryant & Lempert
(2010) made scenarios of it: a box is two or three conditions in words, with its coverage (of all that happened, how much lies
inside) and its density (of what lies inside, how much happened).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
from scipy.special import betainc

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.resampling import draw_weights

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

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
    return Box(low, high, *judge_part(tried[best][step], happened, seed), float(happened.mean()))


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


def judge_part(
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
    inputs: Float[np.ndarray, "case input"],
    happened: Bool[np.ndarray, " case"],
    leap: float = 1.0,
    *,
    share: float = PEEL,
    smallest: float = SMALLEST,
) -> tuple[Float[np.ndarray, "step input"], Float[np.ndarray, "step input"]]:
    """Bounds of the box after each peel, from all cases on.

    Parameters
    ----------
    leap
        Largest share of the box that one peel may take off.
    share
        Share of the box that a peel takes off where values allow it.
    smallest
        Share of all cases at which peeling ends.

    Notes
    -----
    Friedman & Fisher (1999) leave open how a twentieth is rounded and which of two equally good peels is taken. Both are settled
    as in the EMA Workbench (Kwakkel 2017), so that its boxes and these hold the same cases: rounded up, and of equals the peel
    that needs no new condition, then the first input, then its upper end.
    """
    columns = np.ascontiguousarray(inputs.T, dtype=float)
    order = np.argsort(columns, axis=1).astype(np.int32)  # equal values fall out together: their order does not matter
    return _peel(columns, order, happened.astype(np.uint8), share, leap, max(int(smallest * len(inputs)), 1))


@numba.njit(cache=True)
def _peel(columns, order, happened, share, leap, smallest):  # pragma: no cover
    """Peel until the box is small; order holds each input's cases by rank and is thinned as cases fall out."""
    inputs, cases = columns.shape
    alive = np.ones(cases, np.bool_)
    bounds = np.empty((2, inputs))
    bounds[0], bounds[1] = -np.inf, np.inf
    trail = [bounds.copy()]
    size, hits, length = cases, happened.sum(), cases
    while size > smallest and hits < size:
        least = int(share * (size - 1)) + 1
        place, end, edge = _pick_peel(columns, order, happened, alive, bounds, length, size, hits, least, leap)
        if place < 0:
            break
        for case in range(cases):
            value = columns[place, case]
            if alive[case] and ((end == 0 and value < edge) or (end == 1 and value > edge)):
                alive[case], size, hits = False, size - 1, hits - happened[case]
        bounds[end, place] = edge
        trail.append(bounds.copy())
        if size < length // 2:
            length = _thin(order, alive, length)
    found = np.empty((2, len(trail), inputs))
    for step in range(len(trail)):
        found[0, step], found[1, step] = trail[step][0], trail[step][1]
    return found[0], found[1]


@numba.njit(cache=True)
def _pick_peel(columns, order, happened, alive, bounds, length, size, hits, least, leap):  # pragma: no cover
    """Input, end and new bound of the peel after which the rest gains most density for what is taken off; -1 for none."""
    best, place, side, edge, spare = -np.inf, -1, 0, 0.0, False
    for j in range(len(columns)):
        bounded = np.isfinite(bounds[0, j]) or np.isfinite(bounds[1, j])
        for end in (1, 0):
            gone, lost, value = _count_peel(columns[j], order[j, :length], happened, alive, least, end)
            if np.isnan(value) or gone > leap * size:
                continue
            gain = (hits - lost) / (size - gone) - hits / size
            score = gain / gone if gain > 0 else gain * gone
            if score > best or (score == best and bounded and not spare):
                best, place, side, edge, spare = score, j, end, value, bounded
    return place, side, edge


@numba.njit(cache=True)
def _count_peel(column, order, happened, alive, least, end):  # pragma: no cover
    """Cases that one end loses, those of them in which it happened, and the first value that stays (NaN if none does)."""
    gone, lost, last = 0, 0, 0.0
    for at in range(len(order)):
        case = order[at if end == 0 else len(order) - 1 - at]
        if not alive[case]:
            continue
        value = column[case]
        if gone >= least and value != last:
            return gone, lost, value
        gone, lost, last = gone + 1, lost + happened[case], value
    return gone, lost, np.nan


@numba.njit(cache=True)
def _thin(order, alive, length):  # pragma: no cover
    """Move the cases that are left to the front of each input's ranks, and count them."""
    kept = 0
    for j in range(len(order)):
        kept = 0
        for at in range(length):
            if alive[order[j, at]]:
                order[j, kept] = order[j, at]
                kept += 1
    return kept


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
        both = low if low == high else f"between {low} and {high}"
        where = both if all(ends) else f"{low} at least" if ends[0] else f"{high} at most"
        said.append(f"{names[j]}: {where} ({100 * met:.0f} % of all)")
    return said
