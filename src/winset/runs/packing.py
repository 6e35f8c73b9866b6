"""One file to hand on: studies and runs; what it holds and what stays at home is said, every part checked when it is opened."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from winset.errors import RunError, UsageError
from winset.evidence import Responses, gather
from winset.evidence.interviews import FILE as STATEMENTS
from winset.evidence.pseudonyms import KEY
from winset.evidence.responses import RESULT, is_judged, is_single
from winset.runs.folder import Run, open_run
from winset.runs.provenance import input_files
from winset.study import Study
from winset.workbook import convert, is_workbook, load

SUFFIX, MANIFEST, FORMAT = ".winset", "winset.json", 1
LARGEST = 2 * 1024**3
"""Bytes that a packed file may unfold to: a run of many draws has some hundred million."""

SAME_DAY = (1980, 1, 1, 0, 0, 0)
"""Date of every part, the earliest that the format knows: what a file holds does not tell when somebody worked on it."""

BRIEFS = (".html", ".pdf", ".docx")
"""What a run says in words, quotations among them; `winset brief` writes it anew."""


@dataclass(frozen=True)
class Packed:
    """A file to hand on.

    Parameters
    ----------
    content
        The file, not sealed.
    holds, stays
        What is in it, and what was left at home, each a phrase.
    """

    content: bytes
    holds: tuple[str, ...]
    stays: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the file holds, before it leaves."""
        left = f" What stays at home: {'; '.join(self.stays)}." if self.stays else ""
        return f"It holds {'; '.join(self.holds)}.{left}"


@dataclass(frozen=True)
class Unpacked:
    """A study or a run that was unfolded.

    Parameters
    ----------
    kind
        ``study`` or ``run``.
    says
        What the file said that it holds.
    """

    folder: Path
    kind: str
    says: str


@dataclass
class _Bundle:
    """Parts by their place in the file, and what is said of them."""

    parts: dict[str, bytes] = dataclasses.field(default_factory=dict)
    folders: dict[str, str] = dataclasses.field(default_factory=dict)
    holds: list[str] = dataclasses.field(default_factory=list)
    stays: list[str] = dataclasses.field(default_factory=list)

    def place(self, name: str, kind: str) -> str:
        """A top folder of its own."""
        free = next(n for n in (name, *(f"{name}-{k}" for k in range(2, 1000))) if n not in self.folders)
        self.folders[free] = kind
        return free


def pack(things: Sequence[Path], *, voices: bool = False, keys: bool = False) -> Packed:
    """Put studies and runs into one file.

    Parameters
    ----------
    things
        Study folders, workbooks and run folders.
    voices
        Also what single people said: interviews, coded passages, quotations.
    keys
        Also the tables that say who stands behind which pseudonym.

    Raises
    ------
    UsageError, RunError, StudyError, EvidenceError
        If something is neither a study nor a run, or has mistakes.
    """
    bundle = _Bundle()
    twice = [p for n, p in enumerate(things) if p.resolve() in {x.resolve() for x in things[:n]}]
    if twice:
        raise UsageError(f"{twice[0]} is named twice; name it once")
    for path in things:
        if not path.exists():
            raise UsageError(f"{path} does not exist; name a study folder, a workbook or a run folder")
        if path.is_dir() and (path / "posterior.nc").exists():
            _add_run(bundle, path, voices=voices)
        else:
            _add_study(bundle, path, voices=voices, keys=keys)
    if not bundle.parts:
        raise UsageError("nothing is named; winset pack STUDY RUN")
    manifest = {"format": FORMAT, "winset": version("winset"), "folders": bundle.folders, "holds": bundle.holds}
    manifest |= {"stays": bundle.stays, "files": {n: hashlib.sha256(c).hexdigest() for n, c in bundle.parts.items()}}
    parts = {MANIFEST: json.dumps(manifest, indent=1).encode(), **bundle.parts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, SAME_DAY), content, zipfile.ZIP_DEFLATED)
    return Packed(buffer.getvalue(), tuple(bundle.holds), tuple(bundle.stays))


