"""Answers that questions would get, simulated in every posterior draw by the model's own likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from winset.acceptance import PRIORS
from winset.acceptance.draws import hear
from winset.exploration.prospects import POLLED, RANDOM, WAYS, Offer, Prospect
from winset.room import Room

if TYPE_CHECKING:
    from jaxtyping import Float

LUCKS = range(1, 7)
"""Lucks of the sampling by which what was found is told again, so that neither an order nor a best of many is luck."""

EDGE = 1e-6
"""Shares are kept this far from zero and one before their log odds are taken."""


@dataclass(frozen=True)
class Simulator:
    """What one new questionnaire and its field work would add, drawn once per posterior draw.

    Questions of one questionnaire share the house, and those who are reached in one way share their selection odds, so that
    asking more questions or more people does not average them out.

    Parameters
    ----------
    house, shared
        Bias of a new pollster, and what all pollsters of the side share, by constituency, probits.
    reached
        Standard normal behind selection odds that are new, by constituency.
    focus, kind_mean
        How terms alone loom, and what questions of terms alone share.
    wording
        Width of a wording's deviation, by kind of question.
    together, apart
        Correlation of voices of one report, and of answers in one poll.
    """

    room: Room
    house: Float[np.ndarray, "draw constituency"]
    shared: Float[np.ndarray, "draw constituency"]
    reached: Float[np.ndarray, "draw constituency"]
    focus: Float[np.ndarray, " draw"]
    kind_mean: Float[np.ndarray, " draw"]
    wording: dict[str, Float[np.ndarray, " draw"]]
    together: Float[np.ndarray, " draw"]
    apart: Float[np.ndarray, " draw"]
    seed: int

    def lean(self, offer: Offer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Mean utility, its spread among people, and the share that refuses nothing: what people would judge, wording included.

        Each text has a wording of its own.
        """
        draws, level = self.room.ballot.draws, self.room.ballot.level
        focus = self.focus if offer.kind == "term" else np.ones(len(draws))
        rng = np.random.default_rng([self.seed, 41, offer.text])
        deviation = self.wording[offer.kind] * rng.standard_normal(len(draws))
        deviation = deviation + (self.kind_mean if offer.kind == "term" else 0.0)
        mean, variance, kept = level + deviation[:, None], np.ones(level.shape), np.zeros(level.shape)
        for k, option in enumerate(offer.codes):
            if option < 0:
                variance = variance + draws.open_variance[:, :, k]
                continue
            mean = mean + focus[:, None] * draws.worth[:, :, k, option]
            variance = variance + (focus**2)[:, None] * draws.person_variance[:, :, k]
            kept = kept + draws.log_kept[:, :, k, option]
        return mean, np.sqrt(variance), np.exp(kept)

    def shares(self, offer: Offer, selection: str) -> Float[np.ndarray, "draw constituency"]:
        """Share of those reached in one way who would say yes, were there no end of them."""
        draws = self.room.ballot.draws
        mean, spread, kept = self.lean(offer)
        lapse = draws.lapse[:, None]
        bias = (self.house if selection == RANDOM else 0.0) + (self.shared if selection in POLLED else 0.0)
        willing = lapse + (1 - 2 * lapse) * ndtr((mean + bias) / spread)
        own = kept * hear(draws, willing, self.room.acceptance.study, dict(offer.endorsed))
        if selection != RANDOM:
            prior = PRIORS[f"selection_{selection}"]
            odds = prior.first + prior.second * self.reached
            own = expit(logit(np.clip(own, EDGE, 1 - EDGE)) + odds)
        return draws.joined(own)

    def answers(
        self, offers: Sequence[Offer], prospects: Sequence[Prospect], *, luck: int = 0
    ) -> Float[np.ndarray, "draw prospect"]:
        """Printed shares of each question, sampling noise included, on the probit scale.

        Parameters
        ----------
        luck
            Number of the luck of the sampling; another one draws other people.
        """
        return self.tries(offers, prospects, [luck])[0]

    def tries(
        self, offers: Sequence[Offer], prospects: Sequence[Prospect], lucks: Sequence[int]
    ) -> Float[np.ndarray, "luck draw prospect"]:
        """The same by several lucks: what people think is worked out once, whom the sampling reaches each time.

        Notes
        -----
        Beta-binomial, as the likelihood counts answers: of many people in one poll the noise that polls have beyond sampling
        remains (Shirani-Mehr et al. 2018), and of many voices what they have in common.
        """
        found = np.empty((len(lucks), len(self.focus), len(prospects)), np.float32)
        shares: dict[tuple[int, str], np.ndarray] = {}
        for n, p in enumerate(prospects):
            key = (p.offer, p.selection)
            if key not in shares:
                shares = {k: v for k, v in shares.items() if k[0] == p.offer}
                shares[key] = self.shares(offers[p.offer], p.selection)
            whom = [p.constituency, [*WAYS].index(p.selection), p.people]
            together = self.apart if p.selection in POLLED else self.together
            for k, luck in enumerate(lucks):
                rng = np.random.default_rng([self.seed, 43, luck, offers[p.offer].stream, *whom])
                found[k, :, n] = as_printed(shares[key][:, p.constituency], together, p.people, rng)
        return found


def as_printed(
    share: Float[np.ndarray, " draw"], correlation: Float[np.ndarray, " draw"], people: int, rng: np.random.Generator
) -> Float[np.ndarray, " draw"]:
    """A share as so many people would have it printed, on the probit scale."""
    return ndtri((draw_answers(share, correlation, people, rng) * people + 0.5) / (people + 1))


def draw_answers(
    share: Float[np.ndarray, " draw"], correlation: Float[np.ndarray, " draw"], people: int, rng: np.random.Generator
) -> Float[np.ndarray, " draw"]:
    """Share of yes among so many people whose answers are correlated."""
    pairs = 1 / np.clip(correlation, 1e-5, 0.9) - 1
    p = np.clip(share, EDGE, 1 - EDGE)
    return rng.binomial(people, np.clip(rng.beta(pairs * p, pairs * (1 - p)), 0.0, 1.0)) / people


def prepare_simulator(room: Room, seed: int = 1) -> Simulator:
    """Draw what a new questionnaire would add; widths as the fit has them, or as the priors do where it has none."""
    draws, samples = room.ballot.draws, room.acceptance.fit.samples
    count, layout = len(draws), draws.layout
    rng = np.random.default_rng([seed, 47])

    def known(name: str) -> Float[np.ndarray, " draw"]:
        if name in samples:
            return samples[name].reshape(-1).astype(float)
        p = PRIORS[name]
        if p.family == "beta":
            return rng.beta(p.first, p.second, count)
        return p.first * np.exp(p.second * rng.standard_normal(count))

    shared, kinds = rng.standard_normal((count, len(layout.sides))), rng.standard_normal(count)
    if "shared_raw" in samples:
        shared = samples["shared_raw"].reshape(count, -1).astype(float)
    if "kind_mean_raw" in samples:
        kinds = samples["kind_mean_raw"].reshape(count, -1)[:, -1].astype(float)  # kinds are mood, vague, clause, term
    house = PRIORS["house"].second * rng.standard_normal(shared.shape)
    return Simulator(
        room,
        house[:, layout.side_of],
        (PRIORS["shared"].second * shared)[:, layout.side_of],
        rng.standard_normal((count, len(layout.side_of))),
        known("term_focus"),
        PRIORS["kind_mean"].second * kinds,
        {k: known(f"question_{k}") for k in ("term", "package")},
        known("cluster_interviews"),
        known("cluster_polls"),
        seed,
    )
