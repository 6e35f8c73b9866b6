"""Hierarchical Bayes: part-worths of every respondent about those of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.conjoint.choices import Choices
from winset.conjoint.logit import check_terms
from winset.errors import FitError

if TYPE_CHECKING:
    from jaxtyping import Float

KEPT = 200
"""Draws of everybody's part-worths that are kept per chain."""
CHAINS = 4
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
    draws: int = 500,
    warmup: int = 300,
    seed: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> Hierarchy:
    """Hierarchical logit: everybody's part-worths about their mean, sampled by NUTS.

    Parameters
    ----------
    correlated
        Let a person's part-worths be correlated (LKJ prior with concentration 2); independent else.
    draws, warmup
        Per chain, of four chains.

    Raises
    ------
    FitError
        If terms cannot be told apart.

    Notes
    -----
    Allenby & Rossi (1998) for the model; deviations are not centred, since a few tasks say little of each person
    (Papaspiliopoulos, Roberts & Skold 2007). Priors: mean N(0, 2.5); spread half-normal with scale one, as people
    rarely differ by more than that on one term in logits.
    """
    check_terms(choices)
    from winset.conjoint.sampled import sample_hierarchy

    progress(f"sampling {CHAINS} chains, {warmup} + {draws} draws each")
    mean, spread, people = sample_hierarchy(choices, correlated, CHAINS, draws, warmup, min(KEPT, draws), seed)
    if not np.isfinite(mean).all():
        raise FitError("the sampler left the finite numbers; look for features of very different size and rescale them")
    rhat, ess = _judge(np.concatenate([mean, np.log(spread)], axis=-1))
    return Hierarchy(choices, mean, spread, people, rhat, ess)


def _judge(values: Float[np.ndarray, "chain draw quantity"]) -> tuple[float, float]:
    """Largest R-hat and fewest effective draws."""
    from arviz_stats.base.array import array_stats

    rhat = array_stats.rhat(values, chain_axis=0, draw_axis=1)
    ess = array_stats.ess(values, chain_axis=0, draw_axis=1)
    return float(np.max(rhat)), float(np.min(ess))
