from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from winset.errors import RunError
from winset.runs import Run, make_run, open_run
from winset.runs.atomic import write_whole
from winset.runs.unfinished import FOLDER, Unfinished
from winset.study import load


def test_a_run_is_opened_as_it_was_written(tiny_run: Run) -> None:
    opened = open_run(tiny_run.folder)
    a, b = (r.acceptance.support("mediator-2025-01")["mean"] for r in (tiny_run, opened))
    assert (a - b).abs().max() < 1e-4


def test_the_same_command_uses_the_posterior_again(tiny_run: Run) -> None:
    said: list[str] = []
    make_run(tiny_run.study, tiny_run.folder, fast=True, say=said.append)
    assert "used again" in said[0]


def test_the_posterior_opens_as_a_labelled_tree(tiny_run: Run) -> None:
    with xr.open_datatree(tiny_run.folder / "posterior.nc", engine="h5netcdf") as tree:
        assert set(tree.children) >= {"posterior", "prior", "sample_stats", "log_likelihood", "observed_data"}
        assert list(tree["posterior"]["constituency"].values) == ["north/public", "north/army", "south/public"]


def test_provenance_names_inputs_and_versions_but_no_machine(tiny_run: Run) -> None:
    record = json.loads((tiny_run.folder / "provenance.json").read_text())
    assert set(record["inputs"]) == {
        "study.yaml",
        "questions.yaml",
        "instruments.yaml",
        "sources.csv",
        "polls.csv",
        "talks.yaml",
    }
    assert str(Path.home()) not in json.dumps(record)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def full(partial: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RunError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unfinished_run_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="winset run"):
        open_run(tmp_path)


def test_a_damaged_posterior_is_said(tiny_run: Run, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(tiny_run.folder, tmp_path / "copy"))
    (copy / "posterior.nc").write_bytes(b"not a file")
    with pytest.raises(RunError, match="cannot be read"):
        open_run(copy)


def test_half_written_settings_are_said(tiny_run: Run, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(tiny_run.folder, tmp_path / "copy"))
    (copy / "settings.json").write_text('{"seed": 1, ')
    with pytest.raises(RunError, match="is damaged"):
        open_run(copy)


def test_a_fit_that_was_stopped_goes_on_and_finds_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = load(folder)
    whole = make_run(study, tmp_path / "whole", draws=60)
    assert not (tmp_path / "whole" / FOLDER).exists()
    save = Unfinished.save

    def stopped(self: Unfinished, name: str, arrays: dict[str, np.ndarray]) -> None:
        save(self, name, arrays)
        if int(arrays.get("done", 0)) > 120:
            raise KeyboardInterrupt

    said: list[str] = []
    monkeypatch.setattr(Unfinished, "save", stopped)
    with pytest.raises(KeyboardInterrupt):
        make_run(study, tmp_path / "stopped", draws=60)
    monkeypatch.setattr(Unfinished, "save", save)
    again = make_run(study, tmp_path / "stopped", draws=60, say=said.append)
    assert any("going on from draw 125 of 160" in s for s in said)
    assert "finding the mode" not in said
    a, b = (r.acceptance.support("mediator-2025-01")["mean"] for r in (whole, again))
    assert (a == b).all()
    assert not (tmp_path / "stopped" / FOLDER).exists()
