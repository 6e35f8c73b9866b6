"""Each mechanism alone, against its closed form or a published result; the test names the source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.special import ndtri
from scipy.stats import norm, truncnorm

from winset.talks.attitudes import find_surprise, frighten, tire
from winset.talks.bargaining import best_for, hold_out
from winset.talks.front import beat, lose_both, move_front, share_out
from winset.talks.influence import influence, settle_opinions
from winset.talks.leaders import (
    DEMOCRATIC,
    MIXED,
    NO_LEADER,
    REPRESSIVE,
    chance_at_home,
    expect,
    find_fate,
    harden,
    learn,
    learn_from_answer,
    value_of_deal,
    value_of_war,
)
from winset.talks.numbers import draw_normal, draw_normals, draw_uniform, find_address, invert_normal, list_normals
from winset.theory import find_range, settle_on_line, share_rubinstein

NO_FATE = (NO_LEADER, False, 0.0, 0.0, 1.0)


def luck(run: int, week: int, seed: int = 1):
    return np.uint64(find_address(seed, run, week))


class TestNumbers:
    def test_inversion_is_scipy_s(self) -> None:
        """Acklam (2003) states a relative error below 1.15e-9."""
        p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 4001), 10.0 ** -np.arange(6, 15)])
        assert np.allclose([invert_normal(x) for x in p], ndtri(p), rtol=1.2e-9, atol=1e-12)

    def test_numbers_are_even_and_independent_of_their_address(self) -> None:
        u = np.array([draw_uniform(luck(run, week), 2, 1) for run in range(200) for week in range(50)])
        z = np.array([draw_normal(luck(run, week), 2, 1) for run in range(200) for week in range(50)])
        assert np.histogram(u, 10, (0, 1))[0].min() > 850
        assert abs(z.mean()) < 0.04
        assert z.std() == pytest.approx(1, abs=0.03)
        assert abs(np.corrcoef(z[:-1], z[1:])[0, 1]) < 0.03

    def test_numbers_drawn_together_are_those_drawn_alone(self) -> None:
        together = list_normals((1, 2), (4, 40))
        for week in range(50):
            draw_normals(luck(3, week), together)
            alone = [
                draw_normal(luck(3, week), purpose, n) for purpose, count in ((1, 2), (4, 40)) for n in range(count)
            ]
            assert (together.drawn == alone).all()

    def test_numbers_of_one_week_for_other_ends_do_not_go_together(self) -> None:
        many = np.array(
            [
                [draw_normal(luck(run, 7), purpose, which) for purpose in range(4) for which in range(3)]
                for run in range(4000)
            ]
        )
        apart = np.corrcoef(many.T) - np.eye(12)
        assert np.abs(apart).max() < 4.5 / np.sqrt(4000)


class TestFront:
    def test_alone_it_is_the_gambler_s_ruin(self) -> None:
        """Feller (1968, ch. XIV.2-3): with chance p of a step up, q down, from the middle of 2a steps (Smith & Stam 2004)."""
        p, aim = 0.55, 5
        q = 1 - p
        ruin = (1 - (q / p) ** aim) / (1 - (q / p) ** (2 * aim))
        length = (2 * aim * ruin - aim) / (p - q)
        ends, steps = [], []
        for run in range(4000):
            held, week = np.array([0.5]), 0
            while 0 < held[0] < 1:
                step = 1.0 if draw_uniform(luck(run, week), 0, 0) < p else -1.0
                move_front(held, np.array([2.0 * aim]), np.ones(1), step, 0.0, np.zeros(1))
                held = np.round(held * 2 * aim) / (2 * aim)
                week += 1
            ends.append(held[0] == 1)
            steps.append(week)
        assert np.mean(ends) == pytest.approx(ruin, abs=3 * np.sqrt(ruin * (1 - ruin) / 4000))
        assert np.mean(steps) == pytest.approx(length, rel=0.05)

    @settings(max_examples=100, deadline=None)
    @given(
        st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(-500, 500), st.floats(0, 300), st.integers(0, 99)
    )
    def test_shares_stay_shares_and_the_whole_is_the_sum_of_its_parts(self, held, drift, sd, run) -> None:
        held, area = np.array(held), np.linspace(100, 900, len(held))
        before, part = held.copy(), np.zeros(len(held))
        share_out(held, np.ones(len(held)), area * (1 - held), part)
        gained = move_front(held, area, part, drift, sd, np.random.default_rng(run).normal(size=len(held)))
        assert ((held >= 0) & (held <= 1)).all()
        assert gained == pytest.approx(((held - before) * area).sum(), abs=1e-9)
        assert part.sum() == pytest.approx(1 if (before < 1).any() else 0)

    def test_in_parts_it_drifts_and_varies_as_the_whole_does(self) -> None:
        area, part = np.array([4e6, 1e6, 5e6]), np.array([0.2, 0.5, 0.3])
        noise = np.random.default_rng(1).normal(size=(20_000, 3))
        gains = [move_front(np.full(3, 0.5), area, part, 84.0, 88.0, noise[run]) for run in range(20_000)]
        assert np.mean(gains) == pytest.approx(84, abs=3)
        assert np.std(gains) == pytest.approx(88, rel=0.03)

    def test_effort_goes_where_it_is_declared_until_a_region_is_taken(self) -> None:
        part = np.zeros(3)
        share_out(np.array([0.5, 0.9, 1.0]), np.array([3.0, 1.0, 4.0]), np.ones(3), part)
        assert part == pytest.approx([0.75, 0.25, 0])
        share_out(np.array([1.0, 0.9, 0.2]), np.array([3.0, 0.0, 0.0]), np.array([0, 10.0, 30.0]), part)
        assert part == pytest.approx([0, 0.25, 0.75])

    def test_the_tempo_is_an_ar1_of_the_stated_spread_and_losses_keep_their_mean(self) -> None:
        tempo, seen, lost, total = 0.0, [], np.zeros(2), np.zeros(2)
        noise = np.random.default_rng(1).normal(size=(20_000, 2))
        for week in range(20_000):
            tempo = beat(tempo, 0.9, 0.3, draw_normal(luck(0, week), 1, 0))
            lose_both(np.array([1.0, 2.0]), np.array([1.0, 3.0]), tempo, 0.3, 50.0, noise[week], lost)
            seen.append(tempo)
            total += lost
        assert np.std(seen) == pytest.approx(0.3, rel=0.05)
        assert np.corrcoef(seen[:-1], seen[1:])[0, 1] == pytest.approx(0.9, abs=0.01)
        assert total * 50 / 20_000 == pytest.approx([1, 6], rel=0.05)


class TestInfluence:
    def test_it_ends_at_the_fixed_point_of_friedkin_and_johnsen(self, rng) -> None:
        """Friedkin & Johnsen (1990): x = (I - L W)^-1 (I - L) s."""
        listens = rng.random((5, 5))
        listens /= listens.sum(1, keepdims=True)
        inner, expressed = rng.normal(size=5), np.zeros(5)
        for _ in range(300):
            influence(expressed, inner, listens, np.zeros(5, int), 0.7, np.zeros(2), np.zeros(2), np.zeros(5))
        assert np.allclose(expressed, settle_opinions(inner, listens, np.full(5, 0.7)), atol=1e-12)

    def test_without_stubbornness_it_is_degroot_s_consensus(self) -> None:
        """DeGroot (1974, section 4): weights (1/2 1/2; 1/4 3/4) end at 1/3 and 2/3 of the first opinions."""
        listens, expressed = np.array([[0.5, 0.5], [0.25, 0.75]]), np.array([1.0, 0.0])
        for _ in range(200):
            influence(expressed, np.zeros(2), listens, np.zeros(2, int), 1.0, np.zeros(2), np.zeros(2), np.zeros(2))
        assert np.allclose(expressed, 1 / 3)

    def test_a_leader_who_speaks_alone_is_followed(self) -> None:
        expressed = np.zeros(3)
        side_of, cue, line = np.array([0, 0, 1]), np.array([0.5, 0.5]), np.array([1.0, -1.0])
        for _ in range(400):
            influence(expressed, np.zeros(3), np.eye(3), side_of, 0.4, cue, line, np.zeros(3))
        assert expressed == pytest.approx(np.array([1, 1, -1]) * 0.2 / 0.8)


class TestAttitudes:
    def test_fatigue_is_mueller_s_line(self) -> None:
        """Mueller (1973): support falls by 15 points, .38 probits, as losses grow tenfold; by nothing as they stay."""
        assert tire(1.0, 1.0, 0.0, 0.38, 0.0, 0.0) == pytest.approx(ndtri(0.65) - ndtri(0.5), abs=0.01)
        assert tire(0.0, 1.0, 3.0, 0.38, 0.1, 0.0) == 0
        assert tire(0.0, 10.0, 2.0, 0.38, 0.1, 0.05) == pytest.approx(0.2)

    def test_success_is_half_a_year_s_movement_against_what_it_was(self) -> None:
        steady, still = np.arange(80) * 84.0, np.zeros(80)
        assert find_surprise(steady, 60, 84.0) == pytest.approx(0)
        assert find_surprise(steady, 5, 84.0) == pytest.approx(0)
        assert find_surprise(still, 60, 84.0) == pytest.approx(-1)
        assert find_surprise(steady * 2, 60, 84.0) == pytest.approx(1)
        assert find_surprise(still, 60, 0.0) == 0

    def test_fear_fades_over_two_years_and_kept_deals_calm(self) -> None:
        fear = frighten(0.0, True, 0, 0.0)
        assert fear == 1
        for _ in range(104):
            fear = frighten(fear, False, 0, 0.0)
        assert fear == pytest.approx(np.exp(-1))
        assert frighten(1.0, False, 2, 0.1) == pytest.approx(np.exp(-1 / 104) - 0.2)
        assert frighten(-1.0, False, 9, 1.0) == -1


class TestLeaders:
    def test_what_an_outcome_costs_by_regime(self) -> None:
        """Goemans (2000): a mixed regime pays a small loss like a large one, a repressive one little, a democratic one office."""
        small, large = 0.45, 0.0
        cost = lambda value, regime: find_fate(value, regime, True, 1.0, 2.0, 0.5)  # noqa: E731
        assert cost(small, MIXED) - cost(0.5, MIXED) > 0.8 * (cost(large, MIXED) - cost(0.5, MIXED))
        assert cost(small, REPRESSIVE) - cost(0.5, REPRESSIVE) < 0.2 * (cost(large, REPRESSIVE) - cost(0.5, REPRESSIVE))
        assert cost(large, DEMOCRATIC) == pytest.approx(0.51)
        assert cost(large, REPRESSIVE) == cost(large, MIXED) == pytest.approx(0.51 + 2 * 0.29)
        assert find_fate(0.0, MIXED, False, 1.0, 2.0, 0.5) == pytest.approx(cost(large, MIXED) / 2)
        assert find_fate(0.0, NO_LEADER, True, 1.0, 2.0, 0.5) == 0

    def test_the_value_of_war_is_the_mean_of_where_the_front_will_be(self) -> None:
        """Gauss-Hermite with three nodes is exact for what is straight between the ends."""
        ends = np.array([0.3, 0.7])
        assert value_of_war(0.0, 1.0, 0.0, 208.0, ends, 0.1, NO_FATE) == pytest.approx(0.3 + 0.5 * 0.4 - 0.1)
        assert value_of_war(0.0, 1.0, 20.0, 208.0, ends, 0.1, NO_FATE) == pytest.approx(0.3 + 0.5 * 0.4 - 0.1)
        assert value_of_war(0.0, 10.0, 0.0, 208.0, ends, 0.0, NO_FATE) == pytest.approx(0.7)

    def test_sign_iff_what_ratification_leaves_is_worth_more_than_war(self) -> None:
        """Fearon (1995) and Putnam (1988): certain of home, a leader signs all that beats war; in doubt, he asks for more."""
        assert chance_at_home(0.1, 0.0, 0.0) == 1
        assert chance_at_home(-0.1, 0.0, 0.0) == 0
        assert chance_at_home(0.2, 0.0, 0.2) == pytest.approx(norm.cdf(1))
        for value in np.linspace(0, 1, 21):
            assert (expect(1.0, value, 0.4, 0.2) >= 0.4) == (value >= 0.4)
        half = [v for v in np.linspace(0, 1, 1001) if expect(0.5, v, 0.4, 0.2) >= 0.4]
        assert min(half) == pytest.approx(0.6)

    def test_fear_of_a_shift_in_power_raises_the_floor(self) -> None:
        """Powell (2006): broken with chance q, at a loss s: a deal beats war w iff it gives w + s q / (1 - q)."""
        q, s, w = 0.3, 0.2, 0.4
        floor = w + s * q / (1 - q)
        assert value_of_deal(floor + 1e-9, 0.0, q, w, s) > w
        assert value_of_deal(floor - 1e-9, 0.0, q, w, s) < w

    @pytest.mark.parametrize("shift", [0.0, 0.1, 0.3, 0.5, 0.7])
    def test_large_and_likely_shifts_end_talks(self, shift) -> None:
        """Powell (2006): no deal iff w_A + w_B + q / (1 - q) (s_A + s_B) > 1."""
        war, q = np.array([0.4, 0.3]), 0.4
        x = np.linspace(0, 1, 2001)
        deal = np.array([[value_of_deal(v, 0.0, q, war[s], shift) for v in (x, 1 - x)[s]] for s in range(2)])
        chosen = best_for(0, deal, deal, war, np.zeros((2, len(x))))
        assert (chosen < 0) == (war.sum() + q / (1 - q) * 2 * shift > 1)

    def test_the_more_often_a_leader_refuses_the_fewer_deals_he_can_carry(self) -> None:
        """Fearon (1994): audience costs that rise with every refusal lock in, here after log(u / cost) / log(1 + step)."""
        utility, cost, step, price, refusals = 0.5, 0.4, 0.02, 1.0, 0
        while utility - price * cost >= 0:
            price = harden(price, True, step)
            refusals += 1
        assert refusals == np.ceil(np.log(utility / cost) / np.log(1 + step))
        assert harden(1.9, True, 0.5) == 2
        assert harden(1.2, False, 0.5) == 1.2


class TestLearning:
    def test_fighting_narrows_disagreement(self) -> None:
        """Normal learning: after n weeks the variance is 1 / (1/v + n/s^2); beliefs meet (Filson & Werner 2002)."""
        beliefs = [(3.0, 1.0), (-1.0, 1.0)]
        gaps = []
        for week in range(60):
            moved = 1.0 + 2.0 * draw_normal(luck(0, week, 5), 0, 0)
            beliefs = [learn(mean, variance, moved, 2.0, 0.0) for mean, variance in beliefs]
            gaps.append(beliefs[0][0] - beliefs[1][0])
        assert beliefs[0][1] == pytest.approx(1 / (1 + 60 / 4))
        assert gaps == sorted(gaps, reverse=True)
        assert gaps[-1] == pytest.approx(4 / (1 + 60 / 4))
        assert learn(3.0, 0.0, -9.0, 2.0, 1.0) == (3.0, 0.0)

    def test_a_pace_that_wanders_is_never_known(self) -> None:
        """Kalman & Bucy (1961): v' = w - v^2 / s^2, which rests at s sqrt(w); SciPy solves the way there."""
        variance, path = 1.0, []
        for _ in range(2000):
            variance = learn(0.0, variance, 0.0, 30.0, 1e-2)[1]
            path.append(variance)
        found = solve_ivp(lambda _t, v: 1e-2 - v**2 / 900, (0, 2000), [1.0], t_eval=np.arange(1, 2001), rtol=1e-9)
        assert np.allclose(path, found.y[0], rtol=0.01)
        assert path[-1] == pytest.approx(30 * 1e-1, rel=0.01)

    @pytest.mark.parametrize("sign", [-1.0, 1.0])
    def test_an_answer_cuts_the_belief_at_zero(self, sign) -> None:
        """Mean and variance of a truncated normal, as SciPy has them."""
        for mean, variance in ((0.3, 0.5), (-0.8, 0.2), (0.0, 1.0)):
            sd = variance**0.5
            cut = truncnorm(-mean / sd, np.inf, mean, sd) if sign > 0 else truncnorm(-np.inf, -mean / sd, mean, sd)
            assert learn_from_answer(mean, variance, sign) == pytest.approx((cut.mean(), cut.var()), rel=1e-6)


