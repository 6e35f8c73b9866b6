"""Majorities in space: what can beat the status quo, what cannot be beaten, what nothing covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

Points: TypeAlias = "Float[np.ndarray, 'alternative dimension']"
Beats: TypeAlias = "Bool[np.ndarray, 'winner loser']"


def majority_win_set(
    ideals: Float[np.ndarray, "voter dimension"], status_quo: np.ndarray, points: Points
) -> Bool[np.ndarray, " alternative"]:
    """Points that a strict majority of voters with circular preferences prefers to the status quo.

    Examples
    --------
    >>> voters = np.array([[0.0], [0.4], [1.0]])
    >>> majority_win_set(voters, np.array([0.6]), np.array([[0.1], [0.3], [0.5], [0.7]]))
    array([False,  True,  True, False])
    """
    near = ((points[:, None] - ideals[None]) ** 2).sum(-1)
    now = ((ideals - status_quo) ** 2).sum(-1)
    return np.asarray((near < now - 1e-12).sum(1) * 2 > len(ideals))


def who_beats(ideals: Float[np.ndarray, "voter dimension"], points: Points) -> Beats:
    """Whether a strict majority prefers one point to another."""
    far = ((points[:, None] - ideals[None]) ** 2).sum(-1)
    prefer = (far[:, None, :] < far[None, :, :] - 1e-12).sum(-1)
    return prefer * 2 > len(ideals)


def find_core(beats: Beats) -> Bool[np.ndarray, " alternative"]:
    """Alternatives that nothing beats."""
    return ~np.asarray(beats.any(0))


def find_uncovered(beats: Beats) -> Bool[np.ndarray, " alternative"]:
    """Alternatives that nothing covers: x covers y if x beats y and all that y beats (Miller 1980).

    Examples
    --------
    >>> cycle = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]], bool)
    >>> find_uncovered(cycle), find_core(cycle)
    (array([ True,  True,  True]), array([False, False, False]))
    """
    superset = (beats[:, None, :] >= beats[None, :, :]).all(-1)
    return ~np.asarray((beats & superset).any(0))
