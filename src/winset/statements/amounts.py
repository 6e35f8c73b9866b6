"""How many are said to think so: counts (six of the eight), shares (two thirds), quantifiers (most) as ranges.

What a quantifier means differs between readers and ranges overlap (Pezzelle, Bernardi & Piazza 2018; Newstead, Pollard &
Riezebos 1987): 40 per cent can be many and 60 per cent few (Heim and others 2015), and "most" is used from just above a
half to 95 per cent, mostly of large majorities (Ariel 2004; Solt 2016). The ranges below are wide enough to hold what these
studies found; the ends are ours, and a person may declare others in the review file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
""".split()  # noqa: SIM905
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {w: n for n, w in enumerate(UNITS)} | {w: 10 * n for n, w in enumerate(TENS, 2)}
NUMBERS |= {f"{t}-{u}": NUMBERS[t] + NUMBERS[u] for t in TENS for u in UNITS[1:10]} | {"a dozen": 12, "hundred": 100}
WORD = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{WORD}))"

RANGES: dict[str, tuple[int, int]] = {
    "all": (95, 100),
    "nearly all": (80, 100),
    "overwhelming": (70, 98),
    "most": (50, 95),
    "half": (40, 60),
    "many": (20, 80),
    "some": (5, 50),
    "minority": (2, 49),
    "few": (0, 25),
    "not all": (20, 95),
    "less than half": (10, 50),
    "more than half": (50, 75),
}
"""Per cent by what a quantifier means: lowest and highest."""

QUANTIFIERS: dict[str, str] = {
    "not all": r"not (?:all|every|everyone|everybody)\b",
    "nearly all": (
        r"(?:nearly|almost|virtually|practically) (?:all|every|everyone|everybody)\b|near-unanimous\w*|almost unanimous\w*|"
        r"all but (?:a few|one|two|three)\b"
    ),
    "few": (
        r"(?:hardly|scarcely|barely) (?:any|anyone|anybody|a soul|a \w+)\b|few(?:er)?\b(?! than)|very few\b|"
        r"(?:no more than |only |just |but )?(?:a|one) (?:small |tiny )?(?:handful|few)\b"
    ),
    "less than half": r"(?:fewer|less) than half\b",
    "more than half": r"(?:more than|over|just over|well over) half\b",
    "half": r"(?:around |about |roughly |nearly |almost )?(?:a |one )?half\b",
    "overwhelming": (
        r"overwhelming(?:ly)?(?: (?:majority|numbers))?\b|"
        r"(?:an? |the )?(?:vast|large|great|huge|clear|solid|overwhelming) majority\b"
    ),
    "most": (
        r"(?:an? |the )?\w+ majority\b|(?:a|the) majority\b|majorities\b|most(?:ly)?\b(?! of all)|the bulk\b|"
        r"(?:largely|generally|widespread|widely|broad(?:ly)?|predominantly|overall)\b"
    ),
    "minority": r"(?:an?|the) (?:\w+ )?minority\b|minorities\b",
    "many": (
        r"many\b|a (?:great|good) many\b|a lot\b|lots\b|large numbers\b|(?:plenty|countless)\b|increasing(?:ly)?\b|"
        r"a (?:large|growing|great|good) (?:number|part|deal|share)\b|ever more\b"
    ),
    "some": r"(?:some|a number|others|a part|part|various)\b",
    "all": (r"(?:everyone|everybody|every|all|both|unanimous(?:ly)?)\b|the (?:entire|whole)\b|without exception\b"),
    "none": r"(?:none|nobody|no one|no-one|not one|not a single(?: one)?|no|neither|not a soul)\b",
}
"""What words mean, and the patterns of the words, the narrower first."""

PEOPLE: dict[str, str] = {
    "a couple": "2-3",
    "a few": "3-8",
    "a handful": "3-6",
    "several": "3-9",
    "numerous": "5-50",
    "dozens": "24-96",
    "scores": "40-120",
    "hundreds": "200-900",
    "thousands": "2000-9000",
}
"""People by words for a number: as wide as we read them, ours to declare otherwise (several is a little more than a few:
Newstead & Coventry 2000; van Tiel, Franke & Sauerland 2021)."""

TURNING = frozenset({"few", "none", "less than half"})
"""A sentence with these tells of the others: "few believe it" is said of people who do not."""

FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
ROUNDED = 5
"""Points either side of a share that is told in words or rounded."""

