"""A place in a parsed sentence that tells an attitude: its words, whose it is, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from winset.statements.leanings import (
    APPROVING,
    FEARING,
    REJECTING,
    THING,
    belongs,
)
from winset.statements.people import lifeless, noun_before, subject_of

VERBS = frozenset({"VERB", "AUX"})

NEGATING = frozenset({"not", "n't", "never", "no", "neither", "hardly", "nor", "scarcely", "barely"})

CUT_OFF = frozenset({"while", "whereas", "although", "though", "but", "because", "since", "as"})


@dataclass(frozen=True)
class Telling:
    """A place in a sentence that tells an attitude.

    Parameters
    ----------
    first, last
        Tokens of the words that tell it.
    holder
        The noun or pronoun whose attitude it is, None where none is near.
    about
        Tokens of what it is about, empty where it is not said.
    lean
        1 for settling, -1 against, 0 where the words do not say.
    back
        Whether it leads back to what was said before: "that mood".
    otherwise
        Which way it leans where nothing before leaned: "that refusal".
    """

    head: Any
    first: int
    last: int
    holder: Any | None
    about: tuple[int, int] | None
    lean: int
    why: str
    back: bool = False
    otherwise: int = 0


MISREAD = {
    "hated": "hate",
    "dreaded": "dread",
    "loathed": "loathe",
    "resented": "resent",
    "voiced": "voice",
    "backed": "back",
}
"""Participles whose dictionary form the model gets wrong."""


def lemma_of(token: Any) -> str:
    """The dictionary form of a word."""
    return str(MISREAD.get(token.lower_, token.lemma_.lower()))


def negated(verb: Any) -> bool:
    """Whether a verb, or the verb that carries it, is negated."""
    own = any(
        c.dep_ == "neg" or c.lower_ in NEGATING for c in verb.children if c.dep_ in {"neg", "advmod", "preconj", "det"}
    )
    carried = verb.dep_ in {"xcomp", "acomp", "attr"} and verb.head != verb and verb.head.pos_ in VERBS
    return own != (carried and any(c.dep_ == "neg" for c in verb.head.children))


def reach(verb: Any) -> tuple[int, int]:
    """First and last token of a predicate: its auxiliaries, and what follows up to the next clause."""
    first = verb.i
    for child in sorted(verb.lefts, key=lambda c: -c.i):
        if child.dep_ in {"aux", "auxpass", "neg", "prt"} or (child.dep_ == "advmod" and child.i == first - 1):
            first = min(first, child.i)
    last = verb.i
    for child in verb.rights:
        if cut_off(child, verb):
            break
        last = max(last, max((t.i for t in _kept(child) if not t.is_punct), default=last))
    return first, trim(verb.doc, first, last)


def cut_off(child: Any, verb: Any) -> bool:
    """Whether another clause begins with this word."""
    if child.dep_ in {"parataxis", "ccomp"} and child.i < verb.i:
        return True
    if child.dep_ == "conj" and child.pos_ in VERBS | {"NOUN", "NUM", "ADJ"}:
        return True
    if child.dep_ == "cc":
        after = [c for c in verb.rights if c.dep_ == "conj" and c.i > child.i]
        return bool(after)
    if child.dep_ == "advcl":
        opener = next(iter(child.subtree))
        comma = opener.i and child.doc[opener.i - 1].text == ","
        return opener.lower_ in CUT_OFF or (child.tag_ == "VBG" and bool(comma))
    return child.dep_ == "parataxis" or child.text in {";", ":", "—"}


def _kept(child: Any) -> list[Any]:
    """The words under a child that belong to the predicate."""
    gone: set[int] = set()
    for t in child.subtree:
        if (
            t != child
            and t.dep_ in {"conj", "parataxis"}
            and t.pos_ in VERBS
            and (agent_of(t) is not None or any(c.dep_.startswith("nsubj") for c in t.children))
        ):
            gone |= {x.i for x in t.subtree}
            gone |= {c.i for c in t.head.children if c.dep_ in {"cc", "punct"} and t.head.i < c.i < t.i}
        if t != child and t.dep_ == "conj" and t.pos_ == "VERB" and lemma_of(t) in APPROVING | REJECTING | FEARING:
            gone |= {x.i for x in t.subtree}
        if t.dep_ == "relcl" and t != child and _beside(t):
            gone |= {x.i for x in t.subtree}
    return [t for t in child.subtree if t.i not in gone]


def _beside(clause: Any) -> bool:
    """A relative clause after a comma only adds something."""
    first = min(t.i for t in clause.subtree)
    return first > 0 and clause.doc[first - 1].text == ","


def trim(doc: Any, first: int, last: int) -> int:
    """The last word of a stretch, without punctuation or a dangling conjunction."""
    while last > first and (doc[last].is_punct or doc[last].is_space or doc[last].dep_ == "cc"):
        last -= 1
    return last


def stretch(token: Any, after: int = -1) -> tuple[int, int]:
    """First and last word under a token, right of ``after``."""
    words = sorted(t.i for t in _kept(token) if t.i > after and not t.is_punct)
    first, last = (words[0], words[-1]) if words else (token.i, token.i)
    while first < last and (
        token.doc[first].dep_ in {"mark", "aux"} and token.doc[first].lower_ in {"that", "whether", "to"}
    ):
        first += 1
    return first, trim(token.doc, first, last)


def said(doc: Any, about: tuple[int, int] | None) -> str:
    """Words of a stretch."""
    return doc[about[0] : about[1] + 1].text if about else ""


def object_of(verb: Any) -> tuple[int, int] | None:
    """What a verb is about: its object, its clause, or the noun after its preposition."""
    order = ("dobj", "ccomp", "xcomp", "prep", "oprd", "acomp", "attr")
    rights = [c for c in verb.rights if c.dep_ in order]
    for child in sorted(rights, key=lambda c: order.index(c.dep_)):
        if child.dep_ != "prep":
            return stretch(child, verb.i)
        inner = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
        if inner is not None and not _of_time_or_place(child, lemma_of(verb)):
            return stretch(inner)
    return None


def _of_time_or_place(preposition: Any, verb: str) -> bool:
    """Whether a preposition says when or where, and not what about."""
    word = preposition.lower_
    if (word, verb) == ("on", "insist") or (word == "at" and verb in REJECTING):
        return False
    return word in {"in", "on", "at", "after", "during", "since", "by", "until"}


def lean_on(about: str, *, by_default: int = 0) -> int:
    """Which way being for a thing leans."""
    known = belongs(about)
    return known if known or THING.search(about.lower()) or not about else by_default


def holder_of(verb: Any) -> Any | None:
    """Whose attitude a verb tells: its subject, if that can hold one."""
    holder = subject_of(verb)
    if holder is None or holder.dep_ == "expl":
        holder = noun_before(verb)
    return None if holder is None or lifeless(holder) or holder.text.startswith("Something") else holder


def tell(verb: Any, holder: Any, about: tuple[int, int] | None, lean: int, why: str) -> Telling:
    """What a verb tells, turned round where it is negated."""
    first, last = reach(verb)
    if about and about[1] > last:
        last = about[1]
    if negated(verb):
        done = any(c.dep_ == "aux" and c.lower_ in {"have", "has", "had"} for c in verb.children)
        lean = 0 if done and lemma_of(verb) in REJECTING else -lean  # who has not rejected it need not be for it
    return Telling(verb, first, last, holder, about, lean, why)


def agent_of(verb: Any) -> Any | None:
    """Who does it in a passive: "seen by many"."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((c for c in child.children if c.dep_ == "pobj" and c.lemma_.lower() != "vote"), None)
    return None


def without_overlaps(found: Sequence[Telling]) -> list[Telling]:
    """Of two that share most words the one that says more stays; an attitude inside a longer one goes."""
    kept: list[Telling] = []
    for t in sorted(found, key=lambda t: (-(t.last - t.first), t.first)):
        if all(t.last < k.first or t.first > k.last for k in kept):
            kept.append(t)
    return sorted(kept, key=lambda t: t.first)
