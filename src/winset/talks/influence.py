"""Who listens to whom: constituencies, and the leader's line among them (Friedkin & Johnsen 1990)."""

from __future__ import annotations

from typing import Any

import numpy as np

from winset.talks.numbers import compiled


@compiled
def influence(
    expressed: Any, inner: Any, listens: Any, side_of: Any, susceptible: float, cue: Any, line: Any, scratch: Any
) -> None:
    """One week of talk: ``x <- l ((1 - k) W x + k e) + (1 - l) s``.

    Parameters
    ----------
    expressed, inner
        What a constituency says (x), and what its own experience says (s), probits.
    listens
        Weights over constituencies (W), rows sum to one.
    susceptible
        How far others move it (l).
    cue, line
        By side: weight of the leader's line among the voices (k), and where it stands (e), probits.
    """
    for c in range(len(expressed)):
        heard = 0.0
        for k in range(len(expressed)):
            heard += listens[c, k] * expressed[k]
        weight = cue[side_of[c]]
        scratch[c] = susceptible * ((1.0 - weight) * heard + weight * line[side_of[c]]) + (1.0 - susceptible) * inner[c]
    for c in range(len(expressed)):
        expressed[c] = scratch[c]


def settle_opinions(inner: np.ndarray, listens: np.ndarray, susceptible: np.ndarray) -> np.ndarray:
    """Where Friedkin-Johnsen opinions come to rest: ``(I - L W)^-1 (I - L) s``, L the diagonal of susceptibilities."""
    share = np.diag(susceptible)
    eye = np.eye(len(inner))
    return np.linalg.solve(eye - share @ listens, (eye - share) @ inner)
