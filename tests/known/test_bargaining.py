"""Bargaining, power and two-level games against published numbers and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from winset.errors import UsageError
from winset.theory import (
    find_core,
    find_indivisible,
    find_pareto,
    find_range,
    find_uncovered,
    majority_win_set,
    measure_power,
    offer_to_uncertain,
    screen,
    settle_on_line,
    share_baron_ferejohn,
    share_finite,
    share_rubinstein,
    solve,
    weighted_game,
    who_beats,
)


def test_power_of_fifty_one():
    """[51; 50, 49, 1]: Shapley-Shubik 2/3, 1/6, 1/6; Banzhaf 3/5, 1/5, 1/5, from the six orders and three swings by hand."""
    power = measure_power("abc", weighted_game(51, [50, 49, 1]))
    assert power.shapley_shubik == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert power.banzhaf_shares == pytest.approx([3 / 5, 1 / 5, 1 / 5])


def test_power_in_the_council_of_1958():
    """[12; 4, 4, 4, 2, 2, 1]: Shapley-Shubik 14/60, 9/60, 0; Banzhaf 5/21, 3/21, 0: Luxembourg has none."""
    power = measure_power(["de", "fr", "it", "nl", "be", "lu"], weighted_game(12, [4, 4, 4, 2, 2, 1]))
    assert power.shapley_shubik == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0])
    assert power.banzhaf_shares == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0])


def test_power_in_the_security_council():
    """Nine of fifteen with all five permanent ones: 421/2145 and 4/2145 (Shapley-Shubik), 848 and 84 swings of 2^14."""
    power = measure_power([f"p{n}" for n in range(15)], weighted_game(39, [7] * 5 + [1] * 10))
    assert power.shapley_shubik == pytest.approx([421 / 2145] * 5 + [4 / 2145] * 10)
    assert power.banzhaf == pytest.approx([848 / 2**14] * 5 + [84 / 2**14] * 10)


def test_a_rule_that_is_not_monotone_is_refused():
    with pytest.raises(UsageError, match="not monotone"):
        measure_power("ab", lambda members: members == {"a"})


def test_fearons_range_and_what_closes_it():
    """Fearon (1995): [p - c_A, p + c_B]; two indivisible deals may both lie outside."""
    around = find_range(0.5, 0.1, 0.2)
    assert (around.low, around.high) == pytest.approx((0.4, 0.7))
    assert around.offer() == pytest.approx(0.4)
    assert find_indivisible([0.0, 1.0], around) == []
    assert find_indivisible([0.0, 0.5, 1.0], around) == [0.5]
    averse = find_range(0.5, 0.1, 0.2, risk_a=0.5, risk_b=0.5)
    assert (averse.low, averse.high) == pytest.approx((0.16, 1 - 0.09))


@settings(max_examples=200, deadline=None)
@given(st.floats(0.3, 0.9), st.floats(0, 0.3), st.floats(0, 0.2), st.floats(0.05, 0.4))
def test_the_screening_offer_is_the_best_one(win, cost, low, width):
    best = screen(win, cost, low, low + width)

    def proposer(y):
        war = np.clip((y - low) / width, 0, 1)
        return (1 - win + y) * (1 - war) + (1 - win - cost) * war

    found = minimize_scalar(lambda y: -proposer(y), bounds=(low, min(low + width, win)), method="bounded")
    assert proposer(win - best.offer) >= -found.fun - 1e-6


def test_rubinsteins_shares_and_their_limit():
    """(1 - d2) / (1 - d1 d2); many finite rounds come close (Rubinstein 1982, Stahl 1972)."""
    assert share_rubinstein(0.5, 0.5) == pytest.approx(2 / 3)
    assert share_rubinstein(0.9, 0.6) == pytest.approx(0.4 / 0.46)
    assert share_finite(0.9, 0.6, 101) == pytest.approx(share_rubinstein(0.9, 0.6), abs=1e-9)
    assert share_finite(0.9, 0.6, 2) == pytest.approx(1 - 0.6)
    assert share_rubinstein(0.9, 0.9, outside_second=0.3) == share_rubinstein(0.9, 0.9)
    assert share_rubinstein(0.9, 0.9, outside_second=0.6) == pytest.approx(0.4)


def test_baron_and_ferejohns_proposer():
    """Three members, majority, patient: 2/3; a large house without patience: everything."""
    assert share_baron_ferejohn(3, 2, 1.0) == pytest.approx(2 / 3)
    assert share_baron_ferejohn(101, 51, 1.0) == pytest.approx(1 - 50 / 101)
    assert share_baron_ferejohn(101, 51, 0.0) == 1.0


def test_schellings_conjecture_holds_until_there_is_no_deal():
    shares = [settle_on_line(r, 0.3).share for r in (0.0, 0.2, 0.4, 0.6, 0.7)]
    assert shares == sorted(shares)
    assert settle_on_line(0.71, 0.3).deal is None


@pytest.mark.parametrize(
    ("low", "high", "no_deal"), [(0.2, 0.9, 0.0), (0.0, 1.0, 0.2), (0.1, 0.3, 0.0), (0.6, 0.9, 0.5)]
)
def test_the_offer_to_an_uncertain_pivot_has_a_closed_form(low, high, no_deal):
    closed = min(max((1 - no_deal + low) / 2, low), high)
    assert offer_to_uncertain(low, high, no_deal=no_deal).offer == pytest.approx(closed, abs=1e-6)


TRIANGLE = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]])


def test_solutions_on_the_simplest_convex_set():
    """u1 + u2 <= 1: all four are at the even split; power 2:1 gives Nash 2/3, 1/3."""
    for name in ("nash", "kalai-smorodinsky", "egalitarian"):
        assert solve(TRIANGLE, np.zeros(2), name, lotteries=True).utilities == pytest.approx([0.5, 0.5], abs=1e-6)
    skewed = solve(TRIANGLE, np.zeros(2), "nash", power=np.array([2.0, 1.0]), lotteries=True)
    assert skewed.utilities == pytest.approx([2 / 3, 1 / 3], abs=1e-5)


def test_nash_and_kalai_smorodinsky_part_on_a_trapezoid():
    """Hull of (0,0), (1,0), (1,.5), (0,1): Nash at u1 = 1 (product .5), KS on the diagonal to the ideal (1, 1): 2/3."""
    deals = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.5], [0.0, 1.0]])
    assert solve(deals, np.zeros(2), "nash", lotteries=True).utilities == pytest.approx([1.0, 0.5], abs=1e-5)
    assert solve(deals, np.zeros(2), "kalai-smorodinsky", lotteries=True).utilities == pytest.approx(
        [2 / 3, 2 / 3], abs=1e-6
    )
    assert solve(deals, np.zeros(2), "utilitarian", lotteries=True).utilities == pytest.approx([1.0, 0.5], abs=1e-6)


def test_three_sides_split_a_pie_evenly():
    pie = np.vstack([np.eye(3), np.zeros(3)])
    for name in ("nash", "kalai-smorodinsky", "egalitarian"):
        assert solve(pie, np.zeros(3), name, lotteries=True).utilities == pytest.approx([1 / 3] * 3, abs=1e-5)


def test_no_solution_where_every_deal_hurts_somebody():
    found = solve(np.array([[1.0, -0.1], [-0.2, 1.0]]), np.zeros(2))
    assert found.weights is None
    assert found.utilities.tolist() == [0.0, 0.0]


tables = st.integers(2, 12).flatmap(
    lambda n: st.lists(st.tuples(st.floats(0, 1, width=32), st.floats(0, 1, width=32)), min_size=n, max_size=n)
)


@settings(max_examples=300, deadline=None)
@given(tables, st.floats(0.2, 5), st.floats(-2, 2))
def test_nash_and_kalai_smorodinsky_do_not_depend_on_scales(table, factor, shift):
    deals = np.round(np.array(table), 3)
    moved = deals * [factor, 1.0] + [shift, 0.0]
    for name in ("nash", "kalai-smorodinsky"):
        first, second = solve(deals, np.zeros(2), name), solve(moved, np.array([shift, 0.0]), name)
        assert (second.utilities - [shift, 0.0]) / [factor, 1.0] == pytest.approx(first.utilities, abs=1e-6) or _tie(
            deals, name
        )


def _tie(deals, name):
    """Two deals may be equally good; then either is right."""
    score = deals.prod(1) if name == "nash" else np.sort(deals / np.maximum(deals.max(0), 1e-12), axis=1)[:, 0]
    return (np.abs(score - score.max()) < 1e-6).sum() > 1


@settings(max_examples=300, deadline=None)
@given(tables)
def test_the_frontier_is_what_brute_force_finds_and_holds_every_solution(table):
    deals = np.array(table)
    brute = [not any((o >= d).all() and (o > d).any() for o in deals) for d in deals]
    front = find_pareto(deals)
    assert front.tolist() == brute
    for name in ("egalitarian", "kalai-smorodinsky", "nash"):
        got = solve(deals, np.zeros(2), name).utilities
        if (deals > 0).all(1).any():
            assert not any((o >= got + 1e-9).all() for o in deals)


def test_majority_win_set_core_and_uncovered_set_on_a_line():
    """One dimension: the median voter's ideal is the core, and the win set of x reaches to its mirror image."""
    voters = np.array([[0.0], [0.4], [1.0]])
    points = np.linspace(0, 1, 11)[:, None]
    beats = who_beats(voters, points)
    assert points[find_core(beats)].ravel() == pytest.approx([0.4])
    assert points[find_uncovered(beats)].ravel() == pytest.approx([0.4])
    wins = points[majority_win_set(voters, np.array([0.6]), points)].ravel()
    assert wins == pytest.approx([0.3, 0.4, 0.5])


def test_three_voters_in_a_plane_have_no_core():
    """McKelvey (1976): ideals at the corners of a triangle; every point of a grid is beaten, the uncovered set is central."""
    voters = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.9]])
    points = np.array([[x, y] for x in np.linspace(0, 1, 11) for y in np.linspace(0, 0.9, 10)])
    beats = who_beats(voters, points)
    assert not find_core(beats).any()
    uncovered = points[find_uncovered(beats)]
    assert 0 < len(uncovered) < len(points)
    assert (
        np.linalg.norm(uncovered - voters.mean(0), axis=1).mean()
        < np.linalg.norm(points - voters.mean(0), axis=1).mean()
    )
