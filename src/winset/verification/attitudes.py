"""How attitudes to a settlement moved while the war went on: the moving model's parameters, fitted to polls of many months.

A series is one question asked again and again. On the probit scale it is a line in the losses, the time and the
mobilisations of the months, a random walk, and the error of each poll. All of that is normal, so that the fit is exact but
for a grid over the standard deviations.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import norm

from winset.errors import UsageError
from winset.evidence import Responses, gather
from winset.study import Study
from winset.study.war import WarPrior
from winset.talks import TALK_PRIORS, Fitted
from winset.talks.world import declared_war

if TYPE_CHECKING:
    from jaxtyping import Float

NAMES = ("fatigue", "fatigue_recent", "duration", "mobilisation")
"""Parameters on which a series depends as on a line; ``mobilisation_weeks`` is a fifth, on a grid."""

STEPS = (0.01, 0.03, 0.05, 0.08, 0.12)
"""Grid of the random walk's standard deviation over a month, probits; the same chance each."""

NOISE = (0.0, 0.04, 0.08)
"""Grid of the standard deviation of a poll beyond sampling, probits."""

FADING = (8.0, 13.0, 17.0, 26.0)
LEVEL_SD = 3.0
"""Prior standard deviation of a series' level: as good as unknown."""

MONTH = 365.25 / 12
FEWEST = 6


@dataclass(frozen=True)
class Series:
    """One question of one side over time, among those who decided.

    Parameters
    ----------
    observed, error
        Probit of the share that accepts, and its standard error by sampling.
    """

    side: str
    question: str
    days: tuple[dt.date, ...]
    observed: Float[np.ndarray, " poll"]
    error: Float[np.ndarray, " poll"]


@dataclass(frozen=True)
class Attitudes:
    """A fit to poll series, and how well it foresaw polls that were held back.

    Parameters
    ----------
    estimates
        By parameter: prior and posterior.
    held_back
        One row per poll that was held back: observed share, and what the model, a random walk and a constant foresaw.
    scores
        By side and prediction: mean absolute error, logarithmic score (higher is better), share inside 90 % intervals.
    """

    study: Study
    series: tuple[Series, ...]
    fitted: Fitted
    estimates: pl.DataFrame
    held_back: pl.DataFrame
    scores: pl.DataFrame


@dataclass(frozen=True)
class _Node:
    """One point of the grid with all that follows from it."""

    weight: float
    fading: float
    mean: np.ndarray
    covariance: np.ndarray
    ahead: tuple[np.ndarray, np.ndarray]


