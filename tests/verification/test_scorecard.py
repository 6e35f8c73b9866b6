"""Scores against published and closed forms, baselines by hand, and folds that never show what they hold back."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from winset.acceptance import pose
from winset.acceptance.layout import one_hot
from winset.cli import run_cli
from winset.errors import UsageError
from winset.evidence import gather
from winset.figures import draw_scorecard
from winset.findings import describe
from winset.runs import keep_scorecard
from winset.runs.scorecards import fingerprint
from winset.study import Study, load
from winset.verification import ANY, Scorecard, cut_at, cut_often, leave_terms_out
from winset.verification.baselines import FEWEST_MISSES, Polls, dress
from winset.verification.scoring import clustered_mean, place, score


def test_crps_of_many_normal_draws_is_the_closed_form() -> None:
    """Gneiting & Raftery (2007), eq. 21: for a normal, sd (z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi)); at its mean .2337 sd."""
    draws = np.random.default_rng(1).normal(0.5, 0.1, 200_000)
    assert score(0.5, draws)["crps"] == pytest.approx(0.023369, rel=0.01)
    assert score(0.6, draws)["crps"] == pytest.approx(0.060244, rel=0.01)


def test_crps_of_one_draw_is_its_error_and_the_log_score_that_of_its_density() -> None:
    assert score(0.3, np.array([0.5, 0.5]))["crps"] == pytest.approx(0.2)
    draws = np.random.default_rng(1).normal(0.5, 0.1, 200_000)
    assert score(0.5, draws)["log_score"] == pytest.approx(np.log(0.1 * np.sqrt(2 * np.pi)), abs=0.02)
    assert score(0.0, np.full(9, 0.9))["log_score"] == pytest.approx(np.log(10)), "one draw in ten may lie anywhere"


def test_places_of_what_was_drawn_from_the_forecast_are_even() -> None:
    rng = np.random.default_rng(2)
    places = [place(rng.binomial(5, 0.4) / 5, rng.binomial(5, 0.4, 500) / 5, rng) for _ in range(2000)]
    assert np.histogram(places, 10, (0, 1))[0] == pytest.approx(200, abs=45)


def test_clustered_errors_are_those_of_a_regression_on_a_constant() -> None:
    rng = np.random.default_rng(3)
    waves = np.repeat(np.arange(12), rng.integers(1, 6, 12))
    values = rng.normal(size=len(waves)) + rng.normal(size=12)[waves]
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": waves, "use_correction": False}
    )
    mean, error = clustered_mean(values, [str(w) for w in waves])
    assert (mean, error) == pytest.approx((fit.params[0], fit.bse[0] * np.sqrt(12 / 11)))
    assert np.isnan(clustered_mean([1.0, 2.0], ["a", "a"])[1])


def test_baselines_by_hand(study: Study) -> None:
    """The tiny study has one poll a side: the South's guess at the North is nothing but its own."""
    cells = pose(study, gather(study)).cells
    polls = Polls.of(study, cells)
    first = int(np.flatnonzero(polls.usable)[0])
    everything = np.ones(len(cells), bool)
    own = (polls.group == polls.group[first]) & polls.usable & polls.alone
    said = polls.guess(polls.target(first), everything)
    assert said["last"] == pytest.approx(polls.decided[first])
    assert said["group_mean"] == pytest.approx(polls.decided[own].mean())
    assert polls.guess(polls.target(first), ~everything) == {}
    assert all(not len(m) for m in polls.misses(everything & ~own).values()) or own.sum() < len(own)


def test_a_guess_is_a_distribution_only_after_enough_misses() -> None:
    misses = np.array([-0.1, 0.0, 0.1, 0.2, 0.9])
    assert dress(0.5, misses) == pytest.approx([0.4, 0.5, 0.6, 0.7, 1.0])
    assert dress(0.5, misses[: FEWEST_MISSES - 1]) is None


def test_days_and_terms_hold_back_what_they_say() -> None:
    study = load("cyprus-2004")
    problem = pose(study, gather(study))
    ends = problem.cells.names["end"].to_numpy()
    cut = cut_at(study, problem, dt.date(2004, 3, 31))
    assert ends[cut.known].max() <= np.datetime64("2004-03-31") < ends[cut.judged].min()
    folds = cut_often(study, problem, 4)
    assert folds[-1].until == study.as_of
    assert 3 <= len(folds) <= 5
    held = {f.name: f for f in leave_terms_out(study, problem)}
    issue, option = study.space.issue("troops"), held["troops=650-stay"]
    column, index = [i.id for i in study.space.issues].index("troops"), [o.id for o in issue.options].index("650-stay")
    assert not (problem.cells.offer[option.known, column] == index).any()
    assert (problem.cells.offer[option.judged, column] == index).all()
    assert not (option.known & option.judged).any()


def test_answers_to_experiments_on_a_term_are_held_back_with_it() -> None:
    """One-hot options are padded to the longest issue: the column of a term is not a plain count of options."""
    study = load("cyprus-2004")
    problem = pose(study, gather(study))
    package = np.full((1, len(study.space.issues)), -1)
    column = [i.id for i in study.space.issues].index("property")
    package[0, column] = [o.id for o in study.space.issue("property").options].index("limited")
    shown = one_hot(package, problem.layout)
    tasks = replace(problem.tasks, **{f.name: getattr(problem.tasks, f.name) for f in fields(problem.tasks)})
    for name, value in (("offer", shown), ("against", np.zeros_like(shown)), ("weight", np.ones(1))):
        object.__setattr__(tasks, name, value)
    held = {f.name: f for f in leave_terms_out(study, replace(problem, tasks=tasks))}
    assert not held["property=limited"].heard[0]
    assert [name for name, f in held.items() if not f.heard[0]] == ["property=limited"]


