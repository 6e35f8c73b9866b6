"""The best packages of a space too large to list: best-first branch and bound, exact, with the gap where it stops early.

Land & Doig (1960) for branch and bound. Issues are settled one at a time, the weightiest first; a node is a beginning of a
package, its bound is worked out in ``winset.room.bounds``.
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import ndtr

from winset.errors import UsageError
from winset.room.bounds import bound_children
from winset.room.kernels import ALL, NOTHING
from winset.room.objectives import Objective
from winset.room.scoring import cores
from winset.room.tables import Rules, Tables

Conditions = tuple[Float[np.ndarray, "condition draw constituency"], Float[np.ndarray, "condition group draw"]]
Pairs = Sequence[tuple[int, int, int, int]]
MOST_GROUPS = 4096
MOST_FOUND = 1_000_000
BATCH, FINISHED = 1024, 64
FAR = 1e6
TINY = 1e-9
STEPS = 80
MOST_SUMS = 12


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


class _Tree:
    """Everything that stays the same while nodes come and go.

    Issues that somebody refuses at any price come first: all their combinations are the roots, for each of which the
    clauses are bounds on utility.
    """

    def __init__(self, tables: Tables, objective: Objective, pairs: Pairs) -> None:
        self.tables, self.objective, self.pairs = tables, objective, pairs
        shape, weight = tables.space.shape, _weights(tables)
        refused = sorted(np.flatnonzero(tables.refused).tolist(), key=lambda k: -weight[k])
        self.grouped = _fill(refused, shape, MOST_GROUPS)
        rest = [k for k in range(len(shape)) if k not in self.grouped]
        self.order = (*self.grouped, *sorted(rest, key=lambda k: -weight[k]))
        self.groups = _combinations([shape[k] for k in self.grouped])
        self.least = self._least()
        self.sums: list[tuple[np.ndarray, np.ndarray]] = []  # weights over constituencies, bound by group
        self._compiled: tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]] | None = None

    def roots(self) -> Int[np.ndarray, "node issue"]:
        """Beginnings that settle the refused issues and keep to the constraints."""
        nodes = np.zeros((len(self.groups), len(self.order)), np.int8)
        nodes[:, : self.groups.shape[1]] = self.groups
        return nodes[self.keep(nodes, self.groups.shape[1])]

    def keep(self, nodes: Int[np.ndarray, "node issue"], depth: int) -> Bool[np.ndarray, " node"]:
        """Nodes that break no constraint with what they have settled."""
        kept = np.ones(len(nodes), bool)
        place = {k: n for n, k in enumerate(self.order[:depth])}
        for k, o, j, other in self.pairs:
            if k in place and j in place:
                kept &= (nodes[:, place[k]] != o) | (nodes[:, place[j]] != other)
        return kept

    def _kept(self) -> Float[np.ndarray, "draw constituency group"]:
        t = self.tables
        log_kept = np.zeros((*t.base.shape, len(self.groups)))
        for k, option in zip(self.grouped, self.groups.T, strict=True):
            log_kept += t.log_kept[:, :, k][..., option]
        return log_kept

    def _least(self) -> Float[np.ndarray, "group clause draw"]:
        t, log_kept = self.tables, self._kept()
        least = np.full((len(self.groups), len(t.rules.single), len(t.lapse)), -FAR, np.float32)
        for n in np.flatnonzero(t.rules.single >= 0):
            least[:, n] = np.clip(t.least(int(n), log_kept[:, t.rules.single[n]]), -FAR, FAR).T
        return least

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
            near = near[_keeps(near, self.pairs)].astype(np.int8)[:, list(self.order)]
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
        members, draws = len(t.names), len(t.lapse)
        weights, bounds = np.zeros((len(needed), draws, members)), np.zeros((len(needed), len(self.groups), draws))
        utility = t.base + np.stack([t.worth[:, :, k, o] for k, o in enumerate(package)]).sum(0)
        height = (1 - 2 * t.lapse)[:, None]
        for m, n in enumerate(needed):
            if t.rules.single[n] >= 0:
                weights[m, :, t.rules.single[n]] = 1.0
                bounds[m] = self.least[:, n]
            else:
                slope = np.exp(-0.5 * (utility / t.spread) ** 2) / np.sqrt(2 * np.pi) / t.spread
                raised = _raise(slope, t.spread)
                part = t.rules.weights[n] * height
                weights[m] = part * slope
                bounds[m] = t.thresholds[:, n] - (t.rules.weights[n] * t.lapse[:, None] + part * raised).sum(1)
        return weights, bounds

    def depths(self) -> list[int]:
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
        rows, issues = np.arange(len(free))[:, None], np.arange(len(later))[None]
        for step in range(STEPS):
            chosen = np.einsum("dm,dmko->dko", weights, free).argmax(-1)
            slope = np.where(usable, fixed + np.moveaxis(free, 1, 3)[rows, issues, chosen].sum(1), 0.0)
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
        sums = np.zeros((len(self.groups), len(self.sums), len(t.lapse)), np.float32)
        for m, (weights, reach) in enumerate(self.sums):
            mixed = np.einsum("dc,dcko->dko", weights, worth[:, : len(t.names)])
            worth = np.concatenate([worth, mixed[:, None]], axis=1)
            base = np.concatenate([base, (weights * t.base).sum(1, keepdims=True)], axis=1)
            sums[:, m] = reach
        later = list(self.order)
        tops = worth.max(-1)[:, :, later]
        best = base[:, :, None] + np.cumsum(tops[:, :, ::-1], axis=2)[:, :, ::-1]
        best = np.concatenate([best, base[:, :, None]], axis=2)
        single = lambda v: np.ascontiguousarray(v, np.float32)  # noqa: E731
        kept = single(np.exp(self._kept().transpose(2, 1, 0)))
        table = (single(worth[:, :, list(self.order)].transpose(1, 2, 3, 0)), single(best.transpose(1, 2, 0)), self.least,
                 sums, kept, single(t.lapse), single(t.spread.T), single(t.thresholds.T))  # fmt: skip
        return table, (rules.single, single(rules.weights), _padded(rules))

    def children(
        self, nodes: Int[np.ndarray, "node issue"], depth: int, least: float = -math.inf
    ) -> tuple[np.ndarray, np.ndarray]:
        """All allowed continuations of some nodes by one issue, with their bounds; no closer than ``least``."""
        count = self.tables.space.shape[self.order[depth]]
        table, rules = self.compiled()
        groups = self._group(nodes)
        held = np.zeros((len(nodes), count, len(rules[2]) + 1), np.int32)
        means = np.zeros((len(nodes), count, len(self.tables.names)), np.float32)

        enough = int(least * len(self.tables.lapse) + TINY) if self.objective.name == "all" and least > 0 else -1

        def work(part: np.ndarray) -> None:
            first, last = part[0], part[-1] + 1
            bound_children(nodes[first:last], groups[first:last], depth, count, table, rules,
                           self.objective.needs_shares, enough, held[first:last], means[first:last])  # fmt: skip

        parts = [p for p in np.array_split(np.arange(len(nodes)), cores()) if len(p)]
        with ThreadPoolExecutor(cores()) as pool:
            list(pool.map(work, parts))
        grown = np.repeat(nodes, count, axis=0)
        grown[:, depth] = np.tile(np.arange(count), len(nodes))
        bounds = self._value(held.reshape(-1, held.shape[-1]), means.reshape(-1, means.shape[-1]))
        kept = self.keep(grown, depth + 1)
        return grown[kept], bounds[kept]

    def _value(self, held: np.ndarray, shares: np.ndarray) -> Float[np.ndarray, " package"]:
        chance = held / len(self.tables.lapse)
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
    needed = []
    for program in rules.programs:
        stack: list[set[int]] = []
        for operator in program:
            if operator >= 0:
                stack.append({operator})
            else:
                last, first = stack.pop(), stack.pop()
                stack.append(first | last if operator == ALL else first & last)
        needed += sorted(stack[0])
    return needed


def _fill(issues: list[int], shape: Sequence[int], most: int) -> list[int]:
    """Issues in order as long as their combinations stay below a number."""
    taken: list[int] = []
    for k in issues:
        if math.prod(shape[i] for i in [*taken, k]) <= most:
            taken.append(k)
    return taken


def _combinations(shape: Sequence[int]) -> Int[np.ndarray, "combination issue"]:
    return np.indices(shape).reshape(len(shape), -1).T if shape else np.zeros((1, 0), int)


def _weights(tables: Tables) -> Float[np.ndarray, " issue"]:
    """How much utility hangs on each issue, on average over draws, for the constituency that minds most."""
    low = np.where(np.isfinite(tables.worth), tables.worth, np.inf).min(-1)
    return (tables.worth.max(-1) - low).mean(0).max(0)


def _padded(rules: Rules) -> Int[np.ndarray, "side operator"]:
    programs = np.full((len(rules.programs), max(map(len, rules.programs))), NOTHING)
    for s, p in enumerate(rules.programs):
        programs[s, : len(p)] = p
    return programs


def evaluate(
    tables: Tables, options: Int[np.ndarray, "package issue"], objective: Objective
) -> tuple[Float[np.ndarray, " package"], Float[np.ndarray, "package side"], Float[np.ndarray, " package"]]:
    """Value, P(in win-set) by side and of all at once, of listed packages, one by one."""
    t = tables
    utility = np.repeat(t.base[..., None], len(options), axis=2)
    log_kept = np.zeros_like(utility)
    for k in range(options.shape[1]):
        utility += t.worth[:, :, k][..., options[:, k]]
        log_kept += t.log_kept[:, :, k][..., options[:, k]]
    lapse = t.lapse[:, None, None]
    shares = np.exp(log_kept) * (lapse + (1 - 2 * lapse) * ndtr(utility / t.spread[..., None]))
    by_clause = np.einsum("nc,dcp->dnp", t.rules.weights, shares)
    held = np.array([_held(p, by_clause >= t.thresholds[..., None]) for p in t.rules.programs])
    by_side, both = held.mean(1).T, held.all(0).mean(0)
    return np.asarray(objective.value(by_side, both, shares.mean(0).T), float), by_side, both


def _held(program: Sequence[int], clauses: Bool[np.ndarray, "draw clause package"]) -> Bool[np.ndarray, "draw package"]:
    stack: list[np.ndarray] = []
    for operator in program:
        if operator >= 0:
            stack.append(clauses[:, operator])
        else:
            last = stack.pop()
            stack.append(stack.pop() & last if operator == ALL else stack.pop() | last)
    return stack[0]


def climb(tables: Tables, objective: Objective, pairs: Pairs, seed: int = 0) -> Int[np.ndarray, "package issue"]:
    """Good packages: the best for random weights of the constituencies, improved by single changes."""
    rng = np.random.default_rng([seed, 13])
    shape = tables.space.shape
    worth = np.where(np.isfinite(tables.worth), tables.worth, -FAR).mean(0) / tables.spread.mean(0)[:, None, None]
    weights = rng.dirichlet(np.full(worth.shape[0], 0.7), 256)
    starts = np.unique(np.einsum("sc,cko->sko", weights, worth).argmax(-1), axis=0)
    starts = starts[_keeps(starts, pairs)]
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
            near = near[_keeps(near, pairs)]
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


def _keeps(options: Int[np.ndarray, "package issue"], pairs: Pairs) -> Bool[np.ndarray, " package"]:
    kept = np.ones(len(options), bool)
    for k, o, j, other in pairs:
        kept &= (options[:, k] != o) | (options[:, j] != other)
    return kept


def _smooth(tables: Tables, options: np.ndarray, objective: Objective) -> Float[np.ndarray, " package"]:
    """The value, and a little of the least chance, so that flat parts have a slope."""
    values, by_side, _ = evaluate(tables, options, objective)
    return values + 0.01 * by_side.min(-1)


def rules_that_never_hold(tables: Tables) -> list[str]:
    """Sides whose rule fails in every draw though each constituency gets its best option of every issue, as sentences."""
    best = np.where(np.isfinite(tables.worth), tables.worth, -FAR).max(-1).sum(-1) + tables.base
    kept = np.exp(tables.log_kept.max(-1).sum(-1))
    lapse = tables.lapse[:, None]
    shares = kept * (lapse + (1 - 2 * lapse) * ndtr(best / tables.spread))
    by_clause = np.einsum("nc,dc->dn", tables.rules.weights, shares)
    said = []
    sides = list(dict.fromkeys(s for s, _ in tables.names))
    for side, program in zip(sides, tables.rules.programs, strict=True):
        if not _held(program, (by_clause >= tables.thresholds)[..., None]).any():
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
    pairs: Pairs = (),
    seconds: float = math.inf,
    say: Callable[[str], None] = lambda _: None,
) -> Found:
    """The best packages, or all whose value is at least ``above``.

    Parameters
    ----------
    pairs
        Options that no package may hold at once; see ``winset.terms.forbidden_pairs``.
    seconds
        After which the search stops, with what it has and the gap.

    Raises
    ------
    UsageError
        If constraints exclude every package, or more than a million lie above.
    """
    began = time.monotonic()
    tree, queue = _Tree(tables, objective, pairs), _Queue()
    roots = tree.roots()
    starts = climb(tables, objective, pairs)
    if len(starts):
        tree.tighten(starts[evaluate(tables, starts, objective)[0].argmax()], tree.depths())
    depth = len(tree.grouped)
    best = _Best(math.inf if above is not None else top, -math.inf if above is None else above - TINY)
    if len(starts):
        best.add(*tree.improve(starts, top if above is None else 0, best.least))
    queue.push(roots, depth, np.full(len(roots), 1.0))
    visited, spoke, tightened = 0, began, began
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
        if now > tightened + 1.0 and queue.depth < len(tree.order):
            nodes, depth = queue.peek()
            tree.tighten(tree.complete(nodes[0], depth, starts), [depth])
            tightened = now
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
