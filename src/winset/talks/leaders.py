"""What a leader weighs before he signs: the deal, the war, his chance at home, and his own fate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from winset.talks.numbers import compiled

DEMOCRATIC, MIXED, REPRESSIVE, NO_LEADER = 0, 1, 2, 3
HORIZON = 104
"""Weeks of war that a leader looks ahead when he weighs a deal."""

OUT_LOST, OUT_DRAWN, OUT_WON = 0.51, 0.37, 0.36
"""Chance that a leader is out of office a year after a war that was lost, drawn, won (COW wars, Archigos leaders)."""

PUNISHED = 0.29
"""Chance that a leader whose side lost leaves office by force; 0 after a draw."""

NODES, WEIGHTS = (-1.7320508075688772, 0.0, 1.7320508075688772), (1 / 6, 2 / 3, 1 / 6)
"""Gauss-Hermite rule with three nodes."""


@compiled
def normal_cdf(x: float) -> float:
    """Normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@compiled
def find_fate(value: float, regime: int, culpable: bool, office: float, severity: float, spared: float) -> float:
    """What an outcome costs the leader himself, in shares of aims.

    He loses office with the chance of a war lost (value 0), drawn (one half) or won (1), in between by straight lines. A
    mixed regime punishes every loss like a large one, so that a leader who is losing has little more to lose (Goemans
    2000); a repressive one in proportion to the loss; a democratic one with the loss of office alone. A leader who did not
    begin the war is spared a part (Croco 2011).
    """
    if regime == NO_LEADER:
        return 0.0
    loss = min(max(1.0 - 2.0 * value, 0.0), 1.0)
    won = min(max(2.0 * value - 1.0, 0.0), 1.0)
    out = OUT_DRAWN + loss * (OUT_LOST - OUT_DRAWN) + won * (OUT_WON - OUT_DRAWN)
    severe = 0.0
    if regime == MIXED:
        severe = PUNISHED * min(loss / 0.1, 1.0)
    elif regime == REPRESSIVE:
        severe = PUNISHED * loss
    return office * (out + severity * severe) * (1.0 if culpable else spared)


@compiled
def value_of_war(x: float, drift: float, doubt: float, aim: float, ends: Any, cost: float, fate: Any) -> float:
    """What two more years of war are worth: expected share of aims then, less its cost and the leader's own fate.

    Between what holds now (``ends[0]``) and what holds once the attacker has its aim (``ends[1]``), by the part of the way
    that the front will have gone; backwards as far beyond what holds now.

    Parameters
    ----------
    x, drift, doubt
        Gain so far, believed movement a week, and standard deviation of the gain two years on.
    fate
        Regime, culpable, office, severity, spared; see ``find_fate``.
    """
    regime, culpable, office, severity, spared = fate
    total = 0.0
    for n in range(3):
        gone = min(max((x + drift * HORIZON + NODES[n] * doubt) / aim, -1.0), 1.0)
        held = min(max(ends[0] + gone * (ends[1] - ends[0]), 0.0), 1.0)
        total += WEIGHTS[n] * (held - find_fate(held, regime, culpable, office, severity, spared))
    return total - cost


@compiled
def value_of_deal(value: float, fate: float, breaks: float, war: float, regroup: float) -> float:
    """What a signed deal is worth: it may break, and the war then goes on with the other side regrouped (Powell 2006)."""
    return (1.0 - breaks) * (value - fate) + breaks * (war - regroup)


@compiled
def chance_at_home(margin: float, estimate: float, doubt: float) -> float:
    """Chance that a leader gives himself to carry a package: R."""
    if doubt > 0.0:
        return normal_cdf(margin / doubt + estimate)
    return 1.0 if margin >= 0.0 else 0.0


@compiled
def expect(chance: float, deal: float, war: float, price: float) -> float:
    """What it is worth to sign: R U(deal) + (1 - R) U(failed ratification); signed iff at least U(fight on)."""
    return chance * deal + (1.0 - chance) * (war - price)


@compiled
def harden(price: float, refused: bool, step: float) -> float:
    """Factor on what a leader's pledges cost him, after he was heard to refuse once more (Fearon 1994); at most two."""
    return min(price * (1.0 + step), 2.0) if refused else price


@compiled
def learn(mean: float, variance: float, seen: float, sd: float, wander: float) -> tuple[float, float]:
    """A leader's belief about the drift of the front, mean and variance, after a week of battle (Kalman 1960).

    ``wander`` is the variance of the drift's own change in a week; a belief without variance (a leader who learns nothing)
    stays.
    """
    if variance <= 0.0:
        return mean, variance
    variance += wander
    weight = variance / (variance + sd * sd)
    return mean + weight * (seen - mean), variance * (1.0 - weight)


@compiled
def learn_from_answer(mean: float, variance: float, sign: float) -> tuple[float, float]:
    """A leader's belief about the other's margin at home for a package, after the other took or refused it.

    Mean and variance of a normal cut at zero: after a refusal (sign -1) it lies below, after a yes (1) above.
    """
    if variance <= 0.0:
        return mean, variance
    sd = np.sqrt(variance)
    z = sign * mean / sd
    tail = max(normal_cdf(z), 1e-12)
    ratio = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) / tail
    return mean + sign * sd * ratio, max(variance * (1.0 - ratio * (ratio + z)), 1e-6 * variance)
