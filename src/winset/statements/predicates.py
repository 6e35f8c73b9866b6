"""Verbs, adjectives and judgements in a parsed sentence that tell an attitude: who, about what, which way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
from winset.statements.people import lifeless, noun_before, subject_of

VERBS = frozenset({"VERB", "AUX"})
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
    """

    head: Any
    first: int
    last: int
    holder: Any | None
    about: tuple[int, int] | None
    lean: int
    why: str
    back: bool = False
    """Whether it leads back to what was said before: "that mood"."""

    otherwise: int = 0
    """Which way it leans where nothing before leaned: "that refusal"."""


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


def find_predicates(sentence: Any) -> Iterator[Telling]:
    """Attitudes that verbs and adjectives tell."""
    for token in sentence:
        for read in (
            _phrased,
            _petition,
            _to_them,
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
            and (_agent(t) is not None or any(c.dep_.startswith("nsubj") for c in t.children))
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


def _holder(verb: Any) -> Any | None:
    holder = subject_of(verb)
    if holder is None or holder.dep_ == "expl":
        holder = noun_before(verb)
    return None if holder is None or lifeless(holder) or holder.text.startswith("Something") else holder


def _telling(verb: Any, holder: Any, about: tuple[int, int] | None, lean: int, why: str) -> Telling:
    first, last = reach(verb)
    if about and about[1] > last:
        last = about[1]
    if negated(verb):
        done = any(c.dep_ == "aux" and c.lower_ in {"have", "has", "had"} for c in verb.children)
        lean = 0 if done and lemma_of(verb) in REJECTING else -lean  # who has not rejected it need not be for it
    return Telling(verb, first, last, holder, about, lean, why)


def _agent(verb: Any) -> Any | None:
    """Who does it in a passive: "seen by many"."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def _passive(token: Any) -> Telling | None:
    """It is rejected by, seen by ... as; opposed by and hated by without "is" too."""
    lemma = lemma_of(token)
    known = lemma in APPROVING | REJECTING | FEARING | JUDGING
    passive = any(c.dep_ == "auxpass" for c in token.children) or token.tag_ == "VBN"
    if token.pos_ not in VERBS | {"ADJ"} or not known or not passive:
        return None
    agent = _agent(token)
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
    return _telling(token, agent, about, lean, f"`{token.text} by`")


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
    holder = _holder(token)
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
    return _telling(token, holder, about, lean, f"`{modal.text} {token.text}`")


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


PHRASES: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), way)
    for pattern, way in (
        (r"(?:look|looks|looked|looking) forward to ", 1),
        (r"(?:has|have|had|having) had enough of ", -1),
        (r"(?:campaign|agitat|demonstrat|march|lobb|organi[sz])\w* (?:\w+ly )?against ", -1),
        (r"(?:campaign|demonstrat|march|lobb)\w* (?:\w+ly )?(?:for|in favou?r of) ", 1),
        (r"(?:come|came|comes|speak|spoke|spoken|turn|turned|spoken) (?:out |up )?(?:\w+ly )?against ", -1),
        (r"(?:come|came|comes|speak|spoke|spoken) (?:out |up )?(?:\w+ly )?(?:in favou?r of|for) ", 1),
        (r"(?:lose|lost|losing|run out of) patience with ", -1),
        (r"(?:put|puts|putting) up with ", 0),
        (r"(?:stand|stands|stood) (?:firmly |squarely )?behind ", 1),
        (r"(?:take|takes|took) a dim view of ", -1),
        (r"(?:warm|warmed|warming) to ", 1),
        (r"(?:has|have|had) no time for ", -1),
        (
            (
                r"(?:is|are|was|were) (?:fed up with|sick of|in no mood (?:for|to)|at odds with|"
                r"dead set against|set against) "
            ),
            -1,
        ),
        (r"(?:is|are|was|were) (?:all |very much |strongly )?behind ", 1),
        (r"(?:make|made|makes) (?:it )?(?:plain|clear|known) how little \w+ (?:think|thought) of ", -1),
        (r"(?:see|sees|saw) (?:no|little) (?:point|sense|use|merit|future) in ", -1),
        (r"(?:side|sides|sided) with ", 1),
        (r"(?:give|gives|gave|given) (?:\w+ )?(?:blessing|backing|support) to ", 1),
        (r"(?:turn|turned|turning) (?:its|their) backs? on |(?:turn|turned|turning) down ", -1),
        (r"(?:has|have|had) (?:little|no) (?:love|use) for ", -1),
        (r"(?:has|have|had) (?:a )?(?:good|kind) words? for ", 1),
        (r"(?:has|have|had) nothing against ", 1),
        (
            r"(?:has|have|had|see|sees|saw) (?:little|no) (?:reason|cause|grounds) to (?:trust|believe|support|accept) ",
            -1,
        ),
        (r"(?:set|setting|pin|pinned) (?:all )?(?:its|their) (?:hearts?|hopes?) on ", 0),
        (r"(?:throw|throws|threw|thrown) (?:its|their) weight behind ", 1),
        (r"(?:is|are|was|were) (?:in|of) two minds (?:about|over) ", 0),
        (r"(?:see|sees|saw) eye to eye with ", 1),
        (r"(?:want|wants|wanted|have|has|had) (?:nothing|no part) (?:to do )?(?:with|of|in) ", -1),
        (r"(?:rule|rules|ruled) out ", -1),
        (r"(?:dig|dug|digging) in (?:its|their) heels (?:over|against|on) ", -1),
        (r"(?:write|wrote|written|shrug|shrugged|wave|waved|brush|brushed) (?:it |them )?off ", -1),
    )
)
"""Attitudes told by several words, and whether they are for what follows."""


def _phrased(token: Any) -> Telling | None:
    """They look forward to it, have had enough of it, made plain how little they think of it."""
    if token.pos_ not in VERBS:
        return None
    rest = token.doc[token.i : token.sent.end].text.lower()
    for pattern, way in PHRASES:
        found = pattern.match(rest)
        if found is None:
            continue
        first = next((t for t in token.sent if t.idx >= token.idx + found.end()), None)
        holder = _holder(token if token.dep_ not in {"aux", "auxpass"} else token.head)
        if first is None or holder is None:
            return None
        if first.lower_ in {"that", "to"} and first.i + 1 < token.sent.end:
            first = token.doc[first.i + 1]
        top = first
        while top.head.i > token.i and top.head != top and top.head.sent == token.sent and top.head.i >= first.i:
            top = top.head
        about = (first.i, stretch(top)[1])
        lean = way * lean_on(said(token.doc, about), by_default=1)
        return Telling(
            token,
            min(reach(token)[0], token.i),
            max(about),
            holder,
            about,
            -lean if negated(token) else lean,
            f"`{found[0].strip()}`",
        )
    return None


def _petition(token: Any) -> Telling | None:
    """They signed a petition against it."""
    if lemma_of(token) not in {
        "sign",
        "write",
        "send",
        "file",
        "launch",
        "deliver",
        "hand",
        "stage",
        "hold",
        "organise",
        "organize",
        "join",
    }:
        return None
    paper = next((c for c in token.rights if c.dep_ == "dobj" and c.lemma_ in PAPERS), None)
    holder = _holder(token) if paper is not None else None
    if paper is None or holder is None:
        return None
    words = said(token.doc, reach(token)).lower()
    found = re.search(
        r"\b(?P<way>against|opposing|rejecting|for|supporting|backing|in (?:its |their )?(?:favou?r|"
        r"support))(?: of)?\b ?(?P<what>.*)$",
        words,
    )
    if found is None:
        return None
    way = -1 if found["way"] in {"against", "opposing", "rejecting"} else 1
    about = stretch(paper)
    return _telling(
        token, holder, about, way * lean_on(found["what"] or words, by_default=1), f"`{token.text} {paper.text}`"
    )


PAPERS = frozenset(
    {
        "petition",
        "appeal",
        "letter",
        "protest",
        "rally",
        "march",
        "demonstration",
        "strike",
        "statement",
        "resolution",
        "complaint",
    }
)


def _to_them(token: Any) -> Telling | None:
    """For the men of the platoon, the map is an insult."""
    if token.lemma_ != "be" or token.pos_ not in VERBS:
        return None
    to = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in {"for", "to"} and c.i < token.i), None)
    holder = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    thing = next((c for c in token.children if c.dep_ == "nsubj"), None)
    if holder is None or thing is None or lifeless(holder):
        return None
    last = reach(token)[1]
    way = judged(said(token.doc, (token.i, last)))
    about = stretch(thing)
    return (
        Telling(token, about[0], last, holder, about, way * (belongs(said(token.doc, about)) or 1), "`is`, for them")
        if way
        else None
    )


def _elliptic(token: Any) -> Telling | None:
    """Said yes to, said no."""
    if lemma_of(token) == "say" and token.pos_ in VERBS:
        after = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
        if after is not None and after.lower_ in {"yes", "no"} and after.sent == token.sent:
            holder = _holder(token)
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
    if lemma not in APPROVING | REJECTING | FEARING | JUDGING | ASKING or _agent(token) is not None:
        return None
    if token.tag_ in {"VBN", "VBG"} and token.dep_ in {"acl"}:
        return None
    holder = _holder(token)
    about = object_of(token)
    if holder is None or about is None:
        return None
    words = said(token.doc, about)
    if lemma in {"want", "wish", "ask", "need"} and re.match(
        r"to (?:know|hear|say|speak|talk|thank|ask|see if|find out|learn)|(?:know|hear|ask) ", words
    ):
        return None
    lean = _lean_of(token, lemma, words)
    return None if lean is None else _telling(token, holder, about, lean, f"`{token.text}`")


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
        return None if not way else -way if re.search(r"\bvoted? against\b", predicate) else way
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
    holder = _holder(verb if described else token)
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
    holder = _holder(token.head)
    if holder is None:
        return None
    about = stretch(inner) if inner is not None else None
    lean = way * lean_on(said(token.doc, about), by_default=1) if about else way
    return _telling(token.head, holder, about, lean, f"`{token.text}`")


def without_overlaps(found: Sequence[Telling]) -> list[Telling]:
    """Of two that share most words the one that says more stays; an attitude inside a longer one goes."""
    kept: list[Telling] = []
    for t in sorted(found, key=lambda t: (-(t.last - t.first), t.first)):
        if all(t.last < k.first or t.first > k.last for k in kept):
            kept.append(t)
    return sorted(kept, key=lambda t: t.first)
