"""Posterior draws as plain arrays, and acceptance in closed form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from winset.acceptance.layout import Layout

FIELDS = ("worth", "level", "importance", "total", "person_variance", "open_variance", "log_kept", "lapse", "drift")


@dataclass(frozen=True)
class AcceptanceDraws:
    """Draws of everything that acceptance of a package depends on.

    Parameters
    ----------
    worth
        Part-worths in probit units, centred within an issue.
    level
        Acceptance of a middling package by month, probit units.
    log_kept
        Log share that does not refuse an option at any price.
    """

    layout: Layout
    worth: Float[np.ndarray, "draw constituency issue option"]
    level: Float[np.ndarray, "draw constituency month"]
    importance: Float[np.ndarray, "draw constituency issue"]
    total: Float[np.ndarray, "draw constituency"]
    person_variance: Float[np.ndarray, "draw constituency issue"]
    open_variance: Float[np.ndarray, "draw constituency issue"]
    log_kept: Float[np.ndarray, "draw constituency issue option"]
    lapse: Float[np.ndarray, " draw"]
    drift: Float[np.ndarray, "draw side"]
    seed: int = 0

    def __len__(self) -> int:
        return len(self.lapse)

    def level_at(self, date: dt.date) -> Float[np.ndarray, "draw constituency"]:
        """Level at a date; beyond the last month the side's walk goes on, wider each month."""
        month = max(self.layout.month(date), 0)
        last = self.layout.months - 1
        level = self.level[:, :, min(month, last)]
        if month <= last:
            return level
        noise = np.random.default_rng([self.seed, month]).standard_normal(self.drift.shape)
        return level + (self.drift * noise * np.sqrt(month - last))[:, self.layout.side_of]


def make_draws(layout: Layout, samples: Mapping[str, np.ndarray], seed: int) -> AcceptanceDraws:
    """Draws from a dictionary of sampled values."""
    return AcceptanceDraws(layout, **{f: np.asarray(samples[f]) for f in FIELDS}, seed=seed)


def acceptance(
    draws: AcceptanceDraws,
    package: tuple[int, ...],
    level: Float[np.ndarray, "draw constituency"],
    not_read: tuple[int, ...] = (),
    cost: Float[np.ndarray, "draw constituency"] | float = 0.0,
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
    return np.exp(log_kept) * (lapse + (1 - 2 * lapse) * ndtr(mean / np.sqrt(variance)))


def refusal(draws: AcceptanceDraws, package: tuple[int, ...]) -> Float[np.ndarray, "draw constituency"]:
    """Share of each constituency that refuses the package at any price."""
    chosen: list[tuple[int, int]] = [(k, o) for k, o in enumerate(package) if o >= 0]
    return 1 - np.exp(sum((draws.log_kept[:, :, k, o] for k, o in chosen), np.zeros(draws.total.shape)))
