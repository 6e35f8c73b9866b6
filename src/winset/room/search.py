"""The best packages of a space too large to list: best-first branch and bound, exact, with the gap where it stops early.

Land & Doig (1960) for branch and bound. Issues are settled one at a time, the weightiest first; a node is a beginning of a
package, its bound is worked out in ``winset.room.bounds``.
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from winset.errors import UsageError
from winset.room.climbing import FAR, TINY, climb, evaluate
from winset.room.objectives import Objective
from winset.room.tables import Tables, fold_rule
from winset.room.tree import Tree

if TYPE_CHECKING:
    from jaxtyping import Float, Int

MOST_FOUND = 1_000_000
BATCH, FINISHED = 16384, 64


@dataclass(frozen=True)
class Found:
    """Packages found, best first.

    Parameters
    ----------
    options
        Option numbers by issue.
    by_side, both
        P(in win-set) by side, and of all at once.
    bound
        No package that is not listed has a higher value than this; at most the last listed value when ``proven``.
    proven
        Whether the list is known to be the best there is.
    """

    options: Int[np.ndarray, "package issue"]
    values: Float[np.ndarray, " package"]
    by_side: Float[np.ndarray, "package side"]
    both: Float[np.ndarray, " package"]
    bound: float
    proven: bool
    nodes: int
    seconds: float

    @property
    def gap(self) -> float:
        """How much better than the last listed an unlisted package might be."""
        return 0.0 if self.proven or not len(self.values) else max(0.0, self.bound - float(self.values[-1]))


class _Queue:
    """Blocks of nodes by bound, highest first, the deepest of equal ones first."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int]] = []
        self._blocks: dict[tuple[int, int], list[np.ndarray]] = {}
        self._ticket = itertools.count()

    def push(self, nodes: Int[np.ndarray, "node issue"], depth: int, bounds: Float[np.ndarray, " node"]) -> None:
        keys = np.ceil((bounds - TINY) * 10_000).astype(int)
        order = np.argsort(keys, kind="stable")
        keys, nodes = keys[order], nodes[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])[: len(keys)].tolist()
        for first, last in itertools.pairwise([*starts, len(keys)]):
            place = (int(keys[first]), depth)
            if place not in self._blocks:
                self._blocks[place] = []
                heapq.heappush(self._heap, (-place[0], -depth, next(self._ticket)))
            self._blocks[place].append(nodes[first:last])

    def __bool__(self) -> bool:
        return bool(self._heap)

    @property
    def bound(self) -> float:
        """Highest bound in the queue."""
        return -self._heap[0][0] / 10_000 if self._heap else -math.inf

    def peek(self) -> tuple[np.ndarray, int]:
        """Some of the nodes that come next."""
        key, depth, _ = self._heap[0]
        return self._blocks[-key, -depth][-1], -depth

    @property
    def depth(self) -> int:
        """Depth of the nodes that come next."""
        return -self._heap[0][1]

    def pop(self, most: int) -> tuple[np.ndarray, int]:
        """Up to ``most`` nodes of the highest bound and greatest depth."""
        key, depth, _ = self._heap[0]
        blocks, taken, count = self._blocks[-key, -depth], [], 0
        while blocks and count < most:
            block = blocks.pop()
            if len(block) > most - count:
                blocks.append(block[most - count :])
                block = block[: most - count]
            taken.append(block)
            count += len(block)
        if not blocks:
            heapq.heappop(self._heap)
            del self._blocks[-key, -depth]
        return np.concatenate(taken), -depth


def rules_that_never_hold(tables: Tables) -> list[str]:
    """Sides whose rule fails in every draw though each constituency gets its best option of every issue, as sentences."""
    best = np.where(np.isfinite(tables.worth), tables.worth, -FAR).max(-1).sum(-1) + tables.base
    kept = np.exp(tables.log_kept.max(-1).sum(-1))
    shares = kept * (tables.floor + tables.gain * ndtr(best / tables.spread))
    by_clause = np.einsum("nc,dc->dn", tables.rules.weights, shares)
    said = []
    sides = list(dict.fromkeys(s for s, _ in tables.names))
    for side, program in zip(sides, tables.rules.programs, strict=True):
        over = by_clause >= tables.thresholds
        if not fold_rule(program, lambda n, over=over: over[:, n], np.logical_and, np.logical_or).any():
            own = [n for n in program if n >= 0]
            worst = min(own, key=lambda n: float((by_clause[:, n] - tables.thresholds[:, n]).mean()))
            who = [c for (_, c), w in zip(tables.names, tables.rules.weights[worst], strict=True) if w > 0]
            said.append(
                f"the rule of `{side}` can never hold: even with its best option on every issue, {' + '.join(who)} "
                f"reaches {by_clause[:, worst].mean():.0%} where {tables.thresholds[:, worst].mean():.0%} is asked; "
                "lower the threshold in study.yaml"
            )
    return said


