from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.conjoint import (
    Choices,
    encode_choices,
    estimate_elasticity,
    fit_hierarchy,
    fit_logit,
    fit_mixed_logit,
    predict_acceptance,
    predict_shares,
    rank_attributes,
    read_profiles,
    score_holdout,
)
from winset.errors import UsageError


def experiment(alone: bool = False, people: int = 150, tasks: int = 6) -> Choices:
    """Land matters twice as much as water; a package of nothing but bad terms is worth -1 against no deal."""
    rng = np.random.default_rng(3)
    profiles = 1 if alone else 2
    shape = (people, tasks, profiles)
    land, water = rng.integers(0, 3, shape), rng.integers(0, 2, shape)
    utility = land * 1.0 + water * 1.0 - 1.0 + rng.logistic(size=shape)
    taken = utility > 0 if alone else utility == utility.max(-1, keepdims=True)
    index = np.indices(shape).reshape(3, -1)
    table = pl.DataFrame(
        {
            "who": index[0],
            "task": index[1],
            "y": taken.ravel().astype(int),
            "land": np.array(["all", "half", "none"])[land.ravel()],
            "water": np.array(["own", "shared"])[water.ravel()],
        }
    )
    return encode_choices(
        read_profiles(table, outcome="y", respondent="who", task="task", attributes=["land", "water"])
    )


@pytest.fixture(scope="module")
def pairs() -> Choices:
    return experiment()


def test_shares_of_preference_add_up_and_follow_utility(pairs: Choices) -> None:
    packages = [{"land": x, "water": "own"} for x in ("all", "half", "none")]
    shares = predict_shares(fit_logit(pairs), packages)
    assert shares["mean"].sum() == pytest.approx(1.0)
    expected = np.exp([0.0, 1.0, 2.0]) / np.exp([0.0, 1.0, 2.0]).sum()
    assert shares["mean"].to_numpy() == pytest.approx(expected, abs=0.06)
    assert ((shares["low"] < shares["mean"]) & (shares["mean"] < shares["high"])).all()


def test_acceptance_needs_an_answer_against_no_deal(pairs: Choices) -> None:
    package = [{"land": "none", "water": "own"}]
    with pytest.raises(UsageError, match="no deal"):
        predict_acceptance(fit_logit(pairs), package)
    found = predict_acceptance(fit_logit(experiment(alone=True)), package)
    assert found["mean"][0] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.06)


def test_importance_is_the_share_of_the_range(pairs: Choices) -> None:
    ranked = rank_attributes(fit_logit(pairs))
    assert ranked["mean"].sum() == pytest.approx(1.0)
    assert ranked["mean"][0] == pytest.approx(2 / 3, abs=0.08)


def test_elasticity_is_zero_for_the_option_that_stands(pairs: Choices) -> None:
    package = {"land": "half", "water": "own"}
    moved = estimate_elasticity(fit_logit(pairs), package, {"land": "all", "water": "own"}, "land")
    by_level = dict(zip(moved["level"], moved["mean"], strict=True))
    assert by_level["half"] == pytest.approx(0.0)
    assert by_level["all"] < 0 < by_level["none"]


@pytest.mark.parametrize("kind", ["logit", "mixed", "hierarchical"])
def test_held_out_tasks_are_foreseen_better_than_by_a_coin(pairs: Choices, kind: str) -> None:
    fit = {
        "logit": fit_logit,
        "mixed": lambda c: fit_mixed_logit(c, {"water: shared": "normal"}, draws=60),
        "hierarchical": lambda c: fit_hierarchy(c, draws=100, warmup=50),
    }[kind]
    scored = score_holdout(pairs, fit)
    assert scored.tasks == 150
    assert scored.hits > 0.6 > scored.chance_hits
    assert scored.log_likelihood > scored.chance_log_likelihood


@pytest.mark.parametrize(
    ("package", "said"),
    [
        ({"land": "half"}, "`water` is not settled"),
        ({"land": "halve", "water": "own"}, "did you mean `half`"),
        ({"lend": "half", "water": "own"}, "did you mean `land`"),
    ],
)
def test_a_package_that_was_never_asked_about_is_a_sentence(pairs: Choices, package: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        predict_shares(fit_logit(pairs), [package, package])


def test_tasks_with_two_choices_are_refused_with_their_number() -> None:
    table = pl.DataFrame(
        {"who": [1] * 8, "task": [1, 1, 2, 2, 3, 3, 4, 4], "y": [1, 0, 1, 1, 1, 0, 0, 1], "land": ["a", "b"] * 4}
    )
    profiles = read_profiles(table, outcome="y", respondent="who", task="task", attributes=["land"])
    with pytest.raises(UsageError, match="1 of 4 tasks have no or several"):
        encode_choices(profiles)


def test_a_pandas_table_reads_like_a_polars_one() -> None:
    import pandas as pd

    columns = {"who": [1, 1, 2, 2], "y": [1, 0, 0, 1], "land": ["a", "b", "a", "b"]}
    read = [
        read_profiles(t(columns), outcome="y", respondent="who", attributes=["land"])
        for t in (pl.DataFrame, pd.DataFrame)
    ]
    assert read[0].levels == read[1].levels
    assert read[0].codes["land"].tolist() == read[1].codes["land"].tolist()
