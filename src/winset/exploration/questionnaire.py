"""A questionnaire from the questions that tell most together: rows of a workbook, to be agreed with a pollster and filled in."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from winset.errors import UsageError
from winset.evidence.responses import RESULT
from winset.exploration.asking import Asking
from winset.exploration.prospects import POLLED, RANDOM, Posed
from winset.study import Study, find_speaker
from winset.study.declared import PLAN
from winset.study.question import PLAIN, READY_SCALES, YES_NO, Scale
from winset.terms.several import WITH, WITHOUT
from winset.workbook.draft import make_id
from winset.workbook.filling import Filled
from winset.workbook.grids import Value
from winset.workbook.sheets import TERM_COLUMNS

OFFERED = ("term", "package")
"""Kinds of questions whose scale suits a question about an offer; moods and clauses are asked in other words."""

LONGEST_ID = 40
"""Characters of an id made of options; people have to read it in a cell."""

ANSWERS, BEFORE, WHO, PLANNED, WORDING = "(answers)", "(asked before)", "(group in words)", "(planned n)", "(wording)"
"""Columns that are there to be read, each beside the one that it is about."""

HOUSES = 8
"""Pollsters that are listed on the first sheet."""

LINE = 120
"""Characters of a line on the first sheet."""

UNDECIDED = ("dont-know", "refused")
"""Columns of what is no answer, as most pollsters print it."""


@dataclass(frozen=True)
class Questionnaire:
    """A draft for a pollster.

    Parameters
    ----------
    sheets
        What stands on each sheet of a workbook, with the cells that are left blank.
    introduction
        What is said on its first sheet.
    """

    sheets: Mapping[str, Filled]
    introduction: Sequence[str]


@dataclass(frozen=True)
class _Row:
    """A question of the set, with all that its rows share."""

    posed: Posed
    question: str
    sides: tuple[str, ...]
    scale: str
    house: str
    wording: str


def draft_questionnaire(study: Study, responses: pl.DataFrame, asking: Asking) -> Questionnaire:
    """Rows for the questions of the set, with cells left blank for what is known after the field work only.

    Parameters
    ----------
    responses
        Table of the evidence, which tells on which scales and of what populations people were asked before.

    Raises
    ------
    UsageError
        If the set is empty, or holds interviews alone.
    """
    if not asking.posed:
        raise UsageError("no question adds anything, so that there is nothing to put on a questionnaire")
    posed = [p for p in asking.posed if p.selection in POLLED]
    if not posed:
        raise UsageError(
            "the set is of interviews alone, and a questionnaire is for polls; ask of a group that a poll of this study reached "
            "(another --of, or --people above 0), or leave out --questionnaire"
        )
    rows = list(_name_rows(study, responses, posed))
    facts = Filled([{"what": "Study", "value": study.id}, {"what": "Title", "value": study.title}])
    houses = {r.house: r for r in reversed(rows)}
    sheets = {
        "Start": facts,
        "Scales": _fill_scales(study, rows),
        "Questions": _fill_questions(study, rows),
        "Polls": _fill_polls(study, rows),
        "Instruments": _fill_instruments(study, responses, houses),
        "Sources": Filled(
            [{"id": h} for h in sorted(houses)],
            blank={(n, key) for n in range(len(houses)) for key in ("publisher", "title", "date")},
        ),
    }
    return Questionnaire(
        sheets, introduce(asking, len(sheets["Questions"].rows), _known_houses(study, responses, rows))
    )


def _name_rows(study: Study, responses: pl.DataFrame, posed: Sequence[Posed]) -> Iterator[_Row]:
    """Questions with ids that the study has not: groups of one side that are asked the same share one."""
    names: dict[tuple, str] = {}
    for p in posed:
        own = study.asked_as(p.side, p.constituency)
        sides = tuple(s for s in study.sides if s in study.sides_of(*own))
        scale = find_scale(study, responses, p.side, p.constituency)
        key = (tuple(p.terms.items()), sides, scale, p.endorsed)
        if key not in names:
            names[key] = _free(f"{'-'.join(sides)}-{_stem(study, p)}", {*study.questions, *names.values()})
        way = "" if p.selection == RANDOM else f"-{p.selection}"
        house = _free(f"new-poll-{'-'.join(sides)}{way}", {*study.instruments, *study.sources})
        yield _Row(p, names[key], sides, scale, house, word_offer(study, p, scale))


def find_scale(study: Study, responses: pl.DataFrame, side: str, constituency: str) -> str:
    """The scale on which most polls of a constituency asked about offers; of its side or of the study where it has none.

    Notes
    -----
    Where nobody was asked about an offer: for or against, which every study has.
    """
    counts: list[Counter[str]] = [Counter(), Counter(), Counter()]
    own = study.asked_as(side, constituency)
    for row in responses.select(RESULT).unique().iter_rows(named=True):
        question = study.questions.get(row["question"])
        if question and question.kind in OFFERED and study.instruments[row["instrument"]].kind == "poll":
            near = ((row["side"], row["constituency"]) == own, row["side"] == side, True)
            for count, fits in zip(counts, near, strict=True):
                count[question.scale] += fits
    best = [max(sorted(c), key=lambda k, c=c: c[k]) for c in counts if c.total()]
    return best[0] if best else PLAIN


def word_offer(study: Study, posed: Posed, scale: str) -> str:
    """A question in plain words, made of labels, against no agreement.

    Notes
    -----
    Terms of a plan are numbered, so that none is lost where they are read out; one or two alone come with what they mean.
    """
    listed = [_word_term(study, i, o, full=posed.kind == "term") for i, o in posed.terms.items()]
    terms = "; ".join(f"({n}) {t}" for n, t in enumerate(listed, 1)) if len(listed) > 1 else listed[0]
    named = "this term" if len(listed) == 1 else "these terms"
    plain = set(_scale(study, scale).answers) == set(YES_NO.answers)
    asked = (
        "would you accept it, or would you rather have no agreement?"
        if plain
        else "what would you think of it, compared with having no agreement?"
    )
    said = "".join(f" {_word_speaker(study, posed, name)} is {stand} it." for name, stand in posed.endorsed)
    return f"Suppose an agreement with {named} were on the table. {terms}.{said} All in all, {asked}"


def _word_speaker(study: Study, posed: Posed, name: str) -> str:
    """Who speaks, by the label that people of this side know."""
    return study.speakers[find_speaker(name, posed.side, study.speakers)].label


def _word_term(study: Study, issue: str, option: str, *, full: bool) -> str:
    found = study.space.issue(issue)
    chosen = found.options[found.index(option)]
    meaning = f" ({chosen.meaning})" if full and chosen.meaning else ""
    label = {WITH: "yes", WITHOUT: "no"}.get(chosen.label, chosen.label)  # one of several that may stand together
    return f"{found.label}: {label}{meaning}"


def introduce(asking: Asking, questions: int, houses: Sequence[str]) -> list[str]:
    """What to do with the draft, before the field work and after it.

    Parameters
    ----------
    questions
        How many there are.
    houses
        Pollsters that the study knows, in words.
    """
    last = asking.together.row(-1, named=True)
    heard = [p for p in asking.posed if p.selection not in POLLED]
    beside = (
        [f"({len(heard)} of them by reporters, who need no questionnaire: they are not in this file)"] if heard else []
    )
    told, low, high = (f"{100 * last[k]:.0f}" for k in ("tells", "low", "high"))
    return [
        f"A draft of {questions} questions for one questionnaire. Agree every wording with a pollster before anybody is asked.",
        f"Why these: together their answers are expected to take away {told} [{low}, {high}] % of what is in doubt about:",
        f"could all leaders carry {asking.about}?",
        *beside,
        "Before the field work, go through this with the pollster:",
        "1. Wordings are made of the study's labels. Put them into words that people use, and praise or blame nothing.",
        "2. They say nothing of who wrote a plan or who is for it. If the pollster wants that, fill in `Who speaks` (Questions).",
        "   A plan of many terms cannot be read out: show it on paper or a screen, or agree on three sentences that tell it.",
        "3. Keep the alternative, no agreement, in every question. Take `don't know` as an answer without offering it first.",
        "4. Have it translated, and translated back by somebody else. Where a term was changed, change `Plan` or `Term` as well.",
        "5. Rotate the order of the questions, and of the answers, from person to person.",
        "6. How many to ask stands in brackets on sheet Polls; the column n is for how many of that group were asked.",
        "After it, fill in the yellow cells: days, n and per cent of each answer (Polls), who asked (Instruments), where it",
        "can be read (Sources). Rows of what was not asked stay empty, and are told. Columns in brackets are left alone.",
        "A pollster that the study has already: write its id in `Asked by`, and delete the row on sheet Instruments.",
        *textwrap.wrap(f"Who polled these groups, the latest first: {'; '.join(houses) or 'nobody yet'}.", LINE),
        "Save, then in a terminal: winset add STUDY THIS-FILE takes the rows into the study, after the checks of any study.",
    ]


def _fill_scales(study: Study, rows: Sequence[_Row]) -> Filled:
    """Scales of the study that are used, so that the file can be read by itself; what every study has needs no row."""
    filled = Filled()
    for name in dict.fromkeys(r.scale for r in rows if r.scale not in READY_SCALES):
        scale = study.scales[name]
        row: dict[str, Value] = {"id": name, "answers": ", ".join(scale.answers), "accepts_from": scale.accepts_from}
        filled.rows.append(row | ({"neutral": scale.neutral} if scale.neutral else {}))
    return filled


def _fill_questions(study: Study, rows: Sequence[_Row]) -> Filled:
    filled = Filled(beside={ANSWERS: "scale", BEFORE: "scale"})
    first: dict[str, _Row] = {}
    for r in rows:
        first.setdefault(r.question, r)
    for r in first.values():
        p = r.posed
        plan = next((i for i, x in study.proposals.items() if dict(x.terms) == dict(p.terms) and not x.not_read), "")
        terms = {} if plan else {f"term{n}": f"{i}={o}" for n, (i, o) in enumerate(p.terms.items(), 1)}
        filled.extra += [k for k in list(terms)[TERM_COLUMNS:] if k not in filled.extra]
        row: dict[str, Value] = {"id": r.question, "wording": r.wording, "side": ", ".join(r.sides), "kind": p.kind}
        row |= {PLAN: plan, "scale": "" if r.scale == PLAIN else r.scale, ANSWERS: _word_answers(study, r.scale)}
        row["endorsed"] = ", ".join(f"{name} {stand}" for name, stand in p.endorsed)
        filled.rows.append(row | terms | {BEFORE: _before(study, r)})
    return filled


def _fill_polls(study: Study, rows: Sequence[_Row]) -> Filled:
    """A row for each question and group; its figures are blank."""
    answers = dict.fromkeys(a for r in rows for a in _answers(study, r.scale))
    filled = Filled(extra=[*answers, *UNDECIDED], beside={WORDING: "question", WHO: "constituency", PLANNED: "n"})
    for n, r in enumerate(rows):
        p = r.posed
        row: dict[str, Value] = {"question": r.question, "instrument": r.house, "constituency": p.constituency}
        row |= {"side": "" if p.constituency in study.wholes else p.side, "source": r.house, WORDING: r.wording}
        filled.rows.append(row | {WHO: study.full_label(p.side, p.constituency), PLANNED: p.people})
        filled.blank |= {(n, key) for key in ("start", "end", "n", *_answers(study, r.scale), *UNDECIDED)}
    return filled


def _fill_instruments(study: Study, responses: pl.DataFrame, houses: Mapping[str, _Row]) -> Filled:
    """A new pollster of each side: what a further question tells was worked out for one that nobody knows yet."""
    filled = Filled()
    for n, name in enumerate(sorted(houses)):
        p = houses[name].posed
        population = _population(study, responses, p)
        row: dict[str, Value] = {"id": name, "kind": "poll", "selection": p.selection, "population": population}
        filled.rows.append(row)
        filled.blank |= {(n, key) for key in ("label", "by", "mode", *([] if population else ["population"]))}
    return filled


def _population(study: Study, responses: pl.DataFrame, p: Posed) -> str:
    """Whom most pollsters of this constituency say that they ask."""
    side, constituency = study.asked_as(p.side, p.constituency)
    own = responses.filter(side=side, constituency=constituency)["instrument"].unique().to_list()
    told = Counter(study.instruments[i].population for i in own if study.instruments[i].selection == p.selection)
    return max(sorted(told), key=lambda k: told[k]) if told else ""


def _known_houses(study: Study, responses: pl.DataFrame, rows: Sequence[_Row]) -> list[str]:
    """Pollsters of the study who asked the same groups, by id and name: those of the latest polls."""
    asked = {study.asked_as(r.posed.side, r.posed.constituency) for r in rows}
    told = responses.sort("end", descending=True).select("side", "constituency", "instrument").rows()
    own = dict.fromkeys(i for side, constituency, i in told if (side, constituency) in asked)
    named = [f"{i} ({study.instruments[i].label})" for i in own if study.instruments[i].kind == "poll"]
    more = [f"{len(named) - HOUSES} more on sheet Instruments of the study"] if len(named) > HOUSES else []
    return named[:HOUSES] + more


def _stem(study: Study, p: Posed) -> str:
    """Words for an id: the proposal's, or those of its terms."""
    plan = next((i for i, x in study.proposals.items() if dict(x.terms) == dict(p.terms)), "")
    spoken = "-".join(f"{stand}-{name}" for name, stand in p.endorsed)
    if plan or p.kind == "package":
        return "-".join(filter(None, [plan or "plan", make_id(spoken) if spoken else ""]))
    words = make_id("-".join([*(f"{i}-{o}" for i, o in p.terms.items()), *filter(None, [spoken])]))
    return words if len(words) <= LONGEST_ID else words[:LONGEST_ID].rpartition("-")[0]


def _free(name: str, taken: set[str]) -> str:
    numbered = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(n for n in numbered if n not in taken)


def _scale(study: Study, name: str) -> Scale:
    return study.scales[name] if name in study.scales else READY_SCALES[name]


def _answers(study: Study, scale: str) -> tuple[str, ...]:
    """Answers of a scale as the sheet of polls has them: accept before reject."""
    answers = _scale(study, scale).answers
    return answers[::-1] if answers == YES_NO.answers else answers


def _word_answers(study: Study, scale: str) -> str:
    return "; ".join([*(a.replace("-", " ") for a in _answers(study, scale)), "(don't know)"])


def _before(study: Study, r: _Row) -> str:
    """Wordings of the study with just this offer: answers to the same words can be compared."""
    offer = dict(r.posed.terms)
    same = (
        f"{name}: {x.wording}"
        for name, x in study.questions.items()
        if dict(x.offer) == offer
        and x.against is None
        and set(r.sides) <= set(x.sides)
        and dict(x.endorsed) == dict(r.posed.endorsed)
        and not x.base
    )
    return "; ".join(same)
