"""Where a text says that people do not think so, or that nobody said so: nothing in it may be given a stance."""

from __future__ import annotations

import re
from collections.abc import Iterator

SPEECH = (
    r"(?:reports?|claims?|suggestions?|rumou?rs?|assertions?|allegations?|idea|notion|impression|talk|charges?|"
    r"accusations?|speculation|assumption)"
)
OPENING = re.compile(
    r"\b(?:"
    rf"den(?:y|ies|ied|ying)\b|(?:reject|dismiss|refut|disput|contest|rebut|discount)\w* (?:all |the |any |"
    rf"as \w+ )?{SPEECH}\b|"
    r"(?:would|is|was|are|were|seems?|be) (?:\w+ )?(?:wrong|false|untrue|mistaken|a mistake|a misreading|"
    r"misleading|inaccurate|incorrect|unfair|too simple|an error|"
    r"an exaggeration|fiction|a myth) (?:for \w+ )?(?:to|that)\b|(?:not|n't|isn't) (?:\w+ )?(?:true|"
    r"the case|correct|right|so) that\b|\bfar from (?:true|clear) that\b|"
    r"\bno (?:evidence|indication|sign|proof|hint|suggestion|support|truth|reason|basis|confirmation|"
    r"record)\b[^.;]{0,50}\b(?:that|to|of|for|in)\b|"
    r"\bnothing (?:to suggest|suggests|shows|indicates|to show|in [^.;]{0,40})|"
    rf"(?:nobody|no one|no-one|none|not one|not a single|neither)\b[^.;,]{{0,60}}?\b(?:said|says|say|stated|"
    rf"told|claimed|claims?|spoke|mentioned|declared|wrote|write|suggested|expressed|think|argued)\b|"
    r"(?:never|not|n't) (?:\w+ )?(?:said?|say|state|claim|told|tell|suggest|write|mean|report|argue|find|mention)\w*\b|"
    r"(?:caution|warn)\w* against (?:assuming|concluding|thinking|believing|reading|the \w+ that)|"
    r"contrary to (?:\w+ ){0,3}(?:claims?|reports?|belief|suggestions?|assertions?|rumou?rs?)|"
    r"(?:insist|maintain|stress)\w* that (?:\w+ ){1,4}(?:is|are|was|were|do|does|did|have|has|would|"
    r"will) (?:not|no longer)\b|"
    r"(?:nobody|no one) (?:should|could|can|would) (?:claim|say|think|believe|write|conclude|suppose)|"
    r"(?:often|sometimes|widely|falsely|wrongly) (?:claimed|asserted|alleged|assumed|said|supposed)|to believe that|"
    r"(?:does|do|did|would|could|can) not (?:say|know|mean|follow|prove|show)|whether"
    r")\b",
    re.IGNORECASE,
)
"""What follows in the sentence is denied, not said, or asked."""

CLOSING = re.compile(
    r"\b(?:is|are|was|were) (?:simply |plainly |just |entirely )?(?:false|untrue|unfounded|baseless|"
    r"groundless|wrong|a lie|lies|nonsense|a myth|invented|not true|"
    r"unsubstantiated)\b",
    re.IGNORECASE,
)
"""What stands before in the sentence is denied: claims that ... are unfounded."""

ASKED = re.compile(r"\b(?:asked|whether|questioned about|if asked)\b[^,.;]*$", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+[”\"'’]?\s*|$)")
CLAUSE = re.compile(r";|\bwhile\b|, (?:but|yet|and it is|though|although|whereas)\b|:", re.IGNORECASE)
SPOKEN_OF = re.compile(rf"\b(?:{SPEECH}) that\b", re.IGNORECASE)


def find_denied(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of passages that are denied, and whether they are only asked about ("whether they would").

    Examples
    --------
    >>> text = "It would be wrong to say that villagers want partition. They do not."
    >>> [text[a:b] for a, b, _ in find_denied(text)]
    ['wrong to say that villagers want partition']
    """
    for sentence in SENTENCE.finditer(text):
        start, end = sentence.span()
        closing = CLOSING.search(text, start, end)
        claim = SPOKEN_OF.search(text, start, end)
        if closing and claim and claim.start() < closing.start():
            yield claim.start(), closing.end(), False
        for opening in OPENING.finditer(text, start, end):
            stop = CLAUSE.search(text, opening.end(), end)
            last = stop.start() if stop else len(text[:end].rstrip(" .!?”\"'’"))
            at = opening.start()
            words = opening[0].lower()
            wrong = re.search(r"wrong|false|untrue|mistake|misleading|inaccurate|incorrect", words)
            yield (at + wrong.start() if wrong else at), last, words == "whether"
