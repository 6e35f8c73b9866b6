"""Probability that each leader could carry a package, for every package of a space.

Utilities add over issues, so a package's utility is the sum of two table entries, one for each half of the
issues; no matrix of packages is ever built.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtr

from winset.room.ballot import Ballot
from winset.room.rules import name_shares, rule_holds
from winset.room.tables import Tables, add_options, list_combinations, tabulate
from winset.terms import Space
from winset.terms.combining import draw_packages

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

MOST_COLUMNS = 512
MOST_INNER = 256
TILE_ROWS = 2048
MOST_HELD = 2**24
"""Packages that are scored one and all in memory; of a larger space a sample gives sizes and shapes of win-sets."""

SAMPLED = 2**20


@dataclass(frozen=True)
class PackageScores:
    """Scores of all packages of a space, in the space's order.

    Parameters
    ----------
    by_side
        Probability that the side's leader could carry the package.
    both
        Probability that all leaders could carry it at once.
    numbers
        Which packages, where not every combination is held: those that keep to the constraints, or some of them.
    sampled
        Whether they are a random sample: the space is too large to hold all.
    """

    space: Space
    sides: tuple[str, ...]
    by_side: Float[np.ndarray, "side package"]
    both: Float[np.ndarray, " package"]
    draws: int
    numbers: Int[np.ndarray, " package"] | None = None
    sampled: bool = False

    @property
    def count(self) -> str:
        """How many packages of how many, for people."""
        listed = f"{self.space.count:,} packages"
        return f"a random {len(self.both):,} of {listed}" if self.sampled else listed

    def number(self, n: int) -> int:
        """Number in the space of the ``n``-th package scored."""
        return n if self.numbers is None else int(self.numbers[n])

    def table(self) -> pl.DataFrame:
        """Package number, P(in win-set) by side and jointly."""
        columns = {f"p_{s}": self.by_side[i] for i, s in enumerate(self.sides)}
        numbers = np.arange(self.space.size, dtype=np.uint32) if self.numbers is None else self.numbers
        return pl.DataFrame({"package": numbers, **columns, "p_all": self.both})

    def share_with(self, issue: int) -> Float[np.ndarray, "side option"]:
        """Summed chances by side of the packages that hold each option of an issue."""
        shape = self.space.shape
        if self.numbers is None:
            cube = self.by_side.reshape(len(self.sides), *shape)
            return cube.sum(tuple(a + 1 for a in range(len(shape)) if a != issue), dtype=float)
        option = np.unravel_index(self.numbers, shape)[issue]
        return np.array([np.bincount(option, weights=s, minlength=shape[issue]) for s in self.by_side])

    def even_share(self, issue: int) -> Float[np.ndarray, " option"]:
        """Share of all packages that hold each option of an issue."""
        count = self.space.shape[issue]
        if self.numbers is None or not self.space.pairs:
            return np.full(count, 1 / count)
        held = np.bincount(np.unravel_index(self.numbers, self.space.shape)[issue], minlength=count)
        return held / max(len(self.numbers), 1)


BLOCK = 128
"""Packages that are scored at a time: each takes as much memory as draws and constituencies together."""


def score_batch(
    ballot: Ballot, packages: Int[np.ndarray, "package issue"]
) -> tuple[Float[np.ndarray, "side package"], Float[np.ndarray, " package"], Float[np.ndarray, "package constituency"]]:
    """P(in win-set) by side and jointly, and expected acceptance, of listed (partial) packages."""
    held, joint, expected = [], [], []
    for block in np.array_split(packages, max(1, -(-len(packages) // BLOCK))):
        shares = _shares(ballot, block)
        carried = [_carried(ballot, i, shares) for i in range(len(ballot.study.sides))]
        held.append(np.stack([c.mean(0) for c in carried]))
        joint.append(np.logical_and.reduce(carried).mean(0))
        expected.append(shares.mean(0).T)
    return np.concatenate(held, 1), np.concatenate(joint), np.concatenate(expected)


def _shares(
    ballot: Ballot, packages: Int[np.ndarray, "package issue"]
) -> Float[np.ndarray, "draw constituency package"]:
    mean, spread, kept = sum_terms(ballot, packages)
    floor, gain = (v[..., None] for v in ballot.curve)
    return ballot.draws.joined(kept * (floor + gain * ndtr(mean / spread)))


def sum_terms(ballot: Ballot, packages: Int[np.ndarray, "package issue"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean utility, spread of persons and share that refuses nothing, of (partial) packages: draw x constituency x package."""
    draws = ballot.draws
    mean = np.repeat(ballot.level[None], len(packages), axis=0)
    log_kept, variance = np.zeros_like(mean), np.ones_like(mean)
    for k, own in enumerate(packages.T):
        add_options(mean, ballot.worth, k, own)
        add_options(log_kept, draws.log_kept, k, own)
        spreads = np.stack([draws.open_variance[:, :, k], draws.person_variance[:, :, k]], axis=-1)[:, :, None]
        add_options(variance, spreads, 0, (own >= 0).astype(int))
    return tuple(np.moveaxis(v, 0, 2) for v in (mean, np.sqrt(variance), np.exp(log_kept)))  # pyright: ignore[reportReturnType]


