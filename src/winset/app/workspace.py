"""A folder of studies and runs; the files on disk are the truth."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from winset.errors import Mistake, MistakesError, NotHereError, UsageError
from winset.runs.atomic import write_whole
from winset.runs.packing import Unpacked, unpack
from winset.study.loading import shipped
from winset.workbook import (
    add_joined,
    change_cells,
    convert,
    is_workbook,
    join_questionnaire,
    list_sheets,
    load,
    read_mark,
    read_sheet,
    write_starter,
)
from winset.workbook.draft import make_id
from winset.workbook.opening import KINDS
from winset.workbook.sheets import INTERVIEWS, MORE, SHEETS, TREES

HIDDEN = ".winset"
"""Folder of what the app keeps for itself: versions, what was archived, jobs and their logs."""
RUNS = "runs"
MINUTE = "%Y%m%d-%H%M"
"""How the minute is written in which an answer was made."""
STUDIES_AWAY, RUNS_AWAY = "archive", "archived-runs"
"""Folders in it of what was put away."""
WITHOUT_WORDS = {s.name for s in SHEETS} - {INTERVIEWS.name, MORE.name, *TREES}
"""Sheets of ours in which nobody is quoted."""
NAME = re.compile(r"^[^\W_][\w .-]{0,79}$")


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
    stamp: float
    """When it was made, in seconds; the study may have changed since."""


@dataclass(frozen=True)
class Version:
    """A study as it was before a change."""

    id: str
    when: str
    why: str
    who: str
    """Who changed it then, where people have accounts."""


@dataclass(frozen=True)
class Workspace:
    """Studies (workbooks, or folders with study.yaml) and the runs made of them.

    Parameters
    ----------
    who
        Who changes them; a version keeps the name.
    """

    folder: Path
    who: str = ""

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
            raise NotHereError(f"there is no study `{name}` here")
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
            raise NotHereError(f"there is no finished run `{name}` here")
        return path

    def run_of(self, study: str, *, fast: bool) -> str:
        """Name of the run that a study is fitted into."""
        return Path(study).stem + ("-quick" if fast else "")

    def keep_run(self, name: str) -> None:
        """Before a run is made anew, what it said so far is kept beside it, under its day and hour."""
        path = self.folder / RUNS / name
        if not (path / "findings.json").is_file():
            return
        kept = path.with_name(kept_name(name, _made(path)))
        if not kept.exists():
            shutil.copytree(path, kept)

    def made(self, name: str) -> dt.datetime:
        """When a finished run was made."""
        return _made(self.run(name))

    def runs(self) -> list[RunCard]:
        """Finished runs, the latest first."""
        found = [c for p in (self.folder / RUNS).glob("*/findings.json") if (c := _card(p.parent)) is not None]
        return sorted(found, key=lambda c: c.made, reverse=True)

    def open_example(self, name: str) -> str:
        """A copy of a shipped study, as a workbook."""
        if name not in shipped():
            raise UsageError(f"no example is called `{name}`")
        to = self._free(f"{name}.xlsx")
        convert(load(shipped()[name]), to)  # by its path: the folder that one is in may hold something of that name
        return to.name

    def start(self, name: str, sides: int) -> str:
        """A new workbook, filled with the small example to be written over."""
        to = self._free(f"{stem_of(name)}.xlsx")
        write_starter(to, sides=sides)
        named = {"Title": name.strip(), "Study": make_id(to.stem) or "case"}
        rows = enumerate(read_sheet(to, "Start"), 1)
        write_whole(to, change_cells(to, "Start", {f"B{n}": named[row[0]] for n, row in rows if row[0] in named}))
        return to.name

    def take(self, name: str, content: bytes) -> str:
        """A workbook that somebody uploads."""
        if Path(name).suffix.lower() not in KINDS:
            raise UsageError(f"{name} is no workbook; a study is uploaded as one of {', '.join(KINDS)}")
        _look_into(name, content)
        to = self._free(f"{stem_of(Path(name).stem)}{Path(name).suffix.lower()}")
        write_whole(to, content)
        return to.name

    def replace(self, name: str, uploaded: str, content: bytes) -> None:
        """The same workbook, changed in a spreadsheet program.

        Raises
        ------
        UsageError
            If it is another kind of file or no study, or was downloaded before something was changed here.
        """
        path = self.study(name)
        if Path(uploaded).suffix.lower() != path.suffix.lower():
            raise UsageError(f"{uploaded} is of another kind than {name}; save it as {path.suffix}")
        _look_into(uploaded, content)
        of = read_mark(content)
        if of and of != self.tag(name):
            raise UsageError(
                f"{name} was changed here after {uploaded} was downloaded, and would lose those changes: download it again and "
                "change that, or bring yours as a case of its own on the first page"
            )
        self.save(name, content, f"before {uploaded} was uploaded")

    def join(self, name: str, uploaded: str, content: bytes, as_of: dt.date | None) -> None:
        """Take the answers to a questionnaire into a study; what was left out stands with the version before.

        Raises
        ------
        UsageError
            If nothing in it is new, or something in it is wrong: then nothing is changed.
        """
        path = self.study(name)
        if not is_workbook(path):
            raise UsageError("this study is a folder of files; turn it into a workbook first")
        known = load(path)
        with tempfile.TemporaryDirectory() as kept:
            file = Path(kept) / f"{stem_of(Path(uploaded).stem)}{Path(uploaded).suffix.lower()}"
            file.write_bytes(content)
            if not is_workbook(file):
                raise UsageError(f"{uploaded} is no workbook; a run's page on what to ask next writes one to fill in")
            try:
                joined = join_questionnaire(known, file, as_of)
            except MistakesError as error:
                raise UsageError(f"{uploaded}: {'; '.join(self.say(error.mistakes))}. Nothing was changed") from None
            except UsageError as error:
                raise UsageError(str(error).replace(f"{kept}{os.sep}", "")) from None
        if not joined.rows:
            raise UsageError(f"{name} has every filled row of {uploaded} already; nothing was changed")
        count = len(joined.rows["Polls"])
        said = f"before the answers of {uploaded} were taken in ({count} of sheet Polls)"
        moved = as_of if as_of != known.as_of else None
        self.save(name, add_joined(path, joined, moved), "; ".join([said, *joined.told]))

    def say(self, mistakes: Iterable[Mistake]) -> list[str]:
        """Mistakes of a study as sentences: in a workbook, each with its sheet and cell."""
        return [f"{m.file.rpartition(', ')[2]}!{m.cell}: {m.message}" if m.cell else str(m) for m in mistakes]

    def tag(self, name: str) -> str:
        """Changes whenever a workbook's content does, or a file of a folder is written."""
        path = self.study(name)
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        seen = [(str(p), s.st_mtime_ns, s.st_size) for p in sorted(path.rglob("*")) for s in [p.stat()]]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]

    def save(self, name: str, content: bytes, why: str) -> None:
        """Write a workbook anew; what it was before is kept."""
        path = self.study(name)
        kept = self._kept(name)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%f")
        write_whole(kept / f"{stamp}{path.suffix}", path.read_bytes())
        write_whole(kept / f"{stamp}.txt", "\n".join(filter(None, [why, self.who])).encode())
        write_whole(path, content)

    def put_beside(self, name: str, file: Path) -> None:
        """Lay a file of answers beside the workbooks, where one of them names it; what is there stays."""
        to = self._inside(name)
        if not to.exists():
            write_whole(to, file.read_bytes())

    def versions(self, name: str) -> list[Version]:
        """Earlier states of a study, the latest first: each as it was before the change that it names."""
        found = []
        for note in sorted(self._kept(name).glob("*.txt"), reverse=True):
            when = dt.datetime.strptime(note.stem, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
            why, _, who = note.read_text(encoding="utf-8").partition("\n")
            found.append(Version(note.stem, f"{when.astimezone():%-d %B %Y, %H:%M:%S}", why, who))
        return found

    def restore(self, name: str, version: str) -> None:
        """Bring an earlier state back; today's is kept."""
        path = self.study(name)
        if version not in {v.id for v in self.versions(name)}:
            raise UsageError(f"`{name}` has no version `{version}`")
        self.save(name, (self._kept(name) / f"{version}{path.suffix}").read_bytes(), "an earlier version was restored")

    def archive(self, name: str) -> None:
        """Put a study away; ``unarchive`` brings it back."""
        taken = f"a study `{name}` is in the archive already; bring it back and rename one of them"
        self._put_away(self.study(name), STUDIES_AWAY, taken)

    def archived(self) -> list[str]:
        """Names of the studies put away."""
        return self._away(STUDIES_AWAY)

    def unarchive(self, name: str) -> None:
        """Bring a study back from the archive."""
        if name not in self.archived():
            raise UsageError(f"no study `{name}` is in the archive")
        os.replace(self.folder / HIDDEN / STUDIES_AWAY / name, self._free(name))

    def archive_run(self, name: str) -> None:
        """Put a run away; ``unarchive_run`` brings it back."""
        taken = f"an answer `{name}` is in the archive already; bring it back first"
        self._put_away(self.run(name), RUNS_AWAY, taken)

    def archived_runs(self) -> list[str]:
        """Names of the runs put away."""
        return self._away(RUNS_AWAY)

    def unarchive_run(self, name: str) -> None:
        """Bring a run back from the archive.

        Raises
        ------
        UsageError
            If it is not there, or another of its name was made meanwhile.
        """
        if name not in self.archived_runs():
            raise UsageError(f"no answer `{name}` is in the archive")
        to = self.folder / RUNS / name
        if to.exists():
            raise UsageError(f"there is another answer `{name}` now; put that away first")
        to.parent.mkdir(exist_ok=True)
        os.replace(self.folder / HIDDEN / RUNS_AWAY / name, to)

    def _put_away(self, path: Path, shelf: str, taken: str) -> None:
        to = self.folder / HIDDEN / shelf / path.name
        to.parent.mkdir(parents=True, exist_ok=True)
        if to.exists():
            raise UsageError(taken)
        os.replace(path, to)

    def _away(self, shelf: str) -> list[str]:
        place = self.folder / HIDDEN / shelf
        return sorted(p.name for p in place.iterdir()) if place.is_dir() else []

    def receive(self, content: bytes) -> list[Unpacked]:
        """Studies and runs that somebody passed on, each under a name that is free.

        Raises
        ------
        UsageError, RunError
            If the file was not packed by winset, or something in it is damaged: then nothing is taken.
        """
        (self.folder / HIDDEN).mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder / HIDDEN) as kept:
            return [self._settle(x) for x in unpack(content, Path(kept) / "received")]

    def _settle(self, x: Unpacked) -> Unpacked:
        """Where what was received goes; a study that is one workbook lies here as any other."""
        files = list(x.folder.iterdir())
        if x.kind == "run":
            (self.folder / RUNS).mkdir(exist_ok=True)
            to = self._free(x.folder.name, RUNS)
        elif len(files) == 1 and is_workbook(files[0]):
            to, x = self._free(files[0].name), dataclasses.replace(x, folder=files[0])
        else:
            to = self._free(x.folder.name)
        os.replace(x.folder, to)
        return dataclasses.replace(x, folder=to)

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

    def _free(self, name: str, *above: str) -> Path:
        """A path that is not taken: a number is added where it is."""
        path = self._inside(name, *above)
        for n in range(2, 1000):
            if not path.exists():
                return path
            path = self._inside(f"{Path(name).stem}-{n}{Path(name).suffix}", *above)
        raise UsageError(f"`{name}` is taken; choose another name")


