"""Questions that one could ask: which offer, of whom, by which way of reaching people, of how many."""

from __future__ import annotations

import dataclasses
import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winset.acceptance import Acceptance
from winset.errors import UsageError, suggest
from winset.language import tr
from winset.room import Room
from winset.study import Study
from winset.study.question import LEADER, Stand
from winset.terms import Package

RANDOM, VOICES = "random", "journalist"
"""Kinds of selection: a poll, and interviews by a reporter."""

WAYS = {
    "random": tr("poll"),
    "respondent-driven": tr("people named by others"),
    "self-identified": tr("poll of those who say they are members"),
    "journalist": tr("interviews by a reporter"),
    "public-voices": tr("people who publish"),
    "vetted": tr("people whom a party chose"),
}
"""Kinds of selection in words."""

POLLED = ("random", "self-identified", "respondent-driven")
"""Kinds of selection by which many can be asked; the others reach a few voices."""

LONE = 2
"""Terms up to which an offer is judged as terms alone, not as a plan: as the kinds of questions have it."""

FOUND, SEARCH_SECONDS, SEARCH_DRAWS = 10, 3.0, 400
"""Packages of the search that are candidates, its time and draws: they need not be proven best to be worth a question."""


@dataclass(frozen=True)
class Offer:
    """What people would be asked to judge against no deal.

    Parameters
    ----------
    codes
        Option by issue, -1 open.
    whole
        Whether it is a plan as somebody would put it on record, however few terms it has.
    endorsed
        Who the question says is for or against it.
    asked_in
        Name of what reads it out along with others in one wording; empty for a text of its own.
    """

    label: str
    codes: tuple[int, ...]
    whole: bool = False
    endorsed: tuple[tuple[str, Stand], ...] = ()
    asked_in: str = ""

    @property
    def text(self) -> int:
        """Number of what is read out, whoever speaks for it: the same whatever other offers it is listed with."""
        return zlib.crc32((self.asked_in or repr(self.codes)).encode())

    @property
    def stream(self) -> int:
        """Random numbers of its own; two questions on one text reach other people, and share its wording."""
        return zlib.crc32(repr(self.endorsed).encode(), self.text) if self.endorsed else self.text

    @property
    def kind(self) -> str:
        """Kind of question: its wording deviates, and its terms loom, as the model has it for that kind."""
        return "package" if self.whole or sum(c >= 0 for c in self.codes) > LONE else "term"


@dataclass(frozen=True)
class Prospect:
    """A question that one could ask.

    Parameters
    ----------
    offer
        Number of the offer.
    constituency
        Number of the constituency.
    selection
        How people come into the sample.
    people
        How many answer.
    """

    offer: int
    constituency: int
    selection: str
    people: int


@dataclass(frozen=True)
class Posed:
    """A question as it would be put: what a row of a table says in words.

    Parameters
    ----------
    label
        Name of the offer.
    kind
        ``term`` or ``package``.
    terms
        What is offered, against no deal.
    side, constituency
        Who would be asked.
    selection
        How people come into the sample.
    people
        How many answer.
    endorsed
        Who the question says is for or against it.
    """

    label: str
    kind: str
    terms: Package
    side: str
    constituency: str
    selection: str
    people: int
    endorsed: tuple[tuple[str, Stand], ...] = ()


def pose(study: Study, offers: Sequence[Offer], p: Prospect) -> Posed:
    """A question that one could ask, by the names of the study."""
    offer, (side, constituency) = offers[p.offer], study.constituencies()[p.constituency]
    terms = study.space.package(offer.codes)
    return Posed(offer.label, offer.kind, terms, side, constituency, p.selection, p.people, offer.endorsed)


def list_offers(room: Room, asked: Mapping[str, str], found: Sequence[Mapping[str, str]]) -> list[Offer]:
    """Offers worth a question: proposals on record, packages found, what the asked package is made of, and every single term.

    Parameters
    ----------
    asked
        Terms of the package that the answer is about.
    found
        The likeliest packages, those of terms that nobody was asked about among them.
    """
    study, space = room.acceptance.study, room.acceptance.study.space
    plans = [(study.proposals[p].label, study.proposals[p].terms) for p in study.on_record()]
    plans += [(name_found(n), Package.of(p)) for n, p in enumerate(found)]
    singles = [{i.id: o.id} for i in space.issues if i.searched for o in i.options if o.searched]
    parts = [dict(x) for size in (1, 2) for x in itertools.combinations(asked.items(), size)]
    others = [(study.in_words(p), Package.of(p)) for p in [dict(asked), *parts, *singles] if p]
    offers: dict[tuple[int, ...], Offer] = {}
    for listed, whole in ((plans, True), (others, False)):
        for label, package in listed:
            codes = tuple(int(c) for c in space.encode(package))
            offers.setdefault(codes, Offer(label, codes, whole))
    plain = [o for o in offers.values() if any(c >= 0 for c in o.codes)]
    about = tuple(int(c) for c in space.encode(asked))
    return [*plain, *(spoken for o in plain if o.codes == about for spoken in _with_words(study, o))]


