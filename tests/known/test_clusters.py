"""Cluster-robust covariances and interactions worked by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.conjoint import (
    Profiles,
    compare_groups,
    estimate_amce,
    estimate_interactions,
    estimate_means,
    read_profiles,
)
from winset.conjoint.least_squares import Block, fit_least_squares


def mean_of_six(robust: str) -> float:
    """Variance of the mean of A: 1, 1, 1; B: 0; C: 0, 0."""
    block = Block(("all",), np.zeros((1, 1), int), np.zeros(6, np.int32))
    y, cluster = np.array([1.0, 1, 1, 0, 0, 0]), np.array([0, 0, 0, 1, 2, 2])
    return float(fit_least_squares([block], y, np.ones(6), cluster).covariance(np.eye(1), robust)[0, 0])  # pyright: ignore[reportArgumentType]


def test_cr0_is_the_sum_of_squared_sums() -> None:
    """Residuals add up to 1.5, -0.5 and -1; their squares to 3.5; divided by n^2 = 36."""
    assert mean_of_six("CR0") == pytest.approx(3.5 / 36)


def test_cr1_is_cr0_times_clusters_over_clusters_less_one() -> None:
    assert mean_of_six("CR1") == pytest.approx(3.5 / 36 * 3 / 2)


def test_cr2_of_a_mean_divides_by_one_minus_leverage() -> None:
    """A cluster of m rows has leverage m / n: 2.25 / (1/2) + 0.25 / (5/6) + 1 / (2/3) = 6.3 (Bell & McCaffrey 2002)."""
    assert mean_of_six("CR2") == pytest.approx(6.3 / 36)


def square() -> Profiles:
    """Acceptance by land and guarantee: kept, none 1/4; kept, given 2/4; shared, none 2/4; shared, given 4/4."""
    cells = [("kept", "none", 1), ("kept", "given", 2), ("shared", "none", 2), ("shared", "given", 4)]
    rows = [
        {"id": n, "land": land, "guarantee": guarantee, "accept": int(n < accepted)}
        for land, guarantee, accepted in cells
        for n in range(4)
    ]
    return read_profiles(
        pl.DataFrame(rows),
        outcome="accept",
        respondent="id",
        attributes=["land", "guarantee"],
        references={"land": "kept", "guarantee": "none"},
    )


def test_an_interaction_is_the_difference_of_differences() -> None:
    """(1 - 0.5) - (0.5 - 0.25) = 0.25 (Egami & Imai 2019)."""
    found = estimate_interactions(square(), ("land", "guarantee")).table
    assert found["level"].to_list() == ["shared x given"]
    assert found["estimate"][0] == pytest.approx(0.25)


def test_the_standard_error_of_an_interaction_by_hand() -> None:
    """Each person saw all four cells, so that his own contrast is his score.

    Person 0 accepts in all cells: 1 - 1 - 1 + 1 = 0. Person 1: 1 - 1 - 1 + 0 = -1. Persons 2 and 3: 1. The mean is a
    quarter; deviations -1/4, -5/4, 3/4, 3/4 have squares 44/16; over 4^2, times 4/3.
    """
    found = estimate_interactions(square(), ("land", "guarantee")).table
    assert found["se"][0] == pytest.approx(np.sqrt(44 / 16 / 16 * 4 / 3))


def test_an_effect_is_averaged_over_the_other_attribute() -> None:
    """Shared against kept: 1/4 without a guarantee, 1/2 with one."""
    found = estimate_amce(square(), interact=[("land", "guarantee")]).table
    assert found.filter(level="shared")["estimate"][0] == pytest.approx(0.375)


def test_probabilities_of_levels_weigh_the_average() -> None:
    chances = {"guarantee": {"none": 0.8, "given": 0.2}}
    found = estimate_amce(square(), interact=[("land", "guarantee")], probabilities=chances).table
    assert found.filter(level="shared")["estimate"][0] == pytest.approx(0.8 * 0.25 + 0.2 * 0.5)


@pytest.mark.parametrize("robust", ["CR0", "CR1", "CR2"])
def test_counts_of_pairs_give_what_a_design_matrix_gives(robust: str) -> None:
    rng = np.random.default_rng(3)
    n = 300
    a, b, who = rng.integers(0, 3, n), rng.integers(0, 4, n), rng.integers(0, 25, n)
    w, y = rng.uniform(0.5, 2.0, n), rng.normal(size=n)
    dense = np.column_stack([np.ones(n), *(a == k for k in (1, 2)), *(b == k for k in (1, 2, 3))]).astype(float)
    bread = np.linalg.inv(dense.T @ (w[:, None] * dense))
    beta = bread @ (dense.T @ (w * y))
    hat = dense @ bread @ dense.T * w
    rest, meat = y - dense @ beta, np.zeros((6, 6))
    blown = np.eye(n) - hat
    for g in np.unique(who):
        rows = np.flatnonzero(who == g)
        expected = blown[rows] @ blown[rows].T
        value, vector = np.linalg.eigh(expected)
        adjust = vector / np.sqrt(value) @ vector.T if robust == "CR2" else np.eye(len(rows))
        score = dense[rows].T @ (w[rows] * (adjust @ rest[rows]))
        meat += np.outer(score, score)
    variance = np.diag(bread @ meat @ bread) * (25 / 24 if robust == "CR1" else 1)
    table = pl.DataFrame({"a": a, "b": b, "who": who, "w": w, "y": y})
    p = read_profiles(table, outcome="y", respondent="who", attributes=["a", "b"], weight="w")
    found = estimate_amce(p, robust=robust).table.filter(pl.col("se").is_not_null())  # pyright: ignore[reportArgumentType]
    assert found["estimate"].to_numpy() == pytest.approx(beta[1:])
    assert found["se"].to_numpy() == pytest.approx(np.sqrt(variance[1:]))


def test_differences_between_groups_are_those_of_the_interacted_model() -> None:
    rng = np.random.default_rng(4)
    table = pl.DataFrame({"a": rng.integers(0, 3, 400), "who": np.repeat(np.arange(100), 4), "y": rng.normal(size=400)})
    table = table.with_columns(side=pl.when(pl.col("who") < 40).then(pl.lit("north")).otherwise(pl.lit("south")))
    p = read_profiles(table, outcome="y", respondent="who", attributes=["a"], by="side")
    both = estimate_amce(p, robust="CR0")
    found = compare_groups(both).table.filter(level="2")
    parts = [
        estimate_amce(
            read_profiles(table.filter(side=s), outcome="y", respondent="who", attributes=["a"]), robust="CR0"
        ).table.filter(level="2")
        for s in ("north", "south")
    ]
    assert found["estimate"][0] == pytest.approx(parts[1]["estimate"][0] - parts[0]["estimate"][0])
    assert found["se"][0] == pytest.approx(np.hypot(parts[0]["se"][0], parts[1]["se"][0]))


def test_a_marginal_mean_by_hand() -> None:
    """Shared land: 2/4 and 4/4. By person 2/2, 2/2, 1/2, 1/2 about 3/4: sums 1/2, 1/2, -1/2, -1/2; over 8^2, times 4/3."""
    found = estimate_means(square()).table.filter(level="shared")
    assert found["estimate"][0] == pytest.approx(0.75)
    assert found["se"][0] == pytest.approx(np.sqrt(1 / 64 * 4 / 3))
