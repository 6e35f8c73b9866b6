"""What an estimator returns: a tidy table and the covariance of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri
from scipy.stats import false_discovery_control

from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Float

RANK = 1e-9
"""Eigenvalues below this share of the largest count as zero."""
ADJUSTMENTS = ("none", "bonferroni", "holm", "bh")


@dataclass(frozen=True)
class Estimates:
    """Estimates with their sampling covariance.

    Parameters
    ----------
    kind
        ``amce``, ``mm``, ``acie`` or a difference of these.
    table
        One row an estimate: attribute, level, group, estimate, se, z, p, low, high, n (profiles). References
        stand with estimate 0 and no standard error; what the data cannot tell is null.
    covariance
        Rows and columns as in ``table``; zero for references.
    notes
        What a reader must know, in sentences.
    """

    kind: str
    outcome: str
    table: pl.DataFrame
    covariance: Float[np.ndarray, "estimate estimate"]
    robust: str
    respondents: int
    rows: int
    confidence: float = 0.95
    notes: tuple[str, ...] = ()
    source: str = ""

    def __repr__(self) -> str:
        return f"<Estimates: {self.kind} of {self.outcome}, {self.table.height} rows, {self.respondents:,} respondents>"

    def adjust(self, method: str) -> Estimates:
        """P values corrected for testing many levels: ``bonferroni``, ``holm`` or ``bh``.

        Notes
        -----
        Bonferroni: times the number of tests. Holm (1979): step-down. Benjamini & Hochberg (1995): false discovery
        rate. Intervals stay those of one level at a time.

        Raises
        ------
        UsageError
            If the method is unknown.
        """
        if method not in ADJUSTMENTS:
            raise UsageError(f"unknown adjustment `{method}`; one of {', '.join(ADJUSTMENTS)}")
        p = self.table["p"].to_numpy().astype(float).copy()
        tested = np.isfinite(p)
        p[tested] = adjust_p(p[tested], method)
        note = f"P values adjusted for {int(tested.sum())} tests ({method})."
        table = self.table.with_columns(p=pl.Series(p).fill_nan(None))
        return _replace(self, table=table, notes=(*self.notes, note) if method != "none" else self.notes)

    def combine(self, weights: Float[np.ndarray, "new estimate"], labels: pl.DataFrame, kind: str) -> Estimates:
        """Linear combinations of the estimates, such as differences between groups."""
        value = self.table["estimate"].fill_null(np.nan).to_numpy()
        missing = (np.abs(weights) @ ~np.isfinite(value)) > 0
        estimate = np.where(missing, np.nan, weights @ np.nan_to_num(value))
        covariance = weights @ self.covariance @ weights.T
        table = tabulate(labels, estimate, covariance, self.confidence)
        return _replace(self, kind=kind, table=table, covariance=covariance)


def _replace(estimates: Estimates, **changes: object) -> Estimates:
    return Estimates(**{**vars(estimates), **changes})  # pyright: ignore[reportArgumentType]


def adjust_p(p: Float[np.ndarray, " test"], method: str) -> Float[np.ndarray, " test"]:
    """Corrected p values.

    Examples
    --------
    >>> adjust_p(np.array([0.01, 0.04, 0.03]), "holm").round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    m = len(p)
    match method:
        case "bonferroni":
            return np.minimum(p * m, 1.0)
        case "holm":
            order = np.argsort(p)
            stepped = np.minimum(np.maximum.accumulate(p[order] * (m - np.arange(m))), 1.0)
            return stepped[np.argsort(order)]
        case "bh":
            return np.asarray(false_discovery_control(p, method="bh")) if m else p
    return p


def tabulate(
    labels: pl.DataFrame,
    estimate: Float[np.ndarray, " estimate"],
    covariance: Float[np.ndarray, "estimate estimate"],
    confidence: float,
    null: float = 0.0,
) -> pl.DataFrame:
    """Estimates with standard errors, z, two-sided p against ``null`` and normal intervals."""
    variance = np.diag(covariance)
    known = np.isfinite(estimate) & (variance > 0)
    se = np.where(known, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (estimate - null) / se
    reach = ndtri(0.5 + confidence / 2) * se
    columns = {
        "estimate": estimate,
        "se": se,
        "z": z,
        "p": 2 * ndtr(-np.abs(z)),
        "low": estimate - reach,
        "high": estimate + reach,
    }
    added = labels.with_columns([pl.Series(k, v, dtype=pl.Float64).fill_nan(None) for k, v in columns.items()])
    return added.select([c for c in added.columns if c != "n"] + (["n"] if "n" in added.columns else []))
