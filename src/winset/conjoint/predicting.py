"""What a choice model says of packages that nobody was shown, and how well it foresees tasks that it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.conjoint.choices import ACCEPTED, Choices
from winset.conjoint.hierarchy import Hierarchy
from winset.conjoint.logit import LogitFit
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Float

Model = LogitFit | Hierarchy
DRAWS, PEOPLE = 400, 500
"""Draws of the estimates, and of people within each draw of a mixed logit."""
LOW, HIGH = 0.05, 0.95


def draw_tastes(model: Model, seed: int = 1) -> Float[np.ndarray, "draw person term"]:
    """Part-worths of people, for each draw of what is uncertain about everybody.

    Notes
    -----
    Krinsky & Robb (1986): estimates are drawn from their sampling distribution; a mixed logit then draws people, the
    hierarchical model has everybody's own.
    """
    if isinstance(model, Hierarchy):
        return model.people.astype(float)
    rng = np.random.default_rng(seed)
    estimates = rng.multivariate_normal(model.coefficient, model.covariance, DRAWS, method="eigh")
    terms = len(model.choices.names)
    mean = estimates[:, None, :terms]
    if not model.random:
        return mean
    places = [k for k, n in enumerate(model.choices.names) if n in model.random]
    noise = rng.standard_normal((DRAWS, PEOPLE, len(places)))
    spread = estimates[:, terms:]
    if model.correlated:
        factor = np.zeros((DRAWS, len(places), len(places)))
        factor[:, *np.tril_indices(len(places))] = spread
        varied = noise @ factor.swapaxes(1, 2)
    else:
        varied = noise * spread[:, None]
    people = np.repeat(mean, PEOPLE, axis=1)
    people[..., places] += varied
    logged = [k for k in places if model.random[model.choices.names[k]] == "log-normal"]
    people[..., logged] = np.exp(people[..., logged])
    return people


def encode_package(choices: Choices, package: Mapping[str, str]) -> Float[np.ndarray, " term"]:
    """Features of a package that settles every attribute.

    Raises
    ------
    UsageError
        If an attribute or level is unknown or missing.
    """
    if not choices.levels:
        raise UsageError("these choices have numeric features, no attributes; predict from features directly")
    for a in package:
        if a not in choices.levels:
            raise UsageError(f"unknown attribute `{a}`{suggest(a, choices.levels)}")
    row = np.zeros(len(choices.names))
    if ACCEPTED in choices.names:
        row[choices.names.index(ACCEPTED)] = 1.0
    for a, levels in choices.levels.items():
        if a not in package:
            raise UsageError(f"`{a}` is not settled; name one of {', '.join(f'`{x}`' for x in levels)}")
        if package[a] not in levels:
            raise UsageError(f"unknown level `{package[a]}` of `{a}`{suggest(package[a], levels)}")
        if package[a] != levels[0]:
            row[choices.names.index(f"{a}: {package[a]}")] = 1.0
    return row


def predict_shares(model: Model, packages: Sequence[Mapping[str, str]], *, seed: int = 1) -> pl.DataFrame:
    """Share of people who would take each of several packages, if they had to take one.

    Returns
    -------
    Columns package, mean, low, high (90 % interval).
    """
    if len(packages) < 2:
        raise UsageError("shares of preference need two packages or more; for one package ask predict_acceptance")
    rows = np.stack([encode_package(model.choices, p) for p in packages])
    return _tabulated(packages, _shares(draw_tastes(model, seed), rows))


def predict_acceptance(model: Model, packages: Sequence[Mapping[str, str]], *, seed: int = 1) -> pl.DataFrame:
    """Share of people who would rather have a package than no deal.

    Raises
    ------
    UsageError
        If the model was fitted to forced choices, which say nothing about no deal.
    """
    if ACCEPTED not in model.choices.names:
        raise UsageError("forced choices do not tell what people would accept against no deal; ask predict_shares")
    tastes = draw_tastes(model, seed)
    shares = []
    for p in packages:
        utility = tastes @ encode_package(model.choices, p)
        shares.append((1 / (1 + np.exp(-utility))).mean(1))
    return _tabulated(packages, np.stack(shares, axis=1))


def estimate_elasticity(
    model: Model, package: Mapping[str, str], against: Mapping[str, str] | None, attribute: str, *, seed: int = 1
) -> pl.DataFrame:
    """How far a package's share moves when one option of it is changed, for each other option.

    Parameters
    ----------
    against
        The rival package; None for no deal.

    Returns
    -------
    Columns level, mean, low, high: change of the share of people who take the package.
    """
    own = encode_package(model.choices, package)
    if attribute not in model.choices.levels:
        raise UsageError(f"unknown attribute `{attribute}`{suggest(attribute, model.choices.levels)}")
    if against is None and ACCEPTED not in model.choices.names:
        raise UsageError("forced choices know no deal only as another package; name one")
    rival = encode_package(model.choices, against) if against else np.zeros(len(own))
    tastes = draw_tastes(model, seed)
    before = _shares(tastes, np.stack([own, rival]))[:, 0]
    rows = []
    for level in model.choices.levels[attribute]:
        changed = encode_package(model.choices, {**package, attribute: level})
        moved = _shares(tastes, np.stack([changed, rival]))[:, 0] - before
        rows.append({"level": level} | _interval(moved))
    return pl.DataFrame(rows)


def rank_attributes(model: Model, *, seed: int = 1) -> pl.DataFrame:
    """Importance of each attribute: its share of the range of utility, worked out person by person and averaged."""
    tastes = draw_tastes(model, seed)
    choices = model.choices
    spans = []
    for a, levels in choices.levels.items():
        own = tastes[..., [choices.names.index(f"{a}: {x}") for x in levels[1:]]]
        spans.append(np.maximum(own.max(-1, initial=0.0), 0) - np.minimum(own.min(-1, initial=0.0), 0))
    share = (np.stack(spans, -1) / np.sum(spans, axis=0)[..., None]).mean(1)
    rows = [{"attribute": a} | _interval(share[:, n]) for n, a in enumerate(choices.levels)]
    return pl.DataFrame(rows)


@dataclass(frozen=True)
class Holdout:
    """Tasks that a model had not seen.

    Parameters
    ----------
    hits
        Share of tasks in which the likeliest alternative was taken; ``chance_hits`` what guessing gets.
    log_likelihood
        Mean log of the chance given to what was taken; ``chance_log_likelihood`` with all alike.
    """

    tasks: int
    hits: float
    chance_hits: float
    log_likelihood: float
    chance_log_likelihood: float


def score_holdout(choices: Choices, fit: Callable[[Choices], Model], *, last: int = 1, seed: int = 1) -> Holdout:
    """Fit without the last tasks of every respondent, then foresee them.

    Parameters
    ----------
    fit
        Any of the fits, such as ``fit_logit``; the hierarchical model foresees each respondent by his own part-worths.
    last
        Tasks held out for each respondent who has more than that.

    Raises
    ------
    UsageError
        If no respondent has more tasks than are held out.
    """
    sizes = np.bincount(choices.respondent)
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(choices))
    held = (left <= last) & (sizes[choices.respondent] > last)
    if not held.any():
        raise UsageError(f"no respondent has more than {last} tasks, so none can be held out")
    model = fit(choices.subset(~held))
    tastes = draw_tastes(model, seed)
    chance = np.zeros((int(held.sum()), choices.features.shape[1]))
    rows = np.flatnonzero(held)
    for n, t in enumerate(rows):
        own = (
            tastes[:, choices.respondent[t]]
            if isinstance(model, Hierarchy)
            else tastes.reshape(-1, tastes.shape[-1])[:20_000]
        )
        utility = np.where(choices.available[t], own @ choices.features[t].T, -np.inf)
        odds = np.exp(utility - utility.max(1, keepdims=True))
        chance[n] = (odds / odds.sum(1, keepdims=True)).mean(0)
    taken = chance[np.arange(len(rows)), choices.chosen[rows]]
    alike = 1 / choices.available[rows].sum(1)
    hits = float((chance.argmax(1) == choices.chosen[rows]).mean())
    return Holdout(len(rows), hits, float(alike.mean()), float(np.log(taken).mean()), float(np.log(alike).mean()))


def _shares(
    tastes: Float[np.ndarray, "draw person term"], rows: Float[np.ndarray, "package term"]
) -> Float[np.ndarray, "draw package"]:
    utility = tastes @ rows.T
    odds = np.exp(utility - utility.max(-1, keepdims=True))
    return (odds / odds.sum(-1, keepdims=True)).mean(1)


def _tabulated(packages: Sequence[Mapping[str, str]], shares: Float[np.ndarray, "draw package"]) -> pl.DataFrame:
    names = ["; ".join(f"{a}={x}" for a, x in p.items()) for p in packages]
    return pl.DataFrame([{"package": n} | _interval(shares[:, k]) for k, n in enumerate(names)])


def _interval(values: Float[np.ndarray, " draw"]) -> dict[str, float]:
    low, high = np.quantile(values, [LOW, HIGH])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}
