"""The likelihood against closed forms."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from winset.acceptance import kernels
from winset.acceptance.prints import batch


def test_counts_are_dirichlet_multinomial() -> None:
    counts, p, rho = np.array([[7.0, 3.0, 2.0]]), np.array([[0.5, 0.3, 0.2]]), np.array([0.1])
    ours = kernels.log_counts([(jnp.array(counts), jnp.array(p), jnp.array(rho))])[0][0]
    theirs = stats.dirichlet_multinomial.logpmf(counts[0].astype(int), 9.0 * p[0], 12)
    assert ours == pytest.approx(theirs - stats.multinomial.logpmf(counts[0], 12, p[0]) + (counts * np.log(p)).sum())


def test_without_correlation_counts_are_multinomial() -> None:
    counts, p = np.array([[41.0, 59.0]]), np.array([[0.4, 0.6]])
    ours = kernels.log_counts([(jnp.array(counts), jnp.array(p), jnp.array([1e-9]))])[0][0]
    assert ours == pytest.approx((counts * np.log(p)).sum(), rel=1e-4)


def test_one_voice_is_worth_its_probability_whatever_the_correlation() -> None:
    one = kernels.log_counts([(jnp.array([[1.0, 0.0]]), jnp.array([[0.3, 0.7]]), jnp.array([0.4]))])[0][0]
    assert one == pytest.approx(np.log(0.3))


def test_an_answer_that_does_not_exist_adds_nothing() -> None:
    two = kernels.log_counts([(jnp.array([[3.0, 2.0]]), jnp.array([[0.3, 0.7]]), jnp.array([0.1]))])[0][0]
    three = kernels.log_counts([(jnp.array([[3.0, 2.0, 0.0]]), jnp.array([[0.3, 0.7, 0.0]]), jnp.array([0.1]))])[0][0]
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


def test_batches_hold_each_cell_once_with_the_bins_that_it_has(rng: np.random.Generator) -> None:
    exists = rng.random((40, 8)) < 0.5
    exists[:, 0] = True
    vague = np.flatnonzero(exists[:, -1] | (rng.random(40) < 0.2))
    made = batch(exists, vague)
    assert sorted(np.concatenate([b.cell for b in made])) == list(range(40))
    for b in made:
        assert (np.array([np.flatnonzero(exists[n]) for n in b.cell]) == b.used).all()
        assert [*vague[b.vague]] == [n for n in b.cell if n in vague]
        assert (exists[b.cell, -1] == b.hides).all()


def test_counts_in_batches_are_those_of_scipy(rng: np.random.Generator) -> None:
    shapes = ((3, 21, 2), (5, 4))
    put = [(rng.gamma(2, 50, s), rng.dirichlet(np.ones(s[-1]), s[:-1]), rng.beta(1, 20, s[:-1])) for s in shapes]
    for (counts, p, rho), found in zip(put, kernels.log_counts([tuple(map(jnp.array, x)) for x in put]), strict=True):
        a = (1 / rho - 1)[..., None] * p
        n, total = counts.sum(-1), a.sum(-1)
        expected = (gammaln(counts + a) - gammaln(a)).sum(-1) + gammaln(total) - gammaln(n + total)
        np.testing.assert_allclose(found, expected, rtol=1e-9)
