"""What a run had to say, kept as it was worked out: to open a run again takes no search and no simulation."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from winset.errors import RunError
from winset.findings import Finding
from winset.language import from_plain, to_plain
from winset.runs.atomic import write_whole

FILE = ".told.zip"
"""Hidden: it may be made again, and is not passed on."""
INDEX = "findings.json"
EVERYTHING, PACKAGES, BARGAIN, NARROWING = "everything", "packages", "bargain", "narrowing"
"""What is kept: all that a run says, and answers to questions that take a search: the best packages, what bargaining theory
would pick, whose say narrows the room."""
READ = (
    "settings.json",
    "posterior.nc",
    "sensitivity.parquet",
    "selection.parquet",
    "responses.parquet",
    "context.parquet",
    "study/*",
)
"""Files of a run that findings are made of."""


def keep_findings(folder: Path, found: Mapping[str, Sequence[Finding]]) -> None:
    """Keep findings beside a run, by what was asked; where that is not possible they are worked out again."""
    with contextlib.suppress(TypeError, OSError, RunError):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            index = {"key": _key(folder), "asked": {q: [_plain(f) for f in x] for q, x in found.items()}}
            archive.writestr(INDEX, json.dumps(index, ensure_ascii=False))
            for question, said in found.items():
                for n, f in enumerate(said):
                    table = io.BytesIO()
                    f.table.write_parquet(table)
                    archive.writestr(f"{question}/{n}.parquet", table.getvalue())
        write_whole(folder / FILE, buffer.getvalue())


def load_findings(folder: Path, question: str = EVERYTHING) -> list[Finding] | None:
    """What ``keep_findings`` kept of a question; None where it kept nothing, or run or program have changed since."""
    try:
        with zipfile.ZipFile(folder / FILE) as archive:
            index = json.loads(archive.read(INDEX))
            if index["key"] != _key(folder):
                return None
            said = index["asked"][question]
            tables = [pl.read_parquet(archive.read(f"{question}/{n}.parquet")) for n in range(len(said))]
        return [_finding(x, t) for x, t in zip(said, tables, strict=True)]
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, pl.exceptions.PolarsError):
        return None


def _plain(f: Finding) -> dict[str, Any]:
    texts = {k: to_plain(getattr(f, k)) for k in ("question", "sentence", "rests_on")}
    return {"id": f.id, **texts, "cites": list(f.cites), "names": {k: to_plain(v) for k, v in f.names.items()}}


def _finding(x: dict[str, Any], table: pl.DataFrame) -> Finding:
    texts = {k: from_plain(x[k]) for k in ("question", "sentence", "rests_on")}
    return Finding(
        x["id"], table=table, cites=tuple(x["cites"]), names={k: from_plain(v) for k, v in x["names"].items()}, **texts
    )


def _key(folder: Path) -> str:
    """Changes whenever a file of the run does, or the program."""
    digest = hashlib.sha256(_program().encode())
    for path in sorted(p for pattern in READ for p in folder.glob(pattern) if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


@functools.cache
def _program() -> str:
    """Hash of this program's own source."""
    digest, root = hashlib.sha256(), Path(str(files("winset")))
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
