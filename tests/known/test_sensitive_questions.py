"""List experiments on simulated twins of the published designs: 1,213 people and 3 items, as in Blair & Imai (2012)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import differential_evolution, minimize

from winset.errors import UsageError
from winset.evidence.list_experiment import (
    check_list,
    combine_direct,
    compare_means,
    deflate,
    fit_list,
    log_likelihood,
)
from winset.evidence.randomised_response import estimate_randomised, estimate_warner

TRUTH = np.array([-1.2, 0.8, 0.3, -0.5])
"""Intercept and slope of the sensitive item, then of the control items."""


def twin(seed, n=1213, items=3, b=TRUTH):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    agrees = rng.random(n) < 1 / (1 + np.exp(-(b[0] + b[1] * x)))
    control = rng.binomial(items, 1 / (1 + np.exp(-(b[2] + b[3] * x))))
    treated = rng.random(n) < 0.5
    return x, agrees, treated, control + (agrees & treated)


def test_difference_in_means_is_unbiased_and_its_interval_holds():
    inside, error = [], []
    for seed in range(300):
        _, agrees, treated, count = twin(seed)
        found = compare_means(count, treated)
        truth = agrees.mean()
        inside.append(found.low <= truth <= found.high)
        error.append(found.share - truth)
    assert abs(np.mean(error)) < 0.01
    assert 0.85 < np.mean(inside) <= 0.98


def test_difference_in_means_by_hand():
    """Treated 2, 3, 1, 2 (mean 2, variance 2/3); control 1, 1, 0, 2 (mean 1, variance 2/3): 1, se sqrt(2/3/4 x 2)."""
    found = compare_means(np.array([2, 3, 1, 2, 1, 1, 0, 2]), np.array([True] * 4 + [False] * 4))
    assert found.share == 1.0
    assert found.se == pytest.approx(np.sqrt(1 / 3))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_maximum_likelihood_agrees_with_a_direct_search_from_elsewhere(seed):
    x, _, treated, count = twin(seed)
    found = fit_list(count, treated, 3, x[:, None], ("x",))
    design = np.column_stack([np.ones(len(x)), x])
    minus = lambda b: -log_likelihood(b, count, treated, 3, design)  # noqa: E731
    away = differential_evolution(minus, [(-4, 4)] * 4, seed=seed, maxiter=60, tol=1e-8).x
    again = minimize(minus, away, method="BFGS").x
    assert found.table["estimate"].to_numpy() == pytest.approx(again, abs=2e-4)
    assert found.log_likelihood >= -minus(again) - 1e-8


def test_maximum_likelihood_recovers_the_truth_and_is_surer_than_means():
    estimates, narrower = [], []
    for seed in range(20):
        x, _, treated, count = twin(100 + seed, n=3000)
        found = fit_list(count, treated, 3, x[:, None], ("x",))
        estimates.append(found.table["estimate"].to_numpy())
        narrower.append(found.prevalence.se < compare_means(count, treated).se)
    assert np.mean(estimates, axis=0) == pytest.approx(TRUTH, abs=0.12)
    assert np.mean(narrower) > 0.9


def test_unconstrained_model_finds_who_answers_the_other_items_differently():
    rng = np.random.default_rng(5)
    n = 20_000
    agrees, treated = rng.random(n) < 0.3, rng.random(n) < 0.5
    control = rng.binomial(3, np.where(agrees, 0.7, 0.4))
    found = fit_list(control + (agrees & treated), treated, 3, constrained=False)
    lift = found.table.filter(covariate="sensitive item")["estimate"][0]
    assert lift == pytest.approx(np.log(0.7 / 0.3) - np.log(0.4 / 0.6), abs=0.35)
    assert found.prevalence.share == pytest.approx(0.3, abs=0.05)


def test_a_sound_list_passes_and_a_list_that_changes_other_answers_fails():
    _, _, treated, count = twin(7, n=4000)
    sound = check_list(count, treated, 3)
    assert sound.p_design > 0.05
    assert sound.joint["share"].sum() == pytest.approx(1.0)
    shy = np.where(treated, np.maximum(count - 1, 0), count)
    broken = check_list(shy, treated, 3)
    assert broken.p_design < 0.01
    assert "the design failed" in broken.sentence


def test_combined_estimator_in_both_directions():
    """A third of those who agree deny it (or: a third of those who disagree profess it)."""
    for false_answer in ("no", "yes"):
        shares = []
        for seed in range(60):
            rng = np.random.default_rng(1000 + seed)
            _, agrees, treated, count = twin(seed, n=4000)
            lies = rng.random(len(agrees)) < 1 / 3
            direct = agrees & ~lies if false_answer == "no" else agrees | lies
            found, placebo = combine_direct(count, treated, direct, false_answer=false_answer)
            shares.append(found.share - agrees.mean())
            assert found.se < compare_means(count, treated).se
        assert abs(np.mean(shares)) < 0.01
        assert placebo.share == pytest.approx(1.0 if false_answer == "no" else 0.0, abs=0.15)


def test_deflation_adds_what_lists_lose():
    found = compare_means(np.array([2, 3, 1, 2, 1, 1, 0, 2]), np.array([True] * 4 + [False] * 4))
    assert deflate(found, 0.07).share == pytest.approx(found.share + 0.07)


def test_randomised_response_by_hand():
    """Dice: five of six answer, one of six says yes: 300 of 900 yes give (1/3 - 1/6) / (5/6) = .2."""
    assert estimate_randomised(300, 900, 5 / 6, 1.0).share == pytest.approx(0.2)
    """Warner (1965): 0.7 ask the statement, 40 % say yes: (.4 - .3) / .4 = .25."""
    assert estimate_warner(400, 1000, 0.7).share == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("count", "treated", "said"),
    [
        ([5, 0], [True, False], "row 2: 5 of 4 items is impossible"),
        ([1, 4], [True, False], "row 3: 4 of 3 items is impossible"),
        ([1, 1], [True, True], "both a treated and a control group"),
    ],
)
def test_impossible_counts_are_told(count, treated, said):
    with pytest.raises(UsageError, match=said):
        check_list(np.array(count), np.array(treated), 3)


def test_warners_coin_of_one_half_tells_nothing():
    with pytest.raises(UsageError, match="other than one half"):
        estimate_warner(4, 10, 0.5)
