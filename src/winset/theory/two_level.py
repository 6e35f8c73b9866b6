"""Two-level games on a line: what ratification at home does to the terms abroad."""

from __future__ import annotations

from dataclasses import dataclass

from winset.errors import UsageError


@dataclass(frozen=True)
class TwoLevel:
    """Outcome of a two-level game on a line.

    Parameters
    ----------
    deal
        Where they settle, None if no point is acceptable to both at home.
    share
        How far it lies towards the constrained side's ideal, 0 to 1.
    """

    deal: float | None
    share: float | None


def settle_on_line(ratifier: float, other_least: float, *, power: float = 0.5) -> TwoLevel:
    """Home's ideal is 1, the other's 0, no deal is worth 0 to the other below ``other_least``.

    Parameters
    ----------
    ratifier
        Least share that home's ratifier accepts: a larger one is a smaller win-set.
    other_least
        Least share that the other side must keep for itself.
    power
        How they split what both can accept.

    Notes
    -----
    Schelling (1960) and Putnam (1988): a smaller win-set gets better terms until there is no deal.

    Examples
    --------
    >>> [round(settle_on_line(r, 0.3).share, 2) for r in (0.2, 0.4, 0.6)]
    [0.45, 0.55, 0.65]
    >>> settle_on_line(0.8, 0.3).share is None
    True
    """
    most = 1 - other_least
    if ratifier > most + 1e-12:
        return TwoLevel(None, None)
    deal = ratifier + power * (most - ratifier)
    return TwoLevel(deal, deal)


@dataclass(frozen=True)
class Risky:
    """An offer to a side whose ratifier is uncertain.

    Parameters
    ----------
    offer
        Share of the other side that must ratify.
    ratified
        Chance that it does.
    """

    offer: float
    ratified: float


def offer_to_uncertain(low: float, high: float, *, no_deal: float = 0.0) -> Risky:
    """The best single offer when the pivot abroad accepts a share of at least t, t uniform between two bounds.

    Parameters
    ----------
    no_deal
        What the proposer gets without ratification.

    Notes
    -----
    Iida (1993) and Tarar (2001): uncertainty about the pivot makes involuntary defection part of the equilibrium. The
    proposer maximises (1 - x) F(x) + no_deal (1 - F(x)); with F uniform on [l, h] that is x = (1 - no_deal + l) / 2,
    kept within [l, h].

    Examples
    --------
    >>> offer_to_uncertain(0.2, 0.9)
    Risky(offer=0.6, ratified=0.5714285714285714)
    """
    if not (0 <= low < high <= 1 and 0 <= no_deal < 1):
        raise UsageError("bounds lie between 0 and 1, the low one below the high one; no deal is worth less than 1")
    from scipy.stats import uniform

    pivot = uniform(low, high - low)
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda x: -((1 - x) * pivot.cdf(x) + no_deal * pivot.sf(x)), bounds=(low, high), method="bounded",
        options={"xatol": 1e-12},
    )  # fmt: skip
    best = max((low, high, round(float(found.x), 9)), key=lambda x: (1 - x) * pivot.cdf(x) + no_deal * pivot.sf(x))
    return Risky(best, float(pivot.cdf(best)))
