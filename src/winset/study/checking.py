"""Checks across files: every id that is used must be declared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from winset.errors import Mistake, suggest
from winset.study.coding import Coding
from winset.study.composition import contradict_parts
from winset.study.electorates import contradict_votes
from winset.study.experiment import OPEN_LEVEL, Experiment
from winset.study.files import CodingsFile, ExperimentsFile, InstrumentsFile, QuestionsFile, StudyFile
from winset.study.question import LEADER, Question
from winset.study.ratification import clauses, limit, members, rule_in_words
from winset.study.side import UNORDERED, Order, Side
from winset.study.speakers import contradict_words, list_speakers
from winset.study.war import Scenario, War
from winset.study.yamlfile import Lines

Options = Mapping[str, Sequence[str]]


def check_study(study: StudyFile, lines: Lines, sources: Collection[str] | None) -> Iterator[Mistake]:
    """Mistakes in study.yaml that need more than one place to be seen; sources are None where their file is unreadable."""
    options = {i: list(e.options) for i, e in study.issues.items()}
    for place, said in contradict_parts(study.sides, study.wholes):
        yield lines.mistake(place, said)
    for s, said in contradict_votes(study.sides, study.wholes):
        yield lines.mistake(("sides", s, "ratification"), said)
    yield from _check_asked(study, lines)
    taken = {*study.sides, LEADER}
    for s, side in study.sides.items():
        yield from _check_side(side, ("sides", s), options, lines, study.wholes)
        for v in side.voices:
            if v in taken:
                yield lines.mistake(
                    ("sides", s, "voices", v),
                    f"the voice `{v}` has the id of a side, of `leader` or of another voice; give it one of its own",
                )
            taken.add(v)
        for i, commitment in enumerate(side.commitments):
            here = ("sides", s, "commitments", i)
            if commitment.since > study.as_of:
                yield lines.mistake((*here, "since"), f"`{commitment.id}` begins after the as-of date {study.as_of}")
            if sources is not None and commitment.source and commitment.source not in sources:
                said = f"unknown source `{commitment.source}`{suggest(commitment.source, sources)}"
                yield lines.mistake((*here, "source"), said)
    for p, proposal in study.proposals.items():
        here = ("proposals", p)
        yield from _check_terms(proposal.terms, (*here, "terms"), options, lines)
        for issue in proposal.not_read:
            if issue not in options:
                yield lines.mistake((*here, "not_read"), f"unknown issue `{issue}`{suggest(issue, options)}")
            elif issue in proposal.terms:
                yield lines.mistake((*here, "not_read"), f"`{issue}` is settled in terms and also not read; keep one")
        if sources is not None and proposal.source not in sources:
            yield lines.mistake(
                (*here, "source"), f"unknown source `{proposal.source}`{suggest(proposal.source, sources)}"
            )


def _check_asked(study: StudyFile, lines: Lines) -> Iterator[Mistake]:
    """Proposals that the study is about must be on record at its date."""
    for n, p in enumerate(study.asked):
        if p not in study.proposals:
            yield lines.mistake(("asked", n), f"unknown proposal `{p}`{suggest(p, study.proposals)}")
        elif study.proposals[p].date > study.as_of:
            said = f"`{p}` is of {study.proposals[p].date}, after the study's date {study.as_of}; it is a what-if, name another"
            yield lines.mistake(("asked", n), said)


def check_war(
    war: War, lines: Lines, study: StudyFile, sources: Collection[str], questions: Mapping[str, Question]
) -> Iterator[Mistake]:
    """Mistakes in talks.yaml that need the other files to be seen."""
    sides, here = study.sides, ("war",)
    options = {i: list(e.options) for i, e in study.issues.items()}
    if len(sides) != 2:
        yield lines.mistake(here, f"talks between two sides are simulated, the study has {len(sides)}")
    yield from _check_terms(war.without_deal, (*here, "without_deal"), options, lines)
    yield from _check_terms(war.front.terms, (*here, "front", "terms"), options, lines)
    yield from _check_names(war.front.attacker, sides, "side", (*here, "front"), lines)
    for s in sides:
        if s not in war.intensity:
            place, said = (*here, "intensity"), f"no intensity for `{s}`; 1 if its recent losses are its mean so far"
            yield lines.mistake(place, said)
    for field in ("intensity", "leaders", "bear_losses", "listens", "series"):
        for s in getattr(war, field):
            yield from _check_names(s, sides, "side", (*here, field), lines)
    for s, named in war.bear_losses.items():
        yield from _check_constituencies(study, s, named, (*here, "bear_losses", s), lines)
    for s, table in war.listens.items():
        for c, heard in table.items():
            yield from _check_constituencies(study, s, (c, *heard), (*here, "listens", s), lines)
    for s, q in war.series.items():
        yield from _check_names(q, questions, "question", (*here, "series", s), lines)
    if war.guarantees is not None:
        yield from _check_names(war.guarantees, options, "issue", (*here, "guarantees"), lines)
    for field in ("truces", "not_settlements"):
        for p in getattr(war, field):
            yield from _check_names(p, study.proposals, "proposal", (*here, field), lines)
    for place, source in [
        (("front",), war.front.source),
        *((("front", "regions", n), r.source) for n, r in war.front.regions.items()),
    ]:
        if source:
            yield from _check_names(source, sources, "source", (*here, *place), lines)
    if war.began >= study.as_of:
        yield lines.mistake((*here, "began"), f"the war begins after the as-of date {study.as_of}")
    for name, scenario in war.scenarios.items():
        for said in contradictions(scenario, options, {s: tuple(side.constituencies) for s, side in sides.items()}):
            yield lines.mistake((*here, "scenarios", name), said)


def contradictions(
    scenario: Scenario, options: Mapping[str, Sequence[str]], sides: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """What a scenario names that the study does not have.

    Parameters
    ----------
    options, sides
        Options by issue, constituencies by side.
    """
    for change in scenario.changes:
        for issue, option in change.terms.items():
            if issue not in options:
                yield f"unknown issue `{issue}`{suggest(issue, options)}"
            elif option not in options[issue]:
                yield f"`{issue}` has no option `{option}`{suggest(option, options[issue])}"
        for s in (
            *change.framing,
            *change.commitments,
            *change.losses,
            *change.aid,
            *change.mobilise,
            *change.referendum,
        ):
            if s not in sides:
                yield f"unknown side `{s}`{suggest(s, sides)}"
        for s, c in change.referendum.items():
            if s in sides and c not in sides[s]:
                yield f"side `{s}` has no constituency `{c}`{suggest(c, sides[s])}"


def _check_names(name: str, known: Collection[str], what: str, place: tuple, lines: Lines) -> Iterator[Mistake]:
    if name not in known:
        yield lines.mistake(place, f"unknown {what} `{name}`{suggest(name, known)}")


def _check_constituencies(
    study: StudyFile, side: str, named: Iterable[str], place: tuple, lines: Lines
) -> Iterator[Mistake]:
    known = study.sides[side].constituencies if side in study.sides else {}
    for c in named:
        if known:
            yield from _check_names(c, known, "constituency", place, lines)


def check_questions(questions: QuestionsFile, lines: Lines, study: StudyFile) -> Iterator[Mistake]:
    """Mistakes in questions.yaml that need study.yaml to be seen."""
    options = {i: list(e.options) for i, e in study.issues.items()}
    for q, question in questions.questions.items():
        here = ("questions", q)
        for s in question.sides:
            if s not in study.sides:
                yield lines.mistake((*here, "side"), f"unknown side `{s}`{suggest(s, study.sides)}")
        yield from _check_hearing(q, question, questions, (*here,), lines, study)
        if question.scale not in questions.scales:
            yield lines.mistake(
                (*here, "scale"), f"unknown scale `{question.scale}`{suggest(question.scale, questions.scales)}"
            )
        yield from _check_terms(question.offer, (*here, "offer"), options, lines)
        yield from _check_terms(question.against or {}, (*here, "against"), options, lines)
        for issue in question.not_read:
            if issue not in options:
                yield lines.mistake((*here, "not_read"), f"unknown issue `{issue}`{suggest(issue, options)}")
        if question.against is not None and question.against == question.offer:
            yield lines.mistake(here, "offer and against are the same package; the answer would say nothing")


def _check_hearing(
    q: str, question: Question, questions: QuestionsFile, here: tuple[Any, ...], lines: Lines, study: StudyFile
) -> Iterator[Mistake]:
    """Who speaks for the offer must be declared, and a base must be another question about no deal."""
    for said in contradict_words(question.endorsed, question.sides, list_speakers(study.sides)):
        yield lines.mistake((*here, "endorsed"), said)
    other = question.base.question if question.base else None
    if other is None:
        return
    place = (*here, "base")
    if other == q:
        yield lines.mistake(place, f"the base of `{q}` is `{q}` itself; name the question that people answered before")
    elif other not in questions.questions:
        yield lines.mistake(place, f"unknown question `{other}`{suggest(other, questions.questions)}")
    else:
        asked = questions.questions[other]
        if asked.against is not None or question.against is not None:
            yield lines.mistake(place, "a base needs two offers that are each judged against no deal")
        if asked.base is not None and asked.base.question is not None:
            yield lines.mistake(
                place, f"the base of `{q}` has a base of its own (`{asked.base.question}`); one step is read"
            )


def check_instruments(instruments: InstrumentsFile, lines: Lines) -> Iterator[Mistake]:
    """Interviews cannot be a random sample without saying who drew it."""
    for name, instrument in instruments.instruments.items():
        if instrument.kind == "interviews" and instrument.selection == "random":
            yield lines.mistake(
                ("instruments", name),
                f"`{name}` calls interviews random; write respondent-driven, journalist, self-identified, public-voices, vetted",
            )


def _check_side(
    side: Side, here: tuple[Any, ...], options: Options, lines: Lines, wholes: Collection[str]
) -> Iterator[Mistake]:
    for c in members(side.ratification):
        if c not in side.constituencies and c not in wholes:
            known = [*side.constituencies, *wholes]
            yield lines.mistake((*here, "ratification"), f"rule names unknown constituency `{c}`{suggest(c, known)}")
    for leaf in clauses(side.ratification):
        threshold = limit(leaf)
        if isinstance(threshold, float) and threshold >= 1.0:
            yield lines.mistake(
                (*here, "ratification"),
                f"`{rule_in_words(leaf)}` can never hold: some of any group answer no whatever is offered; write less than 1",
            )
    for _ in (leaf for leaf in clauses(side.ratification) if not members(leaf)):
        yield lines.mistake((*here, "ratification"), "rule names no constituency")
    for issue in options:
        if issue not in side.order:
            yield lines.mistake(
                (*here, "order"),
                f"no order for issue `{issue}`; list its options from best to worst for this side, or write unordered",
            )
    yield from _check_order(side.order, (*here, "order"), options, lines)
    yield from _check_many(side.red_lines, (*here, "red_lines"), options, lines)
    for c, group in side.constituencies.items():
        place = (*here, "constituencies", c)
        yield from _check_order(group.order, (*place, "order"), options, lines)
        yield from _check_many(group.red_lines, (*place, "red_lines"), options, lines)
    seen: set[str] = set()
    for i, commitment in enumerate(side.commitments):
        if commitment.id in seen:
            yield lines.mistake((*here, "commitments", i), f"commitment `{commitment.id}` stands twice")
        seen.add(commitment.id)
        yield from _check_many(commitment.breaks, (*here, "commitments", i, "breaks"), options, lines)


def _check_order(
    orders: Mapping[str, Order], here: tuple[Any, ...], options: Options, lines: Lines
) -> Iterator[Mistake]:
    """An order names every option of its issue once, or is ``unordered``."""
    listed = {i: o for i, o in orders.items() if o != UNORDERED}
    for issue, order in listed.items():
        known = options.get(issue, ())
        if len(set(order)) != len(order):
            yield lines.mistake((*here, issue), f"an option of `{issue}` stands twice")
        else:
            for o in known:
                if o not in order:
                    yield lines.mistake((*here, issue), f"order of `{issue}` lacks option `{o}`")
    for issue in orders:
        if issue not in options:
            yield lines.mistake((*here, issue), f"unknown issue `{issue}`{suggest(issue, options)}")
    yield from _check_many({i: o for i, o in listed.items() if i in options}, here, options, lines)


def _check_many(
    named: Mapping[str, Sequence[str]], here: tuple[Any, ...], options: Options, lines: Lines
) -> Iterator[Mistake]:
    for issue, several in named.items():
        for option in several:
            yield from _check_terms({issue: option}, here, options, lines)


def _check_terms(terms: Mapping[str, str], here: tuple[Any, ...], options: Options, lines: Lines) -> Iterator[Mistake]:
    for issue, option in terms.items():
        if issue not in options:
            yield lines.mistake((*here, issue), f"unknown issue `{issue}`{suggest(issue, options)}")
        elif option not in options[issue]:
            yield lines.mistake(
                (*here, issue), f"unknown option `{option}` for issue `{issue}`{suggest(option, options[issue])}"
            )


def check_experiments(
    file: ExperimentsFile,
    lines: Lines,
    study: StudyFile,
    questions: QuestionsFile,
    instruments: InstrumentsFile,
    sources: Collection[str],
) -> Iterator[Mistake]:
    """Mistakes in experiments.yaml that need the other files to be seen."""
    options = {i: [*e.options, OPEN_LEVEL] for i, e in study.issues.items()}
    for e, experiment in file.experiments.items():
        here = ("experiments", e)
        if experiment.question not in questions.questions:
            said = f"unknown question `{experiment.question}`{suggest(experiment.question, questions.questions)}"
            yield lines.mistake((*here, "question"), said)
        yield from _check_common(experiment, experiment.files, here, lines, study, instruments, sources)
        yield from _check_attributes(experiment, here, options, lines)
        if experiment.question in questions.questions:
            yield from _check_people(experiment, here, lines, study, questions)


def _check_attributes(experiment: Experiment, here: tuple, options: Options, lines: Lines) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for a, attribute in experiment.attributes.items():
        place = (*here, "attributes", a)
        if attribute.issue not in options:
            yield lines.mistake(
                (*place, "issue"), f"unknown issue `{attribute.issue}`{suggest(attribute.issue, options)}"
            )
            continue
        if attribute.issue in seen:
            yield lines.mistake(
                place, f"`{a}` and `{seen[attribute.issue]}` are both read as issue `{attribute.issue}`"
            )
        seen[attribute.issue] = a
        for level, option in attribute.levels.items():
            if option not in options[attribute.issue]:
                said = f"unknown option `{option}`{suggest(option, options[attribute.issue])}"
                yield lines.mistake((*place, "levels", level), said)


def _check_people(
    experiment: Experiment, here: tuple, lines: Lines, study: StudyFile, questions: QuestionsFile
) -> Iterator[Mistake]:
    question = questions.questions[experiment.question]
    groups = _groups(question, study)
    named = [experiment.constituency] if experiment.constituency else []
    named += list(experiment.constituencies.values.values()) if experiment.constituencies else []
    for group in named:
        if group not in groups:
            yield lines.mistake(here, f"unknown constituency `{group}`{suggest(group, groups)}")
    if question.scale in questions.scales:
        scale = questions.scales[question.scale].answers
        for value, answer in experiment.answers.items():
            if answer not in scale:
                yield lines.mistake((*here, "answers", value), f"unknown answer `{answer}`{suggest(answer, scale)}")


def _check_common(
    entry: Experiment | Coding,
    files: Sequence[str],
    here: tuple,
    lines: Lines,
    study: StudyFile,
    instruments: InstrumentsFile,
    sources: Collection[str],
) -> Iterator[Mistake]:
    """What files of experiments and of interviews have in common."""
    known: dict[str, Collection[str]] = {"instrument": instruments.instruments, "source": sources}
    for name, ids in known.items():
        value = getattr(entry, name)
        if value not in ids:
            yield lines.mistake((*here, name), f"unknown {name} `{value}`{suggest(value, ids)}")
    for file in files:
        if "/" in file or "\\" in file:
            yield lines.mistake(here, f"`{file}` lies elsewhere; put it beside study.yaml")
    if entry.date > study.as_of:
        yield lines.mistake((*here, "date"), f"date {entry.date} is after the as-of date {study.as_of}")


def check_codings(
    file: CodingsFile,
    lines: Lines,
    study: StudyFile,
    questions: QuestionsFile,
    instruments: InstrumentsFile,
    sources: Collection[str],
) -> Iterator[Mistake]:
    """Mistakes in codings.yaml that need the other files to be seen."""
    for name, coding in file.codings.items():
        here = ("codings", name)
        yield from _check_common(coding, coding.files, here, lines, study, instruments, sources)
        kind = instruments.instruments.get(coding.instrument)
        if kind is not None and kind.kind != "interviews":
            yield lines.mistake(
                (*here, "instrument"), f"`{coding.instrument}` is a {kind.kind}; coded interviews need kind: interviews"
            )
        groups = [coding.constituency] if coding.constituency else []
        groups += list(coding.constituencies.values.values()) if coding.constituencies else []
        for code, meaning in coding.codes.items():
            if meaning.question is None:
                continue
            place = (*here, "codes", code)
            question = questions.questions.get(meaning.question)
            if question is None:
                said = f"unknown question `{meaning.question}`{suggest(meaning.question, questions.questions)}"
                yield lines.mistake(place, said)
                continue
            own = _groups(question, study)
            for group in groups:
                if group not in own:
                    said = f"unknown constituency `{group}` of {' and '.join(question.sides)}{suggest(group, own)}"
                    yield lines.mistake(here, said)


def _groups(question: Question, study: StudyFile) -> list[str]:
    """Constituencies whose people a question may have been put to."""
    return [c for s in question.sides if s in study.sides for c in study.sides[s].constituencies]