class TestBargaining:
    x = np.linspace(0, 1, 4001)

    def hold_out(self, patience, war=(0.0, 0.0), least_at_home=0.0):
        deal = np.array([self.x, 1 - self.x])
        believed = np.where(self.x >= least_at_home, 1.0, -1.0) * np.ones((2, 1))
        least = np.zeros(2)
        hold_out(deal, np.array(war, float), believed, patience, least)
        first = best_for(0, deal, deal, least, believed)
        return least, self.x[first] if first >= 0 else None

    @pytest.mark.parametrize("patience", [0.5, 0.8, 0.95])
    def test_who_opens_has_rubinstein_s_edge_which_patience_takes_away(self, patience) -> None:
        """Either opens with even chance: the opener has 1 - d / 2, the other d / 2 (Binmore, Rubinstein & Wolinsky 1986)."""
        least, opens = self.hold_out(patience)
        assert least == pytest.approx(patience / 2, abs=0.002)
        assert opens == pytest.approx(1 - patience / 2, abs=0.002)

    def test_in_the_limit_they_split_the_difference(self) -> None:
        """Rubinstein (1982): shares of alternating offers meet at the Nash split as delta goes to 1, around the war values."""
        assert self.hold_out(0.999)[1] == pytest.approx(share_rubinstein(0.999, 0.999), abs=0.002)
        assert self.hold_out(0.999, war=(0.3, 0.1))[1] == pytest.approx(0.3 + 0.6 / 2, abs=0.003)

    @pytest.mark.parametrize("needed", [0.2, 0.6, 0.8])
    def test_win_sets_alone_clip_the_nash_split(self, needed) -> None:
        """Schelling (1960): who cannot carry less than r at home has max(1/2, r)."""
        assert self.hold_out(0.999, least_at_home=needed)[1] == pytest.approx(max(0.5, needed), abs=0.003)

    def test_no_deal_where_home_asks_more_than_the_other_s_floor_leaves(self) -> None:
        for needed in (0.5, 0.69, 0.71, 0.9):
            assert (self.hold_out(0.0, (0.0, 0.3), needed)[1] is None) == (settle_on_line(needed, 0.3).share is None)

    def test_the_room_between_war_values_is_fearon_s_range(self) -> None:
        around = find_range(0.6, 0.1, 0.2)
        war = (around.low, 1 - around.high)
        deal, believed = np.array([self.x, 1 - self.x]), np.zeros((2, len(self.x)))
        assert self.x[best_for(0, deal, deal, np.array(war), believed)] == pytest.approx(around.high, abs=1e-3)
        assert self.x[best_for(1, deal, deal, np.array(war), believed)] == pytest.approx(around.low, abs=1e-3)