def find_best(
    tables: Tables,
    objective: Objective,
    top: int = 10,
    *,
    above: float | None = None,
    seconds: float = math.inf,
    say: Callable[[str], None] = lambda _: None,
) -> Found:
    """The best packages that keep to the space's constraints, or all of them whose value is at least ``above``.

    Parameters
    ----------
    seconds
        After which the search stops, with what it has and the gap.

    Raises
    ------
    UsageError
        If more than a million lie above.
    """
    began = time.monotonic()
    tree, queue = Tree(tables, objective), _Queue()
    roots = tree.roots()
    starts = climb(tables, objective, tables.space.pairs)
    if len(starts):
        tree.tighten(starts[evaluate(tables, starts, objective)[0].argmax()], tree.depths())
    depth = len(tree.grouped)
    best = _Best(math.inf if above is not None else top, -math.inf if above is None else above - TINY)
    if len(starts):
        best.add(*tree.improve(starts, top if above is None else 0, best.least))
    queue.push(roots, depth, np.full(len(roots), 1.0))
    visited, spoke, next_tightening = 0, began, began + 1.0
    while queue.bound > best.least + TINY:
        nodes, depth = queue.pop(BATCH if queue.depth < len(tree.order) else FINISHED)
        visited += len(nodes)
        if depth == len(tree.order):
            best.add(*tree.finish(nodes, best.least))
        else:
            children, bounds = tree.children(nodes, depth, best.least)
            ahead = bounds > best.least
            queue.push(children[ahead], depth + 1, bounds[ahead])
        now = time.monotonic()
        if len(starts) and now > next_tightening and queue and queue.depth < len(tree.order):
            nodes, depth = queue.peek()
            tree.tighten(tree.complete(nodes[0], depth, starts), [depth])
            next_tightening = time.monotonic() + max(1.0, 4 * (time.monotonic() - now))
        if now - spoke > 2:
            say(f"{visited:,} beginnings looked at; best {best.top:.3f}, at most {queue.bound:.3f}")
            spoke = now
        if now - began > seconds:
            break
    return best.found(queue.bound, visited, time.monotonic() - began)


def _joined(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Packages of several lists, each once."""
    options, values, chances = (np.concatenate(c) for c in zip(*parts, strict=True))
    first = np.unique(options, axis=0, return_index=True)[1]
    return options[first], values[first], chances[first]


class _Best:
    """The best packages so far."""

    def __init__(self, top: float, least: float) -> None:
        self._top, self.least = top, least
        self._parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    @property
    def top(self) -> float:
        return max((float(p[1].max()) for p in self._parts if len(p[1])), default=float("nan"))

    def add(self, options: np.ndarray, values: np.ndarray, chances: np.ndarray) -> None:
        """Keep what is better than the worst kept."""
        self._parts.append((options, values, chances))
        count = sum(len(p[1]) for p in self._parts)
        if self._top == math.inf:
            if count > MOST_FOUND:
                raise UsageError(
                    f"more than {MOST_FOUND:,} packages lie above; ask for a higher probability, or for the top"
                )
            return
        options, values, chances = _joined(self._parts)
        order = np.argsort(-values, kind="stable")[: int(self._top)]
        self._parts = [(options[order], values[order], chances[order])]
        if len(order) == self._top:
            self.least = float(values[order[-1]])

    def found(self, bound: float, nodes: int, seconds: float) -> Found:
        """What was found, best first; equal ones in the order of the space."""
        if not any(len(p[1]) for p in self._parts):
            return Found(np.zeros((0, 0), int), np.zeros(0), np.zeros((0, 0)), np.zeros(0), bound, True, nodes, seconds)
        options, values, chances = _joined(self._parts)
        order = np.lexsort((*options.T[::-1], -values))
        proven = bound <= self.least + TINY or bound == -math.inf
        return Found(
            options[order], values[order], chances[order, :-1], chances[order, -1], bound, proven, nodes, seconds
        )
