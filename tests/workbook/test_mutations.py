"""Whatever is wrong with a workbook, the answer is sentences that name its cells: never a traceback, never a hang."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

import pytest
from tests.workbook.mutations import mutate

from winset.errors import MistakesError
from winset.evidence import gather
from winset.study.loading import load as load_folder
from winset.study.loading import shipped
from winset.workbook import convert, every_mistake, load, write_starter

LONGEST = 60
"""Seconds that one workbook may take on a busy machine; most take a tenth of one."""
FEW, MANY, CONVERTED = 80, 2_500, 4
"""Workbooks that are tried in the ordinary suite and in the slow one; one of so many is written as a folder."""
SAVED = Path(__file__).parent / "saved"


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    """Stop what hangs."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def small_books(folder: Path) -> Iterator[Path]:
    """The starters, and what LibreOffice made of one."""
    yield from write_starter(folder / "starter.xlsx")
    yield from write_starter(folder / "three.xlsx", sides=3, scale="peace-poll")
    yield from write_starter(folder / "war.xlsx", war=True)
    yield from (Path(shutil.copy(SAVED / f"libreoffice.{kind}", folder)) for kind in ("xlsx", "ods", "ods", "ods"))


def every_book(folder: Path) -> Iterator[Path]:
    """All of these, and every shipped study; as .ods too where LibreOffice is installed."""
    yield from small_books(folder)
    for name in shipped():
        (book,) = convert(load_folder(name), folder / f"{name}.xlsx")
        yield book
        if program := shutil.which("soffice"):
            profile = f"-env:UserInstallation=file://{folder}/profile"  # one of its own: others may be at work
            subprocess.run([program, profile, "--headless", "--convert-to", "ods", book], cwd=folder, check=True)
            yield book.with_suffix(".ods")


def answer(path: Path, folder: Path | None) -> None:
    """Read a workbook, and write what can be used as a folder if one is named, as a user would."""
    try:
        study = load(path)
        gather(study)
        if folder is not None:
            convert(study, folder)
    except MistakesError as error:
        for mistake in every_mistake(error):
            assert mistake.message, "a mistake without a word"
            assert path.name in mistake.file, f"told of a file that no user sees: {mistake}"
            assert "winset-" not in str(mistake), f"told of a file that no user sees: {mistake}"


def try_all(books: Mapping[Path, bytes], count: int, folder: Path) -> list[str]:
    """What went wrong with mutations that are drawn with the seeds 0, 1, ..."""
    failed = []
    for seed in range(count):
        rng = random.Random(seed)
        source = rng.choice(list(books))
        said, content = mutate(books[source], source.suffix, rng)
        path, to = folder / f"case-{seed}{source.suffix}", folder / f"made-{seed}"
        path.write_bytes(content)
        try:
            with within(LONGEST):
                answer(path, to if seed % CONVERTED == 0 else None)
        except Exception as error:
            failed.append(f"seed {seed}, {source.name}, {said}: {type(error).__name__}: {str(error)[:300]}")
        path.unlink()
        shutil.rmtree(to, ignore_errors=True)
    return failed


def test_a_workbook_that_is_wrong_in_any_way_is_answered_in_sentences(tmp_path: Path) -> None:
    books = {p: p.read_bytes() for p in small_books(tmp_path)}
    assert try_all(books, FEW, tmp_path) == []


@pytest.mark.slow
def test_thousands_of_wrong_workbooks_are_answered_in_sentences(tmp_path: Path) -> None:
    books = {p: p.read_bytes() for p in every_book(tmp_path)}
    assert try_all(books, MANY, tmp_path) == []
