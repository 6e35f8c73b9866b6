"""How much of a number would be known if several things were known at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import HIGH, LOW
from winset.exploration.resampling import draw_weights

if TYPE_CHECKING:
    from jaxtyping import Float

FOLDS = 5
"""Parts of the draws, each foreseen from the others; consecutive, since neighbours resemble each other."""

PENALTIES = (1.0, 10.0, 100.0, 1000.0)
"""Ridge penalties tried, in units of one draw of standardised columns; the best on held-back draws is kept."""

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""


@dataclass(frozen=True)
class Known:
    """Share of a number's variance that several things tell, with a 90 % interval."""

    share: float
    low: float
    high: float


def explain(columns: Float[np.ndarray, "draw column"], target: Float[np.ndarray, " draw"], *, seed: int = 1) -> Known:
    """Share of the target's variance that columns and their squares foresee in draws that were held back.

    Notes
    -----
    Ridge regression (Hoerl & Kennard 1970) scored on held-back draws, so that many columns that tell nothing add nothing; what
    hangs on products of columns is not seen, so that the share is a lower bound. The interval resamples blocks of held-back
    errors; the fit itself is kept.
    """
    centred = (columns - columns.mean(0)) / columns.std(0)
    features = np.concatenate([centred, centred**2 - 1], axis=1)
    features = features / features.std(0)
    errors = _held_back(features, target)
    errors = errors[int((errors**2).sum(1).argmin())]
    around = target - target.mean()
    weights = draw_weights(len(target), RESAMPLES, seed)
    share = 1 - (errors**2).sum() / (around**2).sum()
    resampled = 1 - (weights @ errors**2) / (weights @ around**2)
    low, high = np.quantile(resampled, [LOW, HIGH])
    return Known(*(float(np.clip(v, 0.0, 1.0)) for v in (share, low, high)))


def _held_back(
    features: Float[np.ndarray, "draw feature"], target: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, "penalty draw"]:
    """Errors of each draw, foreseen without its part of the draws, under each penalty."""
    fold = np.arange(len(target)) * FOLDS // len(target)
    errors = np.empty((len(PENALTIES), len(target)))
    for f in range(FOLDS):
        rest, held = fold != f, fold == f
        middle, centre = features[rest].mean(0), target[rest].mean()
        x, y = features[rest] - middle, target[rest] - centre
        size, axes = np.linalg.eigh(x.T @ x)
        along, seen = axes.T @ (x.T @ y), (features[held] - middle) @ axes
        for n, penalty in enumerate(PENALTIES):
            errors[n, held] = target[held] - centre - seen @ (along / (np.maximum(size, 0.0) + penalty))
    return errors
