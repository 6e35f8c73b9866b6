"""Choice tasks as arrays: what each alternative was like, and which one was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.conjoint.profiles import Profiles
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

ACCEPTED = "(accept)"
"""Name of the constant of any package against no deal."""


@dataclass(frozen=True)
class Choices:
    """Tasks in which one of several alternatives was taken.

    Parameters
    ----------
    features
        What each alternative was like; zero where there is no alternative, and for no deal.
    available
        Which alternatives a task had.
    chosen
        Alternative that was taken.
    respondent
        Number of the respondent of each task, from 0; tasks of one respondent stand together.
    weight
        Survey weight of each task.
    names
        Features in order; for levels of attributes ``attribute: level``.
    levels
        Levels of each attribute, the reference first; empty for numeric features.
    """

    features: Float[np.ndarray, "task alternative feature"]
    available: Bool[np.ndarray, "task alternative"]
    chosen: Int[np.ndarray, " task"]
    respondent: Int[np.ndarray, " task"]
    weight: Float[np.ndarray, " task"]
    names: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    source: str = ""

    def __len__(self) -> int:
        return len(self.chosen)

    def __repr__(self) -> str:
        return f"<Choices: {len(self):,} tasks, {self.respondents:,} respondents, {len(self.names)} features>"

    @property
    def respondents(self) -> int:
        """Number of respondents."""
        return int(self.respondent.max(initial=-1)) + 1

    def subset(self, keep: Bool[np.ndarray, " task"]) -> Choices:
        """Some of the tasks; respondents are numbered anew."""
        _, respondent = np.unique(self.respondent[keep], return_inverse=True)
        kept = (self.features[keep], self.available[keep], self.chosen[keep])
        return Choices(*kept, respondent, self.weight[keep], self.names, self.levels, self.source)

    def by_respondent(self, values: np.ndarray) -> np.ndarray:
        """Values of tasks by respondent and place, zero where a respondent has fewer tasks than others."""
        sizes = np.bincount(self.respondent)
        place = np.arange(len(self)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        stacked = np.zeros((len(sizes), int(sizes.max()), *values.shape[1:]), values.dtype)
        stacked[self.respondent, place] = values
        return stacked

    def gaps(self) -> tuple[Float[np.ndarray, "task other feature"], Bool[np.ndarray, "task other"]]:
        """Features of every alternative not taken less those of the one that was, and which of them are real."""
        rows = np.arange(len(self))
        width = self.features.shape[1]
        gap = self.features - self.features[rows, self.chosen][:, None]
        rest = np.argsort(np.arange(width)[None] == self.chosen[:, None], axis=1, kind="stable")[:, : width - 1]
        return np.take_along_axis(gap, rest[..., None], axis=1), np.take_along_axis(self.available, rest, axis=1)


def encode_choices(profiles: Profiles) -> Choices:
    """Tasks of an experiment; a profile judged alone is a choice between it and no deal.

    Raises
    ------
    UsageError
        If there is no column of tasks, an outcome is no choice, or a forced choice has no or several profiles chosen.
    """
    if not np.isin(profiles.outcome, (0.0, 1.0)).all():
        raise UsageError(
            "a choice model needs a choice; the outcome holds values other than 0 and 1 (ratings: use amce)"
        )
    alone = profiles.task is None or _judged_alone(profiles)
    names = [f"{a}: {x}" for a, levels in profiles.levels.items() for x in levels[1:]]
    features = np.zeros((len(profiles), len(names)))
    start = 0
    for a, levels in profiles.levels.items():
        row = np.flatnonzero(profiles.codes[a] > 0)
        features[row, start + profiles.codes[a][row] - 1] = 1.0
        start += len(levels) - 1
    if alone:
        return _against_no_deal(profiles, features, names)
    task = np.unique(np.stack([profiles.respondent, np.asarray(profiles.task)]), axis=1, return_inverse=True)[1].ravel()
    return _stack(task, features, profiles.outcome, profiles.respondent, profiles.weight, names, profiles)


def _judged_alone(profiles: Profiles) -> bool:
    """Whether most tasks are no forced choice: one profile a task, or each accepted on its own."""
    key = np.stack([profiles.respondent, np.asarray(profiles.task)])
    _, place, count = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    taken = np.bincount(place.ravel(), profiles.outcome)
    return bool((count == 1).all() or (taken != 1).mean() > 0.25)


def _against_no_deal(profiles: Profiles, features: Float[np.ndarray, "row feature"], names: Sequence[str]) -> Choices:
    order = np.argsort(profiles.respondent, kind="stable")
    own = np.concatenate([np.ones((len(profiles), 1)), features], axis=1)[order]
    return Choices(
        features=np.stack([own, np.zeros_like(own)], axis=1),
        available=np.ones((len(profiles), 2), bool),
        chosen=np.where(profiles.outcome[order] > 0.5, 0, 1),
        respondent=np.unique(profiles.respondent[order], return_inverse=True)[1],
        weight=profiles.weight[order],
        names=(ACCEPTED, *names),
        levels=profiles.levels,
        source=profiles.source,
    )


def make_choices(
    table: pl.DataFrame,
    *,
    task: str,
    chosen: str,
    features: Sequence[str],
    respondent: str | None = None,
    weight: str | None = None,
    source: str = "",
) -> Choices:
    """Choices from a long table of numbers, one row an alternative.

    Parameters
    ----------
    task
        Column that numbers the tasks; unique over respondents.
    chosen
        Column that is 1 for the alternative that was taken and 0 else.
    features
        Columns of numbers.

    Raises
    ------
    UsageError
        If a column is missing or holds no numbers, or a task has no or several chosen alternatives.
    """
    for c in [task, chosen, *features, *(x for x in (respondent, weight) if x)]:
        if c not in table.columns:
            raise UsageError(f"no column `{c}`{suggest(c, table.columns)}")
    for c in features:
        if not table[c].dtype.is_numeric() or table[c].null_count():
            raise UsageError(f"feature `{c}` holds text or empty cells; write numbers")
    number = _numbers(table[task])
    who = _numbers(table[respondent]) if respondent else number
    values = table.select(features).to_numpy().astype(float)
    weights = table[weight].to_numpy().astype(float) if weight else np.ones(table.height)
    return _stack(number, values, table[chosen].to_numpy().astype(float), who, weights, features, None, source)


def _numbers(column: pl.Series) -> Int[np.ndarray, " row"]:
    return np.unique(column.to_numpy(), return_inverse=True)[1]


def _stack(
    task: Int[np.ndarray, " row"],
    features: Float[np.ndarray, "row feature"],
    outcome: Float[np.ndarray, " row"],
    respondent: Int[np.ndarray, " row"],
    weight: Float[np.ndarray, " row"],
    names: Sequence[str],
    profiles: Profiles | None,
    source: str = "",
) -> Choices:
    """Rows -> tasks, those of one respondent together."""
    taken = np.bincount(task, outcome)
    wrong = int((taken != 1).sum())
    if wrong:
        first = int(np.flatnonzero(taken != 1)[0])
        raise UsageError(
            f"{wrong} of {len(taken)} tasks have no or several chosen profiles (the first is number {first + 1}); "
            "correct them, leave them out, or leave the column of tasks out if each profile was judged alone"
        )
    order = np.lexsort((np.arange(len(task)), task, respondent))
    sizes = np.bincount(task)
    if sizes.min() < 2:
        raise UsageError(f"{int((sizes < 2).sum())} tasks have one alternative; a choice needs two")
    width = int(sizes.max())
    firsts = np.flatnonzero(np.diff(task[order], prepend=-1))
    runs = np.diff(np.append(firsts, len(task)))
    row = np.repeat(np.arange(len(firsts)), runs)
    place = np.arange(len(task)) - np.repeat(firsts, runs)
    stacked = np.zeros((len(firsts), width, features.shape[1]))
    stacked[row, place] = features[order]
    available = np.zeros((len(firsts), width), bool)
    available[row, place] = True
    chosen = np.zeros(len(firsts), int)
    picked = outcome[order] > 0.5
    chosen[row[picked]] = place[picked]
    return Choices(
        features=stacked,
        available=available,
        chosen=chosen,
        respondent=np.unique(respondent[order][firsts], return_inverse=True)[1],
        weight=weight[order][firsts],
        names=tuple(names),
        levels=profiles.levels if profiles else {},
        source=profiles.source if profiles else source,
    )
