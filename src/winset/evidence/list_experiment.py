"""List experiments: people count how many items they agree with, and nobody learns which.

Estimators of the share that agrees with the sensitive item: difference in means, maximum likelihood with covariates
(Imai 2011; Blair & Imai 2012), and combined with a direct question in either direction of falsification (Aronow,
Coppock, Crawford & Green 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import expit, gammaln, log_expit, logsumexp, ndtr, ndtri

from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

LEVEL = 0.90
STEP = 1e-4
FalseAnswer = Literal["no", "yes"]
"""What people who falsify say when asked directly: deny a shameful view, or profess a loyal one."""

Counts: TypeAlias = "Int[np.ndarray, ' person']"
Marks: TypeAlias = "Bool[np.ndarray, ' person']"


@dataclass(frozen=True)
class Prevalence:
    """Estimated share that agrees with the sensitive item.

    Parameters
    ----------
    se
        Standard error.
    low, high
        90 % interval.
    """

    share: float
    se: float
    low: float
    high: float
    people: int

    @property
    def effective(self) -> float:
        """Answers to a direct question that would tell as much: p (1 - p) / se^2."""
        p = float(np.clip(self.share, 0.02, 0.98))
        return p * (1 - p) / self.se**2


@dataclass(frozen=True)
class ListModel:
    """Fit of the maximum-likelihood model: logit of the sensitive item, binomial logit of the control items.

    Parameters
    ----------
    table
        Columns part (sensitive, control), covariate, estimate, se, low, high.
    prevalence
        Mean fitted probability of the sensitive item, its error by the delta method.
    """

    table: pl.DataFrame
    log_likelihood: float
    prevalence: Prevalence


@dataclass(frozen=True)
class ListChecks:
    """Whether a list can be trusted.

    Parameters
    ----------
    joint
        Share of each type: number of control items, and whether the sensitive one is agreed with (Blair &
        Imai 2012); a share below 0 means that adding the item changed answers to the others.
    p_design
        p value of the most negative of them, Bonferroni-corrected (Blair & Imai 2012).
    floor, ceiling
        Shares of the control group at no item and at all: above a tenth, those people cannot hide.
    """

    joint: pl.DataFrame
    p_design: float
    floor: float
    ceiling: float

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        parts = [f"{self.floor:.0%} of the control group agree with no item and {self.ceiling:.0%} with all"]
        if max(self.floor, self.ceiling) > 0.1:
            parts.append(
                "such people give their view away in the treated group, so that the list hides less than it promises"
            )
        if self.p_design < 0.05:
            parts.append(f"adding the item changed answers to the others (p = {self.p_design:.3f}): the design failed")
        else:
            parts.append(f"no sign that adding the item changed answers to the others (p = {self.p_design:.2f})")
        return "; ".join(parts) + "."


def check_answers(count: Counts, treated: Marks, items: int) -> None:
    """Refuse what no list can give.

    Raises
    ------
    UsageError
        If a group is empty or a count is impossible.
    """
    if treated.all() or not treated.any():
        raise UsageError("a list experiment needs both a treated and a control group")
    most = np.where(treated, items + 1, items)
    bad = np.flatnonzero((count < 0) | (count > most))
    if len(bad):
        n = int(bad[0])
        raise UsageError(
            f"row {n + 2}: {count[n]} of {most[n]} items is impossible ({'treated' if treated[n] else 'control'} group; "
            f"{items} control items; {len(bad)} such rows)"
        )


def compare_means(count: Counts, treated: Marks, *, weight: Float[np.ndarray, " person"] | None = None) -> Prevalence:
    """Difference in means of treated and control, unequal variances.

    Examples
    --------
    >>> compare_means(np.array([1, 2, 2, 0, 1, 1]), np.array([True] * 3 + [False] * 3)).share
    1.0
    """
    parts = [_mean(count[m].astype(float), None if weight is None else weight[m]) for m in (treated, ~treated)]
    share, se = parts[0][0] - parts[1][0], float(np.sqrt(parts[0][1] + parts[1][1]))
    return estimate(share, se, len(count))


def _mean(values: Float[np.ndarray, " person"], weight: Float[np.ndarray, " person"] | None) -> tuple[float, float]:
    """Mean and the variance of the mean."""
    w = np.ones(len(values)) if weight is None else weight
    mean = float(np.average(values, weights=w))
    worth = w.sum() ** 2 / (w**2).sum()
    spread = np.average((values - mean) ** 2, weights=w) * worth / max(worth - 1, 1)
    return mean, float(spread / worth)


def estimate(share: float, se: float, people: int) -> Prevalence:
    """An estimate with its interval, which may leave 0 to 1: that is told, not clipped."""
    z = float(ndtri(0.5 + LEVEL / 2))
    return Prevalence(share, se, share - z * se, share + z * se, people)


def fit_list(
    count: Counts,
    treated: Marks,
    items: int,
    covariates: Float[np.ndarray, "person covariate"] | None = None,
    names: tuple[str, ...] = (),
    *,
    constrained: bool = True,
) -> ListModel:
    """Maximum likelihood of Imai (2011) on the observed counts.

    Parameters
    ----------
    items
        Control items.
    constrained
        Whether people who agree with the sensitive item answer the control items like those who do not.

    Raises
    ------
    UsageError
        If the counts are impossible or the search does not end.
    """
    check_answers(count, treated, items)
    n = len(count)
    x = np.ones((n, 1)) if covariates is None else np.column_stack([np.ones(n), covariates])
    labels = ("(Intercept)", *names)
    k = x.shape[1]
    start = np.zeros(2 * k if constrained else 2 * k + 1)
    start[k] = np.log(max(count[~treated].mean(), 0.1) / max(items - count[~treated].mean(), 0.1))
    minus = lambda b: -log_likelihood(b, count, treated, items, x, constrained=constrained)  # noqa: E731
    found = minimize(minus, minimize(minus, start, method="BFGS").x, method="BFGS", options={"gtol": 1e-7})
    covariance = np.linalg.pinv(_hessian(minus, found.x))
    parts = [("sensitive", c) for c in labels] + [("control", c) for c in labels]
    parts += [] if constrained else [("control", "sensitive item")]
    fitted = expit(x @ found.x[:k])
    slope = ((fitted * (1 - fitted))[:, None] * x).mean(0)
    error = float(np.sqrt(max(slope @ covariance[:k, :k] @ slope, 0.0)))
    return ListModel(
        _coefficients(parts, found.x, covariance), float(-found.fun), estimate(float(fitted.mean()), error, n)
    )


def _coefficients(
    parts: Sequence[tuple[str, str]],
    b: Float[np.ndarray, " coefficient"],
    covariance: Float[np.ndarray, "coefficient coefficient"],
) -> pl.DataFrame:
    se = np.sqrt(np.maximum(np.diag(covariance), 0))
    z = float(ndtri(0.5 + LEVEL / 2))
    table = pl.DataFrame({"part": [p for p, _ in parts], "covariate": [c for _, c in parts], "estimate": b, "se": se})
    return table.with_columns(low=pl.col("estimate") - z * pl.col("se"), high=pl.col("estimate") + z * pl.col("se"))


def log_likelihood(
    b: Float[np.ndarray, " coefficient"],
    count: Counts,
    treated: Marks,
    items: int,
    x: Float[np.ndarray, "person covariate"],
    *,
    constrained: bool = True,
) -> float:
    """Log-likelihood of observed counts; a treated count mixes those who agree with the item and those who do not."""
    k = x.shape[1]
    agree, control = x @ b[:k], x @ b[k : 2 * k]
    lifted = control if constrained else control + b[2 * k]
    with_item = log_expit(agree) + _binomial(count - 1, items, lifted)
    without = log_expit(-agree) + _binomial(count, items, control)
    hidden = logsumexp([log_expit(agree) + _binomial(count, items, lifted), without], axis=0)
    seen = logsumexp([with_item, without], axis=0)
    return float(np.where(treated, seen, hidden).sum())


def _binomial(k: Counts, items: int, logit: Float[np.ndarray, " person"]) -> Float[np.ndarray, " person"]:
    """Log probability of ``k`` of ``items``; minus infinity outside."""
    inside = (k >= 0) & (k <= items)
    j = np.where(inside, k, 0)
    ways = gammaln(items + 1) - gammaln(j + 1) - gammaln(items - j + 1)
    return np.where(inside, ways + j * log_expit(logit) + (items - j) * log_expit(-logit), -np.inf)


def _hessian(
    f: Callable[[Float[np.ndarray, " coefficient"]], float], x: Float[np.ndarray, " coefficient"]
) -> Float[np.ndarray, "coefficient coefficient"]:
    """Second differences."""
    e = STEP * np.eye(len(x))
    return np.array(
        [[(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * STEP**2) for b in e] for a in e]
    )


def check_list(count: Counts, treated: Marks, items: int) -> ListChecks:
    """Test for design effects, floor and ceiling.

    Raises
    ------
    UsageError
        If the counts are impossible.
    """
    check_answers(count, treated, items)
    with_item, control = count[treated], count[~treated]
    upto = lambda who, j: (who <= j).astype(float)  # noqa: E731
    types = [(j, True, upto(control, j), upto(with_item, j)) for j in range(items + 1)]
    types += [(j, False, upto(with_item, j), upto(control, j - 1)) for j in range(items + 1)]
    rows = [{"control items": j, "agrees": agrees, **_gap(a, b)} for j, agrees, a, b in types]
    worst = min((float(ndtr(r["share"] / r["se"])) for r in rows if r["se"] > 0), default=1.0)
    return ListChecks(
        pl.DataFrame(rows),
        min(1.0, worst * len(rows)),
        float((control == 0).mean()),
        float((control == items).mean()),
    )


def _gap(a: Float[np.ndarray, " one"], b: Float[np.ndarray, " other"]) -> dict[str, float]:
    """Difference of two shares and its standard error."""
    variance = a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)
    return {"share": float(a.mean() - b.mean()), "se": float(np.sqrt(variance))}


def combine_direct(
    count: Counts, treated: Marks, direct: Marks, *, false_answer: FalseAnswer = "no"
) -> tuple[Prevalence, Prevalence]:
    """Direct question and list together.

    Parameters
    ----------
    direct
        Whether a person said yes when asked directly.
    false_answer
        ``no``: whoever says yes means it, and the list is needed among those who say no (Aronow et al. 2015).
        ``yes``: mirrored, whoever says no means it, as with support for a war at home.

    Returns
    -------
    The combined estimate, and the placebo among those whose direct answer is taken at its word: 1 (or 0, mirrored) if
    that is right.

    Raises
    ------
    UsageError
        If everybody gave the same direct answer.
    """
    if direct.all() or not direct.any():
        raise UsageError("everybody gave the same direct answer; there is nothing to combine")
    doubted = ~direct if false_answer == "no" else direct
    p, n = float(doubted.mean()), len(direct)
    inside, outside = (compare_means(count[m], treated[m]) for m in (doubted, ~doubted))
    share = (1 - p) + p * inside.share if false_answer == "no" else p * inside.share
    gap = 1 - inside.share if false_answer == "no" else inside.share
    variance = p**2 * inside.se**2 + gap**2 * p * (1 - p) / (n - 1)
    return estimate(share, float(np.sqrt(variance)), n), outside


def deflate(prevalence: Prevalence, missing: float) -> Prevalence:
    """Prevalence if lists lose so much of every agreement (Frye et al. 2023: placebo lists show it)."""
    return estimate(prevalence.share + missing, prevalence.se, prevalence.people)
