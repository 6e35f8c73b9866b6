"""What changes a study: cells, uploads, versions, the archive, fits."""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import fastapi
from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from winset.app.accounts import NotAllowedError, User
from winset.app.pages import SPREADSHEET, show
from winset.app.workspace import WITHOUT_WORDS, Workspace
from winset.errors import Mistake, UsageError
from winset.runs.packing import SUFFIX as PACKED
from winset.runs.packing import pack
from winset.runs.sealing import SUFFIX as SEALED
from winset.runs.sealing import check_key, is_sealed, seal, unseal
from winset.workbook import (
    add_sheet,
    change_cells,
    convert,
    find_text,
    load,
    mark,
    say_change,
    tell_columns,
)
from winset.workbook.cells import is_typed
from winset.workbook.grids import letter

routes = APIRouter()
Key = Annotated[str, Form()]
Number = Annotated[int, fastapi.Path(ge=0, lt=2**63)]
"""Of a fit; no more than SQLite counts."""


class Changes(BaseModel):
    """Cells of a sheet, as they were typed; by the address of each."""

    form: str
    tag: str
    """Of the workbook that they were typed into; it may have changed since."""
    before: dict[str, str] = Field(default_factory=dict)
    """What stood in the cells when they were typed over."""
    rows: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}$")], list[str]] = Field(
        default_factory=dict, max_length=200
    )
    """What stood in whole rows, by their numbers: another row may have come into their place."""
    fresh: bool = False
    """Whether the sheet is wanted as it now is."""
    cells: dict[
        Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,5}$")], Annotated[str, Field(max_length=4000)]
    ] = Field(min_length=1, max_length=200_000)


def allow(request: Request, form: str) -> Workspace:
    """The workspace, for a form of a page of ours and somebody who may change it.

    Raises
    ------
    UsageError, NotAllowedError
        If the form is not of a page that was shown to this user, or this user only reads.
    """
    user: User = request.state.user
    check_form(user, form)
    if not user.edits:
        raise NotAllowedError("your account looks at studies and changes nothing; an owner can let you edit")
    return replace(request.app.state.workspace, who=user.name)


def check_form(user: User, form: str) -> None:
    """Whether a form or a script is of a page of ours, shown to this user.

    Raises
    ------
    UsageError
        If it is not.
    """
    if not user.form or not hmac.compare_digest(form.encode(), user.form.encode()):
        raise UsageError("this form is of an earlier start of the server; load the page again")


def with_words(request: Request) -> Workspace:
    """The workspace, for somebody who may read the words of speakers.

    Raises
    ------
    NotAllowedError
        If this user may not.
    """
    if not request.state.user.edits:
        raise NotAllowedError("this may hold the words of speakers, which your account does not show")
    request.state.words = True  # the record keeps who read them
    return request.app.state.workspace


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303)


@routes.post("/examples")
def open_example(request: Request, form: Key, name: Key) -> Response:
    """Copy a shipped study into the workspace."""
    request.state.about = name
    return _to(f"/studies/{allow(request, form).open_example(name)}")


@routes.post("/new")
def start(request: Request, form: Key, name: Key, sides: Annotated[int, Form(ge=1, le=6)] = 2) -> Response:
    """A new workbook."""
    return _to(f"/studies/{allow(request, form).start(name, sides)}")


@routes.post("/upload")
async def upload(request: Request, form: Key, file: UploadFile) -> Response:
    """A workbook from elsewhere."""
    place = allow(request, form)
    return _to(f"/studies/{place.take(file.filename or '', await file.read())}")


@routes.post("/receive")
async def receive(
    request: Request,
    form: Key,
    file: UploadFile,
    passphrase: Annotated[str, Form(max_length=1000)] = "",
    secret: UploadFile | None = None,
) -> Response:
    """What somebody passed on."""
    place, content = allow(request, form), await file.read()
    if is_sealed(content):
        named = {secret.filename: await secret.read()} if secret is not None and secret.filename else None
        content = unseal(content, passphrase=passphrase or None, identities=named)
    first = place.receive(content)[0]
    return _to(f"/{'runs' if first.kind == 'run' else 'studies'}/{first.folder.name}")


@routes.get("/pass-on")
def show_pack(
    request: Request, study: str = "", run: str = "", *, voices: bool = False, keys: bool = False
) -> Response:
    """What a file to hand on would hold, before it leaves."""
    place = with_words(request)
    packed = pack(_things(place, study, run), voices=voices, keys=keys)
    runs = [r.name for r in place.runs()]
    return show(request, "pass-on.html", study=study, run=run, runs=runs, voices=voices, keys=keys, packed=packed)


