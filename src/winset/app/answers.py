"""What the command line can ask of a run, over HTTP: findings as JSON, the same words and digits."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from winset.app.opened import Opened
from winset.errors import UsageError
from winset.findings import Finding, describe, describe_heard, describe_pivots, describe_prices, describe_support
from winset.room import Room, ratify
from winset.study import parse_endorsed

routes = APIRouter(prefix="/api")


def _findings(found: list[Finding]) -> Response:
    import json

    return Response(json.dumps([f.as_dict() for f in found], default=str), media_type="application/json")


def _room(request: Request, name: str, endorsed: str) -> Room:
    opened: Opened = request.app.state.shelf.open(request.app.state.workspace.run(name))
    return ratify(opened.run.acceptance, endorsed=parse_endorsed(endorsed)) if endorsed else opened.run.room


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
    return _findings(request.app.state.shelf.open(request.app.state.workspace.run(name)).run.findings())


@routes.get("/runs/{name}/support")
def support(request: Request, name: str, what: str, endorsed: str = "") -> Response:
    """Acceptance of a proposal or a partial package, and who could carry it."""
    room = _room(request, name, endorsed)
    return _findings(describe_heard(room, what) if endorsed else describe_support(room, what))


@routes.get("/runs/{name}/repair")
def repair(request: Request, name: str, what: str, probability: float = 0.5) -> Response:
    """The least change after which all leaders could carry it."""
    if not 0.0 < probability < 1.0:
        raise UsageError("probability lies between 0 and 1, for instance 0.5")
    room = _room(request, name, "")
    return _findings([*describe(room.repair(what, probability)), *describe_prices(room, what)])


@routes.get("/runs/{name}/pivots")
def pivots(request: Request, name: str, what: str) -> Response:
    """Who matters at home for a package."""
    return _findings(describe_pivots(_room(request, name, ""), what))
