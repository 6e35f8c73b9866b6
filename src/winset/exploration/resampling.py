"""Resamples of draws that stand in the order of their chains, so that neighbours resemble each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int


def draw_weights(draws: int, resamples: int, seed: int) -> Float[np.ndarray, "sample draw"]:
    """How often each draw is taken in each resample of blocks of consecutive draws.

    Notes
    -----
    Moving blocks (Kuensch 1989) as long as the cube root of the number of draws; a block goes round the end.
    """
    if not resamples:
        return np.zeros((0, draws))
    length = max(math.ceil(draws ** (1 / 3)), 1)
    rng = np.random.default_rng([seed, 31])
    starts = rng.integers(0, draws, (resamples, math.ceil(draws / length)))
    taken = (starts[..., None] + np.arange(length)).reshape(resamples, -1)[:, :draws] % draws
    rows = np.arange(resamples)[:, None] * draws
    return np.bincount((taken + rows).reshape(-1), minlength=resamples * draws).reshape(resamples, draws).astype(float)


def list_rolls(draws: int, tries: int, seed: int) -> Int[np.ndarray, "try draw"]:
    """Places of the draws turned round by random steps: what is tied to them is torn apart, neighbours stay together."""
    rng = np.random.default_rng([seed, 37])
    steps = rng.integers(draws // 20 + 1, draws - draws // 20, tries)
    return (np.arange(draws) + steps[:, None]) % draws
