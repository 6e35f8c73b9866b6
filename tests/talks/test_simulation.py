"""Talks from measured acceptance on: what a study, a scenario and a seed make of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import winset as ws
from winset.errors import MistakesError, UsageError
from winset.room import Room
from winset.runs import Run
from winset.study import load
from winset.study.war import Change, Scenario
from winset.talks import TALK_PRIORS, Fitted, list_table, simulate
from winset.talks.paths import Paths, spread_over_parameters
from winset.talks.priors import MECHANISMS, draw_parameters
from winset.talks.week import AGREEMENT, LULL, TRUCE
from winset.talks.world import guard, side_value

ARRAYS = ("parameters", "state", "front", "held", "mood", "carried", "news", "tabled", "events")


@pytest.fixture(scope="module")
def room(tiny_run: Run) -> Room:
    return tiny_run.room


@pytest.fixture(scope="module")
def base(room: Room) -> Paths:
    return simulate(room, weeks=60, runs=2000)


def test_the_first_week_carries_what_the_room_says(room: Room) -> None:
    """Every mechanism off: the share of runs in which both could carry some package is that of the room's draws."""
    paths = simulate(room, weeks=1, runs=4000, off=MECHANISMS)
    carried = np.zeros(len(room.ballot.draws), bool)
    for package in list_table(room):
        held = room._held(room.shares(dict(package)))
        carried |= np.logical_and.reduce(list(held.values()))
    assert (paths.carried[:, 0, 2] > 0).mean() == pytest.approx(carried.mean(), abs=0.06)


def test_the_same_seed_makes_the_same_bytes_on_any_number_of_cores(room: Room) -> None:
    one, two = (simulate(room, weeks=30, runs=2500, seed=4, threads=n) for n in (1, 2))
    few = ws.simulate(room, weeks=30, runs=500, seed=4)
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
        assert getattr(few, name).tobytes() == getattr(one, name)[:500].tobytes()
    assert not np.array_equal(one.state, simulate(room, weeks=30, runs=2500, seed=5).state)


def test_scenarios_meet_the_same_luck_until_they_part(room: Room, base: Paths) -> None:
    other = simulate(room, weeks=60, runs=2000, scenario="leader-prepares")
    assert np.array_equal(base.state[:, :8], other.state[:, :8])
    assert np.array_equal(base.front[:, :8], other.front[:, :8])
    table = other.compare(base)
    assert np.allclose(table["difference"], table["ours"] - table["theirs"])
    assert base.compare(base)["difference"].abs().max() == 0
    with pytest.raises(UsageError, match="same seed"):
        base.compare(simulate(room, weeks=40, runs=1000, seed=2))


def test_a_frozen_front_stays_where_it_is(room: Room) -> None:
    assert (simulate(room, weeks=20, runs=200, levers=["front=0"]).front == 0).all()
    late = simulate(room, weeks=20, runs=200, levers=["front=0@10"])
    assert (late.front[:, 9] != 0).all()
    assert (late.front[:, 10:] == late.front[:, [9]]).all()


def test_levers_and_scenarios_say_the_same(room: Room) -> None:
    typed = simulate(room, weeks=20, runs=300, levers=["losses=north:3@4", "mobilise=south@9", "framing=north@2"])
    steps = (Change(from_week=4, losses={"north": 3}), Change(from_week=9, mobilise=("south",)))
    said = simulate(room, weeks=20, runs=300, scenario=Scenario(label="x", from_week=2, framing=("north",), then=steps))
    for name in ARRAYS:
        assert np.array_equal(getattr(typed, name), getattr(said, name))


def test_a_referendum_asks_one_constituency(room: Room) -> None:
    asked = simulate(room, weeks=1, runs=4000, off=MECHANISMS, levers=["referendum=north:public"])
    by_rule = simulate(room, weeks=1, runs=4000, off=MECHANISMS)
    column = room.acceptance.study.constituencies().index(("north", "public"))
    shares = np.mean([(room.shares(dict(p))[:, column] >= 0.5).mean() for p in list_table(room)])
    assert asked.carried[:, 0, 0].mean() / len(asked.labels) == pytest.approx(shares, abs=0.06)
    assert np.array_equal(asked.carried[:, 0, 1], by_rule.carried[:, 0, 1])


