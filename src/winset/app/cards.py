"""What the page of all studies says of each: kept when a study is looked at, so that hundreds are listed at once."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from winset.app.looking import Look
from winset.app.workspace import HIDDEN, Workspace
from winset.runs.atomic import write_text


@dataclass(frozen=True)
class Card:
    """A study.

    Parameters
    ----------
    title, as_of, rows
        Empty, empty and 0 where it was not understood, or changed outside since it was last looked at.
    mistakes
        How many are to be mended.
    """

    name: str
    title: str = ""
    as_of: str = ""
    rows: int = 0
    mistakes: int = 0


def keep_card(place: Workspace, name: str, look: Look) -> None:
    """Remember what a study holds; where that is not possible its name is told alone."""
    known = look.known or {"title": "", "as_of": "", "printed": 0}
    card = Card(name, known["title"], known["as_of"], known["printed"], len(look.mistakes))
    with contextlib.suppress(OSError):
        file = _file(place, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, json.dumps(asdict(card) | {"stamp": _stamp(place.study(name))}))


def list_cards(place: Workspace) -> list[Card]:
    """Every study, with what is known of it as it now lies there."""
    return [_read(place, name) for name in place.studies()]


def _read(place: Workspace, name: str) -> Card:
    try:
        kept = json.loads(_file(place, name).read_text(encoding="utf-8"))
        return Card(**kept) if kept.pop("stamp") == _stamp(place.study(name)) else Card(name)
    except (OSError, ValueError, KeyError, TypeError):
        return Card(name)


def _file(place: Workspace, name: str) -> Path:
    return place.folder / HIDDEN / "cards" / f"{name}.json"


def _stamp(path: Path) -> str:
    """Changes when a file is written, without reading it."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return " ".join(f"{s.st_mtime_ns} {s.st_size}" for s in (p.stat() for p in files))
