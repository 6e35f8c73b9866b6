"""Many runs of the moving model, in blocks that make the same numbers wherever they are made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from winset.errors import UsageError
from winset.evidence import list_measured_leaders
from winset.room import Room
from winset.room.scoring import cores
from winset.study import Study
from winset.study.war import Scenario
from winset.talks.levers import AS_IT_IS, build_levers, find_scenario
from winset.talks.paths import Paths
from winset.talks.priors import Fitted, draw_parameters
from winset.talks.week import Home, Land, Levers, Table, make_out, run_block
from winset.talks.world import World, build_land, build_table, declared_war, label_table, list_table
from winset.terms import Package

BLOCK = 1000
"""Runs that are made, kept and sent together."""

CHANCE = 10
"""Runs that share one draw of all parameters and of the posterior, and differ by chance alone."""

Block = dict[str, np.ndarray]


@dataclass(frozen=True)
class Ensemble:
    """Everything that any run of a scenario needs: what is sent to a worker.

    Parameters
    ----------
    labels, packages
        What may be tabled.
    off, fixed, fitted
        See ``simulate``.
    framing
        Sides whose leader prepares his public by the word that was measured.
    """

    study: Study
    scenario: Scenario
    packages: tuple[Package, ...]
    labels: tuple[str, ...]
    seed: int
    weeks: int
    land: Land
    levers: Levers
    table: Table
    home: Home
    off: tuple[str, ...]
    fixed: Mapping[str, float]
    fitted: Fitted | None
    framing: tuple[str, ...] = ()

    def make(self, first: int, count: int) -> Block:
        """Arrays of runs ``first`` to ``first + count``; ``first`` is a multiple of ``CHANCE``."""
        own = declared_war(self.study).priors
        draws = draw_parameters(self.seed, first // CHANCE, -(-count // CHANCE), self.off, self.fixed, own, self.fitted)
        thetas = np.repeat(draws, CHANCE, axis=0)[:count]
        out = make_out(count, self.weeks, len(self.land.area))
        run_block(
            first,
            self.seed,
            CHANCE,
            len(self.home.thresholds),
            thetas,
            self.land,
            self.levers,
            self.table,
            self.home,
            out,
        )
        return {"parameters": thetas, **out._asdict()}

    def gather(self, blocks: Sequence[Block]) -> Paths:
        """Blocks in order as one set of paths."""
        whole = {k: np.concatenate([b[k] for b in blocks]) for k in blocks[0]} if len(blocks) > 1 else blocks[0]
        return Paths(
            self.study,
            self.scenario,
            self.packages,
            self.labels,
            self.table.truce,
            self.seed,
            framing=self.framing,
            **whole,
        )

    def fingerprint(self) -> str:
        """A hash of everything that the numbers depend on."""
        digest = hashlib.sha256(
            repr((self.packages, self.seed, self.weeks, self.off, sorted(self.fixed.items()))).encode()
        )
        digest.update(
            repr(sorted((k, p.model_dump_json()) for k, p in declared_war(self.study).priors.items())).encode()
        )
        for part in (*self.land, *self.levers, *self.table, *self.home):
            digest.update(np.ascontiguousarray(part).tobytes())
        if self.fitted is not None:
            digest.update(self.fitted.mean.tobytes() + self.fitted.covariance.tobytes())
        return digest.hexdigest()


def plan(
    room: Room,
    *,
    weeks: int = 104,
    seed: int = 1,
    scenario: str | Scenario = AS_IT_IS,
    levers: Sequence[str] = (),
    off: Collection[str] = (),
    fixed: Mapping[str, float] | None = None,
    fitted: Fitted | None = None,
    table: Sequence[Package] | None = None,
) -> Ensemble:
    """All that runs of a scenario need; see ``simulate``."""
    study = room.acceptance.study
    measured = list_measured_leaders(study, room.acceptance.responses)
    chosen, pulled, worlds = check_plan(study, weeks, scenario, levers, off, fixed, measured)
    packages = list_table(room) if table is None else tuple(table)
    if len(packages) > np.iinfo(np.int8).max:
        raise UsageError(f"{len(packages)} packages on the table; at most {np.iinfo(np.int8).max} can be talked about")
    arrays, home = build_table(room, packages, worlds)
    return Ensemble(
        study, chosen, packages, label_table(study, packages), seed, weeks, build_land(study), pulled, arrays, home,
        tuple(off), dict(fixed or {}), fitted, worlds[-1].framing)  # fmt: skip


def check_plan(
    study: Study,
    weeks: int,
    scenario: str | Scenario,
    levers: Sequence[str],
    off: Collection[str],
    fixed: Mapping[str, float] | None,
    measured: Collection[str] = (),
) -> tuple[Scenario, Levers, list[World]]:
    """All that can be said of a plan without looking at acceptance: before the search for packages, which takes a while.

    Raises
    ------
    UsageError
        If there is nothing to run, or a name is unknown.
    """
    if weeks < 1:
        raise UsageError(f"{weeks} weeks: it must be 1 at least")
    own = declared_war(study).priors
    chosen = find_scenario(study, scenario, levers)
    draw_parameters(1, 0, 1, off, fixed, own)
    return chosen, *build_levers(study, chosen, weeks, measured)


def simulate(
    room: Room,
    *,
    weeks: int = 104,
    runs: int = 10_000,
    seed: int = 1,
    scenario: str | Scenario = AS_IT_IS,
    levers: Sequence[str] = (),
    off: Collection[str] = (),
    fixed: Mapping[str, float] | None = None,
    fitted: Fitted | None = None,
    table: Sequence[Package] | None = None,
    threads: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Paths:
    """Simulate talks from measured acceptance on.

    Parameters
    ----------
    scenario
        ``as-it-is``, the name of one in talks.yaml, or a scenario. The same run of two scenarios meets the same luck.
    levers
        Changes besides, as they are typed: ``guarantees=article-5-like@8``.
    off
        Mechanisms that are switched off; see ``winset.talks.priors``.
    fixed
        Parameters that are not drawn.
    fitted
        Parameters that were fitted to poll series, as ``winset.verification.fit_attitudes`` returns them.
    table
        Packages that may be tabled, as ``list_table`` finds them if absent; pass it on to spare later scenarios the search.

    Raises
    ------
    UsageError
        If there is nothing to run, or a name is unknown.
    """
    check_runs(runs)
    ensemble = plan(
        room, weeks=weeks, seed=seed, scenario=scenario, levers=levers, off=off, fixed=fixed, fitted=fitted, table=table
    )
    with ThreadPoolExecutor(threads or cores()) as pool:
        made = pool.map(lambda part: ensemble.make(*part), cut_blocks(runs))
        blocks = []
        for block in made:
            blocks.append(block)
            progress(len(blocks), -(-runs // BLOCK))
    return ensemble.gather(blocks)


def check_runs(runs: int) -> None:
    """Refuse to make no run at all.

    Raises
    ------
    UsageError
        If there is none.
    """
    if runs < 1:
        raise UsageError(f"{runs} runs: it must be 1 at least")


def cut_blocks(runs: int) -> Iterator[tuple[int, int]]:
    """First run and number of runs of each block."""
    for first in range(0, runs, BLOCK):
        yield first, min(BLOCK, runs - first)
