"""Beginnings of packages: how they go on, and how good what they grow into can be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import ndtr

from winset.room.climbing import FAR, TINY, evaluate, two_changes
from winset.room.objectives import Objective
from winset.room.scoring import cores
from winset.room.tables import Rules, Tables, fold_rule, list_combinations
from winset.terms.combining import keeps

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

Conditions: TypeAlias = (
    "tuple[Float[np.ndarray, 'condition draw constituency'], Float[np.ndarray, 'condition group draw']]"
)
MOST_GROUPS = 512
STEPS = 80
WORTH_SPLITTING = 2**21
"""Bounds times draws: a millisecond or two of work, below which starting threads takes longer."""
MOST_SUMS = 16


class Tree:
    """Everything that stays the same while nodes come and go.

    Issues that somebody refuses at any price come first: all their combinations are the roots, for each of which the
    clauses are bounds on utility.
    """

    def __init__(self, tables: Tables, objective: Objective) -> None:
        self.tables, self.objective, self.pairs = tables, objective, tables.space.pairs
        shape, weight = tables.space.shape, _weights(tables)
        refused = sorted(np.flatnonzero(tables.refused).tolist(), key=lambda k: -weight[k])
        self.grouped = _fill(refused, shape, MOST_GROUPS)
        rest = [k for k in range(len(shape)) if k not in self.grouped]
        self.order = (*self.grouped, *sorted(rest, key=lambda k: -weight[k]))
        self.groups = list_combinations([shape[k] for k in self.grouped])
        self.least, self.kept = self._refuse()
        self.sums: list[tuple[np.ndarray, np.ndarray]] = []  # weights over constituencies, bound by group
        self._compiled: tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]] | None = None

    def roots(self) -> Int[np.ndarray, "node issue"]:
        """Beginnings that settle the refused issues and keep to the constraints."""
        nodes = np.zeros((len(self.groups), len(self.order)), np.int8)
        nodes[:, : self.groups.shape[1]] = self.groups
        return nodes[self.keep(nodes, self.groups.shape[1])]

    def keep(self, nodes: Int[np.ndarray, "node issue"], depth: int) -> Bool[np.ndarray, " node"]:
        """Nodes that break no constraint with what they have settled."""
        place = {k: n for n, k in enumerate(self.order[:depth])}
        settled = [(place[k], o, place[j], p) for k, o, j, p in self.pairs if k in place and j in place]
        return keeps(nodes, settled)

    def _refuse(self) -> tuple[Float[np.ndarray, "group clause draw"], Float[np.ndarray, "group constituency draw"]]:
        """Least utility at which each clause holds, and the share that refuses nothing, by combination of refused options."""
        t, single = self.tables, self.tables.rules.single
        least = np.full((len(self.groups), len(single), t.draws), -FAR, np.float32)
        kept = np.empty((len(self.groups), len(t.names), t.draws), np.float32)
        for c in range(len(t.names)):  # one at a time: there may be thousands of combinations
            log_kept = t.kept(self.grouped, c)
            kept[:, c] = np.exp(log_kept).T
            for n in np.flatnonzero(single == c):
                least[:, n] = np.clip(t.least(int(n), log_kept), -FAR, FAR).T
        return least, kept

    def tighten(self, package: Int[np.ndarray, " issue"], depths: Sequence[int]) -> None:
        """Weight the conditions that all must keep so that their sums exclude most packages that begin as a given one."""
        conditions = self._conditions(package)
        if len(conditions[0]) > 1:
            sums = [*self.sums, *(self._weigh(conditions, package, depth) for depth in depths)]
            self.sums = [*sums[:2], *sums[2:][2 - MOST_SUMS :]]
            self._compiled = None

    def improve(
        self, packages: Int[np.ndarray, "package issue"], top: int, least: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The best within two changes of some packages, again and again until none is better."""
        shape, last = self.tables.space.shape, len(self.order) - 1
        value = -math.inf
        while True:
            near = np.unique(np.concatenate([two_changes(p, shape) for p in packages]), axis=0)
            near = near[keeps(near, self.pairs)].astype(np.int8)[:, list(self.order)]
            near = np.unique(np.where(np.arange(near.shape[1]) == last, 0, near), axis=0)
            grown, bounds = self.children(near, last)
            tried = grown[np.argsort(-bounds, kind="stable")[: max(64, 2 * top)]]
            options, values, chances = self.finish(tried, -math.inf)
            if values.max() <= value + TINY:
                better = values > least
                return options[better], values[better], chances[better]
            value = values.max()
            packages = options[np.argsort(-values, kind="stable")[:4]]

    def _conditions(self, package: Int[np.ndarray, " issue"]) -> Conditions:
        """What every package that all can carry keeps, as weighted sums of utilities that reach a bound, by draw.

        A coalition's shares are S-shaped in utility; a line of the curve's slope at the package, raised until it lies above
        the curve everywhere, gives the coalition no less than it has.
        """
        t = self.tables
        needed = needed_clauses(t.rules)
        members, draws = len(t.names), t.draws
        weights, bounds = np.zeros((len(needed), draws, members)), np.zeros((len(needed), len(self.groups), draws))
        utility = t.base + np.stack([t.worth[:, :, k, o] for k, o in enumerate(package)]).sum(0)
        for m, n in enumerate(needed):
            if t.rules.single[n] >= 0:
                weights[m, :, t.rules.single[n]] = 1.0
                bounds[m] = self.least[:, n]
            else:
                slope = np.exp(-0.5 * (utility / t.spread) ** 2) / np.sqrt(2 * np.pi) / t.spread
                raised = _raise(slope, t.spread)
                part = t.rules.weights[n] * t.gain
                weights[m] = part * slope
                bounds[m] = t.thresholds[:, n] - (t.rules.weights[n] * t.floor + part * raised).sum(1)
        return weights, bounds

    def depths(self) -> list[int]:
        """Depths for which weights are worked out at first."""
        return sorted(
            {len(self.grouped), *np.linspace(len(self.grouped), len(self.order), 5)[1:4].astype(int).tolist()}
        )

    def _weigh(self, conditions: Conditions, package: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        """Mirror descent (Beck & Teboulle 2003) on the dual of one draw's worst condition, all draws at once.

        Returns
        -------
        Weights over constituencies, and the bound that the weighted utility must reach by group.
        """
        t = self.tables
        forms, bounds = conditions
        group = self._group(package[list(self.order)][None])[0]
        worth = np.where(np.isfinite(t.worth), t.worth, -FAR)
        least = bounds[:, group].T
        fixed = np.einsum("mdc,dc->dm", forms, t.base + _settled(t, self.order[:depth], package)) - least
        later = [k for k in range(worth.shape[2]) if k not in self.order[:depth]]
        free = np.einsum("mdc,dcko->dmko", forms, worth[:, :, later])
        usable = np.abs(least) < FAR / 2
        weights = usable / np.maximum(usable.sum(1, keepdims=True), 1)
        best, value = weights, np.full(len(weights), np.inf)
        flat = free.reshape(*free.shape[:2], math.prod(free.shape[2:]))
        for step in range(STEPS):
            chosen = (weights[:, None] @ flat).reshape(len(free), *free.shape[2:]).argmax(-1)
            slope = np.where(usable, fixed + np.take_along_axis(free, chosen[:, None, :, None], 3)[..., 0].sum(2), 0.0)
            now = (weights * slope).sum(1)
            best = np.where((now < value)[:, None], weights, best)
            value = np.minimum(value, now)
            rate = 1.0 / np.sqrt(step + 1.0) / np.maximum(np.abs(slope).max(1, keepdims=True), TINY)
            weights = weights * np.exp(-rate * slope)
            weights = weights / np.maximum(weights.sum(1, keepdims=True), TINY)
        reach = np.einsum("dm,mgd->gd", best, np.where(np.abs(bounds) < FAR / 2, bounds, -FAR))
        return np.einsum("dm,mdc->dc", best, forms), reach

    def _group(self, nodes: Int[np.ndarray, "node issue"]) -> Int[np.ndarray, " node"]:
        """Number of each node's combination of refused options."""
        group = np.zeros(len(nodes), int)
        for n, k in enumerate(self.grouped):
            group = group * self.tables.space.shape[k] + nodes[:, n]
        return group

    def compiled(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Arrays for ``winset.room.bounds.bound_children``."""
        if self._compiled is None:
            self._compiled = self._compile()
        return self._compiled

    def _compile(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        t, rules = self.tables, self.tables.rules
        worth, base = np.where(np.isfinite(t.worth), t.worth, -FAR), t.base
        sums = np.zeros((len(self.groups), len(self.sums), t.draws), np.float32)
        for m, (weights, reach) in enumerate(self.sums):
            mixed = np.einsum("dc,dcko->dko", weights, worth[:, : len(t.names)])
            worth = np.concatenate([worth, mixed[:, None]], axis=1)
            base = np.concatenate([base, (weights * t.base).sum(1, keepdims=True)], axis=1)
            sums[:, m] = reach
        tops = worth.max(-1)[:, :, list(self.order)]
        best = base[:, :, None] + np.cumsum(tops[:, :, ::-1], axis=2)[:, :, ::-1]
        best = np.concatenate([best, base[:, :, None]], axis=2)
        single = lambda v: np.ascontiguousarray(v, np.float32)  # noqa: E731
        table = (single(worth[:, :, list(self.order)].transpose(1, 2, 3, 0)), single(best.transpose(1, 2, 0)), self.least,
                 sums, self.kept, single(t.floor.T), single(t.gain.T), single(t.spread.T), single(t.thresholds.T))  # fmt: skip
        return table, (rules.single, single(rules.weights), rules.padded)

    def children(
        self, nodes: Int[np.ndarray, "node issue"], depth: int, least: float = -math.inf
    ) -> tuple[np.ndarray, np.ndarray]:
        """All allowed continuations of some nodes by one issue, with their bounds; no closer than ``least``."""
        from winset.room.bounds import bound_children  # compiled loops are loaded where packages are searched

        count = self.tables.space.shape[self.order[depth]]
        nodes = nodes[np.lexsort(nodes.T[::-1])]
        table, rules = self.compiled()
        groups = self._group(nodes)
        held = np.zeros((len(nodes), count, len(rules[2]) + 1), np.int32)
        means = np.zeros((len(nodes), count, len(self.tables.names)), np.float32)
        enough = int(least * self.tables.draws + TINY) if self.objective.is_joint and least > 0 else -1

        def work(part: np.ndarray) -> None:
            first, last = part[0], part[-1] + 1
            bound_children(nodes[first:last], groups[first:last], depth, count, table, rules,
                           self.objective.needs_shares, enough, held[first:last], means[first:last])  # fmt: skip

        parts = cores() if held.size * self.tables.draws > WORTH_SPLITTING else 1
        rows = [r for r in np.array_split(np.arange(len(nodes)), parts) if len(r)]
        if len(rows) > 1:
            with ThreadPoolExecutor(len(rows)) as pool:
                list(pool.map(work, rows))
        elif rows:
            work(rows[0])
        grown = np.repeat(nodes, count, axis=0)
        grown[:, depth] = np.tile(np.arange(count), len(nodes))
        bounds = self._value(held.reshape(-1, held.shape[-1]), means.reshape(-1, means.shape[-1]))
        kept = self.keep(grown, depth + 1)
        return grown[kept], bounds[kept]

    def _value(self, held: np.ndarray, shares: np.ndarray) -> Float[np.ndarray, " package"]:
        chance = held / self.tables.draws
        return np.asarray(self.objective.value(chance[:, :-1], chance[:, -1], shares), float)

    def complete(self, node: np.ndarray, depth: int, others: np.ndarray) -> Int[np.ndarray, " issue"]:
        """A package that begins like a node and goes on like the best of some others."""
        packages = others.copy()
        for n, k in enumerate(self.order[:depth]):
            packages[:, k] = node[n]
        return packages[evaluate(self.tables, packages, self.objective)[0].argmax()]

    def finish(self, nodes: Int[np.ndarray, "node issue"], least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Whole packages that are worth more than ``least``, exactly: options, values, chances."""
        options = np.zeros_like(nodes)
        options[:, list(self.order)] = nodes
        values, by_side, both = evaluate(self.tables, options, self.objective)
        good = values > least
        return options[good], values[good], np.column_stack([by_side, both])[good]


def _settled(tables: Tables, issues: Sequence[int], package: np.ndarray) -> Float[np.ndarray, "draw constituency"]:
    return sum((tables.worth[:, :, k, package[k]] for k in issues), np.zeros(tables.base.shape))


def _raise(slope: np.ndarray, spread: np.ndarray) -> Float[np.ndarray, "draw constituency"]:
    """Least height at which a line of some slope lies above the share of persons, wherever utility is."""
    steep = np.maximum(slope * spread, 1e-12)
    above = np.sqrt(np.maximum(-2 * np.log(np.minimum(steep * np.sqrt(2 * np.pi), 1.0)), 0.0))
    return ndtr(above) - steep * above + 1e-9


def needed_clauses(rules: Rules) -> list[int]:
    """Clauses without which some rule cannot hold: those that no any-of stands above."""
    leaf = lambda n: {n}  # noqa: E731
    return [n for p in rules.programs for n in sorted(fold_rule(p, leaf, set.union, set.intersection))]


def _fill(issues: list[int], shape: Sequence[int], most: int) -> list[int]:
    """Issues in order as long as their combinations stay below a number."""
    taken: list[int] = []
    for k in issues:
        if math.prod(shape[i] for i in [*taken, k]) <= most:
            taken.append(k)
    return taken


def _weights(tables: Tables) -> Float[np.ndarray, " issue"]:
    """How much utility hangs on each issue, on average over draws, for the constituency that minds most."""
    low = np.where(np.isfinite(tables.worth), tables.worth, np.inf).min(-1)
    return (tables.worth.max(-1) - low).mean(0).max(0)
