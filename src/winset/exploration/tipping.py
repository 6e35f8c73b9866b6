"""Tipping points: the smallest change of each assumption, and of pairs, that turns the headline."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.exploration.moves import Move, list_moves
from winset.exploration.outcomes import WORD, Headline, read_headline
from winset.exploration.reaching import tip_selection
from winset.exploration.resampling import draw_weights
from winset.exploration.weighing import weigh
from winset.room import Room

if TYPE_CHECKING:
    from jaxtyping import Float

FARTHEST = 4.0
"""Steps that are tried: beyond four of its own standard deviations an assumption is another assumption."""

GRID = np.round(np.arange(0.0, FARTHEST + 1e-9, 0.1), 1)
"""Steps looked at before halving; intervals are read off them."""

HALVINGS = 10
"""From a tenth of a step down to a ten-thousandth."""

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""

PAIRED, TRIAL = 6, 2.0
"""Assumptions that are tried in pairs: those which raise the chance most when moved by so many steps."""

SCHEMA = {
    **dict.fromkeys(("assumption", "kind", "turns", "before", "after"), pl.String),
    **dict.fromkeys(("now", "at", "at_low", "at_high", "steps"), pl.Float64),
}
PAIRS = {
    **dict.fromkeys(("first", "first_kind", "second", "second_kind", "before", "after"), pl.String),
    **dict.fromkeys(
        ("first_now", "first_at", "second_now", "second_at", "steps", "steps_low", "steps_high"), pl.Float64
    ),
}
"""Columns of both tables."""


@dataclass(frozen=True)
class Tipping:
    """What would turn the headline.

    Parameters
    ----------
    about
        The package in words.
    chance
        That all leaders could carry it, as it stands.
    table
        Columns assumption, kind (threshold, acceptance, price, selection), turns (word, leader or blocker), before and after
        (number of the word, or labels), now, at, at_low, at_high (value of the assumption, and 90 % interval of where it
        tips; null beyond what is tried), steps (how far that is, in its own standard deviations); nearest first.
    pairs
        Both assumptions shifted by as many of their own standard deviations towards a better word; nearest first.
    held
        Assumptions that turn nothing within what is tried.
    """

    about: str
    chance: float
    table: pl.DataFrame
    pairs: pl.DataFrame
    held: tuple[str, ...]


def tip(room: Room, what: str | Mapping[str, str], bounds: Sequence[float], *, seed: int = 1) -> Tipping:
    """Find the smallest change of each assumption that turns the headline.

    Parameters
    ----------
    bounds
        Chances at which the word for a chance changes, rising.

    Raises
    ------
    UsageError
        If the study has no such proposal or option.

    Notes
    -----
    Everything is worked out on the posterior draws. A threshold moves as a whole, its uncertainty with it; acceptance of a
    constituency by as many probits in every draw; the price of broken commitments by a factor. Selection odds are moved by
    reweighting (``reaching``).
    """
    asked = weigh(room, what)
    headline = read_headline(room, asked, bounds)
    weights = draw_weights(len(asked), RESAMPLES, seed) / len(asked)
    moves = list_moves(asked)
    rows = [row for m in moves for row in tip_alone(headline, m, weights)]
    rows += tip_selection(asked, headline.bounds, weights)
    table = pl.DataFrame(rows, schema=SCHEMA).sort("steps", maintain_order=True)
    turned = set(table["assumption"])
    chance = float(asked.carried(asked.shares()).mean())
    held = tuple(m.label for m in moves if m.label not in turned)
    return Tipping(asked.label, chance, table, tip_pairs(headline, moves, weights), held)


@dataclass(frozen=True)
class Turn:
    """Where an outcome turns along a move: steps with their 90 % interval, and its state before and after."""

    steps: float
    low: float
    high: float
    before: int
    after: int

    @property
    def beyond(self) -> bool:
        """Whether the interval reaches what is not tried."""
        return self.high >= FARTHEST


def tip_alone(headline: Headline, move: Move, weights: Float[np.ndarray, "sample draw"]) -> list[dict[str, Any]]:
    """The nearest change of one assumption that turns the word (either way), who leads, and who blocks."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for outcome in headline.outcomes:
        for way in (move, move.turned(-1.0)):
            turn = find_turn(headline, outcome, way, weights)
            if turn is None:
                continue
            row = _row(headline, outcome, way, turn)
            key = (outcome, row["after"] if outcome == WORD else "")
            if key not in found or turn.steps < found[key]["steps"]:
                found[key] = row
    return list(found.values())


def find_turn(headline: Headline, outcome: str, way: Move, weights: Float[np.ndarray, "sample draw"]) -> Turn | None:
    """First place along a move at which an outcome is another one than now; None if there is none within what is tried."""
    along = np.stack([headline.look(outcome, way, float(t)) for t in GRID], axis=1)
    states = headline.state(outcome, along.mean(-1))
    off = np.flatnonzero(states != states[0])
    if not len(off):
        return None
    resampled = headline.state(outcome, along.astype(np.float32) @ weights.T.astype(np.float32)) != states[0]
    low, high = np.quantile(np.where(resampled.any(0), GRID[resampled.argmax(0)], FARTHEST), [LOW, HIGH])
    before, after, inner, outer = int(states[0]), int(states[off[0]]), float(GRID[off[0] - 1]), float(GRID[off[0]])
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        state = headline.state_at(outcome, way, middle)
        inner, outer, after = (middle, outer, after) if state == before else (inner, middle, state)
    return Turn(outer, min(float(low), outer), max(float(high), outer), before, after)


def _row(headline: Headline, outcome: str, way: Move, turn: Turn) -> dict[str, Any]:
    value = lambda t: way.value(headline.asked, t)  # noqa: E731
    now, low, high = value(0.0), value(turn.low), value(turn.high)
    falls = value(FARTHEST) < now
    return {
        "assumption": way.label,
        "kind": way.kind,
        "turns": outcome,
        "before": headline.tell(outcome, turn.before),
        "after": headline.tell(outcome, turn.after),
        "now": now,
        "at": value(turn.steps),
        "at_low": None if turn.beyond and falls else min(low, high),
        "at_high": None if turn.beyond and not falls else max(low, high),
        "steps": turn.steps,
    }


def tip_pairs(headline: Headline, moves: Sequence[Move], weights: Float[np.ndarray, "sample draw"]) -> pl.DataFrame:
    """Pairs of assumptions that together reach the next better word, both moved by as many steps."""
    asked = headline.asked
    chance = lambda m, t: float(asked.carried(*m.moved(asked, t)).mean())  # noqa: E731
    now = chance(moves[0], 0.0)
    helpful = [max((m, m.turned(-1.0)), key=lambda way: chance(way, TRIAL)) for m in moves]
    helpful = [m for m in helpful if chance(m, TRIAL) > now]
    helpful.sort(key=lambda m: -chance(m, TRIAL))
    rows = []
    for a, b in itertools.combinations(helpful[:PAIRED], 2):
        turn = find_turn(headline, WORD, a.together(b), weights)
        if turn is None:
            continue
        row = {"first": a.label, "first_kind": a.kind, "second": b.label, "second_kind": b.kind}
        row |= {"before": str(turn.before), "after": str(turn.after)}
        for name, move in (("first", a), ("second", b)):
            row |= {f"{name}_now": move.value(asked, 0.0), f"{name}_at": move.value(asked, turn.steps)}
        rows.append(
            row | {"steps": turn.steps, "steps_low": turn.low, "steps_high": None if turn.beyond else turn.high}
        )
    return pl.DataFrame(rows, schema=PAIRS).sort("steps", maintain_order=True)
