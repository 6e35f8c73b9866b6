"""Where the posterior is centred and how it curves there, draws from that normal, and draws from the prior."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import scipy.optimize
from jax.flatten_util import ravel_pytree
from numpyro.infer.util import constrain_fn, potential_energy
from scipy.special import logit

from winset.acceptance.fitted import Fit
from winset.acceptance.model import Variant, acceptance_model
from winset.acceptance.prints import log_constant
from winset.acceptance.priors import PRIORS, Prior
from winset.acceptance.problem import Problem
from winset.errors import FitError

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

FLATTEST = 0.8
"""Smallest curvature trusted at the mode; every raw parameter has a standard normal prior (curvature 1)."""

STEP = 1e-6
BLOCK = 250
WALKERS, PACE = 40, 0.4
"""Short chains, and the length of their first steps in standard deviations."""
STAGES, MOVES, LEAPS, TAKEN, WIDER = 3, 4, 8, 0.7, 1.5
"""Exploring: stages, moves in each, steps of a move, share of moves taken, variance against the curvature's that counts."""

ROUNDS, FAR = 4, 0.5
"""Searches for scales at most, and how far in logs they go while they are still on their way."""
LOW = 0.1
"""Effects are centred as suits scales at the low end of what short chains saw: centred too far, small scales are a funnel."""


@dataclass(frozen=True)
class Mode:
    """Where the posterior is centred, and a square root of its inverse curvature there.

    Parameters
    ----------
    variant
        Arguments under which these coordinates mean what they do: how far effects are centred suits the scales found.
    """

    centre: Float[np.ndarray, " parameter"]
    root: Float[np.ndarray, "parameter parameter"]
    variant: Variant


