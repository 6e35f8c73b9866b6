"""Questions to a run about one package: what blocks it, the least change, prices, who decides, the best around it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
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
    describe_pivots,
    describe_prices,
    describe_shifts,
    describe_solutions,
    describe_support,
    describe_without,
)
from winset.room import Room
from winset.runs import Run
from winset.study import Study

routes = APIRouter()
PROBABILITY, TOP, SECONDS = 0.5, 10, 20.0
"""Chance that a change has to reach, packages listed, and how long they are searched for, unless one says otherwise."""
KEPT = 200
"""Answers that are kept with an opened run."""
Given = Mapping[str, str]


def _repair(room: Room, what: str, _: Given, probability: float) -> list[Finding]:
    return [
        *describe(room.repair(what, probability)),
        *describe_prices(room, what),
        *describe_shifts(room, what, probability),
    ]


def _best(room: Room, _: str, given: Given, __: float) -> list[Finding]:
    told, found = room.guarded(TOP, given=dict(given), seconds=SECONDS)
    return describe_best(told, found, given)


def _odds(run: Run) -> list[Finding]:
    """What other selection odds of interviews would make of the proposals; nothing where nobody was interviewed."""
    return [f for f in run.findings() if f.id == "selection"]


ASKED: dict[str, Callable[[Room, str, Given, float], list[Finding]]] = {
    "support": lambda room, what, _, __: describe_support(room, what),
    "blocks": lambda room, what, _, __: [describe_blocks(room, what)],
    "repair": _repair,
    "pivots": lambda room, what, _, __: [*describe_pivots(room, what), *describe_without(room)],
    "room": _best,
    "solve": lambda room, _, given, __: describe_solutions(room.acceptance.study, room.solve(given=given)),
}
"""Questions, as the command line calls them; who blocks is a part of none of its own there."""
ODDS = "odds"
"""Selection odds of interviews: of all proposals, whatever package is asked about."""
SLOW = ("room", "solve")
"""Those that use every processor: one after the other."""
OF_PACKAGE = ("support", "blocks", "repair", "pivots")


def answer(
    found: Opened, kind: str, what: str = "", given: str = "", probability: float = PROBABILITY
) -> list[Finding]:
    """What a run says; worked out once.

    Parameters
    ----------
    what
        Id of a proposal, or ``issue=option;issue=option``.
    given
        Terms that the best packages keep, in the same form.

    Raises
    ------
    UsageError
        If it names nothing in the study, or nothing is asked by the name of ``kind``.
    """
    if kind == ODDS:
        return _odds(found.run)
    if kind not in ASKED:
        raise UsageError(f"nothing is asked by the name of `{kind}`{suggest(kind, ASKED)}")
    _check_chance(probability)
    study = found.run.study
    kept = dict(study.find(given)[0].terms) if given else {}
    if kind in OF_PACKAGE:
        study.find(what)
    asked = kind, f"{what}|{given}|{probability}"
    known = found.told.get(asked)
    if known is not None:
        return known
    if kind == "pivots":
        with found.lock:  # once for all packages
            found.run.room.without_each()
    with found.lock if kind in SLOW else contextlib.nullcontext():
        said = ASKED[kind](found.run.room, what, kept, probability)
    with found.lock:
        while len(found.told) >= KEPT:
            found.told.pop(next(iter(found.told)))
        found.told[asked] = said
    return said


def _check_chance(probability: float) -> None:
    if not 0.0 < probability < 1.0:
        raise UsageError("the chance to reach lies between 0 and 1, for instance 0.5 for 50 per cent")


@routes.get("/runs/{name}/package", response_class=HTMLResponse)
def package(request: Request, name: str, what: str = "", given: str = "", probability: float = PROBABILITY) -> Response:
    """One package, asked everything; parts come as they are worked out."""
    _check_chance(probability)
    run = opened(request, name).run
    study = run.study
    what = what or (find_headline(run.room) if study.on_record() else "")
    terms = dict(study.find(what)[0].terms) if what else {}
    kept = dict(study.find(given)[0].terms) if given else {}
    asked = urlencode({"what": what, "given": given, "probability": probability})
    kinds = [k for k in ASKED if what or k not in OF_PACKAGE]
    kinds += [ODDS] if _odds(run) else []
    parts = [f"/runs/{quote(name)}/package/{kind}?{asked}" for kind in kinds]
    return show(
        request, "package.html", name=name, title=study.title, what=what, parts=parts, probability=probability,
        record=[(p, x.label) for p, x in study.proposals.items()], terms=terms, kept=kept,
        label=study.proposals[what].label if what in study.proposals else study.in_words(terms) if terms else "A package",
        issues=[(i.id, i.label, [(o.id, o.label) for o in i.options]) for i in study.space.issues],
        searched={i.id for i in run.room.space.issues},
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
    return RedirectResponse(
        f"/runs/{quote(name)}/package?{urlencode(text | {'probability': probability})}", status_code=303
    )


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
    request: Request, name: str, kind: str, what: str = "", given: str = "", probability: float = PROBABILITY
) -> Response:
    """One of its parts."""
    found = opened(request, name)
    said: list[dict[str, Any]] = worded(answer(found, kind, what, given, probability), found.run.study, name)
    return show(request, "findings.html", found=said)
