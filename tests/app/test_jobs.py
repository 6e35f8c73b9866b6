"""The queue of fits: one at a time, and nothing lost with the server."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from winset.app import Workspace
from winset.app.jobs import Jobs

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


def test_a_server_that_ends_leaves_its_fit_for_the_next(jobs: Jobs, place: Workspace) -> None:
    jobs.start()
    number = jobs.add("slow.xlsx", fast=True)
    wait(jobs, number, "running")
    jobs.stop()
    found = Jobs(place).find(number)
    assert found is not None
    assert found.live
