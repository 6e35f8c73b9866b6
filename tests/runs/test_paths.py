"""Runs of the talks on disk: cut off and gone on with, on one machine and on workers that die."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from winset.errors import RunError, UsageError
from winset.runs import Run, cluster, load_attitudes, save_attitudes, simulate_to_disk
from winset.runs.cluster import open_workers
from winset.runs.paths import _Blocks
from winset.talks import Ensemble, Fitted, plan
from winset.talks.simulation import cut_blocks

RUNS = 4000


@pytest.fixture(scope="module")
def ensembles(tiny_run: Run) -> dict[str, Ensemble]:
    return {name: plan(tiny_run.room, weeks=20, scenario=name) for name in ("as-it-is", "heavy-losses")}


@pytest.fixture(scope="module")
def whole(ensembles: dict[str, Ensemble], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("whole") / "paths.nc"
    simulate_to_disk(ensembles, file, RUNS, threads=1)
    return file.read_bytes()


def test_everything_drawn_lies_in_one_labelled_file(whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "paths.nc").write_bytes(whole)
    with xr.open_datatree(tmp_path / "paths.nc", engine="h5netcdf") as tree:
        assert set(tree.children) == {"as-it-is", "heavy-losses"}
        one = tree["as-it-is"].to_dataset()
        assert [one.sizes[d] for d in ("run", "week", "side", "region")] == [RUNS, 20, 2, 2]
        assert (
            one["parameters"].sel(parameter="fatigue") == tree["heavy-losses/parameters"].sel(parameter="fatigue")
        ).all()
        assert one.attrs["scenario"] == "As it is"


def test_two_threads_make_the_same_bytes(ensembles: dict[str, Ensemble], whole: bytes, tmp_path: Path) -> None:
    simulate_to_disk(ensembles, tmp_path / "paths.nc", RUNS, threads=2)
    assert (tmp_path / "paths.nc").read_bytes() == whole
    assert list(tmp_path.iterdir()) == [tmp_path / "paths.nc"]


def test_what_was_cut_off_is_gone_on_with(ensembles: dict[str, Ensemble], whole: bytes, tmp_path: Path) -> None:
    file, told = tmp_path / "paths.nc", []

    def stop(done: int, _all: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_to_disk(ensembles, file, RUNS, threads=1, progress=stop)
    kept = sorted(tmp_path.rglob("*.npz"))
    assert len(kept) >= 3
    kept[0].write_bytes(kept[0].read_bytes()[:100])  # a block that a crash left damaged is made again
    simulate_to_disk(ensembles, file, RUNS, threads=2, progress=lambda done, _all: told.append(done))
    assert told[0] == len(kept) - 1
    assert file.read_bytes() == whole


def test_blocks_of_other_runs_are_not_mixed_in(tiny_run: Run, ensembles: dict[str, Ensemble], tmp_path: Path) -> None:
    file = tmp_path / "paths.nc"

    def stop(done: int, _all: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_to_disk(ensembles, file, RUNS, threads=1, progress=stop)
    for change, said in (
        ({"seed": 2}, "seed 1 there, 2 asked"),
        ({"weeks": 30}, "weeks 20 there, 30 asked"),
        ({"off": ("fatigue",)}, "scenario `as-it-is`, or the posterior or priors under it, has changed"),
    ):
        other = {"as-it-is": plan(tiny_run.room, **{"weeks": 20, **change})}
        with pytest.raises(UsageError, match=said):
            simulate_to_disk(other, file, RUNS)


def test_runs_made_before_are_kept_beside(ensembles: dict[str, Ensemble], whole: bytes, tmp_path: Path) -> None:
    file = tmp_path / "paths.nc"
    file.write_bytes(whole)
    simulate_to_disk({"as-it-is": ensembles["as-it-is"]}, file, 100)
    assert (tmp_path / "paths.before.nc").read_bytes() == whole


FULL = """
import resource, signal, sys
from winset.cli import run_cli
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
sys.exit(run_cli(["simulate", sys.argv[1], "--weeks", "20", "--runs", "2000", "--no-face-checks", "--out", sys.argv[2]]))
"""


@pytest.mark.parametrize(("room", "unwritten"), [(1_000, "blocks.json|block-0000"), (250_000, "paths.nc|block-0000")])
def test_a_full_disk_is_a_sentence(tiny_run: Run, tmp_path: Path, room: int, unwritten: str) -> None:
    file = tmp_path / "paths.nc"
    command = [sys.executable, "-c", FULL, str(tiny_run.folder), str(file), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert any(f"{name}" in done.stderr for name in unwritten.split("|"))
    assert "cannot be written" in done.stderr
    assert not file.exists()
    assert not list(tmp_path.rglob("*.part"))


def test_workers_that_die_change_no_byte(ensembles: dict[str, Ensemble], tmp_path: Path) -> None:
    """One dies whenever another fifty blocks are made, not by the clock: a slow machine may take longer to start one."""
    distributed = pytest.importorskip("distributed")
    ensemble, blocks = ensembles["as-it-is"], 150
    job = _Blocks({"as-it-is": ensemble}, tuple(cut_blocks(1000 * blocks)), tmp_path)
    done, killed = [], []
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as here:
        here.adapt(minimum=2, maximum=2)
        with open_workers(job, scheduler=here.scheduler_address) as make:
            for part in make(list(range(blocks))):
                done.append(part)
                alive = [w.process.pid for w in here.workers.values() if w.process is not None and w.process.pid]
                if len(done) % 50 == 1 and alive:
                    killed.append(random.choice(alive))
                    os.kill(killed[-1], signal.SIGKILL)
    assert killed
    assert sorted(done) == list(range(blocks))
    for part in range(0, blocks, 7):
        block, mine = job.read(part), ensemble.make(*job.cuts[part])
        assert block is not None
        assert all(np.array_equal(block[k], mine[k]) for k in mine)


def test_no_scheduler_is_a_sentence(
    ensembles: dict[str, Ensemble], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "ANSWER", 1)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at 127\.0\.0\.1:9"):
        simulate_to_disk(ensembles, tmp_path / "paths.nc", 100, scheduler="127.0.0.1:9")


def test_what_polls_taught_is_kept_beside_a_run(tmp_path: Path) -> None:
    fitted = Fitted(("fatigue",), np.array([0.3]), np.array([[0.01]]))
    assert load_attitudes(tmp_path) is None
    path = save_attitudes(tmp_path, fitted)
    again = load_attitudes(tmp_path)
    assert again is not None
    assert (again.names, again.mean, again.covariance) == (fitted.names, fitted.mean, fitted.covariance)
    path.write_text(path.read_text().replace("fatigue", "fatigeu"))
    with pytest.raises(RunError, match="parameters that do not exist"):
        load_attitudes(tmp_path)
    path.write_text("{")
    with pytest.raises(RunError, match="winset calibrate"):
        load_attitudes(tmp_path)
