"""Marginal means: how profiles with a level were judged, whatever else they held."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.linalg import block_diag

from winset.conjoint.effects import joint_block
from winset.conjoint.estimates import Estimates, tabulate
from winset.conjoint.least_squares import Robust, fit_least_squares
from winset.conjoint.profiles import Profiles
from winset.errors import UsageError


def estimate_means(
    profiles: Profiles, *, robust: Robust = "CR1", null: float | None = None, confidence: float = 0.95
) -> Estimates:
    """Marginal means, by subgroup where the profiles have some.

    Parameters
    ----------
    null
        Value that z and p are about; a half for outcomes of 0 and 1, else 0.

    Returns
    -------
    One row a level. Covariances are kept within an attribute; between attributes they are set to zero.

    Raises
    ------
    UsageError
        If there is only one respondent.

    Notes
    -----
    Leeper, Hobolt & Tilley (2020), eq. 3. Means are over the profiles that were shown: where combinations were restricted,
    levels are not judged in equal company.
    """
    if profiles.respondents < 2:
        raise UsageError("all rows are of one respondent; a standard error needs at least two")
    binary = bool(np.isin(profiles.outcome, (0.0, 1.0)).all())
    against = (0.5 if binary else 0.0) if null is None else null
    labels, means, covariances = [], [], []
    for a, levels in profiles.levels.items():
        block = joint_block(profiles, (a,))
        fit = fit_least_squares([block], profiles.outcome, profiles.weight, profiles.respondent)
        means.append(fit.coefficient)
        covariances.append(fit.covariance(np.eye(len(block.cells)), robust))
        counts = np.bincount(block.codes)
        labels += [
            {"attribute": a, "level": levels[n], "group": profiles.groups[g], "n": int(counts[row])}
            for row, (g, n) in enumerate(block.cells)
        ]
    covariance = np.asarray(block_diag(*covariances))
    return Estimates(
        kind="mm",
        outcome=(profiles.names or {}).get("outcome", "outcome"),
        table=tabulate(pl.DataFrame(labels), np.concatenate(means), covariance, confidence, against),
        covariance=covariance,
        robust=robust,
        respondents=profiles.respondents,
        rows=len(profiles),
        confidence=confidence,
        notes=(f"z and p are about {against:g}.",),
        source=profiles.source,
    )
