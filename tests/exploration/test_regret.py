"""Regret, by hand and on the tiny study."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import measure_regret, weigh, weigh_robustness
from winset.exploration.regret import list_assumptions


def test_two_packages_under_two_assumptions_by_hand():
    """Bold has 60 % or 10 %, steady 40 % or 35 %: regrets 0 and 25, 20 and 0; minimax picks steady (20), not bold."""
    chances = np.array([[0.60, 0.40], [0.10, 0.35]])
    regret = measure_regret(chances)
    assert regret == pytest.approx(np.array([[0.0, 0.20], [0.25, 0.0]]))
    assert regret.max(0).argmin() == 1


@pytest.fixture(scope="module")
def found(tiny_run):
    return weigh_robustness(tiny_run.room)


def test_what_was_declared_stands_first(tiny_run, found):
    questions = list_assumptions(tiny_run.room, weigh(tiny_run.room, "mediator-2025-01"))
    assert [q[0].label for q in questions] == ["as declared"] * len(questions)
    assert found.combinations == np.prod([len(q) for q in questions])
    assert found.assumptions["assumption"][0] == "as declared"
    assert found.assumptions["buys"][0] == 0.0


def test_chances_as_declared_are_those_of_the_room(tiny_run, found):
    row = found.table.filter(package="Mediator's text").row(0, named=True)
    assert row["chance"] == pytest.approx(tiny_run.room.carry("mediator-2025-01")["probability"][-1])
    assert row["worst"] <= row["chance"] <= row["best"]


def test_regret_is_ordered(found):
    t = found.table
    assert t["regret"].to_list() == sorted(t["regret"])
    assert t["regret"].min() >= 0
    assert (t["never_bad"] == (t["regret"] <= 0.05)).all()


@pytest.mark.parametrize("name", ["chance", "worst", "best", "hurwicz", "regret"])
def test_every_number_of_a_package_lies_in_its_interval(found, name):
    assert found.table.filter(~pl.col(name).is_between(f"{name}_low", f"{name}_high")).is_empty()
    assert found.table[f"{name}_high"].max() <= 1.0
    assert (found.table[f"{name}_high"] > found.table[f"{name}_low"]).any()


def test_what_an_assumption_buys_has_an_interval(found):
    for name in ("chance", "buys", "robust", "regret"):
        assert found.assumptions.filter(~pl.col(name).is_between(f"{name}_low", f"{name}_high")).is_empty()
    assert found.assumptions.row(0, named=True)["buys_high"] == 0.0  # as declared buys nothing, in every resample


def test_an_interval_is_as_wide_as_a_share_of_so_many_draws(tiny_run, found):
    """Draws of few chains resemble each other a little: no narrower than of independent ones, and not thrice as wide."""
    row = found.table.filter(package="Mediator's text").row(0, named=True)
    draws, p = tiny_run.acceptance.draws.worth.shape[0], row["chance"]
    independent = 2 * 1.645 * np.sqrt(p * (1 - p) / draws)
    assert 0.7 * independent <= row["chance_high"] - row["chance_low"] <= 3 * independent


def test_without_the_price_more_can_be_carried(found):
    rows = {r["assumption"]: r for r in found.assumptions.iter_rows(named=True)}
    free = rows["broken commitments cost nothing"]
    dear = rows["broken commitments cost 2 times as much"]
    assert free["chance"] >= rows["as declared"]["chance"] >= dear["chance"]


def test_where_nothing_competes_it_is_told(tiny_run, monkeypatch):
    study = dataclasses.replace(tiny_run.study, proposals={})
    room = dataclasses.replace(tiny_run.room, acceptance=dataclasses.replace(tiny_run.acceptance, study=study))
    monkeypatch.setattr("winset.exploration.regret.find_packages", lambda *_: [])
    with pytest.raises(UsageError, match="only one package"):
        weigh_robustness(room)


def test_the_command_speaks_of_regret(tiny_run, capsys):
    assert run_cli(["robust", str(tiny_run.folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Which package is never bad?" in said
    assert "mediator-2025-01" not in said
    assert "Hurwicz," in said
    assert "Buys, points" in said
