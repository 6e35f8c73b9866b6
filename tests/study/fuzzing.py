"""Studies with mistakes at random, each the same for the same number: every one is read, or refused in a sentence."""

from __future__ import annotations

import functools
import random
import signal
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from tests.study.mutations import mutate_bytes, mutate_csv, mutate_yaml

import winset
from winset.errors import MistakesError, WinsetError
from winset.evidence import gather, gathering
from winset.study import load, yamlfile

STUDIES, WHOLE = Path(winset.__file__).parent / "studies", Path(__file__).parent / "whole"
LONGEST = 20
"""Seconds after which a reader counts as hanging."""
PARTS = {"bare": 0.5, "whole": 0.25, "small": 0.23, "large": 0.02}
"""How often each study is changed; large files read slowly."""

BESIDE = {
    "interviews.csv": "statement,instrument,speaker,constituency,date,question,stance,count,source,theme\n"
    "s1,talks-with-soldiers,A,army,2025-01-12,river-border,1,1,release,tired\n"
    "s2,talks-with-soldiers,B,army,2025-01,river-border,-2,1,release,\n"
    "s3,talks-with-soldiers,C,army,2025-01-13,,0,1,release,pay\n",
    "history.csv": "day,side,what,value,source\n2024-11,north,losses,300,release\n2024-12-05,south,mobilisation,,\n",
}
"""What the study that `winset new` writes does not have."""
SOLDIERS = (
    "  talks-with-soldiers: {label: Soldiers, by: A reporter, mode: in person, kind: interviews, selection: journalist, "
    "population: soldiers of North}\n"
)

MORE = ("experiments.yaml", "codings.yaml", "talks.yaml", "history.csv", "pairs.csv", "codes.csv")
"""Files that most studies do without."""


@functools.cache
def seeds() -> Mapping[str, Mapping[str, str]]:
    """Files of the studies to start from, by study."""
    read = lambda folder: {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.iterdir()) if p.is_file()}  # noqa: E731
    small = {**read(STUDIES / "_new"), **read(STUDIES / "_war"), **BESIDE}
    small["instruments.yaml"] += SOLDIERS
    whole = read(WHOLE)
    bare = {n: t for n, t in whole.items() if n not in MORE}
    return {"bare": bare, "whole": whole, "small": small, "large": read(STUDIES / "istanbul-2025")}


@dataclass(frozen=True)
class Outcome:
    """What became of one mutation: ``loaded``, ``refused`` with a sentence, or a crash."""

    number: str
    file: str
    how: str
    said: str


class Hanging(Exception):
    """A reader took too long."""


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise Hanging

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Mutator:
    """Copies of the seeds in a scratch folder, of which one file at a time is changed."""

    def __init__(self, scratch: Path) -> None:
        self.folders = {name: scratch / name for name in seeds()}
        for name, files in seeds().items():
            self.folders[name].mkdir(parents=True)
            for file, text in files.items():
                (self.folders[name] / file).write_text(text, encoding="utf-8")

    def run(self, number: str) -> Outcome:
        """Change a file of a study, read the study, and put the file back."""
        rng = random.Random(number)
        name = rng.choices(list(PARTS), list(PARTS.values()))[0]
        file = rng.choice(sorted(seeds()[name]))
        path = self.folders[name] / file
        text = seeds()[name][file]
        changed = _mutate(file, text, rng)
        if changed is None:
            path.unlink()
        else:
            path.write_bytes(changed)
        try:
            how, said = read(self.folders[name])
        finally:
            path.write_text(text, encoding="utf-8")
        return Outcome(number, f"{name}/{file}", how, said)


def _mutate(file: str, text: str, rng: random.Random) -> bytes | None:
    kind = rng.random()
    if kind < 0.01:
        return rng.choice(
            [None, b"", b"\n", b"null\n", b"[]\n", b"# nothing\n", text.encode("utf-16"), text.encode() * 2]
        )
    if kind < 0.25:
        return mutate_bytes(text.encode(), rng)
    return (mutate_yaml if file.endswith(".yaml") else mutate_csv)(text, rng)


@functools.cache
def _parsed(text: str) -> object:
    return yamlfile.parse_yaml(text)


@functools.cache
def _readers() -> Mapping:
    return gathering.readers()


@contextmanager
def _unchanged_files_read_once() -> Iterator[None]:
    """Three quarters of the time would go into reading what no mutation touched."""
    known = {t for files in seeds().values() for t in files.values()}
    parse, readers = yamlfile.parse_yaml, _readers()
    for text in (t for files in seeds().values() for f, t in files.items() if f.endswith(".yaml")):
        _parsed(text)
    with (
        patch.object(yamlfile, "parse_yaml", lambda text: _parsed(text) if text in known else parse(text)),
        patch.object(gathering, "readers", lambda: readers),
    ):
        yield


def read(folder: Path) -> tuple[str, str]:
    """Load a study and gather its evidence."""
    try:
        with _unchanged_files_read_once(), in_time(LONGEST), warnings.catch_warnings():
            warnings.simplefilter("error")
            responses = gather(load(folder))
    except WinsetError as error:
        return _judge(error), str(error)
    except Hanging:
        return "hang", ""
    except Exception as error:
        ours = [f for f in traceback.extract_tb(error.__traceback__) if "/winset/" in f.filename]
        where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
        return f"{type(error).__name__} in {where}", traceback.format_exc()
    weights = responses.table["weight"]
    finite = weights.is_finite().all() and (weights >= 0).all()
    return ("loaded" if finite else "a weight that is no number"), str(responses)


def _judge(error: WinsetError) -> str:
    """Whether a refusal is a sentence for people, and names a line that is there."""
    said = str(error)
    if len(said.split()) < 3 or any(
        t in said for t in ("object at 0x", "<class", "Traceback", "CommentedMap", "ruamel")
    ):
        return "no sentence"
    if isinstance(error, MistakesError):
        for m in error.mistakes:
            path = Path(m.file)
            if m.line and (
                not path.is_file() or m.line > path.read_bytes().count(b"\n") + path.read_bytes().count(b"\r") + 2
            ):
                return "a line that is not there"
            if len(str(m)) > 1000:
                return "an endless sentence"
    return "refused"
