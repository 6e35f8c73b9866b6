"""Samples of a fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

    from winset.acceptance.fit import Mode


@dataclass(frozen=True)
class Fit:
    """Samples of every site, with what is needed to judge them.

    Parameters
    ----------
    samples
        Site name -> array with leading dimensions (chain, draw).
    seconds
        Wall time by stage.
    mode
        Where the search for the mode ended, or what NUTS then learned of centre and shape; not kept on disk.
    """

    method: str
    samples: Mapping[str, np.ndarray]
    diverging: Bool[np.ndarray, "chain draw"]
    steps: Float[np.ndarray, "chain draw"]
    seconds: Mapping[str, float]
    mode: Mode | None = None


def flatten(fit: Fit) -> dict[str, np.ndarray]:
    """Samples with chains joined."""
    return {k: v.reshape(-1, *v.shape[2:]) for k, v in fit.samples.items()}
