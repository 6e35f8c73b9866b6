"""An article -> candidates: quotations and reported attitudes in the order of the text, nothing decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from winset.statements.amounts import Amount, read_amount
from winset.statements.article import Article
from winset.statements.attitudes import Attitude, Earlier, find_attitudes
from winset.statements.denials import find_denied
from winset.statements.people import Holder
from winset.statements.quotations import Quotation, find_quotations
from winset.statements.review import UNTOLD, Candidate, Review
from winset.statements.suggesting import Suggestion, suggest_coding, suggest_group, suggest_stance
from winset.study import Study

OFTEN = 500
"""Paragraphs after which progress is told."""

KEPT = 4_000
"""Characters of the paragraphs before that "they" and "that mood" may lead back to."""

NOBODY = re.compile(
    r"(?:nobody|no one|no-one|it|the (?:article|text|report|piece|summary|author|analysis|study))\b(?! of)",
    re.IGNORECASE,
)
"""No denier: the people of whom it is denied are meant."""

SENTENCE = re.compile(r"(?<=[.!?])[”\"'’]?\s+(?=[A-Z“\"‘'(])")


def propose(article: Article, study: Study | None = None, *, say: Callable[[str], None] = lambda _: None) -> Review:
    """Candidates of an article in the order of the text, nothing decided; ``say`` is called now and then."""
    found: list[Candidate] = []
    before, earlier = "", Earlier()
    paragraphs = article.paragraphs
    for n, (offset, paragraph) in enumerate(paragraphs, 1):
        if n % OFTEN == 0:
            say(f"{n:,} of {len(paragraphs):,} paragraphs read, {len(found):,} statements found")
        quotations = find_quotations(paragraph, before)
        quoted = tuple((q.end, suggest_stance(q)[0] or 0) for q in quotations if q.kind == "direct")
        attitudes = find_attitudes(paragraph, replace(earlier, quoted=quoted))
        new = _drafted(quotations, attitudes, paragraph, study)
        for candidate in new:
            placed = replace(
                candidate, id=f"q{len(found) + 1:03d}", start=candidate.start + offset, end=candidate.end + offset
            )
            found.append(replace(placed, same_as=_same_people(placed, found)))
        before = next((q.speaker for q in reversed(quotations) if q.speaker), before)
        earlier = _after(earlier, paragraph, new, attitudes)
    about = {"file": article.file, "digest": article.digest, "title": article.title, "date": article.date}
    return Review(about, tuple(found))


def _after(earlier: Earlier, paragraph: str, new: Sequence[Candidate], attitudes: Sequence[Attitude]) -> Earlier:
    """What the next paragraph may lead back to."""
    lean = next((c.stance for c in reversed(new) if c.stance), 0)
    holders = [Holder(a.holder, "", a.amount, a.base) for a in attitudes if a.holder]
    return Earlier(f"{earlier.text}\n{paragraph}"[-KEPT:], tuple([*earlier.holders, *holders][-20:]), lean)


def _drafted(
    quotations: Sequence[Quotation], attitudes: Sequence[Attitude], paragraph: str, study: Study | None
) -> list[Candidate]:
    """Quotations and attitudes of a paragraph, each passage once."""
    empty = [q for q in quotations if q.kind == "negated" and (not q.speaker or NOBODY.match(q.speaker))]
    quotations = [q for q in quotations if q not in empty or not any(_covered(a, [q]) for a in attitudes)]
    negated = [q for q in quotations if q.kind == "negated"]
    attitudes = [a for a in attitudes if not _covered(a, negated)]
    out = [_of_attitude(a, paragraph, study) for a in attitudes]
    denied = [(a, b) for a, b, _ in find_denied(paragraph)]
    for q in quotations:
        if q.kind == "indirect" and any(a.start < q.end and a.end > q.start for a in attitudes):
            continue
        hidden = q.kind == "indirect" and any(a < q.end and b > q.start for a, b in denied)
        out.append(_of_quotation(replace(q, kind="negated") if hidden else q, paragraph, study))
    return sorted(out, key=lambda c: c.start)


def _covered(attitude: Attitude, quotations: Sequence[Quotation]) -> bool:
    return any(q.start < attitude.end and q.end > attitude.start for q in quotations)


def _of_quotation(q: Quotation, paragraph: str, study: Study | None) -> Candidate:
    coded = suggest_coding(q, study)
    kind = q.kind if not q.doubted else f"{q.kind}, doubted"
    amount, name = (Amount(), q.speaker) if q.kind == "direct" else read_amount(q.speaker)
    if q.kind == "indirect" and coded.stance is not None and amount:
        kind = "attitude"
    if amount.turned:
        coded = replace(coded, stance=None, why=coded.why and f"{coded.why}, of {q.speaker}: read it")
    return _with_amount(_candidate(kind, q.start, q.end, q.text, paragraph, name, q.why, coded), amount)


def _of_attitude(a: Attitude, paragraph: str, study: Study | None) -> Candidate:
    coded = suggest_group(a.holder, a.text, study)
    if a.denied:
        coded = replace(coded, stance=None, why="denied: no stance")
    else:
        coded = replace(
            coded, stance=a.lean or None, why=a.lean_why if a.lean else f"{a.lean_why}: for or against what?"
        )
    kind = "negated" if a.denied else "attitude"
    drafted = _candidate(kind, a.start, a.end, a.text, paragraph, a.holder, a.why, coded)
    return _with_amount(replace(drafted, about=a.about, base=a.base), a.amount)


def _candidate(
    kind: str, start: int, end: int, text: str, paragraph: str, name: str, why: str, coded: Suggestion
) -> Candidate:
    return Candidate(
        id="",
        kind=kind,
        text=text,
        start=start,
        end=end,
        context=paragraph,
        speaker=name,
        speaker_why=why or "nobody is named",
        side=coded.side,
        constituency=coded.constituency,
        question=coded.question,
        stance=coded.stance,
        stance_why=coded.why,
        sentence=sentence_around(paragraph, start, end),
    )


def _with_amount(candidate: Candidate, amount: Amount) -> Candidate:
    return replace(
        candidate,
        count=amount.count,
        of=amount.of,
        quantifier=amount.quantifier,
        least=amount.least,
        most=amount.most,
        turned=amount.turned,
        people=_people(amount),
    )


def _people(amount: Amount) -> str:
    """Of how many people a quantifier speaks: as told by the word, of unknown many in a survey, else as we declare."""
    if not amount.quantifier or amount.people:
        return amount.people
    return UNTOLD if re.search(r"\d|per ?cent", amount.quantifier) else MET


MET = "4-40"
"""People a reporter meets where nobody says how many: declared by us, wide, and to be corrected by whoever knows more."""


def sentence_around(paragraph: str, start: int, end: int) -> str:
    """The sentence, or sentences, in which a passage stands.

    Examples
    --------
    >>> sentence_around("It rained. Most want peace. They say so.", 16, 26)
    'Most want peace.'
    """
    first = max((m.end() for m in SENTENCE.finditer(paragraph) if m.end() <= start), default=0)
    last = min((m.start() for m in SENTENCE.finditer(paragraph) if m.start() >= end), default=len(paragraph))
    return paragraph[first:last].strip()


def _same_people(candidate: Candidate, found: Sequence[Candidate]) -> str:
    """Ids of earlier candidates that tell of the same counted people."""
    if candidate.kind.startswith("direct") or not (candidate.of or candidate.count):
        return ""
    return " ".join(c.id for c in found if same_people(candidate, c))


def same_people(a: Candidate, b: Candidate) -> bool:
    """Whether two candidates tell of the same group: as many people, by the same word."""
    if a.kind.startswith("direct") or b.kind.startswith("direct"):
        return False
    n, m = a.of or a.count, b.of or b.count
    return n is not None and n == m and bool(_nouns(a) & _nouns(b))


def _nouns(candidate: Candidate) -> set[str]:
    """Words that name people, without plural endings."""
    words = re.findall(r"[^\W\d_]{4,}", f"{candidate.base or candidate.speaker}".lower())
    return {w.removesuffix("s") for w in words}
