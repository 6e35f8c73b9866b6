"""Persons on a network who listen to each other: what groups alone cannot show, such as camps that stop talking.

Friedkin & Johnsen (1990) person by person; with bounded confidence, a person hears only those whose opinion is not too far
from his own (Hegselmann & Krause 2002). Opinions are utilities in probits: a person accepts where his is above zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numba import njit, prange
from scipy.special import ndtr, ndtri

from winset.errors import UsageError
from winset.room import Room
from winset.room.scoring import sum_terms
from winset.terms import Package

if TYPE_CHECKING:
    from jaxtyping import Float, Int

FEWEST = 100
"""Persons a constituency; fewer show nothing."""


@dataclass(frozen=True)
class Network:
    """Ties between persons: those of person i are ``ties[starts[i]:starts[i + 1]]``."""

    starts: Int[np.ndarray, " bound"]
    ties: Int[np.ndarray, " tie"]

    @classmethod
    def of(cls, pairs: Int[np.ndarray, "pair two"], persons: int) -> Network:
        """A network from pairs of persons who listen to each other.

        Raises
        ------
        UsageError
            If a number lies outside, or somebody has no tie.
        """
        pairs = np.asarray(pairs, np.int64)
        if pairs.size and not (pairs.min() >= 0 and pairs.max() < persons):
            wrong = pairs.max() if pairs.max() >= persons else pairs.min()
            raise UsageError(f"ties name person {wrong}; there are {persons:,}, numbered from 0")
        starts, ties = _join(pairs[:, 0].copy(), pairs[:, 1].copy(), persons)
        alone = np.flatnonzero(np.diff(starts) == 0)
        if len(alone):
            raise UsageError(
                f"{len(alone):,} of {persons:,} persons have no tie (the first is {alone[0]}): nobody hears them; give each "
                "a tie or leave them out"
            )
        return cls(starts, ties)

    @property
    def degree(self) -> float:
        """Mean number of ties a person."""
        return len(self.ties) / (len(self.starts) - 1)


@dataclass(frozen=True)
class Population:
    """Persons, their groups, and what they thought of a package before they talked.

    Parameters
    ----------
    names
        Side and constituency by group.
    own
        Utility of the package to each person as measured, probits.
    """

    names: tuple[tuple[str, str], ...]
    group: Int[np.ndarray, " person"]
    own: Float[np.ndarray, " person"]
    network: Network


@dataclass(frozen=True)
class Talked:
    """What persons came to think.

    Parameters
    ----------
    shares
        One row per week and group: share who accept, and the standard deviation of opinions within it.
    opinions
        Of the last week.
    """

    population: Population
    shares: pl.DataFrame
    opinions: Float[np.ndarray, " person"]


def draw_network(group: Int[np.ndarray, " person"], degree: int = 10, inside: float = 0.8, seed: int = 1) -> Network:
    """Everybody picks half as many others as he will know on average, a share of them from his own group.

    There, the chance to be picked falls as one over how many live nearer, on either side of him in the order of persons
    (Liben-Nowell et al. 2005: rank-based friendship, which two thirds of ties follow while the others know no distance): most
    people hear their neighbours, and those hear each other. The others are picked from all. Who is picked twice is heard
    twice.

    Raises
    ------
    UsageError
        If the degree is below two, or there are too few persons for it.
    """
    persons = len(group)
    if degree < 2 or degree % 2 or persons <= degree:
        raise UsageError(f"degree {degree}: it must be even, 2 at least, and below the number of persons ({persons:,})")
    if not 0 <= inside <= 1:
        raise UsageError(f"inside {inside:g}: a share of ties lies between 0 and 1")
    rng = np.random.default_rng(seed)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(group.max() + 2))
    place = np.empty(persons, np.int64)
    place[order] = np.arange(persons)
    one = np.repeat(np.arange(persons), degree // 2)
    other = rng.integers(0, persons - 1, len(one))
    other += other >= one
    low, size = bounds[group[one]], np.diff(bounds)[group[one]]
    near = (rng.random(len(one)) < inside) & (size > 1)
    away = np.floor((size // 2 + 1.0) ** rng.random(len(one))).astype(np.int64) * rng.choice([-1, 1], len(one))
    among = order[low + (place[one] - low + away) % size]
    other = np.where(near, among, other)
    return Network(*_join(one, other, persons))


def populate(
    room: Room, package: Package, persons: int = 100_000, *, degree: int = 10, inside: float = 0.8, seed: int = 1
) -> Population:
    """Persons drawn from measured acceptance of a package, as many in each constituency, on a random network.

    Utility and spread are means over the posterior: persons differ as people do, and what is not known is left out. Who
    refuses an option whatever comes with it counts as so far below zero that the share who accept is as measured.

    Raises
    ------
    UsageError
        If there are fewer than 100 persons a constituency.
    """
    study = room.acceptance.study
    names = study.constituencies()
    if persons < FEWEST * len(names):
        raise UsageError(
            f"{persons:,} persons in {len(names)} constituencies; {FEWEST * len(names):,} at least show something"
        )
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, len(names), persons))  # neighbours in memory: most ties lie within a group
    utility, spread, kept = (
        a[:, :, 0].mean(0) for a in sum_terms(room.ballot, np.array([study.space.encode(package)]))
    )
    middle = spread * ndtri(kept * ndtr(utility / spread))
    own = middle[group] + spread[group] * rng.standard_normal(persons)
    return Population(names, group, own, draw_network(group, degree, inside, seed))


def talk(
    population: Population,
    weeks: int = 104,
    *,
    susceptible: float = 0.4,
    confidence: float = math.inf,
    news: Float[np.ndarray, "week group"] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Talked:
    """Let persons talk week by week: ``x <- l mean(x of those heard) + (1 - l) (own + news)``.

    Parameters
    ----------
    susceptible
        How far others move a person (l), 0 to 1.
    confidence
        Persons further apart than this do not hear each other, probits; oneself is always heard.
    news
        What has moved each group's own experience by a week, probits.

    Raises
    ------
    UsageError
        If there is no week, or a number lies outside its range.
    """
    if weeks < 1:
        raise UsageError(f"{weeks} weeks: it must be 1 at least")
    if not 0 <= susceptible <= 1:
        raise UsageError(f"susceptible {susceptible:g}: it lies between 0 and 1")
    if not confidence > 0:
        raise UsageError(f"confidence {confidence:g}: it must be above 0")
    groups, network = len(population.names), population.network
    group, own = population.group.astype(np.int32), population.own.astype(np.float32)
    moved = np.zeros((weeks, groups), np.float32) if news is None else np.asarray(news, np.float32)
    if moved.shape != (weeks, groups):
        raise UsageError(f"news has shape {moved.shape}; {weeks} weeks and {groups} groups need {(weeks, groups)}")
    opinions, then = own.copy(), np.empty_like(own)
    numbers = np.float32(susceptible), np.float32(confidence)
    rows = _count(opinions, group, groups, 0, population.names)
    for week in range(weeks):
        _hear(network.starts, network.ties, opinions, own, group, moved[week], *numbers, then)
        opinions, then = then, opinions
        rows += _count(opinions, group, groups, week + 1, population.names)
        progress(week + 1, weeks)
    return Talked(population, pl.DataFrame(rows), opinions)


def count_camps(opinions: Float[np.ndarray, " person"], gap: float) -> np.ndarray:
    """Where camps lie: means of opinions that no gap wider than ``gap`` divides."""
    ordered = np.sort(opinions)
    cuts = np.flatnonzero(np.diff(ordered) > gap) + 1
    return np.array([part.mean() for part in np.split(ordered, cuts)])


def _count(
    opinions: np.ndarray, group: np.ndarray, groups: int, week: int, names: Sequence[tuple[str, str]]
) -> list[dict[str, object]]:
    count, accept, total, squares = _tally(opinions, group, groups)
    accept, mean = accept / count, total / count
    spread = np.sqrt(np.maximum(squares / count - mean**2, 0))
    return [
        {"week": week, "side": s, "constituency": c, "accept": accept[g], "mean": mean[g], "spread": spread[g]}
        for g, (s, c) in enumerate(names)
    ]


@njit(nogil=True, cache=True)
def _tally(opinions, group, groups):
    """By group: persons (one at least), those who accept, sum of opinions and of their squares."""
    found = np.zeros((4, groups))
    for i in range(len(opinions)):
        x, g = opinions[i], group[i]
        found[0, g] += 1.0
        found[1, g] += x > 0
        found[2, g] += x
        found[3, g] += x * x
    for g in range(groups):
        found[0, g] = max(found[0, g], 1.0)
    return found


@njit(nogil=True, cache=True)
def _join(one, other, persons):
    """Pairs as lists of ties, both ways, by counting."""
    starts = np.zeros(persons + 1, np.int64)
    for k in range(len(one)):
        starts[one[k] + 1] += 1
        starts[other[k] + 1] += 1
    for i in range(persons):
        starts[i + 1] += starts[i]
    place, ties = starts[:-1].copy(), np.empty(2 * len(one), np.int32)
    for k in range(len(one)):
        i, j = one[k], other[k]
        ties[place[i]] = j
        place[i] += 1
        ties[place[j]] = i
        place[j] += 1
    return starts, ties


@njit(nogil=True, cache=True, parallel=True, error_model="numpy")
def _hear(starts, ties, opinions, own, group, news, susceptible, confidence, then):
    """One week of everybody; each person's sum runs in the order of his ties, so that it is the same on any number of cores."""
    for i in prange(len(own)):
        mine, total, heard = opinions[i], np.float32(0.0), np.float32(0.0)
        for k in range(starts[i], starts[i + 1]):
            theirs = opinions[ties[k]]
            near = np.float32(
                abs(theirs - mine) <= confidence
            )  # without a branch, which would be guessed wrong half the time
            total += near * theirs
            heard += near
        if confidence < np.inf or heard == 0:
            total += mine
            heard += np.float32(1.0)
        then[i] = susceptible * total / heard + (np.float32(1.0) - susceptible) * (own[i] + news[group[i]])
