"""Entering and leaving, and who may enter: where people have accounts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from winset.app.accounts import LONGEST, OWN, ROLES, SHORTEST, Accounts, NotAllowedError
from winset.app.guard import ENTRANCE, place_of
from winset.app.pages import show
from winset.app.studies import Key, check_form
from winset.errors import UsageError

DONE = (
    (r"/studies/([^/]+)/sheets/(.+)", r"changed cells of \1, sheet \2"),
    (r"/studies/([^/]+)/sheets", r"added a sheet to \1"),
    (r"/studies/([^/]+)/fit", r"asked for an answer to \1"),
    (r"/studies/([^/]+)/restore", r"brought an earlier version of \1 back"),
    (r"/studies/([^/]+)/replace", r"uploaded \1 again"),
    (r"/studies/([^/]+)/answers", r"took answers into \1"),
    (r"/studies/([^/]+)/articles", r"brought an article to \1"),
    (r"/studies/([^/]+)/articles/(.+)/add", r"took statements of \2 into \1"),
    (r"/studies/([^/]+)/articles/(.+)", r"decided on a statement of \2"),
    (r"/studies/([^/]+)/files", r"brought a file of answers to \1"),
    (r"/studies/([^/]+)/files/(.+)", r"said what \2 means, or took it into \1"),
    (r"/studies/([^/]+)/duplicate", r"copied \1"),
    (r"/studies/([^/]+)/workbook", r"turned \1 into a workbook"),
    (r"/studies/([^/]+)/archive", r"archived \1"),
    (r"/runs/([^/]+)/archive", r"archived the answer \1"),
    (r"/(?:runs/)?unarchive", "brought something back from the archive"),
    (r"/jobs/(\d+)/cancel", r"cancelled fit \1"),
    (r"/new", "began a study"),
    (r"/examples", "opened an example"),
    (r"/upload", "uploaded a workbook"),
    (r"/receive", "opened what was passed on"),
    (r"/pass-on", "passed something on"),
    (r"/people", "made or changed an account"),
    (r"/people/remove", "closed an account"),
    (r"/leave", "left"),
)
"""What an address that changes something does, in words."""
routes = APIRouter()
Name = Annotated[str, Form(max_length=40)]
Password = Annotated[str, Form(max_length=LONGEST)]


@routes.get(ENTRANCE, response_class=HTMLResponse)
def entrance(request: Request, to: str = "/") -> Response:
    """Where people say who they are."""
    return show(request, "enter.html", to=_inside(to), name="", said="")


@routes.post(ENTRANCE)
def enter(request: Request, name: Name, password: Password, to: Annotated[str, Form()] = "/") -> Response:
    """Let somebody in who knows a password."""
    try:
        session = _accounts(request).enter(name, password, place_of(request))
    except UsageError as error:
        return show(request, "enter.html", status=403, to=_inside(to), name=name, said=str(error))
    answer = RedirectResponse(_inside(to), status_code=303)
    request.app.state.guard.hand_out(answer, session)
    return answer


@routes.post("/leave")
def leave(request: Request, form: Key) -> Response:
    """End this session."""
    check_form(request.state.user, form)
    guard = request.app.state.guard
    _accounts(request).leave(request.cookies.get(guard.cookie, ""))
    answer = RedirectResponse(ENTRANCE, status_code=303)
    answer.delete_cookie(guard.cookie, httponly=True, samesite="strict", secure=guard.secure)
    return answer


@routes.get("/people", response_class=HTMLResponse)
def people(request: Request) -> Response:
    """Accounts, and the record of who did what."""
    known = _owned(request)
    done = [replace(d, what=in_words(d.what)) for d in known.noted()]
    return show(request, "people.html", people=known.listed(), every=ROLES, shortest=SHORTEST, done=done)


@routes.post("/people")
def put(request: Request, form: Key, name: Name, role: Key, password: Password) -> Response:
    """A new account, or another role and password of one."""
    check_form(request.state.user, form)
    request.state.about = f"{name.strip()}: {role}"
    known = _owned(request)
    if name.strip().lower() == request.state.user.name and role != OWN:
        raise UsageError("somebody else who owns this may take that from you")
    known.add(name, password, role)
    return RedirectResponse("/people", status_code=303)


@routes.post("/people/remove")
def remove(request: Request, form: Key, name: Name) -> Response:
    """Close an account."""
    check_form(request.state.user, form)
    request.state.about = name
    _owned(request).remove(name)
    return RedirectResponse("/people", status_code=303)


def in_words(what: str) -> str:
    """A line of the record for people: ``POST /studies/a.xlsx/fit: 303`` as "asked for an answer to a.xlsx"."""
    found = re.fullmatch(r"(GET|POST) (\S+): (\d+) ?(.*)", what)
    if found is None:
        return what
    path, status = unquote(found[2]), int(found[3])
    if found[1] == "GET":
        return f"read what may hold words of speakers: {path}"
    said = next((m.expand(words) for asked, words in DONE if (m := re.fullmatch(asked, path))), path)
    said = f"{said} ({found[4]})" if found[4] else said
    return said if status < 400 else f"{said}: refused" if status in {401, 403} else f"{said}: not done"


def _accounts(request: Request) -> Accounts:
    known: Accounts | None = request.app.state.guard.accounts
    if known is None:
        raise UsageError("nobody needs an account here: this server answers to this machine alone")
    return known


def _owned(request: Request) -> Accounts:
    if not request.state.user.owns:
        raise NotAllowedError("accounts are for owners")
    return _accounts(request)


def _inside(to: str) -> str:
    """A path of this server; anything else would send people elsewhere."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
