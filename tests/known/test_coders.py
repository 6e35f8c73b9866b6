"""Agreement and annotator models against published numbers."""

from pathlib import Path

import numpy as np
import pytest

from winset.coding import estimate_annotators, judge_agreement, measure_alpha
from winset.evidence.small_samples import weigh_few

_ = np.nan
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ],
    float,
).T
"""Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: 12 units, 4 observers."""

ANAESTHESIA = Path(__file__).parents[3] / "shared/data/dawid_skene_anaesthesia.csv"


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_of_krippendorffs_twelve_units(level, alpha):
    value, low, high = measure_alpha(KRIPPENDORFF, level)
    assert value == pytest.approx(alpha, abs=5e-4)
    assert low < value <= high


def test_nominal_alpha_of_twelve_units_has_a_wide_interval():
    _, low, high = measure_alpha(KRIPPENDORFF, "nominal")
    assert low < 0.5
    assert high > 0.9


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
def test_alpha_equals_the_krippendorff_package_on_random_ratings(level):
    oracle = pytest.importorskip("krippendorff")
    rng = np.random.default_rng(3)
    for n in range(20):
        ratings = rng.integers(1, 5, (15, 3)).astype(float)
        ratings[rng.random(ratings.shape) < 0.2] = np.nan
        expected = oracle.alpha(reliability_data=ratings.T, level_of_measurement=level)
        assert measure_alpha(ratings, level, resamples=10, seed=n)[0] == pytest.approx(expected, abs=1e-10)


def test_cohens_kappa_of_a_two_by_two_table():
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, chance .5, kappa .4 by hand (Cohen 1960)."""
    pairs = np.array([[1, 1]] * 20 + [[1, 0]] * 5 + [[0, 1]] * 10 + [[0, 0]] * 15, float)
    table = judge_agreement(pairs, ["a", "b"]).table
    assert table.filter(measure="Cohen's kappa, a and b")["value"][0] == pytest.approx(0.4)
    assert table.filter(measure="percent agreement")["value"][0] == pytest.approx(0.7)
    # Gwet (2008): chance = 2 p (1 - p) with p = (25 + 30) / 100 = .55, so .495; (.7 - .495) / .505
    assert table.filter(measure="Gwet's AC1")["value"][0] == pytest.approx((0.7 - 0.495) / 0.505)
    # Fleiss (1971) on two raters is Scott's pi: chance = .55^2 + .45^2 = .505
    assert table.filter(measure="Fleiss' kappa")["value"][0] == pytest.approx((0.7 - 0.505) / 0.495)


def test_coders_who_always_say_the_same_have_no_alpha():
    same = judge_agreement(np.ones((8, 2)), ["a", "b"]).table
    alpha = same.row(0, named=True)
    assert np.isnan(alpha["value"])
    assert "undefined" in alpha["note"]


@pytest.mark.skipif(not ANAESTHESIA.exists(), reason="data of the 1979 paper are not shipped")
def test_dawid_and_skene_find_their_published_prevalence_and_error_rates():
    rows = np.loadtxt(ANAESTHESIA, delimiter=",", skiprows=1, dtype=int)
    counts = np.zeros((45, 5, 4))
    np.add.at(counts, (rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 2] - 1), 1)
    found = estimate_annotators(counts)
    assert found.prevalence == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=6e-3)  # table 4
    assert found.classes.max(1).min() > 0.5
    assert found.classes[0] == pytest.approx([1, 0, 0, 0], abs=5e-3)


@pytest.mark.skipif(not ANAESTHESIA.exists(), reason="data of the 1979 paper are not shipped")
def test_no_other_error_rates_are_likelier_nearby():
    """The fixed point is a maximum: a direct search over prevalence and confusions from there finds nothing better."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax, logsumexp

    rows = np.loadtxt(ANAESTHESIA, delimiter=",", skiprows=1, dtype=int)
    counts = np.zeros((45, 5, 4))
    np.add.at(counts, (rows[:, 0] - 1, rows[:, 1] - 1, rows[:, 2] - 1), 1)
    found = estimate_annotators(counts)

    def minus(x):
        share, wrong = log_softmax(x[:4]), log_softmax(x[4:].reshape(5, 4, 4), axis=-1)
        return -logsumexp(share + np.einsum("ucl,czl->uz", counts, wrong), axis=1).sum()

    start = np.log(np.clip(np.concatenate([found.prevalence, found.confusion.ravel()]), 1e-9, 1))
    best = minimize(minus, start, method="L-BFGS-B")
    assert -minus(start) == pytest.approx(found.log_likelihood, abs=1e-4)
    assert -best.fun == pytest.approx(found.log_likelihood, abs=1e-3)


def test_eleven_of_eleven_does_not_mean_everyone():
    eleven = weigh_few(11, 11)
    assert eleven.at_least == pytest.approx(0.7616, abs=5e-5)
    assert eleven.low == pytest.approx(0.7151, abs=5e-5)
    assert eleven.jeffreys == pytest.approx((0.800, 1.0), abs=5e-4)


@pytest.mark.parametrize(("said", "low", "high"), [(10, 0.587, 0.998), (9, 0.482, 0.977), (8, 0.390, 0.940)])
def test_clopper_pearson_of_eleven(said, low, high):
    few = weigh_few(said, 11)
    assert (few.low, few.high) == pytest.approx((low, high), abs=5e-4)


def test_silent_voices_widen_to_manskis_bounds():
    assert weigh_few(6, 8, silent=2).bounds == (0.6, 0.8)
