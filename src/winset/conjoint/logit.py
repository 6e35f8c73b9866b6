"""Conditional logit: what each term weighs in a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.special import logsumexp

from winset.conjoint.choices import Choices
from winset.conjoint.estimates import tabulate
from winset.errors import FitError

if TYPE_CHECKING:
    from jaxtyping import Float

MOST_STEPS = 60
CLOSE = 1e-16
"""Newton's decrement, half the expected gain in log-likelihood, at which the search ends."""
STEEP = 12.0
"""Utility that a term may add over its spread before the choices are searched for a separating term."""


@dataclass(frozen=True)
class LogitFit:
    """Weights of terms in the utility of an alternative.

    Parameters
    ----------
    kind
        ``conditional logit`` or ``mixed logit``.
    names, coefficient, covariance
        Estimates in order. A mixed logit has the means first, then spreads (``sd of ...``, or ``L ...`` for the
        lower triangle of a Cholesky factor, where terms are correlated).
    random
        Family of each term that varies between people, by name.
    """

    kind: str
    names: tuple[str, ...]
    coefficient: Float[np.ndarray, " estimate"]
    covariance: Float[np.ndarray, "estimate estimate"]
    log_likelihood: float
    null_log_likelihood: float
    tasks: int
    respondents: int
    robust: str
    choices: Choices
    random: dict[str, str]
    correlated: bool = False
    draws: int = 0
    notes: tuple[str, ...] = ()
    source: str = ""

    def __repr__(self) -> str:
        return f"<LogitFit: {self.kind}, {len(self.names)} estimates, log-likelihood {self.log_likelihood:.3f}>"

    def table(self, confidence: float = 0.95) -> pl.DataFrame:
        """One row an estimate: name, estimate, se, z, p, low, high."""
        return tabulate(pl.DataFrame({"name": self.names}), self.coefficient, self.covariance, confidence)


def fit_logit(choices: Choices, *, robust: str = "CR1") -> LogitFit:
    """Conditional logit by Newton's method.

    Parameters
    ----------
    robust
        ``none`` for the inverse information, ``CR0`` or ``CR1`` for a covariance robust to respondents.

    Raises
    ------
    FitError
        If terms are collinear, or one separates chosen from other alternatives so that its weight is infinite.

    Notes
    -----
    McFadden (1974). The log-likelihood is concave; gradient and Hessian are exact.

    Examples
    --------
    Two of three people prefer ``b``: its weight is log 2.

    >>> import polars as pl
    >>> from winset.conjoint import make_choices
    >>> rows = [{"t": t, "b": x, "y": int((x == 1) == (t < 2))} for t in range(3) for x in (0, 1)]
    >>> fit = fit_logit(make_choices(pl.DataFrame(rows), task="t", chosen="y", features=["b"]), robust="none")
    >>> round(float(fit.coefficient[0]), 4)
    0.6931
    """
    check_terms(choices)
    beta = np.zeros(len(choices.names))
    value, slope, information = evaluate(choices, beta)
    for _ in range(MOST_STEPS):
        step = np.linalg.lstsq(information, slope, rcond=1e-12)[0]
        if slope @ step / 2 < CLOSE:
            break
        size = 1.0
        while True:
            tried = evaluate(choices, beta + size * step)
            if tried[0] >= value or size < 1e-8:
                break
            size /= 2
        beta, (value, slope, information) = beta + size * step, tried
        _check_steepness(choices, beta)
    inverse = np.linalg.inv(information)
    return LogitFit(
        kind="conditional logit",
        names=choices.names,
        coefficient=beta,
        covariance=sandwich(inverse, task_scores(choices, beta), choices, robust),
        log_likelihood=value,
        null_log_likelihood=null_log_likelihood(choices),
        tasks=len(choices),
        respondents=choices.respondents,
        robust=robust,
        choices=choices,
        random={},
        source=choices.source,
    )


def probabilities(choices: Choices, beta: Float[np.ndarray, " feature"]) -> Float[np.ndarray, "task alternative"]:
    """Chance of each alternative, zero where there is none."""
    utility = np.where(choices.available, choices.features @ beta, -np.inf)
    return np.exp(utility - logsumexp(utility, axis=1, keepdims=True))


def null_log_likelihood(choices: Choices) -> float:
    """Log-likelihood when all alternatives are alike."""
    return float(-(choices.weight * np.log(choices.available.sum(1))).sum())


