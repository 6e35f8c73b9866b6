"""Hierarchical Bayes: part-worths of every respondent about those of all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Bool, Float

from winset.conjoint.choices import Choices
from winset.conjoint.logit import check_terms
from winset.errors import FitError

WIDE = 2.5
"""Prior sd of a mean part-worth, in logits."""
KEPT = 200
"""Draws of everybody's part-worths that are kept per chain."""
CHAINS = 4
TIGHT = 10
"""Degrees of freedom that hold variances of deviations near one and correlations near zero."""
SCALE_STEP, SCALE_TRIES = 0.08, 6
"""Random walk on the logarithm of the common factor."""
RHAT, ESS = 1.05, 100.0
"""Largest R-hat and fewest effective draws of a fit that passes."""


@dataclass(frozen=True)
class Hierarchy:
    """Draws of a hierarchical logit.

    Parameters
    ----------
    mean, spread
        Draws of the mean and of the standard deviation of each part-worth over people.
    people
        Draws of every respondent's part-worths, thinned.
    rhat, ess
        Worst of all means and spreads.
    """

    choices: Choices
    mean: Float[np.ndarray, "chain draw term"]
    spread: Float[np.ndarray, "chain draw term"]
    people: Float[np.ndarray, "kept respondent term"]
    rhat: float
    ess: float

    @property
    def chains(self) -> int:
        """Number of chains."""
        return self.mean.shape[0]

    @property
    def draws(self) -> int:
        """Draws of all chains together."""
        return self.mean.shape[0] * self.mean.shape[1]

    @property
    def respondents(self) -> int:
        """Number of respondents."""
        return self.people.shape[1]

    @property
    def passed(self) -> bool:
        """Whether the chains agree and have run long enough."""
        return self.rhat < RHAT and self.ess > ESS

    def table(self) -> pl.DataFrame:
        """One row a term: mean over people and spread between them, each with its 90 % interval."""
        rows = []
        for k, name in enumerate(self.choices.names):
            row: dict[str, object] = {"name": name}
            for what, values in (("mean", self.mean), ("spread", self.spread)):
                low, high = np.quantile(values[..., k], [0.05, 0.95])
                row |= {what: float(values[..., k].mean()), f"{what}_low": float(low), f"{what}_high": float(high)}
            rows.append(row | {"above_zero": float((self.people[..., k] > 0).mean())})
        return pl.DataFrame(rows)


