"""Many runs of the moving model, in blocks that make the same numbers wherever they are made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from winset.errors import UsageError, suggest
from winset.room import Room
from winset.room.scoring import cores
from winset.study import Study
from winset.study.war import Scenario, War
from winset.talks.kernels import run_block
from winset.talks.paths import Paths
from winset.talks.priors import draw_parameters
from winset.talks.world import World, build_world, declared_war, list_table
from winset.terms import Package

BLOCK = 1000
CHANCE = 10
"""Runs that share one draw of all parameters and of the posterior, and differ by chance alone."""

NEVER = Scenario(label="As it is", from_week=0)


def simulate(
    room: Room,
    *,
    weeks: int = 104,
    runs: int = 10_000,
    seed: int = 1,
    scenario: str | Scenario = "as-it-is",
    off: Collection[str] = (),
    fixed: Mapping[str, float] | None = None,
    table: Sequence[Package] | None = None,
    threads: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Paths:
    """Simulate talks from measured acceptance on.

    Parameters
    ----------
    scenario
        ``as-it-is``, the name of one in talks.yaml, or a scenario. The same run of two scenarios meets the same luck.
    off
        Mechanisms that are switched off; see ``winset.talks.priors``.
    fixed
        Parameters that are not drawn.
    table
        Packages that may be tabled, as ``list_table`` finds them if absent; pass it on to spare later scenarios the search.

    Raises
    ------
    UsageError
        If there is nothing to run, or a name is unknown.
    """
    if weeks < 1 or runs < 1:
        raise UsageError(f"{weeks} weeks and {runs} runs: both must be 1 at least")
    study = room.acceptance.study
    war = declared_war(study)
    chosen = find_scenario(study, scenario)
    if chosen.from_week >= weeks:
        raise UsageError(
            f"scenario `{chosen.label}` begins in week {chosen.from_week}, after the last of {weeks} weeks"
        )
    table = list_table(room) if table is None else table
    before, after = build_world(room, table), build_world(room, table, chosen)
    sides = list(study.sides)
    compiled = _war(war, sides, (study.as_of - war.began).days / 7, len(before.lapse))
    thetas = np.repeat(draw_parameters(seed, 0, -(-runs // CHANCE), off, fixed), CHANCE, axis=0)[:runs]
    tables = (
        _arrays(after),
        np.stack([before.value, after.value]),
        after.truce,
        after.side_of,
        after.drift,
        _arrays(before),
        after.without,
    )
    levers = (
        chosen.from_week,
        chosen.front,
        np.array([chosen.losses.get(s, 1.0) for s in sides]),
        np.array([chosen.commitments.get(s, 1.0) for s in sides]),
    )
    rules = (after.rules.single, after.rules.weights, after.rules.padded)
    out = (
        np.zeros((runs, weeks), np.uint8),
        np.zeros((runs, weeks), np.float32),
        np.zeros((runs, weeks, 2), np.float32),
        np.zeros((runs, weeks), np.uint8),
        np.full((runs, 9), 0, np.int32),
    )
    out[4][:, 5:7] = -1
    done = [0]

    def work(first: int) -> None:
        rows = slice(first, min(first + BLOCK, runs))
        run_block(first, seed, CHANCE, thetas[rows], compiled, levers, tables, rules, tuple(o[rows] for o in out))
        done[0] += 1
        progress(done[0], -(-runs // BLOCK))

    with ThreadPoolExecutor(threads or cores()) as pool:
        list(pool.map(work, range(0, runs, BLOCK)))
    return Paths(study, chosen, after.packages, after.labels, after.truce, seed, thetas, *out)


def find_scenario(study: Study, scenario: str | Scenario) -> Scenario:
    """A scenario by name.

    Raises
    ------
    UsageError
        If there is none of that name; the nearest is named. Or if the study says nothing of the war.
    """
    if isinstance(scenario, Scenario):
        return scenario
    known = {"as-it-is": NEVER, **declared_war(study).scenarios}
    if scenario not in known:
        raise UsageError(f"no scenario `{scenario}` in talks.yaml{suggest(scenario, known)}")
    return known[scenario]


def _war(war: War, sides: list[str], weeks_so_far: float, draws: int) -> tuple:
    intensity = np.array([war.intensity[s] for s in sides])
    front = war.front
    return front.aim, front.per_week, front.per_week_sd, sides.index(front.attacker), weeks_so_far, intensity, draws


def _arrays(world: World) -> tuple[np.ndarray, ...]:
    """Arrays of ``winset.talks.kernels.find_margins``."""
    w = world
    need = np.zeros((len(w.lapse), len(w.rules.single), len(w.packages)))
    for n in np.flatnonzero(w.rules.single >= 0):
        c = w.rules.single[n]
        need[:, n] = least_utility(w.thresholds[:, n, None], w.kept[:, c], w.lapse[:, None], w.spread[:, c])
    inside = ndtri(np.clip(w.thresholds, 0.01, 0.99))
    slopes = np.exp(-0.5 * inside**2) / np.sqrt(2 * np.pi)
    return w.utility, w.cost, w.spread, w.kept, w.lapse, need, w.thresholds, slopes, w.side_of


def least_utility(
    threshold: Float[np.ndarray, ...],
    kept: Float[np.ndarray, ...],
    lapse: Float[np.ndarray, ...],
    spread: Float[np.ndarray, ...],
) -> Float[np.ndarray, ...]:
    """Utility at which a share of acceptance reaches a threshold; far off where it cannot fail or cannot hold."""
    share = (threshold / kept - lapse) / (1 - 2 * lapse)
    return ndtri(np.clip(share, 1e-9, 1 - 1e-9)) * spread
