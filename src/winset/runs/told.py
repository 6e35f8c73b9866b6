"""What a run had to say, kept as it was worked out: to open a run again takes no search and no simulation."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
EVERYTHING, PACKAGES, BARGAIN = "everything", "packages", "bargain"
SUPPORT, PIVOTS = "support {}", "pivots {}"
"""What is kept: all that a run says, and answers as the console gives them where nothing else is asked for: the best packages,
what bargaining theory would pick; of each proposal who would accept it, and who decides."""
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


@dataclass(frozen=True)
class Verdict:
    """Whether the fit behind an answer passed its checks, and why not."""

    method: str
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Answer:
    """A kept answer; it is read without the draws that it was made of."""

    findings: list[Finding]
    fit: Verdict


def keep_findings(folder: Path, found: Mapping[str, Sequence[Finding]], fit: Verdict) -> None:
    """Keep findings beside a run, by what was asked; where that is not possible they are worked out again."""
    with contextlib.suppress(TypeError, OSError, RunError):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            index = {
                "key": _key(folder),
                "fit": vars(fit),
                "asked": {q: [_plain(f) for f in x] for q, x in found.items()},
            }
            archive.writestr(INDEX, json.dumps(index, ensure_ascii=False))
            for question, said in found.items():
                for n, f in enumerate(said):
                    table = io.BytesIO()
                    f.table.write_parquet(table)
                    archive.writestr(f"{question}/{n}.parquet", table.getvalue())
        write_whole(folder / FILE, buffer.getvalue())


def load_findings(folder: Path) -> list[Finding] | None:
    """All that a run says, as it was kept; None where nothing was, or run or program have changed since."""
    kept = load_answer(folder, EVERYTHING)
    return None if kept is None else kept.findings


def load_answer(folder: Path, question: str) -> Answer | None:
    """What ``keep_findings`` kept of a question; None where it kept nothing, or run or program have changed since."""
    try:
        with zipfile.ZipFile(folder / FILE) as archive:
            index = json.loads(archive.read(INDEX))
            if index["key"] != _key(folder):
                return None
            said = index["asked"][question]
            tables = [pl.read_parquet(archive.read(f"{question}/{n}.parquet")) for n in range(len(said))]
        return Answer([_finding(x, t) for x, t in zip(said, tables, strict=True)], Verdict(**index["fit"]))
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
