"""Randomised tasks for an experiment, and what an experiment of that size could see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtri

from winset.conjoint.effects import estimate_amce
from winset.conjoint.profiles import Profiles
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Int

TRIES = 200
"""Redraws before the restrictions are called impossible."""
SIMULATIONS = 20
CORRELATION = 0.1
"""Share of an answer's variance that its giver keeps from task to task, where nothing is known."""
Levels = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Design:
    """Tasks to be shown, one row a profile.

    Parameters
    ----------
    table
        respondent, task, profile (all from 1) and one column of levels for each attribute.
    power
        Smallest effect of each level against the first that is seen with the asked power at 5 %: columns attribute,
        level, shown (profiles), detectable (share of choices).
    repeated
        Whether the last task repeats the first with its profiles turned, to measure reliability.
    """

    table: pl.DataFrame
    power: pl.DataFrame
    respondents: int
    tasks: int
    profiles: int
    asked: float
    correlation: float
    simulations: int
    repeated: bool

    def wide(self) -> pl.DataFrame:
        """One row a respondent, columns ``F-task-slot`` (attribute) and ``F-task-profile-slot`` (level).

        A survey tool such as Qualtrics takes these as embedded data of a contact list.
        """
        attributes = self.table.columns[3:]
        columns: dict[str, pl.Series] = {"respondent": self.table["respondent"].unique(maintain_order=True)}
        for task in range(1, self.tasks + 1):
            for slot, a in enumerate(attributes, start=1):
                columns[f"F-{task}-{slot}"] = pl.Series([a]).new_from_index(0, self.respondents)
            for profile in range(1, self.profiles + 1):
                own = self.table.filter(task=task, profile=profile)
                columns |= {f"F-{task}-{profile}-{slot}": own[a] for slot, a in enumerate(attributes, start=1)}
        return pl.DataFrame(columns)


def design_experiment(
    levels: Levels,
    *,
    tasks: int,
    respondents: int,
    profiles: int = 2,
    excluded: Sequence[Mapping[str, str]] = (),
    repeat: bool = False,
    power: float = 0.8,
    correlation: float = CORRELATION,
    simulations: int = SIMULATIONS,
    seed: int = 1,
) -> Design:
    """Draw every profile at random from all allowed ones; the two of a task never agree in everything.

    Parameters
    ----------
    levels
        Levels of each attribute.
    excluded
        Combinations that must not be shown, as level by attribute.
    repeat
        Show the first task again at the end, its profiles turned (counted among ``tasks``).
    power
        Asked chance of seeing an effect at the 5 % level; a repeated task counts for none.

    Raises
    ------
    UsageError
        If numbers are out of range, an excluded combination is unknown, or nothing is left to show.

    Notes
    -----
    Power by simulation: answers are drawn without any effect, with tastes of the same respondent correlated;
    the detectable effect is (z_0.975 + z_power) times the clustered standard error.
    """
    _check(levels, tasks, respondents, profiles, excluded, power, correlation, repeat=repeat)
    rng = np.random.default_rng(seed)
    shown = _draw_tasks(levels, (respondents, tasks, profiles), excluded, rng)
    if repeat:
        shown[:, -1] = shown[:, 0, ::-1]
    index = np.indices(shown.shape[:3]).reshape(3, -1) + 1
    names = ("respondent", "task", "profile")
    flat = shown.reshape(-1, len(levels))
    columns = {n: index[k] for k, n in enumerate(names)}
    columns |= {a: np.array(list(x), dtype=object)[flat[:, k]] for k, (a, x) in enumerate(levels.items())}
    detectable = _power(levels, shown[:, :-1] if repeat else shown, power, correlation, simulations, rng)
    return Design(
        pl.DataFrame(columns), detectable, respondents, tasks, profiles, power, correlation, simulations, repeat
    )


