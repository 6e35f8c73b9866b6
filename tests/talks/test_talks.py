"""Each mechanism alone against its closed form; then the whole."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
import xarray as xr

from winset.cli.commands import invoke
from winset.errors import MistakesError, UsageError
from winset.study import load
from winset.talks import TALK_PRIORS, simulate
from winset.talks.kernels import (
    draw_normal,
    draw_uniform,
    find_address,
    influence,
    learn,
    move_front,
    signs,
    value_of_war,
)
from winset.talks.paths import spread_over_parameters
from winset.talks.priors import draw_parameters
from winset.talks.world import build_world, list_table, side_value


def luck(seed, run, week):
    return np.uint64(find_address(seed, run, week))


@pytest.fixture(scope="module")
def room(tiny_run):
    return tiny_run.room


def test_the_front_alone_is_the_gambler_s_ruin():
    """Feller (1968, ch. XIV.2-3): with chance p of a step up, q down, from the middle of 2a steps."""
    p, aim = 0.55, 5
    q = 1 - p
    ruin = (1 - (q / p) ** aim) / (1 - (q / p) ** (2 * aim))
    length = (2 * aim * ruin - aim) / (p - q)
    ends, steps = [], []
    for run in range(4000):
        x, week = 0.0, 0
        while abs(x) < aim:
            x = move_front(x, (float(aim), 0.0, 1.0), 1.0 if draw_uniform(luck(1, run, week), 0, 0) < p else -1.0)
            week += 1
        ends.append(x > 0)
        steps.append(week)
    assert np.mean(ends) == pytest.approx(ruin, abs=0.025)
    assert np.mean(steps) == pytest.approx(length, rel=0.05)


def test_influence_alone_ends_in_consensus_at_the_mean():
    """DeGroot (1974) with equal weights: every opinion goes to the mean, which never moves."""
    mood, side_of = np.array([1.0, -1.0, 0.6, 2.0, 4.0]), np.array([0, 0, 0, 1, 1])
    for _ in range(400):
        influence(mood, side_of, 0.05)
        assert mood[:3].mean() == pytest.approx(0.2)
    assert np.allclose(mood, [0.2, 0.2, 0.2, 3.0, 3.0], atol=1e-6)


def test_learning_by_fighting_narrows_disagreement():
    """Normal learning: after n weeks the variance is 1 / (1/v + n/s^2); two leaders' beliefs meet (Filson & Werner 2002)."""
    belief = np.array([[3.0, 1.0], [-1.0, 1.0]])
    gaps = []
    for week in range(60):
        moved = 1.0 + 2.0 * draw_normal(luck(5, 0, week), 0, 0)
        for side in range(2):
            learn(belief, side, moved, 2.0)
        gaps.append(belief[0, 0] - belief[1, 0])
    assert belief[0, 1] == pytest.approx(1 / (1 + 60 / 4))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] == pytest.approx(4 / (1 + 60 / 4))


def test_without_a_domestic_side_leaders_sign_what_both_prefer_to_war():
    """Fearon (1995): costs of war open a range; with certain ratification a leader signs all of it and nothing else."""
    ends = np.array([0.3, 0.7])
    war = value_of_war(0.0, 1.0, 208.0, ends, 0.1)
    assert war == pytest.approx(0.3 + 0.5 * 0.4 - 0.1)
    for value in np.linspace(0, 1, 21):
        assert signs(value, 1.0, 0.0, war, 0.2, 0.0) == (value >= war)
        assert not signs(value, -1.0, 0.0, war, 0.2, 0.0)


def test_doubt_about_home_makes_a_leader_ask_for_more():
    worth = [v for v in np.linspace(0, 1, 101) if signs(v, 0.1, 0.0, 0.4, 0.2, 0.3)]
    assert min(worth) > 0.5


def test_an_end_state_is_reached_when_the_front_reaches_the_aim():
    assert move_front(9.5, (10.0, 1.0, 0.0), 0.0) == 10.0
    assert move_front(-9.5, (10.0, -1.0, 0.0), 0.0) == -10.0


def test_relapse_follows_the_base_rates():
    """UCDP dyads 1946-2014 (Kaplan-Meier): .31 within five years of a cease-fire, .09 of a peace agreement."""
    for name, share in (("relapse_truce", 0.31), ("relapse_agreement", 0.09)):
        p = TALK_PRIORS[name]
        assert 1 - (1 - (p.first + p.second) / 2) ** 260 == pytest.approx(share, abs=0.02)


def test_numbers_drawn_are_even_and_independent_of_their_address():
    u = np.array([draw_uniform(luck(3, run, week), 2, 1) for run in range(200) for week in range(50)])
    z = np.array([draw_normal(luck(3, run, week), 2, 1) for run in range(200) for week in range(50)])
    assert np.histogram(u, 10, (0, 1))[0].min() > 850
    assert abs(z.mean()) < 0.04
    assert z.std() == pytest.approx(1, abs=0.03)
    assert abs(np.corrcoef(z[:-1], z[1:])[0, 1]) < 0.03


