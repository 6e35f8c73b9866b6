"""A first guess at constituency, question and stance, with its reason, for a person to accept or correct."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from winset.statements.quotations import Quotation
from winset.study import Study

AGAINST = (
    "betray", "surrender", "capitulat", "in vain", "for nothing", "meaningless", "pointless", "not one metre", "not one meter",
    "not an inch", "never sign", "not sign", "not going to sign", "not give up", "never give up", "not accept", "never accept",
    "not hand", "go on fighting", "fight on", "keep fighting", "to the end", "until victory", "trap", "reload", "regroup",
    "oppose", "vote against", "refuse", "unacceptable", "no talks", "we go on", "hold the line", "what was it all for",
    "answer for it", "fight again",
)  # fmt: skip
FOR = (
    "take the deal", "sign it", "let it end", "want peace", "wants peace", "end the war", "stop the war",
     "lay down", "ready to accept", "would accept", "could accept", "accept almost any", "accept any", "agree to",
    "support the", "ready to back", "vote for", "freeze it", "be frozen", "should be frozen", "i would stop", "enough of this",
    "prayed for a truce", "bad peace",
)  # fmt: skip
"""Phrases of the debate about settling, in lower case; a suggestion names the one it rests on. Wanting to go home is none:
tired people may refuse to settle."""

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "soldier": ("soldier", "sniper", "gunner", "medic", "pilot", "sergeant", "lieutenant", "colonel", "major", "commander",
                "conscript", "fighter", "troop", "serviceman", "servicewoman", "officer", "platoon", "army", "private"),
    "veteran": ("veteran",),
    "famil": ("mother", "wife", "wives", "widow", "father", "sister", "brother", "relative", "families"),
    "nationalist": ("blogger", "nationalist", "channel", "correspondent"),
    "elite": ("minister", "president", "governor", "deputy", "ministry", "spokes", "party", "committee", "envoy", "official"),
    "public": ("resident", "farmer", "shopkeeper", "pensioner", "teacher", "driver", "poll", "voter", "nurse", "doctor"),
}  # fmt: skip
"""Words for people, by a stem that the id or label of a constituency may hold."""


@dataclass(frozen=True)
class Suggestion:
    """What a statement may be; every empty field is left to the reader."""

    side: str = ""
    constituency: str = ""
    question: str = ""
    stance: int | None = None
    why: str = ""


def suggest_coding(quotation: Quotation, study: Study | None) -> Suggestion:
    """Suggest a coding; denied, doubted and unclear words never yield a stance."""
    stance, why = suggest_stance(quotation)
    if study is None:
        return Suggestion(stance=stance, why=why)
    side, constituency = _constituency(quotation.speaker, study)
    return Suggestion(side, constituency, _question(quotation.text, side, constituency, study), stance, why)


def suggest_group(name: str, text: str, study: Study | None) -> Suggestion:
    """Constituency and question for what a group is reported to think; the stance is left open."""
    if study is None:
        return Suggestion()
    side, constituency = _constituency(name, study)
    return Suggestion(side, constituency, _question(text, side, constituency, study))


def suggest_stance(quotation: Quotation) -> tuple[int | None, str]:
    """-1 against settling, 1 for it, None where nothing or both can be read.

    Examples
    --------
    >>> suggest_stance(Quotation("direct", 0, 9, "I would take the deal", "a pilot", ""))
    (1, '`take the deal`')
    >>> suggest_stance(Quotation("negated", 0, 9, "I would take the deal", "a pilot", ""))
    (None, 'denied: no stance')
    """
    if quotation.kind == "negated":
        return None, "denied: no stance"
    if quotation.doubted:
        return None, "a doubt or a question: no stance"
    said = re.sub(r"\s+", " ", quotation.text.lower().replace("’", "'"))
    against, agreeing = (next((p for p in phrases if p in said), "") for phrases in (AGAINST, FOR))
    if against and agreeing:
        return None, f"`{against}` and `{agreeing}`: both ways"
    if agreeing and re.search(rf"\b(not|never|n't|don't|won't|cannot)\b[^.]*{re.escape(agreeing)}", said):
        return None, f"`{agreeing}` under a negation: read it"
    if against or agreeing:
        return (-1, f"`{against}`") if against else (1, f"`{agreeing}`")
    return None, ""


def _constituency(speaker: str, study: Study) -> tuple[str, str]:
    """The only constituency whose name holds a word for the speaker; none where several do."""
    words = speaker.lower()
    stems = [stem for stem, names in PEOPLE.items() if any(n in words for n in names)]
    found = [
        (s, c) for s, c in study.constituencies() if any(stem in f"{c} {study.label(s, c)}".lower() for stem in stems)
    ]
    named = [(s, c) for s, c in found if any(c.startswith(stem) for stem in stems)] or found
    sides, names = {s for s, _ in named}, {c for _, c in named}
    return (sides.pop() if len(sides) == 1 else "", names.pop()) if len(names) == 1 else ("", "")


def _question(text: str, side: str, constituency: str, study: Study) -> str:
    """The question that shares most telling words with what was said, if any shares two."""
    said = _words(text)
    best, most = "", 1
    for name, question in study.questions.items():
        groups = {c for s in question.sides for c in study.sides[s].constituencies}
        if (side and side not in question.sides) or (constituency and constituency not in groups):
            continue
        options = " ".join(f"{i} {o}" for i, o in question.offer.items())
        shared = len(said & _words(f"{question.wording} {options}"))
        if shared > most:
            best, most = name, shared
    return best


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]{4,}", text.lower()) if w not in COMMON}


COMMON = frozenset(
    """
    would that this with from have they them their there what when which were been will your about should could
    into more than only some such after before other these those then also very much most many over under
    between while accept reject
    """.split()  # noqa: SIM905
)
