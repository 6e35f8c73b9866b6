"""Designed sets of fits, and sources left out."""

from __future__ import annotations

import itertools
import json
import pickle
import shutil

import numpy as np
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import leave_sources_out, weigh_assumptions
from winset.exploration.designed import KIND, ORDER, REFUSAL, estimate_effects, fold_over, list_assumptions, plan_design
from winset.exploration.refitting import Refit, Refits, declare_otherwise
from winset.exploration.sources import LEFT, REFITTED, compare, list_sources
from winset.runs import KeptFits, open_run
from winset.runs.refits import _Job

PLAN = "mediator-2025-01"


@pytest.mark.parametrize("factors", [1, 2, 3, 6, 8, 11])
def test_effects_are_told_apart_from_each_other_and_from_pairs(factors):
    """Resolution IV: columns are balanced, orthogonal to each other and to every product of two."""
    signs = np.where(fold_over(factors), -1, 1)
    assert not fold_over(factors)[0].any()
    assert (signs.sum(0) == 0).all()
    assert (signs.T @ signs == len(signs) * np.eye(factors)).all()
    for i, j in itertools.combinations(range(factors), 2):
        assert not (signs.T @ (signs[:, i] * signs[:, j])).any()


def test_planted_effects_come_back_and_pairs_widen_the_interval():
    changed = fold_over(5)
    plain = changed @ np.array([1.0, 0, -2, 0, 0.5]) + 3
    effects, width, foreseen = estimate_effects(changed, plain)
    assert effects == pytest.approx([1, 0, -2, 0, 0.5])
    assert (width, foreseen) == (pytest.approx(0, abs=1e-9), pytest.approx(1))
    also, wide, less = estimate_effects(changed, plain + 4 * (changed[:, 1] & changed[:, 3]))
    assert also == pytest.approx([1, 2, -2, 2, 0.5])  # a pair counts half to either
    assert wide > 0.3
    assert less < foreseen


def test_nothing_but_what_is_named_is_declared_otherwise(tiny_run):
    study = tiny_run.study
    assert declare_otherwise(study) is study
    unordered = declare_otherwise(study, ordered=False)
    pairs = [
        (side, c, i.id) for side in unordered.sides.values() for c in side.constituencies for i in study.space.issues
    ]
    assert {side.order_of(c, i) for side, c, i in pairs} == {None}
    assert [s.red_lines for s in unordered.sides.values()] == [s.red_lines for s in study.sides.values()]
    willing = declare_otherwise(study, refusing=False)
    assert not any(side.red_lines_of(c, i.id) for side in willing.sides.values() for c in side.constituencies
                   for i in study.space.issues)  # fmt: skip


def test_the_first_fit_is_as_declared_and_effects_have_labels(tiny_run, monkeypatch):
    """The fits are replaced by a planted rule: without orders the margin falls by one, without red lines it rises by two."""
    called = []

    def planted(self, plan):
        called.append((plan.ordered, plan.refusing))
        margin = np.linspace(-1, 1, 100) - (not plan.ordered) + 2 * (not plan.refusing)
        return Refit(margin, (margin >= 0).astype(float))

    monkeypatch.setattr(Refits, "_fit", planted)
    kept: dict = {}
    found = weigh_assumptions(tiny_run.room, PLAN, kept=kept)
    kinds = [a.kind for a in list_assumptions(tiny_run.room)]
    assert called[0] == (True, True)
    assert {ORDER, REFUSAL, KIND} & set(kinds)
    effects = dict(found.table.select("kind", "margin").rows())
    size = np.linspace(-1, 1, 100).std()
    assert effects[ORDER] == pytest.approx(-1 / size)
    assert effects.get(REFUSAL, 2 / size) == pytest.approx(2 / size)
    assert found.foreseen == pytest.approx(1)
    done = len(called)
    weigh_assumptions(tiny_run.room, PLAN, kept=kept)
    assert len(called) == done  # everything was kept


def test_kept_fits_survive_and_damaged_ones_are_made_again(tmp_path):
    kept = KeptFits(tmp_path)
    kept["a"] = {"margin": [1.0], "carried": [0.0]}
    (tmp_path / "refits" / "b.json").write_text("{")
    again = KeptFits(tmp_path)
    assert again["a"] == {"margin": [1.0], "carried": [0.0]}
    assert "b" not in again


