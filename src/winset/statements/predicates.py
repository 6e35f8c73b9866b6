"""Verbs, adjectives and judgements in a parsed sentence that tell an attitude: who, about what, which way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from winset.statements.amounts import VOTE
from winset.statements.idioms import read_for_them, read_idiom, read_petition
from winset.statements.leanings import (
    ADJECTIVES,
    APPROVING,
    ASKING,
    FEARING,
    JUDGING,
    OF_THINGS,
    REJECTING,
    THING,
    WILLING,
    belongs,
    judged,
)
from winset.statements.people import lifeless, subject_of
from winset.statements.tellings import (
    VERBS,
    Telling,
    agent_of,
    holder_of,
    lean_on,
    lemma_of,
    negated,
    object_of,
    reach,
    said,
    stretch,
    tell,
)

HEDGED = frozenset(
    {"want", "wish", "hope", "long", "yearn", "pine", "crave", "pray", "demand", "desire", "seek", "need", "prefer"}
)
"""For what they want, not for settling: the thing wanted says which."""

KEEPING = frozenset(
    {
        "fight",
        "stay",
        "resist",
        "boycott",
        "strike",
        "burn",
        "refuse",
        "reject",
        "oppose",
        "hold",
        "keep",
        "mind",
        "object",
    }
)


def find_predicates(sentence: Any) -> Iterator[Telling]:
    """Attitudes that verbs and adjectives tell."""
    for token in sentence:
        for read in (
            read_idiom,
            read_petition,
            read_for_them,
            _passive,
            _willing,
            _elliptic,
            _active,
            _adjective,
            _for_or_against,
        ):
            found = read(token)
            if found is not None:
                yield found
                break


def _passive(token: Any) -> Telling | None:
    """It is rejected by, seen by ... as; opposed by and hated by without "is" too."""
    lemma = lemma_of(token)
    known = lemma in APPROVING | REJECTING | FEARING | JUDGING
    passive = any(c.dep_ == "auxpass" for c in token.children) or token.tag_ == "VBN"
    if token.pos_ not in VERBS | {"ADJ"} or not known or not passive:
        return None
    agent = agent_of(token)
    thing = (
        token.head
        if token.dep_ in {"acl", "relcl"}
        else next((c for c in token.children if c.dep_ in {"nsubjpass", "nsubj"}), None)
    )
    if thing is None and token.dep_ == "conj":
        thing = subject_of(token)
    if agent is None:
        return None
    about = None if thing is None else stretch(thing)
    words = said(token.doc, reach(token))
    if lemma in JUDGING and (judged(words) or lemma not in APPROVING | REJECTING):
        if " as " not in f" {words} " and not judged(words):
            return None
        lean = judged(words) * (lean_on(said(token.doc, about), by_default=1) or 1)
    else:
        way = 1 if lemma in APPROVING else -1 if lemma in REJECTING else 0
        lean = way * lean_on(said(token.doc, about), by_default=1)
    return tell(token, agent, about, lean, f"`{token.text} by`")


def _willing(token: Any) -> Telling | None:
    """Would accept, will not leave, would rather have a bad peace."""
    if token.pos_ not in VERBS or token.tag_ not in {"VB", "VBN", "VBD", "VBP"}:
        return None
    modal = next((c for c in token.children if c.dep_ == "aux" and c.lower_ in {"would", "'d", "will", "could"}), None)
    rather = any(c.lower_ in {"rather", "sooner"} for c in token.children)
    lemma = lemma_of(token)
    if any(c.dep_ == "aux" and c.lower_ == "have" for c in token.children):
        return None  # what they would have done is not what they would do
    counted = _counted_subject(token) and modal is not None and modal.lower_ == "would"
    if modal is None or not (lemma in WILLING or rather or lemma in APPROVING | REJECTING or counted):
        return None
    if re.match(r"\W*(?:under|according to|in line with) (?:the|a|its|this)\b", token.sent.text.lower()):
        return None  # what a plan lays down is nobody's attitude
    if lemma == "be" or (modal.lower_ in {"will", "could"} and not negated(token)) or _only_if(token):
        return None
    holder = holder_of(token)
    if holder is None:
        return None
    about = object_of(token)
    words = said(token.doc, reach(token))
    if rather:
        lean = lean_on(re.split(r"\bthan\b", words)[0]) or (-1 if lemma in {"burn", "die", "fight"} else 0)
    else:
        known = lemma in WILLING | APPROVING
        lean = (
            -1 if lemma in KEEPING | REJECTING else lean_on(said(token.doc, about), by_default=int(known)) or int(known)
        )
        if lemma in KEEPING and belongs(said(token.doc, about)) == -1:
            lean = -1
        if any(c.lower_ == "against" for c in token.rights):
            lean = -(lean_on(said(token.doc, about), by_default=1) or 1)
        if THING.search(words):
            lean = 0
    return tell(token, holder, about, lean, f"`{modal.text} {token.text}`")


def _counted_subject(verb: Any) -> bool:
    """Whether the subject is counted: six of them, most, many a mother."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is None:
        return False
    words = {subject.lower_, *(c.lower_ for c in subject.lefts)}
    return subject.pos_ == "NUM" or any(c.dep_ == "nummod" for c in subject.lefts) or bool(words & QUANTITIES)