def _carried(ballot: Ballot, side: int, shares: Float[np.ndarray, "draw constituency ..."]) -> np.ndarray:
    name = list(ballot.study.sides)[side]
    by_name = name_shares(ballot.study, name, shares)
    extra = (1,) * (shares.ndim - 2)
    return rule_holds(ballot.study.rule(name), by_name, [t.reshape(-1, *extra) for t in ballot.thresholds[side]])


@dataclass(frozen=True)
class Halves:
    """A space cut in three parts, so that its packages are outer x inner x column combinations of options.

    Parameters
    ----------
    outer, inner, column
        Issues of each part by their number; every issue that somebody refuses at any price is outer.
    settled
        Where utilities of the outer part are kept for the next count, under other rules; None keeps none.
    """

    tables: Tables
    outer: tuple[int, ...]
    inner: tuple[int, ...]
    column: tuple[int, ...]
    settled: dict[bytes, tuple[np.ndarray, np.ndarray]] | None = None

    def under(self, ballot: Ballot) -> Halves:
        """The same packages and draws under other rules and thresholds."""
        return replace(self, tables=self.tables.under(ballot))

    def size(self, part: Sequence[int]) -> int:
        """Combinations of a part."""
        return math.prod(self.tables.space.shape[k] for k in part)

    @functools.cached_property
    def _fixed(self) -> tuple[np.ndarray, ...]:
        """Utilities of the inner part, and of the two parts whose pairs are the columns."""
        half = len(self.column) // 2
        return tuple(self.tables.utilities(part) for part in (self.inner, self.column[:half], self.column[half:]))

    @functools.cached_property
    def _shares(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Inner and column utilities over the spread, where some share must be worked out; ends of every 64 columns."""
        inner, column = (_single(self.tables.utilities(part), self.tables) for part in (self.inner, self.column))
        words = np.arange(0, column.shape[-1], 64)
        ends = np.stack([f.reduceat(column, words, axis=-1) for f in (np.minimum, np.maximum)])
        return inner, column, ends

    @functools.cached_property
    def _curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Floor and gain of each constituency's acceptance."""
        return self.tables.floor.astype(np.float32), self.tables.gain.astype(np.float32)

    def outer_digits(self, first: int, last: int) -> Int[np.ndarray, "issue combination"]:
        """Options of the outer combinations from ``first`` to ``last`` (excluded)."""
        shape = [self.tables.space.shape[k] for k in self.outer]
        digits = np.unravel_index(np.arange(first, last), shape) if shape else ()
        return np.array(digits, int).reshape(len(shape), -1 if shape else last - first)

    def keeps(self, digits: Int[np.ndarray, "issue combination"]) -> Bool[np.ndarray, " package"]:
        """Which packages of some outer combinations, each with all inner and column ones, keep to the constraints."""
        space, issues = self.tables.space, (*self.inner, *self.column)
        kept = np.ones((digits.shape[1], *(space.shape[k] for k in issues)), bool)
        for k, option, j, other in space.pairs:
            rows, where = np.ones(len(kept), bool), [slice(None)] * len(issues)
            for issue, o in ((k, option), (j, other)):
                if issue in self.outer:
                    rows &= digits[self.outer.index(issue)] == o
                else:
                    where[issues.index(issue)] = slice(o, o + 1)
            kept[(rows, *where)] = False
        return kept.reshape(-1)

    def kernel(
        self, digits: Int[np.ndarray, "issue combination"], *, shares: bool = True
    ) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Tables of some outer combinations, as ``winset.room.kernels.count_rows`` reads them."""
        t = self.tables
        utility, log_kept = self._settle(digits)
        least = np.zeros((t.draws, len(t.rules.single), digits.shape[1]))
        for n in np.flatnonzero(t.rules.single >= 0):
            c = t.rules.single[n]
            least[:, n] = t.least(int(n), log_kept[:, c]) - utility[:, c]
        kept = np.exp(log_kept).astype(np.float32)
        if not shares:
            nothing = np.zeros((1, 1, 1), np.float32)
            return (least, *self._fixed, t.thresholds), (nothing, nothing, nothing, kept, *self._curve, nothing[None])
        inner, column, ends = self._shares
        return (least, *self._fixed, t.thresholds), (_single(utility, t), inner, column, kept, *self._curve, ends)

    def _settle(self, digits: Int[np.ndarray, "issue combination"]) -> tuple[np.ndarray, np.ndarray]:
        key = digits.tobytes()
        if self.settled is not None and key in self.settled:
            return self.settled[key]
        count = self.size(self.outer)
        whole = digits.shape[1] == count and np.array_equal(digits, self.outer_digits(0, count))
        found = self.tables.settle_all(self.outer) if whole else self.tables.settle(self.outer, digits)
        if self.settled is not None:
            self.settled.clear()
            self.settled[key] = found
        return found


def cut(tables: Tables) -> Halves:
    """Cut a space so that columns are many enough to fill words of bits and few enough to stay in cache."""
    shape = tables.space.shape
    free = sorted(np.flatnonzero(~tables.refused), key=lambda k: -shape[k])
    parts: list[list[int]] = [[], []]
    for part, most in zip(parts, (MOST_COLUMNS, MOST_INNER), strict=True):
        for k in [k for k in free if k not in parts[0]]:
            if math.prod(shape[i] for i in [*part, k]) <= most:
                part.append(int(k))
    column, inner = (tuple(sorted(p)) for p in parts)
    outer = tuple(k for k in range(len(shape)) if k not in {*column, *inner})
    return Halves(tables, outer, inner, column)


def _single(values: np.ndarray, tables: Tables) -> Float[np.ndarray, "draw constituency combination"]:
    return np.ascontiguousarray(values / tables.spread[..., None], np.float32)


@dataclass(frozen=True)
class Counts:
    """In how many draws each rule holds, for consecutive rows of packages.

    Parameters
    ----------
    holds
        By output: each side, all at once and, if asked for, each clause.
    acceptance
        Mean share by constituency, if asked for.
    """

    holds: Int[np.ndarray, "output package"]
    acceptance: Float[np.ndarray, "constituency package"]


def count_outer(
    halves: Halves,
    digits: Int[np.ndarray, "issue combination"],
    *,
    clauses: bool = False,
    acceptance: bool = False,
    threads: int = 0,
) -> Counts:
    """Count draws for some outer combinations, each with all inner and column ones."""
    t = halves.tables
    rules = t.rules
    width, inner = halves.size(halves.column), halves.size(halves.inner)
    outputs = len(rules.programs) + 1 + clauses * len(rules.single)
    height = digits.shape[1] * inner
    holds = np.zeros((outputs, height, width), smallest(t.draws))
    shares = np.zeros((len(t.names) * acceptance, height, width), np.float32)
    compiled = (rules.single, rules.weights, rules.padded)
    table, parts = halves.kernel(digits, shares=acceptance or bool((rules.single < 0).any()))
    step = max(1, min(-(-height // (threads or cores())), TILE_ROWS))
    from winset.room.kernels import count_rows  # compiled loops are loaded where packages are counted

    def work(row: int) -> None:
        rows = slice(row, row + step)
        count_rows(row, table, parts, compiled, holds[:, rows], shares[:, rows], clauses)

    with ThreadPoolExecutor(threads or cores()) as pool:
        list(pool.map(work, range(0, height, step)))
    return Counts(holds.reshape(-1, height * width), shares.reshape(-1, height * width) / np.float32(t.draws))


def smallest(draws: int) -> type[np.unsignedinteger]:
    """Smallest whole numbers that hold a count of draws."""
    return np.uint8 if draws < 2**8 else np.uint16 if draws < 2**16 else np.uint32


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def score_space(ballot: Ballot, space: Space) -> PackageScores:
    """Score every package of a space, or a sample of a large one; issues that the space lacks stay open."""
    return score_tables(tabulate(ballot, space), tuple(ballot.study.sides))


def score_tables(tables: Tables, sides: tuple[str, ...]) -> PackageScores:
    """Score every package of the tables' space, or a sample of a large one."""
    return score_halves(cut(tables), sides)


def score_halves(halves: Halves, sides: tuple[str, ...]) -> PackageScores:
    """The same of a space that was cut already."""
    tables, space = halves.tables, halves.tables.space
    if space.size > MOST_HELD:
        return _sample_space(halves, sides)
    digits = halves.outer_digits(0, halves.size(halves.outer))
    order = (*halves.outer, *halves.inner, *halves.column)
    shape, back = [space.shape[k] for k in order], np.argsort(order)
    turn = lambda rows: rows.reshape(len(rows), *shape).transpose(0, *(back + 1)).reshape(len(rows), -1)  # noqa: E731
    share = turn(count_outer(halves, digits).holds) / np.float32(tables.draws)
    numbers = None
    if space.pairs:
        numbers = np.flatnonzero(turn(halves.keeps(digits)[None])[0]).astype(np.uint32)
        share = share[:, numbers]
    return PackageScores(space, sides, share[:-1], share[-1], tables.draws, numbers)


def _sample_space(halves: Halves, sides: tuple[str, ...]) -> PackageScores:
    """Random beginnings, each with all columns."""
    t = halves.tables
    halves = Halves(t, (*halves.outer, *halves.inner), (), halves.column, halves.settled)
    shape = t.space.shape
    rng = np.random.default_rng([t.draws, 17])
    rows = max(1, SAMPLED // halves.size(halves.column))
    place = {k: n for n, k in enumerate(halves.outer)}
    within = [(place[k], o, place[j], p) for k, o, j, p in t.space.pairs if k in place and j in place]
    digits = draw_packages([shape[k] for k in halves.outer], within, rows, rng).T
    share = count_outer(halves, digits).holds / np.float32(t.draws)
    columns = list_combinations([shape[k] for k in halves.column]).T
    stride = np.array([math.prod(shape[k + 1 :]) for k in range(len(shape))])
    first = (digits * stride[list(halves.outer), None]).sum(0)
    numbers = (first[:, None] + (columns * stride[list(halves.column), None]).sum(0)[None]).reshape(-1)
    if t.space.pairs:
        kept = halves.keeps(digits)
        share, numbers = share[:, kept], numbers[kept]
    return PackageScores(t.space, sides, share[:-1], share[-1], t.draws, numbers, sampled=True)


def changes(space: Space, package: Sequence[int], number: int) -> Int[np.ndarray, "package issue"]:
    """All packages that differ from ``package`` in the option of exactly ``number`` issues (searched options only)."""
    choices = _choices(space, package)
    found = []
    for issues in itertools.combinations([k for k, c in enumerate(choices) if c], number):
        for options in itertools.product(*(choices[k] for k in issues)):
            changed = list(package)
            for k, o in zip(issues, options, strict=True):
                changed[k] = o
            found.append(changed)
    return np.array(found, int).reshape(-1, len(package))


def count_changes(space: Space, package: Sequence[int], number: int) -> int:
    """How many packages ``changes`` lists."""
    ways = [1] + [0] * number
    for choice in _choices(space, package):
        ways = [w + (len(choice) * ways[n - 1] if n else 0) for n, w in enumerate(ways)]
    return ways[number]


def _choices(space: Space, package: Sequence[int]) -> list[list[int]]:
    return [
        [j for j, o in enumerate(i.options) if o.searched and j != package[k]] if i.searched else []
        for k, i in enumerate(space.issues)
    ]
