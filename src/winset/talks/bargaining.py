"""At the table: whose rule carries what, what each would hold out for, what is tabled."""

from __future__ import annotations

from typing import Any

import numpy as np

from winset.room.kernels import cdf
from winset.room.operators import ALL, ANY
from winset.talks.numbers import compiled, inlined

MEDIATOR = 2
SETTLED = 1e-6
"""Shares of aims by which what waiting is worth may still move when it is taken as solved."""

ROUNDS_AHEAD = 24
"""Rounds that leaders think ahead when they ask what waiting is worth."""


@compiled
def find_shares(standing: Any, scale: Any, shares: Any) -> None:
    """Share of each constituency's members who accept each package, but for those who answer at random or follow a word.

    One loop for all: the curve is most of the work of a week, and a machine draws eight points of it at once. Without room in
    ``shares``, where no rule has a coalition, nothing is worked out.
    """
    for n in range(len(shares)):
        shares[n] = cdf(np.float32(standing[n] * scale[n]))


@inlined
def find_margins(w: int, d: int, standing: Any, home: Any, table: Any, scratch: Any, shares: Any, margins: Any) -> None:
    """Margin of each side's rule for each package, in probits: ``margins[side, package]``.

    A clause on one constituency: utility above what the threshold needs, over the spread of persons. A coalition: its share
    above the threshold, over the slope of the normal curve there (first order; the sign is exact).
    """
    packages, scale, kept = margins.shape[1], table.scale[w, d], table.kept[w, d]
    find_shares(standing, scale, shares)
    for s in range(2):
        top = -1
        for operator in home.programs[w, s]:
            if operator >= 0:
                top += 1
                row = scratch[top]
                c = home.single[operator]
                if c >= 0:
                    need = table.need[w, d, operator]
                    for p in range(packages):
                        row[p] = (standing[c * packages + p] - need[p]) * scale[c * packages + p]
                else:
                    steep = 1.0 / home.slopes[d, operator]
                    row[:] = -home.thresholds[d, operator] * steep
                    for i in range(len(home.side_of)):
                        weight = home.weights[operator, i] * steep
                        if weight > 0.0:
                            floor, gain = home.floor[w, d, i], home.gain[w, d, i]
                            for p in range(packages):
                                n = i * packages + p
                                row[p] += weight * kept[n] * (floor + gain * shares[n])
            elif operator == ALL:
                top -= 1
                for p in range(packages):
                    scratch[top, p] = min(scratch[top, p], scratch[top + 1, p])
            elif operator == ANY:
                top -= 1
                for p in range(packages):
                    scratch[top, p] = max(scratch[top, p], scratch[top + 1, p])
        for p in range(packages):
            margins[s, p] = scratch[0, p]


@compiled
def best_for(s: int, own: Any, deal: Any, least: Any, believed: Any) -> int:
    """The package that is best for a side among those that both hold better than waiting and the other could carry; -1: none.

    Parameters
    ----------
    own, deal, least
        By side (and package): what it is worth to the side to sign, what a signed deal is worth, and what must be beaten.
    believed
        By side and package: the margin at home that the other side is believed to have.
    """
    best, chosen = -np.inf, -1
    for p in range(deal.shape[1]):
        if own[s, p] >= least[s] and deal[1 - s, p] >= least[1 - s] and believed[s, p] >= 0.0 and own[s, p] > best:
            best, chosen = own[s, p], p
    return chosen


@compiled
def split(deal: Any, war: Any, believed: Any) -> int:
    """The package of the greatest product of gains over war among those that both could carry (Nash 1950); -1: none."""
    best, chosen = 0.0, -1
    for p in range(deal.shape[1]):
        one, other = deal[0, p] - war[0], deal[1, p] - war[1]
        if one >= 0.0 and other >= 0.0 and believed[0, p] >= 0.0 and believed[1, p] >= 0.0 and one * other >= best:
            best, chosen = one * other, p
    return chosen


@compiled
def hold_out(deal: Any, war: Any, believed: Any, patience: float, least: Any) -> None:
    """What each side could have by waiting: ``least[s]``, at least what the war is worth.

    Either side opens the next round with even chance and tables the best for itself that the other would not wait out
    (Rubinstein 1982; Binmore, Rubinstein & Wolinsky 1986): least = (1 - patience) war + patience (mean of the next round).
    Solved in turns from Nash's split, where the patient end.
    """
    least[0], least[1] = war[0], war[1]
    middle = split(deal, war, believed) if patience > 0.0 else -1
    if middle < 0:
        return
    for s in range(2):
        least[s] += patience * (deal[s, middle] - war[s])
    for _ in range(ROUNDS_AHEAD):
        mine, theirs = best_for(0, deal, deal, least, believed), best_for(1, deal, deal, least, believed)
        if mine < 0 and theirs < 0:
            return
        moved = 0.0
        for s in range(2):
            next_round = 0.5 * (deal[s, mine] if mine >= 0 else war[s])
            next_round += 0.5 * (deal[s, theirs] if theirs >= 0 else war[s])
            waits = (1.0 - patience) * war[s] + patience * next_round
            then = max(0.5 * (least[s] + waits), war[s])
            moved, least[s] = max(moved, abs(then - least[s])), then
        if moved < SETTLED:
            return


@compiled
def table_text(
    proposer: int, signing: Any, deal: Any, least: Any, believed: Any, margins: Any, shelf: Any, week: int
) -> int:
    """The package that is tabled; -1 where there is none.

    Parameters
    ----------
    proposer
        A side, or the mediator, who tables the package whose weaker side at home he believes strongest among those that
        both leaders prefer to waiting.
    margins
        By side and package, as the mediator reads them in polls.
    shelf
        Week until which he leaves a package that was refused.
    """
    if proposer < MEDIATOR:
        return best_for(proposer, signing, deal, least, believed)
    best, chosen = -np.inf, -1
    for p in range(deal.shape[1]):
        weaker = min(margins[0, p], margins[1, p])
        if shelf[p] <= week and deal[0, p] >= least[0] and deal[1, p] >= least[1] and weaker > best:
            best, chosen = weaker, p
    return chosen
