"""The likelihood against closed forms."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from winset.acceptance import kernels


def test_counts_are_dirichlet_multinomial() -> None:
    counts, p, rho = np.array([[7.0, 3.0, 2.0]]), np.array([[0.5, 0.3, 0.2]]), np.array([0.1])
    ours = kernels.log_counts(jnp.array(counts), jnp.array(p), jnp.array(rho))[0]
    theirs = stats.dirichlet_multinomial.logpmf(counts[0].astype(int), 9.0 * p[0], 12)
    assert ours == pytest.approx(theirs - stats.multinomial.logpmf(counts[0], 12, p[0]) + (counts * np.log(p)).sum())


def test_without_correlation_counts_are_multinomial() -> None:
    counts, p = np.array([[41.0, 59.0]]), np.array([[0.4, 0.6]])
    ours = kernels.log_counts(jnp.array(counts), jnp.array(p), jnp.array([1e-9]))[0]
    assert ours == pytest.approx((counts * np.log(p)).sum(), rel=1e-4)


def test_one_voice_is_worth_its_probability_whatever_the_correlation() -> None:
    one = kernels.log_counts(jnp.array([[1.0, 0.0]]), jnp.array([[0.3, 0.7]]), jnp.array([0.4]))[0]
    assert one == pytest.approx(np.log(0.3))


def test_an_answer_that_does_not_exist_adds_nothing() -> None:
    two = kernels.log_counts(jnp.array([[3.0, 2.0]]), jnp.array([[0.3, 0.7]]), jnp.array([0.1]))[0]
    three = kernels.log_counts(jnp.array([[3.0, 2.0, 0.0]]), jnp.array([[0.3, 0.7, 0.0]]), jnp.array([0.1]))[0]
    assert three == pytest.approx(two)


def test_ordered_probit_by_hand() -> None:
    p = kernels.answers(jnp.array([0.5]), jnp.array([2.0]), jnp.array([[0.0, 1.0]]))[0]
    by_hand = [stats.norm.cdf(-0.25), stats.norm.cdf(0.25) - stats.norm.cdf(-0.25), 1 - stats.norm.cdf(0.25)]
    assert np.allclose(p, by_hand)


def test_moving_answers_keeps_them_a_distribution() -> None:
    p = jnp.array([[0.6, 0.1, 0.3]])
    moved = kernels.moved(p, jnp.array([0.5]), jnp.array([[1.0, 0.0, 0.0]]), jnp.array([[0.0, 0.0, 1.0]]))
    assert np.allclose(moved, [[0.3, 0.1, 0.6]])


def test_shares_follow_the_declared_order_and_are_centred() -> None:
    exists = jnp.array([[True, True, True], [True, True, False]])
    place = jnp.array([[[2, 0, 1], [0, 1, 0]]])
    shares = np.asarray(kernels.ordered_shares(jnp.zeros((1, 2, 2)), place, exists))[0]
    assert np.allclose(shares[0], [0.5, -0.5, 0.0])
    assert np.allclose(shares[1], [-0.5, 0.5, 0.0])


def test_who_refuses_the_milder_refuses_the_worse() -> None:
    kept = np.exp(kernels.refusing(jnp.zeros((1, 1, 2)), jnp.array([[[0, 1, 2]]])))[0, 0]
    assert np.allclose(kept, [1.0, 0.5, 0.25])
