"""Attitudes told by idioms: several words, a signed petition, what a thing is "for them"."""

from __future__ import annotations

import re
from typing import Any

from winset.statements.leanings import (
    belongs,
    judged,
)
from winset.statements.people import lifeless
from winset.statements.tellings import (
    VERBS,
    Telling,
    holder_of,
    lean_on,
    lemma_of,
    negated,
    reach,
    said,
    stretch,
    tell,
)

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


def read_idiom(token: Any) -> Telling | None:
    """They look forward to it, have had enough of it, made plain how little they think of it."""
    if token.pos_ not in VERBS:
        return None
    rest = token.doc[token.i : token.sent.end].text.lower()
    for pattern, way in PHRASES:
        found = pattern.match(rest)
        if found is None:
            continue
        first = next((t for t in token.sent if t.idx >= token.idx + found.end()), None)
        holder = holder_of(token if token.dep_ not in {"aux", "auxpass"} else token.head)
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


def read_petition(token: Any) -> Telling | None:
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
    holder = holder_of(token) if paper is not None else None
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
    return tell(
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


def read_for_them(token: Any) -> Telling | None:
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
