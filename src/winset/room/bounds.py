"""How good a package can be that begins with some options: compiled bounds for the search.

Where only some issues are settled, each constituency's utility is at most what is settled plus the best option of every
other issue. Per draw and constituency that bounds every clause; a rule is monotone, so that the same bits bound the
rule. Sides want opposite options, so both bounds are hardly ever reached at once. Therefore weighted sums of the
conditions are bounded too (Lagrangian relaxation; Geoffrion 1974): where even the best package misses the
sum, no package keeps all conditions at once, whichever weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from winset.room.kernels import cdf, run_rule

SLACK = np.float32(2e-4)
"""Probit units and shares granted to single precision: a bound may be too kind, never too strict."""


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def share_above(values: Any, spread: Any, result: Any) -> None:
    """Share of persons above zero, by draw."""
    for d in range(len(result)):
        result[d] = cdf(values[d] / spread[d])


@njit(nogil=True, cache=True)
def settle(nodes: Any, n: int, depth: int, worth: Any, best: Any, sums: Any, settled: Any) -> None:
    """Utility of what a node has settled and, of all issues but the next, the best that may come.

    ``sums[k]`` holds what the first ``k`` issues add up to: only what differs from the node before is worked out anew.
    """
    first = 0
    if n > 0:
        while first < depth and nodes[n, first] == nodes[n - 1, first]:
            first += 1
    for k in range(first, depth):
        o = nodes[n, k]
        for r in range(settled.shape[0]):
            for d in range(settled.shape[1]):
                sums[k + 1, r, d] = sums[k, r, d] + worth[r, k, o, d]
    for r in range(settled.shape[0]):
        for d in range(settled.shape[1]):
            settled[r, d] = sums[depth, r, d] + (best[r, depth + 1, d] + SLACK)


@njit(nogil=True, cache=True)
def hold_clauses(g: int, upper: Any, shares: Any, table: Any, rules: Any, held: Any) -> None:
    """Which clauses may hold in which draws."""
    least, thresholds = table
    single, weights = rules
    for m in range(len(single)):
        if single[m] >= 0:
            c = single[m]
            for d in range(held.shape[1]):
                held[m, d] = upper[c, d] >= least[g, m, d]
        else:
            for d in range(held.shape[1]):
                held[m, d] = 0
            total = np.full(held.shape[1], SLACK, np.float32)
            for c in range(shares.shape[0]):
                if weights[m, c] > 0:
                    for d in range(held.shape[1]):
                        total[d] += weights[m, c] * shares[c, d]
            for d in range(held.shape[1]):
                held[m, d] = total[d] >= thresholds[m, d]


@njit(nogil=True, cache=True)
def bound_children(nodes: Any, groups: Any, depth: int, count: int, table: Any, rules: Any, wanted: bool,
                   enough: int, counts: Any, means: Any) -> None:  # fmt: skip
    """Bounds for every option of the next issue.

    Parameters
    ----------
    nodes
        Options so far ``[node, issue]``, issues in the order of search, rows sorted; ``depth`` of them are settled, the
        next has ``count`` options.
    groups
        Combination of refused options of each node.
    table
        worth ``[row, issue, option, draw]`` and best ``[row, depth, draw]`` (all later issues); rows are constituencies
        (base included in best), then weighted sums of conditions; least ``[group, clause, draw]``, sums
        ``[group, sum, draw]``, kept ``[group, constituency, draw]``, floor, gain, spread
        ``[constituency, draw]``, thresholds ``[clause, draw]``.
    rules
        single, weights, programs.
    wanted
        Whether mean shares are bounded too.
    enough
        Where no more draws than this can hold for all at once, nothing closer is worked out.
    counts, means
        Out: draws in which each rule may hold ``[node, option, side + 1]``; mean share ``[node, option, constituency]``.
    """
    worth, best, least, sums, kept, floor, gain, spread, thresholds = table
    single, weights, programs = rules
    draws, members, rows = worth.shape[3], spread.shape[0], worth.shape[0]
    clauses, sides = len(single), len(programs)
    settled, added = np.zeros((rows, draws), np.float32), np.zeros((depth + 1, rows, draws), np.float32)
    upper, shares = np.zeros((members, draws), np.float32), np.zeros((members, draws), np.float32)
    held, stack = np.zeros((clauses, draws), np.int32), np.zeros((clauses + 1, draws), np.int32)
    both, fits = np.zeros(draws, np.int32), np.zeros(draws, np.int32)
    needs_shares = wanted or (single < 0).any()
    for n in range(len(nodes)):
        g = groups[n]
        settle(nodes, n, depth, worth, best, added, settled)
        for option in range(count):
            for d in range(draws):
                both[d] = 1
            for m in range(rows - members):
                for d in range(draws):
                    both[d] &= settled[members + m, d] + worth[members + m, depth, option, d] >= sums[g, m, d]
            total = 0
            for d in range(draws):
                total += both[d]
            if total <= enough:
                counts[n, option] = total
                continue
            for r in range(members):
                for d in range(draws):
                    upper[r, d] = settled[r, d] + worth[r, depth, option, d]
            if needs_shares:
                for c in range(members):
                    share_above(upper[c], spread[c], shares[c])
                    for d in range(draws):
                        shares[c, d] = kept[g, c, d] * (floor[c, d] + gain[c, d] * shares[c, d])
                    if wanted:
                        means[n, option, c] = shares[c].mean() + SLACK
            hold_clauses(g, upper, shares, (least, thresholds), (single, weights), held)
            for s in range(sides):
                run_rule(programs[s], held, stack, fits)
                total = 0
                for d in range(draws):
                    total += fits[d]
                    both[d] &= fits[d]
                counts[n, option, s] = total
            total = 0
            for d in range(draws):
                total += both[d]
            counts[n, option, sides] = total
