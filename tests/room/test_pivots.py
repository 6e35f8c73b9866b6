"""Who decides at home, on cases small enough for paper."""

from __future__ import annotations

import numpy as np
import pytest

from winset.cli.commands import invoke
from winset.errors import UsageError
from winset.room.pivots import rule_power
from winset.room.rules import rule_holds
from winset.study import AllOf, AnyOf, Coalition, Support, Veto


def test_a_veto_and_a_majority_share_power_evenly():
    rule = AllOf(all_of=(Support(support="public", at_least=0.5), Veto(veto="army", below=0.3)))
    assert rule_power(rule).shapley_shubik.tolist() == [0.5, 0.5]


def test_a_weighted_rule_is_its_weighted_game():
    rule = Coalition(coalition={"a": 50, "b": 49, "c": 1}, at_least=0.51)
    assert rule_power(rule).shapley_shubik == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_a_nested_rule_by_hand():
    """a and (b or c): orders in which a is last or not first: a pivotal in 4 of 6, b and c in 1 each."""
    either = AnyOf(any_of=(Support(support="b", at_least=0.5), Support(support="c", at_least=0.5)))
    power = rule_power(AllOf(all_of=(Support(support="a", at_least=0.5), either)))
    assert power.shapley_shubik == pytest.approx([4 / 6, 1 / 6, 1 / 6])
    assert power.banzhaf == pytest.approx([3 / 4, 1 / 4, 1 / 4])


def test_a_constituency_decides_where_the_others_leave_it_open(tiny_run):
    room = tiny_run.room
    table = room.pivots("mediator-2025-01")
    army = table.filter(side="north", constituency="army").row(0, named=True)
    shares = room._named("north", room.shares("mediator-2025-01"))
    public = np.mean(shares["public"] >= 0.5)
    assert army["decides"] == pytest.approx(public)
    assert army["if_lost"] == 0.0
    assert army["if_won"] == pytest.approx(public)
    rule = room.acceptance.study.sides["north"].ratification
    assert army["p_side"] == pytest.approx(np.mean(rule_holds(rule, shares, list(room.ballot.thresholds[0]))))


def test_the_best_packages_keep_what_is_given(tiny_run):
    found = tiny_run.room.best(3, given={"land": "split"})
    assert all("land=split" in p for p in found["package"])
    own = tiny_run.room.best(3, side="north")
    assert own["p_north"].to_list() == sorted(own["p_north"].to_list(), reverse=True)
    with pytest.raises(UsageError, match="did you mean `land`"):
        tiny_run.room.best(given={"lend": "split"})
    with pytest.raises(UsageError, match="has no option `half` for `land`"):
        tiny_run.room.best(given={"land": "half"})
    with pytest.raises(UsageError, match="did you mean `north`"):
        tiny_run.room.best(side="nort")


def test_the_commands_print_them(tiny_run, capsys):
    assert invoke(["room", str(tiny_run.folder), "--top", "2", "--given", "water=joint"]) == 0
    assert "with water=joint" in capsys.readouterr().out
    assert invoke(["pivots", str(tiny_run.folder), "mediator-2025-01"]) == 0
    assert "decide most often" in capsys.readouterr().out


def test_the_frontier_holds_what_nothing_beats_and_the_map_counts_every_package(tiny_run):
    room = tiny_run.room
    front = room.frontier().select("p_north", "p_south").to_numpy()
    chances = room.scores.by_side.T
    assert not any(((chances >= f).all(1) & (chances > f + 1e-9).any(1)).any() for f in front)
    assert room.density("north", "south")["packages"].sum() == room.scores.space.size
    with pytest.raises(UsageError, match="no side `west`"):
        room.density("north", "west")
