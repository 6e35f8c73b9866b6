"""Whose attitude it is: the phrase for people that a sentence names, and who stands behind "they", "six" or "most"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from winset.statements.amounts import NONE, NUMBER, UNCOUNTED, Amount, base_of, read_amount, read_number
from winset.statements.clearing import Cleared
from winset.statements.leanings import OF_SETTLING
from winset.statements.quotations import SUBJECTS, phrase
from winset.statements.speech import PRONOUNS, SAYING

RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
OPEN = frozenset({"those", "people", "ones", "everyone", "anyone", "nobody", "men", "women"})
"""Words that say who is meant only with the clause that follows."""

PEOPLE_LIKE = frozenset(
    """
    delegation negotiator envoy mediator monitor peacekeeper observer delegate prisoner deputy official
    commission union party board council committee
    """.split()  # noqa: SIM905
)
LIFELESS = frozenset(
    """
    article piece report text summary data evidence road price rule law map letter survey poll law war winter talk mood
    something bill vote election statement shelling season weather interview analysis rumour claim speculation harvest
    school bridge dam river street market field theme issue clause notice point question answer idea thing way fact reason
    """.split()  # noqa: SIM905
)
BARE = re.compile(
    rf"^(?:the |same |other |others|another |remaining |rest|only |just |at least |of |them|those|these|"
    rf"whom|us|{NUMBER}|none|most|many|some|few|several|half|all|both|"
    r"each|every|one|not|a|single|nobody|no|majority|minority|handful|large|small|third|thirds|quarters|"
    r"per|cent|percent|thousands|dozens|hundreds|in|\W)+$",
    re.IGNORECASE,
)
"""A phrase that counts people and does not say who they are."""

NO_PEOPLE = re.compile(
    rf"{UNCOUNTED.pattern}|(?:tion|sion|ment|it(?:y|ie)|ness|ance|ence|ing|ism|ure|age|hood|ship)s?$"
)
"""Endings of words for things and ideas."""

NAMELESS = "those"
"""Stands for people whom a sentence does not name."""

EACH = re.compile(
    r"(?:every (?:single )?one|each|all|both) of (?:them|these|those)|"
    r"(?P<none>none|not one|not a single one|nobody|no one)(?: of (?:them|these|those))?",
    re.IGNORECASE,
)
"""All, or none, of people counted before."""

PLACE = re.compile(
    r"\b(?:in|among|amongst|across|on|within|along|throughout) (?:the|their|our|his|"
    r"her) (?:[\w'’-]+ ){0,3}[\w'’-]+(?=[,.;:]|$| (?:is|are|was|were)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Holder:
    """Who holds an attitude, and how many of them.

    Parameters
    ----------
    base
        The people counted, where a count names only some of them: "(nine of) the thirteen nurses".
    """

    name: str
    why: str
    amount: Amount = NONE
    base: str = ""


def subject_of(verb: Any) -> Any | None:
    """The grammatical subject of a verb, through conjunctions, infinitives and relative clauses."""
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            return child
    head = verb.head
    if head == verb:
        return None
    if verb.dep_ == "xcomp":
        controlled = [c for c in head.children if c.dep_ == "dobj" and c.i < verb.i]
        return controlled[0] if controlled else subject_of(head)
    if verb.dep_ in {"relcl", "acl"}:
        return head
    if verb.dep_ in {"conj", "advcl", "pcomp", "ccomp", "acomp", "attr", "prep", "pobj", "oprd", "dep", "amod"}:
        return subject_of(head)
    return None


def noun_before(token: Any) -> Any | None:
    """Where the parser found no subject: the last noun phrase before the word that stands in no prepositional phrase."""
    for child in token.lefts:  # "the displaced want": an adjective that stands for people
        if (
            child.dep_ in {"amod", "det", "compound"}
            and child.i
            and token.doc[child.i - 1].lower_ == "the"
            and child.i == token.i - 1
        ):
            return child
    chunks = [c.root for c in token.doc.noun_chunks if c.sent == token.sent and c.end <= token.i]
    free = [r for r in chunks if r.dep_ not in {"pobj"} or r.head.lower_ == "of"]
    return (free or chunks or [None])[-1]


def lifeless(token: Any) -> bool:
    """Whether a noun can hold no attitude: a term, a text, an event."""
    lemma = token.lemma_.lower()
    if token.pos_ in {"PRON", "NUM", "ADJ", "DET"} or lemma in PEOPLE_LIKE:
        return False
    return lemma in LIFELESS or bool(OF_SETTLING.fullmatch(token.lower_)) or bool(OF_SETTLING.fullmatch(lemma))


def name_of(token: Any) -> str:
    """The phrase around a noun or number, with the clause that says who is meant where the noun does not."""
    text = phrase(token)
    said = token
    for child in token.children:  # "most of those who spoke"
        if child.dep_ == "prep" and child.lower_ in {"of", "among", "in"}:
            said = next((c for c in child.children if c.dep_ == "pobj"), said)
    if said.lower_ in OPEN or said.like_num or said.pos_ == "NUM":
        clause = next((c for c in said.children if c.dep_ in {"relcl", "acl"} and c.i > said.i), None)
        if clause is not None:
            last = max(t.i for t in clause.subtree)
            start = min(t.i for t in token.subtree)
            first = token.doc[start : last + 1].text
            return first.strip(" ,;:")
    return re.split(r"\s+as\s", text)[0]


class People:
    """Who was named in an article so far."""

    def __init__(self, cleared: Cleared, text: str = "", holders: Sequence[Holder] = ()) -> None:
        self.cleared, self.text, self.holders = cleared, text, [*holders]
        self.mentions: list[tuple[int, str, bool]] = []

    def named(self, token: Any) -> str:
        """The phrase around a token as the paragraph writes it."""
        name = name_of(token)
        at = token.doc.text.rfind(name, 0, token.idx + len(token) + len(name))
        if not name or not at <= token.idx < at + len(name):
            return name
        return self.cleared.paragraph[self.cleared.back(at) : self.cleared.back(at + len(name) - 1) + 1]

    def mention(self, doc: Any) -> None:
        """Keep the groups that a paragraph names: "they" may mean them."""
        for chunk in doc.noun_chunks:
            root = chunk.root
            named = root.tag_ in {"NNS", "NNPS"} and not lifeless(root) and not NO_PEOPLE.search(root.lower_)
            if named or root.lower_ == "those":
                above = root.head.head if root.dep_ == "pobj" and root.head.lower_ in {"of", "among"} else root
                self.mentions.append((self.cleared.back(root.idx), self.named(root), above.dep_ in SUBJECTS))

    def of_token(self, token: Any, context: str, sentence_start: int = 0) -> Holder:
        """The people behind a subject; ``context`` is the text before it."""
        if token.lower_ in RELATIVES and token.head.dep_ == "relcl":
            return self.of_token(token.head.head, context, sentence_start)
        if token.lower_ in RELATIVES and token.dep_ == "pobj":  # "many of whom"
            return self.latest(context, f"`{token.text}`")
        if token.lower_ in PRONOUNS | {"them", "him", "her", "their"} and not _counting(token):
            said = _speaker_of(token)
            if said is not None:
                found = self.of_token(said, context, sentence_start)
                return replace(found, why=f"`{token.text}`: subject of `{said.head.text}`")
            return self.latest(context, f"`{token.text}`: the people before")
        return self.of_phrase(self.named(token), context, sentence_start)

    def of_phrase(self, text: str, context: str, sentence_start: int = 0, why: str = "named") -> Holder:
        """The people of a phrase, who may have been named before."""
        amount, name = read_amount(text)
        if not BARE.match(name.strip() or "the"):
            return Holder(name, why, amount)
        return self._counted(text, name, amount, context, sentence_start)

    def _counted(self, text: str, name: str, amount: Amount, context: str, sentence_start: int) -> Holder:
        """Of whom a count or quantifier speaks that names nobody."""
        k = amount.count
        if k is not None and amount.of is None and re.match(r"(?:the|those|these)\b", text, re.IGNORECASE):
            for earlier in reversed(self.holders):  # "the nine": those nine
                if earlier.amount.count == k and not re.search(r"other|remaining|rest", text.lower()):
                    return replace(earlier, why="named before: the same people")
        base = base_of(self.text + context, k or 1)
        whole = re.match(
            rf"\W*of (?:the |these |those )?(?P<n>{NUMBER}) (?P<who>[^,.;:]+)[,.]",
            context[sentence_start:],
            re.IGNORECASE,
        )
        n = read_number(whole["n"]) if whole else None
        if whole and n is not None and (k is None or k <= n):
            name = f"{whole['n']} {whole['who']}"
            none = k is None and amount.quantifier.lower() in {"none", "not one", "nobody", "no one"}
            if k is not None or none:
                return Holder(name, "the people counted first", Amount(k or 0, n, turned=not k), name)
        each = EACH.fullmatch(text.strip())
        if each and base and k is None:
            k = 0 if each["none"] else base[0]
            return Holder(base[1], "the people counted before", Amount(k, base[0], turned=not k), base[1])
        if re.search(r"\b(?:others?|remaining|rest)\b", text.lower()):
            counted = replace(amount, of=base[0]) if k is not None and base and amount.of is None else amount
            return Holder(text, "the others of those named before", counted, base[1] if base else "")
        if k is not None and amount.of is None and base and base[0] >= k:
            return Holder(base[1], "the people counted before", replace(amount, of=base[0]), base[1])
        place = _fronted(context[sentence_start:])
        if place:
            return Holder(place, "the people named first in the sentence", amount)
        if self.holders and text == NAMELESS:
            return replace(self.holders[-1], why="nobody is named: the people before", amount=amount)
        if self.holders or self.mentions:
            return replace(self.latest(context, f"`{text}`"), amount=amount)
        if amount.of is not None and base and base[0] == amount.of:
            return Holder(base[1], "the people counted before", amount)
        near = PLACE.search(context[sentence_start:])
        if near:
            return Holder(near[0], "the place that is named", amount)
        return Holder(text, "nobody else is named", amount)

    def latest(self, context: str, why: str) -> Holder:
        """The people named last; a count of them is theirs again."""
        before = [(name, subject) for at, name, subject in self.mentions if at < len(context)]
        named = [name for name, subject in before if subject]
        if named:
            amount, name = read_amount(named[-1])
            same = next((h for h in reversed(self.holders) if h.name == name), None)
            return replace(same or Holder(name, "", amount), why=f"{why}: the people before")
        if self.holders:
            return replace(self.holders[-1], why=f"{why}: the people before")
        if before:
            return Holder(before[-1][0], f"{why}: the people named")
        base = base_of(self.text + context)
        return Holder(base[1], f"{why}: the people counted before") if base else Holder("", f"{why}: nobody is named")


def _counting(token: Any) -> bool:
    """Whether a pronoun counts: "one of them", "no one"."""
    return token.lower_ == "one" and any(c.lower_ in {"of", "no", "not"} for c in token.children)


def _speaker_of(pronoun: Any) -> Any | None:
    """Who said the clause in which a pronoun stands: "residents said they would go"."""
    verb = pronoun.head
    while verb.head != verb:
        verb = verb.head
        if verb.lemma_.lower() in SAYING and verb.pos_ in {"VERB", "AUX"}:
            said = subject_of(verb)
            if said is not None and said.lower_ not in PRONOUNS and not lifeless(said) and said.i < pronoun.i:
                return said
    return None


def _fronted(before: str) -> str:
    """People named at the head of a sentence: "Among the boatmen, ...", "Of the twelve, ..."."""
    found = re.match(r"\W*(?:Among|In|Of|On|Across|For)\b (?P<who>[^,.;:]{3,60}),", before)
    if found is None:
        return ""
    name = read_amount(found["who"])[1]
    return "" if BARE.match(name) else name


def count_of(text: str) -> int | None:
    """The first number of a phrase."""
    found = re.search(NUMBER, text.lower())
    return read_number(found[0]) if found else None
