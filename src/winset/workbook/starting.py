"""Studies to start from, and studies turned from one shape into the other."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from winset.errors import StudyError, UsageError, suggest
from winset.study.loading import load as load_folder
from winset.study.loading import shipped
from winset.study.places import FILE as PLACES
from winset.study.question import READY_SCALES
from winset.study.scaffold import TEMPLATE, WAR, write_new
from winset.study.study import Study
from winset.workbook.filling import Filled, fill_sheets
from winset.workbook.folder import unpack
from winset.workbook.grids import Value
from winset.workbook.opening import KINDS, is_workbook
from winset.workbook.sheets import ORDER
from winset.workbook.writing import write_workbook

WRITTEN = ".xlsx"
"""The only kind of workbook that is written."""
FURTHER = ("east", "west", "hills", "coast")
"""Sides of the small example beyond the first two, made after the second."""
MODEL = "south"
SPARE = ("Parts", "Speakers", "Pledges", "Scales")
"""Sheets that stand in a new workbook though the small example has no row for them."""
VOICE: dict[str, dict[str, Value]] = {
    "Sources": {
        "id": "article",
        "publisher": "A newspaper",
        "title": "At the front, after the talks (invented)",
        "date": "2025-01-23",
    },
    "Instruments": {
        "id": "reporter",
        "label": "A reporter's calls",
        "by": "A newspaper",
        "mode": "telephone",
        "kind": "interviews",
        "selection": "journalist",
        "population": "soldiers of North",
    },
    "Interviews": {
        "statement": "soldier-1-text",
        "instrument": "reporter",
        "speaker": "soldier-1",
        "side": "north",
        "constituency": "army",
        "date": "2025-01-22",
        "question": "mediators-text",
        "stance": -1,
        "count": 1,
        "source": "article",
        "theme": "the valley was paid for with lives",
    },
}
"""A voice beside the polls of the small example."""


def write_starter(to: Path, *, like: str = "", sides: int = 2, scale: str = "", war: bool = False) -> tuple[Path, ...]:
    """Write a study to start from: a workbook, or a folder.

    Parameters
    ----------
    like
        Name of a shipped study; the small example if empty.
    sides
        How many sides the small example has.
    scale
        Name of a scale whose answers stand ready.
    war
        Also what simulated talks need.

    Returns
    -------
    The files written.

    Raises
    ------
    UsageError
        If the place is taken, or a name is unknown.
    """
    if like and like not in shipped():
        raise UsageError(f"no shipped study `{like}`{suggest(like, shipped())}")
    if scale and scale not in READY_SCALES:
        raise UsageError(f"no scale `{scale}`{suggest(scale, READY_SCALES)}")
    if like and sides != 2:
        raise UsageError("--sides is for the small example; leave it out beside --like")
    if war and (like or sides != 2):
        raise UsageError("--war is for the small example of two sides; a shipped study brings its own")
    if not like and sides == 2 and not scale and not is_workbook(to):
        return write_new(to, war=war)
    with tempfile.TemporaryDirectory() as kept:
        source = shipped()[like] if like else Path(kept) / "example"
        if not like:
            shutil.copytree(TEMPLATE, source)
            if war:
                shutil.copytree(WAR, source, dirs_exist_ok=True)
        filled = fill_sheets(source)
        if is_workbook(to) and not like:
            _add_voice(filled)
        _set_sides(filled, sides)
        if scale:
            ready = READY_SCALES[scale]
            row: dict[str, Value] = {
                "id": scale,
                "answers": ", ".join(ready.answers),
                "accepts_from": ready.accepts_from,
            }
            filled["Scales"].rows.append(row)
            filled["Polls"].extra += ready.answers
        return _write(filled, to, source, spare=SPARE)


def convert(study: Study, to: Path) -> tuple[Path, ...]:
    """Write a study as a workbook, or as a folder of files; read back, it is equal.

    Raises
    ------
    UsageError
        If the place is taken.
    """
    named = [f for e in study.experiments.values() for f in e.files] + [
        f for c in study.codings.values() for f in c.files
    ]
    return _write(fill_sheets(study.folder), to, study.folder, tuple(dict.fromkeys(named)))


def _write(
    filled: dict[str, Filled], to: Path, source: Path, data: Sequence[str] = (), *, spare: Sequence[str] = ()
) -> tuple[Path, ...]:
    if is_workbook(to):
        return _write_book(filled, to, source, data, spare)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"{to} exists and is not empty; name a new folder")
    with tempfile.TemporaryDirectory() as kept:
        book, made = Path(kept) / f"study{WRITTEN}", Path(kept) / "made"
        made.mkdir()
        write_workbook(filled, book)
        if mistakes := unpack(book, made):
            raise StudyError(mistakes)
        _copy_data(source, made, data)
        load_folder(made)
        (made / PLACES).unlink()
        return _move(made, to)


def _write_book(
    filled: dict[str, Filled], to: Path, source: Path, data: Sequence[str], spare: Sequence[str]
) -> tuple[Path, ...]:
    if to.suffix.lower() != WRITTEN:
        raise UsageError(
            f"workbooks are written as {WRITTEN}, and read as {', '.join(KINDS)}; name {to.with_suffix(WRITTEN)}"
        )
    if to.exists():
        raise UsageError(f"{to} exists; name a new file")
    with tempfile.TemporaryDirectory() as kept:
        made = Path(kept) / "made"
        made.mkdir()
        write_workbook(filled, made / to.name, spare)
        _copy_data(source, made, data)
        return _move(made, to.parent)


def _copy_data(source: Path, made: Path, names: Iterable[str]) -> None:
    """Files that the study names beside its own: answers of respondents, coded interviews. Keys and notes stay where they are."""
    for name in names:
        shutil.copyfile(source / name, made / name)


def _move(made: Path, to: Path) -> tuple[Path, ...]:
    """Move files into place; nothing that stands there is overwritten."""
    try:
        to.mkdir(parents=True, exist_ok=True)
        taken = [p.name for p in made.iterdir() if (to / p.name).exists()]
        if taken:
            raise UsageError(f"{to / taken[0]} exists; name another place")
        for path in made.iterdir():
            beside = to / f".{path.name}.{os.getpid()}.part"
            shutil.copyfile(path, beside)
            beside.replace(to / path.name)
    except OSError as error:
        raise UsageError(f"{to} cannot be written ({error.strerror or error})") from error
    return tuple(sorted(to / p.name for p in made.iterdir()))


def _add_voice(filled: dict[str, Filled]) -> None:
    """One person's words, so that no sheet of a new workbook is without a row to go by."""
    for sheet, row in VOICE.items():
        filled[sheet].rows.append(dict(row))


