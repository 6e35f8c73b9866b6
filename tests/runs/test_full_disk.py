"""A disk that fills up while a run is written: a sentence, exit code 2, nothing half-written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from winset.runs import Run

CODE = """
import resource, shutil, signal, sys
from winset.cli import run_cli
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
sys.exit(run_cli(["run", sys.argv[1], "--fast", "--out", sys.argv[2]]))
"""


@pytest.mark.parametrize(("room", "unwritten"), [(1_000, "responses.parquet"), (200_000, "posterior.nc")])
def test_a_full_disk_is_a_sentence(folder: Path, tmp_path: Path, room: int, unwritten: str) -> None:
    done = _run(folder, tmp_path / "run", room)
    assert done.returncode == 2, done.stderr
    assert f"{unwritten} cannot be written" in done.stderr
    assert not (tmp_path / "run" / unwritten).exists()
    assert not list((tmp_path / "run").rglob("*.part"))


def test_a_brief_that_does_not_fit_leaves_the_run_and_can_be_made_later(tiny_run: Run) -> None:
    brief = tiny_run.folder / "brief.html"
    brief.unlink(missing_ok=True)
    done = _run(tiny_run.study.folder, tiny_run.folder, 250_000)
    assert done.returncode == 2, done.stderr
    assert "brief.html cannot be written" in done.stderr
    assert (tiny_run.folder / "findings.json").exists()
    assert not brief.exists()


def _run(folder: Path, out: Path, room: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CODE, str(folder), str(out), str(room)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
