"""Where a text says that people do not think so, that nobody said so, or only that it is claimed: no stance there."""

from __future__ import annotations

import re
from collections.abc import Iterator

SPEECH = (
    r"(?:reports?|claims?|suggestions?|rumou?rs?|assertions?|allegations?|idea|notion|impression|talk|charges?|"
    r"accusations?|speculation|assumption|perception|story|stories)"
)
DENYING = (
    r"den(?:y|ies|ied|ying)\b",
    r"(?:disput|refut|rebut|contest)\w* (?:that|it)\b",
    rf"(?:reject|dismiss|refut|disput|contest|rebut|discount)\w* (?:all |the |any |as \w+ )?{SPEECH}\b",
    r"(?:call|brand|label|describ)\w* (?:as )?(?:it )?(?:a lie|false|nonsense|absurd|untrue|a myth) (?:to say )?that\b",
)
UNTRUE = (
    (
        r"(?:would|is|was|are|were|seems?|be|it) (?:\w+ )?(?:wrong|false|untrue|mistaken|a mistake|a misreading|misleading|"
        r"inaccurate|incorrect|unfair|too simple|too early|an error|an exaggeration|fiction|a myth|a lie|nonsense|absurd|"
        r"doubtful|unlikely|unproven|premature|hard|difficult) (?:for \w+ )?(?:to|that)\b"
    ),
    r"(?:not|n't|isn't) (?:\w+ )?(?:true|the case|correct|right|so|clear|certain|proven) (?:that|whether|if)\b",
    r"far from (?:true|clear|certain) that\b",
    r"unclear (?:whether|if|that|how many)\b",
    r"contrary to (?:\w+ ){0,3}(?:claims?|reports?|belief|suggestions?|assertions?|rumou?rs?)",
    r"(?:often|sometimes|widely|falsely|wrongly) (?:claimed|asserted|alleged|assumed|said|supposed)",
    r"to believe that",
)
UNSAID = (
    (
        r"no (?:evidence|indication|sign|proof|hint|suggestion|support|truth|reason|basis|confirmation|record)\b[^.;]{0,50}"
        r"\b(?:that|to|of|for|in)\b"
    ),
    r"nothing (?:to suggest|suggests|shows|indicates|to show|in [^.;]{0,40})",
    (
        r"(?:nobody|no one|no-one|none|not one|not a single|neither|no \w+)\b[^.;,]{0,60}?\b(?:said|says|say|stated|told|claimed|"
        r"claims?|spoke|mentioned|declared|wrote|write|suggested|suggests|expressed|think|argued|shows?|showed|proves?|proved|"
        r"indicates?|reported|reports)\b"
    ),
    (
        r"(?:never|not|n't) (?:\w+ )?(?:said?|say|state|claim|told|tell|suggest|write|mean|report|argue|find|found|mention|"
        r"show|prove|indicate|know|follow|confirm)\w*\b"
    ),
    r"(?:nobody|no one) (?:should|could|can|would) (?:claim|say|think|believe|write|conclude|suppose)",
    r"(?:caution|warn)\w* against (?:assuming|concluding|thinking|believing|reading|the \w+ that)",
    r"(?:insist|maintain|stress)\w* that (?:\w+ ){1,4}(?:is|are|was|were|do|does|did|have|has|would|will) (?:not|no longer)\b",
)
ASKED = r"whether"
OPENING = re.compile(rf"\b(?:{'|'.join((*DENYING, *UNTRUE, *UNSAID, ASKED))})\b", re.IGNORECASE)
"""What follows in the sentence is denied, not said, or asked."""

CLAIMED = re.compile(
    r"(?:^|\b(?:of|the|these|those|such|any|all|some|no|to|by|on|called|dismissed|rejected|denied|denies|despite|amid|been|are|"
    r"about|earlier|press|media|unconfirmed|false|recent|a|an|with|were|hear|heard|believes?|this|that)\s+)"
    rf"(?P<what>{SPEECH}(?:, [^,.;]{{3,60}},)? that)\b",
    re.IGNORECASE,
)
"""What follows is a claim of nobody knows whom, not what the people think; "the agency reports that" is none."""

SENTENCE = re.compile(
    r"(?<=[a-z\d%”\"’)][.!?])(?<!Mr\.)(?<!Dr\.)(?<!Mrs\.)(?<!Gen\.)(?<!Col\.)(?<!Lt\.)(?<!Sgt\.)(?<!Capt\.)(?<!St\.)"
    r"[”\"’]?\s+(?=[A-Z“\"\d])"
)
CLAUSE = re.compile(r";|\bwhile\b|, (?:but|yet|and it is|though|although|whereas)\b|:", re.IGNORECASE)
WRONG = re.compile(r"wrong|false|untrue|mistake|misleading|inaccurate|incorrect")


def find_denied(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of passages that are denied, and whether they are only asked about ("whether they would").

    Examples
    --------
    >>> text = "It would be wrong to say that villagers want partition. They do not."
    >>> [text[a:b] for a, b, _ in find_denied(text)]
    ['wrong to say that villagers want partition']
    """
    start = 0
    for end in (*(m.start() for m in SENTENCE.finditer(text)), len(text)):
        sentence = text[start:end]
        last = len(sentence.rstrip(" .!?”\"'’"))
        for claim in CLAIMED.finditer(sentence.lstrip()):
            yield start + len(sentence) - len(sentence.lstrip()) + claim.start("what"), start + last, False
        for opening in OPENING.finditer(sentence):
            stop = CLAUSE.search(sentence, opening.end())
            wrong = WRONG.search(opening[0].lower())
            at = opening.start() + (wrong.start() if wrong else 0)
            yield start + at, start + (stop.start() if stop else last), opening[0].lower() == ASKED
        start = end
