"""The moving model beside itself: written plainly over runs, and in Mesa run by run; how time grows; workers that die."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from mesa_talks import MesaTalks
from plain_talks import PlainTalks
from scipy.stats import chi2_contingency, ks_2samp
from timing import report

from winset.talks.priors import TALK_PRIORS, draw_parameters
from winset.talks.week import Home, Land, Out, Table, make_levers, make_out, run_block

PACKAGES, MEMBERS, DRAWS, WEEKS, BLOCK, WORKERS = 5, 8, 500, 104, 1000, 4


def make_world(packages: int = PACKAGES, members: int = MEMBERS) -> tuple[Land, Table, Home]:
    """Two sides of four constituencies, two regions, rules of one clause and one coalition; numbers at random, seed 1."""
    rng = np.random.default_rng(1)
    area, held = np.array([6000.0, 2000.0]), np.array([0.5, 0.7])
    land = Land(area, held, area * (1 - held), float((area * (1 - held)).sum()), 20.0, 40.0, 0, 120.0, np.array([1.1, 1.3]),
                np.array([1, 0]), np.array([True, False]))  # fmt: skip
    value = np.sort(rng.random(packages))
    wide = (1, DRAWS, members, packages)
    floor, need = np.full((1, DRAWS, members), 0.02), np.zeros((1, DRAWS, 4, packages))
    table = Table(
        utility=rng.normal(0, 0.6, wide), cost=rng.random(wide) * 0.4, scale=1 / rng.uniform(0.8, 1.4, wide), kept=np.ones(wide),
        need=need, value=np.array([[value, 1 - value]]), without=np.array([[0.5, 0.7], [0.5, 0.3]]),
        guarded=rng.random((1, packages)), truce=np.arange(packages) == 1)  # fmt: skip
    weights = np.zeros((4, members))
    weights[1, 1 : members // 2], weights[3, members // 2 + 1 :] = 1 / (members // 2 - 1), 1 / (members // 2 - 1)
    home = Home(
        side_of=np.repeat([0, 1], members // 2), bearer=np.arange(members) % 3 == 0,
        listens=np.kron(np.eye(2), np.full((members // 2, members // 2), 2 / members)), drift=np.full((DRAWS, 2), 0.05),
        floor=floor, gain=1 - 2 * floor, thresholds=np.full((DRAWS, 4), 0.5), slopes=np.full((DRAWS, 4), 0.4),
        single=np.array([0, -1, members // 2, -1]), weights=weights, programs=np.array([[[0, 1, -1], [2, 3, -1]]]))  # fmt: skip
    return land, table, home


def run_ours(
    world: tuple[Land, Table, Home], runs: int, weeks: int = WEEKS, threads: int = 2, chance: int = 10
) -> list[Out]:
    """Blocks of a thousand, two at a time, as the library makes them; ``chance`` runs share a draw of all parameters."""
    land, table, home = world
    levers = make_levers(weeks)

    def make(first: int) -> Out:
        n = min(BLOCK, runs - first)
        thetas = np.repeat(draw_parameters(1, first // chance, -(-n // chance)), chance, 0)[:n]
        out = make_out(n, weeks, len(land.area))
        run_block(first, 1, chance, len(home.thresholds), thetas, land, levers, table, home, out)
        return out

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(make, range(0, runs, BLOCK)))


def run_plain(world: tuple[Land, Table, Home], runs: int, weeks: int = WEEKS) -> PlainTalks:
    """The same in NumPy, all runs side by side."""
    theta = dict(zip(TALK_PRIORS, draw_parameters(2, 0, runs).T, strict=True))
    plain = PlainTalks(theta, *world, np.random.default_rng(2))
    for _ in range(weeks):
        plain.step()
        plain.keep(weeks)
    return plain


def run_mesa(world: tuple[Land, Table, Home], runs: int, weeks: int = WEEKS) -> list[MesaTalks]:
    """The same in Mesa, one model a run."""
    models = []
    for run, row in enumerate(draw_parameters(3, 0, runs)):
        model = MesaTalks(dict(zip(TALK_PRIORS, map(float, row), strict=True)), *world, seed=run)
        for _ in range(weeks):
            model.step()
        models.append(model)
    return models


def apart(ours: list[Out], state: np.ndarray, front: np.ndarray, carried: np.ndarray) -> str:
    """Two-sample tests of the last week: what state, where the front, how many packages could be carried."""
    states = np.concatenate([o.state[:, -1] for o in ours])
    counts = np.array([np.bincount(s, minlength=7) for s in (states, state)])
    counts = counts[:, counts.sum(0) >= 10]
    p = chi2_contingency(counts).pvalue
    kinds = np.array(
        [np.bincount(c, minlength=PACKAGES + 1) for c in (np.concatenate([o.carried[:, -1, 2] for o in ours]), carried)]
    )
    q = chi2_contingency(kinds[:, kinds.sum(0) >= 10]).pvalue
    r = ks_2samp(np.round(np.concatenate([o.front[:, -1] for o in ours])), np.round(front)).pvalue
    return (
        f"same distribution in the last week? p = {p:.2f} (state), {r:.2f} (front), {q:.2f} (packages both could carry)"
    )


def whole_model() -> None:
    """100,000 runs x 104 weeks x 8 constituencies x 5 packages; Mesa on fewer runs, scaled."""
    world, size = make_world(), f"{WEEKS} weeks x {MEMBERS} constituencies x {PACKAGES} packages"
    run_ours(world, 100)
    alone = run_ours(world, 20_000, chance=1)  # runs that share nothing, as the tests suppose
    began = time.perf_counter()
    ours = run_ours(world, 100_000)
    spent = time.perf_counter() - began
    del ours
    began = time.perf_counter()
    models = run_mesa(world, 1000)
    theirs = (time.perf_counter() - began) * 100
    state, front, carried = (np.array([getattr(m, a) for m in models]) for a in ("state", "x", "both"))
    note = f"peer timed on 1,000 runs; {apart(alone, state, front, carried)}"
    report(f"talks: 100,000 runs x {size}", spent, "the same model in Mesa 3, one model a run", theirs, note)
    began = time.perf_counter()
    plain = run_plain(world, 100_000)
    theirs = time.perf_counter() - began
    note = f"peak is the peer's; {apart(alone, plain.state, plain.x, plain.carried[:, 2])}"
    report(f"talks: 100,000 runs x {size}", spent, "the same model in NumPy over runs", theirs, note)


def growing() -> None:
    """Time over runs and over weeks; the ratio is to what straight growth from the first of them would be."""
    world = make_world()
    run_ours(world, 100)
    first: dict[str, float] = {}
    for kind, runs, weeks in (("runs", 10_000, 104), ("runs", 30_000, 104), ("runs", 100_000, 104),
                              ("weeks", 30_000, 52), ("weeks", 30_000, 104), ("weeks", 30_000, 208)):  # fmt: skip
        began = time.perf_counter()
        run_ours(world, runs, weeks)
        spent = time.perf_counter() - began
        rate = first.setdefault(kind, spent / runs / weeks)
        report(
            f"talks: {runs:,} runs x {weeks} weeks", spent, f"straight growth in {kind}", rate * runs * weeks, "8 x 5"
        )


def dying() -> None:
    """1,000 blocks on four workers of which one is killed every three seconds, beside two threads: the same bytes."""
    import distributed

    from winset.acceptance import measure
    from winset.room import ratify
    from winset.runs.cluster import open_workers
    from winset.runs.paths import _Blocks
    from winset.study import load
    from winset.talks import plan
    from winset.talks.simulation import cut_blocks

    ensemble = plan(ratify(measure(load("istanbul-2025"), fast=True)), weeks=52)
    ensemble.make(0, 10)
    blocks, spent, kills, over = 1000, [], [], threading.Event()
    jobs = [
        _Blocks({"as-it-is": ensemble}, tuple(cut_blocks(1000 * blocks)), Path(tempfile.mkdtemp())) for _ in range(2)
    ]
    with distributed.LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=":0") as here:
        here.adapt(minimum=WORKERS, maximum=WORKERS)

        def kill() -> None:
            while not over.wait(3.0):
                alive = [w.process.pid for w in here.workers.values() if w.process is not None and w.process.pid]
                if alive:
                    kills.append(random.choice(alive))
                    os.kill(kills[-1], signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        for job, where in zip(jobs, ({"scheduler": here.scheduler_address}, {"threads": 2}), strict=True):
            began = time.perf_counter()
            with open_workers(job, **where) as make:
                for _ in make(list(range(blocks))):
                    pass
            spent.append(time.perf_counter() - began)
            over.set()
    same = sum(jobs[0].path(n).read_bytes() == jobs[1].path(n).read_bytes() for n in range(blocks))
    for job in jobs:
        shutil.rmtree(job.folder)
    report("talks: 1,000 blocks on workers that die", spent[0], "two threads (ours), none dies", spent[1],
           f"{len(kills)} kills; {same} of {blocks} blocks have the same bytes")  # fmt: skip


CASES = (whole_model, growing, dying)

if __name__ == "__main__":
    for case in CASES:
        case()
