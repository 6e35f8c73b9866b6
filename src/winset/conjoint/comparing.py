"""Groups against each other, and tests of many estimates at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import f as f_distribution

from winset.conjoint.estimates import RANK, Estimates
from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class WaldTest:
    """A test of several estimates at once.

    Parameters
    ----------
    f, df, df_error
        Wald statistic over its number of restrictions, referred to F(df, respondents - 1) as Stata does.
    """

    name: str
    f: float
    df: int
    df_error: int
    p: float


def compare_groups(estimates: Estimates, reference: str | None = None) -> Estimates:
    """Differences of every estimate from the same estimate in a reference group.

    Parameters
    ----------
    reference
        Group to compare with; the first one else.

    Raises
    ------
    UsageError
        If there is one group only, or none of that name.
    """
    groups = estimates.table["group"].unique(maintain_order=True).to_list()
    if len(groups) < 2:
        raise UsageError("there is one group only; name a column of groups with --by")
    against = groups[0] if reference is None else reference
    if against not in groups:
        raise UsageError(f"unknown group `{against}`{suggest(against, groups)}")
    place = {(r["attribute"], r["level"], r["group"]): n for n, r in enumerate(estimates.table.iter_rows(named=True))}
    rows, labels = [], []
    for (a, level, g), n in place.items():
        other = place.get((a, level, against))
        if g != against and other is not None:
            row = np.zeros(len(place))
            row[n], row[other] = 1.0, -1.0
            rows.append(row)
            count = int(estimates.table["n"][n] + estimates.table["n"][other])
            labels.append({"attribute": a, "level": level, "group": f"{g} - {against}", "n": count})
    return estimates.combine(np.stack(rows), pl.DataFrame(labels), f"{estimates.kind} difference")


def ask_zero(estimates: Estimates, name: str = "all estimates") -> WaldTest:
    """Are all estimates zero? A Wald test of the nested model without them, robust to clusters."""
    known = estimates.table["se"].is_not_null().to_numpy()
    value = estimates.table["estimate"].to_numpy()[known]
    return wald(name, value, estimates.covariance[np.ix_(known, known)], estimates.respondents)


def ask_attributes(estimates: Estimates) -> pl.DataFrame:
    """Wald test of each attribute, by group, of the hypothesis that none of its levels matters."""
    rows = []
    for (a, g), part in estimates.table.with_row_index("row").group_by("attribute", "group", maintain_order=True):
        known = part.filter(pl.col("se").is_not_null())
        at = known["row"].to_numpy()
        if len(at):
            result = wald(
                str(a), known["estimate"].to_numpy(), estimates.covariance[np.ix_(at, at)], estimates.respondents
            )
            rows.append(
                {"attribute": a, "group": g, "f": result.f, "df": result.df, "df_error": result.df_error, "p": result.p}
            )
    return pl.DataFrame(rows)


def wald(
    name: str, value: Float[np.ndarray, " estimate"], covariance: Float[np.ndarray, "estimate estimate"], clusters: int
) -> WaldTest:
    """Wald's F; restrictions that follow from the others do not count twice."""
    root, vector = np.linalg.eigh(covariance)
    keep = root > RANK * max(float(root[-1]), 0.0) if len(root) else np.zeros(0, bool)
    df = int(keep.sum())
    if not df:
        return WaldTest(name, float("nan"), 0, clusters - 1, float("nan"))
    statistic = float((((vector.T @ value)[keep]) ** 2 / root[keep]).sum()) / df
    return WaldTest(name, statistic, df, clusters - 1, float(f_distribution.sf(statistic, df, clusters - 1)))
