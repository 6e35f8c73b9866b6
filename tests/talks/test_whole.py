"""The whole model in the limits where others have solved it; the test names the source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tests.talks.toys import on_a_line

from winset.talks.week import (
    AGREEMENT,
    FAILED_FIRST,
    FAILED_SECOND,
    FAILURES,
    FIRST_WEEK,
    HELD_SCALE,
    MOBILISED,
    PACKAGE,
    REFUSED_FIRST,
    REFUSED_SECOND,
    TAKEN,
    TALKING,
    THROWN_BACK,
)
from winset.theory import find_range, settle_on_line


def test_without_a_domestic_side_they_sign_what_lies_in_fearon_s_range():
    """Fearon (1995): [p - c_A, p + c_B]; one deal on the table at a time, signed iff it lies there."""
    costs = {"war_cost_attacker": 0.1, "war_cost_defender": 0.2}
    around = find_range(0.5, 0.1, 0.2)
    line = on_a_line(1, parameters=costs)
    for value in np.arange(0.025, 1, 0.05):
        out = line.but(values=np.array([value])).run(20, 12)
        signed = (out.state[:, -1] == AGREEMENT).mean()
        assert signed == (around.low <= value <= around.high)


def test_fear_of_a_shift_in_power_narrows_that_range():
    """Powell (2006): each asks for s q / (1 - q) more; here q is the chance to break within the two years that are weighed."""
    hazard, s = 0.004, 0.1
    q = 1 - (1 - hazard) ** 104
    costs = {"war_cost_attacker": 0.1, "war_cost_defender": 0.2, "relapse_agreement": hazard, "regroup": s}
    low, high = 0.4 + s * q / (1 - q), 0.7 - s * q / (1 - q)
    line = on_a_line(1, parameters=costs)
    for value in np.arange(0.405, 0.7, 0.01):
        out = line.but(values=np.array([value])).run(10, 8)
        assert (out.events[:, PACKAGE] >= 0).all() == (low <= value <= high)


def test_what_home_asks_moves_the_deal_until_there_is_none():
    """Schelling (1960), Putnam (1988): a smaller win-set gets better terms, up to the other's floor."""
    costs = {"war_cost_attacker": 0.3, "war_cost_defender": 0.3, "patience": 0.95, "doubt": 0.0}
    line = on_a_line(201, without=(0.5, 0.5), parameters=costs)
    means = []
    for needed in (0.2, 0.6, 0.75, 0.85):
        margins = np.where(line.values >= needed, 1.0, -1.0) * np.ones((2, 1))
        out = line.but(margins=margins).run(300, 12)
        signed = out.events[:, PACKAGE]
        assert (signed >= 0).all() == (settle_on_line(needed, 0.2).share is not None)
        if (signed >= 0).all():
            assert line.values[signed].min() >= needed
            means.append(line.values[signed].mean())
    assert means == sorted(means)
    assert means[0] == pytest.approx(0.5, abs=0.02)


def test_with_nothing_to_sign_the_war_is_the_gambler_s_ruin():
    """Feller (1968): a walk of drift m and deviation s from the middle of 2a ends above with chance 1 / (1 + exp(-2 m a / s^2)).

    A step overshoots the end by .583 s on average (Siegmund 1985), which is added to a.
    """
    line = on_a_line(1, margin=-9.0, area=(2000.0,), drift=2.0, sd=60.0)
    out = line.run(4000, 1500)
    a = 1000 + 0.583 * 60
    over = 1 / (1 + np.exp(-2 * 2.0 * a / 60.0**2))
    ends = out.state[:, -1]
    assert np.isin(ends, (TAKEN, THROWN_BACK)).mean() > 0.98
    taken = (ends == TAKEN).mean() / np.isin(ends, (TAKEN, THROWN_BACK)).mean()
    assert taken == pytest.approx(over, abs=0.025)
    weeks = np.where((out.state >= TAKEN).any(1), (out.state >= TAKEN).argmax(1) + 1, 1500)
    assert weeks.mean() == pytest.approx(a / 2.0 * np.tanh(2.0 * a / 60.0**2), rel=0.06)
    assert (out.events[:, PACKAGE] < 0).all()


