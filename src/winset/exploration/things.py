"""What an answer may hang on: every uncertain number behind it, under a name that a reader understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from winset.acceptance import PRIORS
from winset.exploration.weighing import Weighed
from winset.room.costs import audience_costs
from winset.study import Vote
from winset.study.ratification import clauses, members

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

ANSWERING = ("lapse", "falsification", "deflation", "stability", "clause_level", "clause_focus", "term_focus")
"""Single numbers of the model that mean something to a reader; widths of distributions do not."""


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
        yield from _shared("Readiness for any deal", side.label, who, w.room.ballot.level[:, own])
        for k, issue in enumerate(study.space.issues):
            chosen = w.options[:, k]
            if (chosen >= 0).all():
                term = issue.options[int(chosen[0])].label if (chosen == chosen[0]).all() else "what nobody has read"
                liking = draws.worth[rows[:, None], np.array(own), k, chosen[:, None]]
                yield from _shared(f"Liking of “{issue.label}: {term}”", side.label, who, liking)
            yield from _shared(f"Weight of {issue.label}", side.label, who, draws.importance[:, own, k])
        yield from _shared("How far people differ among themselves", side.label, who, w.spread[:, own])
        refusing = "Share that refuses one of its terms at any price"
        yield from _shared(refusing, side.label, who, 1 - w.kept[:, own])


def _shared(
    what: str, side: str, who: Sequence[str], values: Float[np.ndarray, "draw constituency"]
) -> Iterator[Thing]:
    """What constituencies of a side have in common, and what each has besides: else neighbours tell one thing many times."""
    if len(who) == 1:
        yield Thing(f"{what}: {who[0]}", PEOPLE, values[:, 0])
        return
    mean = values.mean(1)
    yield Thing(f"{what}: {side}", PEOPLE, mean)
    if len(who) == 2:
        yield Thing(f"{what}: {who[0]}, against {who[1]}", PEOPLE, values[:, 0] - values[:, 1])
        return
    for n, name in enumerate(who):
        yield Thing(f"{what}: {name}, against the others", PEOPLE, values[:, n] - mean)


def _rules(w: Weighed) -> Iterator[Thing]:
    study, n = w.study, 0
    for s, side in study.sides.items():
        for clause in clauses(side.ratification):
            if all(study.repeats(s, c) for c in members(clause)):  # one vote of several sides
                n += 1
                continue
            named = [study.label(s, c) for c in members(clause)]
            who = (
                study.full_label(s, members(clause)[0]) if len(named) == 1 else f"{' and '.join(named)} ({side.label})"
            )
            vote = isinstance(clause, Vote)
            label = f"Turnout and late swing in the vote of {who}" if vote else f"Acceptance that {who} must reach"
            yield Thing(label, VOTING if vote else DECLARED, w.limits[:, n])
            n += 1


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
            yield Thing(f"Price of breaking {' and '.join(labels)}: {side.label}", DECLARED, price)


def _instruments(w: Weighed) -> Iterator[Thing]:
    study, samples = w.study, w.room.acceptance.fit.samples
    for n, i in enumerate(w.room.acceptance.cells.instruments):
        known = study.instruments[i]
        if known.selection == "random" and "instrument_bias" in samples:
            yield Thing(f"House bias of {known.label}", MEASURING, _flat(samples["instrument_bias"])[:, n])
        elif "log_odds" in samples:
            yield Thing(f"Whom {known.label} reached", MEASURING, _flat(samples["log_odds"])[:, n])


def _wordings(w: Weighed) -> Iterator[Thing]:
    study, samples = w.study, w.room.acceptance.fit.samples
    if "question_bias" not in samples:
        return
    bias = _flat(samples["question_bias"])
    for n, q in enumerate(w.room.acceptance.cells.questions):
        if n < bias.shape[1]:
            asked = study.questions[q]
            who = " and ".join(study.sides[s].label for s in asked.sides)
            yield Thing(f"Wording of “{shorten(asked.wording)}” ({who})", MEASURING, bias[:, n])


def _answering(w: Weighed) -> Iterator[Thing]:
    """Single numbers of the model about how people answer, each by what its prior says that it is."""
    for name, values in w.room.acceptance.fit.samples.items():
        if name in ANSWERING:
            said = PRIORS[name].what
            yield Thing(said[0].upper() + said[1:], MEASURING, _flat(values))


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