QUANTITIES = frozenset(
    {
        "most",
        "many",
        "few",
        "some",
        "several",
        "none",
        "half",
        "majority",
        "minority",
        "thirds",
        "third",
        "dozens",
        "hundreds",
        "all",
    }
)


def _only_if(token: Any) -> bool:
    """A condition, not an attitude: "if they would sign"."""
    return any(c.dep_ == "mark" and c.lower_ in {"if", "whether", "once", "until"} for c in token.children)


def _elliptic(token: Any) -> Telling | None:
    """Said yes to, said no."""
    if lemma_of(token) == "say" and token.pos_ in VERBS:
        after = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
        if after is not None and after.lower_ in {"yes", "no"} and after.sent == token.sent:
            holder = holder_of(token)
            to = next((c for c in [*token.rights, *after.rights] if c.dep_ == "prep" and c.lower_ == "to"), None)
            about = stretch(next(to.children)) if to is not None and list(to.children) else None
            way = 1 if after.lower_ == "yes" else -1
            last = about[1] if about else after.i
            return None if holder is None else Telling(token, token.i, last, holder, about, way, f"`said {after.text}`")
    return None


def _active(token: Any) -> Telling | None:
    """They welcome, oppose, fear, call it a trick, urge the government to sign."""
    lemma = lemma_of(token)
    if token.pos_ not in VERBS or token.dep_ in {"amod", "compound"} or _only_if(token):
        return None
    if lemma not in APPROVING | REJECTING | FEARING | JUDGING | ASKING or agent_of(token) is not None:
        return None
    if token.tag_ in {"VBN", "VBG"} and token.dep_ in {"acl"}:
        return None
    holder = holder_of(token)
    about = object_of(token)
    if holder is None or about is None:
        return None
    words = said(token.doc, about)
    if lemma in {"want", "wish", "ask", "need"} and re.match(
        r"to (?:know|hear|say|speak|talk|thank|ask|see if|find out|learn)|(?:know|hear|ask) ", words
    ):
        return None
    lean = _lean_of(token, lemma, words)
    return None if lean is None else tell(token, holder, about, lean, f"`{token.text}`")


VOTED_DOWN = re.compile(rf"\bvoted?(?: {VOTE})? against\b")


def _lean_of(token: Any, lemma: str, about: str) -> int | None:
    """Which way a verb with this object leans; None where it tells no attitude."""
    predicate = said(token.doc, reach(token))
    if lemma in ASKING | HEDGED and re.search(r"\bbefore (?:any|anyone|anybody)\b", predicate):
        return -1
    if lemma in JUDGING:
        way = judged(predicate)
        if way:
            return way * (_judged_thing(token) or 1)
        if lemma not in APPROVING | REJECTING:
            if _held_by_others(token):
                return None
            modal = re.search(r"\b(?:should|ought|must|can|could|will|would|never)\b", about)
            if lemma == "expect":
                return belongs(about) if negated(token) or _doubted(token) else None
            return belongs(about) if lemma in {"think", "believe", "feel"} and (modal or negated(token)) else None
    if lemma in FEARING:
        return -1 if _fears_terms(token) else 0
    if lemma in ASKING:
        asked = token.tag_ == "VBN" and not any(c.dep_ == "aux" for c in token.children)
        if asked or re.search(r"\b(?:whether|if|what|why|how)\b", predicate):
            return None
        if not any(
            c.dep_ in {"dobj", "xcomp", "ccomp"} or c.lower_ in {"for", "against", "on", "to"} for c in token.rights
        ):
            return None
        way = belongs(about) or belongs(predicate)
        if lemma == "insist" and not re.search(r"\b(?:on|should|must|be|shall)\b", predicate):
            return None
        return None if not way else -way if VOTED_DOWN.search(predicate) else way
    if lemma in REJECTING:
        return (
            -lean_on(predicate if lemma in {"protest", "rally"} else about, by_default=1)
            if _minded(lemma, predicate)
            else None
        )
    if re.match(r"(?:nothing|no part|none of)\b", about.lower()):
        return -1
    return lean_on(about, by_default=0 if lemma in HEDGED | {"agree"} else 1)


