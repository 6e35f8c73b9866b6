"""Pseudonyms for speakers: the same person keeps the same one, and the key stays out of the study's tables."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from winset.errors import EvidenceError, Mistake, relative
from winset.evidence.interviews import FILE, OPTIONAL, REQUIRED
from winset.study.rows import read_rows, read_text

KEY = "speakers.key.csv"
"""Name of the key; files that end so are never copied into a run folder."""

COLUMNS = ("speaker", "pseudonym")
LETTERS = "abcdefghijkmnpqrstuvwxyz"


@dataclass(frozen=True)
class Pseudonymised:
    """A table with pseudonyms in place of speakers, as text, and the key to keep apart."""

    text: str
    key: Mapping[str, str]
    new: int


def pseudonymise(folder: Path, key_file: Path) -> Pseudonymised:
    """Replace the speakers of a study's interviews.csv; speakers already in the key keep their pseudonyms.

    The pseudonym says the constituency and carries random letters, so that neither order nor name can be read off it.

    Raises
    ------
    EvidenceError
        If the table or the key has mistakes.
    """
    rows, mistakes = read_rows(folder / FILE, REQUIRED, OPTIONAL)
    if mistakes:
        raise EvidenceError(mistakes)
    key = _read_key(key_file)
    before = len(key)
    known = set(key.values())
    for row in rows:
        if row["speaker"] not in key and row["speaker"] not in known:
            key[row["speaker"]] = _new(row["constituency"], known)
            known.add(key[row["speaker"]])
    return Pseudonymised(_rewritten(folder / FILE, key), key, len(key) - before)


def mask_statements(path: Path) -> str:
    """Text of an interviews.csv to keep beside results: speakers numbered, notes left out.

    Raises
    ------
    EvidenceError
        If the table has mistakes.
    """
    text, mistakes = read_text(path)
    if mistakes:
        raise EvidenceError(mistakes)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    names = [h.strip() for h in lines[0]]
    speaker, note = names.index("speaker"), names.index("note") if "note" in names else None
    numbers: dict[str, str] = {}
    for cells in lines[1:]:
        if len(cells) == len(names):
            cells[speaker] = numbers.setdefault(cells[speaker].strip(), f"speaker {len(numbers) + 1}")
            if note is not None:
                cells[note] = ""
    return _table(lines)


def key_text(key: Mapping[str, str]) -> str:
    """The key as a table."""
    return _table([COLUMNS, *sorted(key.items(), key=lambda pair: pair[1])])


def write_key(path: Path, text: str) -> None:
    """Write the key readable by its owner only (0600), in one step."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _read_key(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows, mistakes = read_rows(path, COLUMNS)
    if mistakes:
        raise EvidenceError(mistakes)
    return {r["speaker"]: r["pseudonym"] for r in rows}


def _new(constituency: str, taken: set[str]) -> str:
    while True:
        name = f"{constituency}-{''.join(secrets.choice(LETTERS) for _ in range(4))}"
        if name not in taken:
            return name


def _rewritten(path: Path, key: Mapping[str, str]) -> str:
    """The file with its first columns and comments as they were, speakers replaced."""
    text, mistakes = read_text(path)
    if mistakes:
        raise EvidenceError(mistakes)
    lines = list(csv.reader(io.StringIO(text, newline="")))
    place = [h.strip() for h in lines[0]].index("speaker")
    names = [n for n in key if len(n) > 3]
    for cells in lines[1:]:
        if len(cells) == len(lines[0]):
            cells[place] = key.get(cells[place].strip(), cells[place])
            leaked = next((n for n in names for c in cells if n in c and n != key[n]), None)
            if leaked is not None:
                said = f"another column still names `{leaked}`; take the name out of it first"
                raise EvidenceError([Mistake(relative(path), lines.index(cells) + 1, said)])
    return _table(lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