def evaluate(
    choices: Choices, beta: Float[np.ndarray, " feature"]
) -> tuple[float, Float[np.ndarray, " feature"], Float[np.ndarray, "feature feature"]]:
    """Log-likelihood, its gradient and the information."""
    p = probabilities(choices, beta)
    taken = p[np.arange(len(choices)), choices.chosen]
    slope = task_scores(choices, beta, p).sum(0)
    mean = np.einsum("tj,tjk->tk", p, choices.features)
    spread = choices.features - mean[:, None]
    scaled = (spread * (p * choices.weight[:, None])[..., None]).reshape(-1, len(choices.names))
    return float(choices.weight @ np.log(taken)), slope, scaled.T @ spread.reshape(-1, len(choices.names))


def task_scores(
    choices: Choices, beta: Float[np.ndarray, " feature"], p: Float[np.ndarray, "task alternative"] | None = None
) -> Float[np.ndarray, "task feature"]:
    """Gradient of each task's log-likelihood, weighted."""
    p = probabilities(choices, beta) if p is None else p
    taken = choices.features[np.arange(len(choices)), choices.chosen]
    return choices.weight[:, None] * (taken - np.einsum("tj,tjk->tk", p, choices.features))


def sandwich(
    inverse: Float[np.ndarray, "estimate estimate"],
    scores: Float[np.ndarray, "task estimate"],
    choices: Choices,
    robust: str,
) -> Float[np.ndarray, "estimate estimate"]:
    """Covariance: the inverse information, or one that holds when answers of a respondent resemble each other."""
    if robust == "none":
        return inverse
    groups = choices.respondents
    if groups < 2:
        raise FitError("all tasks are of one respondent; a standard error needs at least two")
    sums = np.zeros((groups, scores.shape[1]))
    np.add.at(sums, choices.respondent, scores)
    factor = groups / (groups - 1) if robust == "CR1" else 1.0
    return factor * inverse @ sums.T @ sums @ inverse


def check_terms(choices: Choices) -> None:
    """Refuse terms that the tasks cannot tell apart."""
    if not len(choices):
        raise FitError("there are no tasks")
    _, _, information = evaluate(choices, np.zeros(len(choices.names)))
    silent = [n for n, x in zip(choices.names, np.diag(information), strict=True) if x <= 1e-12]
    if silent:
        raise FitError(f"`{silent[0]}` never differs between the alternatives of a task; leave it out")
    scale = 1 / np.sqrt(np.diag(information))
    value, vector = np.linalg.eigh(information * np.outer(scale, scale))
    if value[0] < 1e-10:
        tied = [choices.names[n] for n in np.flatnonzero(np.abs(vector[:, 0]) > 0.1)]
        raise FitError(f"these terms cannot be told apart: {', '.join(f'`{t}`' for t in tied)}; leave one out")


def _check_steepness(choices: Choices, beta: Float[np.ndarray, " feature"]) -> None:
    spread = choices.features[choices.available].std(axis=0)
    if np.max(np.abs(beta) * spread) > STEEP and (found := separating_terms(choices)):
        listed = ", ".join(f"`{t}`" for t in found)
        raise FitError(
            f"perfect separation by {listed}: the alternative that has more of it is always (or never) taken, so its weight "
            "is infinite; join the level to a neighbour, or use the hierarchical model, whose prior keeps weights finite"
        )


def separating_terms(choices: Choices) -> Sequence[str]:
    """Terms of a combination that ranks every chosen alternative at least as high as all others.

    Notes
    -----
    Konis (2007): such a combination exists if and only if the maximum likelihood estimate does not.
    """
    rows = np.arange(len(choices))
    gap = choices.features[rows, choices.chosen][:, None] - choices.features
    other = choices.available & (np.arange(gap.shape[1])[None] != choices.chosen[:, None])
    gap = np.unique(gap[other], axis=0)
    ever = (gap != 0).sum(0)
    one_way = np.flatnonzero((ever > 0) & (np.abs(np.sign(gap).sum(0)) == ever))
    alone = [choices.names[k] for k in one_way]
    if alone:
        return alone
    solved = linprog(-gap.sum(0), A_ub=-gap, b_ub=np.zeros(len(gap)), bounds=(-1, 1))
    if solved.status != 0 or -solved.fun < 1e-7:
        return []
    return [n for n, x in zip(choices.names, solved.x, strict=True) if abs(x) > 1e-7]