def _check(
    levels: Levels,
    tasks: int,
    respondents: int,
    profiles: int,
    excluded: Sequence[Mapping[str, str]],
    power: float,
    rho: float,
    *,
    repeat: bool,
) -> None:
    if repeat and tasks < 2:
        raise UsageError("the one task cannot be shown again; write --tasks 2, or more, beside --repeat")
    if respondents < 2 or tasks < 1 or profiles < 1:
        raise UsageError("an experiment needs two respondents, one task and one profile at least")
    if not 0.05 < power < 1 or not 0 <= rho < 1:
        raise UsageError("power lies between 0.05 and 1, the correlation of a respondent's answers between 0 and 1")
    if not levels or all(len(x) < 2 for x in levels.values()):
        raise UsageError("no attribute has two levels; there is nothing to vary")
    for rule in excluded:
        for a, level in rule.items():
            if a not in levels:
                raise UsageError(f"unknown attribute `{a}`{suggest(a, levels)}")
            if level not in levels[a]:
                raise UsageError(f"unknown level `{level}` of `{a}`{suggest(level, levels[a])}")


def _draw_tasks(
    levels: Levels, shape: tuple[int, int, int], excluded: Sequence[Mapping[str, str]], rng: np.random.Generator
) -> Int[np.ndarray, "respondent task profile attribute"]:
    """Redraw what is excluded, and tasks that show one profile twice, until nothing is left to redraw."""
    sizes = np.array([len(x) for x in levels.values()])
    rules = [[(list(levels).index(a), list(levels[a]).index(x)) for a, x in r.items()] for r in excluded]
    shown = rng.integers(0, sizes, (*shape, len(sizes)))
    for _ in range(TRIES):
        bad = np.zeros(shape, bool)
        for rule in rules:
            bad |= np.logical_and.reduce([shown[..., k] == x for k, x in rule])
        for later in range(1, shape[2]):
            for earlier in range(later):
                bad[:, :, later] |= (shown[:, :, later] == shown[:, :, earlier]).all(-1)
        if not bad.any():
            return shown
        shown[bad] = rng.integers(0, sizes, (int(bad.sum()), len(sizes)))
    raise UsageError("the excluded combinations leave too little to show; exclude less")


def _power(
    levels: Levels,
    shown: Int[np.ndarray, "respondent task profile attribute"],
    power: float,
    correlation: float,
    simulations: int,
    rng: np.random.Generator,
) -> pl.DataFrame:
    respondents, tasks, profiles, attributes = shown.shape
    who = np.repeat(np.arange(respondents), tasks * profiles)
    flat = shown.reshape(-1, attributes)
    errors, labels = [], pl.DataFrame()
    for _ in range(simulations):
        outcome = _answers(levels, shown, correlation, rng)
        made = Profiles(
            levels={a: tuple(x) for a, x in levels.items()},
            codes={a: flat[:, k].astype(np.int32) for k, a in enumerate(levels)},
            outcome=outcome.reshape(-1).astype(float),
            respondent=who,
            weight=np.ones(len(flat)),
            group=np.zeros(len(flat), np.int32),
        )
        table = estimate_amce(made).table
        labels = table.select("attribute", "level", shown="n")
        errors.append(table["se"].fill_null(np.nan).to_numpy())
    reach = (ndtri(0.975) + ndtri(power)) * np.sqrt(np.mean(np.square(errors), axis=0))
    return labels.with_columns(detectable=pl.Series(reach).fill_nan(None)).drop_nulls()


def _answers(
    levels: Levels,
    shown: Int[np.ndarray, "respondent task profile attribute"],
    correlation: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choices without any average effect, by people with tastes of their own."""
    respondents, tasks, profiles, attributes = shown.shape
    scale = np.sqrt(correlation / attributes)
    taste = np.zeros((respondents, tasks, profiles))
    for k, x in enumerate(levels.values()):
        own = rng.normal(0.0, scale, (respondents, len(x)))
        taste += own[np.arange(respondents)[:, None, None], shown[..., k]]
    utility = taste + rng.normal(0.0, np.sqrt(1 - correlation), taste.shape)
    if profiles == 1:
        return utility > 0
    return utility == utility.max(-1, keepdims=True)
