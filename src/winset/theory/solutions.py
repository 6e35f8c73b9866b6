"""Bargaining solutions on finitely many deals, and on lotteries over them.

Utilities are one row a deal, one column a side. No deal is the disagreement point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

Utilities: TypeAlias = "Float[np.ndarray, 'deal side']"
Point: TypeAlias = "Float[np.ndarray, ' side']"
Name = Literal["nash", "kalai-smorodinsky", "egalitarian", "utilitarian"]
NAMES: tuple[Name, ...] = ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian")
CLOSE = 1e-9


@dataclass(frozen=True)
class Solution:
    """A solution: a lottery over deals (a single deal has weight one), and what each side gets.

    ``weights`` is None where no deal leaves every side at least as well off as no deal.
    """

    name: str
    weights: Float[np.ndarray, " deal"] | None
    utilities: Point

    @property
    def deal(self) -> int | None:
        """The deal, if it is one; the likeliest of a lottery."""
        return None if self.weights is None else int(self.weights.argmax())


def find_pareto(utilities: Utilities) -> Bool[np.ndarray, " deal"]:
    """Deals that no other deal beats for one side without loss to another.

    Examples
    --------
    >>> find_pareto(np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.4], [0.5, 0.6]]))
    array([ True,  True, False,  True])
    """
    rows, where = np.unique(utilities, axis=0, return_inverse=True)
    kept = _sweep(rows) if rows.shape[1] == 2 else _compare(rows)
    return kept[where.reshape(-1)]


def _sweep(rows: Utilities) -> Bool[np.ndarray, " deal"]:
    """Two sides, rows sorted by the first: a row stays if the second beats all that are better for the first."""
    second = rows[::-1, 1]
    best = np.maximum.accumulate(second)
    above = np.concatenate([[-np.inf], best[:-1]])
    return np.asarray(second > above)[::-1]


def _compare(rows: Utilities) -> Bool[np.ndarray, " deal"]:
    """Any number of sides: from the best for the first down, against those kept so far."""
    kept = np.zeros(len(rows), bool)
    for n in range(len(rows) - 1, -1, -1):
        kept[n] = not (rows[kept] >= rows[n]).all(1).any()
    return kept


def solve(
    utilities: Utilities,
    disagreement: Point,
    name: Name = "nash",
    *,
    power: Point | None = None,
    lotteries: bool = False,
) -> Solution:
    """One solution.

    Parameters
    ----------
    disagreement
        What each side gets without a deal.
    power
        Bargaining power of each side for the generalised Nash solution (Harsanyi & Selten 1972); even if absent.
    lotteries
        Allow lotteries over deals, which makes the set convex.

    Raises
    ------
    UsageError
        If shapes do not match, a utility is no number, or the name is unknown.

    Notes
    -----
    Nash (1950); Kalai & Smorodinsky (1975); Kalai (1977) egalitarian; the utilitarian solution maximises the sum. On
    finite sets ties of the two max-min solutions go to the deal that is best for the next worst side (leximin).

    Examples
    --------
    >>> deals = np.array([[0.0, 1.0], [0.6, 0.6], [1.0, 0.0]])
    >>> solve(deals, np.zeros(2)).deal
    1
    """
    if utilities.ndim != 2 or utilities.shape[1] != len(disagreement) or not len(utilities):
        raise UsageError(f"utilities of shape {utilities.shape} do not fit {len(disagreement)} sides")
    if not np.isfinite(utilities).all() or not np.isfinite(disagreement).all():
        raise UsageError("a utility is no finite number")
    if name not in NAMES:
        raise UsageError(f"unknown solution `{name}`; one of {', '.join(NAMES)}")
    gains = utilities - disagreement
    weight = np.ones(len(disagreement)) if power is None else np.asarray(power, float)
    ideal = np.array([gains[(gains >= -CLOSE).all(1)][:, i].max(initial=0.0) for i in range(gains.shape[1])])
    w = _lottery(gains, name, weight) if lotteries else _finite(gains, name, weight, ideal)
    got = disagreement if w is None else w @ utilities
    return Solution(name, w, got)


def _finite(gains: Utilities, name: Name, power: Point, ideal: Point) -> Float[np.ndarray, " deal"] | None:
    possible = np.flatnonzero((gains >= -CLOSE).all(1))
    if not len(possible):
        return None
    g = np.maximum(gains[possible], 0.0)
    match name:
        case "nash":
            with np.errstate(divide="ignore"):
                score = (power * np.log(g)).sum(1) if (g > 0).all(1).any() else g.sum(1)
            best = int(score.argmax())
        case "utilitarian":
            best = int((g * power).sum(1).argmax())
        case "egalitarian":
            best = _leximin(g)
        case "kalai-smorodinsky":
            best = _leximin(g / np.where(ideal > CLOSE, ideal, 1.0))
    chosen = np.zeros(len(gains))
    chosen[possible[best]] = 1.0
    return chosen


def _leximin(g: Utilities) -> int:
    """The deal whose worst-off side is best off, ties by the next worst."""
    rows = np.round(np.sort(g, axis=1), 12)
    return int(np.lexsort(rows.T[::-1])[-1])


def _lottery(gains: Utilities, name: Name, power: Point) -> Float[np.ndarray, " deal"] | None:
    """Weights of the best lottery that leaves no side worse off than no deal."""
    sides = gains.shape[1]
    if name == "utilitarian":
        return _linear(-(gains @ power), gains, np.zeros(sides))
    if name == "egalitarian":
        return _max_min(gains, np.ones(sides))
    if name == "kalai-smorodinsky":
        tops = [_linear(-gains[:, i], gains, np.zeros(sides)) for i in range(sides)]
        if tops[0] is None:
            return None
        ideal = np.array([w @ gains[:, i] for i, w in enumerate(tops) if w is not None])
        return _max_min(gains, np.where(ideal > CLOSE, ideal, 1.0))
    start = _max_min(gains, np.ones(sides))
    if start is None or (start @ gains).min() <= CLOSE:
        return start
    return _nash(gains, power, start)


def _linear(cost: np.ndarray, gains: Utilities, least: Point) -> Float[np.ndarray, " deal"] | None:
    from scipy.optimize import linprog

    found = linprog(cost, A_ub=-gains.T, b_ub=-least, A_eq=np.ones((1, len(gains))), b_eq=[1.0], bounds=(0, None))
    return found.x if found.status == 0 else None


def _max_min(gains: Utilities, scale: Point) -> Float[np.ndarray, " deal"] | None:
    """Largest t with every side's gain at least t times its scale, then the largest sum at that t."""
    n = len(gains)
    up = np.hstack([-(gains / scale).T, np.ones((gains.shape[1], 1))])
    even = np.hstack([np.ones((1, n)), [[0.0]]])
    bounds = [(0, None)] * n + [(None, None)]
    from scipy.optimize import linprog

    first = linprog(
        np.r_[np.zeros(n), -1.0], A_ub=up, b_ub=np.zeros(gains.shape[1]), A_eq=even, b_eq=[1.0], bounds=bounds
    )
    if first.status != 0 or first.x[-1] < -CLOSE:
        return None
    return _linear(-(gains / scale).sum(1), gains, scale * (first.x[-1] - CLOSE))


def _nash(gains: Utilities, power: Point, start: Float[np.ndarray, " deal"]) -> Float[np.ndarray, " deal"]:
    """Maximum of a concave function over the simplex; only deals on the frontier can be in it."""
    front = np.flatnonzero(find_pareto(gains) | (start > CLOSE))
    g = gains[front]

    def minus(w: np.ndarray) -> tuple[float, np.ndarray]:
        got = np.maximum(w @ g, 1e-12)
        return -float((power * np.log(got)).sum()), -(g / got) @ power

    simplex = {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(len(w))}
    from scipy.optimize import minimize

    found = minimize(minus, start[front], jac=True, bounds=[(0, 1)] * len(front), constraints=[simplex], method="SLSQP",
                     options={"ftol": 1e-14, "maxiter": 500})  # fmt: skip
    w = np.zeros(len(gains))
    w[front] = np.maximum(found.x, 0.0) / np.maximum(found.x, 0.0).sum()
    return w
