"""The study behind a room fitted again, by the approximation, with some of what it rests on left out or changed."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from winset.acceptance import Posterior, measure, prepare
from winset.exploration.weighing import Weighed, weigh
from winset.room import Room, ratify
from winset.study import Study
from winset.study.side import UNORDERED

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

    @functools.cached_property
    def _stands(self) -> bytes:
        """What the package comes to as it stands: kept fits of another package, rule or posterior are none of ours."""
        return Refit.of(weigh(self.room, self.about)).margin.tobytes()

    @functools.lru_cache(maxsize=4)  # noqa: B019  (as many as there are ways to declare; the object lives as long as the command)
    def _posterior(self, *, ordered: bool = True, refusing: bool = True) -> Posterior:
        study = declare_otherwise(self.room.acceptance.study, ordered=ordered, refusing=refusing)
        return prepare(study, self.room.acceptance.responses)

    @functools.lru_cache(maxsize=4)  # noqa: B019
    def _scales(self, *, ordered: bool = True, refusing: bool = True) -> Float[np.ndarray, " parameter"]:
        """Centre of a fit to everything."""
        posterior = self._posterior(ordered=ordered, refusing=refusing)
        study, a = (
            declare_otherwise(self.room.acceptance.study, ordered=ordered, refusing=refusing),
            self.room.acceptance,
        )
        fitted = measure(study, a.responses, seed=a.seed, fast=True, posterior=posterior, known=a.known)
        assert fitted.fit.mode is not None
        return fitted.fit.mode.centre

    def fit(
        self,
        known: Bool[np.ndarray, " cell"] | None = None,
        heard: Bool[np.ndarray, " task"] | None = None,
        *,
        ordered: bool = True,
        refusing: bool = True,
    ) -> Refit:
        """Fit with some results and experiments only, or other declarations; kept ones are read.

        Parameters
        ----------
        ordered
            Whether the declared orders of options hold; else nobody knows any.
        refusing
            Whether some may refuse declared red lines at any price; else nobody does.
        """
        a = self.room.acceptance
        known = a.known if known is None else known & a.known
        told = [self._stands, known.tobytes(), None if heard is None else heard.tobytes(), ordered, refusing]
        key = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
        if key not in self.kept:
            found = self._fit(known, heard, ordered=ordered, refusing=refusing)
            self.kept[key] = {"margin": found.margin.tolist(), "carried": found.carried.tolist()}
        return Refit(**{k: np.array(v) for k, v in self.kept[key].items()})

    def _fit(
        self,
        known: Bool[np.ndarray, " cell"],
        heard: Bool[np.ndarray, " task"] | None,
        *,
        ordered: bool,
        refusing: bool,
    ) -> Refit:
        a, how = self.room.acceptance, {"ordered": ordered, "refusing": refusing}
        study, posterior, start = declare_otherwise(a.study, **how), self._posterior(**how), self._scales(**how)
        again = measure(
            study, a.responses, seed=a.seed, fast=True, posterior=posterior, known=known, heard=heard, start=start
        )
        room = ratify(again, audience_costs_on=self.room.with_costs, endorsed=self.room.endorsed)
        return Refit.of(weigh(room, self.about))


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