def _set_sides(filled: dict[str, Filled], sides: int) -> None:
    """The small example with fewer or more sides: further ones are made after the second."""
    if sides == 2:
        return
    named = ("Sides", "Groups", "Instruments", "Questions", "Polls")
    for sheet in named:
        mine = [r for r in filled[sheet].rows if _is_model(sheet, r)]
        if sides == 1:
            filled[sheet].rows = [r for r in filled[sheet].rows if r not in mine]
        for name in FURTHER[: max(sides - 2, 0)]:
            filled[sheet].rows += [{k: _renamed(name)(v) for k, v in r.items()} for r in mine]
    heading = ORDER + MODEL
    terms = filled["Terms"]
    if sides == 1:
        terms.extra.remove(heading)
    for name in FURTHER[: max(sides - 2, 0)]:
        terms.extra.append(ORDER + name)
        for row in terms.rows:
            row[ORDER + name] = row[heading]


def _is_model(sheet: str, row: dict[str, Value]) -> bool:
    if sheet == "Polls":
        return str(row["instrument"]).startswith(MODEL)
    return MODEL in {row.get("side"), row.get("id")} or str(row.get("id")).startswith(f"{MODEL}-")


def _renamed(name: str) -> Callable[[Value], Value]:
    def rename(value: Value) -> Value:
        if not isinstance(value, str) or "=" in value:
            return value
        return value.replace(MODEL, name).replace(MODEL.capitalize(), name.capitalize())

    return rename