def _add_study(bundle: _Bundle, path: Path, *, voices: bool, keys: bool) -> None:
    study = load(path)
    private = {STATEMENTS, *(f for c in study.codings.values() for f in c.files)}
    read = input_files(study.folder)
    named = [p.name for p in read if p.name.endswith(KEY)]
    found = [p for p in read if keys or p.name not in named]
    spoken = [p for p in found if p.name in private and not voices]
    folder, kept = bundle.place(path.stem, "study"), [p for p in found if p not in spoken]
    if is_workbook(path) and not (study.experiments or study.codings):
        name = f"{path.stem}.xlsx" if spoken else path.name
        content = _write_anew(kept) if spoken else path.read_bytes()
        bundle.parts[f"{folder}/{name}"] = content
    else:  # a workbook with files beside it becomes a folder with all of them
        bundle.parts |= {f"{folder}/{p.name}": p.read_bytes() for p in kept}
    bundle.holds.append(_tell_study(study, gather(study), voices=not spoken))
    if spoken:
        bundle.stays.append(f"what people said in “{study.title}” ({', '.join(p.name for p in spoken)})")
    if named and not keys:
        bundle.stays.append(f"who is behind the pseudonyms ({', '.join(named)})")
    if is_workbook(path) and (spoken or study.experiments or study.codings):
        bundle.stays.append(f"sheets of your own and comments in {path.name}, which was written anew")
    unread = (
        [] if is_workbook(path) else sorted(p.name for p in study.folder.iterdir() if p.is_file() and p not in read)
    )
    if unread:
        bundle.stays.append(f"files that the study does not read ({', '.join(unread)})")


