"""The simulated likelihood of a panel, compiled; the only file here that loads JAX."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

if TYPE_CHECKING:
    from jaxtyping import Float

    from winset.conjoint.mixed_logit import Panel, Shape

jax.config.update("jax_enable_x64", True)  # sums over thousands of respondents lose digits in single precision

PAGE = 4
"""Respondents worked on together: their utilities stay in the processor's cache."""
THREADS = 2

Scores = Callable[[np.ndarray], tuple[float, np.ndarray]]


def compile_likelihood(shape: Shape, panel: Panel) -> tuple[Scores, Callable[[np.ndarray], np.ndarray]]:
    """Log-likelihood with each respondent's gradient, and the exact Hessian.

    Returns
    -------
    ``scores(x)``: log-likelihood and gradients (respondent x estimate); ``hessian(x)``.
    """
    person = _person(shape)
    both = jax.value_and_grad(person)
    weights = jnp.asarray(panel.weight)

    @jax.jit
    def scores(x: Array, gap: Array, real: Array, draws: Array) -> tuple[Array, Array]:
        return jax.lax.map(lambda a: both(x, *a), (gap, real, draws), batch_size=PAGE)

    @jax.jit
    def hessian(x: Array, gap: Array, real: Array, draws: Array, weight: Array) -> Array:
        second = jax.hessian(person)
        each = jax.lax.map(lambda a: a[3] * second(x, *a[:3]), (gap, real, draws, weight), batch_size=1)
        return each.sum(0)

    parts = [slice(p[0], p[-1] + 1) for p in np.array_split(np.arange(len(panel.weight)), THREADS) if len(p)]
    held = [tuple(jnp.asarray(a[p]) for a in (panel.gap, panel.real, panel.draws)) for p in parts]
    pool = ThreadPoolExecutor(THREADS)

    def run_scores(x: np.ndarray) -> tuple[float, np.ndarray]:
        done = list(pool.map(lambda h: [np.asarray(v) for v in scores(jnp.asarray(x), *h)], held))
        value, slope = (np.concatenate([d[n] for d in done]) for n in (0, 1))
        return float(panel.weight @ value), panel.weight[:, None] * slope

    def run_hessian(x: np.ndarray) -> np.ndarray:
        pairs = zip(held, parts, strict=True)
        done = pool.map(lambda h: np.asarray(hessian(jnp.asarray(x), *h[0], weights[h[1]])), pairs)
        return sum(done, np.zeros((len(x), len(x))))

    return run_scores, run_hessian


def _person(shape: Shape) -> Callable[..., Array]:
    """Log of the mean, over draws, of the chance of all choices of one respondent."""
    places = np.array(shape.places)
    logged = np.array(shape.logged)
    rows, columns = np.tril_indices(len(places))

    def person(
        x: Float[Array, " estimate"],
        gap: Float[Array, "task other feature"],
        real: Float[Array, "task other"],
        draws: Float[Array, "term draw"],
    ) -> Float[Array, ""]:
        mean, spread = x[: shape.terms], x[shape.terms :]
        if shape.correlated:
            factor = jnp.zeros((len(places), len(places))).at[rows, columns].set(spread)
            varied = mean[places][:, None] + factor @ draws
        else:
            varied = mean[places][:, None] + spread[:, None] * draws
        varied = jnp.where(logged[:, None], jnp.exp(varied), varied) if logged.any() else varied
        fixed = np.setdiff1d(np.arange(shape.terms), places)
        utility = jnp.einsum("tjk,kd->tjd", gap[..., places], varied)
        utility = utility + (gap[..., fixed] @ mean[fixed])[..., None]
        odds = jnp.where(real[..., None], jnp.exp(utility), 0.0).sum(1)
        log_chance = -jnp.log1p(odds).sum(0)
        return jax.nn.logsumexp(log_chance) - jnp.log(draws.shape[1])

    return person
