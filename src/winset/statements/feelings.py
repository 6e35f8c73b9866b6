"""Attitudes told by nouns: express support for, there is fear that, doubts run deep among, that mood is shared by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from winset.statements.leanings import HOLDING, MEETING, NOUNS, SPREADING, belongs, judged
from winset.statements.people import lifeless, subject_of
from winset.statements.tellings import NEGATING, VERBS, Telling, lean_on, negated, reach, said, stretch

WISHES = frozenset({"hope", "wish", "desire", "longing", "demand", "preference"})
"""For what is wished, not for settling."""

POINTING = frozenset({"that", "this", "same", "such", "his", "her", "it"})
LACKING = frozenset({"little", "no", "not", "less", "scant", "few", "hardly", "without"})
FALLING = frozenset(
    {
        "collapse",
        "dwindle",
        "plummet",
        "vanish",
        "lose",
        "drop",
        "abandon",
        "fade",
        "fall",
        "shrink",
        "wane",
        "evaporate",
        "decline",
    }
)
BEFORE_ABOUT = frozenset(
    {"for", "about", "of", "toward", "towards", "over", "at", "against", "with", "to", "in", "on", "regarding", "from"}
)
AMONG = frozenset({"among", "amongst", "in", "across", "within", "of", "from", "between", "through", "throughout"})
WHOLE = re.compile(r"\b(?:same point|voice|word)\b")


def find_feelings(sentence: Any) -> Iterator[Telling]:
    """Attitudes that nouns tell."""
    for token in sentence:
        if token.pos_ not in {"NOUN", "PROPN"} or token.lemma_.lower() not in NOUNS:
            continue
        for read in (_pointing_back, _that_is, _with, _held, _there_is, _met, _spread, _owned):
            found = read(token)
            if found is not None:
                yield found
                break


def _about(noun: Any) -> tuple[int, int] | None:
    """What a feeling is about: after its preposition, or in its clause."""
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in BEFORE_ABOUT and child.lower_ not in {"of", "in", "from"}:
            inner = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
            if inner is not None and not (child.lower_ == "to" and inner.ent_type_):
                return stretch(inner)
        if child.dep_ in {"acl", "ccomp", "relcl"} and child.pos_ in VERBS and _clausal(child):
            return stretch(child, noun.i)
    of = next((c for c in noun.rights if c.dep_ == "prep" and c.lower_ == "of"), None)
    inner = next((c for c in of.children if c.dep_ in {"pobj", "pcomp"}), None) if of is not None else None
    return stretch(inner) if inner is not None else None


def _clausal(verb: Any) -> bool:
    """That they would go, to go; not "voiced by"."""
    return any(c.dep_ in {"mark", "aux"} and c.lower_ in {"that", "to"} for c in verb.children)


def _lean(noun: Any, about: tuple[int, int] | None, verb: Any | None = None) -> int:
    way, words = NOUNS[noun.lemma_.lower()], said(noun.doc, about)
    if way == 0:
        found = judged(words) * (belongs(words) or 1)
        if not found and noun.lemma_.lower() in {"fear", "concern", "worry", "anxiety", "apprehension"}:
            found = 0
        elif not found and re.search(r"\b(?:should|must|ought)\b", words):
            found = belongs(words)
        way, lean = 1, found
    else:
        lean = way * lean_on(words, by_default=0 if noun.lemma_.lower() in WISHES else 1) if words else way
    turned = any(c.lower_ in LACKING for c in noun.lefts if c.dep_ in {"det", "amod", "neg"})
    if verb is not None:
        turned ^= negated(verb) or verb.lemma_.lower() in FALLING
    return -lean if turned else lean


def _verb_of(noun: Any) -> Any | None:
    """The verb whose object a noun is, through conjoined nouns."""
    while noun.dep_ in {"conj", "appos"} and noun.head.pos_ in {"NOUN", "PROPN"}:
        noun = noun.head
    return noun.head if noun.dep_ in {"dobj", "attr", "nsubj", "nsubjpass", "dep"} and noun.head.pos_ in VERBS else None


def _held(noun: Any) -> Telling | None:
    """They express support for it."""
    verb = _verb_of(noun)
    if verb is None or verb.lemma_.lower() not in HOLDING | {"have"} or noun.i < verb.i or _points(noun):
        return None
    holder = subject_of(verb)
    if holder is None or lifeless(holder) or holder.dep_ == "expl":
        return None
    about = _about(noun)
    first, last = reach(verb)
    if noun.dep_ == "conj":
        first, last = stretch(noun)
    return Telling(
        verb,
        first,
        max(last, about[1] if about else last),
        holder,
        about,
        _lean(noun, about, verb),
        f"`{verb.text} {noun.text}`",
    )


def _measured(noun: Any) -> Any:
    """The head of "a good deal of sympathy"."""
    if (
        noun.dep_ == "pobj"
        and noun.head.lower_ == "of"
        and noun.head.head.lemma_ in {"deal", "lot", "amount", "measure", "degree", "plenty"}
    ):
        return noun.head.head
    return noun


def _there_is(noun: Any) -> Telling | None:
    """There is little appetite among them for it."""
    root = _measured(noun)
    top = root
    while root.dep_ == "conj" and root.head.pos_ in {"NOUN", "PROPN"}:
        root = root.head
    verb = root.head
    if verb.lemma_ not in {"be", "remain", "exist"} or not any(c.dep_ == "expl" for c in verb.children):
        return None
    about = _about(noun) or _about(top) or (_about(verb) if top == root else None)
    if root == noun:
        first, last = reach(verb)
        first = min(first, *(c.i for c in verb.children if c.dep_ == "expl"))
    else:
        first, last = stretch(top)
    return Telling(
        verb,
        first,
        max(last, about[1] if about else last),
        _among(noun) or _among(verb) or _among(root),
        about,
        _lean(noun, about, verb),
        f"`{noun.text}`",
    )


def _among(token: Any) -> Any | None:
    """People named after among, in, of."""
    for child in token.children:
        if child.dep_ in {"prep", "agent"} and child.lower_ in AMONG:
            inner = next((c for c in child.children if c.dep_ == "pobj"), None)
            if (
                inner is not None
                and inner.lemma_.lower() not in NOUNS
                and not lifeless(inner)
                and not belongs(said(token.doc, stretch(inner)))
            ):
                return inner
    return None


def _met(noun: Any) -> Telling | None:
    """The plan enjoys broad support among them."""
    verb = _verb_of(noun)
    if verb is None or verb.lemma_.lower() not in MEETING or noun.i < verb.i:
        return None
    thing, holder = subject_of(verb), _among(noun) or _among(verb)
    if holder is None:
        return None
    about = stretch(thing) if thing is not None else None
    way = NOUNS[noun.lemma_.lower()]
    first, last = reach(verb)
    turned = negated(verb) ^ any(c.lower_ in LACKING for c in noun.lefts)
    lean = way * lean_on(said(noun.doc, about), by_default=1)
    return Telling(verb, first, last, holder, about, -lean if turned else lean, f"`{verb.text} {noun.text}`")


def _spread(noun: Any) -> Telling | None:
    """Doubts about it run deep among them; the mood there has turned against it; concerns voiced by them."""
    voiced = next((c for c in noun.rights if c.dep_ in {"acl", "relcl"} and c.lemma_.lower() in SPREADING), None)
    agent = _by(voiced) if voiced is not None else None
    if voiced is not None and agent is not None:
        first, last = stretch(noun)
        return Telling(
            noun, first, last, agent, _about(noun), _lean(noun, _about(noun)), f"`{noun.text} {voiced.text} by`"
        )
    if noun.dep_ not in {"nsubj", "nsubjpass"} or noun.head.pos_ not in VERBS or _points(noun):
        return None
    verb = noun.head
    holder = (
        _among(noun)
        or _by(verb)
        or _among(verb)
        or next(
            (h for h in (_among(c) for c in verb.children if c.dep_ in {"acomp", "advmod", "attr"}) if h is not None),
            None,
        )
    )
    holder = holder or _owner(noun)
    if holder is None:
        return None
    about = _about(noun)
    if about and about[0] <= holder.i <= about[1]:
        about = None
    first, last = reach(verb)
    first = min(first, *(t.i for t in noun.subtree))
    words = said(noun.doc, (first, last)).lower()
    lean = _lean(noun, about, verb if verb.lemma_.lower() in FALLING else None)
    if NOUNS[noun.lemma_.lower()] == 0:
        against = re.search(r"\b(?:against|negative|hostile|sceptical|skeptical|sour\w*|harden\w*)\b", words)
        lean = -1 if against else 1 if re.search(r"\b(?:in favour|positive|favourable|for the)\b", words) else lean
        target = re.search(r"\bagainst (?P<what>.+)$", words)
        lean = lean * lean_on(target["what"], by_default=1) if target else lean
    return Telling(verb, first, last, holder, about, lean, f"`{noun.text}`")


def _by(verb: Any) -> Any | None:
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def _owner(noun: Any) -> Any | None:
    """Whose: the villagers' anger."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    return owner if owner is not None and (owner.pos_ in {"NOUN", "PROPN"} or owner.lower_ == "their") else None