def fit_attitudes(study: Study, responses: Responses | None = None, *, hold_back: float = 1 / 3) -> Attitudes:
    """Fit the attitude part of the moving model to the study's poll series.

    Parameters
    ----------
    hold_back
        Share of each series, its end, that the fit for the scores does not see; the estimates use all.

    Raises
    ------
    UsageError
        If the study names no series, or one of too few polls.
    """
    war = declared_war(study)
    if not war.series:
        raise UsageError(f"{study.id}: talks.yaml names no series; write series: {{SIDE: QUESTION}} under war")
    table = (responses or gather(study)).table
    series = tuple(_read(study, table, side, question) for side, question in war.series.items())
    whole = _fit(study, series, series)
    names = (*NAMES, "mobilisation_weeks")
    means = np.array([[*n.mean, n.fading] for n in whole])
    weights = np.array([n.weight for n in whole])
    mean = weights @ means
    covariance = (means - mean).T @ (weights[:, None] * (means - mean))
    for node in whole:
        covariance[: len(NAMES), : len(NAMES)] += node.weight * node.covariance
    covariance += 1e-9 * np.eye(len(names))
    cuts = [max(FEWEST // 2, round(len(s.days) * (1 - hold_back))) for s in series]
    early = tuple(_part(s, slice(0, c)) for s, c in zip(series, cuts, strict=True))
    late = tuple(_part(s, slice(c, None)) for s, c in zip(series, cuts, strict=True))
    held_back = _foresee(study, early, late)
    return Attitudes(
        study,
        series,
        Fitted(names, mean, covariance),
        _estimates(study, names, mean, covariance),
        held_back,
        _score(held_back),
    )


def _read(study: Study, table: pl.DataFrame, side: str, question: str) -> Series:
    """A question's polls that print both those for and those against."""
    asked = table.filter(pl.col("question") == question, pl.col("side") == side, pl.col("category").is_not_null())
    yes = (pl.col("category") * 2 >= pl.col("categories")).cast(pl.Float64)
    polls = (
        asked.with_columns(yes=yes * pl.col("weight"))
        .group_by("instrument", "date")
        .agg(pl.col("yes").sum(), n=pl.col("weight").sum(), kinds=(yes.min() != yes.max()))
        .filter("kinds")
        .sort("date", "instrument")
    )
    if polls.height < FEWEST:
        raise UsageError(
            f"series of {side}: `{question}` has {polls.height} polls with both shares; {FEWEST} at least are needed to fit"
        )
    share, n = (polls["yes"] / polls["n"]).to_numpy(), polls["n"].to_numpy()
    probit = ndtri(share)
    return Series(side, question, tuple(polls["date"]), probit, np.sqrt(share * (1 - share) / n) / norm.pdf(probit))


def _part(s: Series, rows: slice) -> Series:
    return Series(s.side, s.question, s.days[rows], s.observed[rows], s.error[rows])


def _prior(study: Study, name: str) -> tuple[float, float]:
    """Centre and standard deviation of a parameter, the study's own first."""
    prior: WarPrior | object = declared_war(study).priors.get(name, TALK_PRIORS[name])
    first, second = prior.first, prior.second  # pyright: ignore[reportAttributeAccessIssue]
    if prior.family == "uniform":  # pyright: ignore[reportAttributeAccessIssue]
        return (first + second) / 2, (second - first) / 12**0.5
    return first, second


def design(study: Study, side: str, days: Sequence[dt.date], fading: float) -> Float[np.ndarray, "poll parameter"]:
    """What each parameter is multiplied by on some days, zero at the as-of date; the same quantities as in the simulation."""
    war, history, end = declared_war(study), study.history, study.as_of
    ever = history.cumulated(side, end)
    losses = history.monthly(side, "losses")
    rows = []
    for day in days:
        so_far = history.cumulated(side, day) if ever else None
        weeks = max((day - war.began).days, 7) / 7
        lost = so_far / ever if ever and so_far else weeks / ((end - war.began).days / 7)
        recent = _recent(losses, day) / _recent(losses, end) if losses else 1.0
        called = [(day - d).days / 7 for d in history.days(side, "mobilisation") if d <= day]
        shock = sum(np.exp(-w / fading) for w in called)
        rows.append([np.log10(lost), np.log10(max(recent, 0.1)), (day - end).days / 365.25, shock])
    return np.array(rows)


def _recent(losses: Mapping[dt.date, float], day: dt.date) -> float:
    """Mean losses of the two months up to a day, of the nearest months known where they are not."""
    known = sorted(losses)
    place = max(bisect.bisect_right(known, day.replace(day=1)), 1)
    return float(np.mean([losses[m] for m in known[max(place - 2, 0) : place]]))


def _fit(study: Study, seen: Sequence[Series], asked: Sequence[Series]) -> list[_Node]:
    """Every node of the grid, its weight, parameters, and the probits of the polls asked for."""
    priors = np.array([_prior(study, n) for n in NAMES])
    observed = np.concatenate([s.observed for s in seen])
    nodes, logs = [], []
    for steps in itertools.product(STEPS, repeat=len(seen)):
        for noise, fading in itertools.product(NOISE, FADING):
            ours, theirs = ([design(study, s.side, s.days, fading) for s in group] for group in (seen, asked))
            f, g = np.concatenate(ours), np.concatenate(theirs)
            origins = [s.days[0] for s in seen]
            between = _covariance(seen, seen, steps, origins)
            across = _covariance(asked, seen, steps, origins)
            ahead = _covariance(asked, asked, steps, origins)
            slope = np.diag(priors[:, 1] ** 2)
            error = np.concatenate([s.error for s in seen]) ** 2 + noise**2
            k = between + f @ slope @ f.T + np.diag(error)
            left = np.linalg.cholesky(k)
            rest = np.linalg.solve(left, observed - f @ priors[:, 0])
            logs.append(-0.5 * rest @ rest - np.log(np.diag(left)).sum())
            solved = np.linalg.solve(left.T, rest)
            reach = np.linalg.solve(left, f @ slope)
            far = across + g @ slope @ f.T
            wide = np.linalg.solve(left, far.T)
            future = ahead + g @ slope @ g.T - wide.T @ wide
            sampling = np.concatenate([s.error for s in asked]) ** 2 + noise**2
            mean = g @ priors[:, 0] + far @ solved
            nodes.append(
                _Node(0.0, fading, priors[:, 0] + slope @ f.T @ solved, slope - reach.T @ reach,
                      (mean, np.sqrt(np.diag(future) + sampling)))
            )  # fmt: skip
    weights = np.exp(np.array(logs) - logsumexp(logs))
    return [_Node(float(w), n.fading, n.mean, n.covariance, n.ahead) for w, n in zip(weights, nodes, strict=True)]


def _covariance(
    one: Sequence[Series], other: Sequence[Series], steps: Sequence[float], origins: Sequence[dt.date]
) -> Float[np.ndarray, "poll poll"]:
    """Level and random walk of each series, from its first poll on."""
    blocks = []
    for a, first in enumerate(one):
        row = []
        for b, second in enumerate(other):
            if a != b:
                row.append(np.zeros((len(first.days), len(second.days))))
                continue
            t, u = (np.array([(d - origins[a]).days / MONTH for d in s.days]) for s in (first, second))
            row.append(LEVEL_SD**2 + steps[a] ** 2 * np.minimum.outer(t, u))
        blocks.append(row)
    return np.block(blocks)


def _estimates(study: Study, names: Sequence[str], mean: np.ndarray, covariance: np.ndarray) -> pl.DataFrame:
    rows = []
    for j, name in enumerate(names):
        centre, sd = _prior(study, name)
        spread = float(np.sqrt(covariance[j, j]))
        middle, half = float(mean[j]), 1.645 * spread
        rows.append({"parameter": name, "prior": centre, "prior_sd": sd, "mean": middle, "low": middle - half,
                     "high": middle + half, "unit": TALK_PRIORS[name].unit})  # fmt: skip
    return pl.DataFrame(rows)


def _foresee(study: Study, early: Sequence[Series], late: Sequence[Series]) -> pl.DataFrame:
    """The model, a random walk and a constant on polls that none of them saw."""
    nodes = _fit(study, early, late)
    weights = np.array([n.weight for n in nodes])
    means, sds = (np.array([n.ahead[k] for n in nodes]) for k in (0, 1))
    mean = weights @ means
    sd = np.sqrt(weights @ (sds**2 + (means - mean) ** 2))
    rows, begin = [], 0
    for past, future in zip(early, late, strict=True):
        span = np.array([(d - past.days[-1]).days / MONTH for d in future.days])
        gaps = np.diff([(d - past.days[0]).days / MONTH for d in past.days])
        moved = np.diff(past.observed)
        step = float(np.sqrt(max(np.mean(moved**2 / np.maximum(gaps, 0.5)), 1e-4)))
        for n, day in enumerate(future.days):
            j = begin + n
            guesses = {
                "model": (mean[j], sd[j]),
                "random walk": (past.observed[-1], np.hypot(step * span[n] ** 0.5, future.error[n])),
                "constant": (past.observed.mean(), np.hypot(past.observed.std(ddof=1), future.error[n])),
            }
            for name, (m, s) in guesses.items():
                rows.append({"side": past.side, "day": day, "prediction": name, "observed": float(ndtr(future.observed[n])),
                             "mean": float(ndtr(m)), "low": float(ndtr(m - 1.645 * s)), "high": float(ndtr(m + 1.645 * s)),
                             "log_score": float(norm.logpdf(future.observed[n], m, s))})  # fmt: skip
        begin += len(future.days)
    return pl.DataFrame(rows)


def _score(held_back: pl.DataFrame) -> pl.DataFrame:
    inside = (pl.col("observed") >= pl.col("low")) & (pl.col("observed") <= pl.col("high"))
    return held_back.group_by("side", "prediction", maintain_order=True).agg(
        polls=pl.len(),
        mean_absolute_error=(pl.col("mean") - pl.col("observed")).abs().mean(),
        log_score=pl.col("log_score").mean(),
        inside_90=inside.mean(),
    )