def test_the_first_week_carries_what_the_room_says(room):
    """No mood, no noise: the share of runs in which both could carry some package is that of the room's draws."""
    still = ("drift", "fatigue", "sunk-sacrifice", "expectation", "fear", "influence")
    paths = simulate(room, weeks=1, runs=4000, off=still)
    table = list_table(room)
    any_carried = np.zeros(len(room.ballot.draws), bool)
    for package in table:
        held = room._held(room.shares(dict(package)))
        any_carried |= np.logical_and.reduce(list(held.values()))
    assert (paths.room[:, 0] > 0).mean() == pytest.approx(any_carried.mean(), abs=0.06)


def test_the_same_seed_makes_the_same_runs_on_any_number_of_cores(room):
    one, two = (simulate(room, weeks=30, runs=2500, seed=4, threads=n) for n in (1, 2))
    for a, b in zip(dataclasses.astuple(one)[6:], dataclasses.astuple(two)[6:], strict=True):
        assert np.array_equal(a, b)
    few = simulate(room, weeks=30, runs=500, seed=4)
    assert np.array_equal(few.state, one.state[:500])


def test_scenarios_meet_the_same_luck(room):
    base = simulate(room, weeks=40, runs=1000)
    same = simulate(room, weeks=40, runs=1000, scenario="leader-prepares")
    assert np.array_equal(base.state[:, :8], same.state[:, :8])
    assert np.array_equal(base.front[:, :8], same.front[:, :8])
    table = same.compare(base)
    assert np.allclose(table["difference"], table["ours"] - table["theirs"])
    with pytest.raises(UsageError, match="same seed"):
        base.compare(simulate(room, weeks=40, runs=1000, seed=2))


def test_a_frozen_front_stays_where_it_is(room):
    from winset.study.war import Scenario

    frozen = simulate(room, weeks=20, runs=200, scenario=Scenario(label="frozen", front=0.0))
    assert (frozen.front == 0).all()


def test_the_value_of_terms_runs_from_worst_to_best(room):
    study = room.acceptance.study
    for side in study.sides:
        best, worst = ({i.id: study.sides[side].order[i.id][n] for i in study.space.issues} for n in (0, -1))
        find = lambda terms: study.find(terms)[0]  # noqa: E731
        assert side_value(room, side, find(best)) == pytest.approx(1)
        assert side_value(room, side, find(worst)) == pytest.approx(0)
    assert build_world(room, list_table(room)).without.shape == (2, 2)


def test_the_interval_over_parameters_leaves_chance_out():
    rng = np.random.default_rng(1)
    only_chance = rng.random(20_000) < 0.3
    found = spread_over_parameters(only_chance)
    assert found["high"] - found["low"] < 0.12
    p = np.repeat(rng.beta(2, 2, 2000), 10)
    found = spread_over_parameters(rng.random(20_000) < p)
    assert (found["low"], found["high"]) == (pytest.approx(0.135, abs=0.03), pytest.approx(0.865, abs=0.03))


def test_what_is_switched_off_stands_still_and_names_are_checked():
    values = draw_parameters(1, 0, 5, ("fatigue",), {"fear": 0.2})
    names = list(TALK_PRIORS)
    assert (values[:, names.index("fatigue")] == 0).all()
    assert (values[:, names.index("fear")] == 0.2).all()
    assert np.array_equal(draw_parameters(1, 3, 2), draw_parameters(1, 0, 5)[3:])
    with pytest.raises(UsageError, match="did you mean `fatigue`"):
        draw_parameters(1, 0, 1, ("fatige",))
    with pytest.raises(UsageError, match="no parameter `feer`"):
        draw_parameters(1, 0, 1, (), {"feer": 1.0})


def test_bad_input_is_a_sentence(room, tiny_run, folder, edit):
    with pytest.raises(UsageError, match="must be 1 at least"):
        simulate(room, weeks=0)
    with pytest.raises(UsageError, match="did you mean `leader-prepares`"):
        simulate(room, scenario="leader-prepare")
    with pytest.raises(UsageError, match="begins in week 8, after the last of 5"):
        simulate(room, weeks=5, runs=10, scenario="leader-prepares")
    edit("talks.yaml", "attacker: north", "attacker: nord")
    with pytest.raises(MistakesError, match=r"talks.yaml:.*unknown side `nord`; did you mean `north`"):
        load(folder)
    (folder / "talks.yaml").unlink()
    bare = dataclasses.replace(tiny_run.acceptance, study=load(folder))
    with pytest.raises(UsageError, match=r"has no talks\.yaml"):
        simulate(dataclasses.replace(room, acceptance=bare))


def test_the_command_tells_and_draws_and_keeps_the_runs(tiny_run, tmp_path, capsys):
    out, plot = tmp_path / "paths.nc", tmp_path / "outcomes.svg"
    command = ["simulate", str(tiny_run.folder), "--weeks", "52", "--runs", "500", "--scenario", "all", "--story", "3"]
    assert invoke([*command, "--out", str(out), "--plot", str(plot), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert any("read differences between scenarios" in f["sentence"] for f in found)
    assert plot.exists()
    with xr.open_datatree(out, engine="h5netcdf") as tree:
        assert set(tree.children) == {"as-it-is", "heavy-losses", "leader-prepares"}
        assert tree["as-it-is/state"].shape == (500, 52)
    assert invoke([*command[:-1], "500"]) == 2
    assert "there is no run 500" in capsys.readouterr().err
