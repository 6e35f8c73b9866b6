"""Packages that combine no two options that exclude each other: which they are, how many, and random ones.

Issues that exclude nothing multiply. The others are settled one after the other, each time the one that is tied to fewest
(Bertele & Brioschi 1972, non-serial dynamic programming): no package is ever listed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

Pairs = Sequence[tuple[int, int, int, int]]
"""Options that no package may hold at once: issue, option, other issue, other option."""

LARGEST = 2**24
"""Combinations of issues that are tied to one another that are held in memory."""


def keeps(options: Int[np.ndarray, "package issue"], pairs: Pairs) -> Bool[np.ndarray, " package"]:
    """Packages that hold no two options that exclude each other."""
    kept = np.ones(len(options), bool)
    for k, o, j, other in pairs:
        kept &= (options[:, k] != o) | (options[:, j] != other)
    return kept


def count_packages(shape: Sequence[int], pairs: Pairs) -> int:
    """How many packages combine nothing that excludes each other.

    Examples
    --------
    >>> count_packages((3, 2, 4), [(0, 0, 1, 0), (0, 0, 1, 1)])
    16
    """
    steps = _settle(shape, pairs)
    free = math.prod(n for k, n in enumerate(shape) if k not in {s.issue for s in steps})
    return free * math.prod(round(float(s.ways.sum())) for s in steps if not s.others)


def draw_packages(
    shape: Sequence[int], pairs: Pairs, number: int, rng: np.random.Generator
) -> Int[np.ndarray, "package issue"]:
    """Random packages that combine nothing that excludes each other, each as likely as any other; none if there is none."""
    steps = _settle(shape, pairs)
    tied = {s.issue for s in steps}
    if any(not s.others and not s.ways.sum() for s in steps):
        return np.zeros((0, len(shape)), int)
    drawn = np.zeros((number, len(shape)), int)
    for k, n in enumerate(shape):
        if k not in tied:
            drawn[:, k] = rng.integers(0, n, number)
    for s in reversed(steps):
        upto = np.cumsum(s.ways, axis=-1)[tuple(drawn[:, k] for k in s.others)].reshape(-1, shape[s.issue])
        at = rng.uniform(0, 1, number) * upto[:, -1]
        drawn[:, s.issue] = np.minimum((upto <= at[:, None]).sum(1), (upto < upto[:, -1:]).sum(1))
    return drawn


@dataclass(frozen=True)
class _Step:
    """One issue settled.

    Parameters
    ----------
    others
        Issues settled later that it is tied to.
    ways
        In how many ways the issues settled before can go with each combination of ``others`` and each option.
    """

    issue: int
    others: tuple[int, ...]
    ways: Float[np.ndarray, "*other option"]


def _settle(shape: Sequence[int], pairs: Pairs) -> list[_Step]:
    """Settle the issues that exclude something, one after the other."""
    tables = _tables(shape, pairs)
    left = {k for scope, _ in tables for k in scope}
    steps = []
    while left:
        tied = {k: {j for scope, _ in tables if k in scope for j in scope} | {k} for k in left}
        issue = min(left, key=lambda k: (math.prod(shape[j] for j in tied[k]), k))
        scope = (*sorted(tied[issue] - {issue}), issue)
        if math.prod(shape[k] for k in scope) > LARGEST:
            raise UsageError("what excludes what ties too many issues to one another to be counted; state less of it")
        ways = np.ones([shape[k] for k in scope])
        for own, table in tables:
            if issue in own:
                ways = ways * _spread(own, table, scope)
        tables = [(own, table) for own, table in tables if issue not in own]
        if len(scope) > 1:
            tables.append((scope[:-1], ways.sum(-1)))
        steps.append(_Step(issue, scope[:-1], ways))
        left.remove(issue)
    return steps


def _tables(shape: Sequence[int], pairs: Pairs) -> list[tuple[tuple[int, ...], np.ndarray]]:
    """For each two issues that exclude something, which options go together: one or zero."""
    tables: dict[tuple[int, ...], np.ndarray] = {}
    for k, o, j, other in pairs:
        scope, place = ((k, j), (o, other)) if k < j else ((j, k), (other, o))
        tables.setdefault(scope, np.ones((shape[scope[0]], shape[scope[1]])))[place] = 0.0
    return list(tables.items())


def _spread(own: tuple[int, ...], table: np.ndarray, scope: tuple[int, ...]) -> np.ndarray:
    """A table over some issues with its axes in the order of a larger scope, the others of length one."""
    order = sorted(range(len(own)), key=lambda n: scope.index(own[n]))
    shape = [table.shape[own.index(k)] if k in own else 1 for k in scope]
    return table.transpose(order).reshape(shape)
