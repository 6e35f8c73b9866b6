"""What a headline says: the word for a chance, the proposal that leads, the clause that blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.exploration.headline import weigh_proposals
from winset.exploration.moves import Move
from winset.exploration.weighing import Weighed
from winset.room import Room
from winset.study.ratification import clauses, rule_in_words

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

WORD, LEADER, BLOCKER = "word", "leader", "blocker"


@dataclass(frozen=True)
class Headline:
    """What is said of one package, and what may turn.

    Parameters
    ----------
    asked
        The package.
    rivals
        Every proposal on record by its label.
    bounds
        Chances at which the word changes, rising.
    clauses
        Clauses of all rules in words, in order.
    """

    asked: Weighed
    rivals: Mapping[str, Weighed]
    bounds: Float[np.ndarray, " bound"]
    clauses: tuple[str, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What may turn: who leads only where there is a choice."""
        return (WORD, BLOCKER, LEADER) if len(self.rivals) > 1 else (WORD, BLOCKER)

    def look(self, outcome: str, move: Move, steps: float) -> Bool[np.ndarray, "option draw"]:
        """What an outcome's state is read off, in each draw, after a move."""
        if outcome == LEADER:
            return np.stack([w.carried(*move.moved(w, steps)) for w in self.rivals.values()])
        shares, limits = move.moved(self.asked, steps)
        if outcome == WORD:
            return self.asked.carried(shares, limits)[None]
        return (self.asked.by_clause(shares) < limits).T

    def state(self, outcome: str, means: Float[np.ndarray, "option ..."]) -> Int[np.ndarray, ...]:
        """Number of the word, of the proposal that leads, or of the clause that fails most often."""
        if outcome == WORD:
            return np.searchsorted(self.bounds, means[0], side="right")
        return means.argmax(0)

    def state_at(self, outcome: str, move: Move, steps: float) -> int:
        """State after a move."""
        return int(self.state(outcome, self.look(outcome, move, steps).mean(-1)))

    def tell(self, outcome: str, state: int) -> str:
        """A state in words; of a word its number."""
        if outcome == WORD:
            return str(state)
        return list(self.rivals)[state] if outcome == LEADER else self.clauses[state]


def read_headline(room: Room, asked: Weighed, bounds: Sequence[float]) -> Headline:
    """What is said of a package among the proposals on record."""
    study = room.acceptance.study
    named = tuple(
        f"{side.label}: {rule_in_words(c, lambda x, s=s: study.label(s, x))}"
        for s, side in study.sides.items()
        for c in clauses(side.ratification)
    )
    rivals = {w.label: w for w in weigh_proposals(room).values()}
    return Headline(asked, rivals, np.array(bounds), named)