class Posterior:
    """Log density of a problem over unconstrained parameters, compiled once.

    Changes of prior widths and left-out cells are arguments, so that variants need no new compilation.

    Parameters
    ----------
    priors
        By name, those of ``PRIORS`` changed or not.
    """

    def __init__(self, problem: Problem, priors: Mapping[str, Prior] = PRIORS) -> None:
        self.problem, self.priors = problem, priors
        self._names = tuple(PRIORS)
        cells = problem.cells
        self._base = Variant(
            numbers=self._numbers(priors),
            weight=jnp.ones(len(cells)),
            counts=jnp.asarray(cells.summed),
            nodes=jnp.asarray(cells.prints.counts),
            constant=jnp.asarray(cells.prints.constant),
            task_weight=jnp.asarray(problem.tasks.weight),
            people=jnp.asarray(cells.voices.people),
            information=jnp.asarray(problem.meaning.information),
            drift=jnp.full(len(problem.layout.sides), np.exp(_middle("drift"))),
            wander=jnp.asarray(np.exp(_middle("wander"))),
            lean=jnp.asarray(np.nan_to_num(problem.meaning.lean, nan=0.5)),
        )
        self.sites = self._shapes()
        self.start, self.unravel = ravel_pytree({n: jnp.zeros(shape) for n, shape in self.sites.items()})
        self.gradient = jax.jit(jax.value_and_grad(self.potential))
        self._constrained = jax.jit(self._constrain)

    def potential(self, z: jax.Array, variant: Variant) -> jax.Array:
        """Minus the log density, up to a constant."""
        return jnp.asarray(potential_energy(acceptance_model, self._args(variant), {}, self.unravel(z)))

    def constrain(self, z: np.ndarray, variant: Variant) -> dict[str, np.ndarray]:
        """Every site and derived value at each row of ``z``; blocks of one size, so that it compiles once."""
        padded = np.concatenate([z, np.repeat(z[-1:], -len(z) % BLOCK, axis=0)])
        blocks = [self._constrained(jnp.asarray(b), variant) for b in padded.reshape(-1, BLOCK, z.shape[1])]
        return {k: np.concatenate([np.asarray(b[k]) for b in blocks])[: len(z)] for k in blocks[0]}

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every sampled site, by abstract evaluation: nothing is computed."""
        found: dict[str, tuple[int, ...]] = {}

        def look(key: jax.Array) -> None:
            seeded = numpyro.handlers.seed(acceptance_model, key)
            for name, site in numpyro.handlers.trace(seeded).get_trace(*self._args(self._base)).items():
                if site["type"] == "sample" and not site["is_observed"]:
                    found[name] = site["value"].shape

        jax.eval_shape(look, jax.random.PRNGKey(0))
        return found

    def slope(self, z: np.ndarray, variant: Variant) -> np.ndarray:
        """Gradient of the potential."""
        return np.asarray(self.gradient(z, variant)[1], float)

    def look(self, points: Float[np.ndarray, "point parameter"], variant: Variant) -> tuple[np.ndarray, np.ndarray]:
        """Potential and its gradient at several points, on two threads."""
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda z: self.gradient(z, variant), points))
        return np.array([float(v) for v, _ in found]), np.stack([np.asarray(g, float) for _, g in found])

    def slopes(self, points: Float[np.ndarray, "point parameter"], variant: Variant) -> np.ndarray:
        """Gradient of the potential at several points."""
        return self.look(points, variant)[1]

    @property
    def middle(self) -> np.ndarray:
        """Every parameter at the middle of its prior."""
        values = {n: jnp.broadcast_to(_middle(n), shape) for n, shape in self.sites.items()}
        return np.asarray(ravel_pytree(values)[0], float)

    @property
    def global_(self) -> np.ndarray:
        """Places of the scales and shares, which many effects depend on."""
        marks = {n: jnp.full(s, not n.endswith("_raw")) for n, s in self.sites.items()}
        return np.flatnonzero(np.asarray(ravel_pytree(marks)[0]))

    @property
    def dimension(self) -> int:
        """Number of unconstrained parameters."""
        return int(self.start.size)

    def variant(
        self,
        priors: Mapping[str, Prior] | None = None,
        keep: Bool[np.ndarray, " cell"] | None = None,
        counts: Float[np.ndarray, "cell bin"] | None = None,
        keep_tasks: Bool[np.ndarray, " task"] | None = None,
    ) -> Variant:
        """Arguments for changed prior widths, left-out cells or tasks, or other answers in the same cells.

        ``counts`` stand for everybody in their cells, people whose words were coded one by one included.
        """
        base, cells = self._base, self.problem.cells
        changed: dict[str, jax.Array] = {"numbers": self._numbers(priors or self.priors)}
        if keep is not None:
            changed |= {"weight": jnp.asarray(keep, float), "information": base.information * jnp.asarray(keep, float)}
        if keep_tasks is not None:
            changed["task_weight"] = base.task_weight * jnp.asarray(keep_tasks, float)
        if counts is not None:
            nodes = cells.prints.counts
            size = nodes.sum(2, keepdims=True) / np.maximum(cells.bins[cells.prints.cell].sum(1), 1e-9)[:, None, None]
            nodes = counts[cells.prints.cell][:, None] * size
            changed |= {
                "counts": jnp.asarray(counts, float),
                "nodes": jnp.asarray(nodes),
                "constant": jnp.asarray(log_constant(nodes)),
                "people": jnp.zeros_like(base.people),
            }
        return replace(base, **changed)

    def base(self) -> Variant:
        """Arguments for the priors as they stand and all the evidence."""
        return self._base

    def suited(self, variant: Variant, z: Float[np.ndarray, " parameter"]) -> Variant:
        """Arguments under which effects are centred as suits the scales at ``z``."""
        scales = self.unravel(jnp.asarray(z))
        wander = jnp.exp(scales["wander"]) if "wander" in scales else variant.wander
        return replace(variant, drift=jnp.exp(scales["drift"]), wander=wander)

    def moved(self, start: Float[np.ndarray, " parameter"], end: Float[np.ndarray, " parameter"]) -> float:
        """How far the scales of walks went, in logs: what coordinates suit depends on them."""
        one, other = (self.unravel(jnp.asarray(z)) for z in (start, end))
        return float(max(jnp.abs(other[n] - one[n]).max() for n in ("drift", "wander") if n in one))

    def _numbers(self, priors: Mapping[str, Prior]) -> jax.Array:
        return jnp.array([[priors[n].first, priors[n].second] for n in self._names], float)

    def _args(self, variant: Variant) -> tuple[Problem, dict[str, Prior], Variant]:
        priors = {
            n: Prior(n, PRIORS[n].family, variant.numbers[i, 0], variant.numbers[i, 1], "", "", "")  # pyright: ignore[reportArgumentType]
            for i, n in enumerate(self._names)
        }
        return self.problem, priors, variant

    def _constrain(self, z: jax.Array, variant: Variant) -> Mapping[str, jax.Array]:
        args = self._args(variant)
        one = lambda x: constrain_fn(acceptance_model, args, {}, self.unravel(x), return_deterministic=True)  # noqa: E731
        return jax.vmap(one)(z)


def find_mode(posterior: Posterior, variant: Variant, start: np.ndarray | None = None) -> Mode:
    """Effects at their mode given scales and shares, and these at their mean.

    The joint mode of a hierarchy lies where its scales are far too large, since there the effects that they
    scale cost nothing. Their mean is taken over short chains from where they stand by the priors, and again from where these
    end while scales of walks are still on their way: coordinates suit the scales that they are made for.

    Parameters
    ----------
    start
        Where scales and shares stay, if they are not to be looked for.

    Raises
    ------
    FitError
        If no finite mode is found.
    """
    if start is not None:
        return _settled(posterior, posterior.suited(variant, start), start)
    mode = _settled(posterior, variant, posterior.middle)
    for _ in range(ROUNDS):
        draws = explore(posterior, mode)[1]
        moved = posterior.moved(mode.centre, draws.mean(0))
        mode = _settled(posterior, posterior.suited(variant, np.quantile(draws, LOW, axis=0)), draws.mean(0))
        if moved < FAR:
            break
    return mode


def _settled(posterior: Posterior, variant: Variant, start: np.ndarray) -> Mode:
    """Mode of the effects given scales and shares, by L-BFGS, and the curvature there."""
    x = np.array(start, float)
    many = np.setdiff1d(np.arange(len(x)), posterior.global_)

    def objective(part: np.ndarray) -> tuple[float, np.ndarray]:
        y = x.copy()
        y[many] = part
        value, slope = posterior.gradient(y, variant)
        return float(value), np.asarray(slope, float)[many]

    options = {"maxiter": 1000, "maxcor": 30}
    found = scipy.optimize.minimize(objective, x[many], jac=True, method="L-BFGS-B", options=options)
    if not np.isfinite(found.fun):
        raise FitError("the model has no finite starting point on this evidence; look at extreme counts or widths")
    x[many] = found.x
    return Mode(x, _root(_curvature(posterior, variant, x)), variant)


def explore(posterior: Posterior, mode: Mode) -> tuple[Mode, Float[np.ndarray, "draw parameter"]]:
    """Widen the curvature of a mode where the density is wider than it says, and draws that show it.

    Many short Hamiltonian chains (Neal 2011) from narrow normal draws about the mode; after each stage the coordinates
    that came out wider than the curvature has them take the covariance of the draws. Chains that were lost in a corner
    do not count: potentials of draws scatter by about the root of half the number of parameters.
    """
    rng, variant = np.random.default_rng(0), mode.variant
    z, pace = (
        mode.centre + 0.5 * rng.standard_normal((WALKERS, len(mode.centre))) @ mode.root.T,
        np.full((WALKERS, 1), PACE),
    )
    value, slope = posterior.look(z, variant)
    draws = z
    for _ in range(STAGES):
        seen, worth = [], []
        for _ in range(MOVES):
            push = rng.standard_normal(z.shape)
            there, speed, after, there_slope = z, push, value, slope
            for _ in range(LEAPS):
                speed = speed - 0.5 * pace * there_slope @ mode.root
                there = there + pace * speed @ mode.root.T
                after, steep = posterior.look(there, variant)
                there_slope = np.where(np.isfinite(steep), steep, 0.0)  # beyond the edge, where no move is taken
                speed = speed - 0.5 * pace * there_slope @ mode.root
            with np.errstate(invalid="ignore", over="ignore"):
                rise = after + 0.5 * (speed**2).sum(1) - value - 0.5 * (push**2).sum(1)
            chance = np.exp(-np.clip(np.where(np.isnan(rise), np.inf, rise), 0.0, 99.0))
            taken = rng.random(len(z)) < chance
            z, slope = (np.where(taken[:, None], new, old) for new, old in ((there, z), (there_slope, slope)))
            value = np.where(taken, after, value)
            pace *= np.exp(chance - TAKEN)[:, None]
            seen.append(z)
            worth.append(value)
        found = np.concatenate(worth)
        sound = np.isfinite(found) & (found < np.median(found) + len(mode.centre))
        if sound.any():
            draws = np.concatenate(seen)[sound]
            mode = widen(mode, draws, len(draws) // MOVES)
    return mode, draws


def widen(mode: Mode, z: Float[np.ndarray, "draw parameter"], independent: int) -> Mode:
    """Centre and root after a look at draws: coordinates wider than the curvature says take their covariance.

    Parameters
    ----------
    independent
        How many independent draws these are worth.
    """
    y = np.linalg.solve(mode.root, (z - mode.centre).T).T
    variance = y.var(0)
    wide = [int(k) for k in np.argsort(-variance)[:independent] if variance[k] > WIDER]
    if not wide:
        return mode
    found, trust = np.atleast_2d(np.cov(y[:, wide].T)), independent / (independent + 4 * len(wide))
    covariance = np.eye(len(variance))
    covariance[np.ix_(wide, wide)] = trust * found + (1 - trust) * np.diag(np.diag(found))
    shift = np.zeros(len(variance))
    shift[wide] = y[:, wide].mean(0)
    return replace(mode, centre=mode.centre + mode.root @ shift, root=mode.root @ np.linalg.cholesky(covariance))


def recentre(posterior: Posterior, mode: Mode) -> Mode:
    """A mode whose curvature is that at the mean of short chains, and whose wide coordinates are those of further ones.

    Where a hierarchy's mode lies, its density curves more sharply than where its weight is: along some directions a hundred
    times on long series of polls.
    """
    mode, draws = explore(posterior, mode)
    centre = draws.mean(0)
    moved = Mode(centre, _root(_curvature(posterior, mode.variant, centre)), mode.variant)
    return explore(posterior, moved)[0]


def _curvature(posterior: Posterior, variant: Variant, x: np.ndarray) -> np.ndarray:
    """Second derivatives by differences of the exact gradient.

    Differences need no further compilation, which would cost ten times what they do; one-sided ones err by the step
    times a third derivative, a millionth, and take half the time of central ones.
    """
    differences = (posterior.slopes(x + STEP * np.eye(len(x)), variant) - posterior.slope(x, variant)) / STEP
    return (differences + differences.T) / 2


def _root(curvature: np.ndarray) -> np.ndarray:
    """Root of the inverse along the curvature's own directions, none wider than the prior leaves it.

    What the curvature gets wrong are a few of its flattest directions: as coordinates they can be mended one by one.
    """
    values, vectors = np.linalg.eigh(curvature)
    return vectors / np.sqrt(np.maximum(values, FLATTEST))


def sample_laplace(posterior: Posterior, variant: Variant, seed: int, draws: int, mode: Mode | None = None) -> Fit:
    """Laplace approximation: normal draws about the mode with its curvature (Tierney & Kadane 1986)."""
    began = time.perf_counter()
    mode = find_mode(posterior, variant) if mode is None else mode
    noise = np.random.default_rng(seed).standard_normal((draws, posterior.dimension))
    samples = {k: v[None] for k, v in posterior.constrain(mode.centre + noise @ mode.root.T, mode.variant).items()}
    nothing = np.zeros((1, draws))
    seconds = {"fit": time.perf_counter() - began}
    return Fit("Laplace approximation", samples, nothing.astype(bool), nothing, seconds, mode)


def sample_prior(posterior: Posterior, seed: int, draws: int) -> Fit:
    """Draws from the prior: with nothing centred, raw parameters are standard normal; the rest follow the table of priors."""
    rng = np.random.default_rng(seed)
    values = {n: _prior_draws(n, rng, (draws, *shape), posterior.priors) for n, shape in posterior.sites.items()}
    z = np.concatenate([values[n].reshape(draws, -1) for n in sorted(values)], axis=1)
    nothing = np.zeros((1, draws))
    plain = replace(posterior.base(), information=jnp.zeros_like(posterior.base().information))
    samples = {k: v[None] for k, v in posterior.constrain(z, plain).items()}
    return Fit("prior", samples, nothing.astype(bool), nothing, {})


def _prior_draws(
    name: str, rng: np.random.Generator, shape: tuple[int, ...], priors: Mapping[str, Prior] = PRIORS
) -> np.ndarray:
    """Draws of one site on the unconstrained scale that the sampler sees."""
    if name.endswith("_raw"):
        return rng.standard_normal(shape)
    p = priors[name]
    match p.family:
        case "half-normal":
            return np.log(p.first * np.abs(rng.standard_normal(shape)))
        case "log-normal":
            return np.log(p.first) + p.second * rng.standard_normal(shape)
        case "beta":
            return logit(rng.beta(p.first, p.second, shape))
        case "uniform":
            return logit(rng.uniform(size=shape))
    raise ValueError(f"unknown family {p.family} of {name}")


def _middle(name: str) -> float:
    """Median of a site's prior on the unconstrained scale."""
    return float(np.median(_prior_draws(name, np.random.default_rng(0), (999,)))) if name in PRIORS else 0.0