@routes.post("/pass-on")
def pass_on(
    request: Request,
    form: Key,
    study: Annotated[str, Form()] = "",
    run: Annotated[str, Form()] = "",
    passphrase: Annotated[str, Form(max_length=1000)] = "",
    key: Annotated[str, Form(max_length=5000)] = "",
    *,
    voices: Annotated[bool, Form()] = False,
    keys: Annotated[bool, Form()] = False,
) -> Response:
    """The file."""
    things = _things(allow(request, form), study, run)
    content = pack(things, voices=voices, keys=keys).content
    name = f"{things[0].stem}{PACKED}"
    if passphrase or key:
        to = [check_key(line.strip()) for line in key.splitlines() if line.strip()]
        content, name = seal(content, passphrase=passphrase or None, recipients=to), f"{name}{SEALED}"
    named = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": named})


def _things(place: Workspace, study: str, run: str) -> list[Path]:
    found = [place.study(study)] if study else []
    found += [place.run(run)] if run else []
    if not found:
        raise UsageError("nothing is chosen to be passed on: a study, an answer or both")
    return found


@routes.post("/studies/{name}/replace")
async def upload_again(request: Request, name: str, form: Key, file: UploadFile) -> Response:
    """The same study, changed in a spreadsheet program."""
    allow(request, form).replace(name, file.filename or "", await file.read())
    return _to(f"/studies/{name}")


@routes.post("/studies/{name}/answers")
async def answers(
    request: Request, name: str, form: Key, file: UploadFile, as_of: Annotated[str, Form()] = ""
) -> Response:
    """Answers to a questionnaire that a run asked for."""
    place = allow(request, form)
    try:
        day = dt.date.fromisoformat(as_of) if as_of.strip() else None
    except ValueError:
        raise UsageError(f"`{as_of}` is no day; write it as 2025-03-02") from None
    place.join(name, file.filename or "", await file.read(), day)
    return _to(f"/studies/{name}")


@routes.get("/studies/{name}/download")
def download(request: Request, name: str) -> Response:
    """The workbook as it is."""
    path = with_words(request).study(name)
    if path.is_dir():
        raise UsageError("this study is a folder of files; turn it into a workbook first")
    if path.suffix.lower() != ".xlsx":
        return FileResponse(path, filename=name)
    named = f"attachment; filename*=UTF-8''{quote(name)}"
    content = mark(path.read_bytes(), request.app.state.workspace.tag(name))
    return Response(content, media_type=SPREADSHEET, headers={"Content-Disposition": named})


@routes.post("/studies/{name}/workbook")
def as_workbook(request: Request, name: str, form: Key) -> Response:
    """A study that is a folder of files, as a workbook beside it."""
    place = allow(request, form)
    to = place.folder / f"{name}.xlsx"
    convert(load(place.study(name)), to)
    return _to(f"/studies/{to.name}")


@routes.get("/studies/{name}/sheets/{sheet}")
def sheet(request: Request, name: str, sheet: str) -> Response:
    """A sheet as a grid of text, and what is wrong in it."""
    place = request.app.state.workspace if sheet in WITHOUT_WORDS else with_words(request)
    tag = place.tag(name)  # before what it stands for: a later change is then a conflict
    looked = request.app.state.looked
    rows, wrong = looked.rows(name, sheet), _of_sheet(looked.look(name).mistakes, sheet)
    choices = {c: vars(x) for c, x in looked.choices(name, sheet).items()} if request.state.user.edits else {}
    return JSONResponse({"tag": tag, "rows": rows, "wrong": wrong, "says": tell_columns(sheet), "choices": choices})


@routes.post("/studies/{name}/sheets")
def add(request: Request, name: str, form: Key, sheet: Key) -> Response:
    """One more of the sheets that a workbook may have."""
    place = allow(request, form)
    place.save(name, add_sheet(place.study(name), sheet), f"before the sheet {sheet} was added")
    return _to(f"/studies/{name}")