def _write_anew(files: Sequence[Path]) -> bytes:
    """A workbook of some of a study's files."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept) / "study"
        folder.mkdir()
        for p in files:
            shutil.copy(p, folder)
        return convert(load(folder), Path(kept) / "study.xlsx")[0].read_bytes()


def _tell_study(study: Study, responses: Responses, *, voices: bool) -> str:
    table = responses.table.with_columns(
        spoken=pl.col("instrument").is_in([i for i, x in study.instruments.items() if x.kind == "interviews"])
    )
    printed = table.filter(~is_single() & ~pl.col("spoken")).select(RESULT).n_unique()
    people = table.filter(is_single())["respondent"].n_unique()
    heard = round(table.filter(pl.col("spoken"))["weight"].sum()) if voices else 0
    found = [f"{printed} printed results"]
    found += [f"answers of {people:,} single respondents"] if people else []
    found += [f"what {heard} {'person' if heard == 1 else 'people'} said"] if heard else []
    return f"the study “{study.title}” as of {study.as_of}, with {' and '.join(found)}"


def _add_run(bundle: _Bundle, path: Path, *, voices: bool) -> None:
    run = open_run(path, with_rooms=False)
    folder, left = bundle.place(path.resolve().name, "run"), []
    for name, content in _parts_of(run, path):
        hidden = _hide(run, name, content) if not voices else content
        if hidden is None:
            left.append(name)
        else:
            bundle.parts[f"{folder}/{name}"] = hidden
    fit = run.acceptance.fit
    checks = "passed" if run.acceptance.diagnostics.passed else "did NOT pass"
    draws = len(run.acceptance.draws)
    heard = run.responses.table.filter(is_judged())["respondent"].n_unique()
    answers = f"; its fit rests on how {heard} people answered: each by a number, without words" if heard else ""
    bundle.holds.append(
        f"the run {folder} of “{run.study.title}” ({draws:,} draws, {fit.method}; it {checks} its checks{answers})"
    )
    if not voices and (left or run.responses.context.height):
        named = ", ".join(["coded passages", *left] if run.responses.context.height else left)
        bundle.stays.append(f"what people said in the run {folder} ({named})")


def _parts_of(run: Run, path: Path) -> Iterator[tuple[str, bytes]]:
    """Files of a run by their place in it; none that is hidden, half-written or a key."""
    for file in sorted(path.rglob("*")):
        place = file.relative_to(path)
        if file.is_file() and not any(part.startswith(".") for part in place.parts) and not file.name.endswith(KEY):
            yield place.as_posix(), file.read_bytes()


def _hide(run: Run, name: str, content: bytes) -> bytes | None:
    """A part of a run without what people said; None if it is left at home."""
    words = [w for w in run.responses.context["note"] if w.strip()]
    if name == f"study/{STATEMENTS}" or (words and name.endswith(BRIEFS)):
        return None
    if name == "context.parquet":
        buffer = io.BytesIO()
        run.responses.context.clear().write_parquet(buffer)
        return buffer.getvalue()
    if name == "findings.json" and words:
        said = [f for f in json.loads(content) if not any(w in str(f) for w in words)]
        return json.dumps(said, default=str, indent=1).encode()
    return content


def unpack(content: bytes, into: Path) -> list[Unpacked]:
    """Unfold a file that was packed, each study and run into a folder of its own; all of it or nothing.

    Raises
    ------
    UsageError
        If the file was not packed by winset or would overwrite something.
    RunError
        If a part is damaged, or the disk is full.
    """
    parts, manifest = _read(content)
    taken = [into / name for name in manifest["folders"] if (into / name).exists()]
    if taken:
        raise UsageError(f"{taken[0]} is there already, and nothing is overwritten; name another folder: --out FOLDER")
    made: list[Path] = []
    try:
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".winset-", dir=into) as beside:
            for name, part in parts.items():
                file = Path(beside, *PurePosixPath(name).parts)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(part)
            _date_alike(Path(beside))
            for name in manifest["folders"]:
                Path(beside, name).rename(into / name)
                made.append(into / name)
    except OSError as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise RunError(f"{into} cannot be written ({error.strerror or error}); nothing was unpacked") from error
    told = zip(manifest["folders"].items(), manifest["holds"], strict=True)
    return [Unpacked(into / name, kind, says) for (name, kind), says in told]


def _date_alike(folder: Path) -> None:
    """One date for all: tables of a run are trusted where they are no older than its posterior."""
    now = os.stat(folder).st_mtime
    for file in folder.rglob("*"):
        os.utime(file, (now, now))


def _read(content: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Parts by name and the manifest, every part as it was packed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        manifest = json.loads(_part(archive, MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UsageError("this is no file that `winset pack` wrote, or it was cut off on its way") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UsageError(f"this file was packed by another version of winset ({manifest.get('winset', 'unknown')})")
    if sum(i.file_size for i in archive.infolist()) > LARGEST:
        raise UsageError(f"this file would unfold to more than {LARGEST // 1024**3} GB; it is not opened")
    wrong = [n for n in manifest["files"] if not _is_safe(n, manifest["folders"])]
    if wrong:
        raise UsageError(f"this file names a place outside its folders (`{wrong[0]}`); it is not opened")
    parts = {}
    for name, known in manifest["files"].items():
        try:
            parts[name] = _part(archive, name)
        except (KeyError, zipfile.BadZipFile, ValueError, OSError) as error:
            raise RunError(f"`{name}` is missing from this file or damaged; have it sent again") from error
        if hashlib.sha256(parts[name]).hexdigest() != known:
            raise RunError(f"`{name}` is not as it was packed; have the file sent again")
    return parts, manifest


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part, no longer than it says that it is."""
    with archive.open(name) as file:
        return file.read(archive.getinfo(name).file_size + 1)


def _is_safe(name: str, folders: dict[str, str]) -> bool:
    """Whether a part lies inside one of the folders."""
    parts = name.split("/")
    plain = all(p not in {"", ".", ".."} and "\\" not in p and ":" not in p for p in parts)
    return plain and len(parts) > 1 and parts[0] in folders
