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


def test_regret_is_ordered_and_lies_in_its_interval(found):
    t = found.table
    assert t["regret"].to_list() == sorted(t["regret"])
    assert t.filter((pl.col("low") > pl.col("regret")) | (pl.col("regret") < 0)).is_empty()
    assert (t["never_bad"] == (t["regret"] <= 0.05)).all()


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