def fit_hierarchy(
    choices: Choices,
    *,
    correlated: bool = False,
    draws: int = 1000,
    warmup: int = 500,
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> Hierarchy:
    """Hierarchical logit for pairs, or for a package against no deal, by Gibbs sampling.

    Parameters
    ----------
    correlated
        Let a person's part-worths be correlated (scaled inverse Wishart); independent else.
    draws, warmup
        Per chain, of four chains.

    Raises
    ------
    UsageError
        If tasks have more than two alternatives (use the mixed logit).
    FitError
        If terms cannot be told apart.

    Notes
    -----
    Polya-Gamma variables make the likelihood normal (Polson, Scott & Windle 2013). The mean is drawn with everybody's
    part-worths integrated out, spreads as multipliers of deviations (Gelman 2006; O'Malley & Zaslavsky 2008), so that
    neither waits for the other; the scale of all utilities, which answers alone pin down, is moved on its own.
    Priors: mean N(0, 2.5); spread half-normal with scale one, as people rarely differ by more than that on one term
    in logits; with correlations, times a factor about one.
    """
    check_terms(choices)
    gains, real = choices.by_respondent(choices.gains()), choices.by_respondent(np.ones(len(choices), bool))
    seeds = np.random.SeedSequence(seed).spawn(CHAINS)
    progress(f"sampling {CHAINS} chains, {warmup} + {draws} draws each")
    with ThreadPoolExecutor(2) as pool:
        run = lambda s: sample_chain(gains, real, correlated, draws, warmup, np.random.default_rng(s))  # noqa: E731
        done = list(pool.map(run, seeds))
    mean, spread = np.stack([d[0] for d in done]), np.stack([d[1] for d in done])
    rhat, ess = _judge(np.concatenate([mean, np.log(spread)], axis=-1))
    if not np.isfinite(mean).all():
        raise FitError("the sampler left the finite numbers; look for features of very different size and rescale them")
    return Hierarchy(choices, mean, spread, np.concatenate([d[2] for d in done]), rhat, ess)


def sample_chain(
    gains: Float[np.ndarray, "respondent task term"],
    real: Bool[np.ndarray, "respondent task"],
    correlated: bool,
    draws: int,
    warmup: int,
    rng: np.random.Generator,
) -> tuple[Float[np.ndarray, "draw term"], Float[np.ndarray, "draw term"], Float[np.ndarray, "kept respondent term"]]:
    """One chain: draws of mean and spread, and thinned draws of everybody's part-worths.

    ``gains`` are features of what was chosen less those of what was not, so that every answer reads "yes".
    """
    from polyagamma import random_polyagamma

    people, _, terms = gains.shape
    mean, multiplier = np.zeros(terms), np.ones(terms)
    base = np.eye(terms)
    part = np.zeros((people, terms))
    kept_mean, kept_spread = np.empty((draws, terms)), np.empty((draws, terms))
    kept = np.empty((min(KEPT, draws), people, terms), np.float32)
    for n in range(-warmup, draws):
        utility = np.einsum("itk,ik->it", gains, part)
        noise = np.where(real, random_polyagamma(1.0, utility, random_state=rng), 1.0)
        target = np.where(real, 0.5 / noise, 0.0)
        covariance = multiplier[:, None] * base * multiplier
        mean, part = _draw_people(gains, target, noise, covariance, rng)
        own = (part - mean) / multiplier
        multiplier = _draw_multiplier(gains, real, target, noise, mean, own, rng)
        if correlated:
            base = _draw_base(own, rng)
        else:
            deviation = multiplier * own
            multiplier = _draw_spread(deviation, multiplier, rng)
            own = deviation / multiplier
        scale = _draw_scale(np.einsum("itk,ik->it", gains, mean + multiplier * own)[real], mean, multiplier, rng)
        mean, multiplier = scale * mean, scale * multiplier
        part = mean + multiplier * own
        if n >= 0:
            kept_mean[n], kept_spread[n] = mean, np.abs(multiplier) * np.sqrt(np.diag(base))
            if (n * len(kept)) // draws != ((n - 1) * len(kept)) // draws:
                kept[(n * len(kept)) // draws] = part
    return kept_mean, kept_spread, kept


def _draw_people(
    gains: Float[np.ndarray, "respondent task term"],
    target: Float[np.ndarray, "respondent task"],
    noise: Float[np.ndarray, "respondent task"],
    covariance: Float[np.ndarray, "term term"],
    rng: np.random.Generator,
) -> tuple[Float[np.ndarray, " term"], Float[np.ndarray, "respondent term"]]:
    """The mean with part-worths integrated out, then part-worths given the mean (Matheron's rule)."""
    people, tasks, terms = gains.shape
    reach = gains @ covariance
    spread = reach @ gains.swapaxes(1, 2)
    spread[:, np.arange(tasks), np.arange(tasks)] += 1 / noise
    solved = np.linalg.solve(spread, np.concatenate([gains, target[..., None]], axis=2))
    flat = gains.reshape(-1, terms)
    precision = flat.T @ solved[..., :terms].reshape(-1, terms) + np.eye(terms) / WIDE**2
    moment = flat.T @ solved[..., terms].reshape(-1)
    mean = _draw_normal(precision, moment, rng)
    guess = mean + rng.standard_normal((people, terms)) @ np.linalg.cholesky(covariance).T
    heard = np.einsum("itk,ik->it", gains, guess) + rng.standard_normal((people, tasks)) / np.sqrt(noise)
    missed = np.linalg.solve(spread, (target - heard)[..., None])[..., 0]
    return mean, guess + np.einsum("it,itk->ik", missed, reach)


def _draw_multiplier(
    gains: Float[np.ndarray, "respondent task term"],
    real: Bool[np.ndarray, "respondent task"],
    target: Float[np.ndarray, "respondent task"],
    noise: Float[np.ndarray, "respondent task"],
    mean: Float[np.ndarray, " term"],
    own: Float[np.ndarray, "respondent term"],
    rng: np.random.Generator,
) -> Float[np.ndarray, " term"]:
    """Multipliers of everybody's deviations: a regression of the answers on them, prior N(0, 1)."""
    terms = len(mean)
    regressor = (gains * own[:, None]).reshape(-1, terms)
    weight = (noise * real).reshape(-1, 1)
    rest = (target - gains @ mean).reshape(-1)
    precision = (regressor * weight).T @ regressor + np.eye(terms)
    return _draw_normal(precision, regressor.T @ (weight[:, 0] * rest), rng)


def _draw_spread(
    deviation: Float[np.ndarray, "respondent term"], spread: Float[np.ndarray, " term"], rng: np.random.Generator
) -> Float[np.ndarray, " term"]:
    """Spreads given everybody's deviations: Metropolis steps on logarithms (Yu & Meng 2011: both ways in turn)."""
    people = len(deviation)
    squares = (deviation**2).sum(0)

    def log_density(x: np.ndarray) -> np.ndarray:
        return (1 - people) * x - squares * np.exp(-2 * x) / 2 - np.exp(2 * x) / 2

    x = np.log(np.abs(spread))
    for step in rng.normal(0.0, 1.7 / np.sqrt(people), (SCALE_TRIES, len(x))):
        better = np.log(rng.uniform(size=len(x))) < log_density(x + step) - log_density(x)
        x = np.where(better, x + step, x)
    return np.exp(x)


def _draw_scale(
    utility: Float[np.ndarray, " task"],
    mean: Float[np.ndarray, " term"],
    multiplier: Float[np.ndarray, " term"],
    rng: np.random.Generator,
) -> float:
    """A common factor of all part-worths: Metropolis steps on its logarithm, Polya-Gamma variables integrated out."""
    size = (mean @ mean / WIDE**2 + multiplier @ multiplier) / 2

    def log_density(x: float) -> float:
        return -np.logaddexp(0.0, -np.exp(x) * utility).sum() - np.exp(2 * x) * size + 2 * len(mean) * x

    x, value = 0.0, log_density(0.0)
    for step in rng.normal(0.0, SCALE_STEP, SCALE_TRIES):
        tried = log_density(x + step)
        if np.log(rng.uniform()) < tried - value:
            x, value = x + step, tried
    return float(np.exp(x))


def _draw_base(own: Float[np.ndarray, "respondent term"], rng: np.random.Generator) -> Float[np.ndarray, "term term"]:
    """Covariance of deviations before they are multiplied: inverse Wishart about the identity."""
    people, terms = own.shape
    root = np.linalg.cholesky(np.linalg.inv(TIGHT * np.eye(terms) + own.T @ own))
    lower = np.tril(rng.standard_normal((terms, terms)), -1)
    lower[np.diag_indices(terms)] = np.sqrt(rng.chisquare(terms + 1 + TIGHT + people - np.arange(terms)))
    factor = root @ lower
    return np.linalg.inv(factor @ factor.T)


def _draw_normal(
    precision: Float[np.ndarray, "term term"], moment: Float[np.ndarray, " term"], rng: np.random.Generator
) -> Float[np.ndarray, " term"]:
    root = np.linalg.cholesky(precision)
    half = np.linalg.solve(root, moment)
    return np.linalg.solve(root.T, half + rng.standard_normal(len(moment)))


def _judge(values: Float[np.ndarray, "chain draw quantity"]) -> tuple[float, float]:
    """Largest R-hat and fewest effective draws."""
    from arviz_stats.base.array import array_stats

    rhat = array_stats.rhat(values, chain_axis=0, draw_axis=1)
    ess = array_stats.ess(values, chain_axis=0, draw_axis=1)
    return float(np.max(rhat)), float(np.min(ess))