def _held_by_others(verb: Any) -> bool:
    """Whether somebody only believes what others think: "officials believe that the provinces would accept it"."""
    clause = next((c for c in verb.rights if c.dep_ == "ccomp"), None)
    own = None if clause is None else next((c for c in clause.children if c.dep_ == "nsubj"), None)
    if clause is None or own is None or own.pos_ == "PRON" or lifeless(own):
        return False
    return _willing(clause) is not None or _active(clause) is not None or any(_adjective(c) for c in clause.children)


def _doubted(verb: Any) -> bool:
    """Whether few or none do: "few expect the truce to last"."""
    subject = subject_of(verb)
    return subject is not None and bool(
        {"few", "none", "hardly", "nobody", "no", "not"} & {t.lower_ for t in subject.subtree}
    )


def _minded(lemma: str, predicate: str) -> bool:
    """Whether a verb of two meanings is used as an attitude."""
    return lemma not in {"protest", "rally"} or bool(re.search(r"\b(?:against|at|over|about)\b", predicate))


def _judged_thing(token: Any) -> int:
    """Whether what is judged belongs to settling or to war."""
    thing = next((c for c in token.rights if c.dep_ in {"dobj", "nsubj"}), None)
    return belongs(said(token.doc, stretch(thing))) if thing is not None else 1


def _fears_terms(token: Any) -> bool:
    """Fear of what a term would bring: "that a pause would let them rearm"."""
    clause = next((c for c in token.rights if c.dep_ in {"ccomp", "acl"}), None)
    if clause is None:
        return False
    own = next((c for c in clause.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    lasting = re.search(r"\b(?:last|hold|fail|collapse|break)\b", clause.sent.text.lower())
    return own is not None and belongs(said(token.doc, stretch(own))) == 1 and not lasting


def _adjective(token: Any) -> Telling | None:
    """They are willing to, afraid of, opposed to; it is popular with."""
    lemma = token.lower_ if token.lower_ in ADJECTIVES | OF_THINGS else lemma_of(token)
    described = token.head.lower_ == "as" and token.head.head.pos_ in VERBS  # "are described as supportive of it"
    if (token.pos_ != "ADJ" and token.tag_ != "VBN") or lemma not in ADJECTIVES | OF_THINGS:
        return None
    if not described and token.dep_ in {"amod", "compound", "nsubj"}:
        return None
    verb = token.head if token.head.pos_ in VERBS else token.head.head if described else token
    if lemma in OF_THINGS:
        return _of_thing(token, verb, OF_THINGS[lemma])
    holder = holder_of(verb if described else token)
    if holder is None:
        return None
    about = object_of(token) or (object_of(verb) if verb != token and verb.lemma_ != "be" else None)
    words = said(token.doc, about)
    way = ADJECTIVES[lemma]
    if about is None and way == 0 and lemma not in {"divided", "split", "torn", "undecided"}:
        return None  # a mood about nothing
    lean = way * lean_on(words, by_default=1) if way else (-1 if _fears_terms(token) else 0)
    first, last = (
        reach(verb)
        if verb != token and (described or verb.lemma_ in {"be", "remain", "seem", "become", "feel", "grow"})
        else reach(token)
    )
    turned = negated(verb) or (verb != token and negated(token))
    return Telling(
        token,
        first,
        max(last, about[1] if about else last),
        holder,
        about,
        -lean if turned else lean,
        f"`{token.text}`",
    )


def _of_thing(token: Any, verb: Any, way: int) -> Telling | None:
    """Said of the thing: popular with farmers."""
    among = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in {"with", "among", "to", "in"}), None)
    holder = next((c for c in among.children if c.dep_ == "pobj"), None) if among is not None else None
    thing = subject_of(token)
    about = None if thing is None else stretch(thing)
    lean = way * lean_on(said(token.doc, about), by_default=1)
    if holder is None and token.pos_ == "VERB":
        return None
    first, last = reach(verb)
    return Telling(token, first, last, holder, about, -lean if negated(verb) else lean, f"`{token.text}`")


def _for_or_against(token: Any) -> Telling | None:
    """They were against it, are in favour of it, are all for it."""
    if token.dep_ not in {"prep", "acomp", "advmod", "attr"} or token.head.lemma_ != "be":
        return None
    inner = next((c for c in token.children if c.dep_ in {"pobj", "pcomp"}), None)
    if token.lower_ == "in" and inner is not None and inner.lower_ in {"favour", "favor", "support"}:
        way, after = 1, next((c for c in inner.children if c.lower_ == "of"), None)
        inner = next((c for c in after.children if c.dep_ in {"pobj", "pcomp"}), None) if after is not None else None
    elif token.lower_ in {"for", "against"}:
        way = 1 if token.lower_ == "for" else -1
    else:
        return None
    holder = holder_of(token.head)
    if holder is None:
        return None
    about = stretch(inner) if inner is not None else None
    lean = way * lean_on(said(token.doc, about), by_default=1) if about else way
    return tell(token.head, holder, about, lean, f"`{token.text}`")
