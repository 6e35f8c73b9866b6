"""Do scales learned from two conflicts foresee the third better? ``python benchmarks/learned_priors.py``, some 12 minutes.

How far questions deviate, levels drift and pollsters miss is fitted in each shipped study; priors for one study are made of
what the others say, and its later results are foreseen with these and with the table's, fold by fold on the same days.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from winset.acceptance import PRIORS, Posterior, Prior, flatten, measure
from winset.study import load
from winset.study.loading import shipped
from winset.verification import cut_often
from winset.verification.backtest import Trial
from winset.verification.scoring import NINETY, clustered_mean

BETWEEN = 0.5
"""Part of a prior's variance that is how far conflicts differ; the rest is doubt of their common centre."""
TOLD = 0.98
"""A scale whose posterior is at least so wide, as a share of its prior, was not told of by the answers."""

Scales = dict[str, list[tuple[float, float]]]
"""Mean and standard deviation of each scale's logarithm, one a side where sides have their own."""


def estimate_scales(samples: Mapping[str, np.ndarray]) -> Scales:
    """What a fit says of every scale with a log-normal prior."""
    names = [n for n, p in PRIORS.items() if p.family == "log-normal" and n in samples]
    logs = {n: np.log(np.asarray(samples[n], float)).reshape(len(samples[n]), -1) for n in names}
    return {n: list(zip(x.mean(0).tolist(), x.std(0).tolist(), strict=True)) for n, x in logs.items()}


def learn_priors(conflicts: Iterable[Scales]) -> dict[str, Prior]:
    """Priors for another conflict: normal means of a normal centre (Gelman et al. 2013, ch. 5.4), spread between them known.

    Before any conflict they are those of the table. What a fit adds to its prior is taken for a normal likelihood.
    """
    learned, known = dict(PRIORS), list(conflicts)
    for name, p in PRIORS.items():
        if p.family != "log-normal":
            continue
        centre, variance = np.log(p.first), p.second**2
        between, precision = BETWEEN * variance, 1 / ((1 - BETWEEN) * variance)
        weighted = precision * centre
        for mean, sd in (x for scales in known for x in scales.get(name, ()) if x[1] < TOLD * p.second):
            own = 1 / (1 / sd**2 - 1 / variance)
            told, weight = own * (mean / sd**2 - centre / variance), 1 / (own + between)
            precision, weighted = precision + weight, weighted + weight * told
        width = np.sqrt(1 / precision + between)
        learned[name] = replace(p, first=float(np.exp(weighted / precision)), second=float(width))
    return learned


def foresee_later(trial: Trial, priors: Mapping[str, Prior]) -> pl.DataFrame:
    """Every later result of a study's days, foreseen with some priors."""
    posterior = Posterior(trial.posterior.problem, priors)
    again = replace(trial, posterior=posterior)
    return pl.concat(
        [again.foresee(f)[0] for f in cut_often(trial.study, posterior.problem, 5)], how="diagonal_relaxed"
    )


def main() -> None:
    trials = {s: Trial.of(load(s)) for s in shipped()}
    scales = {}
    for s, trial in trials.items():
        fitted = measure(trial.study, trial.responses, fast=True, posterior=trial.posterior)
        scales[s] = estimate_scales(flatten(fitted.fit))
        sys.stderr.write(f"{s}: scales fitted\n")
    print("| study | rows | waves | CRPS, table's priors | learned from the others | difference | inside 90 % |")
    print("|---|---|---|---|---|---|---|")
    for s, trial in trials.items():
        plain = foresee_later(trial, PRIORS)
        learned = foresee_later(trial, learn_priors(x for other, x in scales.items() if other != s))
        gap, error = clustered_mean((learned["crps"] - plain["crps"]).to_numpy() * 100, plain["wave"].to_list())
        crps, inside = (
            [100 * float(t[c].cast(float).to_numpy().mean()) for t in (plain, learned)] for c in ("crps", "covered")
        )
        low, high = gap - NINETY * error, gap + NINETY * error
        print(
            f"| {s} | {plain.height} | {plain['wave'].n_unique()} | {crps[0]:.2f} | {crps[1]:.2f} "
            f"| {gap:+.2f} [{low:+.2f}, {high:+.2f}] "
            f"| {inside[0]:.0f}, {inside[1]:.0f} |",
            flush=True,
        )
    every = learn_priors(scales.values())
    for n, p in PRIORS.items():
        if every[n] != p:
            print(
                f"{n}: {p.first:.3g} ({p.second:.2f}); learned from all three {every[n].first:.3g} ({every[n].second:.2f})"
            )


if __name__ == "__main__":
    main()
