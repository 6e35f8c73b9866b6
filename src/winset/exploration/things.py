"""What an answer may hang on: every uncertain number behind it, under a name that a reader understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.exploration.weighing import Weighed
from winset.language import AND, join, tr
from winset.room.costs import audience_costs
from winset.study import Vote
from winset.study.ratification import members

if TYPE_CHECKING:
    from jaxtyping import Float

STILL = 1e-12
"""Variance below which a number is taken as fixed."""

LONGEST = 90
"""Characters of a question's wording that a name keeps."""

PEOPLE, MEASURING, VOTING, DECLARED = (
    "what people think",
    "how they were asked",
    "how a vote comes out",
    "what was declared",
)
"""Kinds of things: facts about people, about measuring them, from acceptance to a vote, and what the analyst laid down."""

ANSWERING = {
    "lapse": tr("Careless or fixed answers, each way"),
    "falsification": tr("People who give the loyal answer out of fear"),
    "deflation": tr("Agreement that a list experiment loses by itself"),
    "stability": tr("Part of an answer's noise that stays with the person at the next question"),
    "clause_level": tr("How far a clause asked alone is judged against no deal"),
    "clause_focus": tr("Weight of a clause asked alone against its weight in a whole deal"),
    "term_focus": tr("Weight of one or two terms offered alone against that in a plan"),
}
"""Single numbers of the model that mean something to a reader, as their priors say it; widths of distributions do not."""


@dataclass(frozen=True)
class Thing:
    """One uncertain number.

    Parameters
    ----------
    values
        One a draw; more of it, in the sense of the label, is a larger number.
    """

    label: str
    kind: str
    values: Float[np.ndarray, " draw"]


def list_things(weighed: Weighed) -> list[Thing]:
    """Every thing that varies and that a package's fate at home may hang on."""
    sources = (_people, _rules, _commitments, _instruments, _wordings, _answering)
    return [t for source in sources for t in source(weighed) if t.values.var() > STILL]


def _people(w: Weighed) -> Iterator[Thing]:
    """Of every side its mean over those who decide, and how each departs from it: readiness, terms, weights, spread, refusal."""
    study, draws = w.study, w.room.ballot.draws
    rows = np.arange(len(w))
    for s, side in enumerate(study.sides.values()):
        own = [j for j in w.deciding if draws.layout.side_of[j] == s]
        who = [study.full_label(*study.constituencies()[j]) for j in own]
        yield from _shared(tr("Readiness for any deal"), side.label, who, w.room.ballot.level[:, own])
        for k, issue in enumerate(study.space.issues):
            chosen = w.options[:, k]
            if (chosen >= 0).all():
                term = (
                    issue.options[int(chosen[0])].label if (chosen == chosen[0]).all() else tr("what nobody has read")
                )
                liking = draws.worth[rows[:, None], np.array(own), k, chosen[:, None]]
                yield from _shared(
                    tr("Liking of “{issue}: {term}”", issue=issue.label, term=term), side.label, who, liking
                )
            yield from _shared(tr("Weight of {issue}", issue=issue.label), side.label, who, draws.importance[:, own, k])
        yield from _shared(tr("How far people differ among themselves"), side.label, who, w.spread[:, own])
        refusing = tr("Share that refuses one of its terms at any price")
        yield from _shared(refusing, side.label, who, 1 - w.kept[:, own])


def _shared(
    what: str, side: str, who: Sequence[str], values: Float[np.ndarray, "draw constituency"]
) -> Iterator[Thing]:
    """What constituencies of a side have in common, and what each has besides: else neighbours tell one thing many times."""
    if len(who) == 1:
        yield Thing(tr("{what}: {who}", what=what, who=who[0]), PEOPLE, values[:, 0])
        return
    mean = values.mean(1)
    yield Thing(tr("{what}: {who}", what=what, who=side), PEOPLE, mean)
    if len(who) == 2:
        label = tr("{what}: {one}, against {other}", what=what, one=who[0], other=who[1])
        yield Thing(label, PEOPLE, values[:, 0] - values[:, 1])
        return
    for n, name in enumerate(who):
        yield Thing(tr("{what}: {who}, against the others", what=what, who=name), PEOPLE, values[:, n] - mean)