def test_without_luck_it_is_the_differential_equation_that_scipy_solves():
    """x' = m; losses L' = 1 / so_far; opinion y' = (l - 1) (y - f log10 L - d t): Euler steps of a week."""
    parameters = {"fatigue": 0.4, "duration": 0.1, "susceptible": 0.97}
    out = on_a_line(1, margin=-9.0, drift=1.5, sd=0.0, so_far=60.0, parameters=parameters).run(1, 300)

    def change(t, y):
        return [1.5, 1 / 60.0, (0.97 - 1) * (y[2] - 0.4 * np.log10(y[1]) - 0.1 * t / 52)]

    found = solve_ivp(change, (0, 300), [0.0, 1.0, 0.0], t_eval=np.arange(1, 301), rtol=1e-8)
    assert np.allclose(out.front[0], found.y[0], rtol=1e-5)
    assert np.allclose(out.mood[0, :, 0], found.y[2], atol=0.01)


def test_relapse_alone_is_geometric_and_its_price_is_guaranteed_down():
    """A hazard h a week: 1 - (1 - h)^n have broken down within n weeks."""
    always = {"relapse_agreement": 0.01, "break_off": 0.0}
    line = on_a_line(1, parameters={**always, "war_cost_attacker": 0.9, "war_cost_defender": 0.9, "resume": 0.0})
    out = line.run(5000, 105)
    first = out.events[0, FIRST_WEEK]
    assert (out.state[:, 104] == AGREEMENT).mean() == pytest.approx((1 - 0.01) ** (104 - first), abs=0.02)


def test_what_is_refused_is_said_and_a_failure_at_home_is_no_refusal():
    costs = {"war_cost_attacker": 0.0, "war_cost_defender": 0.0}
    out = on_a_line(1, parameters=costs).but(values=np.array([0.2])).run(5, 9)
    assert not (out.news & (REFUSED_FIRST | REFUSED_SECOND)).any()
    assert (out.state == TALKING).all()
    hidden = on_a_line(1).but(values=np.array([0.5]), margins=np.array([[-0.1], [0.1]]))
    out = hidden.but(parameters={"doubt": 0.5, "price_of_failure": 0.1, "doubt_other": 0.5}).run(400, 20)
    assert (out.events[:, PACKAGE] < 0).all()
    assert (out.news & REFUSED_FIRST).any()
    assert (out.news & FAILED_FIRST).any()
    assert not (out.news & FAILED_SECOND).any()
    assert (out.events[:, FAILURES] == ((out.news & FAILED_FIRST) > 0).sum(1)).all()
    assert not ((out.news & REFUSED_FIRST > 0) & (out.news & FAILED_FIRST > 0)).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0, 300), st.floats(0, 3))
def test_bounds_and_conservation(seed, drift, sd, losses):
    """Regions stay within their area, the front is what they add up to, an end is never left, and packages carried by both
    are no more than those carried by either."""
    line = on_a_line(
        3, area=(400.0, 600.0), held=(0.3, 0.6), drift=drift, sd=sd, parameters={"fatigue": 0.4, "lull": 0.01}
    )
    margins = np.array([[-0.2, 0.1, 0.3], [0.2, 0.0, -0.4]])
    out = line.but(margins=margins).run(20, 80, seed, losses=np.full((80, 2), losses))
    shares = out.held / HELD_SCALE
    assert shares.min() >= 0
    assert shares.max() <= 1
    gained = (shares - [0.3, 0.6]) @ np.array([400.0, 600.0])
    assert np.allclose(out.front, gained, atol=0.05)
    assert (out.carried[..., 2] <= out.carried[..., :2].min(2)).all()
    for end in (TAKEN, THROWN_BACK):
        stays = (out.state == end)[:, :-1] <= (out.state == end)[:, 1:]
        assert stays.all()
    assert ((out.state[:, 1:] != AGREEMENT) | (out.state[:, :-1] != AGREEMENT) | (np.diff(out.front) == 0)).all()


def test_levers_act_from_their_week_on():
    line = on_a_line(
        1, margin=-9.0, drift=5.0, parameters={"mobilisation": 0.4, "mobilisation_weeks": 10.0, "aid": 0.5}
    )
    front, aid, mobilise = np.ones(40), np.ones((40, 2)), np.zeros((40, 2), bool)
    front[10:20], aid[20:, 0], mobilise[30, 1] = 0.0, 2.0, True
    out = line.run(1, 40, front=front, aid=aid, mobilise=mobilise)
    steps = np.diff(out.front[0], prepend=0)
    assert np.allclose(steps, [5.0] * 10 + [0.0] * 10 + [7.5] * 20)
    assert out.mood[0, 30, 1] == pytest.approx(0.4)
    assert out.mood[0, 39, 1] == pytest.approx(0.4 * np.exp(-0.9))
    assert (out.mood[0, :, 0] == 0).all()
    assert out.news[0, 30] & MOBILISED
