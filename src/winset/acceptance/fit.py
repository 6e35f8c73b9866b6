"""Fitting: the mode and its curvature first, then NUTS in the space that the curvature makes round."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import scipy.optimize
from jax.flatten_util import ravel_pytree
from jaxtyping import Bool, Float
from numpyro.distributions import biject_to
from numpyro.infer import MCMC, NUTS
from numpyro.infer.util import constrain_fn, potential_energy

from winset.acceptance.cells import Cells
from winset.acceptance.layout import Layout
from winset.acceptance.model import Meaning, acceptance_model, draw
from winset.acceptance.priors import PRIORS, Prior
from winset.errors import FitError

CHAINS = 4
FLATTEST = 0.3
"""Smallest curvature trusted at the mode; every raw parameter has a standard normal prior (curvature 1)."""

STEP = 1e-5
BLOCK = 250

Say = Callable[[str], None]


@dataclass(frozen=True)
class Problem:
    """Evidence and declarations as the model takes them."""

    cells: Cells
    meaning: Meaning
    layout: Layout


@dataclass(frozen=True)
class Fit:
    """Samples of every site, with what is needed to judge them.

    Parameters
    ----------
    samples
        Site name -> array with leading dimensions (chain, draw).
    seconds
        Wall time by stage.
    """

    method: str
    samples: Mapping[str, np.ndarray]
    diverging: Bool[np.ndarray, "chain draw"]
    steps: Float[np.ndarray, "chain draw"]
    seconds: Mapping[str, float]


class Posterior:
    """Log density of a problem over unconstrained parameters, compiled once.

    Changes of prior widths and left-out cells are arguments, so that variants need no new compilation.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._names = tuple(PRIORS)
        self._base = self._numbers(PRIORS), jnp.ones(len(problem.cells))
        self.sites = self._shapes()
        self.start, self.unravel = ravel_pytree({n: jnp.zeros(shape) for n, shape in self.sites.items()})
        self.gradient = jax.jit(jax.value_and_grad(self.potential))
        self._constrained = jax.jit(self._constrain)

    def potential(self, z: jax.Array, numbers: jax.Array, weight: jax.Array) -> jax.Array:
        """Minus the log density, up to a constant."""
        return jnp.asarray(potential_energy(acceptance_model, self._args(numbers, weight), {}, self.unravel(z)))

    def constrain(self, z: np.ndarray, variant: tuple) -> dict[str, np.ndarray]:
        """Every site and derived value at each row of ``z``; blocks of one size, so that it compiles once."""
        padded = np.concatenate([z, np.repeat(z[-1:], -len(z) % BLOCK, axis=0)])
        blocks = [self._constrained(jnp.asarray(b), *variant) for b in padded.reshape(-1, BLOCK, z.shape[1])]
        return {k: np.concatenate([np.asarray(b[k]) for b in blocks])[: len(z)] for k in blocks[0]}

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every sampled site, by abstract evaluation: nothing is computed."""
        found: dict[str, tuple[int, ...]] = {}

        def look(key: jax.Array) -> None:
            seeded = numpyro.handlers.seed(acceptance_model, key)
            for name, site in numpyro.handlers.trace(seeded).get_trace(*self._args(*self._base)).items():
                if site["type"] == "sample" and not site["is_observed"]:
                    found[name] = site["value"].shape

        jax.eval_shape(look, jax.random.PRNGKey(0))
        return found

    @property
    def dimension(self) -> int:
        """Number of unconstrained parameters."""
        return int(self.start.size)

    def variant(self, priors: Mapping[str, Prior], keep: Bool[np.ndarray, " cell"]) -> tuple[jax.Array, jax.Array]:
        """Arguments for changed prior widths and left-out cells."""
        return self._numbers(priors), jnp.asarray(keep, float)

    def base(self) -> tuple[jax.Array, jax.Array]:
        """Arguments for the priors as they stand and all the evidence."""
        return self._base

    def _numbers(self, priors: Mapping[str, Prior]) -> jax.Array:
        return jnp.array([[priors[n].first, priors[n].second] for n in self._names], float)

    def _args(self, numbers: jax.Array, weight: jax.Array) -> tuple:
        priors = {
            n: Prior(n, PRIORS[n].family, numbers[i, 0], numbers[i, 1], "", "", "")  # pyright: ignore[reportArgumentType]
            for i, n in enumerate(self._names)
        }
        p = self.problem
        return p.cells, p.meaning, p.layout, priors, weight

    def _constrain(self, z: jax.Array, numbers: jax.Array, weight: jax.Array) -> Mapping[str, jax.Array]:
        args = self._args(numbers, weight)
        one = lambda x: constrain_fn(acceptance_model, args, {}, self.unravel(x), return_deterministic=True)  # noqa: E731
        return jax.vmap(one)(z)


@dataclass(frozen=True)
class Mode:
    """Mode of the posterior and a square root of its inverse curvature."""

    centre: Float[np.ndarray, " parameter"]
    root: Float[np.ndarray, "parameter parameter"]


def find_mode(posterior: Posterior, variant: tuple, start: np.ndarray | None = None) -> Mode:
    """Mode by L-BFGS and its curvature by central differences of the exact gradient.

    Differences need no further compilation, which would cost ten times what they do.

    Raises
    ------
    FitError
        If no finite mode is found.
    """
    found = scipy.optimize.minimize(
        lambda z: tuple(np.asarray(v, float) for v in posterior.gradient(z, *variant)),
        np.asarray(posterior.start) if start is None else start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 3000, "maxfun": 6000, "maxcor": 30},
    )
    if not np.isfinite(found.fun):
        raise FitError("the model has no finite starting point on this evidence; look at extreme counts or widths")
    step = STEP * np.eye(posterior.dimension)
    slope = lambda z: np.asarray(posterior.gradient(z, *variant)[1])  # noqa: E731
    curvature = np.stack([slope(found.x + e) - slope(found.x - e) for e in step]) / (2 * STEP)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return Mode(found.x, vectors / np.sqrt(np.maximum(values, FLATTEST)))


def sample_laplace(posterior: Posterior, variant: tuple, seed: int, draws: int, start: np.ndarray | None = None) -> Fit:
    """Laplace approximation: normal draws about the mode with its curvature (Tierney & Kadane 1986)."""
    began = time.perf_counter()
    mode = find_mode(posterior, variant, start)
    noise = np.random.default_rng(seed).standard_normal((draws, posterior.dimension))
    samples = {k: v[None] for k, v in posterior.constrain(mode.centre + noise @ mode.root.T, variant).items()}
    nothing = np.zeros((1, draws))
    return Fit("Laplace approximation", samples, nothing.astype(bool), nothing, {"fit": time.perf_counter() - began})


def sample_nuts(
    posterior: Posterior, seed: int, draws: int, warmup: int, *, progress: bool = False, say: Say = lambda _: None
) -> Fit:
    """NUTS (Hoffman & Gelman 2014) on coordinates in which the mode's curvature is the identity."""
    began = time.perf_counter()
    say("finding the mode")
    mode = find_mode(posterior, posterior.base())
    centre, root = jnp.asarray(mode.centre), jnp.asarray(mode.root)
    found = time.perf_counter()
    base = posterior.base()
    say(f"sampling {CHAINS} chains, {warmup} + {draws} draws each")
    mcmc = MCMC(
        NUTS(potential_fn=lambda y: posterior.potential(centre + root @ y, *base), max_tree_depth=7),
        num_warmup=warmup,
        num_samples=draws,
        num_chains=CHAINS,
        chain_method="parallel" if jax.local_device_count() >= CHAINS else "vectorized",
        progress_bar=progress,
    )
    keys = jax.random.split(jax.random.PRNGKey(seed))
    start = jax.random.normal(keys[0], (CHAINS, posterior.dimension))
    mcmc.run(keys[1], init_params=start, extra_fields=("diverging", "num_steps"))
    y = mcmc.get_samples(group_by_chain=True)
    say("collecting the draws")
    samples = posterior.constrain(np.asarray(centre + y @ root.T).reshape(-1, posterior.dimension), base)
    extra = {k: np.asarray(v) for k, v in mcmc.get_extra_fields(group_by_chain=True).items()}
    return Fit(
        "NUTS",
        {k: v.reshape(CHAINS, draws, *v.shape[1:]) for k, v in samples.items()},
        extra["diverging"],
        extra["num_steps"].astype(float),
        {"mode": found - began, "sampling": time.perf_counter() - found},
    )


def sample_prior(posterior: Posterior, seed: int, draws: int) -> Fit:
    """Draws from the prior: raw parameters are standard normal, the rest follow the table of priors."""

    def sample(keys: jax.Array) -> jax.Array:
        columns = {}
        for key, (name, shape) in zip(keys, posterior.sites.items(), strict=True):
            family = dist.Normal(0.0, 1.0) if name.endswith("_raw") else draw(PRIORS[name])
            columns[name] = biject_to(family.support).inv(family.sample(key, (draws, *shape)))
        return jax.vmap(lambda values: ravel_pytree(values)[0])(columns)

    z = jax.jit(sample)(jax.random.split(jax.random.PRNGKey(seed), len(posterior.sites)))
    nothing = np.zeros((1, draws))
    samples = {k: v[None] for k, v in posterior.constrain(np.asarray(z), posterior.base()).items()}
    return Fit("prior", samples, nothing.astype(bool), nothing, {})
