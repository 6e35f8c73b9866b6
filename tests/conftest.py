"""One tiny study, used everywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from winset.runs import Run
from winset.study import Study, load

VALLEY = Path(__file__).parent / "valley"


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


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20250605)
