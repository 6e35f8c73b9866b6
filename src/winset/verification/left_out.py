"""Each poll predicted from all the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import Acceptance, as_measured, predict_without
from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Float

LARGEST_K = 0.7
"""Pareto k above which reweighted draws are not to be trusted (Vehtari et al. 2024)."""


@dataclass(frozen=True)
class LeftOut:
    """Left-out predictions beside the mean of the same constituency's other polls.

    Parameters
    ----------
    table
        One row per poll or set of voices: observed, predicted, constituency_mean, pareto_k, refitted.
    """

    table: pl.DataFrame
    minimum_count: int = 5
    """Groups under it count in the errors, and are not shown."""

    def errors(self) -> tuple[float, float]:
        """Mean absolute error of the model and of the constituency's mean."""
        gap = [(self.table["observed"] - self.table[c]).abs().to_numpy() for c in ("predicted", "constituency_mean")]
        return float(gap[0].mean()), float(gap[1].mean())


def leave_one_out(acceptance: Acceptance) -> LeftOut:
    """Predict every cell as if it had not been there.

    Notes
    -----
    Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017). A question asked once loses its
    deviation with its cell, so its weights are heavy; such cells are left out of a fit of their own, by the
    Laplace approximation.

    Raises
    ------
    UsageError
        If the acceptance holds no evidence.
    """
    samples = acceptance.fit.samples
    if "log_likelihood" not in samples:
        raise UsageError("there is no evidence to leave out")
    flat = {k: samples[k].reshape(-1, *samples[k].shape[2:]) for k in ("log_likelihood", "bins")}
    cells, measure = acceptance.cells, acceptance.cells.measure
    share, observed = cells.share_of(flat["bins"]), cells.observed()
    decided = cells.decided_share()
    rows = []
    for n in np.flatnonzero(np.isfinite(observed)):
        weights, k = smooth_weights(flat["log_likelihood"][:, n].astype(float))
        same = np.isfinite(observed) & (cells.group == cells.group[n])
        same[n] = False
        rows.append(
            {**cells.names.row(int(n), named=True), "measure": measure[n], "observed": float(observed[n])}
            | {"predicted": float(weights @ share[:, n])}
            | {
                "constituency_mean": as_measured(
                    float(decided[same].mean()) if same.any() else 0.5, measure[n], cells.hidden[n]
                )
            }
            | {"pareto_k": k, "refitted": not k < LARGEST_K}
        )
    table = pl.DataFrame(rows)
    again = np.flatnonzero(np.isfinite(observed))[table["refitted"].to_numpy()]
    predicted = table["predicted"].to_numpy().copy()
    predicted[table["refitted"].to_numpy()] = predict_without(acceptance, again)
    return LeftOut(table.with_columns(predicted=predicted), acceptance.study.minimum_count)


def smooth_weights(terms: Float[np.ndarray, " draw"]) -> tuple[Float[np.ndarray, " draw"], float]:
    """Weights of draws, summing to one, once evidence of so much log-likelihood is left out; and Pareto k.

    Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024); evidence that says nothing leaves no
    trace, as a whole beside all its parts.
    """
    from arviz_stats.base.array import array_stats

    if np.ptp(terms) < 1e-9:
        return np.full(len(terms), 1 / len(terms)), 0.0
    weights, k = array_stats.psislw(terms, axis=-1)
    weights = np.exp(weights - weights.max())
    return weights / weights.sum(), float(k)
