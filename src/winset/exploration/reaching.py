"""And if those who refuse were easier, or harder, to reach? Draws reweighted as if the prior of selection odds lay elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.acceptance import HIGH, LOW
from winset.exploration.weighing import Weighed

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

FEWEST = 400.0
"""Effective draws (Kish) that must be left after reweighting: a chance of one half is then known to within four points (90 %)."""

TILTS = np.concatenate([-np.linspace(0, 4, 81)[:0:-1], np.linspace(0, 4, 81)])
"""Tilts tried, per standard deviation of the log odds; the ends are always beyond what the draws can tell."""


def tilt(values: Float[np.ndarray, " draw"], steps: float) -> Float[np.ndarray, " draw"]:
    """Weights, summing to one, of draws under another centre of a normal prior.

    Notes
    -----
    The ratio of two normal densities of one width is exponential in the value, so that this is the exact posterior under a
    prior whose centre lies elsewhere (importance reweighting, Gelman et al. 2013, sec. 10.4), as far as the draws reach.
    """
    z = (values - values.mean()) / values.std()
    w = np.exp(steps * z - (steps * z).max())
    return w / w.sum()


def effective(weights: Float[np.ndarray, " draw"]) -> float:
    """How many equal draws weighted ones are worth (Kish 1965)."""
    return float(1 / (weights**2).sum())


def tip_selection(
    w: Weighed, bounds: Float[np.ndarray, " bound"], weights: Float[np.ndarray, "sample draw"]
) -> list[dict[str, Any]]:
    """Selection odds of each instrument that is no random sample at which the word for the chance turns, as rows of ``tip``.

    ``now`` and ``at`` are how many times as likely those who refuse are to be reached as those who accept.
    """
    carried = w.carried(w.shares())
    return [row for label, odds in list_selected(w) for row in _tip(label, odds, carried, bounds, weights)]


def list_selected(w: Weighed) -> Iterator[tuple[str, Float[np.ndarray, " draw"]]]:
    """Label and log odds of each instrument that is no random sample."""
    samples = w.room.acceptance.fit.samples
    if "log_odds" not in samples:
        return
    odds = samples["log_odds"].reshape(len(w), -1).astype(float)
    for n, i in enumerate(w.room.acceptance.cells.instruments):
        known = w.study.instruments[i]
        if known.selection != "random" and odds[:, n].std() > 0:
            yield known.label, odds[:, n]


def _tip(
    label: str,
    odds: Float[np.ndarray, " draw"],
    carried: Bool[np.ndarray, " draw"],
    bounds: Float[np.ndarray, " bound"],
    weights: Float[np.ndarray, "sample draw"],
) -> Iterator[dict[str, Any]]:
    word = lambda p: np.searchsorted(bounds, p, side="right")  # noqa: E731
    before = int(word(carried.mean()))
    for way in (TILTS[TILTS >= 0], TILTS[TILTS <= 0][::-1]):
        tilted = np.stack([tilt(odds, float(t)) for t in way])
        told = np.array([effective(t) >= FEWEST for t in tilted])
        states = word(tilted @ carried)
        turned = np.flatnonzero(told & (states != before))
        if not len(turned):
            continue
        moved = tilted[told] @ odds
        resampled = tilted[told][None] * weights[:, None]
        chances = (resampled @ carried.astype(float)) / resampled.sum(-1)
        off = word(chances) != before
        first = np.where(off.any(1), moved[off.argmax(1)], np.nan)
        ends = sorted(np.nan_to_num(np.quantile(first, [LOW, HIGH], method="nearest"), nan=np.inf))
        if not np.isfinite(ends).all():  # in too many resamples nothing turns: what turned is the noise of a few draws
            continue
        at = float(tilted[turned[0]] @ odds)
        low, high = (float(np.exp(-e)) for e in ends[::-1])
        yield {"assumption": label, "kind": "selection", "turns": "word"} | {
            "before": str(before), "after": str(int(states[turned[0]])), "now": float(np.exp(-odds.mean())),
            "at": float(np.exp(-at)), "at_low": low, "at_high": high,
            "steps": abs(at - odds.mean()) / odds.std(),
        }  # fmt: skip