FRACTION = re.compile(
    r"(?:(?:about|around|roughly|nearly|almost|some|perhaps|over|more than) )?(?P<k>an?|one|two|three|four|five|nine)"
    r"[ -](?P<part>third|quarter|fourth|fifth|sixth|tenth)s?\b"
)
PERCENT = re.compile(
    r"(?:(?:about|around|roughly|nearly|almost|some|over|"
    r"more than) )?(?P<share>\d+(?:\.\d+)?) ?(?:per ?cent\b|percent\b|%)"
)
RATIO = re.compile(rf"(?P<k>{NUMBER}) (?:in|out of every|of every) (?:every )?(?P<n>{NUMBER})\b(?! the)")
OF = re.compile(
    rf"(?:(?:at least|only|just|as many as|some|about|all|fully) )?(?P<k>{NUMBER}|none|not one|"
    rf"not a single one|not a single|no one|nobody"
    rf"|every one|each|all|both) (?:members )?(?:out )?of (?:the |his |her |their |our |these |those |"
    rf"all )?(?:other |remaining )?(?P<n>{NUMBER})\b"
)
ALL = re.compile(rf"\b(?:all|each of the|both) (?:of )?(?:the |his |her |their |our |these |those )?(?P<n>{NUMBER})\b")
ALONE = re.compile(
    rf"(?:(?:at least|some|about|around|nearly|more than|over|only|just|another|the other|"
    rf"the remaining) )?(?P<k>{NUMBER})\b"
)


@dataclass(frozen=True)
class Amount:
    """How many, as far as it was told.

    Parameters
    ----------
    count, of
        k and n of "k of n"; ``of`` is None where only k is told.
    quantifier
        The words ("most", "two thirds"), empty where there are none.
    least, most
        Per cent that the words may mean; None where a count says it, or nothing does.
    people
        How many people words for a number mean ("dozens": 24-96), all of whom are said to think so.
    turned
        Whether the words say that the others think otherwise ("few", "none of").
    """

    count: int | None = None
    of: int | None = None
    quantifier: str = ""
    least: int | None = None
    most: int | None = None
    turned: bool = False
    people: str = ""

    def __bool__(self) -> bool:
        return self.count is not None or bool(self.quantifier)


NONE = Amount()


VOTE = rf"(?:by )?(?P<k>{NUMBER})(?: votes?)?(?: to |[-–])(?P<n>{NUMBER})\b(?! ?(?:per ?cent|%))"
"""A vote that was counted: those who carried it, and the others."""


def read_vote(text: str) -> Amount:
    """How many of all who voted carried it, where a vote is told.

    Examples
    --------
    >>> read_vote("approved the accord by 88 votes to 31")
    Amount(count=88, of=119, quantifier='', least=None, most=None, turned=False, people='')
    >>> bool(read_vote("approved the accord of 10 to 12 May"))
    False
    """
    low = text.lower()
    if not re.search(r"\bvot", low) and not re.search(rf", {VOTE}", low):
        return NONE
    found = re.search(rf"\b{VOTE}", low)
    k, n = (read_number(found[g]) for g in ("k", "n")) if found else (None, None)
    return NONE if k is None or n is None else Amount(k, k + n)


def read_number(word: str) -> int | None:
    """A number in digits or words.

    Examples
    --------
    >>> read_number("twenty-one"), read_number("1,200"), read_number("many")
    (21, 1200, None)
    """
    plain = word.lower().replace(",", "")
    return int(plain) if plain.isdigit() else NUMBERS.get(plain)


def read_amount(phrase: str) -> tuple[Amount, str]:
    """How many a phrase names, and the phrase without it.

    Examples
    --------
    >>> amount, people = read_amount("six of the eight widows")
    >>> amount.count, amount.of, people
    (6, 8, 'the eight widows')
    >>> amount, people = read_amount("most of the drivers")
    >>> amount.quantifier, (amount.least, amount.most), people
    ('most', (50, 95), 'the drivers')
    >>> read_amount("None of the twelve fishermen asked")[0].count
    0
    """
    text = phrase.strip()
    for read in (_of, _all, _the, _share, _quantified, _alone):
        found = read(text)
        if found is not None:
            return found
    return Amount(), text


def _of(text: str) -> tuple[Amount, str] | None:
    found = re.match(OF, text.lower())
    if found is None:
        return None
    n = read_number(found["n"])
    k = read_number(found["k"])
    if k is None:
        k = n if found["k"] in {"every one", "each", "all", "both"} else 0
    if k is None or n is None or k > n:
        return None
    people = text[found.start("n") :]
    before = re.search(r"\b(the|his|her|their|our|these|those) (?:other |remaining )?$", text[: found.start("n")], re.I)
    return Amount(k, n, turned=k == 0), f"{before[1]} {people}" if before else people


def _all(text: str) -> tuple[Amount, str] | None:
    found = re.match(ALL, text.lower())
    n = read_number(found["n"]) if found else None
    if found is None or n is None:
        return None
    return Amount(n, n), text[found.start("n") :]


