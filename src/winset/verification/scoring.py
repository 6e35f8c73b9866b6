"""How good a foreseen distribution was: proper scores, and differences whose errors know that polls come in waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

ROUNDED = 0.005
"""Shares are printed to the per cent: no density is narrower."""

NINETY = 1.6449
"""Standard normal quantile of a 90 % interval."""


def score(observed: float, draws: Float[np.ndarray, " draw"]) -> dict[str, float]:
    """CRPS and log score of one share; lower is better.

    CRPS in shares, by probability-weighted moments, which are unbiased for few draws. Log score in nats, by Gaussian kernels
    and one more draw that may lie anywhere, so that nothing is impossible.

    References
    ----------
    Gneiting & Raftery (2007); Taillardat et al. (2016) for the estimator; both as ``scoringrules`` has them.
    """
    import scoringrules as sr

    crps = np.asarray(sr.crps_ensemble(observed, draws, estimator="pwm", backend="numpy"))
    width = max(1.06 * float(np.std(draws)) * len(draws) ** -0.2, ROUNDED)
    with np.errstate(divide="ignore"):
        logs = np.asarray(sr.logs_ensemble(observed, draws, bw=width, backend="numpy"))
    density = (len(draws) * np.exp(-logs) + 1) / (len(draws) + 1)
    return {"crps": float(crps), "log_score": -float(np.log(density))}


def place(observed: float, draws: Float[np.ndarray, " draw"], rng: np.random.Generator) -> float:
    """Probability integral transform, ties broken at random (Czado, Gneiting & Held 2009, for counts)."""
    below, same = int((draws < observed).sum()), int((draws == observed).sum())
    return (below + rng.uniform() * (same + 1)) / (len(draws) + 1)


def clustered_mean(values: Sequence[float] | Float[np.ndarray, " row"], waves: Sequence[str]) -> tuple[float, float]:
    """Mean and its standard error, rows of one wave taken together.

    Liang & Zeger (1986) for a mean, with G / (G - 1) for G waves; the error is NaN where there is one wave.
    """
    x = np.asarray(values, float)
    _, wave = np.unique(np.asarray(waves), return_inverse=True)
    sums = np.bincount(wave, weights=x - x.mean())
    groups = len(sums)
    if groups < 2:
        return float(x.mean()), float("nan")
    return float(x.mean()), float(np.sqrt((sums**2).sum() * groups / (groups - 1)) / len(x))
