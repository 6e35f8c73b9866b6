"""Which terms those who decide were asked about; what rests on others is listed apart, to be asked first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import AcceptanceDraws
from winset.errors import UsageError
from winset.language import COMMA, join, tr
from winset.study import Study
from winset.study.ratification import Coalition, clauses, members
from winset.terms import Issue, Space

if TYPE_CHECKING:
    from jaxtyping import Bool

ENOUGH = 0.5
"""Share of a coalition's weight that must have been asked."""


def told_options(study: Study, draws: AcceptanceDraws) -> Bool[np.ndarray, "issue option"]:
    """Options that everybody was asked about who decides in any side's rule."""
    told = np.array(draws.layout.exists)
    for weights in _deciding(study).values():
        asked = sum(w * draws.asked[g] for g, w in weights.items()) / sum(weights.values())
        told &= asked > ENOUGH
    return told


def tell_space(space: Space, study: Study, told: Bool[np.ndarray, "issue option"], given: Mapping[str, str]) -> Space:
    """A space of told options alone; an issue that has none is left open, and what is given stays.

    Raises
    ------
    UsageError
        If no issue is left.
    """
    place = {issue.id: k for k, issue in enumerate(study.space.issues)}
    kept = []
    for issue in space.issues:
        all_options = [o.id for o in study.space.issues[place[issue.id]].options]
        own = tuple(o for o in issue.options if issue.id in given or told[place[issue.id], all_options.index(o.id)])
        if own:
            kept.append(Issue(issue.id, issue.label, own, issue.searched))
    if not kept:
        raise UsageError("those who decide were asked about no term in common")
    told_space = Space(tuple(kept), space.constraints)
    if told_space.contradiction():
        raise UsageError("no package of terms that all who decide were asked about keeps to the study's constraints")
    return told_space


def never_asked(study: Study, draws: AcceptanceDraws, package: Mapping[str, str]) -> list[str]:
    """What nobody asked those who decide, as ``told_options`` counts it: ``Option (Issue): not asked were Group, Group``."""
    found = []
    for k, issue in enumerate(study.space.issues):
        if issue.id not in package:
            continue
        option = next(n for n, o in enumerate(issue.options) if o.id == package[issue.id])
        asked = draws.asked[:, k, option]
        groups = sorted(
            {
                g
                for weights in _deciding(study).values()
                if sum(w for c, w in weights.items() if asked[c]) <= ENOUGH * sum(weights.values())
                for g in weights
                if not asked[g]
            }
        )
        if len(groups) == len({g for weights in _deciding(study).values() for g in weights}):
            found.append(
                tr(
                    "{option} ({issue}): nobody who decides was asked",
                    option=issue.options[option].label,
                    issue=issue.label,
                )
            )
        elif groups:
            who = join((study.full_label(*study.constituencies()[g]) for g in groups), COMMA)
            said = {"option": issue.options[option].label, "issue": issue.label}
            found.append(tr("{option} ({issue}): not asked were {groups}", groups=who, **said))
    return found


def _deciding(study: Study) -> dict[tuple[str, int], dict[int, float]]:
    """Weight of each constituency in every clause of every side's rule."""
    number = {pair: n for n, pair in enumerate(study.constituencies())}
    found = {}
    for side in study.sides:
        for n, clause in enumerate(clauses(study.sides[side].ratification)):
            weights = clause.coalition if isinstance(clause, Coalition) else dict.fromkeys(members(clause), 1.0)
            found[side, n] = {number[side, c]: w for c, w in weights.items()}
    return found
