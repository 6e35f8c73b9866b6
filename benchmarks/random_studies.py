"""Fits of random studies: do they pass their checks, do truths fall evenly among their draws, how far is the approximation.

One line of JSON a study, appended to a file that a killed run takes up again; then the tables.
``python benchmarks/random_studies.py --studies 300 --out random.jsonl``; ``--only-table`` prints the tables of a file.
``--again 2 7 --studies 20 --out random_truths.jsonl`` draws twenty further truths for each of two studies;
``--parts --first 1000 --studies 159 --out random_parts.jsonl`` ranks every part of further studies that have parts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from resumed import add_options, go_on, read_lines

import winset
from winset.acceptance import (
    Acceptance,
    acceptance_of,
    flatten,
    make_draws,
    measure,
    prepare,
    printed_numbers,
    sample_laplace,
)
from winset.evidence import Responses, gather
from winset.verification.random_studies import RandomStudy, draw_study

FEW = 420
"""Parameters of a study whose parts are looked at besides the table."""

SLICES = 10
"""Bars of a rank histogram."""

RANKED = ("acceptance", "level", "importance", "part", "cue")
KINDS = ("acceptance", "level", "importance", "bias", "selection odds")
UNITS = {"level": "probits", "bias": "probits", "selection odds": "of a log"}
POINTS = {"acceptance": 100.0, "importance": 100.0}
"""Shares are told in points; levels and biases in probits."""


def _draw(seed: int, truth: int | None = None) -> tuple[RandomStudy, Responses]:
    """A study with its evidence; its files are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = draw_study(Path(folder) / "study", seed, truth=truth)
        return made, gather(made.study)


def fit_one(seed: int) -> dict:
    """Draw, fit and judge one study."""
    made, evidence = _draw(seed)
    study, posterior = made.study, prepare(made.study, evidence)
    began, worked = time.perf_counter(), time.process_time()
    tries: list[str] = []
    found = measure(study, evidence, seed=1, posterior=posterior, say=tries.append)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    fast = sample_laplace(posterior, posterior.base(), 1, 1000)
    cells, verdict = found.cells, found.diagnostics
    told = printed_numbers(study, found.draws, flatten(found.fit), cells.instruments)
    drawn = make_draws(posterior.problem, flatten(fast), 1)
    near = printed_numbers(study, drawn, flatten(fast), cells.instruments)
    return {
        "seed": seed,
        "sides": len(study.sides),
        "groups": len(study.constituencies()),
        "issues": len(study.space.issues),
        "questions": len(cells.questions),
        "rows": len(cells),
        "parameters": posterior.dimension,
        "passed": verdict.passed,
        "again": any("FAILED" in said for said in tries),
        "divergences": verdict.divergences,
        "rhat": verdict.worst_rhat,
        "effective": verdict.least_effective,
        "touched": list(verdict.touched[:3]),
        "seconds": round(seconds, 1),
        "worked": round(worked, 1),
        "ranks": rank_truths(made, found, seed),
        "apart": {k: _apart(told, near, k) for k in KINDS},
    }


def rank_truths(made: RandomStudy, found: Acceptance, seed: int) -> dict[str, float]:
    """Where the truth lies among the draws, as a share: one number of each kind a study, chosen at random."""
    rng = np.random.default_rng([seed, 31])
    every = every_rank(made, found, str(rng.choice(list(made.study.proposals))))
    j, k = int(rng.integers(len(every["level"]))), int(rng.integers(len(made.study.space.issues)))
    ranks = {"acceptance": every["acceptance"][j], "level": every["level"][j]}
    if "importance" in every:
        ranks["importance"] = every["importance"][j][k]
    for kind in ("part", "cue"):
        if kind in every:
            ranks[kind] = every[kind][int(rng.integers(len(every[kind])))]
    return ranks


def every_rank(made: RandomStudy, found: Acceptance, plan: str) -> dict[str, list]:
    """Where the truth lies among the draws, as a share, for all numbers of each kind; acceptance and parts of one proposal."""
    study, draws, truth, layout = made.study, found.draws, made.truth, found.draws.layout
    shares = found.shares(plan)
    true = acceptance_of(truth, study.space.encode(study.proposals[plan].terms), truth.level_at(study.as_of))[0]
    ranks = {"acceptance": (shares < true).mean(0).tolist()}
    ranks["level"] = (draws.level[..., -1] < truth.level[..., -1]).mean(0).tolist()
    if len(study.space.issues) > 1:
        ranks["importance"] = (draws.importance < truth.importance).mean(0).tolist()
    for whole in [int(w) for w, _ in layout.parts][:1]:
        parts = layout.leaves[layout.mixing[whole] > 0]
        own, other = shares[:, parts] - shares[:, [whole]], true[parts] - true[whole]
        ranks["part"] = (own < other).mean(0).tolist()
    heard = tuple(np.argwhere(found.hearing.heard).T)
    if len(heard[0]):
        ranks["cue"] = (draws.follow[:, *heard] < truth.follow[:, *heard]).mean(0).tolist()
    return ranks


def repeat(design: int, truths: int, out: Path) -> None:
    """Fit further truths of one study, a line each; those that stand already are left."""
    done = {(x["design"], x["truth"]) for x in read_lines(out)} if out.exists() else set()
    for n in [n for n in range(truths) if (design, n) not in done]:
        made, evidence = _draw(design, truth=n)
        found = measure(made.study, evidence, seed=1)
        ranks = every_rank(made, found, next(iter(made.study.proposals)))
        line = {"design": design, "truth": n, "passed": found.diagnostics.passed, "ranks": ranks}
        with out.open("a") as file:
            file.write(json.dumps(line) + "\n")


