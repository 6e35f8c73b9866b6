"""The queue of fits: one at a time, and nothing lost with the server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from winset.app import Workspace
from winset.app.jobs import Jobs

REAL = sys.executable
STAND_IN = """import pathlib, sys, time
study, run = sys.argv[4], pathlib.Path(sys.argv[6])
print("fitting", study, flush=True)
time.sleep(0.2 if "slow" not in study else 60)
if "bad" in study:
    sys.exit("it failed")
run.mkdir(parents=True, exist_ok=True)
(run / "findings.json").write_text("[]")
"""
"""In place of a fit: the queue is tried, not the sampler."""


@pytest.fixture
def jobs(place: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Jobs]:
    script = tmp_path / "fit"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path / "winset-fit.py"} "$@"\n')
    script.chmod(0o755)
    (tmp_path / "winset-fit.py").write_text(STAND_IN)
    monkeypatch.setattr("winset.app.jobs.sys.executable", str(script))
    queue = Jobs(place)
    yield queue
    queue.stop()


def wait(jobs: Jobs, number: int, *states: str) -> str:
    for _ in range(1200):
        job = jobs.find(number)
        assert job is not None
        if job.state in states:
            return job.said
        time.sleep(0.05)
    raise AssertionError(f"{jobs.find(number)} is none of {states}")


def test_fits_run_one_after_the_other(jobs: Jobs, place: Workspace) -> None:
    jobs.start()
    first, second = (jobs.add(s, fast=True) for s in ("a.xlsx", "b.xlsx"))
    assert wait(jobs, first, "done") == "fitting a.xlsx"
    wait(jobs, second, "done")
    assert (place.folder / "runs" / "b-quick" / "findings.json").exists()


def test_a_fit_that_fails_says_why(jobs: Jobs) -> None:
    jobs.start()
    assert wait(jobs, jobs.add("bad.xlsx", fast=False), "failed") == "it failed"


def test_asking_twice_is_asking_once(jobs: Jobs) -> None:
    assert jobs.add("a.xlsx", fast=True) == jobs.add("a.xlsx", fast=True) != jobs.add("a.xlsx", fast=False)


def test_a_fit_that_runs_is_cancelled(jobs: Jobs) -> None:
    jobs.start()
    number = jobs.add("slow.xlsx", fast=True)
    wait(jobs, number, "running")
    jobs.cancel(number)
    wait(jobs, number, "cancelled")
    wait(jobs, jobs.add("a.xlsx", fast=True), "done")


def test_a_fit_goes_on_after_the_server_was_killed(jobs: Jobs, place: Workspace) -> None:
    """The next server ends what the first left running, and takes it up again."""
    number = jobs.add("a.xlsx", fast=True)
    with jobs._open() as base:
        base.execute("update jobs set state = 'running', process = 99999999 where id = ?", (number,))
    later = Jobs(place)
    later.start()
    wait(later, number, "done")
    later.stop()


def test_a_disk_that_is_full_fails_one_fit_and_not_the_queue(
    jobs: Jobs, place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Workspace.keep_run

    def keep(self: Workspace, name: str) -> None:
        if name == "a-quick":
            raise OSError(28, "No space left on device")
        kept(self, name)

    monkeypatch.setattr(Workspace, "keep_run", keep)
    jobs.start()
    first, second = (jobs.add(s, fast=True) for s in ("a.xlsx", "b.xlsx"))
    assert "No space left" in wait(jobs, first, "failed")
    wait(jobs, second, "done")


SERVER = """import sys
from pathlib import Path
from winset.app import Workspace
from winset.app import jobs
jobs.sys.executable = sys.argv[2]
place = Workspace(Path(sys.argv[1]))
queue = jobs.Jobs(place)
queue.start()
for n in range(int(sys.argv[3]), 10**6):
    place.save("case.xlsx", f"edit {n}".encode(), f"edit {n}")
    print(f"edit {n}\\n", end="", flush=True)  # a line is whole or absent, whenever it is killed
    print(f"fit {queue.add(f's{n}.xlsx', fast=True)}\\n", end="", flush=True)
"""


def _served(place: Workspace, stand_in: Path, first: int, seconds: float, out: Path) -> None:
    """A server that saves edits and takes fits as fast as it can, killed after some seconds."""
    with out.open("ab") as told:
        order = [REAL, "-c", SERVER, str(place.folder), str(stand_in), str(first)]
        server = subprocess.Popen(order, stdout=told, stderr=subprocess.PIPE)
        before = out.stat().st_size
        while out.stat().st_size == before and server.poll() is None:
            time.sleep(0.01)
        time.sleep(seconds)
        server.kill()
        _, wrong = server.communicate()
    assert b"Traceback" not in wrong, wrong.decode()


@pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.slow)])
def test_a_server_killed_at_any_moment_loses_no_finished_edit_and_no_fit(
    place: Workspace, jobs: Jobs, tmp_path: Path, kills: int
) -> None:
    rng, told = np.random.default_rng(kills), tmp_path / "told"
    (place.folder / "case.xlsx").write_bytes(b"edit -1")
    told.touch()
    done: list[list[str]] = []
    for _ in range(kills):
        edits = [int(line.split()[1]) for line in told.read_text().splitlines() if line.startswith("edit")]
        _served(place, tmp_path / "fit", max(edits, default=-1) + 1, float(rng.uniform(0, 0.4)), told)
        done = [line.split() for line in told.read_text().splitlines() if len(line.split()) == 2]
        last = max(int(n) for what, n in done if what == "edit")
        assert int((place.folder / "case.xlsx").read_text().split()[1]) in {last, last + 1}
        assert {f"edit {n}" for n in range(last + 1)} <= {v.why for v in place.versions("case.xlsx")}
    known = dict(_states(jobs))
    assert {int(n) for what, n in done if what == "fit"} <= set(known)
    assert set(known.values()) <= {"queued", "running", "done"}
    with jobs._open() as base:  # a taste of what is left; all of them would take an hour
        base.execute("delete from jobs where state = 'queued' and id < (select max(id) - 3 from jobs)")
    jobs.start()
    for number, _ in _states(jobs)[-3:]:
        wait(jobs, number, "done")


def _states(jobs: Jobs) -> list[tuple[int, str]]:
    with jobs._open() as base:
        return [(int(n), str(s)) for n, s in base.execute("select id, state from jobs order by id").fetchall()]


def test_a_server_that_ends_leaves_its_fit_for_the_next(jobs: Jobs, place: Workspace) -> None:
    jobs.start()
    number = jobs.add("slow.xlsx", fast=True)
    wait(jobs, number, "running")
    jobs.stop()
    found = Jobs(place).find(number)
    assert found is not None
    assert found.live
