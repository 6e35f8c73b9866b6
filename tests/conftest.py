"""One tiny study, used everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from winset.runs import Run
from winset.study import Study, load

VALLEY = Path(__file__).parent / "valley"

# Many tests fit the same few studies, in processes of their own too: what was compiled once is read again. Each worker has
# a folder of its own, since JAX does not write there atomically.
COMPILED = Path(__file__).parents[1] / ".pytest_cache" / "compiled" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["JAX_COMPILATION_CACHE_DIR"] = str(COMPILED)
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0.3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fresh copy of the study of the tests."""
    return Path(shutil.copytree(VALLEY, tmp_path / "study"))


@pytest.fixture
def study(folder: Path) -> Study:
    return load(folder)


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], Path]:
    """Change a piece of text in one of the study's files."""

    def change(file: str, old: str, new: str) -> Path:
        text = (folder / file).read_text()
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, 1))
        return folder

    return change


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(VALLEY, tmp_path_factory.mktemp("tiny") / "study"))


@pytest.fixture(scope="session")
def tiny_run(tiny_folder: Path) -> Run:
    """A fast run of the tiny study, made once."""
    from winset.runs import make_run

    return make_run(load(tiny_folder), tiny_folder.parent / "run", fast=True)


@pytest.fixture(scope="session")
def spoken_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The tiny study with a party, and a poll of one side that named its leader."""
    from winset.runs import make_run

    folder = Path(shutil.copytree(VALLEY, tmp_path_factory.mktemp("spoken") / "study"))
    said = (
        "scale: yes-no, offer: {land: split}, endorsed: {leader: for}, wording: And if the Prime minister was for it?"
    )
    rows = [
        f"north-leader,river-leader,north-poll,public,2025-01-12,2025-01-14,1000,{a},release"
        for a in ("accept,60", "reject,30")
    ]
    for file, old, new in (
        (
            "study.yaml",
            "leader: {label: Prime minister of North}",
            "leader: {label: Prime minister of North}\n    voices: {unity: {label: Unity party}}",
        ),
        (
            "questions.yaml",
            "  river-border-south:",
            f"  river-leader: {{side: north, kind: term, {said}}}\n  river-border-south:",
        ),
        ("polls.csv", "south-2025-01,", "\n".join([*rows, "south-2025-01,"])),
    ):
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))
    return make_run(load(folder), folder.parent / "run", fast=True)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20250605)
