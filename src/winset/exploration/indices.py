"""First-order sensitivity indices from draws that there are, without running anything again.

The index of an input is the share of the target's variance that would go, on average, if that input were known exactly:
``Var(E[y | x]) / Var(y)``. Inputs may depend on each other; indices then do not add up to one, and each still says what
knowing its input would tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.resampling import draw_weights, list_rolls

if TYPE_CHECKING:
    from jaxtyping import Float, Int

MOST_CLASSES = 48
"""Classes at most; with the exponent below as in Plischke, Borgonovo & Smith (2013), sec. 4, and SALib's ``delta``."""

FLOOR = 0.95
"""Inputs that tell nothing stay below the floor in so many of 20 tries, all inputs at once."""

ROLLS = 100
"""Tries for the floor: a 95 % quantile is then read off five tries from the top."""

TINY = 1e-12
"""Variance of a target that does not vary, but for rounding."""


@dataclass(frozen=True)
class Indices:
    """First-order indices with their intervals.

    Parameters
    ----------
    share
        Share of the target's variance, the bias of finite classes taken off; may be a little below zero.
    low, high
        90 % interval by bootstrap over blocks of consecutive draws.
    floor
        What the largest index of inputs that tell nothing stays below in 19 of 20 tries.
    """

    share: Float[np.ndarray, " input"]
    low: Float[np.ndarray, " input"]
    high: Float[np.ndarray, " input"]
    floor: float

    def standing_out(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Number of each index above the floor, largest first, with share, low and high between nought and one."""
        for n in np.argsort(-self.share, kind="stable"):
            if self.share[n] > self.floor:
                ends = {"share": self.share[n], "low": self.low[n], "high": self.high[n]}
                yield int(n), {k: float(np.clip(v, 0.0, 1.0)) for k, v in ends.items()}


def estimate_indices(
    inputs: Float[np.ndarray, "draw input"],
    target: Float[np.ndarray, " draw"],
    *,
    seed: int = 1,
    resamples: int = 200,
) -> Indices:
    """Estimate first-order indices from given data.

    Parameters
    ----------
    inputs
        One column an input; draws in the order of their chains.
    resamples
        Bootstrap resamples; 0 leaves intervals out (they are NaN, and so is the floor).

    Raises
    ------
    UsageError
        If the target does not vary: nothing can be said of what it hangs on.

    Notes
    -----
    Plischke, Borgonovo & Smith (2013), eq. 12: draws are split into classes of equal size by the input, and the variance of
    class means is set against the whole. Of n draws in m classes an input that tells nothing gets (m - 1) / (n - 1); that is
    taken off as epsilon squared does (Kelley 1935): ``1 - (1 - s) (n - 1) / (n - m)``. What varies inside a class is not seen: of
    a linear relation of normal draws nine classes see 95 %.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(4000, 2))
    >>> found = estimate_indices(x, 2 * x[:, 0] + x[:, 1], resamples=0)
    >>> found.share.round(1).tolist()
    [0.8, 0.2]
    """
    if target.var() <= TINY:
        raise UsageError("the number asked about is the same in every draw: it hangs on nothing")
    draws = len(target)
    classes = count_classes(draws)
    resampled = _Sample.of(draw_weights(draws, resamples, seed), target[None])
    rolled = _Sample.of(np.ones((1, draws)), target[list_rolls(draws, ROLLS if resamples else 0, seed)])
    share, spread, noise = [], [], []
    for column in inputs.T:
        member = split_classes(column, classes)
        share.append(_explained(member, target, classes))
        if resamples:
            marks = mark_classes(member, classes)
            spread.append(resampled.explained(marks))
            noise.append(rolled.explained(marks))
    found = np.array(share)
    if not resamples:
        nothing = np.full(len(found), np.nan)
        return Indices(found, nothing, nothing, float("nan"))
    low, high = recentre(np.array(spread), found)
    return Indices(found, low, high, float(np.quantile(np.max(noise, axis=0), FLOOR)))


def count_classes(draws: int) -> int:
    """How many classes so many draws allow: about the cube root, a little more for few draws.

    Examples
    --------
    >>> count_classes(1600), count_classes(100_000)
    (9, 47)
    """
    exponent = 2 / (7 + math.tanh((1500 - draws) / 500))
    return min(math.ceil(draws**exponent), MOST_CLASSES)


def split_classes(column: Float[np.ndarray, " draw"], classes: int) -> Int[np.ndarray, " draw"]:
    """Class of each draw by its rank; equal values are in one class."""
    ordered = np.sort(column)
    edges = ordered[(np.arange(1, classes) * len(column)) // classes]
    return np.searchsorted(edges, column, side="right")


def _explained(member: Int[np.ndarray, " draw"], target: Float[np.ndarray, " draw"], classes: int) -> float:
    """Share explained by classes, their bias taken off."""
    count = np.bincount(member, minlength=classes)
    mean = np.bincount(member, weights=target - target.mean(), minlength=classes) / np.maximum(count, 1)
    between = float((count * mean**2).sum() / len(target))
    return float(adjust_share(np.array(between / float(target.var())), len(target), int((count > 0).sum())))


def adjust_share(share: Float[np.ndarray, "*any"], draws: int, used: int) -> Float[np.ndarray, "*any"]:
    """Explained share less what so many class means explain by chance (Kelley 1935; Ezekiel 1930)."""
    return 1 - (1 - share) * (draws - 1) / (draws - used)


def mark_classes(member: Int[np.ndarray, " draw"], classes: int) -> Float[np.ndarray, "draw class"]:
    """1 where a draw is in a class."""
    marks = np.zeros((len(member), classes))
    marks[np.arange(len(member)), member] = 1.0
    return marks


@dataclass(frozen=True)
class _Sample:
    """A target under resamples (many weights) or turned round (many targets): all that does not depend on the input."""

    weights: Float[np.ndarray, "sample draw"]
    weighted: Float[np.ndarray, "sample draw"]
    mean: Float[np.ndarray, " sample"]
    variance: Float[np.ndarray, " sample"]

    @classmethod
    def of(cls, weights: np.ndarray, target: np.ndarray) -> _Sample:
        """Sums over draws, done once."""
        weighted, total = weights * target, weights.sum(1)
        mean = weighted.sum(1) / total
        return cls(weights, weighted, mean, (weighted * target).sum(1) / total - mean**2)

    def explained(self, marks: Float[np.ndarray, "draw class"]) -> Float[np.ndarray, " sample"]:
        """Explained share, the bias of finite classes taken off."""
        count, used = self.weights @ marks, int((marks.sum(0) > 0).sum())
        between = ((self.weighted @ marks) ** 2 / np.maximum(count, 1e-9)).sum(1) / count.sum(1) - self.mean**2
        return adjust_share(between / np.maximum(self.variance, TINY), len(marks), used)


def recentre(
    resampled: Float[np.ndarray, "input sample"], found: Float[np.ndarray, " input"]
) -> tuple[Float[np.ndarray, " input"], Float[np.ndarray, " input"]]:
    """90 % intervals; a resample repeats draws, which lifts every index, so that its mean is put back to the estimate."""
    moved = resampled - resampled.mean(1, keepdims=True) + found[:, None]
    low, high = np.quantile(moved, [LOW, HIGH], axis=1)
    return low, high
