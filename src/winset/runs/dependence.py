"""What the fit depends on in a study, and what it does not: a rule may change without a new fit.

Everything declared counts as something that the fit depends on, but for what is listed here.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from winset.runs.provenance import evidence_files
from winset.study import Study

FIT = "fit"
"""The part that asks for a new fit when it changes."""
FITTED = "evidence, or what it is read by"
"""That part in words."""

PROPOSALS = "proposals"
WORDS, SEARCHED, SHOWN, TALKS = "labels and notes", "what is searched", "what is shown", "the war beside the talks"
COMBINED, SOURCES, ELSEWHERE = "what no package may combine", "sources", "where the study lies"

FREE: Mapping[str, str] = {
    "title": WORDS,
    "question": WORDS,
    "notes": WORDS,
    "minimum_count": SHOWN,
    "quotations": SHOWN,
    "space/constraints": COMBINED,
    "space/issues/*/label": WORDS,
    "space/issues/*/searched": SEARCHED,
    "space/issues/*/options/*/label": WORDS,
    "space/issues/*/options/*/meaning": WORDS,
    "space/issues/*/options/*/searched": SEARCHED,
    "sides/*/label": WORDS,
    "sides/*/leader": WORDS,
    "sides/*/constituencies/*/label": WORDS,
    "sides/*/constituencies/*/size": WORDS,
    "sides/*/constituencies/*/known": WORDS,
    "sides/*/ratification": "the rule of {}",
    "sides/*/ratification_basis": WORDS,
    "sides/*/commitments": "the commitments of {}",
    "proposals/*/label": WORDS,
    "proposals/*/sponsor": WORDS,
    "proposals/*/source": WORDS,
    "proposals/*/status": WORDS,
    "proposals": PROPOSALS,
    "asked": PROPOSALS,
    "questions/*/wording": WORDS,
    "questions/*/not_read": WORDS,
    "instruments/*/label": WORDS,
    "instruments/*/by": WORDS,
    "instruments/*/mode": WORDS,
    "instruments/*/population": WORDS,
    "instruments/*/design_effect_basis": WORDS,
    "sources": SOURCES,
    "war": TALKS,
    "history": TALKS,
    "results": "results of votes",
    "folder": ELSEWHERE,
}
"""Parts that may change while the fit stays, by where they stand (``*``: any id); the first that fits counts."""


def hash_parts(study: Study, settings: Mapping[str, Any]) -> dict[str, str]:
    """A hash of each part of a study: ``fit`` for all that the fit depends on, evidence and settings included."""
    digests = {FIT: hashlib.sha256(repr(sorted(settings.items())).encode())}
    for place, value in _places(study, ()):
        part = _part(place)
        if part != ELSEWHERE:
            digests.setdefault(part, hashlib.sha256()).update(f"{'/'.join(place)}={value!r}\n".encode())
    for path in evidence_files(study.folder):
        digests[FIT].update(path.name.encode() + path.read_bytes())
    return {part: d.hexdigest() for part, d in digests.items()}


def list_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Parts that differ, in words."""
    return [p for p in dict.fromkeys([*after, *before]) if before.get(p) != after.get(p)]


def name_changes(parts: Iterable[str], study: Study) -> list[str]:
    """Parts as a reader knows them: sides by their labels."""
    named = {p.format(s): p.format(x.label) for p in FREE.values() if "{}" in p for s, x in study.sides.items()}
    return [FITTED if p == FIT else named.get(p, p) for p in parts]


def _part(place: tuple[str, ...]) -> str:
    for pattern, part in FREE.items():
        steps = pattern.split("/")
        if len(place) >= len(steps) and all(s in ("*", p) for s, p in zip(steps, place, strict=False)):
            return part.format(*(p for s, p in zip(steps, place, strict=False) if s == "*"))
    return FIT


def _places(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every place of a declared value: what stands there, or which ids and how many entries, in order."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    elif dataclasses.is_dataclass(value):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        yield place, list(value)
        for key, inner in value.items():
            yield from _places(inner, (*place, str(key)))
    elif isinstance(value, list | tuple):
        yield place, len(value)
        for n, inner in enumerate(value):
            yield from _places(inner, (*place, str(n)))
    else:
        yield place, str(value)
