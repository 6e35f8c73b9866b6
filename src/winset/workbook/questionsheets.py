"""Sheets of scales, questions and instruments -> questions.yaml and instruments.yaml."""

from __future__ import annotations

from typing import Any

from winset.errors import suggest
from winset.study.declared import PLAN
from winset.study.question import PLAIN, READY_SCALES
from winset.terms.several import PLUS
from winset.workbook.amounts import read_share
from winset.workbook.draft import Draft, make_id
from winset.workbook.known import (
    INSTRUMENTS,
    QUESTIONS,
    Declared,
    attempt,
    listed,
    named,
    own_id,
    put_texts,
    read_flag,
    value_of,
)
from winset.workbook.tables import Line, Table


def declare_scales(table: Table, draft: Draft, known: Declared) -> None:
    """Answers finer than accept or reject."""
    for line, name in named(table, draft, known.scales):
        here = ("scales", name)
        draft.put(
            QUESTIONS, (*here, "answers"), [make_id(a) or a for a in listed(line["answers"])], line.cell("answers")
        )
        draft.mark(QUESTIONS, (*here, "accepts_from"), line.cell("accepts_from"))
        for key in ("accepts_from", "neutral"):
            if line[key]:
                draft.put(QUESTIONS, (*here, key), make_id(line[key]) or line[key], line.cell(key))


def _scale(line: Line, draft: Draft, known: Declared) -> str:
    """The scale of a question: one of the sheet of scales, or one that every study has."""
    ready = make_id(line["scale"]) or PLAIN
    if line["scale"] in known.scales or ready not in READY_SCALES:
        if line["scale"] not in known.scales:
            said = f"unknown scale `{line['scale']}`{suggest(line['scale'], dict.fromkeys([*READY_SCALES, *known.scales]))}"
            draft.wrong(
                line.cell("scale"), f"{said}; another takes a row on sheet Scales (Scale id, Answers, Accepts from)"
            )
        return known.scales.find(line["scale"])
    return ready


def declare_questions(table: Table, draft: Draft, known: Declared) -> None:
    """What people were asked, as offers."""
    for line in table:
        name = own_id(line)
        if draft.get(QUESTIONS, ("questions", name)) != {}:
            continue  # told before
        here = ("questions", name)
        sides = [known.sides.find(s) for s in listed(line["side"])]
        if sides:
            draft.put(QUESTIONS, (*here, "side"), sides[0] if len(sides) == 1 else sides, line.cell("side"))
        draft.mark(QUESTIONS, (*here, "side"), line.cell("side"))
        put_texts(draft, QUESTIONS, here, line, {k: k for k in ("kind", "wording", "asked", "loyal")})
        draft.put(
            QUESTIONS,
            (*here, "scale"),
            _scale(line, draft, known),
            line.cell("scale"),
        )
        _offer(line, here, draft, known)
        if line["against"]:
            cell = line.cell("against")
            read = lambda line=line: _read_against(line["against"], known)  # noqa: E731
            if (against := attempt(draft, cell, read)) is not None:
                draft.put(QUESTIONS, (*here, "against"), against, cell)
        for issue in listed(line["not_read"]):
            draft.add_item(QUESTIONS, (*here, "not_read"), known.issues.find(issue), line.cell("not_read"))
        if line["endorsed"] and (
            said := attempt(draft, line.cell("endorsed"), lambda line=line: _read_words(line["endorsed"]))
        ):
            draft.put(QUESTIONS, (*here, "endorsed"), said, line.cell("endorsed"))
        if line["base"] and (
            base := attempt(draft, line.cell("base"), lambda line=line: _read_base(line["base"], known))
        ):
            draft.put(QUESTIONS, (*here, "base"), base, line.cell("base"))


def _offer(line: Line, here: tuple, draft: Draft, known: Declared) -> None:
    draft.put(QUESTIONS, (*here, "offer"), {}, line.cell("plan"))
    if line["plan"]:
        draft.put(QUESTIONS, (*here, "offer", PLAN), known.proposals.find(line["plan"]), line.cell("plan"))
    for key in [k for k in line.values if k.startswith("term")]:
        for issue, option in (attempt(draft, line.cell(key), lambda key=key: known.terms(line[key])) or {}).items():
            before = draft.get(QUESTIONS, (*here, "offer", issue))
            if before and issue not in known.several:
                draft.wrong(line.cell(key), f"`{issue}` is settled twice in this question; keep one")
            value = f"{before}{PLUS}{option}" if before and issue in known.several else option
            draft.put(QUESTIONS, (*here, "offer", issue), value, line.cell(key))


def _read_against(text: str, known: Declared) -> dict[str, str]:
    """Terms of the other package: a proposal, terms, or a proposal and terms that differ from it."""
    plans = [p for p in listed(text) if "=" not in p]
    terms = known.terms(",".join(p for p in listed(text) if "=" in p))
    if len(plans) > 1:
        raise ValueError(f"`{text}` names two proposals; write one, and terms that differ from it")
    return ({PLAN: known.proposals.find(plans[0])} if plans else {}) | terms


def _read_words(text: str) -> dict[str, str]:
    """Who speaks for or against, of ``leader for, opposition against``."""
    found = {}
    for part in listed(text):
        who, _, stand = part.rpartition(" ")
        if not who or stand not in {"for", "against"}:
            raise ValueError(f"`{part}`: write who speaks and how, for instance `leader for, opposition against`")
        found[who.strip()] = stand
    return found


def _read_base(text: str, known: Declared) -> dict[str, Any]:
    """Who was asked, of ``refused QUESTION, 50%``."""
    found: dict[str, Any] = {}
    for part in listed(text):
        word, _, rest = part.partition(" ")
        if word in {"refused", "accepted"} and rest:
            found[word] = known.questions.find(rest.strip())
        elif part == "voters":
            found["voters"] = True
        else:
            share = read_share(part)
            if not isinstance(share, float):
                raise ValueError(f"`{part}`: write refused QUESTION, accepted QUESTION, voters, or a share such as 50%")
            found["share"] = share
    return found


def declare_instruments(table: Table, draft: Draft, known: Declared) -> None:
    """Who asked whom, and how."""
    for line, name in named(table, draft, known.instruments):
        here = ("instruments", name)
        texts = ("label", "by", "mode", "kind", "selection", "population", "published", "design_effect_basis")
        put_texts(draft, INSTRUMENTS, here, line, {k: k for k in texts})
        if (direct := read_flag(line, "direct", draft)) is not None:
            draft.put(INSTRUMENTS, (*here, "direct"), direct, line.cell("direct"))
        if line["design_effect"]:
            draft.put(
                INSTRUMENTS, (*here, "design_effect"), value_of(line, "design_effect"), line.cell("design_effect")
            )
