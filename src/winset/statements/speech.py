"""Words by which English news reports speech, and where quotation marks open and close."""

from __future__ import annotations

from collections.abc import Iterator

SAYING = frozenset(
    """
    say tell add ask reply answer respond write argue insist warn recall admit claim complain declare announce
    report state note explain promise demand agree believe think fear hope doubt describe call recount shout
    whisper laugh joke sigh wonder suggest propose counter acknowledge concede conclude confirm assert maintain
    stress emphasize emphasise repeat reiterate predict urge plead vow pledge swear accuse object protest
    disagree find estimate expect remark comment observe quip murmur cry post tweet tweet boast lament confess
    reveal disclose contend allege testify feel worry deny reject refute dispute dismiss
    """.split()  # noqa: SIM905
)
"""Lemmas of verbs that report what somebody said or thinks."""

DENYING = frozenset({"deny", "reject", "refute", "dispute", "dismiss"})
"""What follows was not said, or not meant."""

DOUBTING = frozenset({"doubt", "wonder", "ask"})
"""What follows is a question, not a stance."""

WITH_INFINITIVE = frozenset(
    """
    promise vow pledge swear agree demand propose urge expect hope threaten
    """.split()  # noqa: SIM905
)
THINGS = frozenset(
    """
    banner sign placard poster headline slogan graffiti sticker caption statement-board
    """.split()  # noqa: SIM905
)
"""They carry words and are nobody."""

NEGATIONS = frozenset({"not", "n't", "never", "neither", "nobody", "none", "no"})
PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "one"})

PAIRS = {"“": "”", "«": "»", "„": "“", '"': '"', "‘": "’", "'": "'"}
SINGLE = {"‘", "'"}


def find_quotes(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of what stands between quotation marks, outermost marks only.

    Marks that nobody closes run to the end of the paragraph, as they do when a quotation goes on in the next.

    Examples
    --------
    >>> text = "“Go,” he said, ‘or don't.’"
    >>> [text[a:b] for a, b in find_quotes(text)]
    ['Go,', "or don't."]
    """
    at = 0
    while at < len(text):
        mark = text[at]
        if mark in PAIRS and _opens(text, at):
            end = _closing(text, at)
            if end is None and mark in SINGLE:
                at += 1
                continue
            stop = len(text.rstrip()) if end is None else end
            if stop > at + 1:
                yield at + 1, stop
            at = stop + 1
        else:
            at += 1


def _opens(text: str, at: int) -> bool:
    """A mark opens at the start of a word, after a space, a dash or a bracket."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return not before.isalnum() and before not in ".,;!?" and not after.isspace()


def _closing(text: str, at: int) -> int | None:
    mark, close = text[at], PAIRS[text[at]]
    depth = 0
    for n in range(at + 1, len(text)):
        if text[n] == mark and mark != close:
            depth += 1
        elif text[n] == close:
            follows = text[n + 1] if n + 1 < len(text) else " "
            if mark in SINGLE and follows.isalnum():
                continue
            if depth == 0:
                return n
            depth -= 1
    return None
