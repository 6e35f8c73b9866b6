from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from winset.cli import run_cli


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    land, water = rng.integers(0, 3, (60, 5, 2)), rng.integers(0, 2, (60, 5, 2))
    utility = land + water + rng.logistic(size=land.shape)
    who, task, place = np.indices(land.shape).reshape(3, -1)
    table = pl.DataFrame(
        {
            "id": who,
            "task": task,
            "profile": place,
            "chosen": (utility == utility.max(-1, keepdims=True)).ravel().astype(int),
            "land": np.array(["all", "half", "none"])[land.ravel()],
            "water": np.array(["own", "shared"])[water.ravel()],
            "town": np.where(who % 2 == 0, "east", "west"),
            "age": 20.0 + who,
        }
    )
    table.write_csv(tmp_path / "pairs.csv")
    return tmp_path / "pairs.csv"


def asked(file: Path, command: str, *more: str) -> list[str]:
    columns = ["--outcome", "chosen", "--respondent", "id", "--attributes", "land,water"]
    return ["conjoint", command, str(file), *columns, *more]


@pytest.mark.parametrize("command", ["amce", "mm"])
def test_rows_of_json_are_those_of_the_library(command: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(asked(file, command, "--json", "--se", "CR2")) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(r["attribute"], r["level"]) for r in rows][:3] == [("land", "all"), ("land", "half"), ("land", "none")]
    assert {"attribute", "level", "estimate", "se", "low", "high"} <= set(rows[0])
    from winset.conjoint import estimate_amce, estimate_means, read_profiles

    profiles = read_profiles(pl.read_csv(file), outcome="chosen", respondent="id", attributes=["land", "water"])
    table = {"amce": estimate_amce, "mm": estimate_means}[command](profiles, robust="CR2").table  # pyright: ignore[reportArgumentType]
    assert [r["estimate"] for r in rows] == pytest.approx(table["estimate"].to_list())


def test_groups_interactions_checks_and_pictures(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = file.with_name("effects.svg")
    more = ["--by", "town", "--differences", "--adjust", "holm", "--reference", "land=none", "--plot", str(picture)]
    assert run_cli(asked(file, "amce", *more)) == 0
    assert "west - east" in capsys.readouterr().out
    assert picture.read_text().startswith("<svg")
    assert run_cli(asked(file, "interactions", "--pair", "land*water", "--json")) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 2
    assert run_cli(asked(file, "check", "--task", "task", "--profile", "profile", "--covariates", "age", "--json")) == 0
    kinds = {r["check"] for r in json.loads(capsys.readouterr().out)["findings"][0]["table"]}
    assert {"frequency", "balance", "carry-over", "profile order"} <= kinds


@pytest.mark.parametrize("kind", ["logit", "mixed", "hierarchical"])
def test_models_tell_shares_and_holdout(kind: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--kind", kind, "--task", "task", "--draws", "40", "--holdout", "1", "--json"]
    packages = ["--package", "land=half;water=own", "--package", "land=none;water=own"]
    assert run_cli(asked(file, "model", *more, *packages)) == 0
    found = {f["id"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    assert {"importance", "shares", "holdout"} <= set(found)
    assert sum(r["mean"] for r in found["shares"]["table"]) == pytest.approx(1.0)


def test_a_mapping_is_drafted_and_nothing_is_overwritten(
    file: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "experiments.yaml"
    assert run_cli(["conjoint", "map", str(file), "--study", str(folder), "--out", str(out)]) == 0
    text = out.read_text()
    assert "respondent: id" in text
    assert "outcome: chosen" in text
    assert run_cli(["conjoint", "map", str(file), "--out", str(out)]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert run_cli(["check", str(folder)]) == 2
    assert "experiments.yaml:" in capsys.readouterr().out


def test_a_design_is_written_with_its_power(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "design.csv"
    sized = ["--tasks", "3", "--respondents", "50", "--out", str(out), "--json"]
    assert run_cli(["conjoint", "design", str(folder / "study.yaml"), *sized]) == 0
    assert pl.read_csv(out).height == 300
    power = json.loads(capsys.readouterr().out)["findings"][0]["table"]
    assert all(0 < r["detectable"] < 1 for r in power)
    wide = folder / "wide.csv"
    assert (
        run_cli(
            [
                "conjoint",
                "design",
                str(folder),
                "--format",
                "qualtrics",
                "--tasks",
                "2",
                "--respondents",
                "5",
                "--out",
                str(wide),
            ]
        )
        == 0
    )
    assert "F-1-2-1" in pl.read_csv(wide).columns


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--attributes", "lend"], "did you mean `land`"),
        (["--reference", "land=halv"], "did you mean `half`"),
        (["--reference", "land"], "is not attribute=level"),
        (["--interact", "land*watr"], "did you mean `water`"),
        (["--se", "CR3"], "did you mean `CR"),
        (["--by", "towm"], "did you mean `town`"),
        (["--adjust", "holmes"], "unknown adjustment"),
        (["--weight", "town"], "holds text"),
        (["--plot", "x.gif"], "end the name of the picture in"),
        (["--repeat", "one"], "no pair of task numbers"),
        (["--wide", "F-{task}"], "must hold {profile}"),
    ],
)
def test_a_misspelt_option_is_a_sentence(
    more: list[str], said: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_cli(asked(file, "amce", *more)) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


@pytest.mark.parametrize("content", [b"", b"id,chosen,land,water\n", b"\x00\x01\x02", b"id,chosen\n1,1\n"])
def test_a_file_that_cannot_be_used_is_a_sentence(
    content: bytes, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert run_cli(asked(file, "amce")) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_effects_load_no_sampler() -> None:
    import subprocess
    import sys

    code = "import sys, winset.conjoint, winset.findings.experiments; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
