"""What the command line can ask of a run, over HTTP: findings as JSON, the same words and digits."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from winset.app.asking import PROBABILITY, Question, answer
from winset.app.pages import opened
from winset.app.talks import Pulled
from winset.errors import UsageError, suggest
from winset.findings import Finding, describe, describe_changes
from winset.room.room import TOP
from winset.talks.levers import AS_IT_IS

Endorsed = Annotated[str, Query(description="Who speaks for or against it: leader:for,party:against.")]
Given = Annotated[str, Query(description="Terms that are kept: issue=option;issue=option.")]


def refuse_unknown(request: Request) -> None:
    """A parameter that a question does not know is a slip; it would be answered as though it were not there.

    Raises
    ------
    UsageError
        If there is one; the nearest is named.
    """
    known = [*(p.alias for p in request.scope["route"].dependant.query_params), "made", "token"]
    for name in request.query_params:
        if name not in known:
            raise UsageError(f"this question knows no `{name[:40]}`{suggest(name, known)}")


routes = APIRouter(prefix="/api", dependencies=[Depends(refuse_unknown)])


def _findings(found: list[Finding]) -> Response:
    import json

    return Response(json.dumps([f.as_dict() for f in found], default=str), media_type="application/json")


@routes.get("/studies")
def studies(request: Request) -> Response:
    """Studies of the workspace."""
    return JSONResponse(request.app.state.workspace.studies())


@routes.get("/runs")
def runs(request: Request) -> Response:
    """Finished runs, the latest first."""
    return JSONResponse([vars(r) for r in request.app.state.workspace.runs()])


@routes.get("/runs/{name}/findings")
def findings(request: Request, name: str) -> Response:
    """Everything that a run has to say."""
    return _findings(opened(request, name).run.findings())


@routes.get("/runs/{name}/support")
def support(request: Request, name: str, what: str, endorsed: Endorsed = "", date: dt.date | None = None) -> Response:
    """Acceptance of a proposal or a partial package (on a day), and who could carry it."""
    return _asked(request, name, Question("support", what, endorsed=endorsed, date=date))


@routes.get("/runs/{name}/repair")
def repair(
    request: Request, name: str, what: str, probability: float = PROBABILITY, endorsed: Endorsed = ""
) -> Response:
    """The least change after which all leaders could carry it, prices of commitments and vetoes, the least shift of opinion."""
    return _asked(request, name, Question("repair", what, probability=probability, endorsed=endorsed))


@routes.get("/runs/{name}/pivots")
def pivots(request: Request, name: str, what: str, endorsed: Endorsed = "") -> Response:
    """Who decides at home over a package, and whose say narrows the room."""
    return _asked(request, name, Question("pivots", what, endorsed=endorsed))


@routes.get("/runs/{name}/room")
def best(
    request: Request,
    name: str,
    given: Given = "",
    top: Annotated[int, Query(ge=1, le=10_000)] = TOP,
    whose: Annotated[str, Query(alias="for", description="all, a side, product or worse-off.")] = "all",
    endorsed: Endorsed = "",
) -> Response:
    """The packages that leaders are likeliest to carry, some terms given."""
    return _asked(request, name, Question("room", given=given, top=top, whose=whose, endorsed=endorsed))


@routes.get("/runs/{name}/solve")
def solve(
    request: Request,
    name: str,
    given: Given = "",
    power: Annotated[tuple[str, ...], Query(description="Bargaining power of a side, side=2; may be repeated.")] = (),
    endorsed: Endorsed = "",
) -> Response:
    """The package that bargaining theory would pick."""
    return _asked(request, name, Question("solve", given=given, power=power, endorsed=endorsed))


@routes.get("/runs/{name}/explore/{kind}")
def explore(request: Request, name: str, kind: str, about: str = "") -> Response:
    """What a proposal hangs on (hangs-on), what would turn it (tip), what to ask next (ask), what is never bad (robust)."""
    return _findings(opened(request, name).explore(kind, about))


@routes.get("/runs/{name}/talks")
def talks(request: Request, name: str, scenario: str = AS_IT_IS, lever: Pulled = ()) -> Response:
    """What 2,000 runs of the talks come to under a scenario of talks.yaml, levers pulled besides (losses=south:2@8)."""
    return _findings(describe(opened(request, name).simulate(scenario, lever)))


@routes.get("/compare")
def compare(request: Request, before: str, after: str) -> Response:
    """What changed from one run to another, and why."""
    old, new = (opened(request, name).run for name in (before, after))
    return _findings(describe_changes(old.room, new.room))


def _asked(request: Request, name: str, question: Question) -> Response:
    return _findings(answer(opened(request, name), question))