def test_the_value_of_terms_runs_from_worst_to_best(room: Room) -> None:
    study = room.acceptance.study
    for side in study.sides:
        best, worst = ({i.id: study.sides[side].order[i.id][n] for i in study.space.issues} for n in (0, -1))
        assert side_value(room, side, study.find(best)[0]) == pytest.approx(1)
        assert side_value(room, side, study.find(worst)[0]) == pytest.approx(0)
        assert guard(study, study.find(best)[0]) == 0


def test_the_interval_over_parameters_leaves_chance_out() -> None:
    rng = np.random.default_rng(1)
    found = spread_over_parameters(rng.random(20_000) < 0.3)
    assert found["high"] - found["low"] < 0.12
    p = np.repeat(rng.beta(2, 2, 2000), 10)
    found = spread_over_parameters(rng.random(20_000) < p)
    assert (found["low"], found["high"]) == (pytest.approx(0.135, abs=0.03), pytest.approx(0.865, abs=0.03))


def test_shares_add_up_and_what_is_told_happened(base: Paths) -> None:
    by_week = base.outcomes().group_by("week").agg(pl.col("share").sum())
    assert np.allclose(by_week["share"], 1)
    assert base.settled(60)["mean"] == pytest.approx(np.isin(base.state[:, -1], (TRUCE, AGREEMENT)).mean())
    assert base.signed_by(60)["mean"] >= base.settled(60)["mean"]
    assert base.terms()["signed"].sum() <= 1
    assert 0 <= base.what_differs()["auc"].min() <= base.what_differs()["auc"].max() <= 1
    for run in range(25):
        told = base.story(run)
        assert told
        assert any("agreement is signed" in line for line in told) == bool((base.state[run] == AGREEMENT).any())
    fan = base.fan("front")
    assert (fan["q05"] <= fan["median"]).all()
    assert (fan["median"] <= fan["q95"]).all()
    with pytest.raises(UsageError, match=r"no fan of `sea`; one of front, ridge, valley, north, south"):
        base.fan("sea")


def test_relapse_by_kind_is_what_was_put_in(room: Room) -> None:
    paths = simulate(room, weeks=300, runs=2000, fixed={"relapse_lull": 0.002, "lull": 0.01})
    share, spells = paths.relapsed(LULL)
    assert spells > 500
    assert share == pytest.approx(1 - (1 - 0.002) ** 260, abs=0.05)


def test_priors_are_drawn_as_the_table_says() -> None:
    drawn = draw_parameters(3, 0, 20_000)
    for j, prior in enumerate(TALK_PRIORS.values()):
        x, a, b = drawn[:, j], prior.first, prior.second
        if prior.family == "uniform":
            assert (x.min(), x.max()) == (pytest.approx(a, abs=(b - a) / 50), pytest.approx(b, abs=(b - a) / 50))
        elif prior.family == "normal":
            assert (x.mean(), x.std()) == (pytest.approx(a, abs=b / 20), pytest.approx(b, rel=0.03))
        else:
            assert x.mean() == pytest.approx(a * np.sqrt(2 / np.pi), rel=0.03)
        assert prior.basis in {"measured", "literature", "guess"}
        assert prior.source


def test_what_polls_fitted_takes_the_place_of_a_prior() -> None:
    fitted = Fitted(("fatigue", "mobilisation"), np.array([0.3, 0.2]), np.array([[0.01, 0.005], [0.005, 0.01]]))
    names, drawn = list(TALK_PRIORS), draw_parameters(1, 0, 20_000, fitted=fitted)
    pair = drawn[:, [names.index("fatigue"), names.index("mobilisation")]]
    assert pair.mean(0) == pytest.approx([0.3, 0.2], abs=0.01)
    assert np.corrcoef(pair.T)[0, 1] == pytest.approx(0.5, abs=0.03)