def _rules(w: Weighed) -> Iterator[Thing]:
    study = w.study
    for n, (s, clause) in enumerate(study.clauses()):
        named = members(clause)
        if all(study.repeats(s, c) for c in named):  # one vote of several sides
            continue
        joined = tr(
            "{groups} ({side})", groups=join([study.label(s, c) for c in named], AND), side=study.sides[s].label
        )
        who = study.full_label(s, named[0]) if len(named) == 1 else joined
        if isinstance(clause, Vote):
            yield Thing(tr("Turnout and late swing in the vote of {who}", who=who), VOTING, w.limits[:, n])
        else:
            yield Thing(tr("Acceptance that {who} must reach", who=who), DECLARED, w.limits[:, n])


def _commitments(w: Weighed) -> Iterator[Thing]:
    """Price of the commitments that the package breaks; those on one rung have one price."""
    if not w.room.with_costs:
        return
    study, draws, seed, rows = w.study, w.room.ballot.draws, w.room.acceptance.seed, np.arange(len(w))
    everything = audience_costs(study, draws, seed)
    for s, (name, side) in enumerate(study.sides.items()):
        first = int(np.flatnonzero(draws.layout.side_of == s)[0])
        prices: dict[str, tuple[list[str], np.ndarray]] = {}
        for c in side.commitments:
            own = everything - audience_costs(study, draws, seed, free=f"{name}.{c.id}")
            settled = [(k, w.options[:, k]) for k in range(w.options.shape[1]) if (w.options[:, k] >= 0).all()]
            price = sum((own[rows, first, k, o] for k, o in settled), np.zeros(len(w)))
            if price.any():
                labels, before = prices.get(c.rung, ([], np.zeros(len(w))))
                prices[c.rung] = ([*labels, f"“{c.label}”"], before + price)
        for labels, price in prices.values():
            label = tr("Price of breaking {pledges}: {side}", pledges=join(labels, AND), side=side.label)
            yield Thing(label, DECLARED, price)


def _instruments(w: Weighed) -> Iterator[Thing]:
    study, samples = w.study, w.room.acceptance.fit.samples
    for n, i in enumerate(w.room.acceptance.cells.instruments):
        known = study.instruments[i]
        if known.selection == "random" and "instrument_bias" in samples:
            yield Thing(
                tr("House bias of {instrument}", instrument=known.label),
                MEASURING,
                _flat(samples["instrument_bias"])[:, n],
            )
        elif "log_odds" in samples:
            yield Thing(
                tr("Whom {instrument} reached", instrument=known.label), MEASURING, _flat(samples["log_odds"])[:, n]
            )


def _wordings(w: Weighed) -> Iterator[Thing]:
    study, samples = w.study, w.room.acceptance.fit.samples
    if "question_bias" not in samples:
        return
    bias = _flat(samples["question_bias"])
    for n, q in enumerate(w.room.acceptance.cells.questions):
        if n < bias.shape[1]:
            asked = study.questions[q]
            who = join((study.sides[s].label for s in asked.sides), AND)
            label = tr("Wording of “{wording}” ({sides})", wording=shorten(asked.wording), sides=who)
            yield Thing(label, MEASURING, bias[:, n])


def _answering(w: Weighed) -> Iterator[Thing]:
    """Single numbers of the model about how people answer, each by what its prior says that it is."""
    for name, values in w.room.acceptance.fit.samples.items():
        if name in ANSWERING:
            yield Thing(ANSWERING[name], MEASURING, _flat(values))


def _flat(values: np.ndarray) -> np.ndarray:
    """Chains joined."""
    return values.reshape(-1, *values.shape[2:]).astype(float)


def shorten(text: str, longest: int = LONGEST) -> str:
    """A wording that fits a table, cut between words.

    Examples
    --------
    >>> shorten("Would you sign?"), shorten("one two three", 9)
    ('Would you sign?', 'one two …')
    """
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + " …"
