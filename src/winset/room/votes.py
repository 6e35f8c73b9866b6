"""From acceptance to a vote: who turns out, and how far polls of a vote have been off on the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from winset.acceptance import PRIORS

if TYPE_CHECKING:
    from jaxtyping import Float

HALVINGS = 50
EDGE = 1e-9


@dataclass(frozen=True)
class CastVotes:
    """Draws of what lies between a constituency's acceptance and its vote.

    Parameters
    ----------
    at_least
        Share of Yes among the votes that carries.
    turnout
        Share that votes.
    gap
        Log odds of voting of those who accept, less those of who reject.
    swing
        From the last polls to the day, in probits; below 0 towards No.
    """

    at_least: float
    turnout: Float[np.ndarray, " draw"]
    gap: Float[np.ndarray, " draw"]
    swing: Float[np.ndarray, " draw"]

    def yes(self, acceptance: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
        """Yes among those who vote.

        Notes
        -----
        Acceptance a, turnout t, and odds of voting r times as high among those who accept: turnout n of those who reject
        solves a r n / (1 + (r - 1) n) + (1 - a) n = t, a quadratic in n with one root between 0 and 1.
        """
        a, t, more = acceptance, self.turnout, np.expm1(self.gap)
        bend, slope = (1 - a) * more, 1 + (a - t) * more
        rejecting = 2 * t / (slope + np.sqrt(slope**2 + 4 * bend * t))
        cast = np.clip(1 - (1 - a) * rejecting / t, EDGE, 1 - EDGE)
        return ndtr(ndtri(cast) + self.swing)

    @property
    def carried_by(self) -> Float[np.ndarray, " draw"]:
        """Acceptance at which the vote is just carried, by halving."""
        low, high = np.zeros_like(self.turnout), np.ones_like(self.turnout)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            enough = self.yes(middle) >= self.at_least
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high


def cast_votes(at_least: float, turnout: Float[np.ndarray, " draw"], rng: np.random.Generator) -> CastVotes:
    """Draw gap and swing by their priors; with everybody voting there is no gap to matter."""
    gap, swing = (rng.normal(PRIORS[p].first, PRIORS[p].second, len(turnout)) for p in ("vote_gap", "vote_swing"))
    return CastVotes(at_least, np.clip(turnout, 0.01, 1.0), gap, swing)
