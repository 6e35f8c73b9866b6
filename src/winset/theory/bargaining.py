"""War as failed bargaining: the range of deals, offers that screen, prizes that cannot be divided (Fearon 1995)."""

from __future__ import annotations

from dataclasses import dataclass

from winset.errors import UsageError


@dataclass(frozen=True)
class Range:
    """Deals that both prefer to fighting, as side A's share of the prize; empty where ``low`` exceeds ``high``."""

    low: float
    high: float

    @property
    def exists(self) -> bool:
        """Whether there is any such deal."""
        return self.low <= self.high

    def offer(self) -> float | None:
        """What B, making a take-it-or-leave-it offer to A, offers: A's reservation share."""
        return self.low if self.exists else None


def find_range(win: float, cost_a: float, cost_b: float, *, risk_a: float = 1.0, risk_b: float = 1.0) -> Range:
    """Fearon's bargaining range.

    Parameters
    ----------
    win
        A's chance to win all of a prize of one.
    cost_a, cost_b
        Costs of fighting, in units of the prize.
    risk_a, risk_b
        Exponent of each side's utility of its share: 1 neutral, below 1 averse to risk.

    Raises
    ------
    UsageError
        If a number is impossible.

    Notes
    -----
    Fearon (1995), the bargaining range: with neutral sides the range is [p - c_A, p + c_B]. Aversion to risk widens it.

    Examples
    --------
    >>> find_range(0.5, 0.1, 0.2)
    Range(low=0.4, high=0.7)
    """
    if not (0 <= win <= 1 and min(cost_a, cost_b) >= 0 and min(risk_a, risk_b) > 0):
        raise UsageError("win lies between 0 and 1, costs are not negative, exponents of utility are above 0")
    least_a = max(win - cost_a, 0.0) ** (1 / risk_a)
    least_b = max(1 - win - cost_b, 0.0) ** (1 / risk_b)
    return Range(least_a, 1 - least_b)


def find_indivisible(deals: list[float], around: Range) -> list[float]:
    """Deals on a finite list that lie in the range: indivisible prizes may leave none (Fearon 1995)."""
    return [d for d in deals if around.low - 1e-12 <= d <= around.high + 1e-12]


@dataclass(frozen=True)
class Screening:
    """The best take-it-or-leave-it offer to a side whose cost of war is private.

    Parameters
    ----------
    offer
        Share offered.
    war
        Chance that it is refused.
    """

    offer: float
    war: float


def screen(win: float, cost_proposer: float, cost_low: float, cost_high: float) -> Screening:
    """Offer to side A whose cost of war is uniform between two bounds, by proposer B.

    Parameters
    ----------
    win
        A's chance to win a prize of one.

    Notes
    -----
    Fearon (1995), private information. A of cost c takes x if x >= p - c, so that B gets 1 - x if c >= y = p - x, else
    1 - p - c_B. With c uniform on [l, h], B maximises (h - y)(1 - p + y) + (y - l)(1 - p - c_B), whose slope
    h - 2 y - c_B is zero at y = (h - c_B) / 2, kept within [l, h].

    Examples
    --------
    >>> best = screen(0.5, 0.1, 0.0, 0.4)
    >>> round(best.offer, 3), round(best.war, 3)
    (0.35, 0.375)
    """
    if not (0 <= win <= 1 and cost_proposer >= 0 and 0 <= cost_low < cost_high):
        raise UsageError("win lies between 0 and 1; costs are not negative, and the low one below the high one")
    y = min(max((cost_high - cost_proposer) / 2, cost_low), cost_high)
    y = min(y, win)
    return Screening(win - y, min(max((y - cost_low) / (cost_high - cost_low), 0.0), 1.0))
