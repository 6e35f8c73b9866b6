"""Repairs, prices, shifts, left-out constituencies and solutions by their meaning, on the tiny study."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import polars as pl
import pytest
from tests.room.spaces import make_space, make_tables

from winset.cli.commands import invoke
from winset.errors import UsageError
from winset.room import ratify
from winset.room.climbing import evaluate
from winset.room.leaving_out import drop_from_rule, leave_out
from winset.room.margins import measure_margins
from winset.room.objectives import name_objective
from winset.room.scoring import changes, count_changes, score_batch, score_space
from winset.room.solutions import solve_room
from winset.room.tables import tabulate
from winset.study import AllOf, AnyOf, Coalition, Support, Veto
from winset.terms import Space

START = {"land": "north", "water": "own"}


def test_every_smallest_set_of_changes_is_found(tiny_run):
    room = tiny_run.room
    ballot, space = room.ballot.thin(250), tiny_run.study.space
    start = space.encode(START)
    tried = np.concatenate([changes(space, start, n) for n in (1, 2)])
    chances = score_batch(ballot, tried)[1]
    asked = float(np.quantile(chances, 0.5))
    good = {tuple(p) for p, c in zip(tried, chances, strict=True) if c >= asked}
    ways = {p: {(k, o) for k, o in enumerate(p) if o != start[k]} for p in good}
    smallest = {p for p in good if not any(ways[q] < ways[p] for q in good)}
    repair = room.repair(START, asked)
    assert {space.encode(dict(t.split("=") for t in p.split(";"))) for p in repair.sets["package"]} == smallest
    assert repair.exact >= 2
    assert repair.set_effects["what"].n_unique() == len(smallest)


def test_changes_are_counted_as_they_are_listed():
    space = make_space(3, 1, 4, 2)
    for n in range(4):
        assert count_changes(space, (0, 0, -1, 1), n) == len(changes(space, (0, 0, -1, 1), n))


def test_the_price_of_a_commitment_is_what_the_chance_gains_without_it(tiny_run):
    table = tiny_run.room.prices({"land": "split"})
    commitments = table.filter(kind="commitment")
    free = ratify(tiny_run.acceptance, audience_costs_on=False).carry({"land": "split"})["probability"][-1]
    assert commitments.height == 1
    assert commitments["without"][0] == pytest.approx(free)
    assert (table["price"] >= 0).all()
    assert (
        ratify(tiny_run.acceptance, audience_costs_on=False).prices({"land": "split"}).filter(kind="commitment").height
        == 0
    )


def test_the_least_shift_reaches_what_was_asked_and_less_does_not(tiny_run):
    room = tiny_run.room
    table = room.shifts(START, 0.6)
    every = table.row(0, named=True)
    assert every["p_all"] >= 0.6
    ballot = room.ballot.thin(250)
    less = dataclasses.replace(ballot, level=ballot.level + every["probits"] - 0.01)
    assert score_batch(less, np.array([tiny_run.study.space.encode(START)]))[1][0] < 0.6
    alone = table.filter(pl.col("side") != "all")
    assert (alone["probits"].is_null() | (alone["probits"] >= every["probits"] - 1e-9)).all()


def test_a_rule_without_a_constituency():
    both = AllOf(all_of=(Support(support="a", at_least=0.5), Coalition(coalition={"a": 1.0, "b": 2.0}, at_least=0.4)))
    assert drop_from_rule(both, "a") == AllOf(all_of=(Coalition(coalition={"b": 2.0}, at_least=0.4),))
    assert drop_from_rule(AnyOf(any_of=(Veto(veto="a", below=0.2),)), "a") is None


def test_without_the_only_voice_a_leader_carries_anything(tiny_run):
    ballot = leave_out(tiny_run.room.ballot.thin(50), "south", "public")
    scores = score_space(ballot, tiny_run.study.space)
    assert (scores.by_side[1] == 1.0).all()
    assert np.allclose(scores.both, scores.by_side[0])
    table = tiny_run.room.without_each()
    assert set(table["constituency"]) == {"public", "army"}
    assert (table["win_set_without"] >= table["win_set"]).all()


def test_a_margin_is_above_zero_where_the_rule_holds():
    either = AnyOf(any_of=(Veto(veto="b", below=0.3), Support(support="c", at_least=0.6)))
    rule = AllOf(all_of=(Support(support="a", at_least=0.5), either))
    tables = make_tables(make_space(3, 4), {"x": rule, "y": Veto(veto="a", below=0.4)}, 40, 5, 1)
    options = np.indices((3, 4)).reshape(2, -1).T
    margins = measure_margins(tables, options)
    _, by_side, both = evaluate(tables, options, name_objective("all", tables))
    assert np.allclose((margins >= 0).mean(0), by_side)
    assert np.allclose((margins >= 0).all(-1).mean(0), both)


def test_solutions_of_a_room_where_everyone_agrees_pick_what_is_best_for_all():
    """Both sides' only constituency wants the same: every solution takes the best package in every draw."""
    by_side = {"x": Support(support="a", at_least=0.5), "y": Support(support="a", at_least=0.5)}
    tables = make_tables(make_space(2, 3), by_side, 30, 1)
    worth = np.array([[1.0, -1.0, -np.inf], [-1.0, 0.0, 1.0]])
    none = np.zeros_like(tables.base)
    same = dataclasses.replace(
        tables, worth=np.broadcast_to(worth, tables.worth.shape).copy(), base=none, floor=none, gain=none + 1
    )
    solved = solve_room(same)
    assert solved.whole
    assert set(solved.table["package"]) == {"i0=o0;i1=o2"}
    assert (solved.table["picked"] == 1.0).all()
    assert set(solved.lotteries["package"]) == {"i0=o0;i1=o2"}
    with pytest.raises(UsageError, match="no side `z`"):
        solve_room(same, {"z": 1.0})
    with pytest.raises(UsageError, match="above 0"):
        solve_room(same, {"x": 0.0})


