"""Win-sets as though one constituency had no say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from winset.room.ballot import Ballot
from winset.room.scoring import PackageScores, cut, score_halves
from winset.room.tables import tabulate
from winset.study import AllOf, AnyOf, Coalition, Rule
from winset.study.ratification import clauses, members
from winset.terms import Space


def drop_from_rule(rule: Rule, constituency: str) -> Rule | None:
    """The rule without a constituency's own clauses, and coalitions without its weight; None if nothing is left.

    Examples
    --------
    >>> from winset.study import AllOf, Support, Veto
    >>> rule = AllOf(all_of=(Support(support="public", at_least=0.5), Veto(veto="army", below=0.3)))
    >>> drop_from_rule(rule, "army")
    AllOf(all_of=(Support(support='public', at_least=0.5),))
    """
    match rule:
        case AllOf():
            kept = tuple(r for r in (drop_from_rule(p, constituency) for p in rule.all_of) if r is not None)
            return AllOf(all_of=kept) if kept else None
        case AnyOf():
            kept = tuple(r for r in (drop_from_rule(p, constituency) for p in rule.any_of) if r is not None)
            return AnyOf(any_of=kept) if kept else None
        case Coalition():
            kept = {c: w for c, w in rule.coalition.items() if c != constituency}
            return Coalition(coalition=kept, at_least=rule.at_least) if kept else None
        case _:
            return None if members(rule) == (constituency,) else rule


def leave_out(ballot: Ballot, side: str, constituency: str) -> Ballot:
    """The ballot without a constituency's say; where it alone decides, its leader can carry anything.

    An electorate of several sides is left out of the rules of all of them.
    """
    if constituency not in ballot.study.wholes:
        return _leave_out(ballot, side, constituency)
    for s, x in ballot.study.sides.items():
        ballot = _leave_out(ballot, s, constituency) if constituency in members(x.ratification) else ballot
    return ballot


def _leave_out(ballot: Ballot, side: str, constituency: str) -> Ballot:
    study = ballot.study
    rule = study.sides[side].ratification
    left = drop_from_rule(rule, constituency)
    place = list(study.sides).index(side)
    if left is None:
        free = tuple(np.zeros_like(t) if i == place else t for i, t in enumerate(ballot.thresholds))
        return replace(ballot, thresholds=free)
    kept = np.array([drop_from_rule(c, constituency) is not None for c in clauses(rule)])
    sides = {**study.sides, side: study.sides[side].model_copy(update={"ratification": left})}
    thresholds = tuple(t[kept] if i == place else t for i, t in enumerate(ballot.thresholds))
    return replace(ballot, study=replace(study, sides=sides), thresholds=thresholds)


def leave_each_out(ballot: Ballot, space: Space, base: PackageScores | None = None) -> pl.DataFrame:
    """Size of the win-sets without each constituency that a rule names.

    Parameters
    ----------
    base
        The same packages with everybody's say, where they were scored already.

    Returns
    -------
    Columns side, constituency, label, win_set and win_set_without (expected share of packages in the side's win-set), zone
    and zone_without (in all win-sets at once).
    """
    study, sides, rows = ballot.study, tuple(ballot.study.sides), []
    halves = replace(cut(tabulate(ballot, space)), settled={})
    base = base or score_halves(halves, sides)
    for i, (name, side) in enumerate(study.sides.items()):
        for c in members(side.ratification):
            if study.repeats(name, c):
                continue
            less = score_halves(halves.under(leave_out(ballot, name, c)), sides)
            row = {"side": name, "constituency": c, "label": study.label(name, c)}
            row |= {"win_set": float(base.by_side[i].mean()), "win_set_without": float(less.by_side[i].mean())}
            row |= {"zone": float(base.both.mean()), "zone_without": float(less.both.mean())}
            rows.append(row)
    return pl.DataFrame(rows)
