"""Questions to a run about one package: what blocks it, the least change, prices, who decides, the best around it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from winset.app.opened import Opened
from winset.app.pages import opened, show, worded
from winset.errors import UsageError, suggest
from winset.exploration import find_headline
from winset.findings import (
    Finding,
    describe,
    describe_best,
    describe_blocks,
    describe_heard,
    describe_pivots,
    describe_prices,
    describe_shifts,
    describe_solutions,
    describe_support,
    describe_without,
    tell_words,
)
from winset.room import Room, parse_power, ratify
from winset.room.room import TOP
from winset.runs import Run
from winset.study import Study, parse_endorsed
from winset.study.question import LEADER

routes = APIRouter()
PROBABILITY, SECONDS = 0.5, 20.0
"""Chance that a change has to reach, and how long the best packages are searched for, unless one says otherwise."""
KEPT = 200
"""Answers that are kept with an opened run."""


@dataclass(frozen=True)
class Question:
    """What is asked of a room; options as the command line has them.

    Parameters
    ----------
    what
        Id of a proposal, or ``issue=option;issue=option``.
    given
        Terms that the best packages keep, in the same form.
    endorsed
        Who speaks for or against it, ``leader:for,party:against``.
    date
        Acceptance as it was on a day; on the study's as-of date where absent.
    """

    kind: str
    what: str = ""
    given: str = ""
    probability: float = PROBABILITY
    endorsed: str = ""
    date: dt.date | None = None
    top: int = TOP
    whose: str = "all"
    power: tuple[str, ...] = ()

    def kept(self, study: Study) -> dict[str, str]:
        """Terms that the best packages keep."""
        return dict(study.find(self.given)[0].terms) if self.given else {}


def _support(room: Room, asked: Question) -> list[Finding]:
    return (describe_heard if room.endorsed else describe_support)(room, asked.what, asked.date)


def _repair(room: Room, asked: Question) -> list[Finding]:
    return [
        *describe(room.repair(asked.what, asked.probability)),
        *describe_prices(room, asked.what),
        *describe_shifts(room, asked.what, asked.probability),
    ]


def _best(room: Room, asked: Question) -> list[Finding]:
    given = asked.kept(room.acceptance.study)
    told, found = room.guarded(asked.top, order=asked.whose, given=given, seconds=SECONDS)
    return describe_best(told, found, given)


def _solve(room: Room, asked: Question) -> list[Finding]:
    study = room.acceptance.study
    return describe_solutions(study, room.solve(given=asked.kept(study), power=parse_power(asked.power)))


def _odds(run: Run) -> list[Finding]:
    """What other selection odds of interviews would make of the proposals; nothing where nobody was interviewed."""
    return [f for f in run.findings() if f.id == "selection"]


ASKED: dict[str, Callable[[Room, Question], list[Finding]]] = {
    "support": _support,
    "blocks": lambda room, asked: [describe_blocks(room, asked.what)],
    "repair": _repair,
    "pivots": lambda room, asked: [*describe_pivots(room, asked.what), *describe_without(room)],
    "room": _best,
    "solve": _solve,
}
"""Questions, as the command line calls them; who blocks is a part of none of its own there."""
ODDS = "odds"
"""Selection odds of interviews: of all proposals, whatever package is asked about."""
SLOW = ("room", "solve")
"""Those that use every processor: one after the other."""
OF_PACKAGE = ("support", "blocks", "repair", "pivots")


def answer(found: Opened, asked: Question) -> list[Finding]:
    """What a run says; worked out once.

    Raises
    ------
    UsageError
        If it names nothing in the study, or nothing is asked by the name of its kind.
    """
    if asked.kind == ODDS:
        return _odds(found.run)
    if asked.kind not in ASKED:
        raise UsageError(f"nothing is asked by the name of `{asked.kind}`{suggest(asked.kind, ASKED)}")
    _check_chance(asked.probability)
    asked.kept(found.run.study)
    if asked.kind in OF_PACKAGE:
        found.run.study.find(asked.what)
    key = asked.kind, repr(asked)
    known = found.told.get(key)
    if known is not None:
        return known
    room = found.run.room
    if asked.endorsed:
        room = ratify(found.run.acceptance, endorsed=parse_endorsed(asked.endorsed))
    elif asked.kind == "pivots":
        with found.lock:  # once for all packages
            room.without_each()
    with found.lock if asked.kind in SLOW else contextlib.nullcontext():
        said = ASKED[asked.kind](room, asked)
    said = said if asked.kind == "support" else tell_words(said, room)
    with found.lock:
        while len(found.told) >= KEPT:
            found.told.pop(next(iter(found.told)))
        found.told[key] = said
    return said


def _check_chance(probability: float) -> None:
    if not 0.0 < probability < 1.0:
        raise UsageError("the chance to reach lies between 0 and 1, for instance 0.5 for 50 per cent")


@routes.get("/runs/{name}/package", response_class=HTMLResponse)
def package(
    request: Request, name: str, what: str = "", given: str = "", probability: float = PROBABILITY, endorsed: str = ""
) -> Response:
    """One package, asked everything; parts come as they are worked out."""
    _check_chance(probability)
    run = opened(request, name).run
    study = run.study
    what = what or (find_headline(run.room) if study.on_record() else "")
    terms = dict(study.find(what)[0].terms) if what else {}
    kept = dict(study.find(given)[0].terms) if given else {}
    words = parse_endorsed(endorsed)
    if words:
        ratify(run.acceptance, endorsed=words)  # nobody unknown speaks
    asked = urlencode({"what": what, "given": given, "probability": probability, "endorsed": endorsed})
    kinds = [k for k in ASKED if what or k not in OF_PACKAGE]
    kinds += [ODDS] if _odds(run) else []
    parts = [f"/runs/{quote(name)}/package/{kind}?{asked}" for kind in kinds]
    return show(
        request, "package.html", name=name, title=study.title, what=what, parts=parts, probability=probability,
        record=[(p, x.label) for p, x in study.proposals.items()], terms=terms, kept=kept,
        label=study.proposals[what].label if what in study.proposals else study.in_words(terms) if terms else "A package",
        issues=[(i.id, i.label, [(o.id, o.label) for o in i.options]) for i in study.space.issues],
        searched={i.id for i in run.room.space.issues}, words=words, endorsed=endorsed,
        speakers=[*([(LEADER, "Each side's own leader")] if any(x.leads for x in study.speakers) else []),
                  *((x.id, x.label) for x in study.speakers)],
    )  # fmt: skip


@routes.get("/runs/{name}/package/build")
def build(request: Request, name: str, probability: float = PROBABILITY) -> Response:
    """From a form with a field for each issue, or from the tail of the panel's address, to the address of a package."""
    study, asked = opened(request, name).run.study, request.query_params
    terms = _read_tail(study, asked["built"]) if asked.get("built") else _read_form(study, asked)
    kept = {i.id: terms.get(i.id) for i in study.space.issues if asked.get(f"keep.{i.id}")}
    if lost := [i.label for i in study.space.issues if i.id in kept and not kept[i.id]]:
        raise UsageError(
            f"nothing is chosen for {', '.join(lost)}, so that there is nothing to keep; choose an option, or untick it"
        )
    if not terms:
        raise UsageError(
            "a package that settles nothing has nothing to be asked; choose an option of one issue at least"
        )
    text = {k: ";".join(f"{i}={o}" for i, o in x.items()) for k, x in (("what", terms), ("given", kept))}
    same = next((p for p, x in study.proposals.items() if dict(x.terms) == terms and not x.not_read), None)
    text["what"] = same or text["what"]
    speak = {k.removeprefix("says."): v for k, v in asked.items() if k.startswith("says.") and v}
    more = {"probability": probability} | (
        {"endorsed": ",".join(f"{k}:{v}" for k, v in speak.items())} if speak else {}
    )
    return RedirectResponse(f"/runs/{quote(name)}/package?{urlencode(text | more)}", status_code=303)


def _read_form(study: Study, asked: Mapping[str, str]) -> dict[str, str]:
    return {i.id: asked[f"is.{i.id}"] for i in study.space.issues if asked.get(f"is.{i.id}")}


def _read_tail(study: Study, built: str) -> dict[str, str]:
    """Terms of a package as the panel writes them: the number of the option of each issue, with full stops between."""
    places = built.split(".")
    issues = study.space.issues
    numbers = [int(p) if p.isascii() and p.isdigit() and len(p) < 4 else -1 for p in places]
    if len(places) != len(issues):
        raise UsageError("this address is of another study; build the package again")
    return {i.id: i.options[n].id for i, n in zip(issues, numbers, strict=True) if 0 <= n < len(i.options)}


@routes.get("/runs/{name}/package/{kind}", response_class=HTMLResponse)
def part(
    request: Request, name: str, kind: str, what: str = "", given: str = "", probability: float = PROBABILITY,
    endorsed: str = "",
) -> Response:  # fmt: skip
    """One of its parts."""
    found, asked = opened(request, name), Question(kind, what, given, probability, endorsed)
    said: list[dict[str, Any]] = worded(answer(found, asked), found.run.study, name)
    return show(request, "findings.html", found=said)
