"""Scores in parts: the same bytes however they come to be."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from winset.cli.commands import invoke
from winset.errors import RunError, UsageError
from winset.runs import open_run, open_scores, score_everything
from winset.runs.scores import too_large

SCORE = """
import sys, time
from pathlib import Path
import winset.runs.scores as scores
from winset.runs import open_run
import winset.room.scoring as scoring
scores.PART, scoring.MOST_COLUMNS, scoring.MOST_INNER = 1, 2, 1
slow = scores._Job.make
def make(job, part):
    time.sleep(float(sys.argv[3]))
    return slow(job, part)
scores._Job.make = make
scores.score_everything(open_run(Path(sys.argv[1]), with_rooms=False).room, Path(sys.argv[2]), draws=30)
"""


def digest(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.fixture
def one_each(monkeypatch):
    monkeypatch.setattr("winset.runs.scores.PART", 1)
    monkeypatch.setattr("winset.room.scoring.MOST_COLUMNS", 2)
    monkeypatch.setattr("winset.room.scoring.MOST_INNER", 1)


def test_scores_on_disk_are_those_in_memory(tiny_run, tmp_path):
    room = tiny_run.room
    scores = score_everything(room, tmp_path / "s", draws=250, with_clauses=True, with_acceptance=True)
    table = scores.scan().collect()
    memory = {str(room.scores.space.package(room.scores.space.unrank(n))): p for n, p in enumerate(room.scores.both)}
    for row in table.iter_rows(named=True):
        terms = dict(t.split("=") for t in scores.package(row["package"]).split(";"))
        text = ";".join(f"{i.id}={terms[i.id]}" for i in room.scores.space.issues)
        assert row["p_all"] == pytest.approx(memory[text])
    assert any(c.startswith("fails: north: ") for c in scores.columns)
    assert "accept_south_public" in scores.columns
    assert scores.top(1)["p_all"][0] == pytest.approx(max(memory.values()))


def test_a_killed_run_goes_on_to_the_same_bytes(tiny_run, tmp_path):
    run = str(tiny_run.folder)
    subprocess.run([sys.executable, "-c", SCORE, run, str(tmp_path / "whole"), "0"], check=True)
    command = [sys.executable, "-c", SCORE, run, str(tmp_path / "cut"), "0.7"]
    process = subprocess.Popen(command)
    wait = time.monotonic() + 60
    while not (tmp_path / "cut" / "part-00000.parquet").exists() and time.monotonic() < wait:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(RunError, match="parts are missing"):
        open_scores(tmp_path / "cut")
    subprocess.run([*command[:-1], "0"], check=True)
    assert digest(tmp_path / "cut") == digest(tmp_path / "whole")


def test_a_damaged_part_is_made_again_and_a_damaged_list_is_said(tiny_run, tmp_path):
    folder = tmp_path / "s"
    score_everything(tiny_run.room, folder, draws=20)
    before, part = digest(folder), folder / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:50])
    with pytest.raises(RunError, match="missing or damaged"):
        open_scores(folder)
    score_everything(tiny_run.room, folder, draws=20)
    assert digest(folder) == before
    (folder / "scores.json").write_text("{")
    with pytest.raises(RunError, match=r"scores\.json is damaged"):
        score_everything(tiny_run.room, folder, draws=20)


def test_scores_of_another_question_are_not_mixed(tiny_run, tmp_path):
    score_everything(tiny_run.room, tmp_path / "s", draws=20)
    with pytest.raises(RunError, match=r"another question .*columns"):
        score_everything(tiny_run.room, tmp_path / "s", draws=20, with_clauses=True)
    with pytest.raises(RunError, match="another run"):
        score_everything(tiny_run.room, tmp_path / "s", draws=30)


def test_a_space_too_large_says_how_large_and_what_to_ask(tiny_run, tmp_path, monkeypatch):
    assert "1,099,511,627,776 packages x 200 draws" in too_large(4**20, 200)
    monkeypatch.setattr("winset.runs.scores.MOST", 5)
    with pytest.raises(UsageError, match="winset room RUN --top 20"):
        score_everything(tiny_run.room, tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_cluster_that_loses_a_worker_makes_the_same_bytes(tiny_run, tmp_path, one_each):
    distributed = pytest.importorskip("distributed")
    score_everything(tiny_run.room, tmp_path / "alone", draws=30)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        address = cluster.scheduler_address
        killed = []

        def kill_one(done: int, parts: int) -> None:
            if done == 1 and not killed:
                worker = next(iter(cluster.workers.values()))
                os.kill(
                    worker.process.process.pid if hasattr(worker.process, "process") else worker.pid, signal.SIGKILL
                )
                killed.append(True)

        score_everything(tiny_run.room, tmp_path / "many", draws=30, scheduler=address, progress=kill_one)
    assert killed
    assert digest(tmp_path / "many") == digest(tmp_path / "alone")


def test_the_command_scores_and_prints_the_best(tiny_run, tmp_path, capsys):
    assert invoke(["score", str(tiny_run.folder), "--out", str(tmp_path / "s"), "--top", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"][0]
    assert "6 packages are scored" in found["sentence"]
    assert invoke(["score", str(tiny_run.folder), "--out", str(tmp_path / "t"), "--given", "land=half"]) == 2
    assert "has no option `half`" in capsys.readouterr().err


def test_a_run_of_another_version_says_so(tiny_run, tmp_path):
    import shutil

    copy = Path(shutil.copytree(tiny_run.folder, tmp_path / "copy"))
    settings = json.loads((copy / "settings.json").read_text())
    (copy / "settings.json").write_text(json.dumps(settings | {"format": 0}))
    with pytest.raises(RunError, match="another version of winset"):
        open_run(copy)
    assert np.isfinite(tiny_run.room.scores.both).all()
