"""Assumptions as moves: which way, and how far in units of their own uncertainty, each may be shifted without a new fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from winset.exploration.weighing import Weighed
from winset.room.margins import EDGE
from winset.study import Vote
from winset.study.ratification import members

if TYPE_CHECKING:
    from jaxtyping import Float

NOMINAL = 0.05
"""Width of a threshold that was declared as one number: about the widest that the shipped studies declare (20 to 40 %)."""

THRESHOLD, ACCEPTANCE, PRICE = "threshold", "acceptance", "price"


@dataclass(frozen=True)
class Move:
    """One assumption, or several at once, shifted by its own uncertainty times a number.

    Parameters
    ----------
    label
        What is assumed, in words.
    kind
        ``threshold``, ``acceptance`` or ``price``; a pair of moves has both with a plus.
    shift
        Probits added to utility.
    price
        Added to the factor on audience costs, which never falls below zero.
    limits
        Added to thresholds, which stay between zero and one.
    place
        Number of the clause, constituency or side whose value is told.
    """

    label: str
    kind: str
    shift: Float[np.ndarray, " constituency"]
    price: Float[np.ndarray, " constituency"]
    limits: Float[np.ndarray, " clause"]
    place: int

    def moved(self, w: Weighed, steps: float) -> tuple[np.ndarray, np.ndarray]:
        """Acceptance and thresholds after so many steps."""
        cost = np.maximum(1.0 + steps * self.price, 0.0)
        return w.shares(steps * self.shift, cost), np.clip(w.limits + steps * self.limits, 0.0, 1.0)

    def value(self, w: Weighed, steps: float) -> float:
        """What a reader is told of the assumption: mean threshold, mean acceptance, or factor on the price."""
        shares, limits = self.moved(w, steps)
        if self.kind == THRESHOLD:
            return float(limits[:, self.place].mean())
        if self.kind == ACCEPTANCE:
            return float(shares[:, self.place].mean())
        return float(max(1.0 + steps * self.price[self.place], 0.0))

    def together(self, other: Move) -> Move:
        """Both at once, as many steps each."""
        return Move(
            f"{self.label} and {other.label}",
            f"{self.kind}+{other.kind}",
            self.shift + other.shift,
            self.price + other.price,
            self.limits + other.limits,
            -1,
        )

    def turned(self, sign: float) -> Move:
        """The same the other way round for -1."""
        return Move(self.label, self.kind, sign * self.shift, sign * self.price, sign * self.limits, self.place)


def list_moves(w: Weighed) -> list[Move]:
    """Every assumption that may be shifted: thresholds, acceptance of each constituency that a rule names, prices."""
    return [*_thresholds(w), *_acceptance(w), *_prices(w)]


def _still(w: Weighed) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = w.utility.shape[1]
    return np.zeros(count), np.zeros(count), np.zeros(w.limits.shape[1])


def _thresholds(w: Weighed) -> Iterator[Move]:
    every = [(s, members(c)) for s, c in w.study.clauses()]
    for n, (s, named) in enumerate(every):
        if all(w.study.repeats(s, c) for c in named):
            continue
        shift, price, limits = _still(w)
        joint = [m for m, (_, other) in enumerate(every) if other == named and set(named) <= set(w.study.wholes)]
        for m in {n, *joint}:  # one vote of several sides moves with all of them
            limits[m] = w.limits[:, m].std() or NOMINAL
        who = " with ".join(w.study.full_label(s, c) for c in named)
        clause = w.study.clauses()[n][1]
        label = (
            f"acceptance by {who} at which their vote is won"
            if isinstance(clause, Vote)
            else f"the acceptance that {who} must reach"
        )
        yield Move(label, THRESHOLD, shift, price, limits, n)


def _acceptance(w: Weighed) -> Iterator[Move]:
    """Of a whole, all its parts move alike, by as many probits as the whole's own acceptance is uncertain."""
    pairs, shares = w.study.constituencies(), w.shares()
    for s, side in w.study.sides.items():
        for c in members(side.ratification):
            if w.study.repeats(s, c):
                continue
            shift, price, limits = _still(w)
            j = pairs.index((s, c))
            parts = [pairs.index(p) for p in w.study.composition.shares((s, c))]
            shift[parts] = ndtri(np.clip(shares[:, j], EDGE, 1 - EDGE)).std() * w.spread[:, parts].mean(0)
            yield Move(f"acceptance by {w.study.full_label(s, c)}", ACCEPTANCE, shift, price, limits, j)


def _prices(w: Weighed) -> Iterator[Move]:
    if not w.room.with_costs:
        return
    side_of = w.room.ballot.draws.layout.side_of
    for s, side in enumerate(w.study.sides.values()):
        own = np.flatnonzero(side_of == s)
        paid = w.cost[:, own[0]]
        if not paid.any():
            continue
        shift, price, limits = _still(w)
        price[own] = paid.std() / paid.mean()
        yield Move(f"price at home of broken commitments ({side.label})", PRICE, shift, price, limits, int(own[0]))