@routes.post("/studies/{name}/sheets/{sheet}")
def change(request: Request, name: str, sheet: str, changes: Changes) -> Response:
    """Write cells; nothing is written over that somebody else changed meanwhile."""
    place, looked = allow(request, changes.form), request.app.state.looked
    with looked.writing(name):  # one after the other: nobody else's cell is lost between reading and writing
        before = looked.rows(name, sheet)
        stale = changes.tag != place.tag(name)
        if taken := list(_changed_elsewhere(before, changes, stale=stale)):
            said = (
                f"{sheet}!{taken[0]} was changed elsewhere since it was shown to you, or its row was: it now says "
                f"“{find_text(before, taken[0])}”. What you typed was not saved; the sheet is shown as it is now"
            )
            wrong = _of_sheet(looked.look(name).mistakes, sheet)
            told = {"error": said, "cells": taken, "tag": place.tag(name), "rows": before, "wrong": wrong}
            return JSONResponse(told, status_code=409)
        content = looked.hands.do(change_cells, place.study(name), sheet, changes.cells)
        place.save(name, content, say_change(sheet, before, changes.cells))
    mistakes, now = looked.look(name).mistakes, looked.rows(name, sheet)
    found = {"tag": place.tag(name), "wrong": _of_sheet(mistakes, sheet), "mistakes": place.say(mistakes)}
    found |= {"cells": {at: find_text(now, at) for at in changes.cells}}
    return JSONResponse(found | ({"rows": now} if stale or changes.fresh else {}))


def _changed_elsewhere(rows: list[list[str]], changes: Changes, *, stale: bool) -> Iterator[str]:
    """Cells that hold something else than was typed over, and those of rows that are others now."""
    moved = {n for n, seen in changes.rows.items() if _is_other(rows, int(n), seen, changes.cells)}
    for at in changes.cells:
        known = stale or at in changes.before
        if re.sub("[A-Z]", "", at) in moved or (
            known and not is_typed(find_text(rows, at), changes.before.get(at, ""))
        ):
            yield at


def _is_other(rows: list[list[str]], number: int, seen: list[str], typed: Collection[str]) -> bool:
    """Whether a row says something else than was seen, but for the cells that are typed and what a program works out."""
    heads: list[str] = next((row for row in rows if len([t for t in row if t]) > 1), [])
    now = rows[number - 1] if number <= len(rows) else []
    pairs = zip_longest(now, seen, heads, fillvalue="")
    own = (
        (x, y)
        for c, (x, y, head) in enumerate(pairs, 1)
        if not head.startswith("(") and f"{letter(c)}{number}" not in typed
    )
    return not all(is_typed(x, y) for x, y in own)


def _of_sheet(mistakes: tuple[Mistake, ...], sheet: str) -> dict[str, str]:
    """Mistakes by cell of one sheet."""
    found: dict[str, str] = {}
    for m in mistakes:
        if m.cell and m.file.endswith(sheet):
            found[m.cell] = f"{found[m.cell]}; {m.message}" if m.cell in found else m.message
    return found


@routes.post("/studies/{name}/restore")
def restore(request: Request, name: str, form: Key, version: Key) -> Response:
    """Bring an earlier state back."""
    allow(request, form).restore(name, version)
    return _to(f"/studies/{name}")


@routes.post("/studies/{name}/duplicate")
def duplicate(request: Request, name: str, form: Key) -> Response:
    """A copy beside it."""
    return _to(f"/studies/{allow(request, form).duplicate(name)}")


@routes.post("/studies/{name}/archive")
def archive(request: Request, name: str, form: Key) -> Response:
    """Put a study away."""
    allow(request, form).archive(name)
    return _to("/")


@routes.post("/unarchive")
def unarchive(request: Request, form: Key, name: Key) -> Response:
    """Bring a study back from the archive."""
    allow(request, form).unarchive(name)
    return _to(f"/studies/{name}")


@routes.post("/runs/{name}/archive")
def archive_run(request: Request, name: str, form: Key) -> Response:
    """Put an answer away."""
    allow(request, form).archive_run(name)
    return _to("/")


@routes.post("/runs/unarchive")
def unarchive_run(request: Request, form: Key, name: Key) -> Response:
    """Bring an answer back from the archive."""
    allow(request, form).unarchive_run(name)
    return _to(f"/runs/{name}")


@routes.post("/studies/{name}/fit")
def fit(request: Request, name: str, form: Key, fast: Annotated[bool, Form()] = False) -> Response:
    """Ask for a fit."""
    allow(request, form)
    if mistakes := request.app.state.looked.look(name).mistakes:
        raise UsageError(f"{len(mistakes)} mistakes are to be mended first; the study's page lists them")
    request.app.state.jobs.add(name, fast=fast)
    return _to(f"/studies/{name}")


@routes.get("/jobs/{number}")
def job(request: Request, number: Number) -> Response:
    """How far a fit is."""
    found = request.app.state.jobs.find(number)
    if found is None:
        raise UsageError("there is no such fit")
    return JSONResponse(vars(found) | {"live": found.live})


@routes.post("/jobs/{number}/cancel")
def cancel(request: Request, number: Number, form: Key) -> Response:
    """End a fit."""
    allow(request, form)
    found = request.app.state.jobs.find(number)
    request.app.state.jobs.cancel(number)
    return _to(f"/studies/{found.study}" if found else "/")
