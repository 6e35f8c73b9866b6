"""Rules of ratification in words that can be told in another language."""

from __future__ import annotations

from collections.abc import Callable

from winset.language import AND, OR, join, number, tr
from winset.study import AllOf, AnyOf, Coalition, Rule, Study, Support, Threshold, Veto, Vote
from winset.study.ratification import Normal, Uniform


def say_rule(study: Study, side: str) -> str:
    """A side's rule as a phrase, constituencies by their labels; in English what ``Study.rule_in_words`` says."""
    return say_clauses(study.sides[side].ratification, lambda c: study.label(side, c))


def say_clauses(rule: Rule, name: Callable[[str], str]) -> str:
    """A rule as a phrase.

    Examples
    --------
    >>> say_clauses(AllOf(all_of=(Support(support="public", at_least=0.5), Veto(veto="soldiers", below=0.3))), str)
    'public at least 50% and soldiers not below 30%'
    """
    match rule:
        case Support():
            return tr("{group} at least {share}", group=name(rule.support), share=_amount(rule.at_least))
        case Veto():
            return tr("{group} not below {share}", group=name(rule.veto), share=_amount(rule.below))
        case Vote():
            asked, turnout = _amount(rule.vote.at_least), _amount(rule.vote.turnout)
            shares = {"share": asked, "turnout": turnout}
            return tr("{group} at least {share} of the votes (turnout {turnout})", group=name(rule.vote.of), **shares)
        case Coalition():
            parts = join((join([_weight(w), name(c)], " ") for c, w in rule.coalition.items()), " + ")
            return tr("weighted mean ({parts}) at least {share}", parts=parts, share=_amount(rule.at_least))
        case AllOf():
            return join((say_clauses(r, name) for r in rule.all_of), AND)
        case AnyOf():
            return tr("({rules})", rules=join((say_clauses(r, name) for r in rule.any_of), OR))


def _amount(threshold: Threshold) -> str:
    match threshold:
        case Uniform():
            return tr("{low} to {high}", low=_whole(threshold.uniform[0]), high=_whole(threshold.uniform[1]))
        case Normal():
            mean, give = (_whole(x) for x in threshold.normal)
            return tr("{share} (give or take {more})", share=mean, more=give)
        case _:
            return _whole(threshold)


def _weight(weight: float) -> str:
    return number(weight, len(f"{weight:g}".partition(".")[2]))


def _whole(share: float) -> str:
    return tr("{number}%", number=f"{100 * share:.0f}")
