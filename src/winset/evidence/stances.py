"""A coded stance as an answer on a question's scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from winset.evidence.responses import Response
from winset.study import Scale

STANCES = (-2, -1, 0, 1, 2)
"""From strongly against an offer to strongly for it; 0 says neither."""


def collapses(scale: Scale, *, aggregate: bool = False) -> bool:
    """Whether a stance says only for or against: on scales of other lengths, and for aggregates ("72 for")."""
    return aggregate or len(scale.answers) != len(STANCES)


def place_stance(stance: int, scale: Scale, *, aggregate: bool = False) -> int | None:
    """Category of a stance; None where it is neither and the scale has no middle."""
    if collapses(scale, aggregate=aggregate):
        return None if stance == 0 else int(stance > 0)
    return stance + 2


def settle_stance(stances: Sequence[int]) -> int:
    """One stance of a person who said several things: the middle one, weaker where two are; 0 for both sides.

    Examples
    --------
    >>> settle_stance([-2, -2, -1]), settle_stance([-2, -1]), settle_stance([-2, 1])
    (-2, -1, 0)
    """
    if min(stances) < 0 < max(stances):
        return 0
    return int(median(stances))


def share_weights(responses: Sequence[Response]) -> list[Response]:
    """Judgements of the same person and question by several coders share the weight of one person."""
    key = lambda r: (r.instrument, r.question, r.respondent)  # noqa: E731
    coders = Counter(key(r) for r in responses if r.coder is not None)
    return [replace(r, weight=r.weight / coders[key(r)]) if r.coder is not None else r for r in responses]