def rank_parts(seed: int) -> dict:
    """Where truths lie among the draws of a study that has parts and is fitted in a minute; nothing for any other."""
    made, evidence = _draw(seed)
    study, nothing = made.study, {"seed": seed, "ranks": {}}
    if not any("all" in s.constituencies for s in study.sides.values()):
        return nothing
    posterior = prepare(study, evidence)
    if posterior.dimension > FEW:
        return nothing
    found = measure(study, evidence, seed=1, posterior=posterior)
    plan = sorted(study.proposals)[seed % 2]
    return {"seed": seed, "passed": found.diagnostics.passed, "ranks": every_rank(made, found, plan)}


def repeated(lines: list[dict]) -> dict:
    """Of each kind, ranks in slices, and the share inside 90 % with its standard error between truths."""
    found = {}
    for kind in RANKED:
        ranks = [np.ravel(x["ranks"][kind]) for x in lines if kind in x["ranks"]]
        if ranks:
            inside = np.array([((r > 0.05) & (r < 0.95)).mean() for r in ranks])
            error = float(inside.std(ddof=1) / np.sqrt(len(inside)))
            found[kind] = {"truths": len(inside), "inside_90": round(float(inside.mean()), 3), "se": round(error, 3)}
            even = _evenness(
                np.concatenate(ranks)
            )  # its chi-square is of independent ranks, which those of a study are not
            found[kind] |= {"n": even["n"], "counts": even["counts"]}
    return found


def _apart(told: dict, near: dict, kind: str) -> list[float]:
    """How far the approximation's mean is from NUTS, for every printed number of a kind."""
    unit = POINTS.get(kind, 1.0)
    return [
        round(unit * float(abs(told[n].mean() - near[n].mean())), 4)
        for n in told
        if n.startswith(kind) and told[n].std() > 0
    ]


def tables(lines: list[dict]) -> dict:
    """What the studies show together."""
    passed = [x["passed"] for x in lines]
    found: dict = {
        "studies": len(lines),
        "passed": sum(passed),
        "fitted_again": sum(x["again"] for x in lines),
        "failed": [x["seed"] for x in lines if not x["passed"]],
        "divergences_per_1000": round(1000 * sum(x["divergences"] for x in lines) / (1600 * len(lines)), 2),
        "worst_rhat": max(x["rhat"] for x in lines),
        "least_effective": min(x["effective"] for x in lines),
    }
    for clock in ("seconds", "worked"):  # on the wall, beside whatever else ran; and of the processor alone
        spent = [x[clock] for x in lines]
        found[clock] = {"median": float(np.median(spent)), "most": max(spent), "above 180": sum(s > 180 for s in spent)}
    ranks = {k: [x["ranks"][k] for x in lines if k in x["ranks"]] for k in RANKED}
    found["ranks"] = {k: _evenness(np.array(v)) for k, v in ranks.items() if v}
    sound = [x for x in lines if x["passed"]]  # draws of a fit that failed are nothing to be near to
    apart = {k: np.concatenate([np.array(x["apart"][k], float) for x in sound]) for k in KINDS}
    found["apart"] = {k: _distances(v) for k, v in apart.items() if len(v)}
    return found


def _evenness(ranks: np.ndarray) -> dict:
    """Ranks of truths in ten slices, and their chi-square with nine degrees of freedom (95 % of even ones below 16.9)."""
    counts, expected = np.histogram(ranks, SLICES, (0, 1))[0], len(ranks) / SLICES
    found = {"n": len(ranks), "counts": counts.tolist()}
    found["chi_square"] = round(float(((counts - expected) ** 2 / expected).sum()), 1)
    return found | {"inside_90": round(float(((ranks > 0.05) & (ranks < 0.95)).mean()), 3)}


def _distances(apart: np.ndarray) -> dict:
    """How far the approximation is from NUTS: on average, nine in ten, at most."""
    found = {"numbers": len(apart), "mean": float(apart.mean()), "nine_in_ten": float(np.quantile(apart, 0.9))}
    return {k: round(v, 3) for k, v in (found | {"most": float(apart.max())}).items()}


def write_apart(found: dict) -> None:
    """What ``--fast`` says of itself, kind by kind."""
    rows = [
        {"kind": k, "unit": "points" if k in POINTS else UNITS[k], "studies": found["passed"], **found["apart"][k]}
        for k in KINDS
        if k in found["apart"]
    ]
    pl.DataFrame(rows).write_csv(Path(winset.__file__).parent / "acceptance" / "fast.csv")


def main() -> None:
    """Fit, or print what was fitted."""
    parser = argparse.ArgumentParser()
    add_options(parser, studies=300, first=0, out="random_studies.jsonl")
    parser.add_argument("--write", action="store_true", help="write what `--fast` says of itself")
    parser.add_argument("--again", type=int, nargs="*", help="fit --studies further truths of these studies instead")
    parser.add_argument("--parts", action="store_true", help="rank all parts of studies that have them instead")
    asked = parser.parse_args()
    if asked.again is not None:
        for design in asked.again:
            repeat(design, asked.studies, Path(asked.out))
    if asked.parts:
        for line in go_on(asked, rank_parts):
            print(line["seed"], flush=True)
    if asked.parts or asked.again is not None:
        print(json.dumps(repeated(read_lines(asked.out)), indent=1))
        return
    for line in go_on(asked, fit_one):
        print(json.dumps({k: v for k, v in line.items() if k not in {"ranks", "apart"}}), flush=True)
    found = tables(read_lines(asked.out))
    print(json.dumps(found, indent=1))
    if asked.write:
        write_apart(found)


if __name__ == "__main__":
    main()
