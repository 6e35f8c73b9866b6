"""One package under the rules of a room, draw by draw, taken apart so that each assumption can be shifted alone."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from winset.acceptance import AcceptanceDraws
from winset.acceptance.draws import hear
from winset.room import Room
from winset.room.margins import EDGE
from winset.room.tables import Rules, fold_rule, list_rules
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

UNREAD_STREAM = 7
"""Stream of random numbers from which ``acceptance`` takes options of issues that nobody has read: ours must be the same."""


@dataclass(frozen=True)
class Weighed:
    """What acceptance of one package is made of, in a room.

    Parameters
    ----------
    label
        The package in words.
    options
        Option by draw and issue, -1 open: issues that nobody has read take one at random.
    utility
        Mean utility before any audience cost, probits.
    cost
        Probits that broken commitments take off.
    spread
        Standard deviation of persons about the mean, one included.
    kept
        Share that does not refuse at any price.
    limits
        Thresholds of all clauses of all sides, in order.
    """

    room: Room
    label: str
    options: np.ndarray
    utility: Float[np.ndarray, "draw constituency"]
    cost: Float[np.ndarray, "draw constituency"]
    spread: Float[np.ndarray, "draw constituency"]
    kept: Float[np.ndarray, "draw constituency"]
    limits: Float[np.ndarray, "draw clause"]
    rules: Rules

    def __len__(self) -> int:
        return len(self.utility)

    @property
    def study(self) -> Study:
        """What was declared."""
        return self.room.acceptance.study

    def shares(
        self, shift: Float[np.ndarray, "draw constituency"] | float = 0.0, cost: float | np.ndarray = 1.0
    ) -> Float[np.ndarray, "draw constituency"]:
        """Acceptance with audience costs taken off.

        Parameters
        ----------
        shift
            Probits added to everybody's utility.
        cost
            Factor on audience costs.
        """
        draws: AcceptanceDraws = self.room.ballot.draws
        lapse = draws.lapse[:, None]
        heard = hear(
            draws,
            lapse + (1 - 2 * lapse) * ndtr((self.utility + shift - cost * self.cost) / self.spread),
            self.study,
            self.room.endorsed,
        )
        return draws.joined(self.kept * heard)

    def by_clause(self, shares: Float[np.ndarray, "draw constituency"]) -> Float[np.ndarray, "draw clause"]:
        """What each clause compares with its threshold."""
        return shares @ self.rules.weights.T

    def held(
        self, shares: Float[np.ndarray, "draw constituency"], limits: Float[np.ndarray, "draw clause"] | None = None
    ) -> Bool[np.ndarray, "draw side"]:
        """Whether each leader could carry it."""
        enough = self.by_clause(shares) >= (self.limits if limits is None else limits)
        leaf = lambda n: enough[:, n]  # noqa: E731
        return np.stack(
            [fold_rule(p, leaf, np.logical_and, np.logical_or) for p in self.rules.programs],  # pyright: ignore[reportArgumentType]
            axis=-1,
        )

    def carried(
        self, shares: Float[np.ndarray, "draw constituency"], limits: Float[np.ndarray, "draw clause"] | None = None
    ) -> Bool[np.ndarray, " draw"]:
        """Whether all leaders could carry it at once."""
        return np.all(self.held(shares, limits), axis=1)

    def margin(self, shares: Float[np.ndarray, "draw constituency"]) -> Float[np.ndarray, " draw"]:
        """Margin of the side that is furthest from carrying it, probits: at zero or above all leaders could carry it.

        As ``room.margins.measure_margins`` has it, the least over sides.
        """
        probits = ndtri(np.clip(self.by_clause(shares), EDGE, 1 - EDGE)) - ndtri(np.clip(self.limits, EDGE, 1 - EDGE))
        leaf = lambda n: probits[:, n]  # noqa: E731
        sides = [fold_rule(p, leaf, np.minimum, np.maximum) for p in self.rules.programs]  # pyright: ignore[reportArgumentType]
        return np.min(sides, axis=0)

    @functools.cached_property
    def deciding(self) -> list[int]:
        """Constituencies without parts that a rule names, themselves or within a whole."""
        return [int(j) for j in np.flatnonzero(self.rules.weights.any(0))]


def weigh(room: Room, what: str | Mapping[str, str], date: dt.date | None = None) -> Weighed:
    """Take a (partial) package apart.

    Raises
    ------
    UsageError
        If the study has no such proposal or option.
    """
    study, draws, ballot = room.acceptance.study, room.ballot.draws, room.ballot
    package, not_read = study.find(what)
    codes = study.space.encode(package)
    rng, rows = np.random.default_rng([draws.seed, UNREAD_STREAM]), np.arange(len(draws))
    options = np.repeat(np.array(codes)[None], len(draws), axis=0)
    level = ballot.level if date is None else draws.level_at(date)
    utility, cost, variance, kept = np.array(level, float), np.zeros(level.shape), np.ones(level.shape), 0.0
    for k, option in enumerate(codes):
        if option < 0 and study.space.issues[k].id not in not_read:
            variance = variance + draws.open_variance[:, :, k]
            continue
        if option < 0:
            options[:, k] = rng.integers(0, int(draws.layout.exists[k].sum()), len(draws))
        chosen = options[:, k]
        utility = utility + draws.worth[rows, :, k, chosen]
        cost = cost + draws.worth[rows, :, k, chosen] - ballot.worth[rows, :, k, chosen]
        kept = kept + draws.log_kept[rows, :, k, chosen]
        variance = variance + draws.person_variance[:, :, k]
    limits = np.concatenate(ballot.thresholds).T
    rules = list_rules({s: study.rule(s) for s in study.sides}, study.constituencies())
    kept = np.exp(np.broadcast_to(kept, utility.shape))
    return Weighed(room, name_package(study, what), options, utility, cost, np.sqrt(variance), kept, limits, rules)


def name_package(study: Study, what: str | Mapping[str, str]) -> str:
    """A proposal's label, or the terms of a package in words."""
    if isinstance(what, str) and what in study.proposals:
        return study.proposals[what].label
    return study.in_words(study.find(what)[0])
