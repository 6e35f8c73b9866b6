"""Where everything stands in the arrays: constituencies and their parts, issues, options, months with evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.study import Normal, Study, Threshold, Uniform, mean_share

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Layout:
    """Index arrays that tie a study to the model's arrays.

    Parameters
    ----------
    groups
        (side, constituency) of every constituency, then wholes of several sides (side ``""``).
    leaves
        Numbers of the groups that have no parts: only these have parameters of their own.
    side_of
        Side of each constituency.
    parts
        By whole: its number, and (number, share) of its parts one level down, deepest wholes first.
    exists
        Whether an issue has an option (options are padded to the longest issue).
    orders
        Distinct orders of an issue's options: place of each option, 0 worst; padded with 0.
    order_of
        Which of its issue's orders a leaf has.
    ordered
        False where nobody knows the order.
    order_side
        Side of an order, -1 where the issue has fewer orders.
    refused
        Step of an order's ladder of red lines, 1 mildest, 0 for options that are none.
    tested
        Options that an experiment showed to people of a side: their order is open to correction.
    start
        First month of the time axis.
    knots
        Months after ``start`` at which there is evidence, and the as-of month.
    """

    sides: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    leaves: Int[np.ndarray, " leaf"]
    side_of: Int[np.ndarray, " constituency"]
    parts: tuple[tuple[int, tuple[tuple[int, Threshold], ...]], ...]
    exists: Bool[np.ndarray, "issue option"]
    orders: Int[np.ndarray, "order issue option"]
    order_of: Int[np.ndarray, "leaf issue"]
    ordered: Bool[np.ndarray, "order issue"]
    order_side: Int[np.ndarray, "order issue"]
    refused: Int[np.ndarray, "order issue option"]
    repressive: Bool[np.ndarray, " side"]
    tested: Bool[np.ndarray, "side issue option"]
    start: dt.date
    knots: Int[np.ndarray, " knot"]

    @property
    def constituencies(self) -> tuple[tuple[str, str], ...]:
        """(side, constituency) of every constituency, wholes of one side among them."""
        return self.groups[: len(self.side_of)]

    @property
    def leaf_side(self) -> Int[np.ndarray, " leaf"]:
        """Side of each leaf."""
        return self.side_of[self.leaves]

    def month(self, date: dt.date) -> int:
        """Month of a date on the time axis; may lie beyond its end."""
        return (date.year - self.start.year) * 12 + date.month - self.start.month

    def knot(self, date: dt.date) -> int:
        """Number of the knot at a date with evidence, the last one before it elsewhere."""
        return max(int(np.searchsorted(self.knots, self.month(date), side="right")) - 1, 0)

    @property
    def mixing(self) -> Float[np.ndarray, "group leaf"]:
        """Mean share of each leaf in each group; rows sum to one."""
        mixed = np.zeros((len(self.groups), len(self.leaves)))
        mixed[self.leaves, np.arange(len(self.leaves))] = 1.0
        for whole, parts in self.parts:
            share = np.array([mean_share(x) for _, x in parts])
            mixed[whole] = share / share.sum() @ mixed[[p for p, _ in parts]]
        return mixed

    @property
    def uncertain(self) -> tuple[int, ...]:
        """Which wholes have a share that is no number."""
        return tuple(
            n for n, (_, parts) in enumerate(self.parts) if any(isinstance(x, Uniform | Normal) for _, x in parts)
        )


def lay_out(study: Study, dates: Collection[dt.date]) -> Layout:
    """Layout of a study with evidence at some dates."""
    made = study.composition
    number = {g: n for n, g in enumerate(made.groups)}
    leaves = np.array([number[g] for g in made.leaves])
    sides, issues = tuple(study.sides), study.space.issues
    exists = np.zeros((len(issues), max(study.space.shape)), bool)
    found: list[dict[tuple, int]] = []
    order_of = np.zeros((len(leaves), len(issues)), int)
    for k, issue in enumerate(issues):
        exists[k, : len(issue.options)] = True
        found.append({})
        for n, (s, c) in enumerate(made.leaves):
            side = study.sides[s]
            key = (sides.index(s), side.order_of(c, issue.id), side.red_lines_of(c, issue.id))
            order_of[n, k] = found[k].setdefault(key, len(found[k]))
    orders = np.zeros((max(map(len, found)), *exists.shape), int)
    refused, ordered = np.zeros_like(orders), np.ones(orders.shape[:2], bool)
    order_side = np.full(orders.shape[:2], -1)
    for k, issue in enumerate(issues):
        for (s, order, lines), g in found[k].items():
            order_side[g, k], ordered[g, k] = s, order is not None
            names = order or tuple(o.id for o in issue.options)
            ladder = [o for o in names if o in lines]
            for j, option in enumerate(issue.options):
                orders[g, k, j] = len(names) - 1 - names.index(option.id)
                refused[g, k, j] = ladder.index(option.id) + 1 if option.id in ladder else 0
    start = min([*dates, study.as_of]).replace(day=1)
    months = {(d.year - start.year) * 12 + d.month - start.month for d in [*dates, study.as_of, start]}
    return Layout(
        sides=sides,
        groups=made.groups,
        leaves=leaves,
        side_of=np.array([sides.index(s) for s, _ in study.constituencies()]),
        parts=_deepest_first(study, number),
        exists=exists,
        orders=orders,
        order_of=order_of,
        ordered=ordered,
        order_side=order_side,
        refused=refused,
        repressive=np.array([x.repressive for x in study.sides.values()]),
        tested=np.zeros((len(sides), *exists.shape), bool),
        start=start,
        knots=np.array(sorted(months)),
    )


def _deepest_first(study: Study, number: dict[tuple[str, str], int]) -> tuple:
    """Wholes after the wholes that are parts of them."""
    made, done, listed = study.composition, set(study.composition.leaves), []
    while len(listed) < len(made.parts):
        for whole, parts in made.parts.items():
            if whole not in done and all(p in done for p, _ in parts):
                done.add(whole)
                listed.append((number[whole], tuple((number[p], share) for p, share in parts)))
    return tuple(listed)


def one_hot(package: Int[np.ndarray, "offer issue"], layout: Layout) -> Float[np.ndarray, "offer option"]:
    """Options side by side, padded as in the layout; an open issue has none."""
    issues, options = layout.exists.shape
    marks = package[..., None] == np.arange(options)
    return marks.reshape(len(package), issues * options).astype(float)
