"""What the command line can ask of a run, over HTTP: findings as JSON, the same words and digits."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from winset.app.asking import PROBABILITY, answer
from winset.app.pages import opened
from winset.findings import Finding, describe, describe_changes, describe_heard
from winset.room import ratify
from winset.study import parse_endorsed
from winset.talks.levers import AS_IT_IS

routes = APIRouter(prefix="/api")


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
def support(request: Request, name: str, what: str, endorsed: str = "") -> Response:
    """Acceptance of a proposal or a partial package, and who could carry it."""
    if endorsed:
        room = ratify(opened(request, name).run.acceptance, endorsed=parse_endorsed(endorsed))
        return _findings(describe_heard(room, what))
    return _asked(request, name, "support", what)


@routes.get("/runs/{name}/repair")
def repair(request: Request, name: str, what: str, probability: float = PROBABILITY) -> Response:
    """The least change after which all leaders could carry it, prices of commitments and vetoes, the least shift of opinion."""
    return _asked(request, name, "repair", what, probability=probability)


@routes.get("/runs/{name}/pivots")
def pivots(request: Request, name: str, what: str) -> Response:
    """Who decides at home over a package, and whose say narrows the room."""
    return _asked(request, name, "pivots", what)


@routes.get("/runs/{name}/room")
def best(request: Request, name: str, given: str = "") -> Response:
    """The packages that leaders are likeliest to carry, some terms given."""
    return _asked(request, name, "room", given=given)


@routes.get("/runs/{name}/solve")
def solve(request: Request, name: str, given: str = "") -> Response:
    """The package that bargaining theory would pick."""
    return _asked(request, name, "solve", given=given)


@routes.get("/runs/{name}/explore/{kind}")
def explore(request: Request, name: str, kind: str, about: str = "") -> Response:
    """What a proposal hangs on (hangs-on), what would turn it (tip), what to ask next (ask), what is never bad (robust)."""
    return _findings(opened(request, name).explore(kind, about))


@routes.get("/runs/{name}/talks")
def talks(request: Request, name: str, scenario: str = AS_IT_IS) -> Response:
    """What 2,000 runs of the talks come to under a scenario of talks.yaml."""
    return _findings(describe(opened(request, name).simulate(scenario)))


@routes.get("/compare")
def compare(request: Request, before: str, after: str) -> Response:
    """What changed from one run to another, and why."""
    old, new = (opened(request, name).run for name in (before, after))
    return _findings(describe_changes(old.room, new.room))


def _asked(
    request: Request, name: str, kind: str, what: str = "", given: str = "", probability: float = PROBABILITY
) -> Response:
    return _findings(answer(opened(request, name), kind, what, given, probability))