@pytest.mark.parametrize("day", [dt.date(1990, 1, 1), dt.date(2030, 1, 1)])
def test_a_cut_with_nothing_on_one_side_is_told_with_the_days_there_are(study: Study, day: dt.date) -> None:
    with pytest.raises(UsageError, match="field work of `river-valley` ended between"):
        cut_at(study, pose(study, gather(study)), day)


def foreseen(mean: float, observed: float, wave: str, kind: str = "package") -> dict:
    """A row of a scorecard: model right on the spot, one baseline off by .2."""
    scores = {
        f"{b}_{k}": None for b in ("last", "group_mean", "recent_mean", "side_mean") for k in ("crps", "log_score")
    }
    guesses = dict.fromkeys(("last", "group_mean", "recent_mean", "side_mean"))
    return {
        "study": "valley", "fold": wave, "kind": kind, "question": "q", "label": "Public", "side": "north", "date": wave,
        "answers": 100.0, "observed": observed, "mean": mean, "low": mean - 0.1, "high": mean + 0.1, "covered": True,
        "covered_half": False, "pit": 0.5, "crps": abs(mean - observed), "log_score": 0.0, "wave": wave, "horizon": "later",
        "days_ahead": 400, **guesses, **scores, "nearest": observed + 0.2, "nearest_crps": 0.2, "nearest_log_score": 1.0,
    }  # fmt: skip


def test_where_the_model_loses_comes_first() -> None:
    rows = [
        foreseen(0.5, 0.45, "a"),
        foreseen(0.5, 0.55, "b"),
        foreseen(0.9, 0.1, "a", "mood"),
        foreseen(0.8, 0.2, "b", "mood"),
    ]
    card = Scorecard(pl.DataFrame(rows, infer_schema_length=None), {})
    table = card.summary()
    assert table["kind"].to_list()[0] == "mood"
    package = table.row(by_predicate=pl.col("kind") == "package", named=True)
    assert (package["difference"], package["best"]) == (pytest.approx(-0.15), "nearest earlier question")
    assert package["difference_low"] <= -0.15 <= package["difference_high"]
    said = {f.id: f for f in describe(card)}
    assert said["scorecard-kind"].sentence.startswith("Loses to the best naive guess: mood by 50.0 points")
    assert table.row(by_predicate=pl.col("kind") == ANY, named=True)["rows"] == 4
    assert draw_scorecard(card).svg.startswith("<svg")


def later_wave(folder: Path) -> Study:
    """The tiny study with its polls asked again in the following weeks."""
    polls = folder / "polls.csv"
    lines = polls.read_text()
    again = []
    for week in (1, 2, 3):
        for line in lines.splitlines()[1:]:
            moved = line.replace("2025-01-05", f"2025-01-{10 + week}").replace("2025-01-10", f"2025-01-{13 + week}")
            again.append(moved.replace("-2025-01,", f"-w{week},"))
    polls.write_text(lines + "\n".join(again) + "\n")
    return load(folder)


def test_folds_are_kept_and_taken_up_again_by_the_same_model_on_the_same_evidence(folder: Path, tmp_path: Path) -> None:
    study, told = later_wave(folder), []
    first = keep_scorecard([study], tmp_path / "kept", cuts=2, say=told.append)
    made = len(told)
    assert made == len(list((tmp_path / "kept").iterdir())) > 0
    again = keep_scorecard([study], tmp_path / "kept", cuts=2, say=told.append)
    assert len(told) == made
    assert again.table.sort("date", "question", "label").equals(first.table.sort("date", "question", "label"))
    before = fingerprint(study)
    (folder / "polls.csv").write_text((folder / "polls.csv").read_text().replace(",41,", ",42,", 1))
    assert fingerprint(load(folder)) != before


def test_the_command_needs_a_study_and_one_way_to_hold_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["verify"]) == 2
    assert "name a study, or --all" in capsys.readouterr().err
    assert run_cli(["verify", "cyprus-2004", "--hold", "terms", "--until", "2004-04-18"]) == 2
    assert "choose one" in capsys.readouterr().err


def test_the_command_prints_the_scorecard(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later_wave(folder)
    shutil.rmtree(tmp_path / "kept", ignore_errors=True)
    picture = tmp_path / "card.svg"
    arguments = [
        "verify",
        str(folder),
        "--cuts",
        "2",
        "--out",
        str(tmp_path / "kept"),
        "--plot",
        str(picture),
        "--json",
    ]
    assert run_cli(arguments) == 0
    found = {f["id"] for f in json.loads(capsys.readouterr().out)["findings"]}
    assert {"backtest", "backtest-errors", "scorecard-kind"} <= found
    assert picture.read_text().startswith("<svg")


def test_a_study_with_nothing_to_hold_back_is_told(folder: Path, tmp_path: Path) -> None:
    polls = folder / "polls.csv"
    lines = polls.read_text().splitlines()
    first = lines[1].split(",")[0]
    polls.write_text("\n".join([lines[0], *(x for x in lines[1:] if x.startswith(f"{first},"))]) + "\n")
    with pytest.raises(UsageError, match="ends on one day"):
        keep_scorecard([load(folder)], tmp_path / "kept")
    with pytest.raises(UsageError, match="nothing is left to foresee"):
        keep_scorecard([load(folder)], tmp_path / "kept", hold="terms")
