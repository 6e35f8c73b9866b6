"""A paragraph made easier to parse, with the way back to its offsets."""

from __future__ import annotations

import re
from typing import Any

from winset.statements.amounts import NUMBER
from winset.statements.leanings import NOUNS
from winset.statements.quotations import STAND_IN
from winset.statements.speech import find_quotes

ASIDE = re.compile(
    r"(?<=[a-z]s|en|le|ne|dy|se) (?:interviewed|polled|surveyed|questioned|consulted|canvassed)\b(?= (?!the|a|an|by|"
    r"in|at|over|during|on|with)\w)"
    r"|\(\d+\) ?|\([^()]{1,60}\) ?|(?<=\w) (?:asked|contacted|reached)(?: by (?:phone|"
    r"telephone))?(?= (?:was|were|is|are|would|said|want|oppos|support|favour|back|reject))",
)
SPELLING = {
    "favour": "favor", "sceptic": "skeptic", "co-op": "coop", "colour": "color", "neighbour": "neighbor", "honour": "honor",
    "programme": "program",
}  # fmt: skip
BRITISH = re.compile("|".join(SPELLING), re.IGNORECASE)
GIVEN_BACK = (
    "give gave given go goes went gone take took taken come came bring hand send pull push "
    "hold the a their fight fought get turn"
)
BACKING = re.compile(
    "".join(f"(?<!\\b{word} )" for word in GIVEN_BACK.split()) + r"(?<=\w )back(?P<end>s|ed)?"
    r"(?= (?:the|a|an|any|such|this|that|these|him|it|them|his|their)\b)"
)
"""What American models misread: British spelling, and "back" as a verb."""

FEELINGS = "|".join(NOUNS)
VOICING = re.compile(rf"\bvoice(?P<end>s|d)?(?= (?:[a-z-]+ ){{0,2}}(?:{FEELINGS})s?\b)")
FEARING = re.compile(
    "(?:"
    + "|".join(
        rf"(?<={end} )"
        for end in ("[a-z]s", "men", "ople", "two", "three", "four", "five", "six", "nine", "ten", "many")
    )
    + r")fear(?= that\b)"
)
LONGING = re.compile(r"(?:(?<=[a-z]s )|(?<=en )|(?<=le )|(?<=ey ))long(?= for\b)")
"""Verbs that it takes for nouns: they voice doubts, nine fear that."""

COUNTING = (
    rf"(?:{NUMBER}|\d+ per ?cent|none|not (?:one|a single)|most|many|some|others|several|few|an? (?:[a-z]+ )?"
    rf"(?:minority|majority|handful)|the (?:rest|others?|remaining)|nobody|dozens|hundreds|half|"
    rf"two thirds|a third|a quarter)"
)
VOICED = {"": "", "s": "es", "d": "ed"}
APART = re.compile(
    rf",? (?:and|but|while|whereas|yet|though|although|where)(?P<next> )(?={COUNTING}\b)|"
    rf", (?={COUNTING} (?:\w+ )?(?:would|do|did|said|say|were|are|had|have|thought|think|called|want|a|an|fear|oppose|support|"
    r"favou?r|reject|see|believe)\b)"
    r"|; (?:but |and |yet )?(?=\w)|: (?=[a-z\d])| - (?=\w)| — (?=\w)",
)
"""Where a tally goes on to others; each part is parsed as a sentence of its own."""

SHARED = re.compile(
    rf"(?P<word>(?:(?:around|about|some|nearly|almost|roughly|only|just) )?(?:\d+(?:\.\d+)? ?(?:per ?cent|"
    rf"%)(?! of)|{NUMBER} (?:in|out of) {NUMBER}))(?= [a-z])",
    re.IGNORECASE,
)
"""A share before a noun or verb reads as "many" while it is parsed."""

BARE_COUNT = re.compile(
    rf"(?P<the>\bthe (?:other |remaining |same )?)?\b(?:{NUMBER}|some|most|many|few|others|several)"
    r"(?= (?:distrust|fear|want|oppose|support|back|reject|favou?r|doubt|hope|welcome|trust|resent|see|call|think|believe)\b)",
    re.IGNORECASE,
)
"""A count that stands alone before a verb reads as "those" or "many" while it is parsed."""

SPOKEN_TO = re.compile(
    r"(?<=\w) (?:whom? |that )?(?:I|we|this newspaper|reporters|the author) (?:spoke to|spoke with|"
    r"talked to|met|reached|interviewed|asked)\b(?= (?!the|a|an)\w)"
)
"""Left out while a sentence is parsed: "captains interviewed want" leads the parser astray."""


class Cleared:
    """A paragraph with quoted words and asides taken out, and the way back to its offsets."""

    def __init__(self, paragraph: str) -> None:
        self.paragraph = paragraph
        gone = [(max(a - 1, 0), min(b + 1, len(paragraph)), STAND_IN) for a, b in find_quotes(paragraph)]
        asides = [(m.start(), m.end(), "") for p in (ASIDE, SPOKEN_TO) for m in p.finditer(paragraph)]
        asides += [(m.start(), m.end(), _american(m[0])) for m in BRITISH.finditer(paragraph)]
        asides += [(m.start(), m.end(), f"support{m['end'] or ''}") for m in BACKING.finditer(paragraph)]
        asides += [(m.start(), m.end(), f"express{VOICED[m['end'] or '']}") for m in VOICING.finditer(paragraph)]
        asides += [(m.start(), m.end(), "worry") for m in FEARING.finditer(paragraph)]
        asides += [(m.start(), m.end(), "yearn") for m in LONGING.finditer(paragraph)]
        asides += [(m.start(), m.end(), ". ") for m in APART.finditer(paragraph)]
        asides += [(m.start(), m.end(), "Those" if m["the"] else "many") for m in BARE_COUNT.finditer(paragraph)]
        asides += [(m.start(), m.end(), "many") for m in SHARED.finditer(paragraph)]
        for aside in asides:
            gone += [aside] if all(aside[1] <= a or aside[0] >= b for a, b, _ in gone) else []
        parts: list[str] = []
        self.places: list[int] = []
        at = 0
        for start, end, instead in sorted(gone):
            parts += [paragraph[at:start], instead]
            self.places += [*range(at, start), *_spread(start, end, len(instead))]
            at = end
        parts.append(paragraph[at:])
        self.places += [*range(at, len(paragraph) + 1)]
        self.text = "".join(parts)
        self.starts = [m.end() for m in re.finditer(r"[.!?][”\"'’]?\s+", paragraph)]

    def sentence_start(self, at: int) -> int:
        """Where the sentence begins in which an offset of the paragraph lies."""
        return max((s for s in self.starts if s <= at), default=0)

    def as_written(self, words: str, token: Any) -> str:
        """Words that name a token, with the token as the paragraph writes it: "fear" where "worry" was parsed."""
        written = self.paragraph[self.back(token.idx) : self.back(token.idx + len(token) - 1) + 1]
        return words.replace(token.text, written)

    def back(self, offset: int) -> int:
        """Offset in the paragraph of an offset in the cleared text."""
        return self.places[min(offset, len(self.places) - 1)]


def _spread(start: int, end: int, length: int) -> list[int]:
    """Offsets for a stand-in: its first letter is the first of what it stands for, its last the last."""
    return [*(min(start + n, end - 1) for n in range(length - 1)), *[end - 1] * (length > 0)]


def _american(word: str) -> str:
    plain = SPELLING[word.lower()]
    return plain.capitalize() if word[0].isupper() else plain