def _the(text: str) -> tuple[Amount, str] | None:
    """The eight imams: all eight."""
    found = re.match(rf"(?:the|these|those|his|her|their|our) (?P<n>{NUMBER})\b(?P<more> [a-z])?", text.lower())
    n = read_number(found["n"]) if found else None
    if found is None or n is None or n < 2:
        return None
    return Amount(n, n if found["more"] else None), text


def _share(text: str) -> tuple[Amount, str] | None:
    low = text.lower()
    for pattern in (PERCENT, FRACTION, RATIO):
        found = re.match(pattern, low)
        if found is None:
            continue
        named = found.groupdict()
        if "share" in named:
            share = float(found["share"])
        else:
            k = 1 if found["k"] in {"a", "an"} else (read_number(found["k"]) or 1)
            n = FRACTIONS[found["part"]] if "part" in named else (read_number(found["n"]) or 0)
            if not 0 < k <= n:
                continue
            share = 100 * k / n
        exact = "share" in named and found[0][0].isdigit()
        spread = 1 if exact else ROUNDED  # a printed per cent is rounded; words are rounder
        low_end, high_end = max(int(share) - spread, 0), min(int(share + 0.5) + spread, 100)
        return Amount(None, None, text[: found.end()], low_end, high_end), _rest(text, found.end())
    return None


def _quantified(text: str) -> tuple[Amount, str] | None:
    low = text.lower()
    if re.match(rf"(?:some|about|around|all|both|every) (?:of )?(?:the )?{NUMBER}\b", low):
        return None
    counted = re.match(rf"(?:only |just |quite )?(?P<word>{'|'.join(PEOPLE)})\b", low)
    if counted:
        words = text[: counted.end()]
        return Amount(None, None, words, 100, 100, people=PEOPLE[counted["word"]]), _rest(text, counted.end())
    for meaning, pattern in QUANTIFIERS.items():
        found = re.match(rf"(?:{pattern})", low)
        if found is None:
            continue
        least, most = (0, 0) if meaning == "none" else RANGES[meaning]
        amount = Amount(None, None, text[: found.end()], least, most, meaning in TURNING)
        if meaning == "few" and re.match(r"(?:only |just )?(?:a|one)\b", low):
            amount = Amount(None, None, text[: found.end()], *RANGES["few"])  # "a few want it" tells of those who do
        return amount, _rest(text, found.end())
    return None


def _alone(text: str) -> tuple[Amount, str] | None:
    found = re.match(ALONE, text.lower())
    k = read_number(found["k"]) if found else None
    if found is None or k is None:
        return None
    if found["k"] == "one" and not re.match(r"\s+of\b", text[found.end() :]):
        return None
    return Amount(k, None), _rest(text, found.end())


def _rest(text: str, at: int) -> str:
    """What a quantifier stands before, without "of"."""
    rest = re.sub(r"^(?:of|among)\s+(?=\w)", "", text[at:].strip(), flags=re.IGNORECASE)
    return rest or text


def base_of(text: str, least: int = 2) -> tuple[int, str] | None:
    """The people whom a passage counts, those named last: their number, at least ``least``, and their words.

    Examples
    --------
    >>> base_of("We asked fifteen neighbours at the well. Nine said yes.", 9)
    (15, 'fifteen neighbours')
    """
    last = None
    for found in COUNTED.finditer(text):
        n = read_number(found["n"])
        if n is None or n < max(least, 2) or UNCOUNTED.search(found["noun"] or ""):
            continue
        if found["noun"]:
            last = n, text[found.start("n") : found.end("noun")]
        elif found["who"] and found["all"]:
            last = n, found["who"]
    return last


VERBAL = (
    "said|says|say|would|will|were|was|are|is|did|do|does|had|has|have|want|wants|wanted|of|to|in|yes|no|"
    "not|against|for|and|or|the|"
    "who|whom|others|thought|told|favour|oppose|support|back|see|this"
)
"""Words that end a count without a noun: "nine said yes"."""

COUNTED = re.compile(
    rf"\b(?:(?P<who>[a-z]+(?:s|men|women|people)),? )?(?P<n>{NUMBER})\b(?P<all> in all| altogether|"
    rf" in number| all told)?"
    rf"(?P<noun> (?:(?!(?:{VERBAL})\b)[a-z-]+ ){{0,2}}?(?!(?:{VERBAL})\b)[a-z-]+(?:s|men|women|people|folk|staff)\b)?",
    re.IGNORECASE,
)
UNCOUNTED = re.compile(
    r"\b(?:days?|weeks?|months?|years?|hours?|minutes?|rounds?|miles?|kilometres?|kilometers?|metres?|"
    r"percent|times?|points?|votes?"
    r"|vehicles?|provinces|villages|houses|settlements|lists?|interviews|replies|euros?|dollars?|regions)$"
)
"""Things that are counted and hold no views."""
