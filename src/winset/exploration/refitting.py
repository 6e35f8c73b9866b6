"""The study behind a room fitted again, by the approximation, with some of what it rests on left out or changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import hashlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import Posterior, measure, prepare
from winset.evidence.responses import is_single
from winset.exploration.weighing import Weighed, weigh
from winset.room import Room, ratify
from winset.study import Study
from winset.study.side import UNORDERED

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

Kept = MutableMapping[str, dict[str, list[float]]]
"""Refits that are done already, by what they were of: a dictionary, or a folder that behaves like one."""


@dataclass(frozen=True)
class Refit:
    """A package's fate in another fit.

    Parameters
    ----------
    margin
        By which all leaders could carry it, probits.
    carried
        Whether they could.
    """

    margin: Float[np.ndarray, " draw"]
    carried: Float[np.ndarray, " draw"]

    @classmethod
    def of(cls, weighed: Weighed) -> Refit:
        """What a package taken apart comes to."""
        shares = weighed.shares()
        return cls(weighed.margin(shares), weighed.carried(shares).astype(float))


Experiment = tuple[str, str, dt.date]
"""Instrument, question and last day of what single respondents were asked."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What a fit differs in.

    Parameters
    ----------
    known
        Results that are learned from.
    unheard
        Experiments that are not.
    ordered
        Whether the declared orders of options hold; else nobody knows any.
    refusing
        Whether some may refuse declared red lines at any price; else nobody does.
    """

    known: Bool[np.ndarray, " cell"]
    unheard: tuple[Experiment, ...] = ()
    ordered: bool = True
    refusing: bool = True


@dataclass(frozen=True, eq=False)
class Refits:
    """One package in fits that differ from a room's in what was left out or changed, and in nothing else.

    All use one seed and the scales of a fit to everything, so that a difference is owed to what was changed.

    Parameters
    ----------
    kept
        Where finished fits are kept.
    """

    room: Room
    about: str | Mapping[str, str]
    kept: Kept

    def fit(self, plan: Plan) -> Refit:
        """Fit as planned; what is kept is read."""
        key = self.key(plan)
        if key not in self.kept:
            found = self._fit(plan)
            self.kept[key] = {"margin": found.margin.tolist(), "carried": found.carried.tolist()}
        return Refit(**{k: np.array(v) for k, v in self.kept[key].items()})

    def key(self, plan: Plan) -> str:
        """Name of a kept fit: another package, rule, posterior or plan has another."""
        told = (self._stands, plan.known.tobytes(), plan.ordered, plan.refusing, *plan.unheard)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @functools.cached_property
    def _stands(self) -> bytes:
        """What the package comes to as it stands."""
        return Refit.of(weigh(self.room, self.about)).margin.tobytes()

    @functools.lru_cache(maxsize=4)  # noqa: B019  (as many as there are ways to declare; lives as long as the command)
    def _begin(self, *, ordered: bool, refusing: bool) -> tuple[Study, Posterior, Float[np.ndarray, " parameter"]]:
        """A study declared in some way, its posterior, and the centre of a fit to everything."""
        a = self.room.acceptance
        study = declare_otherwise(a.study, ordered=ordered, refusing=refusing)
        posterior = prepare(study, a.responses)
        fitted = measure(study, a.responses, seed=a.seed, fast=True, posterior=posterior, known=a.known)
        assert fitted.fit.mode is not None
        return study, posterior, fitted.fit.mode.centre

    def _fit(self, plan: Plan) -> Refit:
        a = self.room.acceptance
        study, posterior, start = self._begin(ordered=plan.ordered, refusing=plan.refusing)
        known, heard = plan.known & a.known, np.array([x not in plan.unheard for x in _name_tasks(posterior)], bool)
        options = {"posterior": posterior, "known": known, "heard": heard, "start": start}
        again = measure(study, a.responses, seed=a.seed, fast=True, **options)
        room = ratify(again, audience_costs_on=self.room.with_costs, endorsed=self.room.endorsed)
        return Refit.of(weigh(room, self.about))


def list_experiments(room: Room) -> dict[Experiment, int]:
    """Experiments among the evidence, and how many people answered each."""
    table = room.acceptance.responses.table.filter(is_single())
    found = table.group_by("instrument", "question", "end", maintain_order=True).agg(pl.col("respondent").n_unique())
    return {(i, q, end): n for i, q, end, n in found.iter_rows()}


def _name_tasks(posterior: Posterior) -> list[Experiment]:
    """The experiment that each task belongs to."""
    tasks, cells = posterior.problem.tasks, posterior.problem.cells
    places = zip(tasks.instrument.tolist(), tasks.question.tolist(), tasks.end.to_list(), strict=True)
    return [(cells.instruments[i], cells.questions[q], end) for i, q, end in places]


def declare_otherwise(study: Study, *, ordered: bool = True, refusing: bool = True) -> Study:
    """A study in which nobody knows any order of options, or nobody refuses any at any price."""
    if ordered and refusing:
        return study
    sides = {}
    for s, side in study.sides.items():
        groups = side.constituencies
        update: dict[str, object] = {}
        if not ordered:
            update["order"] = dict.fromkeys(side.order, UNORDERED)
            groups = {c: g.model_copy(update={"order": {}}) for c, g in groups.items()}
        if not refusing:
            update["red_lines"] = {}
            groups = {c: g.model_copy(update={"red_lines": {}}) for c, g in groups.items()}
        sides[s] = side.model_copy(update={**update, "constituencies": groups})
    return dataclasses.replace(study, sides=sides)
