"""Value of an answer that is not yet known, against closed forms and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import binom, norm

from winset.exploration.simulated import draw_answers
from winset.exploration.value import choose_set, perfect_gain, pick_gains, tell_set, told_interval, told_share

DRAWS = 20_000


def test_a_normal_poll_tells_its_share_of_the_variance(rng):
    """theta ~ N(0, 1), answer ~ N(theta, s^2 / n): the variance that goes is 1 / (1 + s^2 / n) of it."""
    theta = rng.normal(size=DRAWS)
    sizes = np.array([1, 4, 16, 64])
    answers = theta[:, None] + 2.0 / np.sqrt(sizes) * rng.normal(size=(DRAWS, 4))
    assert told_share(answers, theta[:, None])[0] == pytest.approx(1 / (1 + 4 / sizes), abs=0.015)


def test_noise_of_the_instrument_is_a_ceiling(rng):
    """With a bias of sd b in the instrument no number of people tells more than 1 / (1 + b^2)."""
    theta = rng.normal(size=DRAWS)
    answers = (theta + rng.normal(size=DRAWS))[:, None] + np.array([1.0, 0.1, 0.001]) * rng.normal(size=(DRAWS, 3))
    told = told_share(answers, theta[:, None])[0]
    assert told == pytest.approx([1 / 3, 1 / 2.01, 1 / 2], abs=0.015)


def test_picking_after_a_normal_answer(rng):
    """Two options, 0 and theta ~ N(m, s^2): unit normal loss of the preposterior mean (Raiffa & Schlaifer 1961)."""
    mean, sd, noise = 0.3, 1.0, 1.5
    theta = mean + sd * rng.normal(size=DRAWS)
    answer = theta + noise * rng.normal(size=DRAWS)
    before = sd**2 / np.sqrt(sd**2 + noise**2)
    known = before * (norm.pdf(mean / before) - mean / before * norm.cdf(-mean / before))
    benefits = np.stack([np.zeros(DRAWS), theta], axis=1)
    gains = pick_gains(answer[:, None], benefits)[:, 0]
    assert gains.mean() == pytest.approx(known, abs=3 * gains.std() / np.sqrt(DRAWS) + 0.003)
    assert gains.mean() < perfect_gain(benefits)


def test_a_small_case_by_enumeration_and_by_nested_simulation(rng):
    """p = Phi(theta), twenty people; pick .4 for sure or 1 where theta > .2. All twenty-one answers can be listed."""
    grid = np.linspace(-6, 6, 4001)
    weight = norm.pdf(grid) / norm.pdf(grid).sum()
    likely = binom.pmf(np.arange(21)[:, None], 20, ndtr(grid)) * weight
    exact = np.maximum(0.4 * likely.sum(1), likely[:, grid > 0.2].sum(1)).sum() - max(0.4, weight[grid > 0.2].sum())
    theta = rng.normal(size=DRAWS)
    answer = rng.binomial(20, ndtr(theta)) / 20
    benefits = np.stack([np.full(DRAWS, 0.4), (theta > 0.2).astype(float)], axis=1)
    assert pick_gains(answer[:, None], benefits).mean() == pytest.approx(exact, abs=0.012)
    inner = rng.normal(size=4000)
    outer = rng.binomial(20, ndtr(rng.normal(size=2000)))
    after = binom.pmf(outer[:, None], 20, ndtr(inner))
    chance = (after * (inner > 0.2)).sum(1) / after.sum(1)
    nested = np.maximum(0.4, chance).mean() - max(0.4, np.mean(inner > 0.2))
    assert nested == pytest.approx(exact, abs=0.015)
    told = told_share(answer[:, None], benefits[:, 1:])[0, 0]
    by_answer = likely[:, grid > 0.2].sum(1) / likely.sum(1)
    p = weight[grid > 0.2].sum()
    assert told == pytest.approx((likely.sum(1) * (by_answer - p) ** 2).sum() / (p * (1 - p)), abs=0.02)


def test_an_independent_question_tells_nothing(rng):
    target = rng.normal(size=(1600, 1))
    answers = rng.normal(size=(1600, 200))
    told = told_share(answers, target)[0]
    assert np.quantile(told, 0.9) < 0.005
    options = (rng.normal(size=(1600, 10)) > 1).astype(float)
    gains = pick_gains(answers, options).mean(0)
    assert abs(gains.mean()) < 0.005  # where fitted values would promise two points


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 3.0), st.integers(2, 6))
def test_no_answer_is_worth_more_than_knowing_everything(seed, noise, options):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(800, options))
    answers = theta[:, :1] + noise * rng.normal(size=(800, 1))
    benefits = (theta + rng.normal(size=options) > 0).astype(float)
    gain = pick_gains(answers, benefits)[:, 0]
    error = 2.6 * gain.std() / np.sqrt(800)  # what to pick now is learned from the other folds, and may differ in one
    assert gain.mean() <= perfect_gain(benefits) + error
    assert gain.mean() >= -error - 0.01
    assert 0 <= told_share(answers, theta[:, :1])[0, 0] <= 1


def test_a_target_that_does_not_vary_has_nothing_to_be_told(rng):
    assert told_share(rng.normal(size=(100, 3)), np.ones((100, 1))).tolist() == [[0.0, 0.0, 0.0]]


def test_the_interval_holds_the_share(rng):
    theta = rng.normal(size=1600)
    answer = theta + rng.normal(size=1600)
    weights = rng.multinomial(1600, np.full(1600, 1 / 1600), size=200).astype(float)
    share = float(told_share(answer[:, None], theta[:, None])[0, 0])
    low, high = told_interval(answer, theta, weights, share)
    assert low < 0.5 < high
    assert high - low < 0.12


def test_a_set_takes_what_adds_and_not_what_repeats(rng):
    """Of y = a + b the second question is on b, not on a again; together they tell all but the noise."""
    a, b = rng.normal(size=(2, DRAWS))
    y = a + 0.8 * b
    answers = np.stack([a, a + 0.05 * rng.normal(size=DRAWS), b, rng.normal(size=DRAWS)], axis=1)
    chosen, shares = choose_set(answers, y, 3)
    assert chosen[:2] == [0, 2]
    assert shares[0] == pytest.approx(1 / 1.64, abs=0.02)
    assert shares[1] > 0.97  # far answers are cut
    told, left = tell_set(answers[:, chosen], y)
    assert told == pytest.approx(shares, abs=0.01)
    assert 1 - left[1].var() / y.var() == pytest.approx(told[1], abs=0.001)


def test_people_of_one_poll_resemble_each_other(rng):
    """Variance of a share: p (1 - p) (rho + (1 - rho) / n)."""
    share = draw_answers(np.full(DRAWS, 0.4), np.full(DRAWS, 0.02), 100, rng)
    assert share.mean() == pytest.approx(0.4, abs=0.003)
    assert share.var() == pytest.approx(0.24 * (0.02 + 0.98 / 100), rel=0.05)