def _with_words(study: Study, offer: Offer) -> Iterator[Offer]:
    """The same offer with the word of somebody for it or against it."""
    who = {LEADER: tr("their own leader"), **{x.id: x.label for x in study.speakers if not x.leads}}
    for name, label in who.items():
        told = {"offer": offer.label, "who": label}
        yield dataclasses.replace(offer, label=tr("{offer}, if {who} spoke for it", **told), endorsed=((name, "for"),))
        yield dataclasses.replace(
            offer, label=tr("{offer}, if {who} spoke against it", **told), endorsed=((name, "against"),)
        )


def name_found(number: int) -> str:
    """What a package of the search is called; its terms stand in a table of their own."""
    return tr("Package {number} of the search", number=number + 1)


def find_packages(room: Room, seconds: float = SEARCH_SECONDS) -> list[dict[str, str]]:
    """The likeliest packages over all terms, asked about or not, that are no proposal on record; none where no rule can hold."""
    study = room.acceptance.study
    try:
        thinned = dataclasses.replace(room, ballot=room.ballot.thin(SEARCH_DRAWS))
        table = thinned.search(FOUND, seconds=seconds).table()
    except UsageError:
        return []
    known = [dict(study.proposals[p].terms) for p in study.on_record()]
    found = [dict(t.split("=") for t in p.split(";")) for p in table["package"] if "=" in p]
    return [p for p in found if p not in known]


def ways_to_reach(acceptance: Acceptance) -> dict[int, tuple[str, ...]]:
    """By constituency, the kinds of selection by which it may be asked.

    A constituency can be polled if some poll of the study reached it in that way; a reporter can talk to a few anywhere.
    """
    study = acceptance.study
    rows = acceptance.responses.table.select("instrument", "side", "constituency").unique()
    reached: dict[tuple[str, str], set[str]] = {}
    for i, s, c in rows.iter_rows():
        if study.instruments[i].selection in POLLED:
            reached.setdefault((s, c), set()).add(study.instruments[i].selection)
    pairs = study.constituencies()
    return {j: (*(w for w in POLLED if w in reached.get(pair, ())), VOICES) for j, pair in enumerate(pairs)}


def list_prospects(
    offers: Sequence[Offer], ways: Mapping[int, tuple[str, ...]], people: Mapping[str, int], of: int | None = None
) -> list[Prospect]:
    """Every offer put to every constituency in every way in which it may be asked.

    Parameters
    ----------
    people
        How many can be asked in each way; ways that are not in it, or reach nobody, are left out.
    of
        Only this constituency.
    """
    return [
        Prospect(n, j, way, people[way])
        for n in range(len(offers))
        for j, allowed in ways.items()
        for way in allowed
        if (of is None or j == of) and people.get(way, 0) > 0
    ]


def find_constituency(study: Study, name: str) -> int:
    """Place of a constituency by ``side.constituency``, or by its id or label where only one side has it.

    Raises
    ------
    UsageError
        If there is none, or more than one.
    """
    pairs = study.constituencies()
    found = [j for j, (s, c) in enumerate(pairs) if name in {f"{s}.{c}", c, study.label(s, c), study.full_label(s, c)}]
    if len(found) == 1:
        return found[0]
    known = [f"{s}.{c}" for s, c in pairs]
    if found:
        raise UsageError(f"more than one side has `{name}`; write {' or '.join(known[j] for j in found)}")
    raise UsageError(f"no constituency `{name}`{suggest(name, known)}")


def tell_prospect(study: Study, offers: Sequence[Offer], p: Prospect) -> dict[str, object]:
    """A question in words: question, of_whom, how, people."""
    who = study.full_label(*study.constituencies()[p.constituency])
    return {"question": offers[p.offer].label, "of_whom": who, "how": WAYS[p.selection], "people": p.people}


def was_asked(acceptance: Acceptance, offers: Sequence[Offer], p: Prospect) -> int:
    """How many printed results of the evidence are on just this offer, against no deal, to this constituency."""
    study, cells = acceptance.study, acceptance.cells
    own = np.array(
        [pair == study.constituencies()[p.constituency] for pair in cells.names.select("side", "constituency").rows()],
        bool,
    )
    words = dict(offers[p.offer].endorsed)
    heard = np.array([dict(study.questions[q].endorsed) == words for q in cells.questions], bool)
    same = (cells.offer == np.array(offers[p.offer].codes)).all(1) & ~cells.compared & heard[cells.question]
    return int((own & same).sum()) if len(own) else 0


def never_reached(acceptance: Acceptance, ways: Mapping[int, tuple[str, ...]]) -> Iterator[str]:
    """Constituencies that no random sample reached, so that only voices can be had."""
    study = acceptance.study
    for j, pair in enumerate(study.constituencies()):
        if not any(w in POLLED for w in ways[j]):
            yield study.full_label(*pair)
