"""How many people hold an attitude, as a person types it on the screen or in the review file."""

from __future__ import annotations

import re
from dataclasses import replace

from winset.errors import UsageError
from winset.statements.review import UNTOLD, Candidate

COUNT = re.compile(r"(?P<k>\d+)(?: of (?P<n>\d+))?")
SHARE = re.compile(r"(?P<least>\d+)(?:\s*-\s*(?P<most>\d+))? ?% of (?P<people>\?|\d+(?:\s*-\s*\d+)?)")
EXAMPLES = "write 6 of 8, 11, 50-95 % of 20, 60 % of 4-40, or 50-95 % of ? where nobody says how many were asked"


def declare_many(candidate: Candidate, text: str) -> Candidate:
    """The candidate with as many people as somebody typed.

    Raises
    ------
    UsageError
        If it is no number of people.

    Examples
    --------
    >>> plain = Candidate("q1", "attitude", "", 0, 0, "", "the widows", "")
    >>> declare_many(plain, "6 of 8").how_many, declare_many(plain, "50-95% of 4-40").how_many
    ('6 of 8', '50-95 % of 4-40')
    """
    typed = text.strip().lower()
    if found := COUNT.fullmatch(typed):
        k, n = int(found["k"]), int(found["n"]) if found["n"] else None
        if (n is not None and k > n) or n == 0 or (n is None and k == 0):
            raise UsageError(f"`{text}` is no count of people; {EXAMPLES}")
        alone = k == 1 and n is None
        blank = replace(candidate, quantifier="", least=None, most=None, people="")
        return replace(blank, count=None if alone else k, of=n, turned=k == 0)
    if found := SHARE.fullmatch(typed):
        least, most = int(found["least"]), int(found["most"] or found["least"])
        people = re.sub(r"\s", "", found["people"])
        ends = [int(x) for x in people.split("-")] if people != UNTOLD else [1]
        if least > most or most > 100 or ends[0] < 1 or (len(ends) == 2 and ends[0] >= ends[1]):
            raise UsageError(f"`{text}` has its ends the wrong way round or too large; {EXAMPLES}")
        return replace(candidate, count=None, of=None, least=least, most=most, people=people)
    raise UsageError(f"`{text}` does not say how many; {EXAMPLES}")
