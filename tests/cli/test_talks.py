"""``winset simulate`` and ``winset calibrate``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr

from winset.cli.commands import invoke
from winset.runs import Run

SHORT = ("--weeks", "30", "--runs", "400", "--no-face-checks")


def test_it_tells_draws_and_keeps_the_runs(tiny_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    out = tmp_path / "paths.nc"
    pictures = {name: tmp_path / f"{name or 'outcomes'}.svg" for name in ("", "-room", "-fans", "-scenarios")}
    command = [
        "simulate",
        str(tiny_run.folder),
        *SHORT,
        "--scenario",
        "all",
        "--lever",
        "losses=north:2@4",
        "--story",
        "3",
    ]
    for name, file in pictures.items():
        command += [f"--plot{name}", str(file)]
    assert invoke([*command, "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert any("read differences between scenarios" in f["sentence"] for f in found)
    assert any(f["id"] == "story" for f in found)
    assert all(file.stat().st_size > 1000 for file in pictures.values())
    with xr.open_datatree(out, engine="h5netcdf") as tree:
        assert set(tree.children) == {"as-it-is", "heavy-losses", "leader-prepares", "levers"}
        assert tree["as-it-is/state"].shape == (400, 30)


def test_ten_years_are_laid_beside_other_wars(tiny_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    command = ["simulate", str(tiny_run.folder), "--weeks", "20", "--runs", "50", "--out", str(tmp_path / "p.nc")]
    assert invoke([*command, "--set", "lull=0", "--off", "fear"]) == 0
    said = capsys.readouterr().out
    for question in (
        "Do wars end as often as other wars?",
        "Do they end in the same way?",
        "Does war come back as often?",
    ):
        assert question in said


def test_another_file_s_war_is_used_instead(tiny_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    text = (tiny_run.study.folder / "talks.yaml").read_text()
    other = tmp_path / "talks.yaml"
    other.write_text(text.replace("heavy-losses:", "heavier:"))
    command = ["simulate", str(tiny_run.folder), *SHORT, "--scenarios", str(other), "--out", str(tmp_path / "p.nc")]
    assert invoke([*command, "--scenario", "heavier", "--json"]) == 0
    other.write_text(text.replace("held: 0.5", "held: 7", 1))
    assert invoke(command) == 2
    assert "talks.yaml:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--weeks", "0"), "0 weeks"),
        (("--runs", "0"), "0 runs"),
        (("--story", "400"), "there is no run 400"),
        (("--off", "feer"), "did you mean `fear`"),
        (("--set", "feer=1"), "no parameter `feer`"),
        (("--set", "fear=much"), "write NAME=VALUE"),
        (("--scenario", "heavy-loses"), "did you mean `heavy-losses`"),
        (("--lever", "losses=north:2@-1"), "before the start"),
    ],
)
def test_mistakes_are_sentences(
    tiny_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture, more: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "p.nc"
    assert invoke(["simulate", str(tiny_run.folder), *SHORT, "--out", str(out), *more]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_without_series_there_is_nothing_to_calibrate(tiny_run: Run, capsys: pytest.CaptureFixture) -> None:
    assert invoke(["calibrate", str(tiny_run.folder)]) == 2
    assert "names no series" in capsys.readouterr().err
