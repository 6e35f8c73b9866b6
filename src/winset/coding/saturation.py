"""Do new interviews still bring new reasons? Saturation lists reasons; it does not weigh them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

ORDERS = 1000
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Saturation:
    """How the list of reasons grows with interviews.

    Parameters
    ----------
    curve
        ``interviews``, ``reasons`` expected among so many, ``low`` and ``high`` over 90 % of orders of the interviews.
    found
        Reasons heard.
    once
        Reasons that one speaker gave.
    unheard
        Reasons that were probably not heard, a lower bound (Chao 1987, for incidence).
    next_new
        New reasons expected of one more interview.
    """

    curve: pl.DataFrame
    found: int
    once: int
    unheard: float
    next_new: float

    def __repr__(self) -> str:
        return (
            f"<Saturation: {self.found} reasons of {self.curve.height} interviews, {self.next_new:.2f} new in the next>"
        )


def count_saturation(heard: pl.DataFrame, *, seed: int = 1) -> Saturation:
    """Saturation of a table with one row a ``speaker`` and ``reason``.

    Notes
    -----
    The expected number of reasons among ``m`` of ``n`` interviews is exact (Hurlbert 1971, for incidence):
    one minus the chance that all who gave a reason are among the others.

    Examples
    --------
    >>> two = pl.DataFrame({"speaker": ["a", "a", "b"], "reason": ["x", "y", "x"]})
    >>> count_saturation(two).next_new
    0.5
    """
    pairs = heard.select("speaker", "reason").drop_nulls("speaker").unique(maintain_order=True)
    speakers = pairs["speaker"].unique(maintain_order=True).to_list()
    reasons = pairs["reason"].drop_nulls().unique(maintain_order=True).to_list()
    n = len(speakers)
    given = np.zeros((n, len(reasons)), bool)
    for s, r in pairs.drop_nulls().iter_rows():
        given[speakers.index(s), reasons.index(r)] = True
    by_reason = given.sum(0)
    m = np.arange(1, n + 1)
    missed = _chance_missed(n, by_reason, m)
    rng = np.random.default_rng(seed)
    grown = (
        [np.maximum.accumulate(given[rng.permutation(n)], axis=0).sum(1) for _ in range(ORDERS)] if n else [np.zeros(0)]
    )
    low, high = np.quantile(np.array(grown), [LOW, HIGH], axis=0)
    once, twice = int((by_reason == 1).sum()), int((by_reason == 2).sum())
    factor = (n - 1) / n if n else 0.0
    unheard = factor * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)
    curve = pl.DataFrame({"interviews": m, "reasons": (1 - missed).sum(1), "low": low, "high": high})
    return Saturation(curve, len(reasons), once, float(unheard), once / n if n else 0.0)


def _chance_missed(n: int, by_reason: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Chance that a reason of so many speakers is absent from ``m`` of ``n``: C(n - k, m) / C(n, m)."""
    from scipy.special import gammaln  # loaded where it is used: every study imports this package

    left = n - by_reason[None, :] - m[:, None]
    possible = left >= 0
    k = by_reason[None, :]
    log_p = gammaln(n - k + 1) - gammaln(np.where(possible, left, 0) + 1) - gammaln(n + 1) + gammaln(n - m[:, None] + 1)
    return np.where(possible, np.exp(log_p), 0.0)
