"""Survey files and coded interviews: brought, looked over, and taken into a study as a version that can be taken back."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from winset.app.brought import Brought, Found
from winset.app.entries import (
    Entered,
    enter_answers,
    enter_coding,
    enter_experiment,
    poll_rows,
)
from winset.app.pages import show
from winset.app.studies import Key, allow, with_words
from winset.app.workspace import Workspace
from winset.errors import MistakesError, UsageError
from winset.study import Study
from winset.workbook import is_workbook, load
from winset.workbook.draft import make_id
from winset.workbook.entering import Rows, enter_rows
from winset.workbook.figures import WORDS
from winset.workbook.sheets import NO_ANSWER
from winset.workbook.statements import parse_rows, widened

routes = APIRouter()
ALIKE = ("groups", "constituency", "weight", "date", "start", "end")
MOST_FIELDS = 5000
"""Of a form: a code book of a thousand codes has three each."""
OWN = {
    "Polls": {"question", "instrument", "constituency", "n", "answer", "source"},
    "Interviews": {"statement", "instrument", "speaker", "constituency", "stance", "source"},
}
"""Columns by which tables as this program writes them are told, by sheet."""


async def read_fields(request: Request) -> dict[str, str]:
    """What was filled in, whatever its fields are."""
    form = await request.form(max_fields=MOST_FIELDS)
    return {k: v[:2000] for k, v in form.items() if isinstance(v, str)}


Fields = Annotated[dict[str, str], Depends(read_fields)]


@routes.post("/studies/{name}/files")
def bring(request: Request, name: str, form: Key, file: UploadFile) -> Response:
    """A file of answers."""
    place, content, called = allow(request, form), file.file.read(), file.filename or ""
    path = place.study(name)
    if not is_workbook(path):
        raise UsageError("this study is a folder of files; turn it into a workbook first")
    if rows := _own_rows(called, content):
        _enter(place, name, rows, called)
        return _taken(name)
    return _to(name, Brought(place, name).take(called, content))


def _own_rows(called: str, content: bytes) -> Rows | None:
    """Rows of a table that is written as those of a study folder are; None for any other file."""
    if Path(called).suffix.lower() != ".csv":
        return None
    try:
        rows = parse_rows(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error):
        return None
    sheet = next((s for s, columns in OWN.items() if rows and columns <= rows[0].keys()), None)
    if sheet is None:
        return None
    if sheet == "Polls":
        whole = [{"poll": "", "share": "", "count": ""} | r for r in rows]
        if nameless := next((n for n, r in enumerate(whole, 2) if not r["poll"]), None):
            raise UsageError(
                f"{called}:{nameless}: no `poll` in this row; give all answers of one result the same name there"
            )
        return {sheet: widened(whole)}
    return {sheet: rows}


@routes.get("/studies/{name}/files/{file}")
def look(request: Request, name: str, file: str, way: str = "", n: str = "") -> Response:
    """What was found in a file, and what is to be said of it."""
    brought = Brought(with_words(request), name)
    return _show(request, brought, file, way, n, dict(request.query_params), [])


@routes.post("/studies/{name}/files/{file}")
def take(request: Request, name: str, file: str, form: Key, fields: Fields) -> Response:
    """What was said of a file, into the study's sheets; the workbook as it was stays a version."""
    place = allow(request, form)
    brought = Brought(place, name)
    if fields.get("act") == "remove":
        brought.remove(file)
        return RedirectResponse(f"/studies/{quote(name)}", status_code=303)
    found, way, n = brought.found(file), fields.get("way", ""), fields.get("n", "")
    if way not in found.ways or (way == "experiment" and n not in found.experiments):
        raise UsageError("nothing of this kind was found in the file")
    brought.keep(file, _part(way, n, fields), {k: v for k, v in fields.items() if k not in {"form", "act"}})
    with request.app.state.looked.writing(name):
        entered = _read(brought, found, file, way, n, fields)
        if entered.lacking:
            return _show(request, brought, file, way, n, fields, entered.lacking)
        beside = {} if way == "answers" else {brought.beside(file): brought.file(file)}
        try:
            _enter(place, name, entered.whole, file, beside)
        except UsageError as error:
            return _show(request, brought, file, way, n, fields, [], f"{error}.")
    brought.keep(file, "", entered.shared | _alike(fields))
    return _taken(name)


def _alike(fields: Mapping[str, str]) -> dict[str, str]:
    """What is likely to hold of the next part of a file as well: whose its people are, when they were asked, their weights."""
    return {k: v for k, v in fields.items() if k in ALIKE or k.startswith("group-")}