def _owned(noun: Any) -> Telling | None:
    """The reluctance of border guards to withdraw."""
    holder = _owner(noun)
    if holder is None:
        of = next((c for c in noun.rights if c.dep_ == "prep" and c.lower_ in {"of", "among"}), None)
        holder = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        if holder is None or lifeless(holder) or holder.pos_ not in {"NOUN", "NUM"} or not _plural(holder):
            return None
    to = next(
        (
            c
            for c in [*noun.rights, *holder.rights]
            if c.dep_ in {"acl", "relcl", "xcomp", "prep", "advcl"} and c.i > holder.i
        ),
        None,
    )
    if to is None or (to.dep_ == "prep" and to.lower_ not in BEFORE_ABOUT - {"in", "of", "from", "on"}):
        return None
    about = stretch(to, max(noun.i, holder.i))
    first = min(t.i for t in noun.lefts) if list(noun.lefts) else noun.i
    return Telling(noun, first, max(about[1], holder.i), holder, about, _lean(noun, about), f"`{noun.text} of`")


def _plural(noun: Any) -> bool:
    return noun.tag_ in {"NNS", "NNPS"} or any(c.dep_ == "nummod" for c in noun.children)


def _points(noun: Any) -> bool:
    """Whether a noun leads back: that mood, this hope, his bitterness."""
    return any(c.lower_ in POINTING and c.dep_ in {"det", "poss", "amod"} for c in noun.lefts) and not any(
        c.dep_ in {"prep", "acl"} and c.lower_ in {"for", "about", "that", "of"} for c in noun.rights
    )


