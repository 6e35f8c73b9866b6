"""Choice models against printed tables and closed forms."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.conjoint import Choices, fit_hierarchy, fit_logit, fit_mixed_logit, make_choices
from winset.conjoint.mixed_logit import make_draws
from winset.errors import FitError


@pytest.fixture(scope="module")
def travel() -> Choices:
    """Greene's 210 travellers between Sydney, Canberra and Melbourne, as statsmodels ships them (public domain)."""
    modechoice = pytest.importorskip("statsmodels.datasets.modechoice")
    table = pl.from_pandas(modechoice.load_pandas().data)
    modes = {name: (pl.col("mode") == n).cast(pl.Float64) for n, name in ((1, "air"), (2, "train"), (3, "bus"))}
    table = table.with_columns(**modes).with_columns(hinc_air=pl.col("hinc") * pl.col("air"))
    features = ["gc", "ttme", "hinc_air", "air", "train", "bus"]
    return make_choices(table, task="individual", chosen="choice", features=features)


def test_conditional_logit_is_greenes_table(travel: Choices) -> None:
    """Greene (2003), Econometric Analysis, 5th ed., p. 729; to more digits in R's mlogit and Stata 11."""
    fit = fit_logit(travel, robust="none")
    printed = {
        "gc": (-0.015501506704, 0.004407993078),
        "ttme": (-0.096124621779, 0.010439846531),
        "hinc_air": (0.013287013774, 0.010262407000),
        "air": (5.207432927620, 0.779055142508),
        "train": (3.869035704013, 0.443126852001),
        "bus": (3.163190330010, 0.450265930527),
    }
    for row in fit.table().iter_rows(named=True):
        estimate, error = printed[row["name"]]
        assert row["estimate"] == pytest.approx(estimate, rel=1e-5)
        assert row["se"] == pytest.approx(error, rel=1e-5)
    assert round(fit.log_likelihood, 4) == -199.1284
    assert fit.null_log_likelihood == pytest.approx(-210 * np.log(4))


def test_two_alternatives_are_a_logistic_regression() -> None:
    """Of 12 people offered the term 9 accept, of 8 not offered it 2: log odds ln 3 and ln 1/3 by hand."""
    rows = []
    for n in range(20):
        offered, accepts = n < 12, n in {*range(9), 12, 13}
        rows += [
            {"t": n, "y": int(accepts), "one": 1.0, "term": float(offered)},
            {"t": n, "y": int(not accepts), "one": 0.0, "term": 0.0},
        ]
    fit = fit_logit(make_choices(pl.DataFrame(rows), task="t", chosen="y", features=["one", "term"]), robust="none")
    assert fit.coefficient[0] == pytest.approx(np.log(2 / 6))
    assert fit.coefficient[1] == pytest.approx(np.log(9 / 3) - np.log(2 / 6))
    assert fit.covariance[1, 1] == pytest.approx(1 / 9 + 1 / 3 + 1 / 2 + 1 / 6)


def simulated(people: int, tasks: int, mean: np.ndarray, spread: np.ndarray, alternatives: int = 3) -> Choices:
    """Choices of people whose part-worths are normal about a known mean."""
    rng = np.random.default_rng(5)
    n, k = people * tasks, len(mean)
    x = rng.normal(size=(n, alternatives, k))
    own = np.repeat(mean + spread * rng.normal(size=(people, k)), tasks, axis=0)
    utility = np.einsum("tjk,tk->tj", x, own) + rng.gumbel(size=(n, alternatives))
    taken = np.arange(alternatives) == utility.argmax(1)[:, None]
    columns = {
        "task": np.repeat(np.arange(n), alternatives),
        "who": np.repeat(np.arange(people), tasks * alternatives),
        "y": taken.ravel().astype(int),
    }
    columns |= {f"x{j}": x[..., j].ravel() for j in range(k)}
    names = [f"x{j}" for j in range(k)]
    return make_choices(pl.DataFrame(columns), task="task", chosen="y", features=names, respondent="who")