def test_what_is_switched_off_stands_still_and_names_are_checked() -> None:
    values = draw_parameters(1, 0, 5, ("fatigue",), {"fear": 0.2})
    names = list(TALK_PRIORS)
    assert (values[:, names.index("fatigue")] == 0).all()
    assert (values[:, names.index("fear")] == 0.2).all()
    assert np.array_equal(draw_parameters(1, 3, 2), draw_parameters(1, 0, 5)[3:])
    with pytest.raises(UsageError, match="did you mean `fatigue`"):
        draw_parameters(1, 0, 1, ("fatige",))
    with pytest.raises(UsageError, match="no parameter `feer`"):
        draw_parameters(1, 0, 1, (), {"feer": 1.0})


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        ("losses=north:3@-2", "lies before the start; weeks count from the as-of date"),
        ("losses=north:3@soon", "`soon` is no week"),
        ("looses=north:3", "did you mean `losses`"),
        ("losses=nord:3", "did you mean `north`"),
        ("losses=north:many", "many|number"),
        ("land=nrth", "did you mean `north`"),
        ("referendum=north:publik", "did you mean `public`"),
        ("framing", "says not what of"),
        ("front=-1", "greater than or equal to 0"),
        ("losses=north:3@99", "begins in week 99, after the last of 20"),
        ("what ever", "cannot be read"),
    ],
)
def test_a_lever_that_makes_no_sense_is_a_sentence(room: Room, lever: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        simulate(room, weeks=20, runs=10, levers=[lever])


def test_bad_numbers_are_sentences(room: Room) -> None:
    with pytest.raises(UsageError, match="0 weeks: it must be 1 at least"):
        simulate(room, weeks=0)
    with pytest.raises(UsageError, match="0 runs: it must be 1 at least"):
        simulate(room, runs=0)
    with pytest.raises(UsageError, match="did you mean `leader-prepares`"):
        simulate(room, scenario="leader-prepare")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("attacker: north", "attacker: nord", r"unknown side `nord`; did you mean `north`"),
        ("area: 300, held: 0.5", "area: 300, held: 1.5", r"less than or equal to 1"),
        (
            "  truces: []",
            "  priors: {fatigue: {family: normal, first: 0.3, second: -0.1, source: x}}",
            r"-0.1 is negative",
        ),
        ("losses: {north: 3, south: 3}", "losses: {nort: 3}", r"did you mean `north`"),
        ("framing: [north]", "terms: {land: nort}", r"did you mean `north`"),
        ("began: 2023-06-01", "began: 2033-06-01", r"after the as-of date"),
    ],
)
def test_what_contradicts_the_study_is_told_with_its_line(
    folder: Path, edit: Callable, old: str, new: str, said: str
) -> None:
    edit("talks.yaml", old, new)
    with pytest.raises(MistakesError, match=rf"talks\.yaml:\d+.*{said}"):
        load(folder)


def test_a_prior_of_the_study_s_own_must_be_of_a_parameter(room: Room, folder: Path, edit: Callable) -> None:
    edit("talks.yaml", "  truces: []", "  priors: {fatigeu: {family: normal, first: 0.3, source: x}}")
    other = dataclasses.replace(room.acceptance, study=load(folder))
    with pytest.raises(UsageError, match="did you mean `fatigue`"):
        simulate(dataclasses.replace(room, acceptance=other), runs=10)


def test_without_a_war_there_are_no_talks(tiny_run: Run, room: Room, folder: Path) -> None:
    (folder / "talks.yaml").unlink()
    bare = dataclasses.replace(tiny_run.acceptance, study=load(folder))
    with pytest.raises(UsageError, match=r"says nothing of a war"):
        simulate(dataclasses.replace(room, acceptance=bare))
