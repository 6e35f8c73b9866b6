"""How a side's constituencies bind its leader: a small expression over their acceptance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from winset.language import AND, OR, join, number, tr
from winset.study.declared import Declared, Id

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Uniform(Declared):
    """A threshold that may lie anywhere in an interval."""

    uniform: tuple[Share, Share]

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.uniform[0] > self.uniform[1]:
            raise ValueError(f"uniform: {list(self.uniform)} runs backwards; write the lower bound first")
        return self


class Normal(Declared):
    """A threshold with a mean and a standard deviation, cut to [0, 1]."""

    normal: tuple[Share, Annotated[float, Field(gt=0.0)]]


def _threshold_kind(value: Any) -> str:
    if isinstance(value, dict | Uniform | Normal):
        keys = value if isinstance(value, dict) else type(value).model_fields
        return "uniform" if "uniform" in keys else "normal"
    return "number"


Threshold = Annotated[
    Annotated[Share, Tag("number")] | Annotated[Uniform, Tag("uniform")] | Annotated[Normal, Tag("normal")],
    Discriminator(_threshold_kind),
]
"""A number, or a distribution over numbers."""


class Support(Declared):
    """A constituency accepts with at least a share."""

    support: Id
    at_least: Threshold


class Coalition(Declared):
    """The weighted mean of several constituencies' acceptance reaches a share."""

    coalition: dict[Id, Annotated[float, Field(gt=0.0)]] = Field(min_length=1)
    at_least: Threshold


class Veto(Declared):
    """A constituency blocks when its acceptance falls below a share."""

    veto: Id
    below: Threshold


class Votes(Declared):
    """A vote of a constituency, or of a whole of several sides as one electorate: Yes among those who vote."""

    of: Id
    at_least: Share
    turnout: Threshold
    """Share of the electorate that votes."""


class Vote(Declared):
    """A constituency carries a vote."""

    vote: Votes


class AllOf(Declared):
    """Every clause must hold."""

    all_of: tuple[Rule, ...] = Field(min_length=1)


class AnyOf(Declared):
    """At least one clause must hold."""

    any_of: tuple[Rule, ...] = Field(min_length=1)


KINDS = ("support", "coalition", "veto", "vote", "all_of", "any_of")


def _rule_kind(value: Any) -> str | None:
    if not isinstance(value, dict | Declared):
        return None
    keys = value if isinstance(value, dict) else type(value).model_fields
    return next((k for k in KINDS if k in keys), None)


Rule = Annotated[
    Annotated[Support, Tag("support")]
    | Annotated[Coalition, Tag("coalition")]
    | Annotated[Veto, Tag("veto")]
    | Annotated[Vote, Tag("vote")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[AnyOf, Tag("any_of")],
    Discriminator(
        _rule_kind,
        custom_error_type="rule",
        custom_error_message="is no rule; write one of support, coalition, veto, vote, all_of, any_of",
    ),
]
"""A rule of ratification."""

AllOf.model_rebuild()
AnyOf.model_rebuild()


Clause = Support | Coalition | Veto | Vote
"""A rule that holds no others."""


def clauses(rule: Rule) -> Iterator[Clause]:
    """Leaves of a rule, in the order declared."""
    match rule:
        case AllOf():
            for r in rule.all_of:
                yield from clauses(r)
        case AnyOf():
            for r in rule.any_of:
                yield from clauses(r)
        case _:
            yield rule


def members(rule: Rule) -> tuple[str, ...]:
    """Constituencies that a rule names, each once, in the order declared."""
    named: dict[str, None] = {}
    for leaf in clauses(rule):
        match leaf:
            case Support():
                named[leaf.support] = None
            case Coalition():
                named.update(dict.fromkeys(leaf.coalition))
            case Veto():
                named[leaf.veto] = None
            case Vote():
                named[leaf.vote.of] = None
    return tuple(named)


def limit(clause: Clause) -> Threshold:
    """Share that a clause asks for: of a constituency, or of its votes."""
    match clause:
        case Veto():
            return clause.below
        case Vote():
            return clause.vote.at_least
        case _:
            return clause.at_least


def _amount(threshold: Threshold) -> str:
    match threshold:
        case Uniform():
            return tr("{low} to {high}", low=_whole(threshold.uniform[0]), high=_whole(threshold.uniform[1]))
        case Normal():
            mean, give = (_whole(x) for x in threshold.normal)
            return tr("{share} (give or take {more})", share=mean, more=give)
        case _:
            return _whole(threshold)


def _whole(share: float) -> str:
    return tr("{number}%", number=f"{100 * share:.0f}")


def _weight(weight: float) -> str:
    return number(weight, len(f"{weight:g}".partition(".")[2]))


def rule_in_words(rule: Rule, name: Callable[[str], str] = str) -> str:
    """The rule as a phrase, which can be told in another language.

    Parameters
    ----------
    name
        What a constituency is called in it: its id, if nothing is said.

    Examples
    --------
    >>> rule_in_words(AllOf(all_of=(Support(support="public", at_least=0.5), Veto(veto="soldiers", below=0.3))))
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
            return join((rule_in_words(r, name) for r in rule.all_of), AND)
        case AnyOf():
            return tr("({rules})", rules=join((rule_in_words(r, name) for r in rule.any_of), OR))


def spell_parts(rule: Rule, shares: Callable[[str], Mapping[str, float]]) -> Rule:
    """A rule over constituencies that have no parts: a whole's acceptance is the weighted mean of its parts'.

    A vote becomes the acceptance that carries it, which is drawn with turnout and swing in place of a threshold.

    Parameters
    ----------
    shares
        Share of each part in a constituency; a constituency without parts is all of itself.

    Examples
    --------
    >>> halves = lambda c: {"north": 0.5, "south": 0.5} if c == "all" else {c: 1.0}
    >>> rule_in_words(spell_parts(Support(support="all", at_least=0.5), halves))
    'weighted mean (0.5 north + 0.5 south) at least 50%'
    """
    match rule:
        case AllOf():
            return AllOf(all_of=tuple(spell_parts(r, shares) for r in rule.all_of))
        case AnyOf():
            return AnyOf(any_of=tuple(spell_parts(r, shares) for r in rule.any_of))
        case Vote():
            return spell_parts(Support(support=rule.vote.of, at_least=rule.vote.at_least), shares)
        case Support():
            parts = shares(rule.support)
            return rule if len(parts) == 1 else Coalition(coalition=dict(parts), at_least=rule.at_least)
        case Veto():
            parts = shares(rule.veto)
            return rule if len(parts) == 1 else Coalition(coalition=dict(parts), at_least=rule.below)
        case Coalition():
            weights: dict[str, float] = {}
            for c, w in rule.coalition.items():
                for part, share in shares(c).items():
                    weights[part] = weights.get(part, 0.0) + w * share
            return Coalition(coalition=weights, at_least=rule.at_least)
