"""How many people a budget can ask: prices by the way in which people are reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from winset.errors import UsageError, suggest
from winset.exploration.prospects import POLLED, VOICES

CALLED = {"poll": POLLED[0], "members": POLLED[1], "chains": POLLED[2], "interviews": VOICES}
"""What ways are called where a price is written, beside their names in study.yaml."""


@dataclass(frozen=True)
class Spending:
    """Money, and what one person costs in each way; a person who is reached answers the whole questionnaire.

    Parameters
    ----------
    prices
        By kind of selection, in the budget's own currency.
    """

    budget: float
    prices: Mapping[str, float]

    def people(self, groups: int = 1) -> dict[str, int]:
        """How many can be asked in each way if so many groups are asked, for an equal part of the money each."""
        return {way: math.floor(self.budget / groups / price) for way, price in self.prices.items()}

    def cost(self, way: str, people: int) -> float:
        """What it costs to ask so many."""
        return people * self.prices[way]


def read_spending(budget: float, prices: Mapping[str, float]) -> Spending:
    """Check a budget and prices, named as on the command line or as in study.yaml.

    Raises
    ------
    UsageError
        If the budget asks nobody, a price is missing or not above zero, or a way is not known.

    Examples
    --------
    >>> read_spending(30_000, {"poll": 20, "interviews": 400}).people()
    {'random': 1500, 'journalist': 75}
    """
    if not (budget > 0 and math.isfinite(budget)):
        raise UsageError(f"a budget of {budget:g} asks nobody; write what may be spent: --budget 30000")
    if not prices:
        raise UsageError("a budget needs prices, of one person each: --price poll=20 --price interviews=400")
    known: dict[str, float] = {}
    for name, price in prices.items():
        way = CALLED.get(name, name)
        if way not in CALLED.values():
            raise UsageError(f"unknown way `{name}` to ask people{suggest(name, list(CALLED))}")
        if not (price > 0 and math.isfinite(price)):
            raise UsageError(f"a price of {price:g} for `{name}` is none; write what one person costs: {name}=20")
        known[way] = price
    found = Spending(float(budget), known)
    if not any(found.people().values()):
        cheapest = min(known.values())
        raise UsageError(f"a budget of {budget:g} asks nobody: one person costs {cheapest:g} at least")
    return found
