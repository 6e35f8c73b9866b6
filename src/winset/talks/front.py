"""Front and losses: control of each contested region, the tempo of the war, losses of each side."""

from __future__ import annotations

from typing import Any

import numpy as np

from winset.talks.numbers import compiled

LOSS_SD = 0.1
"""Standard deviation of the log of a side's weekly losses about what the tempo says."""


@compiled
def beat(tempo: float, persistence: float, sd: float, noise: float) -> float:
    """Log of the war's tempo after a week: AR(1) with stationary standard deviation ``sd``."""
    return persistence * tempo + sd * np.sqrt(1.0 - persistence * persistence) * noise


@compiled
def lose(intensity: float, tempo: float, sd: float, so_far: float, noise: float) -> float:
    """Losses of a week, as a share of all losses before the as-of date; the mean of the tempo is one."""
    return intensity * np.exp(tempo - 0.5 * sd * sd + LOSS_SD * noise) / so_far


@compiled
def share_out(held: Any, effort: Any, lacking: Any, part: Any) -> None:
    """Part of the movement that each region takes: by effort among those not yet taken, by what is lacking if none has any."""
    total = 0.0
    for r in range(len(held)):
        part[r] = effort[r] if held[r] < 1.0 else 0.0
        total += part[r]
    if total == 0.0:
        for r in range(len(held)):
            part[r] = lacking[r] if held[r] < 1.0 else 0.0
            total += part[r]
    for r in range(len(held)):
        part[r] = part[r] / total if total > 0.0 else 0.0


@compiled
def move_front(held: Any, area: Any, part: Any, drift: float, sd: float, noise: Any) -> float:
    """Move every region, a random walk between nothing and all of it; area gained by the attacker.

    Parts of the drift add up to the whole, and so do variances, while no region is at an end.
    """
    gained = 0.0
    for r in range(len(held)):
        if part[r] > 0.0:
            step = (part[r] * drift + np.sqrt(part[r]) * sd * noise[r]) / area[r]
            then = min(max(held[r] + step, 0.0), 1.0)
            gained += (then - held[r]) * area[r]
            held[r] = then
    return gained


@compiled
def lose_both(intensity: Any, factor: Any, tempo: float, sd: float, so_far: float, noise: Any, lost: Any) -> None:
    """Losses of both sides in a week of war."""
    for s in range(2):
        lost[s] = factor[s] * lose(intensity[s], tempo, sd, so_far, noise[s])
