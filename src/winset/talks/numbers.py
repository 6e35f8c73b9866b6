"""Random numbers that are functions of where they stand, and the normal curve, compiled.

A number is a hash of (seed, run, week, purpose), so that the same run under another scenario meets the same luck, whatever
happens in it, and on any number of cores and machines (Salmon et al. 2011: counter-based generators).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

compiled = njit(nogil=True, cache=True, error_model="numpy", _nrt=False)
"""How the loop and all that it calls are compiled: arrays are lent to them, none is made, so that none need be counted; the
counting took two fifths of the time."""

inlined = njit(inline="always", nogil=True, cache=True, error_model="numpy", _nrt=False)
"""The same for what is called every week with much in its hands: to hand it over would cost more than the work."""

STRIDE = np.uint64(0x9E3779B97F4A7C15)
WHOLE_RUN = 1_000_000
"""Stands for the week where a number belongs to a whole run."""

MIDDLE = 0.47575
"""Chances this far about one half need no logarithm."""

(FRONT, TEMPO, LOSSES, MOOD, OWN, TALKS, PROPOSER, ESTIMATE, RELAPSE, ERROR, PARTIAL, REARM) = range(12)
"""What a number is drawn for."""


@njit(nogil=True, cache=True, inline="always", error_model="numpy")
def mix(z: Any) -> Any:
    """The finishing step of splitmix64 (Steele, Lea & Flood 2014)."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def find_address(seed: int, run: int, week: int) -> Any:
    """Where the numbers of one week of one run begin."""
    z = mix(np.uint64(seed) + STRIDE)
    z = mix((z ^ np.uint64(run)) + STRIDE)
    return mix((z ^ np.uint64(week)) + STRIDE)


@compiled
def draw_uniform(address: Any, purpose: int, which: int) -> float:
    """A number in (0, 1)."""
    return _spread(address, STRIDE * np.uint64(4096 * purpose + which + 1))


@compiled
def draw_normal(address: Any, purpose: int, which: int) -> float:
    """A standard normal number, by inversion."""
    return invert_normal(draw_uniform(address, purpose, which))


class Normals(NamedTuple):
    """Standard normal numbers that are drawn together: where they stand after their address, and room for them."""

    where: Any
    drawn: Any
    far: Any


def list_normals(*purposes: tuple[int, int]) -> Normals:
    """Room for so many numbers for each purpose, as ``draw_normal`` would draw them."""
    places = [4096 * purpose + which + 1 for purpose, count in purposes for which in range(count)]
    where = np.array(places, np.uint64) * STRIDE
    return Normals(where, np.zeros(len(where)), np.zeros(len(where) + 1, np.int64))


@compiled
def draw_normals(address: Any, normals: Normals) -> None:
    """All of a list at once: the middle of the curve four at a time, then the one in twenty that lies outside.

    Where it lies is listed first, since a loop that might ask for a logarithm asks for it always.
    """
    where, drawn, far = normals
    count = 0
    for n in range(len(where)):
        drawn[n] = _spread(address, where[n])
    for n in range(len(where)):
        far[count] = n
        count += int(abs(drawn[n] - 0.5) > MIDDLE)
    for n in range(len(where)):
        drawn[n] = _invert_middle(drawn[n])
    for n in far[:count]:
        drawn[n] = invert_normal(_spread(address, where[n]))


@compiled
def _spread(address: Any, place: Any) -> float:
    z = mix(np.uint64(address) + place)
    return (float(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@compiled
def invert_normal(p: float) -> float:
    """Inverse of the normal distribution function (Acklam 2003): relative error below 1.2e-9.

    Three quarters of the price of a normal number is the logarithm of other methods; here one in twenty needs it.
    """
    if abs(p - 0.5) <= MIDDLE:
        return _invert_middle(p)
    tail = p if p < 0.5 else 1.0 - p
    q = np.sqrt(-2.0 * np.log(tail))
    top = -7.784894002430293e-03
    top = top * q - 3.223964580411365e-01
    top = top * q - 2.400758277161838e00
    top = top * q - 2.549732539343734e00
    top = top * q + 4.374664141464968e00
    top = top * q + 2.938163982698783e00
    low = 7.784695709041462e-03
    low = low * q + 3.224671290700398e-01
    low = low * q + 2.445134137142996e00
    low = low * q + 3.754408661907416e00
    x = top / (low * q + 1.0)
    return x if p < 0.5 else -x


@compiled
def _invert_middle(p: float) -> float:
    q = p - 0.5
    r = q * q
    top = -3.969683028665376e01
    top = top * r + 2.209460984245205e02
    top = top * r - 2.759285104469687e02
    top = top * r + 1.383577518672690e02
    top = top * r - 3.066479806614716e01
    top = top * r + 2.506628277459239e00
    low = -5.447609879822406e01
    low = low * r + 1.615858368580409e02
    low = low * r - 1.556989798598866e02
    low = low * r + 6.680131188771972e01
    low = low * r - 1.328068155288572e01
    return q * top / (low * r + 1.0)
