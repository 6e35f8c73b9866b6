"""Questionnaires: written by ``winset ask --questionnaire``, taken into a study by ``winset add`` when they come back."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winset.cli.output import out, out_json, read_day, say, warn
from winset.errors import UsageError

if TYPE_CHECKING:
    from winset.exploration import Asking
    from winset.room import Room
    from winset.study import Study
    from winset.workbook import Addition

STUDY = "study.yaml"
SOURCES = ("id", "publisher", "title", "date", "url")


def add(
    study: Annotated[Path, typer.Argument(help="Study folder or workbook that the rows go into.")],
    file: Annotated[Path, typer.Argument(help="Questionnaire of `winset ask --questionnaire`, filled in.")],
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Last day whose evidence counts from now on, 2025-03-02; needed if the field work went on after the study's own."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take a questionnaire that was filled in into a study: all new rows or none; the files as they were stay beside."""
    from winset.workbook import is_workbook, join_questionnaire, load

    if not is_workbook(file):
        raise UsageError(f"{file} is no workbook; `winset ask RUN --questionnaire FILE.xlsx` writes one to fill in")
    day = read_day(as_of) if as_of else None
    known = load(study)
    if not study.exists():
        raise UsageError(
            f"`{study}` ships with winset and is not written to; `winset convert {study} my-case.xlsx` copies it"
        )
    joined = join_questionnaire(known, file, day)
    for sentence in joined.told:
        say(sentence)
    if joined.rows:
        write = _write_workbook if is_workbook(study) else _write_folder
        write(known, study, joined, day)
    if as_json:
        out_json({"added": {s: list(rows) for s, rows in joined.rows.items()}, "left_out": list(joined.told)})
    elif not joined.rows:
        out(f"{study} has every filled row of {file} already; nothing was added")
    else:
        added = [f"{len(rows)} of sheet {s}" for s, rows in joined.rows.items() if rows]
        out(f"rows added to {study}: {', '.join(added)}; what it was before stands beside, with `.before` in the name")
        say(f"next: winset check {study}; winset run {study}")


def write_draft(room: Room, asking: Asking, path: Path) -> None:
    """Write the questionnaire of a set of questions."""
    from winset.exploration import draft_questionnaire
    from winset.runs.atomic import write_whole
    from winset.workbook import questionnaire_bytes

    made = draft_questionnaire(room.acceptance.study, room.acceptance.responses.table, asking)
    write_whole(path, questionnaire_bytes(made.sheets, made.introduction))
    say(f"{path} written; agree it with a pollster, fill it in after the field work, then winset add STUDY {path}")


def _write_folder(study: Study, folder: Path, joined: Addition, as_of: dt.date | None) -> None:
    from winset.cli.adding import append_polls
    from winset.evidence.polls import OPTIONAL, REQUIRED
    from winset.study.additions import add_entries, replace_fact
    from winset.workbook.statements import read_text

    texts: dict[Path, str] = {}
    for (name, key), entries in joined.declared.items():
        path = study.folder / name
        texts[path] = add_entries(texts.get(path, read_text(path)), key, entries)
    for name, columns in (("polls.csv", (*REQUIRED, *OPTIONAL)), ("sources.csv", SOURCES)):
        if rows := joined.tables.get(name):
            texts[study.folder / name] = append_polls(read_text(study.folder / name), rows, columns)
    if as_of and as_of != study.as_of:
        path = study.folder / STUDY
        texts[path] = replace_fact(read_text(path), "as_of", as_of.isoformat())
    _replace({p: t.encode() for p, t in texts.items()}, lambda: _reread(folder))


def _write_workbook(study: Study, path: Path, joined: Addition, as_of: dt.date | None) -> None:
    from winset.workbook import add_joined

    moved = as_of if as_of != study.as_of else None
    _replace({path: add_joined(path, joined, moved)}, lambda: _reread(path))


def _replace(new: Mapping[Path, bytes], check: Callable[[], None]) -> None:
    """Write files and look at them; if they do not fit together all are as they were, and if they do the old ones stay beside."""
    from winset.runs.atomic import write_whole

    before = {path: path.read_bytes() if path.exists() else None for path in new}
    try:
        for path, content in new.items():
            write_whole(path, content)
        check()
    except BaseException:
        for path, content in before.items():
            if content is not None:
                write_whole(path, content)
            else:
                path.unlink(missing_ok=True)
        warn("nothing was added: the rows do not fit the study")
        raise
    for path, content in before.items():
        if content is not None:
            write_whole(_beside(path), content)


def _beside(path: Path) -> Path:
    """Where a file as it was before goes: of a workbook one that can be opened; what stands there from earlier stays."""
    book = path.suffix.lower() in {".xlsx", ".xlsm"}
    stem, suffix = (path.stem, path.suffix) if book else (path.name, "")
    names = (f"{stem}.before{'' if n == 1 else f'-{n}'}{suffix}" for n in itertools.count(1))
    return next(p for name in names if not (p := path.with_name(name)).exists())


def _reread(study: Path) -> None:
    from winset.evidence import gather
    from winset.workbook import load

    gather(load(study))
