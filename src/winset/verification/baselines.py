"""What one would have said without a model: naive guesses at a printed share, each with the misses it made before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import Cells, as_measured
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

BASELINES = {
    "last": "last poll of the same question",
    "group_mean": "mean of the constituency's polls",
    "recent_mean": "mean of the constituency's last five polls",
    "side_mean": "mean of the side's polls",
    "nearest": "nearest earlier question",
}
RECENT = 5
FEWEST_MISSES = 5
"""Fewer misses than this say nothing of the next one: the guess is then compared by its error alone."""

Guess = dict[str, float]
"""By baseline; absent where there is nothing to guess from."""


@dataclass(frozen=True)
class Target:
    """What is to be guessed: an offer put to a group.

    Parameters
    ----------
    question
        Index of the question; -1 for a vote, whose last poll is the last on the same text.
    measure
        What share is scored, as ``Cells.measure`` says it.
    hidden
        Share of don't-knows among what was not printed.
    """

    side: int
    group: int
    question: int
    offer: Int[np.ndarray, " issue"]
    measure: str
    hidden: float = 0.0


@dataclass(frozen=True)
class Polls:
    """Printed polls as a reader would look them up, voices left out; one entry a cell.

    Parameters
    ----------
    end
        Last day of field work (ordinal).
    alone
        Polled against no deal; an offer against another package is like nothing but itself.
    """

    usable: Bool[np.ndarray, " cell"]
    alone: Bool[np.ndarray, " cell"]
    end: Int[np.ndarray, " cell"]
    side: Int[np.ndarray, " cell"]
    group: Int[np.ndarray, " cell"]
    question: Int[np.ndarray, " cell"]
    offer: Int[np.ndarray, "cell issue"]
    decided: Float[np.ndarray, " cell"]
    observed: Float[np.ndarray, " cell"]
    measure: tuple[str, ...]
    hidden: Float[np.ndarray, " cell"]

    @classmethod
    def of(cls, study: Study, cells: Cells) -> Polls:
        """The polls among a study's cells."""
        polled = np.array([study.instruments[i].kind == "poll" for i in cells.instruments], bool)[cells.instrument]
        sides = {s: n for n, s in enumerate(study.sides)}
        return cls(
            usable=polled & np.isfinite(cells.observed()),
            alone=~cells.compared,
            end=np.array([d.toordinal() for d in cells.names["end"]], int),
            side=np.array([sides.get(s, -1) for s in cells.names["side"]], int),
            group=cells.group,
            question=cells.question,
            offer=cells.offer,
            decided=cells.decided_share(),
            observed=cells.observed(),
            measure=tuple(cells.measure),
            hidden=cells.hidden,
        )

    def target(self, n: int) -> Target:
        """One of these polls as something to guess."""
        question = int(self.question[n])
        measured = self.measure[n], float(self.hidden[n])
        return Target(int(self.side[n]), int(self.group[n]), question, self.offer[n], *measured)

    def guess(self, target: Target, known: Bool[np.ndarray, " cell"]) -> Guess:
        """Every baseline's guess from the polls that are known."""
        known = known & self.usable
        own, side = known & (self.group == target.group), known & self.alone & (self.side == target.side)
        text = (self.offer == target.offer).all(1) & self.alone
        same = self._by_date(own & (text if target.question < 0 else self.question == target.question))
        own = self._by_date(own & self.alone)
        shares = {
            "last": self.decided[same[-1:]],
            "group_mean": self.decided[own],
            "recent_mean": self.decided[own[-RECENT:]],
            "side_mean": self.decided[side],
            "nearest": self.decided[self._nearest(own if len(own) else np.flatnonzero(side), target.offer)],
        }
        return {b: as_measured(float(s.mean()), target.measure, target.hidden) for b, s in shares.items() if len(s)}

    def misses(self, known: Bool[np.ndarray, " cell"]) -> dict[str, Float[np.ndarray, " miss"]]:
        """What each baseline missed among known polls, each guessed from those that had ended before it did."""
        missed: dict[str, list[float]] = {b: [] for b in BASELINES}
        for n in np.flatnonzero(known & self.usable).tolist():
            for b, said in self.guess(self.target(n), known & (self.end < self.end[n])).items():
                missed[b].append(float(self.observed[n]) - said)
        return {b: np.array(v) for b, v in missed.items()}

    def _by_date(self, chosen: Bool[np.ndarray, " cell"]) -> Int[np.ndarray, " chosen"]:
        found = np.flatnonzero(chosen)
        return found[np.argsort(self.end[found], kind="stable")]

    def _nearest(self, among: Int[np.ndarray, " chosen"], offer: Int[np.ndarray, " issue"]) -> Int[np.ndarray, " one"]:
        """The latest of those whose offer shares most terms and differs in fewest."""
        settled = self.offer[among] >= 0
        likeness = 2 * (settled & (self.offer[among] == offer)).sum(1) - settled.sum(1)
        return among[np.lexsort((self.end[among], likeness))[-1:]]


def dress(guess: float, misses: Float[np.ndarray, " miss"]) -> Float[np.ndarray, " miss"] | None:
    """A guess as a distribution: itself with every miss it made before (Roulston & Smith 2003); None where there were few."""
    return np.clip(guess + misses, 0.0, 1.0) if len(misses) >= FEWEST_MISSES else None