def test_more_power_gets_a_side_a_larger_margin():
    by_side = {"x": Support(support="a", at_least=0.3), "y": Support(support="a", at_least=0.3)}
    tables = make_tables(make_space(4, 4, 4), by_side, 60, 3, spread=0.25)
    even = solve_room(tables).table.row(0, named=True)
    strong = solve_room(tables, {"x": 5.0}).table.row(0, named=True)
    assert strong["margin_x"] >= even["margin_x"]


def test_a_large_space_is_sampled_and_says_so(tiny_run, monkeypatch):
    ballot, space = tiny_run.room.ballot.thin(40), tiny_run.study.space
    whole = score_space(ballot, space)
    monkeypatch.setattr("winset.room.scoring.MOST_HELD", 3)
    some = score_space(ballot, space)
    assert "random" in some.count
    assert np.allclose(some.by_side, whole.by_side[:, some.numbers])
    shares = some.share_with(0)
    assert shares.shape == (2, 3)


def test_an_issue_with_one_option_is_no_obstacle(tiny_run):
    space = Space(tuple(dataclasses.replace(i, options=i.options[:1]) for i in tiny_run.study.space.issues))
    assert score_space(tiny_run.room.ballot.thin(20), space).both.shape == (1,)
    assert tabulate(tiny_run.room.ballot, space).space.size == 1


def test_commands_answer_each_question(tiny_run, capsys, tmp_path):
    run = str(tiny_run.folder)
    ladder, profile = tmp_path / "ladder.svg", tmp_path / "profile.svg"
    assert invoke(["repair", run, "mediator-2025-01", "--probability", "0.9", "--plot", str(ladder)]) == 0
    said = capsys.readouterr().out
    assert "What does each commitment and each veto cost it?" in said
    assert "How much would acceptance have to rise?" in said
    assert invoke(["solve", run, "--power", "north=2"]) == 0
    assert "Nash then picks most often" in " ".join(capsys.readouterr().out.split())
    assert invoke(["solve", run, "--power", "north"]) == 2
    assert "write side=number" in capsys.readouterr().err
    assert invoke(["room", run, "--for", "worse-off", "--profile", str(profile)]) == 0
    assert "Every package of these issues is listed." in capsys.readouterr().out
    assert invoke(["room", run, "--above", "0.999"]) == 0
    assert "reaches what was asked" in capsys.readouterr().out
    assert ladder.exists()
    assert profile.exists()
    assert list(itertools.chain(tmp_path.glob("*.part"))) == []
