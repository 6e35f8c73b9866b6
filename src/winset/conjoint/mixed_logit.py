"""Mixed logit: what each term weighs, and how its weight varies between people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import OptimizeResult, minimize
from scipy.special import ndtri
from scipy.stats import qmc

from winset.conjoint.choices import Choices
from winset.conjoint.logit import LogitFit, fit_logit
from winset.errors import FitError, UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

Family = Literal["normal", "log-normal"]
Points = Literal["halton", "sobol"]
SKIPPED = 100
"""First points of a Halton sequence, which resemble each other across dimensions (Train 2009, sec. 9.3.3)."""
SPREAD = 0.1
"""Spread at which the search starts, as a share of the size that makes a term matter."""
FLAT = 1e-4
"""Largest gradient per respondent at which the search ends."""


@dataclass(frozen=True)
class Panel:
    """Differences of each alternative from the chosen one, by respondent.

    Parameters
    ----------
    gap
        Feature of an alternative less that of the chosen one.
    real
        Which entries are alternatives that were not taken.
    draws
        Standard normal draws of every random term.
    """

    gap: Float[np.ndarray, "respondent task other feature"]
    real: Bool[np.ndarray, "respondent task other"]
    draws: Float[np.ndarray, "respondent term draw"]
    weight: Float[np.ndarray, " respondent"]


def fit_mixed_logit(
    choices: Choices,
    random: Mapping[str, Family],
    *,
    correlated: bool = False,
    draws: int = 500,
    points: Points = "halton",
    seed: int = 1,
    robust: str = "CR1",
    progress: Callable[[str], None] = lambda _: None,
) -> LogitFit:
    """Maximum simulated likelihood, choices of one respondent sharing their draws.

    Parameters
    ----------
    random
        Family of each term that varies between people. ``log-normal`` keeps a weight above zero: turn the sign of
        a term that everybody dislikes.
    correlated
        Let the terms of one person be correlated (Cholesky factor in place of spreads).
    draws
        Draws for each respondent.
    points
        ``halton`` (plain, first hundred skipped) or ``sobol`` (scrambled by ``seed``).
    robust
        ``none`` for the inverse information, ``CR0`` or ``CR1`` for the sandwich over respondents.

    Raises
    ------
    UsageError
        If a term or family is unknown.
    FitError
        If the search does not end or the information is singular.

    Notes
    -----
    Train (2009), ch. 6 and 10; gradient and Hessian by automatic differentiation of the simulated likelihood.
    """
    places = _places(choices, random)
    plain = fit_logit(choices, robust="none")
    shape = Shape(
        len(choices.names), tuple(places), tuple(random[choices.names[k]] == "log-normal" for k in places), correlated
    )
    panel = _panel(choices, make_draws(len(places), choices.respondents, draws, points, seed))
    work = Work(shape, panel)
    start = _start(shape, plain.coefficient)
    progress(f"searching {len(start)} estimates on {choices.respondents:,} respondents x {draws} draws")
    done = _climb(work, shape, start, choices.respondents)
    information = -work.hessian(done.x)
    if np.linalg.eigvalsh(information)[0] <= 0:
        raise FitError("the information is singular: the tasks do not tell all random terms apart; try fewer")
    bread = np.linalg.inv(information)
    _, slopes = work.scores(done.x)
    mirrored, _ = work.scores(shape.mirror(done.x))
    factor = choices.respondents / (choices.respondents - 1) if robust == "CR1" else 1.0
    covariance = bread if robust == "none" else factor * bread @ (slopes.T @ slopes) @ bread
    return replace(
        plain,
        kind="mixed logit",
        names=shape.names(choices.names),
        coefficient=shape.tidy(done.x),
        covariance=covariance * np.outer(shape.signs(done.x), shape.signs(done.x)),
        log_likelihood=-float(done.fun),
        robust=robust,
        random=dict(random),
        correlated=correlated,
        draws=draws,
        notes=(_draws_note(draws, points, mirrored), *_lognormal_note(random)),
    )


def _draws_note(draws: int, points: str, mirrored: float) -> str:
    """How far the answer hangs on the draws."""
    said = f"{draws} {points} draws a respondent; with mirrored draws the log-likelihood is {mirrored:.2f}"
    return f"{said}: more draws bring the two together."


def _lognormal_note(random: Mapping[str, Family]) -> tuple[str, ...]:
    logged = [k for k, f in random.items() if f == "log-normal"]
    return (f"Mean and sd of the logarithm for {', '.join(logged)}.",) if logged else ()


@dataclass(frozen=True)
class Shape:
    """Where each estimate stands: means of all terms, then spreads of the random ones."""

    terms: int
    places: tuple[int, ...]
    logged: tuple[bool, ...]
    correlated: bool

    def names(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        """Names of all estimates."""
        own = [terms[k] for k in self.places]
        if not self.correlated:
            return (*terms, *(f"sd of {t}" for t in own))
        return (*terms, *(f"L {own[i]} / {own[j]}" for i in range(len(own)) for j in range(i + 1)))

    def signs(self, x: Float[np.ndarray, " estimate"]) -> Float[np.ndarray, " estimate"]:
        """A spread and its negative are the same: the sign that makes it (a column of the factor) positive."""
        sign = np.ones(len(x))
        n = len(self.places)
        if not self.correlated:
            sign[self.terms :] = np.where(x[self.terms :] < 0, -1.0, 1.0)
            return sign
        rows, columns = np.tril_indices(n)
        diagonal = x[self.terms :][rows == columns]
        sign[self.terms :] = np.where(diagonal < 0, -1.0, 1.0)[columns]
        return sign

    def mirror(self, x: Float[np.ndarray, " estimate"], place: int | None = None) -> Float[np.ndarray, " estimate"]:
        """Estimates with all spreads turned round, or the spread (row of the factor) of one random term."""
        turned = x.copy()
        rows = np.tril_indices(len(self.places))[0] if self.correlated else np.arange(len(self.places))
        turned[self.terms :] *= np.where(rows == place, -1.0, 1.0) if place is not None else -1.0
        return turned

    def tidy(self, x: Float[np.ndarray, " estimate"]) -> Float[np.ndarray, " estimate"]:
        """Estimates with positive spreads."""
        return x * self.signs(x)


class Work:
    """The compiled likelihood of one panel, on both halves of the machine at once."""

    def __init__(self, shape: Shape, panel: Panel) -> None:
        from winset.conjoint.simulated import compile_likelihood

        self.scores, self.hessian = compile_likelihood(shape, panel)


def _climb(work: Work, shape: Shape, x: Float[np.ndarray, " estimate"], respondents: int) -> OptimizeResult:
    """BFGS from the curvature of the scores; spreads are turned round while that gains.

    A finite set of draws is not quite symmetric, so that a spread and its negative have different likelihoods and each
    sign a summit of its own.
    """
    best: OptimizeResult | None = None
    for _ in range(2 * len(shape.places)):
        _, slopes = work.scores(x)
        options = {"gtol": FLAT * respondents**0.5, "hess_inv0": _positive_inverse(slopes.T @ slopes), "maxiter": 500}
        done = minimize(lambda y: _negative(work, y), x, jac=True, method="BFGS", options=options)
        if not np.isfinite(done.fun) or (not done.success and np.abs(done.jac).max() > 0.01 * respondents):
            raise FitError(f"the search for the mixed logit did not end ({done.message}); try fewer random terms")
        if best is not None and done.fun >= best.fun - FLAT:
            break
        best = done
        turned = [shape.mirror(done.x, k) for k in range(len(shape.places))]
        values = [work.scores(y)[0] for y in turned]
        if max(values) <= -done.fun + FLAT:
            break
        x = turned[int(np.argmax(values))]
    assert best is not None
    return best


def _negative(work: Work, x: Float[np.ndarray, " estimate"]) -> tuple[float, Float[np.ndarray, " estimate"]]:
    value, slopes = work.scores(x)
    return (-value, -slopes.sum(0)) if np.isfinite(value) else (1e300, np.zeros(len(x)))


def _places(choices: Choices, random: Mapping[str, str]) -> list[int]:
    if not random:
        raise UsageError("name at least one term that varies between people; without one use the conditional logit")
    for term, family in random.items():
        if term not in choices.names:
            raise UsageError(f"unknown term `{term}`{suggest(term, choices.names)}")
        if family not in {"normal", "log-normal"}:
            raise UsageError(f"unknown family `{family}` of `{term}`; normal or log-normal")
    return [k for k, name in enumerate(choices.names) if name in random]


def _start(shape: Shape, beta: Float[np.ndarray, " feature"]) -> Float[np.ndarray, " estimate"]:
    mean = beta.copy()
    for k, logged in zip(shape.places, shape.logged, strict=True):
        if logged:
            mean[k] = np.log(max(beta[k], 1e-2))
    spread = np.array(
        [SPREAD if g else max(SPREAD, 0.5 * abs(beta[k])) for k, g in zip(shape.places, shape.logged, strict=True)]
    )
    if shape.correlated:
        rows, columns = np.tril_indices(len(spread))
        return np.concatenate([mean, np.where(rows == columns, spread[rows], 0.0)])
    return np.concatenate([mean, spread])


def _positive_inverse(matrix: Float[np.ndarray, "estimate estimate"]) -> Float[np.ndarray, "estimate estimate"]:
    value, vector = np.linalg.eigh(matrix)
    root = vector / np.sqrt(np.maximum(value, 1e-6 * value[-1]))
    return root @ root.T


def make_draws(
    terms: int, respondents: int, draws: int, points: Points, seed: int
) -> Float[np.ndarray, "respondent term draw"]:
    """Standard normal draws; consecutive points of a sequence belong to one respondent, as is usual."""
    count = respondents * draws
    if points == "halton":
        unit = qmc.Halton(terms, scramble=False).random(SKIPPED + count)[SKIPPED:]
    else:
        unit = qmc.Sobol(terms, rng=np.random.default_rng(seed)).random_base2(int(np.ceil(np.log2(max(count, 2)))))[
            :count
        ]
    normal = ndtri(np.clip(unit, 1e-12, 1 - 1e-12))
    return np.ascontiguousarray(normal.reshape(respondents, draws, terms).swapaxes(1, 2))


def _panel(choices: Choices, draws: Float[np.ndarray, "respondent term draw"]) -> Panel:
    """Tasks by respondent, padded to the longest."""
    gap, other = choices.gaps()
    weight = np.bincount(choices.respondent, choices.weight) / np.bincount(choices.respondent)
    return Panel(choices.by_respondent(gap), choices.by_respondent(other), draws, weight)
