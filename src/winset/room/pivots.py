"""Who matters at home: power under the rule, and how often a constituency decides over a package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

from winset.room.rules import rule_holds
from winset.study import Rule, Study, mean_share
from winset.study.ratification import clauses, limit, members
from winset.theory import Power, measure_power

if TYPE_CHECKING:
    from jaxtyping import Float

Shares: TypeAlias = "Mapping[str, Float[np.ndarray, ' draw']]"


def rule_power(rule: Rule) -> Power:
    """Power of the constituencies that a rule names, each for or against as one; uncertain thresholds at their mean."""
    names = members(rule)
    middles = [mean_share(limit(c)) for c in clauses(rule)]

    def wins(coalition: frozenset[str]) -> bool:
        return bool(rule_holds(rule, {c: np.array(float(c in coalition)) for c in names}, middles))

    return measure_power(names, wins)


def weigh_pivots(study: Study, shares: Mapping[str, Shares], thresholds: Sequence[np.ndarray]) -> pl.DataFrame:
    """Power and pivotality of every constituency that a rule names.

    Parameters
    ----------
    shares
        Draws of acceptance of one package, by side and constituency.
    thresholds
        By side: clause x draw.

    Returns
    -------
    Columns side, constituency, label, shapley_shubik, banzhaf (under the rule alone), p_side (the leader could carry
    it), if_won and if_lost (the same, were all or none of the constituency for it), decides (share of draws in which it
    does: the others leave it open).
    """
    rows = []
    for i, (name, side) in enumerate(study.sides.items()):
        power = rule_power(side.ratification)
        limits = list(thresholds[i])
        held = np.asarray(rule_holds(side.ratification, shares[name], limits))
        for j, c in enumerate(power.players):
            if study.repeats(name, c):
                continue
            fixed = [
                np.asarray(rule_holds(side.ratification, {**shares[name], c: np.full(len(held), v)}, limits))
                for v in (1.0, 0.0)
            ]
            rows.append(
                {"side": name, "constituency": c, "label": study.label(name, c)}
                | {"shapley_shubik": float(power.shapley_shubik[j]), "banzhaf": float(power.banzhaf[j])}
                | {"p_side": float(held.mean()), "if_won": float(fixed[0].mean()), "if_lost": float(fixed[1].mean())}
                | {"decides": float((fixed[0] & ~fixed[1]).mean())}
            )
    return pl.DataFrame(rows)
