"""The walk of a side is a random walk in the time passed, whichever way its steps are built."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import digamma, gammaln

from winset.acceptance.kernels import log_gamma
from winset.acceptance.layout import Layout
from winset.acceptance.walks import Walk, lay_walk


def _walk(months: list[int], heard: list[int]) -> Walk:
    layout = Layout(**dict.fromkeys(Layout.__dataclass_fields__, None) | {"knots": np.array(months)})  # pyright: ignore[reportArgumentType]
    return lay_walk(layout, np.isin(np.arange(len(months)), heard)[None])


@pytest.mark.parametrize("heard", [[], [0], [2], [1, 4], [0, 3, 6], [0, 1, 2, 3, 4, 5, 6]])
def test_the_walk_has_the_covariance_of_brownian_motion(heard: list[int]) -> None:
    """Two places on one side of the start share the time to the nearer one (a textbook fact); the rest shares none."""
    months = np.array([0, 1, 5, 17, 18, 40, 41])
    walk = _walk(months.tolist(), heard)
    covariance = walk.basis[0] @ np.diag(walk.spread[0] ** 2) @ walk.basis[0].T
    gone = months - months[heard[0] if heard else 0]
    same = np.sign(gone)[:, None] == np.sign(gone)
    assert covariance == pytest.approx(np.where(same, np.minimum.outer(abs(gone), abs(gone)), 0.0))


def test_steps_that_no_data_tell_of_are_bridges_and_ends() -> None:
    """Polls in the second, fourth and sixth of seven months: two steps join them."""
    walk = _walk([0, 1, 2, 3, 4, 5, 6], [1, 3, 5])
    joined = walk.since[0] >= 0
    assert (walk.since[0][joined].tolist(), walk.until[0][joined].tolist()) == ([1, 3], [3, 5])
    assert walk.spread[0][joined] == pytest.approx(np.sqrt(2))


def test_log_gamma_and_its_slope_are_those_of_scipy() -> None:
    """From tiny to huge arguments; the slope is the digamma function."""
    x = np.logspace(-6, 7, 500)
    assert np.asarray(log_gamma(jnp.asarray(x))) == pytest.approx(gammaln(x), rel=1e-13, abs=1e-13)
    slope = jax.vmap(jax.grad(log_gamma))(jnp.asarray(x))
    assert np.asarray(slope) == pytest.approx(digamma(x), rel=1e-9, abs=1e-9)
