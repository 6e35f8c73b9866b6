"""Good packages quickly: exact values of listed packages, and climbing from one to a better neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from winset.room.objectives import Objective
from winset.room.tables import Tables, fold_rule
from winset.terms.combining import Pairs, draw_packages, keeps

if TYPE_CHECKING:
    from jaxtyping import Float, Int

TINY = 1e-9
FAR = 1e6
CLIMBED_DRAWS = 250


def evaluate(
    tables: Tables, options: Int[np.ndarray, "package issue"], objective: Objective
) -> tuple[Float[np.ndarray, " package"], Float[np.ndarray, "package side"], Float[np.ndarray, " package"]]:
    """Value, P(in win-set) by side and of all at once, of listed packages, one by one."""
    t, shares = tables, tables.shares(options)
    over = shares @ t.rules.weights.T >= t.thresholds
    leaf = lambda n: over[..., n]  # noqa: E731
    held = np.array([fold_rule(p, leaf, np.logical_and, np.logical_or) for p in t.rules.programs])
    by_side, both = held.mean(2).T, held.all(0).mean(1)
    return np.asarray(objective.value(by_side, both, shares.mean(1)), float), by_side, both


def climb(tables: Tables, objective: Objective, pairs: Pairs, seed: int = 0) -> Int[np.ndarray, "package issue"]:
    """Good packages: the best for random weights of the constituencies, improved by single changes, on some draws."""
    rng, tables = np.random.default_rng([seed, 13]), tables.thin(CLIMBED_DRAWS)
    shape = tables.space.shape
    worth = np.where(np.isfinite(tables.worth), tables.worth, -FAR).mean(0) / tables.spread.mean(0)[:, None, None]
    weights = rng.dirichlet(np.full(worth.shape[0], 0.7), 256)
    starts = np.unique(np.einsum("sc,cko->sko", weights, worth).argmax(-1), axis=0)
    starts = starts[keeps(starts, pairs)]
    if not len(starts):
        starts = np.unique(draw_packages(shape, pairs, 256, rng), axis=0)
    if not len(starts):
        return starts
    smooth = lambda o: _smooth(tables, o, objective)  # noqa: E731
    starts = starts[np.argsort(-smooth(starts))[:8]]
    ends = []
    for start in starts:
        here, value = start, smooth(start[None])[0]
        while True:
            near = np.repeat(here[None], sum(shape), axis=0)
            near[np.arange(sum(shape)), np.repeat(np.arange(len(shape)), shape)] = np.concatenate(
                [np.arange(n) for n in shape]
            )
            near = near[keeps(near, pairs)]
            values = smooth(near)
            if values.max() <= value + TINY:
                break
            here, value = near[values.argmax()], values.max()
        ends.append(here)
    return np.unique(ends, axis=0)


def two_changes(package: Int[np.ndarray, " issue"], shape: Sequence[int]) -> Int[np.ndarray, "package issue"]:
    """A package and all that differ from it in two issues at most."""
    singles = np.repeat(package[None], sum(shape), axis=0)
    issue, option = np.repeat(np.arange(len(shape)), shape), np.concatenate([np.arange(n) for n in shape])
    singles[np.arange(len(issue)), issue] = option
    doubles = np.repeat(singles, len(issue), axis=0)
    doubles[np.arange(len(doubles)), np.tile(issue, len(issue))] = np.tile(option, len(issue))
    return np.unique(doubles, axis=0)


def _smooth(tables: Tables, options: np.ndarray, objective: Objective) -> Float[np.ndarray, " package"]:
    """The value, and a little of the least chance, so that flat parts have a slope."""
    values, by_side, _ = evaluate(tables, options, objective)
    return values + 0.01 * by_side.min(-1)
