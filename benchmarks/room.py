"""Win-sets over large spaces beside NumPy, an evolutionary search and two solvers."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import ndtr
from timing import report, timed

SEED = 1


def make_tables(issues: int, draws: int, by_side: dict, seed: int = SEED):
    """Random draws over 4^issues packages; sides want opposite options on the whole."""
    from winset.room.tables import Tables, list_rules
    from winset.study.ratification import clauses, members
    from winset.terms import Issue, Option, Space

    rng = np.random.default_rng(seed)
    space = Space(tuple(Issue(f"i{k}", "", tuple(Option(f"o{j}", "") for j in range(4))) for k in range(issues)))
    names = tuple((s, c) for s, r in by_side.items() for c in members(r))
    sign = np.array([1 if s == "a" else -1 for s, _ in names])
    mean = sign[:, None, None] * np.sort(rng.normal(0, 0.5, (issues, 4)), -1) + rng.normal(
        0, 0.2, (len(names), issues, 4)
    )
    worth = mean + rng.normal(0, 0.15, (draws, *mean.shape))
    count = sum(len(list(clauses(r))) for r in by_side.values())
    shape = (draws, len(names))
    base, lapse = rng.normal(0.3, 0.2, shape), np.repeat(rng.uniform(0, 0.1, (draws, 1)), len(names), axis=1)
    return Tables(space, names, list_rules(by_side, names), base, np.full(shape, 1.5), lapse, 1 - 2 * lapse,
                  worth, np.zeros_like(worth), rng.uniform(0.3, 0.4, (draws, count)))  # fmt: skip


def vetoes(groups: str) -> dict:
    from winset.study import AllOf, Veto

    return {s: AllOf(all_of=tuple(Veto(veto=c, below=0.3) for c in groups)) for s in "ab"}


def nested() -> dict:
    from winset.study import AllOf, AnyOf, Coalition, Support, Veto

    weighted = Coalition(coalition={"x": 0.4, "y": 0.3, "z": 0.3}, at_least=0.45)
    either = AnyOf(any_of=(Support(support="x", at_least=0.5), weighted))
    return {s: AllOf(all_of=(either, Veto(veto="z", below=0.3))) for s in "ab"}


def measure_peak() -> float:
    """Single-precision operations a second: the best of some matrix products on all cores."""
    a, b = (np.random.default_rng(n).random((4096, 4096), np.float32) for n in (1, 2))
    return 2 * 4096**3 / min(timed(lambda: a @ b, 1) for _ in range(3))


def _halves(tables):
    half = tables.worth.shape[2] // 2
    parts = [tables.utilities(range(half)), tables.utilities(range(half, 2 * half))]
    return [np.ascontiguousarray(p, np.float32) for p in parts]


def numpy_vetoes(tables, draws: int) -> np.ndarray:
    """Bounds on utility, broadcast halves, one draw after another."""
    a, b = _halves(tables)
    members = tables.base.shape[1]
    least = np.stack([tables.least(n, np.zeros(tables.draws)) for n in range(members)], 1) - tables.base
    counts = np.zeros((a.shape[-1], b.shape[-1]), np.int32)
    for d in range(draws):
        held = np.ones(counts.shape, bool)
        for c in range(members):
            held &= a[d, c][:, None] + b[d, c][None, :] >= np.float32(least[d, c])
        counts += held
    return counts


def numpy_nested(tables, draws: int) -> np.ndarray:
    a, b = _halves(tables)
    counts = np.zeros((a.shape[-1], b.shape[-1]), np.int32)
    t = tables.thresholds.astype(np.float32)
    for d in range(draws):
        both = True
        for s in range(2):
            share = []
            for c in range(3 * s, 3 * s + 3):
                z = (a[d, c][:, None] + b[d, c][None, :] + np.float32(tables.base[d, c])) * np.float32(1 / 1.5)
                share.append(np.float32(tables.floor[d, c]) + np.float32(tables.gain[d, c]) * ndtr(z))
            x, y, z = share
            weighted = np.float32(0.4) * x + np.float32(0.3) * y + np.float32(0.3) * z
            both = both & ((x >= t[d, 3 * s]) | (weighted >= t[d, 3 * s + 1])) & (z >= t[d, 3 * s + 2])
        counts += both
    return counts


def counting() -> None:
    """2^20 packages x 1,000 draws x 6 constituencies."""
    from winset.room.scoring import count_outer, cut

    peak = measure_peak()
    for name, rules, peer, some in (
        ("all-of-veto", vetoes("xyz"), numpy_vetoes, 40),
        ("nested", nested(), numpy_nested, 20),
    ):
        tables = make_tables(10, 1000, rules)
        ours = lambda t=tables: (h := cut(t)) and count_outer(h, h.outer_digits(0, h.size(h.outer)))  # noqa: E731
        few = replace(
            tables,
            **{
                f: getattr(tables, f)[:some]
                for f in ("base", "spread", "floor", "gain", "worth", "log_kept", "thresholds")
            },
        )
        assert np.abs(np.sort(ours(few).holds[2]) - np.sort(peer(few, some).reshape(-1))).max() <= 1
        mine, theirs = timed(ours), timed(functools.partial(peer, tables, some), 1) * 1000 / some
        rate = 2 * 2**20 * 1000 * 6 / mine
        note = f"peer timed on {some} draws; an addition and a comparison a package, draw and constituency are {rate / 1e9:.0f} GFlop/s, {100 * rate / peak:.0f} % of the {peak / 1e9:.0f} GFlop/s that a matrix product reaches here"  # fmt: skip  # noqa: E501
        report(f"2^20 packages x 1,000 draws x 6, {name}", mine, "NumPy, broadcast halves", theirs, note)


BILLION = """
import sys, time, resource
sys.path.insert(0, "benchmarks")
from pathlib import Path
import room
from winset.room.scoring import cut
from winset.runs import scores
tables = room.make_tables(15, 200, room.vetoes("xy"))
halves = cut(tables)
each = halves.size(halves.inner) * halves.size(halves.column)
step = scores.PART // each
job = scores._Job(halves, Path(sys.argv[1]), step, ("p_a", "p_b", "p_all"), False, False, 0)
began = time.perf_counter()
parts = -(-halves.size(halves.outer) // step)
for n in range(parts):
    if not job.path(n).exists():
        job.make(n)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def billion() -> None:
    """4^15 packages x 200 draws x 4 constituencies into Parquet files, cut off by kill -9 and taken up again."""
    import hashlib

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("whole", "cut"):
            (work / name).mkdir()
        run = [sys.executable, "-c", BILLION]
        seconds, peak = map(
            float, subprocess.run([*run, work / "whole"], capture_output=True, text=True, check=True).stdout.split()
        )
        process = subprocess.Popen([*run, work / "cut"], stdout=subprocess.DEVNULL)
        while len(list((work / "cut").glob("part*"))) < 20:
            time.sleep(0.1)
        process.kill()
        process.wait()
        subprocess.run([*run, work / "cut"], capture_output=True, check=True)
        digests = [
            [hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted((work / n).glob("part*.parquet"))]
            for n in ("whole", "cut")
        ]
        size = sum(p.stat().st_size for p in (work / "whole").iterdir()) / 1e9
        tables = make_tables(10, 200, vetoes("xy"))
        few = timed(lambda: numpy_vetoes(tables, 10), 1) * 20 * 2**10
        note = f"peak {peak:.0f} MB, {size:.1f} GB of Parquet; killed after 20 parts and run again: same bytes {digests[0] == digests[1]}; peer extrapolated from 2^20 packages x 10 draws, nothing written"  # fmt: skip  # noqa: E501
        report("4^15 packages x 200 draws x 4, to disk", seconds, "NumPy, broadcast halves", few, note)


def like_the_example(issues: int, seed: int, room, *, single: bool):
    """A 4^issues space out of the example's posterior: issues drawn again, four of their options each.

    A constituency's total range of utility stays what it was, as the model has it however many issues there are.
    """
    from winset.room.tables import Tables, list_rules, tabulate
    from winset.study import AllOf, Veto
    from winset.terms import Issue, Option, Space

    t = tabulate(room.ballot.thin(200), room.acceptance.study.space)
    rng = np.random.default_rng(seed)
    spans = lambda w: (w.max(-1) - np.where(np.isfinite(w), w, np.inf).min(-1)).sum(-1)  # noqa: E731
    many = [k for k, n in enumerate(t.space.shape) if n >= 4]
    parts = [(int(rng.choice(many)), rng.uniform(0.4, 1.2)) for _ in range(issues)]
    picked = [(k, rng.choice(t.space.shape[k], 4, replace=False), w) for k, w in parts]
    worth = np.stack([t.worth[:, :, k][..., o] * w for k, o, w in picked], axis=2)
    worth = worth * (spans(t.worth) / spans(worth))[..., None, None]
    space = Space(tuple(Issue(f"i{m}", "", tuple(Option(f"o{j}", "") for j in range(4))) for m in range(issues)))
    rules, limits = t.rules, t.thresholds
    if single:
        by_side: dict = {}
        for s, c in t.names:
            by_side.setdefault(s, []).append(Veto(veto=c, below=0.3))
        rules = list_rules({s: AllOf(all_of=tuple(v)) for s, v in by_side.items()}, t.names)
        limits = rng.uniform(0.2, 0.4, (200, len(t.names)))
    return Tables(space, t.names, rules, t.base, t.spread, t.floor, t.gain, worth, np.zeros_like(worth), limits)


def searching() -> None:
    """Top-20 of 4^20, beside NSGA-II, CP-SAT and HiGHS on the same draws."""
    from winset.acceptance import measure
    from winset.room import ratify
    from winset.room.objectives import name_objective
    from winset.room.search import find_best
    from winset.room.tables import tabulate
    from winset.study import load

    room = ratify(measure(load("istanbul-2025"), fast=True))
    own = tabulate(room.ballot.thin(200), room.acceptance.study.space)
    found = find_best(own, name_objective("all", own), 20)
    report(f"top-20 of the example's {own.space.size:,} packages", found.seconds, "none", float("nan"),
           f"proven {found.proven}, best {found.values[0]:.3f}, 20th {found.values[-1]:.3f}")  # fmt: skip
    for single in (True, False):
        for seed in range(1, 5):
            tables = like_the_example(20, seed, room, single=single)
            objective = name_objective("all", tables)
            gaps = {}
            for limit in (10, 60):
                found = find_best(tables, objective, 20, seconds=limit)
                gaps[limit] = found.gap
                if found.proven:
                    break
            said = f"best {found.values[0]:.3f}, 20th {found.values[-1]:.3f}; " + (
                f"proven in {found.seconds:.1f} s"
                if found.proven
                else ", ".join(f"gap {g:.3f} after {s} s" for s, g in gaps.items())
            )
            kind = "six vetoes" if single else "the example's rules"
            name, mine = f"top-20 of 4^20, {kind}, seed {seed}", found.seconds
            if not single:
                report(name, mine, "none", float("nan"), said)
                continue
            value, seconds = evolve(tables, objective, 10)
            report(name, mine, "pymoo NSGA-II, 10 s", seconds, f"{said}; pymoo's best {value:.3f}")
            if seed <= 2:
                for peer, solver in (("OR-Tools CP-SAT, 60 s", cp_sat), ("HiGHS, 60 s", highs)):
                    value, bound, seconds = solver(tables, 60)
                    report(
                        name,
                        mine,
                        peer,
                        seconds,
                        f"{said}; the peer's best {value:.3f}, bound {bound:.3f}, one package",
                    )


def evolve(tables, objective, seconds: float) -> tuple[float, float]:
    """Best joint chance that NSGA-II finds, sides' chances as two objectives."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem
    from pymoo.operators.crossover.pntx import TwoPointCrossover
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.operators.sampling.rnd import IntegerRandomSampling
    from pymoo.optimize import minimize

    from winset.room.climbing import evaluate

    best = [0.0]

    class Chances(Problem):
        def __init__(self):
            super().__init__(n_var=len(tables.space.shape), n_obj=2, xl=0, xu=3, vtype=int)

        def _evaluate(self, x, out, *args, **kwargs):
            values, by_side, _ = evaluate(tables, x.astype(int), objective)
            best[0] = max(best[0], float(values.max()))
            out["F"] = -by_side

    began = time.perf_counter()
    algorithm = NSGA2(pop_size=200, sampling=IntegerRandomSampling(), crossover=TwoPointCrossover(),
                      mutation=PM(repair=RoundingRepair(), vtype=float))  # fmt: skip
    minimize(Chances(), algorithm, ("time", seconds), seed=1)
    return best[0], time.perf_counter() - began


def _conditions(tables):
    """What each draw asks of each constituency: utilities by option and the least sum."""
    least = np.stack([tables.least(n, np.zeros(tables.draws)) for n in range(len(tables.rules.single))], 1)
    return tables.worth, least - tables.base


def cp_sat(tables, seconds: float) -> tuple[float, float, float]:
    from ortools.sat.python import cp_model

    worth, least = _conditions(tables)
    model = cp_model.CpModel()
    x = [[model.new_bool_var(f"x{k}{o}") for o in range(4)] for k in range(worth.shape[2])]
    for row in x:
        model.add_exactly_one(row)
    won = [model.new_bool_var(f"y{d}") for d in range(len(worth))]
    scale = 10_000
    for d in range(len(worth)):
        for c in range(worth.shape[1]):
            total = sum(round(worth[d, c, k, o] * scale) * x[k][o] for k in range(len(x)) for o in range(4))
            model.add(total >= round(least[d, c] * scale)).only_enforce_if(won[d])
    model.maximize(sum(won))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    began = time.perf_counter()
    solver.solve(model)
    return solver.objective_value / len(worth), solver.best_objective_bound / len(worth), time.perf_counter() - began


def highs(tables, seconds: float) -> tuple[float, float, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    worth, least = _conditions(tables)
    draws, members, issues, options = worth.shape
    n = issues * options
    lowest = worth.min(-1).sum(-1)
    rows = lil_matrix((draws * members, n + draws))
    rows[:, :n] = worth.reshape(draws * members, n)
    for d in range(draws):
        for c in range(members):
            rows[d * members + c, n + d] = -(least[d, c] - lowest[d, c])
    ones = lil_matrix((issues, n + draws))
    for k in range(issues):
        ones[k, k * options : (k + 1) * options] = 1
    began = time.perf_counter()
    found = milp(-np.r_[np.zeros(n), np.ones(draws)], integrality=np.ones(n + draws), bounds=Bounds(0, 1),
                 constraints=[LinearConstraint(rows.tocsr(), lowest.reshape(-1), np.inf), LinearConstraint(ones.tocsr(), 1, 1)],
                 options={"time_limit": seconds})  # fmt: skip
    value = -found.fun / draws if found.fun is not None else 0.0
    return value, -(found.mip_dual_bound or -draws) / draws, time.perf_counter() - began


CASES = (counting, billion, searching)

if __name__ == "__main__":
    for case in CASES:
        case()
