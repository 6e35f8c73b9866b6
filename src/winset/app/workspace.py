"""A folder of studies and runs; the files on disk are the truth."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from winset.errors import Mistake, MistakesError, UsageError
from winset.runs.atomic import write_whole
from winset.study.loading import shipped
from winset.workbook import convert, is_workbook, load, write_starter
from winset.workbook.grids import KINDS

HIDDEN = ".winset"
"""Folder of what the app keeps for itself: versions, what was archived, jobs and their logs."""
RUNS = "runs"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$")


@dataclass(frozen=True)
class RunCard:
    """What a run says of itself without being opened."""

    name: str
    study: str
    title: str
    as_of: str
    made: str
    passed: bool
    fast: bool
    headline: str


@dataclass(frozen=True)
class Version:
    """A study as it was before a change."""

    id: str
    when: str
    why: str


@dataclass(frozen=True)
class Workspace:
    """Studies (workbooks, or folders with study.yaml) and the runs made of them."""

    folder: Path

    def studies(self) -> list[str]:
        """Names of the studies here, workbooks with their ending."""
        found = [p.name for p in self.folder.iterdir() if _is_study(p) and NAME.match(p.name)]
        return sorted(found, key=str.lower)

    def study(self, name: str) -> Path:
        """Where a study lies.

        Raises
        ------
        UsageError
            If there is none of that name.
        """
        path = self._inside(name)
        if not _is_study(path):
            raise UsageError(f"there is no study `{name}` here")
        return path

    def run(self, name: str) -> Path:
        """Where a finished run lies.

        Raises
        ------
        UsageError
            If there is none of that name.
        """
        path = self._inside(name, RUNS)
        if not (path / "findings.json").is_file():
            raise UsageError(f"there is no finished run `{name}` here")
        return path

    def run_of(self, study: str, *, fast: bool) -> str:
        """Name of the run that a study is fitted into."""
        return Path(study).stem + ("-quick" if fast else "")

    def runs(self) -> list[RunCard]:
        """Finished runs, the latest first."""
        found = [c for p in (self.folder / RUNS).glob("*/findings.json") if (c := _card(p.parent)) is not None]
        return sorted(found, key=lambda c: c.made, reverse=True)

    def open_example(self, name: str) -> str:
        """A copy of a shipped study, as a workbook."""
        if name not in shipped():
            raise UsageError(f"no example is called `{name}`")
        to = self._free(f"{name}.xlsx")
        convert(load(name), to)
        return to.name

    def start(self, name: str, sides: int) -> str:
        """A new workbook, filled with the small example to be written over."""
        to = self._free(f"{_stem(name)}.xlsx")
        write_starter(to, sides=sides)
        return to.name

    def take(self, name: str, content: bytes) -> str:
        """A workbook that somebody uploads."""
        if Path(name).suffix.lower() not in KINDS:
            raise UsageError(f"{name} is no workbook; a study is uploaded as one of {', '.join(KINDS)}")
        to = self._free(f"{_stem(Path(name).stem)}{Path(name).suffix.lower()}")
        write_whole(to, content)
        return to.name

    def say(self, mistakes: Iterable[Mistake]) -> list[str]:
        """Mistakes as sentences, files named from this folder on."""
        return [str(m).replace(f"{self.folder}{os.sep}", "") for m in mistakes]

    def tag(self, name: str) -> str:
        """Changes whenever a workbook does."""
        return hashlib.sha256(self.study(name).read_bytes()).hexdigest()[:16]

    def save(self, name: str, content: bytes, why: str) -> None:
        """Write a workbook anew; what it was before is kept."""
        path = self.study(name)
        kept = self._kept(name)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%f")
        write_whole(kept / f"{stamp}{path.suffix}", path.read_bytes())
        write_whole(kept / f"{stamp}.txt", why.encode())
        write_whole(path, content)

    def versions(self, name: str) -> list[Version]:
        """Earlier states of a study, the latest first: each as it was before the change that it names."""
        found = []
        for note in sorted(self._kept(name).glob("*.txt"), reverse=True):
            when = dt.datetime.strptime(note.stem, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
            found.append(Version(note.stem, f"{when.astimezone():%-d %B %Y, %H:%M:%S}", note.read_text()))
        return found

    def restore(self, name: str, version: str) -> None:
        """Bring an earlier state back; today's is kept."""
        path = self.study(name)
        if version not in {v.id for v in self.versions(name)}:
            raise UsageError(f"`{name}` has no version `{version}`")
        self.save(name, (self._kept(name) / f"{version}{path.suffix}").read_bytes(), "an earlier version was restored")

    def archive(self, name: str) -> None:
        """Put a study away; ``unarchive`` brings it back."""
        path, to = self.study(name), self.folder / HIDDEN / "archive" / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if to.exists():
            raise UsageError(f"a study `{name}` is in the archive already; bring it back and rename one of them")
        os.replace(path, to)

    def archived(self) -> list[str]:
        """Names of the studies put away."""
        place = self.folder / HIDDEN / "archive"
        return sorted(p.name for p in place.iterdir()) if place.is_dir() else []

    def unarchive(self, name: str) -> None:
        """Bring a study back from the archive."""
        if name not in self.archived():
            raise UsageError(f"no study `{name}` is in the archive")
        os.replace(self.folder / HIDDEN / "archive" / name, self._free(name))

    def duplicate(self, name: str) -> str:
        """A copy under another name."""
        path = self.study(name)
        to = self._free(path.name)
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, to)
        return to.name

    def _kept(self, name: str) -> Path:
        return self.folder / HIDDEN / "versions" / name

    def _inside(self, name: str, *above: str) -> Path:
        """A path for a name that a request brings: of this folder, or none."""
        if not NAME.match(name) or ".." in name:
            raise UsageError(
                f"`{name[:80]}` is no name that may stand here: letters, digits, spaces, full stops and - _ only"
            )
        return self.folder.joinpath(*above, name)

    def _free(self, name: str) -> Path:
        """A path that is not taken: a number is added where it is."""
        path = self._inside(name)
        for n in range(2, 1000):
            if not path.exists():
                return path
            path = self._inside(f"{Path(name).stem}-{n}{Path(name).suffix}")
        raise UsageError(f"`{name}` is taken; choose another name")


def _is_study(path: Path) -> bool:
    return (is_workbook(path) and path.is_file()) or (path / "study.yaml").is_file()


def _stem(name: str) -> str:
    """A name that people type, as the name of a file."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name.strip()).strip("-.")
    if not plain:
        raise UsageError("give it a name of letters and digits")
    return plain[:60]


def _card(folder: Path) -> RunCard | None:
    """What the files of a run say; None where one is damaged or half written."""
    try:
        findings = {f["id"]: f for f in json.loads((folder / "findings.json").read_text(encoding="utf-8"))}
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        study = load(folder / "study")
    except (OSError, ValueError, KeyError, MistakesError):
        return None
    fit = findings["fit"]["table"]
    passed = bool((fit[0] if isinstance(fit, list) else fit).get("passed", True))
    said = next(
        (findings[k]["sentence"] for k in ("proposals", "best") if k in findings and findings[k]["sentence"]), ""
    )
    made = dt.datetime.fromtimestamp((folder / "findings.json").stat().st_mtime, dt.UTC).astimezone()
    return RunCard(
        folder.name, study.id, study.title, f"{study.as_of}", f"{made:%Y-%m-%d %H:%M}", passed, settings["fast"], said
    )
