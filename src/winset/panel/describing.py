"""Everything that the component shows, as one value that JSON can hold: labels, rules, proposals, the map, the draws."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from winset.acceptance.hearing import STANDS, follow_words
from winset.evidence.words import count_words
from winset.findings.wording import WORDS
from winset.language import ENGLISH, Language, tr
from winset.panel.component import read_script
from winset.panel.packing import Pack, pack_room
from winset.room import Room
from winset.study import AllOf, AnyOf, Coalition, Rule, Study, Support, Veto, Vote
from winset.study.ratification import clauses, members, rule_in_words
from winset.study.speakers import LEADER, find_speaker
from winset.terms import Issue
from winset.terms.space import OPEN

NOT_READ = -2
"""An issue that a text may settle, but that nobody here has read."""

SQUARES = 40
"""Squares along each side of the map, as ``Room.density`` has them."""


def describe_panel(room: Room, *, packed: Pack | None = None, language: Language = ENGLISH) -> dict[str, Any]:
    """What a page needs to let a reader build packages of a room; as JSON.

    Parameters
    ----------
    room
        With audience costs taken off, nobody's words heard.
    packed
        The draws, where they were packed before.
    language
        What the panel speaks.
    """
    study = room.acceptance.study
    pairs = study.constituencies()
    sides = list(study.sides)
    return {
        "title": study.title,
        "groups": [{"side": sides.index(s), "label": study.label(s, c)} for s, c in pairs],
        "leaves": [int(n) for n in room.ballot.draws.layout.leaves],
        "sides": [_side(study, s, language) for s in sides],
        "issues": [_issue(study, k, i) for k, i in enumerate(study.space.issues)],
        "never": [list(pair) for pair in study.space.pairs],
        "words": list(_words(room, language)),
        "proposals": [_proposal(room, p) for p in study.proposals],
        "map": _map(room) if len(sides) > 1 else None,
        "asked": _asked(room),
        "phrases": [[bound, language.say(phrase)] for bound, phrase in WORDS],
        "language": describe_language(language),
        "pack": (packed or pack_room(room)).as_text(),
    }


def describe_language(language: Language) -> dict[str, Any]:
    """What the component needs to speak a language: its texts, and which form goes with which number.

    Forms go by a number's last two digits from one hundred on, so that two hundred of them tell all.
    """
    script = read_script()
    texts = {one: forms for one, forms in language.forms().items() if json.dumps(one, ensure_ascii=False) in script}
    plural = [language.plural(n) for n in range(200)] if texts else []
    return {"code": language.code, "rtl": language.right_to_left, "texts": texts, "plural": plural}


def _side(study: Study, side: str, language: Language) -> dict[str, Any]:
    spelt, own = list(clauses(study.rule(side))), list(clauses(study.sides[side].ratification))
    numbers = iter(range(len(own)))
    return {
        "label": study.sides[side].label,
        "rule": _tree(study.sides[side].ratification, numbers),
        "clauses": [_clause(study, side, c, x, language) for c, x in zip(own, spelt, strict=True)],
    }


def _tree(rule: Rule, numbers: Iterator[int]) -> Any:
    """A rule as nested lists, its clauses by number."""
    match rule:
        case AllOf():
            return ["all", *(_tree(r, numbers) for r in rule.all_of)]
        case AnyOf():
            return ["any", *(_tree(r, numbers) for r in rule.any_of)]
        case _:
            return next(numbers)


def _clause(study: Study, side: str, own: Any, spelt: Any, language: Language) -> dict[str, Any]:
    pairs = study.constituencies()
    weights = spelt.coalition if isinstance(spelt, Coalition) else dict.fromkeys(members(spelt), 1.0)
    total = sum(weights.values())
    kinds = {Support: "support", Coalition: "coalition", Veto: "veto", Vote: "vote"}
    return {
        "kind": kinds[type(own)],
        "words": language.say(rule_in_words(own, lambda c: study.label(side, c))),
        "who": ", ".join(study.label(side, c) for c in members(own)),
        "weights": [[pairs.index(study.place(side, c)), w / total] for c, w in weights.items()],
        "at_least": own.vote.at_least if isinstance(own, Vote) else None,
    }


def _issue(study: Study, k: int, issue: Issue) -> dict[str, Any]:
    orders = [study.sides[s].order_of(next(iter(study.sides[s].constituencies)), issue.id) for s in study.sides]
    return {
        "id": issue.id,
        "label": issue.label,
        "options": [
            {"id": o.id, "label": o.label, "ranks": [order.index(o.id) if order else None for order in orders]}
            for o in issue.options
        ],
    }


def _words(room: Room, language: Language) -> Iterator[dict[str, Any]]:
    """Who may speak for or against a package: by leaf, whose word is heard and whether it moves people towards it."""
    study, layout = room.acceptance.study, room.ballot.draws.layout
    own = {LEADER: language.say(tr("Each side's own leader"))} if any(x.leads for x in study.speakers) else {}
    leaves = study.composition.leaves
    heard_of = {(leaves[leaf][0], n) for leaf, n, _ in count_words(study, room.acceptance.responses)}
    for name, label in {**own, **{x.id: x.label for x in study.speakers}}.items():
        heard = {}
        for stand in STANDS:
            ((speaker, _, towards),) = follow_words({name: stand}, study, layout)
            heard[stand] = [[int(n), bool(t)] for n, t in zip(speaker, towards, strict=True)]
        silent = [x.label for s, x in study.sides.items() if (s, find_speaker(name, s, study.speakers)) not in heard_of]
        yield {"name": name, "label": label, "silent": silent, **heard}


def _proposal(room: Room, name: str) -> dict[str, Any]:
    """A proposal, and what the whole run says of it: the page prints the same digits."""
    study = room.acceptance.study
    p, space = study.proposals[name], study.space
    terms = [
        NOT_READ if i.id in p.not_read and n == OPEN else n
        for i, n in zip(space.issues, space.encode(p.terms), strict=True)
    ]
    carried = room.carry(name)["probability"].to_list()
    shares = room.acceptance.shares(name)
    low, high = np.quantile(shares, (0.05, 0.95), axis=0)
    return {
        "id": name,
        "label": p.label,
        "date": f"{p.date}",
        "later": p.date > study.as_of,
        "asked": name in study.on_record(),
        "terms": [int(n) for n in terms],
        "shares": [[float(x) for x in row] for row in zip(shares.mean(0), low, high, strict=True)],
        "priced": [float(x) for x in room.shares(name).mean(0)],
        "carried": carried[:-1],
        "all": carried[-1],
    }


def _asked(room: Room) -> list[list[list[bool]]]:
    """By constituency, issue and option: whether most of its people were asked about it."""
    draws = room.acceptance.draws
    counts = draws.layout.exists.sum(1)
    return [[[bool(x) for x in row[:n]] for row, n in zip(group, counts, strict=True)] for group in draws.asked]


def _map(room: Room) -> dict[str, Any]:
    """Every square of the map of two leaders' chances that holds packages: how many, and one of them."""
    scores, study = room.scores, room.acceptance.study
    one, other = scores.by_side[:2]
    at = [np.minimum((SQUARES * x).astype(int), SQUARES - 1) for x in (one, other)]
    table = pl.DataFrame({"x": at[0], "y": at[1], "package": np.arange(len(one)), "all": scores.both})
    found = table.group_by("x", "y", maintain_order=True).agg(
        pl.len().alias("count"), pl.col("package").sort_by("all", descending=True).first()
    )
    place = [[i.id for i in study.space.issues].index(i.id) for i in room.space.issues]
    squares = []
    for x, y, count, n in found.iter_rows():
        terms = [OPEN] * len(study.space.issues)
        for k, issue, option in zip(place, room.space.issues, room.space.unrank(scores.number(n)), strict=True):
            terms[k] = study.space.issues[k].index(issue.options[option].id)
        squares.append([x, y, count, terms])
    return {"squares": squares, "steps": SQUARES, "count": scores.count}
