"""Experiments beside statsmodels, xlogit, PyMC and NumPyro."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import polars as pl
from timing import report, timed


def effects() -> None:
    """AMCEs with clustered errors: a million profiles, nine attributes."""
    import resource

    import pandas as pd
    import statsmodels.formula.api as smf

    from winset.conjoint import estimate_amce, read_profiles

    rng = np.random.default_rng(1)
    rows, levels = 1_000_000, 4
    names = [f"a{k}" for k in range(9)]
    columns = {n: np.array(["w", "x", "y", "z"])[rng.integers(0, levels, rows)] for n in names}
    table = pl.DataFrame({"who": np.repeat(np.arange(rows // 10), 10), "y": rng.integers(0, 2, rows), **columns})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = sum(16 if d == pl.String else 8 for d in table.dtypes) * rows / 2**20  # Polars holds a text cell in 16 bytes

    def ours() -> pl.DataFrame:
        return estimate_amce(read_profiles(table, outcome="y", respondent="who", attributes=names)).table

    mine = ours()
    extra = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    seconds = timed(ours)
    frame = pd.DataFrame(table.to_dict(as_series=False))
    began = time.perf_counter()
    fitted = smf.ols("y ~ " + " + ".join(f"C({n})" for n in names), frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["who"], "use_correction": False}
    )
    theirs = time.perf_counter() - began
    estimates = mine.drop_nulls("se")["estimate"].to_numpy()
    gap = float(np.abs(np.sort(estimates) - np.sort(fitted.params.to_numpy()[1:])).max())
    note = f"largest difference {gap:.1e}; our extra memory {extra:.0f} MB for {size:.0f} MB of data"
    report("AMCE, 1,000,000 rows x 9 attributes", seconds, "statsmodels OLS, clusters", theirs, note)


def mixed() -> None:
    """Mixed logit of the size of the electricity data: 361 people x 12 tasks x 4 alternatives, 6 random terms."""
    from xlogit import MixedLogit

    from winset.conjoint import fit_mixed_logit, make_choices

    table, names = electricity()
    choices = make_choices(table, task="task", chosen="y", features=names, respondent="who")
    draws = 600
    began = time.perf_counter()
    fit = fit_mixed_logit(choices, dict.fromkeys(names, "normal"), draws=draws, robust="none")
    ours = time.perf_counter() - began
    best, theirs = -np.inf, 0.0
    for start in (None, np.concatenate([fit.coefficient[:6], fit.coefficient[6:]])):
        model = MixedLogit()
        began = time.perf_counter()
        model.fit(
            X=table[names].to_numpy(), y=table["y"].to_numpy(), varnames=names, alts=table["alternative"].to_numpy(),
            ids=table["task"].to_numpy(), panels=table["who"].to_numpy(), randvars=dict.fromkeys(names, "n"),
            n_draws=draws, verbose=0, init_coeff=start,
        )  # fmt: skip
        theirs = theirs or time.perf_counter() - began
        best = max(best, model.loglikelihood)
    note = (
        f"log-likelihood ours {fit.log_likelihood:.3f}, xlogit {best:.3f} (better of its own start and ours); "
        "the same Halton draws; compilation included"
    )
    report("mixed logit, 4,308 tasks x 600 draws", ours, "xlogit, CPU, its own start", theirs, note)


def electricity() -> tuple[pl.DataFrame, list[str]]:
    rng = np.random.default_rng(1)
    people, tasks, alternatives = 361, 12, 4
    mean, spread = np.array([-1, -0.3, 2, 1.5, -9, -9.5]), np.array([0.2, 0.4, 1.8, 1.2, 3.2, 2.0])
    n = people * tasks
    x = np.stack([rng.choice(v, (n, alternatives)) for v in ([7, 9], [0, 1, 5], [0, 1], [0, 1], [0, 1], [0, 1])], -1)
    own = np.repeat(mean + spread * rng.standard_normal((people, 6)), tasks, axis=0)
    taken = (np.einsum("tjk,tk->tj", x, own) + rng.gumbel(size=(n, alternatives))).argmax(1)
    names = ["price", "length", "local", "known", "by_day", "by_season"]
    table = pl.DataFrame(
        {
            "task": np.repeat(np.arange(n), alternatives),
            "who": np.repeat(np.arange(people), tasks * alternatives),
            "alternative": np.tile(np.arange(alternatives), n),
            "y": (np.arange(alternatives) == taken[:, None]).ravel().astype(int),
            **{name: x[..., k].ravel().astype(float) for k, name in enumerate(names)},
        }
    )
    return table, names


def hierarchy() -> None:
    """Effective draws a second: 500 people x 8 pairs x 30 part-worths, the least of all means and spreads."""
    from winset.conjoint import fit_hierarchy, make_choices

    rng = np.random.default_rng(1)
    people, tasks, terms = 500, 8, 30
    n = people * tasks
    x = rng.integers(0, 2, (n, 2, terms)).astype(float)
    own = rng.normal(0, 0.7, terms) + rng.uniform(0.3, 1.2, terms) * rng.standard_normal((people, terms))
    taken = (np.einsum("tjk,tk->tj", x, np.repeat(own, tasks, 0)) + rng.gumbel(size=(n, 2))).argmax(1)
    columns = {f"x{k}": x[..., k].ravel() for k in range(terms)}
    table = pl.DataFrame(
        {
            "task": np.repeat(np.arange(n), 2),
            "who": np.repeat(np.arange(people), tasks * 2),
            "y": (np.arange(2) == taken[:, None]).ravel().astype(int),
            **columns,
        }
    )
    choices = make_choices(table, task="task", chosen="y", features=list(columns), respondent="who")
    began = time.perf_counter()
    fit = fit_hierarchy(choices, draws=500, warmup=300)
    seconds = time.perf_counter() - began
    gains = -choices.gaps()[0][:, 0]
    rate = fit.ess / seconds
    peers = {
        "NumPyro, non-centred": (numpyro_draws,),
        "PyMC, its default": (pymc_draws, "pymc"),
        "PyMC, nutpie": (pymc_draws, "nutpie"),
    }
    for peer, (sample, *arguments) in peers.items():
        with ProcessPoolExecutor(
            1, mp_context=get_context("spawn")
        ) as own:  # samplers fork, which JAX does not survive
            began = time.perf_counter()
            draws = own.submit(sample, gains, choices.respondent, *arguments).result()
            theirs = time.perf_counter() - began
        other = least_effective(draws) / theirs
        note = f"seconds for 100 effective draws; ours {fit.ess:.0f} in {seconds:.0f} s; peer ran {theirs:.0f} s"
        report("hierarchical logit, 500 x 8 x 30", 100 / rate, peer, 100 / other, note)


def least_effective(draws: np.ndarray) -> float:
    from arviz_stats.base.array import array_stats

    return float(np.min(array_stats.ess(draws, chain_axis=0, draw_axis=1)))


def numpyro_draws(gains: np.ndarray, who: np.ndarray) -> np.ndarray:
    import jax
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    numpyro.set_host_device_count(2)
    people, terms = int(who.max()) + 1, gains.shape[1]

    def model() -> None:
        mean = numpyro.sample("mean", dist.Normal(0.0, 2.5).expand([terms]))
        spread = numpyro.sample("spread", dist.HalfNormal(1.0).expand([terms]))
        raw = numpyro.sample("raw", dist.Normal(0.0, 1.0).expand([people, terms]))
        utility = (gains * (mean + spread * raw)[who]).sum(1)
        numpyro.factor("answers", jax.nn.log_sigmoid(utility).sum())

    mcmc = MCMC(NUTS(model), num_warmup=300, num_samples=300, num_chains=2, chain_method="parallel", progress_bar=False)
    mcmc.run(jax.random.PRNGKey(1))
    found = mcmc.get_samples(group_by_chain=True)
    return np.concatenate([np.asarray(found["mean"]), np.log(np.asarray(found["spread"]))], -1)


def pymc_draws(gains: np.ndarray, who: np.ndarray, sampler: str) -> np.ndarray:
    import pymc as pm

    people, terms = int(who.max()) + 1, gains.shape[1]
    with pm.Model():
        mean = pm.Normal("mean", 0.0, 2.5, shape=terms)
        spread = pm.HalfNormal("spread", 1.0, shape=terms)
        raw = pm.Normal("raw", 0.0, 1.0, shape=(people, terms))
        utility = (gains * (mean + spread * raw)[who]).sum(axis=1)
        pm.Bernoulli("answers", logit_p=utility, observed=np.ones(len(gains)))
        found = pm.sample(
            300, tune=300, chains=2, cores=2, random_seed=1, progressbar=False, nuts_sampler=sampler,
            compute_convergence_checks=False,
        ).posterior  # fmt: skip
    return np.concatenate([found["mean"].values, np.log(found["spread"].values)], -1)


CASES = (effects, mixed, hierarchy)

if __name__ == "__main__":
    for case in CASES:
        case()
