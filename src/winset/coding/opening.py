"""Any file of coded interviews -> codings; the kind is told by what stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from winset.coding.archive import UnreadableError, decode, mistake, open_archive
from winset.coding.coded import Coded, join_codings
from winset.coding.doccano import read_lines
from winset.coding.flat import read_segments
from winset.coding.inception import read_cas, read_tsv
from winset.coding.label_studio import read_tasks
from winset.coding.refi import read_codebook, read_project
from winset.errors import EvidenceError, Mistake, relative

KINDS = ".qdpx, .qde, .qdc (REFI-QDA), .json (Label Studio, UIMA CAS), .jsonl (doccano), .tsv (WebAnno), .csv"


def read_coded(paths: Sequence[Path] | Path) -> Coded:
    """Read coded interviews; several files are parts of one corpus, or one coder's each.

    Raises
    ------
    EvidenceError
        For every file that is missing or cannot be used, with the reason.
    """
    paths = [paths] if isinstance(paths, Path) else paths
    read, mistakes = [], []
    for path in paths:
        if not path.is_file():
            mistakes.append(Mistake(relative(path), 0, "no such file"))
            continue
        try:
            read.append(_read(path))
        except UnreadableError as error:
            mistakes.append(mistake(path, error))
    if mistakes:
        raise EvidenceError(mistakes)
    return join_codings(read)


def _read(path: Path) -> Coded:
    kind = path.suffix.lower()
    readers: dict[str, Callable[[Path], Coded]] = {
        ".qdpx": read_project,
        ".qde": read_project,
        ".qdc": read_codebook,
        ".zip": _zipped,
        ".json": _json,
        ".jsonl": _lines,
        ".csv": lambda p: read_segments(_table(p, ",")),
        ".tsv": _tsv,
    }
    if kind not in readers:
        raise UnreadableError(f"unknown kind `{kind}` of coded interviews; one of {KINDS}")
    return readers[kind](path)


def _zipped(path: Path) -> Coded:
    """A project that a browser renamed, or INCEpTION's export: annotation/DOCUMENT/CODER.json or .tsv."""
    archive = open_archive(path)
    if archive.names(".qde"):
        return read_project(path)
    parts = []
    for name in [*archive.names(".json"), *archive.names(".tsv")]:
        where = PurePosixPath(archive.members[name].filename)
        if where.parts[-3:-2] != ("annotation",):
            continue
        text, _ = decode(archive.read(name))
        reading = read_tsv if name.endswith(".tsv") else _cas_text
        parts.append(reading(text, where.parent.name, where.stem))
    if not parts:
        raise UnreadableError(
            "holds neither a REFI-QDA project nor INCEpTION annotations (annotation/DOCUMENT/CODER.json)"
        )
    return join_codings(parts)


def _cas_text(text: str, document: str, coder: str) -> Coded:
    return read_cas(_parsed(text), document, coder)


def _json(path: Path) -> Coded:
    content = _parsed(decode(path.read_bytes())[0])
    if content == []:
        raise UnreadableError("holds no task")
    if isinstance(content, list):
        return read_tasks(content)
    if isinstance(content, dict) and "%FEATURE_STRUCTURES" in content:
        return read_cas(content, path.parent.name or path.stem, path.stem)
    raise UnreadableError("is JSON, but neither a Label Studio export nor a UIMA CAS")


def _lines(path: Path) -> Coded:
    text, _ = decode(path.read_bytes())
    if not text.strip():
        raise UnreadableError("is empty")
    return read_lines([_parsed(line, n) for n, line in enumerate(text.splitlines(), 1) if line.strip()], path.stem)


def _parsed(text: str, line: int = 0) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableError(f"{f'line {line} ' if line else ''}is no valid JSON ({error})") from None


def _tsv(path: Path) -> Coded:
    text, _ = decode(path.read_bytes())
    if text.startswith("#FORMAT=WebAnno"):
        return read_tsv(text, path.parent.name or path.stem, path.stem)
    return read_segments(_table(path, "\t"))


def _table(path: Path, separator: str) -> pl.DataFrame:
    decode(path.read_bytes())
    try:
        return pl.read_csv(path, separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableError(f"is no table ({str(error).splitlines()[0]})") from None
