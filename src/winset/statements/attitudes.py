"""What groups are reported to want, fear, welcome or reject: whose attitude, how many of them, about what, for or against.

Rules over a dependency parse: a reader sees by which word each attitude was found. Denied ones are kept and marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from winset.statements.amounts import NUMBER, Amount, read_amount, read_vote
from winset.statements.clearing import Cleared
from winset.statements.denials import find_denied
from winset.statements.feelings import find_feelings
from winset.statements.leanings import belongs
from winset.statements.people import NAMELESS, Holder, People
from winset.statements.predicates import find_predicates
from winset.statements.quotations import STAND_IN, pipeline
from winset.statements.tellings import Telling, without_overlaps


@dataclass(frozen=True)
class Attitude:
    """A reported attitude.

    Parameters
    ----------
    start, end
        Offsets in the paragraph of the words that tell it.
    holder, why
        Whose it is, and how that was read.
    base
        The people of whom ``amount`` counts some, as they were named.
    about
        What it is about, empty where the words do not say.
    lean
        1 for settling, -1 against, 0 where it cannot be read off.
    denied
        Whether the text says that it is not so, or that nobody said it.
    back
        Whether it was told by leading back: "that mood".
    """

    start: int
    end: int
    text: str
    holder: str
    why: str
    amount: Amount
    base: str
    about: str
    lean: int
    lean_why: str
    denied: bool = False
    back: bool = False


@dataclass(frozen=True)
class Earlier:
    """What an article told before a paragraph.

    Parameters
    ----------
    text
        The paragraphs before.
    lean
        Which way the last attitude or quotation leaned.
    quoted
        Where quotations of the paragraph itself end, and which way each leans.
    """

    text: str = ""
    holders: tuple[Holder, ...] = ()
    lean: int = 0
    quoted: tuple[tuple[int, int], ...] = ()


def find_attitudes(paragraph: str, earlier: Earlier = Earlier()) -> list[Attitude]:
    """The reported attitudes of a paragraph, in order.

    Examples
    --------
    >>> (found,) = find_attitudes("Six of the eight widows oppose the truce.")
    >>> found.holder, found.amount.count, found.amount.of, found.lean
    ('the eight widows', 6, 8, -1)
    """
    cleared = Cleared(paragraph)
    doc = pipeline()(cleared.text)
    denied = [*find_denied(paragraph)]
    people = People(cleared, f"{earlier.text}\n", earlier.holders)
    found: list[Attitude] = []
    lean = earlier.lean
    people.mention(doc)
    for sentence in doc.sents:
        tellings = [*find_feelings(sentence), *find_predicates(sentence)]
        tellings = [t for t in tellings if STAND_IN not in doc[t.first : t.last + 1].text]
        tellings = without_overlaps([*tellings])
        tellings = sorted([*tellings, *_leaning_on_last(sentence, tellings, lean)], key=lambda t: t.first)
        for told in tellings:
            if _only_asked(cleared.back(doc[told.first].idx), denied):
                continue
            since = found[-1].end if found else 0
            spoken = [way for end, way in earlier.quoted if since <= end <= cleared.back(doc[told.first].idx)]
            lean = spoken[-1] if spoken else lean
            attitude = _attitude(told, cleared, denied, people, lean)
            if attitude is None:
                continue
            found.append(attitude)
            lean = 0 if attitude.denied else attitude.lean or lean
            people.holders.append(Holder(attitude.holder, "", attitude.amount, attitude.base))
    return found


def _only_asked(at: int, denied: Sequence[tuple[int, int, bool]]) -> bool:
    """Whether an attitude is only asked about: "whether they would vote for it"."""
    return any(start <= at < end for start, end, asked in denied if asked)


def _attitude(
    told: Telling, cleared: Cleared, denied: Sequence[tuple[int, int, bool]], people: People, lean: int
) -> Attitude | None:
    doc = told.head.doc
    begins, ends = doc[told.first].idx, doc[told.last].idx + len(doc[told.last])
    attributed = ATTRIBUTED.search(doc.text[begins:ends])
    ends = begins + attributed.start() if attributed else ends
    holder = _whose(told, people, cleared)
    if told.back and not holder.name:
        return None
    start, end = cleared.back(begins), cleared.back(ends - 1) + 1
    about = ""
    if told.about:
        first, last = doc[told.about[0]], doc[told.about[1]]
        about = cleared.paragraph[cleared.back(first.idx) : cleared.back(last.idx + len(last) - 1) + 1]
    hidden = any(start < b and end > a for a, b, asked in denied if not asked)
    way = told.lean * (lean or told.otherwise) if told.back else told.lean
    if holder.amount.turned:
        way = -way
    return Attitude(
        start, end, cleared.paragraph[start:end], holder.name, holder.why, holder.amount, holder.base, about,
        0 if hidden else way, cleared.as_written(told.why, told.head), hidden, told.back,
    )  # fmt: skip


ATTRIBUTED = re.compile(
    r",? according to .*$|,\s[^,]{2,60}\s(?:said|says|found|finds|wrote|writes|showed|shows|reported|reports|concludes?|noted?|"
    r"notes)\b[^,]{0,40}$"
)
"""Who said so, at the end: "..., a survey by the university found"."""


WITHIN = re.compile(
    r"\b(?:in|among|across|throughout) (?P<who>(?:the |their )?(?:[\w'’-]+ ){0,3}?[\w'’-]+)"
    r"(?= (?:for|that|about|of|to|is|was)\b|[,.;]|$)"
)


def _whose(told: Telling, people: People, cleared: Cleared) -> Holder:
    """The people, with an amount that stands beside the verb ("they largely oppose") where they are not counted."""
    doc = told.head.doc
    if told.holder is None:
        at = cleared.back(doc[told.first].idx)
        near = WITHIN.search(doc[told.first : told.last + 1].text)
        if near and not belongs(near["who"]):
            found = Holder(near[0], "the place that is named")
        else:
            found = people.of_phrase(NAMELESS, cleared.paragraph[:at], cleared.sentence_start(at), "nobody is named")
        if found.name == NAMELESS:
            found = replace(found, name="", why="nobody is named")
    else:
        at = cleared.back(told.holder.idx)
        found = people.of_token(told.holder, cleared.paragraph[:at], cleared.sentence_start(at))
    if told.holder is not None and found.amount.count is None:
        after = cleared.paragraph[cleared.back(told.holder.idx + len(told.holder) - 1) + 1 :]
        found = replace(found, amount=_in_brackets(after) or found.amount)
    if not found.amount:
        found = replace(found, amount=_beside(told))
    if found.amount.count is None:
        rest = told.head.doc[told.first : told.head.sent.end].text
        found = replace(found, amount=read_vote(rest) or found.amount)
    return found


BRACKETS = re.compile(rf"[^().;:]{{0,40}}? ?\((?P<k>{NUMBER})(?: (?:out )?of |/)(?P<n>{NUMBER})\b[^)]{{0,20}}\)")


def _in_brackets(after: str) -> Amount:
    """A count in brackets behind the people: "most interviewees (19 of 26)"."""
    found = BRACKETS.match(after)
    return read_amount(f"{found['k']} of {found['n']}")[0] if found else Amount()


def _beside(told: Telling) -> Amount:
    """An amount among the words of the predicate: widely, largely, overwhelmingly, all."""
    for token in told.head.doc[told.first : told.last + 1]:
        if token.lower_ in ADVERBS and told.head in {token.head, token.head.head, *token.head.children}:
            return read_amount(token.text)[0]
    left = [c for c in told.head.lefts if c.lower_ in ADVERBS]
    return read_amount(left[0].text)[0] if left else Amount()


ADVERBS = frozenset(
    """
    largely generally widespread widely broad broadly overwhelmingly mostly predominantly increasingly unanimously all
    """.split()  # noqa: SIM905
)
"""How widely an attitude is held, said beside the verb."""


TALLY = re.compile(
    rf"\b(?P<who>(?:{NUMBER})|others|some|many|most|the rest|\d+ (?:percent|per cent)) "
    r"(?P<what>(?:would|do|did|will|could) not(?=\s*[,.;:])|said (?P<no>no|yes)\b|(?:have |"
    r"had )?(?P<so>said so|agreed|did so|do so)\b)",
    re.IGNORECASE,
)
"""Short answers in a tally: four would not, two said no."""


def _tallied(sentence: Any) -> Iterable[Telling]:
    for found in TALLY.finditer(sentence.text):
        who = sentence.doc.char_span(sentence.start_char + found.start("who"), sentence.start_char + found.end("who"))
        what = sentence.doc.char_span(
            sentence.start_char + found.start("what"), sentence.start_char + found.end("what")
        )
        if who is not None and what is not None:
            yes = found["no"] and found["no"].lower() == "yes"
            way = 1 if yes or found["so"] else -1
            why = (
                "as told before"
                if found["so"]
                else "the opposite of what was told before"
                if not found["no"]
                else f"`{found['what']}`"
            )
            yield Telling(what.root, what.start, what.end - 1, who.root, None, way, why, back=not found["no"])


def _leaning_on_last(sentence: Any, told: Iterable[Telling], lean: int) -> list[Telling]:
    """What leans on the attitude before: "four would not", "31 per cent do not", "so would the drivers"."""
    taken = [(t.first, t.last) for t in told]
    out = [t for t in _tallied(sentence) if not any(a <= t.last and b >= t.first for a, b in taken)]
    taken += [(t.first, t.last) for t in out]
    for token in sentence:
        if token.pos_ not in {"AUX", "VERB"} or any(a <= token.i <= b for a, b in taken):
            continue
        lexical = [c for c in token.children if c.dep_ in {"xcomp", "ccomp", "dobj", "acomp", "attr", "prep", "aux"}]
        holder = next((c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
        modal = token.lemma_.lower() in {"would", "will", "do", "could", "did"}
        if lexical or holder is None or not modal or token.dep_ == "aux":
            continue
        no = next((c for c in token.children if c.dep_ == "neg"), None)
        so = any(c.lower_ == "so" for c in token.children) and token.i > sentence.start
        if no is not None:
            out.append(
                Telling(token, token.i, no.i, holder, None, -1, "the opposite of what was told before", back=True)
            )
        elif so:
            last = max(t.i for t in holder.subtree)
            out.append(Telling(token, sentence.start, last, holder, None, 1, "as told before", back=True))
    return out