def test_mixed_logit_finds_the_truth_of_a_simulation() -> None:
    mean, spread = np.array([1.0, -0.5]), np.array([0.8, 0.4])
    fit = fit_mixed_logit(simulated(400, 8, mean, spread), {"x0": "normal", "x1": "normal"}, draws=200)
    truth = np.concatenate([mean, spread])
    assert np.all(np.abs(fit.coefficient - truth) < 3 * np.sqrt(np.diag(fit.covariance)))


def test_a_correlated_mixed_logit_nests_the_independent_one() -> None:
    choices = simulated(200, 6, np.array([1.0, -0.5]), np.array([0.8, 0.4]))
    random = {"x0": "normal", "x1": "normal"}
    free = fit_mixed_logit(choices, random, draws=100, correlated=True)  # pyright: ignore[reportArgumentType]
    tied = fit_mixed_logit(choices, random, draws=100)  # pyright: ignore[reportArgumentType]
    assert free.names[2:] == ("L x0 / x0", "L x1 / x0", "L x1 / x1")
    assert free.log_likelihood >= tied.log_likelihood - 1e-3


def test_mixed_logit_agrees_with_xlogit_on_the_same_draws() -> None:
    xlogit = pytest.importorskip("xlogit")
    choices = simulated(150, 6, np.array([1.0, -0.5]), np.array([0.8, 0.4]))
    ours = fit_mixed_logit(choices, {"x0": "normal"}, draws=100, robust="none")
    n, j, k = choices.features.shape
    best = None
    for sign in (1.0, -1.0):  # with finitely many draws a spread and its negative have summits of their own
        theirs = xlogit.MixedLogit()
        theirs.fit(
            X=choices.features.reshape(n * j, k),
            y=(np.arange(j) == choices.chosen[:, None]).ravel(),
            varnames=list(choices.names),
            alts=np.tile(np.arange(j), n),
            ids=np.repeat(np.arange(n), j),
            panels=np.repeat(choices.respondent, j),
            randvars={"x0": "n"},
            n_draws=100,
            verbose=0,
            init_coeff=0.9 * ours.coefficient * np.array([1.0, 1.0, sign]),
            tol_opts={"ftol": 1e-12, "gtol": 1e-8},
        )
        best = theirs if best is None or theirs.loglikelihood > best.loglikelihood else best
    assert best is not None
    assert ours.log_likelihood == pytest.approx(best.loglikelihood, abs=1e-4)
    assert ours.coefficient == pytest.approx([*best.coeff_[:2], abs(best.coeff_[2])], abs=2e-3)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(best.stderr, rel=0.2)  # theirs are BFGS's guess


def test_halton_points_are_those_of_the_textbook() -> None:
    """Train (2009), sec. 9.3.3, base 3: 1/3, 2/3, 1/9, 4/9, 7/9, 2/9, 5/9, 8/9; a hundred are skipped."""
    from scipy.stats import norm

    points = norm.cdf(make_draws(2, 1, 8, "halton", 1)[0, 1])
    expected = [sum((n // 3**d % 3) / 3 ** (d + 1) for d in range(8)) for n in range(100, 108)]
    assert points == pytest.approx(expected)


@pytest.mark.parametrize("alternatives", [2, 3])
def test_the_hierarchical_model_finds_means_and_spreads(alternatives: int) -> None:
    mean, spread = np.array([1.0, -0.5, 0.2]), np.array([0.8, 0.5, 0.3])
    fit = fit_hierarchy(simulated(250, 12, mean, spread, alternatives), draws=200, warmup=150)
    assert fit.rhat < 1.1
    for k in range(3):
        assert abs(fit.mean[..., k].mean() - mean[k]) < 4 * fit.mean[..., k].std()
        assert abs(fit.spread[..., k].mean() - spread[k]) < 4 * fit.spread[..., k].std()


def test_a_term_that_is_always_taken_has_no_weight() -> None:
    rows = [
        {"t": t, "y": int(x == 1), "term": float(x), "noise": float((t + x) % 3)} for t in range(12) for x in (0, 1)
    ]
    choices = make_choices(pl.DataFrame(rows), task="t", chosen="y", features=["term", "noise"])
    with pytest.raises(FitError, match="perfect separation by `term`"):
        fit_logit(choices)
