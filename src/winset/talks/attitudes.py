"""What moves acceptance at home while the war goes on: fatigue, sunk sacrifice, expected success, fear of renewed war."""

from __future__ import annotations

from typing import Any

import numpy as np

from winset.talks.numbers import compiled, inlined

MEMORY = 26
"""Weeks over which the movement of the front is seen as success or failure."""

FADING = 104
"""Weeks after which fear of renewed war, and trust that grew, have fallen to a third (a factor e)."""

RECENT = 8
"""Weeks over which losses are felt as recent."""


@compiled
def find_surprise(track: Any, week: int, drift: float) -> float:
    """By how much half a year's movement beats what it was before the as-of date: -1 a standstill, 1 twice the pace.

    Before the as-of date the front is taken to have moved at that pace.
    """
    if drift == 0.0:
        return 0.0
    past = week + 1 - MEMORY
    then = track[past] if past >= 0 else drift * past
    return min(max((track[week + 1] - then) / (MEMORY * abs(drift)) - np.sign(drift), -2.0), 2.0)


@compiled
def tire(tenfold: float, recent: float, years: float, fatigue: float, sharp: float, duration: float) -> float:
    """Rise in acceptance of any deal, probits: cumulative losses (log10), recent losses against usual ones, and time.

    Mueller (1973) for the logarithm of cumulative losses, Gartner & Segura (1998) for recent ones.
    """
    return fatigue * tenfold + sharp * np.log10(max(recent, 0.1)) + duration * years


@compiled
def frighten(fear: float, broke_down: bool, kept: int, trust: float) -> float:
    """Fear of renewed war after a week: up by one where a settlement broke down, down where a partial deal was kept."""
    fear = fear * np.exp(-1.0 / FADING)
    if broke_down:
        fear += 1.0
    return max(fear - trust * kept, -1.0)


@inlined
def weigh(
    utility: Any, cost: Any, expressed: Any, price: Any, tenfold: Any, fear: float, cells: Any, standing: Any
) -> None:
    """What each package is worth to a constituency's middle member today, ``standing``, probits above the bar to accept.

    What was measured, less the cost of falling short of the leader's pledges at today's price, and what has moved since the
    as-of date: opinion, sunk sacrifice by tenfold losses and by how far a deal falls short of the aims, fear of renewed war
    by how far it goes without guarantees. Constituencies and packages lie end to end, as ``cells`` lists them.
    """
    for n in range(len(standing)):
        s = cells.side[n]
        moved = expressed[cells.member[n]] - tenfold[s] * cells.sunk[n] - fear * cells.bare[n]
        standing[n] = utility[n] - price[s] * cost[n] + moved
