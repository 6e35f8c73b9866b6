"""A crisis as a war of attrition in public: who backs down as audience costs grow (Fearon 1994)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from winset.errors import UsageError

Chance = Callable[[float], float]
"""Chance that the value of war to a side lies below a number: a distribution on values of zero and less."""


@dataclass(frozen=True)
class Attrition:
    """The equilibrium of a crisis in which either side may attack, quit or wait, and quitting costs more the later it is.

    Parameters
    ----------
    prize
        Value of what is disputed to either side.
    growth
        By side: audience costs that a unit of time adds to quitting.
    quits_at_once
        By side: chance that it backs down before any costs have been run up; zero for one of the two.
    horizon
        Time after which neither side quits: all that are left would rather fight.
    """

    prize: float
    growth: tuple[float, float]
    quits_at_once: tuple[float, float]
    horizon: float

    def quit_by(self, side: int, time: float) -> float:
        """Chance that a side (0 or 1) has quit by a time if the other has not."""
        run_up = self.growth[1 - side] * min(time, self.horizon)
        return (self.quits_at_once[side] * self.prize + run_up) / (self.prize + run_up)

    def fight(self) -> float:
        """Chance that neither quits."""
        return (1 - self.quit_by(0, self.horizon)) * (1 - self.quit_by(1, self.horizon))


def play_attrition(prize: float, growth: tuple[float, float], values: tuple[Chance, Chance]) -> Attrition:
    """Solve the crisis.

    A side that waits must be as well off as one that quits: its rival quits by t with chance (k + a t) / (v + a t), where a is
    the growth of the side's own costs, v the prize and k what is quit at once (Fearon 1994, eq. 1-3). All whose value of war is
    above what quitting would cost at the horizon have not quit: chance that it lies below -a t* is the chance to quit by t*.

    Parameters
    ----------
    values
        By side: chance that its value of war is below a number; nobody gains from war itself.

    Raises
    ------
    UsageError
        If prize or growth is not above zero, or a side might gain from war.

    Examples
    --------
    >>> uniform = lambda w: min(max(1 + w / 2, 0.0), 1.0)
    >>> round(play_attrition(1, (1, 1), (uniform, uniform)).horizon, 3)
    1.0
    """
    if prize <= 0 or min(growth) <= 0:
        raise UsageError("prize and growth of audience costs must be above 0")
    if any(f(0.0) < 1 for f in values):
        raise UsageError("a side might gain from war itself; values of war must be 0 at most")
    ends = [_end(prize, growth, values, side) for side in (0, 1)]
    horizon = min(ends)
    at_once = [0.0, 0.0]
    for side in (0, 1):
        other = growth[1 - side]
        quits = values[side](-growth[side] * horizon)
        at_once[side] = max((quits * (prize + other * horizon) - other * horizon) / prize, 0.0)
    return Attrition(prize, growth, (at_once[0], at_once[1]), horizon)


def _end(prize: float, growth: tuple[float, float], values: tuple[Chance, Chance], side: int) -> float:
    """Time at which all types of a side that would ever quit have quit, if none did at once."""
    other = growth[1 - side]

    def left(t: float) -> float:
        return values[side](-growth[side] * t) - other * t / (prize + other * t)

    late = prize / other
    while left(late) > 0:
        late *= 2
    from scipy.optimize import root_scalar

    return float(root_scalar(left, bracket=(0.0, late), xtol=1e-12).root)