def _pointing_back(noun: Any) -> Telling | None:
    """That mood, shared by six of the eight; this position is rejected by; they mentioned this concern."""
    if not _points(noun):
        return None
    for verb in (*noun.rights, noun.head):
        if verb.pos_ not in VERBS or verb.lemma_.lower() not in SPREADING | {"reject", "oppose", "support", "be"}:
            continue
        lemma = verb.lemma_.lower()
        passive = verb.i > noun.i
        holder = (_by(verb) or _among(verb)) if passive else subject_of(verb)
        if lemma == "be":
            holder = _by_adjective(verb)
        if holder is None or holder == noun:
            continue
        first, last = stretch(noun) if verb in list(noun.rights) else reach(verb)
        first, last = (
            min(first, *(t.i for t in noun.subtree)),
            max(last, *(t.i for t in holder.subtree if t.i - holder.i < 8)),
        )
        way = -1 if lemma in {"reject", "oppose"} or any(c.lower_ in NEGATING for c in verb.children) else 1
        return Telling(
            verb,
            min(first, verb.i),
            last,
            holder,
            None,
            way,
            f"`{noun.text}`: as told before",
            back=True,
            otherwise=min(NOUNS[noun.lemma_.lower()], 0),
        )
    return None


def _that_is(noun: Any) -> Telling | None:
    """That is the view of the nine sergeants, too."""
    verb = noun.head
    if noun.dep_ != "attr" or verb.lemma_ != "be":
        return None
    pointing = next(
        (c for c in verb.children if c.dep_ == "nsubj" and c.lower_ in {"that", "this", "it", "such"}), None
    )
    clause = any(c.dep_ in {"acl", "ccomp"} and _clausal(c) for c in noun.rights)
    if pointing is None or clause:
        return None
    holder = _among(noun) or next(
        (h for h in (_among(c) for c in noun.rights if c.dep_ == "relcl") if h is not None), None
    )
    if holder is None:
        return None
    first, last = pointing.i, max(t.i for t in noun.subtree if not t.is_punct)
    return Telling(
        verb, first, last, holder, None, -1 if negated(verb) else 1, f"`{noun.text}`: as told before", back=True
    )


def _with(noun: Any) -> Telling | None:
    """They view it with suspicion; it is met with derision among them."""
    verb = noun.head.head
    if (
        noun.dep_ != "pobj"
        or noun.head.lower_ != "with"
        or verb.pos_ not in VERBS
        or verb.lemma_.lower() not in RECEIVING
    ):
        return None
    passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children)
    thing = next((c for c in verb.children if c.dep_ == ("nsubjpass" if passive else "dobj")), None)
    holder = (_by(verb) or _among(verb)) if passive else subject_of(verb)
    if holder is not None and lifeless(holder):
        return None
    about = stretch(thing) if thing is not None else None
    first, last = reach(verb)
    lean = NOUNS[noun.lemma_.lower()] * lean_on(said(noun.doc, about), by_default=1)
    return Telling(
        verb, first, last, holder, about, -lean if negated(verb) else lean, f"`{verb.text} with {noun.text}`"
    )


RECEIVING = frozenset(
    {
        "view",
        "treat",
        "greet",
        "meet",
        "receive",
        "see",
        "regard",
        "follow",
        "watch",
        "look",
        "await",
        "react",
        "respond",
        "hear",
    }
)


def _by_adjective(verb: Any) -> Any | None:
    """That relief was plain on the faces of all twenty."""
    for child in verb.children:
        if child.dep_ == "acomp":
            for t in child.subtree:
                if t.dep_ == "pobj" and t.head.lower_ in {"of", "among"}:
                    return t
    return None
