"""What two inputs tell only together: second-order sensitivity indices from draws that there are, and totals made of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.errors import UsageError
from winset.exploration.indices import (
    FLOOR,
    MOST_CLASSES,
    ROLLS,
    TINY,
    Indices,
    adjust_share,
    mark_classes,
    recentre,
    split_classes,
)
from winset.exploration.resampling import draw_weights, list_rolls

if TYPE_CHECKING:
    from jaxtyping import Float, Int

CROWD = 64
"""Draws of a crossed class: of 1,600 draws chance alone then explains less than a hundredth of the variance."""


@dataclass(frozen=True)
class Pairs(Indices):
    """Second-order indices of every pair of inputs: what both tell together and no sum of what each tells does.

    Parameters
    ----------
    pairs
        Numbers of both inputs.
    """

    pairs: list[tuple[int, int]]

    def beyond(self, number: int) -> float:
        """What an input tells only together with others: with its first-order index its total, as far as pairs go."""
        return float(sum(s for p, s in zip(self.pairs, self.share, strict=True) if number in p and s > self.floor))

    def total(self, number: int, alone: Indices) -> dict[str, float]:
        """An input's total from all inputs' first-order indices: intervals add up, so that it is rather too wide."""
        own = [n for n, p in enumerate(self.pairs) if number in p and self.share[n] > self.floor]
        ends = ("total", alone.share, self.share), ("low", alone.low, self.low), ("high", alone.high, self.high)
        return {k: float(np.clip(x[number] + more[own].sum(), 0.0, 1.0)) for k, x, more in ends}


def estimate_pairs(
    inputs: Float[np.ndarray, "draw input"], target: Float[np.ndarray, " draw"], *, seed: int = 1, resamples: int = 200
) -> Pairs:
    """Estimate second-order indices from given data.

    Parameters
    ----------
    inputs
        One column an input; draws in the order of their chains.
    resamples
        Bootstrap resamples; 0 leaves intervals and floor out (they are NaN).

    Raises
    ------
    UsageError
        If the target does not vary.

    Notes
    -----
    As ``estimate_indices`` (Plischke, Borgonovo & Smith 2013), with classes of both inputs crossed: the variance of the means
    of the crossed classes, less what the best sum of an effect of either explains. Of independent inputs that is Sobol's
    V_ij / V; of dependent ones it still is what no sum of both tells.

    Examples
    --------
    >>> x = np.random.default_rng(1).normal(size=(4000, 2))
    >>> estimate_pairs(x, x[:, 0] * x[:, 1] + x[:, 0], resamples=0).share.round(1).tolist()
    [0.5]
    """
    if target.var() <= TINY:
        raise UsageError("the number asked about is the same in every draw: it hangs on nothing")
    draws = len(target)
    side = count_sides(draws)
    members = [split_classes(column, side) for column in inputs.T]
    pairs = list(itertools.combinations(range(inputs.shape[1]), 2))
    once, weights = np.ones((1, draws)), draw_weights(draws, resamples, seed)
    rolled = target[list_rolls(draws, ROLLS if resamples else 0, seed)]
    share, spread, noise = [], [], []
    for i, j in pairs:
        cell = members[i] * side + members[j]
        share.append(_beyond_sums(cell, side, once, target[None])[0])
        if resamples:
            spread.append(_beyond_sums(cell, side, weights, target[None]))
            noise.append(_beyond_sums(cell, side, once, rolled))
    found, nothing = np.array(share), np.full(len(pairs), np.nan)
    if not resamples or not pairs:
        return Pairs(found, nothing, nothing, float("nan"), pairs)
    low, high = recentre(np.array(spread), found)
    return Pairs(found, low, high, float(np.quantile(np.max(noise, axis=0), FLOOR)), pairs)


def count_sides(draws: int) -> int:
    """Classes of each input.

    Examples
    --------
    >>> count_sides(1600), count_sides(100_000)
    (5, 39)
    """
    return min(max(int((draws / CROWD) ** 0.5), 2), MOST_CLASSES)


def _beyond_sums(
    cell: Int[np.ndarray, " draw"],
    side: int,
    weights: Float[np.ndarray, "sample draw"],
    targets: Float[np.ndarray, "sample draw"],
) -> Float[np.ndarray, " sample"]:
    """Share explained by crossed classes less that explained by sums of both, each with the bias of its parameters taken off."""
    count, total = (_by_class(cell, side * side, x) for x in (weights, weights * targets))
    size = count.sum(1)
    mean = total.sum(1) / size
    variance = np.maximum((weights * targets**2).sum(1) / size - mean**2, TINY)
    around = total - count * mean[:, None]
    crossed = (around**2 / np.maximum(count, 1e-9)).sum(1) / size / variance
    sums = _columns(side)
    gram = np.einsum("sc,ck,cl->skl", count, sums, sums, optimize=True) + 1e-9 * np.eye(sums.shape[1])
    right = around @ sums
    summed = (right * np.linalg.solve(gram, right[..., None])[..., 0]).sum(1) / size / variance
    used = len(np.unique(cell))
    return adjust_share(crossed, len(cell), used) - adjust_share(summed, len(cell), min(2 * side - 1, used))


def _by_class(cell: Int[np.ndarray, " draw"], classes: int, values: Float[np.ndarray, "sample draw"]) -> np.ndarray:
    """Sums over the draws of each class."""
    if len(values) == 1:
        return np.bincount(cell, values[0], minlength=classes)[None]
    return values @ mark_classes(cell, classes)


def _columns(side: int) -> Float[np.ndarray, "cell effect"]:
    """Which effects make up a crossed class: one of the first input, and one of the second, whose first is left out."""
    first, second = np.divmod(np.arange(side * side), side)
    return np.concatenate([np.eye(side)[first], np.eye(side)[second][:, 1:]], axis=1)
