"""What two inputs tell only together, against published indices."""

from __future__ import annotations

import numpy as np
import pytest

from winset.errors import UsageError
from winset.exploration import estimate_indices, hang_together
from winset.exploration.pairs import estimate_pairs


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami_has_its_published_pair_and_totals(rng):
    """Saltelli et al. (2008), Global Sensitivity Analysis, p. 179: S_13 = .2437, totals .5576, .4424 and .2437."""
    x = rng.uniform(-np.pi, np.pi, (50_000, 3))
    y = ishigami(x)
    found, alone = estimate_pairs(x, y, resamples=0), estimate_indices(x, y, resamples=0).share
    assert found.pairs == [(0, 1), (0, 2), (1, 2)]
    assert found.share == pytest.approx([0, 0.2437, 0], abs=0.01)
    totals = alone + [found.share[[n in p for p in found.pairs]].sum() for n in range(3)]
    assert totals == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.012)


def test_sobols_g_function_has_its_pairs(rng):
    """V_ij = V_i V_j with V_i = 1 / (3 (1 + a_i)^2) (Saltelli & Sobol 1995)."""
    a = np.array([0, 1, 4.5, 9])
    x = rng.uniform(size=(100_000, 4))
    v = 1 / (3 * (1 + a) ** 2)
    found = estimate_pairs(x, np.prod((abs(4 * x - 2) + a) / (1 + a), axis=1), resamples=0)
    wanted = [v[i] * v[j] / (np.prod(1 + v) - 1) for i, j in found.pairs]
    assert found.share == pytest.approx(wanted, abs=0.003)


def test_sums_have_no_pairs_also_where_inputs_go_together(rng):
    x = rng.normal(size=(1600, 4))
    x[:, 1] += x[:, 0]
    found = estimate_pairs(x, x[:, 0] + x[:, 1] + 0.5 * x[:, 2])
    assert found.share.max() < found.floor < 0.03
    assert found.beyond(0) == 0.0


def test_a_product_stands_out_with_its_interval(rng):
    x = rng.normal(size=(1600, 5))
    found = estimate_pairs(x, x[:, 1] * x[:, 3] + x[:, 0])
    (n,) = np.flatnonzero(found.share > found.floor)
    assert found.pairs[n] == (1, 3)
    assert found.low[n] < found.share[n] < found.high[n]
    assert found.beyond(3) == pytest.approx(found.share[n])


def test_a_target_that_does_not_vary_is_refused(rng):
    with pytest.raises(UsageError, match="same in every draw"):
        estimate_pairs(rng.normal(size=(100, 2)), np.ones(100))


def test_totals_are_never_below_what_a_thing_tells_alone(tiny_run):
    found = hang_together(tiny_run.room, "mediator-2025-01")
    assert found.tried == 120
    assert (found.table["share"] > found.floor).all()
    assert (found.totals["total"] >= found.totals["share"]).all()