def _part(way: str, n: str, fields: Mapping[str, str]) -> str:
    """Part of a file that a form is of."""
    return f"{way} {fields.get('column', '') if way == 'answers' else n}"


def _read(brought: Brought, found: Found, file: str, way: str, n: str, fields: dict[str, str]) -> Entered:
    """Rows of what was filled in."""
    known = load(brought.path)
    if way == "experiment":
        return enter_experiment(found, n, fields, known, brought.beside(file))
    if way == "coding":
        return enter_coding(found, fields, known, brought.beside(file))
    entered, counting, common = enter_answers(found, fields, known, file)
    if not entered.lacking:
        counted = brought.count(file, counting)
        entered.add("Polls", poll_rows(counted, counting, common))
    return entered


def _enter(place: Workspace, name: str, rows: Rows, file: str, beside: dict[str, Path] | None = None) -> None:
    """Write rows into a study and files beside it, or say why they do not fit."""
    try:
        content = enter_rows(place.study(name), rows, beside)
    except MistakesError as error:
        said = dict.fromkeys(f"{m.file.rpartition(', ')[2]}: {m.message}" for m in error.mistakes)
        raise UsageError(f"{file} does not fit the study: {'; '.join(said)}. Nothing was changed") from None
    for own, at in (beside or {}).items():
        place.put_beside(own, at)
    told = ", ".join(f"{len(r)} of sheet {s}" for s, r in rows.items() if r)
    place.save(name, content, f"before {file} was taken in ({told})")


def _show(
    request: Request,
    brought: Brought,
    file: str,
    way: str,
    n: str,
    typed: dict[str, str],
    lacking: list[str],
    refused: str = "",
) -> Response:
    found, known = brought.found(file), load(brought.path)
    way = way if way in found.ways else next(iter(found.ways))
    n = n if n in found.experiments else next(iter(found.experiments), "")
    kept = _kept(brought, file, _part(way, n, typed), typed) | typed
    kind = {"experiment": "experiment", "coding": "interviews", "answers": "poll"}[way]
    column = next((a for a in found.asked if a["column"] == kept.get("column")), None)
    answers = _answers(known, kept.get("asked", ""))
    return show(
        request, "file.html", status=422 if refused else 200, name=brought.study, file=file, found=found, way=way, n=n, kept=kept,
        lacking=lacking,
        refused=refused,
        groups=[(f"{s}.{c}", f"{known.label(s, c)} ({known.sides[s].label})") for s, c in known.constituencies()],
        issues=[(i.label, [(f"{i.id}={o.id}", o.label) for o in i.options]) for i in known.space.issues],
        questions=_questions(known, way), sources=[(i, f"{s.publisher}: {s.title}") for i, s in known.sources.items()],
        instruments=[(i, x.label) for i, x in known.instruments.items() if x.kind == kind],
        columns=[(c, c) for c in found.columns], scales=[(s, x.answers) for s, x in known.scales.items()], column=column,
        by=next((a for a in found.asked if a["column"] == kept.get("groups")), None),
        answers=answers, guess=_guess(column["values"] if column else (), answers),
    )  # fmt: skip


def _kept(brought: Brought, file: str, part: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What was filled in of a part, and what is likely to hold of it as well: groups only where the same column tells them."""
    shared, own = brought.typed(file, ""), brought.typed(file, part)
    if typed.get("groups", shared.get("groups")) != shared.get("groups"):
        own = {k: v for k, v in own.items() if not k.startswith("group-") or v != shared.get(k)}
    return own


def _questions(known: Study, way: str) -> list[tuple[str, str]]:
    """Questions that may be meant, and who was asked: of packages where packages were judged."""
    return [
        (q, f"{x.wording} ({', '.join(known.sides[s].label for s in x.sides)})")
        for q, x in known.questions.items()
        if way != "experiment" or (x.kind == "package" and not x.offer)
    ]


def _answers(known: Study, question: str) -> list[str]:
    """Answers that a value of a column may be."""
    return [*known.scales[known.questions[question].scale].answers, *NO_ANSWER] if question in known.questions else []


def _guess(values: Iterable[str], answers: Collection[str]) -> dict[str, str]:
    """The answer that a value seems to be, by its words."""
    named = {v: make_id(v) for v in values}
    return {v: a for v, w in named.items() if (a := w if w in answers else WORDS.get(w, "")) in answers}


def _taken(study: str) -> Response:
    """To the study's page, which then says what its last change was."""
    return RedirectResponse(f"/studies/{quote(study)}?taken=true", status_code=303)


def _to(study: str, file: str) -> Response:
    return RedirectResponse(f"/studies/{quote(study)}/files/{quote(file)}", status_code=303)