def test_leaving_a_normal_poll_out_gives_the_prior_back(rng):
    """theta ~ N(0, 1) and a poll at 1 with error 1: posterior N(.5, .5); weighted by one over its likelihood the mean is 0."""
    theta = 0.5 + np.sqrt(0.5) * rng.normal(size=200_000)
    weight = np.exp((1 - theta) ** 2 / 2 - 3)
    before = Refit(theta, (theta > 0).astype(float))
    told = compare(before, before, weight * len(weight) / weight.sum(), np.ones((2, len(theta))))
    assert told["margin"] * theta.std() == pytest.approx(-0.5, abs=0.05)
    assert told["change"] == pytest.approx(0.5 - np.mean(theta > 0), abs=0.03)


def test_sources_cover_every_result_once_and_say_how_they_were_left_out(tiny_run):
    sources = list_sources(tiny_run.room)
    cells = np.concatenate([s.cells for s in sources])
    assert sorted(cells) == list(range(len(tiny_run.acceptance.cells)))
    least = tiny_run.study.minimum_count
    assert all(s.answers >= least or "together" in s.label for s in sources)
    found = leave_sources_out(tiny_run.room, PLAN, refit=False)
    assert found.left == found.table.filter(found.table["how"] == LEFT).height
    assert REFITTED not in found.table["how"].to_list()
    told = found.table.drop_nulls("margin")
    assert (told["change_low"] <= told["change"]).all()
    assert (told["change"] <= told["change_high"]).all()


def test_the_command_line_prints_sources_and_refuses_two_questions_at_once(tiny_run, tiny_folder, capsys):
    run = str(tiny_folder.parent / "run")
    assert run_cli(["hangs-on", run, "--sources", "--no-refit", "--anyway", "--json"]) == 0
    (finding,) = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["id"] == "hangs-on-sources"]
    assert finding["table"]
    assert run_cli(["hangs-on", run, "--sources", "--declared"]) == 2
    assert "one after the other" in capsys.readouterr().err


def test_an_interrupted_set_of_fits_says_that_it_goes_on(tiny_run, tiny_folder, monkeypatch, capsys):
    def cut_off(self, plan):
        raise KeyboardInterrupt

    monkeypatch.setattr(Refits, "_fit", cut_off)
    for flag in ("--sources", "--declared"):
        assert run_cli(["hangs-on", str(tiny_folder.parent / "run"), flag, "--anyway"]) == 130
        assert "the same command goes on from there" in capsys.readouterr().err


def test_nothing_to_change_is_said(tiny_run, monkeypatch):
    monkeypatch.setattr("winset.exploration.designed.list_assumptions", lambda room: [])
    with pytest.raises(UsageError, match="no evidence"):
        weigh_assumptions(tiny_run.room, PLAN)


def test_a_worker_opens_the_run_for_itself_and_keeps_its_fit(tiny_run, tiny_folder, monkeypatch):
    monkeypatch.setattr(Refits, "_fit", lambda self, plan: Refit(np.array([1.0, -1.0]), np.array([1.0, 0.0])))
    folder, plans = tiny_folder.parent / "run", plan_design(tiny_run.room)
    job = pickle.loads(pickle.dumps(_Job(folder, PLAN, plans)))
    assert job.make(0) == 0
    refits = Refits(open_run(folder).room, PLAN, KeptFits(folder))
    assert refits.key(plans[0]) in KeptFits(folder)
    assert refits.fit(plans[0]).margin.tolist() == [1.0, -1.0]
    shutil.rmtree(folder / "refits")


@pytest.mark.slow
def test_a_source_fitted_without_is_what_reweighting_says(tiny_run, monkeypatch):
    """Where both reach, leaving a source out by weights and by a fit of its own agree."""
    light = leave_sources_out(tiny_run.room, PLAN, refit=False).table.drop_nulls("margin").sort("source", "ended")
    monkeypatch.setattr("winset.exploration.sources.LARGEST_K", -np.inf)
    heavy = leave_sources_out(tiny_run.room, PLAN).table.sort("source", "ended")
    both = light.join(heavy, on=["source", "ended"])
    assert both["margin"].to_numpy() == pytest.approx(both["margin_right"].to_numpy(), abs=0.25)
