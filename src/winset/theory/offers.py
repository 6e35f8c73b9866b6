"""Alternating offers and legislatures: who proposes when, and how patient each is, decides the shares."""

from __future__ import annotations

from winset.errors import UsageError


def share_rubinstein(delta_first: float, delta_second: float, *, outside_second: float = 0.0) -> float:
    """Share of the side that proposes first in alternating offers without end.

    Parameters
    ----------
    delta_first, delta_second
        Discount factors.
    outside_second
        What the responder can take instead of making a counter-offer.

    Notes
    -----
    Rubinstein (1982): (1 - d2) / (1 - d1 d2). Outside option of the responder: Binmore, Shaked & Sutton (1989), the
    outside-option principle: it binds only if it exceeds what the responder gets anyway.

    Examples
    --------
    >>> round(share_rubinstein(0.9, 0.9), 4)
    0.5263
    """
    if not (0 <= delta_first < 1 and 0 <= delta_second < 1 and 0 <= outside_second <= 1):
        raise UsageError("discount factors lie in [0, 1), the outside option in [0, 1]")
    alone = (1 - delta_second) / (1 - delta_first * delta_second)
    return min(alone, 1 - outside_second)


def share_finite(delta_first: float, delta_second: float, rounds: int) -> float:
    """First proposer's share with so many rounds; in the last the proposer takes all (Stahl 1972).

    Examples
    --------
    >>> share_finite(0.9, 0.8, 1), round(share_finite(0.9, 0.8, 3), 4)
    (1.0, 0.92)
    """
    if rounds < 1:
        raise UsageError("at least one round")
    share = 1.0
    for r in range(rounds - 1, 0, -1):
        patience = delta_second if r % 2 == 1 else delta_first
        share = 1 - patience * share
    return share


def share_baron_ferejohn(members: int, needed: int, delta: float) -> float:
    """Proposer's share in a legislature dividing a dollar, closed rule.

    Notes
    -----
    Baron & Ferejohn (1989), proposition 3, any quota: each of ``needed - 1`` partners gets delta / n.

    Examples
    --------
    >>> share_baron_ferejohn(3, 2, 1.0)
    0.6666666666666667
    """
    if not (1 <= needed <= members and 0 <= delta <= 1):
        raise UsageError("needed votes lie between 1 and the members, delta between 0 and 1")
    return 1 - delta * (needed - 1) / members
