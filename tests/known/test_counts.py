"""Likelihoods of counts against SciPy's and against textbook values."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import dirichlet_multinomial, norm

from winset.acceptance import kernels


def coefficient(counts: np.ndarray) -> float:
    return float(gammaln(counts.sum() + 1) - gammaln(counts + 1).sum())


@pytest.mark.parametrize("correlation", [0.005, 0.1, 0.5])
def test_dirichlet_multinomial_is_scipys(correlation: float) -> None:
    counts, p = np.array([33.0, 59.0, 29.0]), np.array([0.3, 0.45, 0.25])
    ours = kernels.log_counts([(jnp.asarray(counts[None]), jnp.asarray(p[None]), jnp.array([correlation]))])[0]
    theirs = dirichlet_multinomial.logpmf(counts.astype(int), (1 / correlation - 1) * p, 121)
    assert float(ours[0]) + coefficient(counts) == pytest.approx(theirs, rel=1e-10)


def test_eleven_unanimous_voices_of_one_report_are_worth_about_five() -> None:
    """Design effect 1 + (m - 1) rho (Kish 1965): 11 voices at rho = .1 count as 5.5."""
    rho, m = 0.1, 11
    variance_ratio = 1 + (m - 1) * rho
    beta_binomial = dirichlet_multinomial([(1 / rho - 1) * 0.5] * 2, m).cov()[0, 0]
    assert beta_binomial / (m * 0.25) == pytest.approx(variance_ratio)
    assert m / variance_ratio == pytest.approx(5.5)


def test_ordered_probit_splits_the_normal_at_its_cuts() -> None:
    """Quartile cuts of the standard normal (0.674490 from 0) give four quarters."""
    cuts = jnp.array([[-0.674490, 0.0, 0.674490]])
    p = kernels.answers(jnp.zeros(1), jnp.ones(1), cuts)
    np.testing.assert_allclose(np.asarray(p)[0], 0.25, atol=1e-6)


def test_normal_part_worths_integrate_out_as_in_the_textbook() -> None:
    """E Phi(a + b z) = Phi(a / sqrt(1 + b^2)) (Owen 1980, integral 10,010.8)."""
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    mean = (norm.cdf(0.7 + 0.9 * z) * weight).sum() / weight.sum()
    p = kernels.answers(jnp.array([0.7]), jnp.sqrt(jnp.array([1 + 0.81])), jnp.array([[0.0]]))
    assert float(p[0, 1]) == pytest.approx(mean, abs=1e-10)
