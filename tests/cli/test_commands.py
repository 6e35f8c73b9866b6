from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from winset.acceptance import Diagnostics
from winset.cli import run_cli
from winset.errors import UsageError
from winset.findings import describe_prior
from winset.runs import Run


def test_help_and_version_import_nothing_heavy() -> None:
    heavy = ("numpy", "polars", "jax", "xarray", "numpyro", "altair", "pydantic", "scipy", "rich")
    code = (
        "import sys\nfrom winset.cli import run_cli\n"
        "for a in (['--help'], ['--version']):\n    run_cli(a)\n"
        f"sys.exit(','.join(m for m in {heavy!r} if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_tables_alone_as_csv_and_no_progress(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["support", str(tiny_run.folder), "mediator-2025-01", "--csv"]) == 0
    first, *rest = capsys.readouterr().out.split("\n\n")
    name, *lines = first.splitlines()
    table = pl.read_csv("\n".join(lines).encode())
    assert name == "# support"
    assert table["mean"].to_list() == pytest.approx(tiny_run.acceptance.support("mediator-2025-01")["mean"].to_list())
    assert rest[0].startswith("# carry\nside,label,probability\n")
    assert run_cli(["priors", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("name,family,first,second,")
    assert run_cli(["schema", "--csv"]) == 0
    assert "--csv changed nothing" in capsys.readouterr().err
    assert run_cli(["priors", "--csv", "--json"]) == 2
    assert "choose one" in capsys.readouterr().err
    assert run_cli(["brief", str(tiny_run.folder), "--quiet"]) == 0
    assert not capsys.readouterr().err
    assert run_cli(["--quiet", "support", str(tiny_run.folder), "nothing"]) == 2
    assert "nothing" in capsys.readouterr().err


def test_schema_needs_only_what_reads_a_study(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "StudyFile"


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["check", "nowhere"],
        ["support", "nowhere", "x"],
        ["schema", "stdy"],
        ["run", "nowhere"],
        ["--frob"],
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(arguments) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert captured.err or captured.out


def test_check_lists_mistakes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["check", str(folder)]) == 0
    text = (folder / "polls.csv").read_text()
    (folder / "polls.csv").write_text(text.replace("accept,41", "accept,141"))
    assert run_cli(["check", str(folder), "--json"]) == 2
    assert json.loads(capsys.readouterr().out.split("no mistakes\n")[1])["mistakes"][0]["line"] == 2


def test_support_prints_what_the_library_returns(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["support", str(tiny_run.folder), "land=split", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    row = found["findings"][0]["table"][0]
    assert row["mean"] == pytest.approx(tiny_run.acceptance.support("land=split")["mean"][0], abs=1e-4)
    assert found["findings"][1]["table"][-1]["side"] == "all"


def test_support_of_an_unknown_option_names_the_nearest(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["support", str(tiny_run.folder), "land=splt"]) == 2
    assert "did you mean `split`" in capsys.readouterr().err


def test_a_new_study_runs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["new", str(tmp_path / "mine")]) == 0
    assert run_cli(["evidence", str(tmp_path / "mine")]) == 0
    assert "What does no evidence speak to?" in capsys.readouterr().out


def test_the_file_of_the_war_is_written_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_cli(["new", str(tmp_path / "mine")]) == 0
    assert run_cli(["new", str(tmp_path / "war"), "--war"]) == 0
    assert capsys.readouterr().out.count("talks.yaml") == 1
    assert run_cli(["check", str(tmp_path / "war")]) == 0


@pytest.mark.parametrize(
    ("typed", "where"), [("my-case", "."), ("./my-case/", "."), (".", "my-case"), ("..", "my-case/a")]
)
def test_a_run_is_named_after_the_folder_that_was_typed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, where: str
) -> None:
    from winset import runs

    folder.rename(tmp_path / "my-case")
    (tmp_path / "my-case" / "a").mkdir()
    monkeypatch.chdir(tmp_path / where)
    asked = []
    monkeypatch.setattr(runs, "make_run", lambda study, to, **_: asked.append(to) or _stop())
    assert run_cli(["run", typed, "--fast"]) == 2
    assert asked == [Path("runs/my-case")]


def _stop() -> None:
    raise UsageError("enough")


FAILED = Diagnostics("NUTS", 1600, 90, 1.4, 12.0, False, "The fit FAILED its checks: do not rely on it.")


@pytest.fixture(params=[True, False])
def verdict(request: pytest.FixtureRequest) -> Diagnostics:
    return replace(FAILED, passed=request.param)


def test_answers_from_a_run_begin_with_a_fit_that_failed(
    tiny_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verdict: Diagnostics
) -> None:
    from winset import runs, verification
    from winset.runs import told

    acceptance = replace(tiny_run.acceptance, diagnostics=verdict)
    made = replace(tiny_run, room=replace(tiny_run.room, acceptance=acceptance))
    monkeypatch.setattr(runs, "open_run", lambda *_, **__: made)
    monkeypatch.setattr(verification, "leave_one_out", lambda fitted: fitted)
    monkeypatch.setattr("winset.findings.describe", describe_prior)
    assert_told(["loo", str(tiny_run.folder)], verdict, capsys)
    kept = told.Answer([], told.Verdict(verdict.method, verdict.passed, verdict.sentence))
    for answer in (None, kept):
        monkeypatch.setattr(told, "load_answer", lambda *_, answer=answer: answer)
        assert_told(["support", str(tiny_run.folder), "mediator-2025-01"], verdict, capsys)


def test_a_backtest_and_a_check_of_priors_begin_with_a_fit_that_failed(
    tiny_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verdict: Diagnostics
) -> None:
    from winset import acceptance, verification

    fitted = replace(tiny_run.acceptance, diagnostics=verdict)
    foreseen = verification.Scorecard(pl.DataFrame(), {"valley 2025-01-15": verdict})
    monkeypatch.setattr(verification, "verify", lambda *_, **__: foreseen)
    monkeypatch.setattr(acceptance, "assume", lambda *_, **__: fitted)
    monkeypatch.setattr("winset.findings.describe", lambda _: [])
    assert_told(["verify", str(tiny_run.study.folder), "--until", "2025-01-15"], verdict, capsys)
    assert_told(["prior-check", str(tiny_run.study.folder)], verdict, capsys)


def assert_told(arguments: list[str], verdict: Diagnostics, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run_cli(arguments) == 0
    assert capsys.readouterr().out.startswith(FAILED.sentence) is not verdict.passed
    assert run_cli([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fit"]["passed"] is verdict.passed


def test_repair_and_brief_work_on_a_run(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["repair", str(tiny_run.folder), "mediator-2025-01", "--json"]) == 0
    assert run_cli(["brief", str(tiny_run.folder)]) == 0
    assert (tiny_run.folder / "brief.html").stat().st_size > 10_000
    assert "brief.html" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run_cli(["run", str(folder), "--fast", "--out", str(tmp_path / "file" / "run")]) == 2
    assert "cannot be written" in capsys.readouterr().err


STAGES = {
    "River valley": 1.5,
    "finding the mode": 1.5,
    "scoring every package": 0.0,
    "trying other assumptions": 0.0,
    "writing the brief": 0.0,
}
"""What a run says as each stage begins, and how long into it to press Ctrl-C."""


@pytest.mark.parametrize("marker", STAGES)
def test_ctrl_c_ends_with_130_and_a_sentence(folder: Path, tmp_path: Path, marker: str) -> None:
    command = [sys.executable, "-m", "winset", "run", str(folder), "--fast", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    assert process.stderr is not None
    while marker not in process.stderr.readline():
        pass
    time.sleep(STAGES[marker])
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "goes on from there" in err
    assert not list((tmp_path / "run").rglob("*.part"))