def _is_study(path: Path) -> bool:
    return (is_workbook(path) and path.is_file()) or (path / "study.yaml").is_file()


def _look_into(name: str, content: bytes) -> None:
    """Refuse what is no workbook of a study, before anything is written."""
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / f"upload{Path(name).suffix.lower()}"
        path.write_bytes(content)
        try:
            known = list_sheets(path)
        except MistakesError as error:
            raise UsageError(f"{name} {error.mistakes[0].message}; nothing was changed") from None
    if not {"Terms", "Sides"} & set(known):
        raise UsageError(
            f"{name} is a workbook, but no study: it has no sheet called Terms or Sides. Start a new case here and fill in its "
            "sheets; nothing was changed"
        )


def stem_of(name: str) -> str:
    """A name that people type, as the name of a file."""
    if not name.isprintable():
        raise UsageError("the name holds a character that cannot be printed; type it instead of pasting it")
    plain = re.sub(r"[^\w.-]+", "-", name.strip()).strip("-._")
    if not plain:
        raise UsageError("give it a name of letters and digits")
    return plain[:60]


def kept_name(run: str, made: dt.datetime) -> str:
    """What an answer is called once a newer one has its name."""
    return f"{run}-{made:{MINUTE}}"


def _made(folder: Path) -> dt.datetime:
    return _as_time((folder / "findings.json").stat().st_mtime)


def _as_time(stamp: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(stamp, dt.UTC).astimezone()


def _card(folder: Path) -> RunCard | None:
    """What the files of a run say; None where one is damaged or half written."""
    with contextlib.suppress(OSError, ValueError, KeyError, MistakesError):
        return _card_of(folder, (folder / "findings.json").stat().st_mtime)
    return None


@functools.lru_cache(maxsize=500)
def _card_of(folder: Path, stamp: float) -> RunCard:
    """The same of a run made at a time, kept; what is raised is not, so that a run that was mended is seen."""
    findings = {f["id"]: f for f in json.loads((folder / "findings.json").read_text(encoding="utf-8"))}
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    study = load(folder / "study")
    fit = findings["fit"]["table"]
    passed = bool((fit[0] if isinstance(fit, list) else fit).get("passed", True))
    said = next(
        (findings[k]["sentence"] for k in ("proposals", "best") if k in findings and findings[k]["sentence"]), ""
    )
    made = _as_time(stamp)
    return RunCard(
        folder.name,
        study.id,
        study.title,
        f"{study.as_of}",
        f"{made:%Y-%m-%d %H:%M}",
        passed,
        settings["fast"],
        said,
        stamp,
    )
