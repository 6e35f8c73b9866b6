"""A conjoint experiment as the next thing to ask: everybody judges some packages drawn at random of all terms.

What it would tell are marginal means (Leeper, Hobolt & Tilley 2020): how many accept a package with a term, whatever else it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.exploration.prospects import POLLED, WAYS, Offer
from winset.exploration.simulated import LUCKS, Simulator, as_printed
from winset.exploration.value import left_interval, pick_together, tell_together
from winset.room import Room
from winset.terms import Space
from winset.terms.combining import keeps

if TYPE_CHECKING:
    from jaxtyping import Float, Int

PROFILES, TRIES = 100, 50
"""Packages whose mean stands for all that a term may come with, and how often they are drawn until none is excluded."""

NAME = "experiment"
"""Its packages are read out by one questionnaire, and share a wording."""

COLUMNS = {
    "of_whom": pl.String,
    "how": pl.String,
    "way": pl.String,
    "people": pl.Int64,
    "packages": pl.Int64,
    **dict.fromkeys(("tells", "tells_low", "tells_high", "gain", "gain_low", "gain_high"), pl.Float64),
}


@dataclass(frozen=True)
class Trial:
    """An experiment on all terms that vary.

    Parameters
    ----------
    profiles
        Packages by option of each issue, -1 open.
    terms
        Issue and option of each term whose marginal mean is told.
    packages
        How many packages everybody judges: as many as the issue with most options has, so that everybody meets each once.
    """

    profiles: Int[np.ndarray, "profile issue"]
    terms: tuple[tuple[int, int], ...]
    packages: int

    def having(self, term: tuple[int, int]) -> np.ndarray:
        """Which packages have a term."""
        issue, option = term
        return self.profiles[:, issue] == option

    def judged(self, term: tuple[int, int], people: int) -> int:
        """Answers on packages with a term, of so many people: of each at most one, since one person's answers go together."""
        share = float(self.having(term).mean())
        return max(min(people, round(people * self.packages * share)), 1)


def plan_trial(space: Space, seed: int) -> Trial | None:
    """Packages drawn at random of all terms that are searched and that the study lets stand together; None if nothing varies."""
    varied = {i.id: [o.id for o in i.options] for i in space.searched().issues if len(i.options) > 1}
    if not varied:
        return None
    rng = np.random.default_rng([seed, 53])
    found = np.full((0, len(space.issues)), -1)
    for _ in range(TRIES):
        drawn = np.full((PROFILES, len(space.issues)), -1)
        for k, issue in enumerate(space.issues):
            if issue.id in varied:
                drawn[:, k] = rng.choice([issue.index(o) for o in varied[issue.id]], PROFILES)
        found = np.concatenate([found, drawn[keeps(drawn, space.pairs)]])[:PROFILES]
        if len(found) == PROFILES:
            break
    every = [(k, i.index(o)) for k, i in enumerate(space.issues) for o in varied.get(i.id, ())]
    shown = tuple(t for t in every if (found[:, t[0]] == t[1]).any())
    return Trial(found, shown, max(len(x) for x in varied.values())) if shown else None


def weigh_trials(
    room: Room,
    simulator: Simulator,
    ways: Mapping[int, Sequence[str]],
    people: Mapping[str, int],
    target: Float[np.ndarray, " draw"],
    benefits: Float[np.ndarray, "draw option"],
    weights: Float[np.ndarray, "sample draw"],
    of: int | None = None,
) -> pl.DataFrame:
    """What an experiment with each constituency that can be polled would tell, most first.

    Parameters
    ----------
    target, benefits
        As for single questions: the margin, and whether each package that one may pick could be carried.
    weights
        Bootstrap weights of draws.

    Returns
    -------
    Columns of ``COLUMNS``: tells is the share of the margin's variance that all marginal means together take away, gain what they
    add to the chance of the package that one would pick.

    Notes
    -----
    A lower bound: what single answers tell beyond marginal means, of two terms together, is not counted.
    """
    study = room.acceptance.study
    trial = plan_trial(study.space, simulator.seed)
    whom = [
        (j, w, people[w])
        for j, allowed in ways.items()
        for w in allowed
        if w in POLLED and people.get(w, 0) > 0 and of in (None, j)
    ]
    if trial is None or not whom:
        return pl.DataFrame(schema=COLUMNS)
    means = {w: _marginal_means(simulator, trial, w) for w in dict.fromkeys(w for _, w, _ in whom)}
    rows = []
    for j, way, many in whom:
        answers = _simulate(simulator, trial, means[way][:, :, j], many, (j, way))
        told = [tell_together(a, target) for a in answers]
        tells = max(float(np.mean([t for t, _ in told])), 0.0)
        low, high = left_interval(told[0][1], target, weights, tells)
        gained = np.mean([pick_together(a, benefits) for a in answers], axis=0)
        ends = np.quantile(weights @ gained / weights.sum(1), [LOW, HIGH])
        said = {"of_whom": study.full_label(*study.constituencies()[j]), "how": WAYS[way], "way": way, "people": many}
        said |= {"packages": trial.packages, "tells": tells, "tells_low": low, "tells_high": high}
        rows.append(said | {"gain": float(gained.mean()), "gain_low": float(ends[0]), "gain_high": float(ends[1])})
    return pl.DataFrame(rows, schema=COLUMNS).sort("tells", descending=True, maintain_order=True)


def _marginal_means(simulator: Simulator, trial: Trial, way: str) -> Float[np.ndarray, "draw term constituency"]:
    """Share that accepts packages with each term, over all that comes with it."""
    offers = [Offer("", tuple(map(int, codes)), whole=True, asked_in=NAME) for codes in trial.profiles]
    shares = np.stack([simulator.shares(o, way) for o in offers], axis=1)
    return np.stack([shares[:, trial.having(t)].mean(1) for t in trial.terms], axis=1)


def _simulate(
    simulator: Simulator,
    trial: Trial,
    means: Float[np.ndarray, "draw term"],
    people: int,
    whom: tuple[int, str],
) -> list[Float[np.ndarray, "draw term"]]:
    """Printed marginal means by several lucks of the sampling."""
    drawn = []
    for luck in LUCKS:
        rng = np.random.default_rng([simulator.seed, 59, luck, whom[0], [*WAYS].index(whom[1]), people])
        printed = [
            as_printed(means[:, n], simulator.apart, trial.judged(t, people), rng) for n, t in enumerate(trial.terms)
        ]
        drawn.append(np.stack(printed, axis=1))
    return drawn
