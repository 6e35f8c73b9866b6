"""A conjoint experiment as the next thing to ask."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from winset.exploration.experimenting import plan_trial, weigh_trials
from winset.exploration.prospects import ways_to_reach
from winset.exploration.resampling import draw_weights
from winset.exploration.simulated import prepare_simulator
from winset.exploration.value import pick_together, tell_together
from winset.exploration.weighing import weigh
from winset.terms import Constraint

PLAN = "mediator-2025-01"


def test_answers_that_know_parts_of_a_sum_know_it_together(rng):
    """y = a + b + c, each seen with noise of its own size: 1 - sum of what is left of each (normal means)."""
    parts, noise = rng.normal(size=(20_000, 3)), np.array([0.5, 1.0, 2.0])
    told, left = tell_together(parts + noise * rng.normal(size=parts.shape), parts.sum(1))
    assert told == pytest.approx((1 / (1 + noise**2)).mean(), abs=0.015)
    assert left.var() == pytest.approx(3 * (1 - told), rel=0.02)
    assert abs(tell_together(rng.normal(size=(1600, 30)), rng.normal(size=1600))[0]) < 0.03


def test_a_choice_that_hangs_on_two_answers_is_gained_by_both(rng):
    """Pick 0 or a + b, both seen exactly: E max(0, N(0, 2)) = sqrt(2) phi(0)."""
    parts = rng.normal(size=(20_000, 2))
    gain = pick_together(parts, np.stack([np.zeros(20_000), parts.sum(1)], axis=1)).mean()
    assert gain == pytest.approx(np.sqrt(2 / (2 * np.pi)), abs=0.01)


def test_packages_are_made_of_what_may_stand_together(study):
    trial = plan_trial(study.space, 1)
    assert trial is not None
    assert len(trial.terms) == sum(len(i.options) for i in study.space.issues)
    assert trial.packages == 3  # the valley has three options: everybody meets each about once
    assert max(trial.judged(t, 900) for t in trial.terms) <= 900
    only = dataclasses.replace(study.space, constraints=(Constraint("land", "split", "water", ("own",)),))
    split = np.array(study.space.encode({"land": "split", "water": "joint"}))
    assert (trial.profiles == split).all(1).any()
    kept = plan_trial(only, 1)
    assert kept is not None
    assert not (kept.profiles == split).all(1).any()
    assert len(kept.profiles) == len(trial.profiles)


def test_an_experiment_tells_more_of_more_people_and_nothing_of_who_does_not_decide(tiny_run):
    room, acceptance = tiny_run.room, tiny_run.acceptance
    asked = weigh(room, PLAN)
    margin, carried = asked.margin(asked.shares()), asked.carried(asked.shares()).astype(float)
    simulator, ways = prepare_simulator(room), ways_to_reach(acceptance)
    weights = draw_weights(len(margin), 50, 1)

    def told(people):
        return weigh_trials(room, simulator, ways, {"random": people}, margin, carried[:, None], weights)

    few, many = told(20), told(5000)
    assert "Army (North)" not in many["of_whom"].to_list()  # no poll reached it
    assert many["tells"].max() > few["tells"].max()
    assert many["tells"].max() < 0.98
    assert many.filter((many["tells_low"] > many["tells"]) | (many["tells"] > many["tells_high"])).is_empty()
    assert many["gain"].to_list() == [0.0] * many.height  # of one option there is nothing to pick
    noise = weigh_trials(
        room,
        simulator,
        ways,
        {"random": 1000},
        np.random.default_rng(3).normal(size=len(margin)),
        carried[:, None],
        weights,
    )
    assert noise["tells"].max() < 0.05
