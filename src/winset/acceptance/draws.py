"""Posterior draws as plain arrays, and acceptance in closed form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from winset.acceptance.hearing import complete_following, follow_words
from winset.acceptance.layout import Layout
from winset.acceptance.problem import Problem
from winset.acceptance.unasked import add_doubt, asked_groups, asked_options
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

FIELDS = (
    "worth",
    "level",
    "importance",
    "total",
    "person_variance",
    "open_variance",
    "log_kept",
    "lapse",
    "drift",
    "mix",
    "follow",
)


@dataclass(frozen=True)
class AcceptanceDraws:
    """Draws of everything that acceptance of a package depends on.

    Parameters
    ----------
    worth
        Part-worths in probit units, centred within an issue.
    level
        Acceptance of a middling package at each knot, probit units.
    log_kept
        Log share that does not refuse an option at any price.
    mix
        Share of each leaf in each group.
    follow
        Share that follows each speaker's word for or against an offer.
    asked
        Options that more than half of a constituency's people were asked about, alone or within a whole.
    """

    layout: Layout
    worth: Float[np.ndarray, "draw constituency issue option"]
    level: Float[np.ndarray, "draw constituency knot"]
    importance: Float[np.ndarray, "draw constituency issue"]
    total: Float[np.ndarray, "draw constituency"]
    person_variance: Float[np.ndarray, "draw constituency issue"]
    open_variance: Float[np.ndarray, "draw constituency issue"]
    log_kept: Float[np.ndarray, "draw constituency issue option"]
    lapse: Float[np.ndarray, " draw"]
    drift: Float[np.ndarray, "draw side"]
    mix: Float[np.ndarray, "draw group leaf"]
    follow: Float[np.ndarray, "draw leaf speaker stand"]
    asked: Bool[np.ndarray, "constituency issue option"]
    seed: int = 0

    def __len__(self) -> int:
        return len(self.lapse)

    def level_at(self, date: dt.date) -> Float[np.ndarray, "draw constituency"]:
        """Level at a date; between months with evidence, and beyond the last, the side's walk goes on."""
        month, knots = max(self.layout.month(date), 0), self.layout.knots
        after = int(np.searchsorted(knots, month))
        if after < len(knots) and knots[after] == month:
            return self.level[:, :, after]
        noise = np.random.default_rng([self.seed, month]).standard_normal(self.drift.shape)
        if after == len(knots):
            return self.level[:, :, -1] + (self.drift * noise * np.sqrt(month - knots[-1]))[:, self.layout.side_of]
        before, later = knots[after - 1], knots[after]
        part = (month - before) / (later - before)
        between = (1 - part) * self.level[:, :, after - 1] + part * self.level[:, :, after]
        bridge = self.drift * noise * np.sqrt((month - before) * (later - month) / (later - before))
        return between + bridge[:, self.layout.side_of]

    def joined(self, shares: Float[np.ndarray, "draw constituency *package"]) -> np.ndarray:
        """Shares of constituencies from those of leaves: of a whole, the mean of its parts."""
        if len(self.layout.leaves) == shares.shape[1]:
            return shares
        return np.einsum("dgl,dl...->dg...", self.mix[:, : shares.shape[1]], shares[:, self.layout.leaves])


def make_draws(
    problem: Problem, samples: Mapping[str, np.ndarray], seed: int, known: Bool[np.ndarray, " cell"] | None = None
) -> AcceptanceDraws:
    """Draws from a dictionary of sampled values, with the doubt of what nobody was asked.

    Parameters
    ----------
    known
        Cells that were learned from; all where absent.
    """
    found = {f: np.asarray(samples[f]) for f in FIELDS}
    found["follow"] = complete_following(found["follow"], problem.meaning.hearing, problem.layout, seed)
    asked = asked_options(problem, known)
    found |= add_doubt(found, problem.layout, asked, seed)
    return AcceptanceDraws(problem.layout, **found, asked=asked_groups(problem.layout, asked), seed=seed)


def restore_draws(problem: Problem, values: Mapping[str, np.ndarray], seed: int) -> AcceptanceDraws:
    """Draws that were made and kept: the doubt of what nobody was asked is in them, and would count twice."""
    asked = asked_groups(problem.layout, asked_options(problem))
    return AcceptanceDraws(problem.layout, **{f: np.asarray(values[f]) for f in FIELDS}, asked=asked, seed=seed)


def hear(
    draws: AcceptanceDraws, shares: Float[np.ndarray, "draw constituency"], study: Study, endorsed: Mapping[str, str]
) -> Float[np.ndarray, "draw constituency"]:
    """Acceptance of leaves when some speak for or against the offer.

    Parameters
    ----------
    shares
        Among those who refuse nothing at any price.
    endorsed
        ``for`` or ``against`` by speaker.
    """
    found = np.array(shares)
    leaves = draws.layout.leaves
    for speaker, stand, towards in follow_words(endorsed, study, draws.layout):
        share = draws.follow[:, np.arange(len(leaves)), speaker, stand]
        own = found[:, leaves]
        found[:, leaves] = np.where(towards, own + share * (1 - own), own * (1 - share))
    return found


def acceptance(
    draws: AcceptanceDraws,
    package: tuple[int, ...],
    level: Float[np.ndarray, "draw constituency"],
    not_read: tuple[int, ...] = (),
    cost: Float[np.ndarray, "draw constituency"] | float = 0.0,
    heard: Callable[[np.ndarray], np.ndarray] = lambda x: x,
) -> Float[np.ndarray, "draw constituency"]:
    """Share of each constituency that would rather have the package than no deal.

    Parameters
    ----------
    package
        Option index by issue, -1 open: an open issue widens people's spread and moves no mean.
    not_read
        Issues that the text may settle but nobody here has read: each draw takes an option at random,
        so that our ignorance widens the interval and not people's spread.
    cost
        Probit units taken off (audience cost).
    heard
        What words for or against make of acceptance among those who refuse nothing at any price (``hear``).

    Notes
    -----
    Normal part-worths integrate out in closed form (Train 2009, sec. 6.2, probit case):
    ``kept * (lapse + (1 - 2 lapse) Phi(mean / sqrt(1 + variance)))``.
    """
    mean, variance, log_kept = np.array(level, float) - cost, np.ones(level.shape), np.zeros(level.shape)
    rng = np.random.default_rng([draws.seed, 7])
    rows = np.arange(len(draws))
    for k, option in enumerate(package):
        if option < 0 and k not in not_read:
            variance += draws.open_variance[:, :, k]
            continue
        count = int(draws.layout.exists[k].sum())
        chosen = rng.integers(0, count, len(draws)) if option < 0 else np.full(len(draws), option)
        mean += draws.worth[rows, :, k, chosen]
        log_kept += draws.log_kept[rows, :, k, chosen]
        variance += draws.person_variance[:, :, k]
    lapse = draws.lapse[:, None]
    shares = heard(lapse + (1 - 2 * lapse) * ndtr(mean / np.sqrt(variance)))
    return draws.joined(np.exp(log_kept) * shares)


def refusal(draws: AcceptanceDraws, package: tuple[int, ...]) -> Float[np.ndarray, "draw constituency"]:
    """Share of each constituency that refuses the package at any price."""
    chosen: list[tuple[int, int]] = [(k, o) for k, o in enumerate(package) if o >= 0]
    return draws.joined(1 - np.exp(sum((draws.log_kept[:, :, k, o] for k, o in chosen), np.zeros(draws.total.shape))))
