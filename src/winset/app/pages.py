"""Pages: the workspace, a study, a run."""

from __future__ import annotations

import functools
import io
import zipfile
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from pydantic import Field

from winset.app.brought import KINDS, Brought
from winset.app.cards import list_cards
from winset.app.opened import Opened
from winset.app.reviews import Reviews
from winset.app.workspace import MINUTE, WITHOUT_WORDS
from winset.brief import Summary, render_brief, to_annex_pdf, to_docx, to_pdf, to_pictures, to_xlsx, words_of
from winset.errors import NotHereError, UsageError, suggest
from winset.exploration import find_headline
from winset.findings import Finding, describe_changes, percent
from winset.findings.labelling import label_table
from winset.language import Language, find_language, list_languages
from winset.panel import read_style
from winset.panel.component import MODULES
from winset.study import Study
from winset.study.loading import shipped
from winset.workbook import is_workbook, load
from winset.workbook.cells import WRITTEN

routes = APIRouter()
NONE: list[int] = []
_templates = Environment(
    loader=ChoiceLoader([PackageLoader("winset.app", "templates"), PackageLoader("winset.brief", "templates")]),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(percent=percent)


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template."""
    user, pin = request.state.user, _pin(request, values.get("name", ""))
    text = _templates.get_template(template).render(
        form=user.form, user=user, pin=pin, pinned="made" in request.query_params, **values
    )
    return HTMLResponse(text, status_code=status)


@routes.get("/", response_class=HTMLResponse)
def home(request: Request) -> Response:
    """The workspace."""
    place, jobs = request.app.state.workspace, request.app.state.jobs
    runs = place.runs()
    before = [r.name for r in runs[1:] if r.study == runs[0].study] or [r.name for r in runs[1:]]
    return show(
        request, "home.html", studies=list_cards(place), runs=runs, likened=(before or [""])[0],
        archived=place.archived(), away=place.archived_runs(),
        folder=place.folder.name if request.state.user.name else str(place.folder),
        examples={name: _title(path) for name, path in shipped().items()}, live=[j for j in jobs.listed() if j.live],
    )  # fmt: skip


def _languages() -> list[tuple[str, str]]:
    """Codes and names of the languages that the two pages speak."""
    return [(code, find_language(code).name) for code in list_languages()]


def _spoken(code: str) -> Language:
    """A language that ships; a path is for the command line, not for a request.

    Raises
    ------
    UsageError
        If there is none of that code.
    """
    if code not in list_languages():
        raise UsageError(f"no language `{code}`{suggest(code, list_languages())}")
    return find_language(code)


@functools.cache
def _title(example: Path) -> str:
    return load(example).title


VERSIONS = 20
"""Earlier states that are listed until one asks for all."""


@routes.get("/studies/{name}", response_class=HTMLResponse)
def study(request: Request, name: str, *, taken: bool = False, every: bool = False) -> Response:
    """A study: what is wrong in it, its sheets, its fits."""
    place, user = request.app.state.workspace, request.state.user
    path, looked = place.study(name), request.app.state.looked
    book, look, (sheets, more) = is_workbook(path), looked.look(name), looked.sheets(name)
    mistakes = look.mistakes
    jobs = [j for j in request.app.state.jobs.listed(name) if j.state != "cancelled"][:3]
    changed = max(p.stat().st_mtime for p in ([path] if book else path.rglob("*")))
    runs = [r for r in place.runs() if r.name in {place.run_of(name, fast=f) for f in (True, False)}]
    since = {r.name: looked.since(name, r) for r in runs if r.stamp < changed}
    seen = [s for s in sheets if user.edits or s in WITHOUT_WORDS]
    versions = place.versions(name) if user.edits else []
    said = place.say(mistakes) if user.edits else ["whoever edits this study has something to mend"] if mistakes else []
    return show(
        request, "study.html", name=name, book=book, editable=path.suffix.lower() in WRITTEN and user.edits,
        sheets=seen, more=more, mistakes=said, known=look.known,
        runs=runs, since=since, jobs=jobs, taken=taken,
        versions=versions if every else versions[:VERSIONS], left=0 if every else max(len(versions) - VERSIONS, 0),
        articles=Reviews(place, name).listed() if user.edits else [],
        files=Brought(place, name).listed() if user.edits else [], kinds=",".join(KINDS),
    )  # fmt: skip


@routes.get("/runs/{name}", response_class=HTMLResponse)
def run(request: Request, name: str) -> Response:
    """A run: its two pages, and packages to build."""
    found = opened(request, name)
    return show(
        request, "run.html", name=name, pages=found.summary, talks=found.run.study.war is not None,
        words=words_of(found.summary.language), languages=_languages(),
        picture=found.picture, invented=[s.title for s in found.run.study.sources.values() if s.invented],
        fit=found.run.acceptance.diagnostics, fast=found.run.acceptance.fit.method, rows=found.run.responses.printed,
    )  # fmt: skip


@routes.get("/compare", response_class=HTMLResponse)
def compare(request: Request, before: str, after: str) -> Response:
    """Two runs side by side."""
    old, new = (opened(request, name).run for name in (before, after))
    found = worded(describe_changes(old.room, new.room), new.study, after)
    return show(request, "compare.html", before=before, after=after, title=new.study.title, found=found)


def worded(findings: list[Finding], study: Study, run: str = "") -> list[dict[str, Any]]:
    """Findings for a page: labels in their tables, as on the console.

    Parameters
    ----------
    run
        Name of the run that they are of: rows about a group then lead to its answers.
    """
    return [
        {"question": f.question, "sentence": f.sentence, "rests_on": f.rests_on, "rows": label_table(f.table, study)}
        | {"links": [_answers_of(run, study, r) for r in f.table.to_dicts()] if run else []}
        for f in findings
    ]


def _answers_of(run: str, study: Study, row: dict[str, Any]) -> str:
    """Address of the answers of the group that a row is about; empty where it is about none."""
    pair = (str(row.get("side")), str(row.get("constituency")))
    if pair not in study.constituencies():
        return ""
    return f"/runs/{quote(run)}/evidence?of={quote('.'.join(study.asked_as(*pair)))}"


@routes.get("/runs/{name}/next", response_class=HTMLResponse)
def explore(request: Request, name: str, about: str = "") -> Response:
    """What a run's answer hangs on, and what to ask next; its parts come as they are worked out."""
    run = opened(request, name).run
    record = [(p, run.study.proposals[p].label) for p in run.study.on_record()]
    about = about or (find_headline(run.room) if record else "")
    if about and about not in dict(record):
        raise UsageError(f"no proposal `{about[:80]}` is on record{suggest(about, dict(record))}")
    return show(request, "next.html", name=name, title=run.study.title, record=record, about=about)


@routes.get("/runs/{name}/next/{kind}", response_class=HTMLResponse)
def explored(request: Request, name: str, kind: str, about: str = "") -> Response:
    """One of its parts."""
    found = opened(request, name)
    return show(request, "findings.html", found=worded(found.explore(kind, about), found.run.study, name))


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/runs/{name}/questionnaire.xlsx")
def questionnaire(request: Request, name: str, about: str = "") -> Response:
    """The questions that tell most together, to fill in after the field work."""
    return _download(opened(request, name).questionnaire(about), SPREADSHEET, f"{name}-questions.xlsx")


@routes.get("/runs/{name}/panel.json")
def panel(request: Request, name: str) -> Response:
    """What the component needs, with every draw of the run."""
    return JSONResponse(opened(request, name).panel)


@routes.get("/runs/{name}/brief.html")
def brief(request: Request, name: str, language: str = "en") -> Response:
    """The page that one can pass on."""
    written = request.app.state.workspace.run(name) / "brief.html"
    if language == "en" and written.is_file():
        return HTMLResponse(written.read_text(encoding="utf-8"))
    return HTMLResponse(render_brief(opened(request, name).run, _spoken(language)))


Sections = Annotated[list[Annotated[int, Field(ge=0, lt=100)]], Query(max_length=100)]
"""Which sections of the two pages, by their place; none named is all."""
Paper = Annotated[Literal["a4", "letter"], Query()]


@routes.get("/runs/{name}/brief.pdf")
def pdf(request: Request, name: str, section: Sections = NONE, paper: Paper = "a4", language: str = "en") -> Response:
    """Two pages to print."""
    return _download(to_pdf(_chosen(request, name, section, language), paper=paper), "application/pdf", f"{name}.pdf")


@routes.get("/runs/{name}/brief.zip")
def pictures(
    request: Request, name: str, section: Sections = NONE, paper: Paper = "a4", language: str = "en"
) -> Response:
    """Two pages as pictures."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for n, picture in enumerate(to_pictures(_chosen(request, name, section, language), paper=paper), 1):
            archive.writestr(f"{name}-{n}.png", picture)
    return _download(buffer.getvalue(), "application/zip", f"{name}.zip")


@routes.get("/runs/{name}/brief.docx")
def docx(request: Request, name: str, section: Sections = NONE, language: str = "en") -> Response:
    """Two pages to edit in Word."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _download(to_docx(_chosen(request, name, section, language)), kind, f"{name}.docx")


def _chosen(request: Request, name: str, sections: list[int], language: str) -> Summary:
    """The two pages with the sections that are asked for, in a language."""
    pages = opened(request, name).summary
    return (pages.only(sections) if sections else pages).told(_spoken(language))


@routes.get("/runs/{name}/annex.pdf")
def annex(request: Request, name: str) -> Response:
    """Every number and the answers behind it, for print."""
    return _download(to_annex_pdf(opened(request, name).run), "application/pdf", f"{name}-annex.pdf")


@routes.get("/runs/{name}/answer.xlsx")
def tables(request: Request, name: str) -> Response:
    """Every table as a workbook, to go on with."""
    found = opened(request, name)
    return _download(to_xlsx(found.run, found.summary), SPREADSHEET, f"{name}.xlsx")


@routes.get("/component/{file}")
def component(file: str) -> Response:
    """The component's modules and style."""
    from importlib.resources import files

    if file == "panel.css":
        return Response(read_style(), media_type="text/css")
    if file.removesuffix(".js") not in MODULES:
        return Response(status_code=404)
    text = files("winset.panel.component").joinpath(file).read_text(encoding="utf-8")
    return Response(text, media_type="text/javascript")


def opened(request: Request, name: str) -> Opened:
    """A run, opened; where an address asks for that of another minute, its reader is led to where it is kept.

    Raises
    ------
    NotHereError
        If there is no such run, or none of that minute.
    """
    place, minute = request.app.state.workspace, request.query_params.get("made", "")
    path = place.run(name)
    if minute and minute != place.made(name).strftime(MINUTE):
        kept = f"{name}-{minute}"
        if kept not in {r.name for r in place.runs()}:
            raise NotHereError(
                f"the answer `{name}` of {minute[:20]} is not kept here; without `made` its address shows the newest"
            )
        to = request.url.path.replace(f"/runs/{name}", f"/runs/{kept}", 1)
        rest = [(k, v) for k, v in request.query_params.multi_items() if k != "made"]
        raise HTTPException(307, headers={"Location": quote(to) + (f"?{urlencode(rest)}" if rest else "")})
    return request.app.state.shelf.open(path)


def _pin(request: Request, name: str) -> tuple[str, str]:
    """When the answer was made that a page shows, and the address that keeps to it; empty on other pages."""
    if not name or not request.url.path.startswith("/runs/"):
        return "", ""
    made = request.app.state.workspace.made(name)
    asked = [(k, v) for k, v in request.query_params.multi_items() if k != "made"]
    return (
        f"{made:%-d %B %Y, %H:%M}",
        f"{quote(request.url.path)}?{urlencode([*asked, ('made', made.strftime(MINUTE))])}",
    )


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
