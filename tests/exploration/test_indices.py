"""First-order indices on functions whose indices are published."""

from __future__ import annotations

import numpy as np
import pytest

from winset.errors import UsageError
from winset.exploration import estimate_indices
from winset.exploration.explaining import explain

DRAWS = 50_000


def test_ishigami(rng):
    """Ishigami & Homma (1990) with a = 7, b = .1: .3139, .4424 and 0 (Saltelli et al. 2008, table 4.1)."""
    x = rng.uniform(-np.pi, np.pi, (DRAWS, 3))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = estimate_indices(x, y, resamples=40)
    assert found.share == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert found.share[2] < 2 * found.floor < 0.01


def test_sobol_g(rng):
    """Saltelli & Sobol (1995), a = (0, 1, 4.5, 9, 99, 99, 99, 99): V_i = 1 / (3 (1 + a_i)^2)."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    x = rng.uniform(size=(DRAWS, 8))
    y = np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)
    known = 1 / (3 * (1 + a) ** 2)
    known = known / (np.prod(1 + known) - 1)
    assert known[:2] == pytest.approx([0.716, 0.179], abs=0.001)
    assert estimate_indices(x, y, resamples=0).share == pytest.approx(known, abs=0.01)


def test_a_linear_sum_of_few_draws(rng):
    """Shares of variance are squares of slopes over their sum; intervals hold them, noise stays under the floor."""
    x = rng.normal(size=(1600, 42))
    y = 3 * x[:, 0] + x[:, 1] + rng.normal(size=1600)
    found = estimate_indices(x, y)
    between = 0.953  # of a normal input's variance lies between nine equal classes, the rest inside them
    assert found.low[0] < between * np.corrcoef(x[:, 0], y)[0, 1] ** 2 < found.high[0]
    assert found.low[1] < 1 / 11 < found.high[1]
    assert (found.share[2:] > found.floor).sum() <= 1
    assert abs(found.share[2:].mean()) < 0.002


def test_dependent_inputs_tell_what_knowing_them_would_tell(rng):
    """y = x0; x1 has correlation .6 with it: knowing x1 explains .36."""
    x0 = rng.normal(size=20_000)
    x1 = 0.6 * x0 + 0.8 * rng.normal(size=20_000)
    assert estimate_indices(np.stack([x1], 1), x0, resamples=0).share == pytest.approx([0.36], abs=0.02)


def test_a_target_that_does_not_vary_is_told():
    with pytest.raises(UsageError, match="same in every draw"):
        estimate_indices(np.random.default_rng(1).normal(size=(100, 2)), np.ones(100))


def test_an_input_of_two_values_keeps_them_apart(rng):
    x = rng.integers(0, 2, (4000, 1)).astype(float)
    y = x[:, 0] + rng.normal(size=4000)
    assert estimate_indices(x, y, resamples=0).share == pytest.approx([0.2], abs=0.03)


def test_things_known_together(rng):
    x = rng.normal(size=(1600, 60))
    y = x[:, 0] + x[:, 1] ** 2 / np.sqrt(2) + np.sqrt(2) * rng.normal(size=1600)
    assert 0.38 < explain(x, y).share < 0.5  # 120 slopes learned from 1,280 draws foresee a little less than there is
    assert explain(x[:, 2:], y).share < 0.02
