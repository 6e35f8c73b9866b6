"""How parameters are drawn: priors as distributions, effects that are centred as far as the data tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.backend import dist, jnp, numpyro
from winset.acceptance.priors import Prior

if TYPE_CHECKING:
    from jax import Array
    from numpyro.distributions import Distribution

NOTHING = 1e-12
"""Information of a cell that is left out: a mean over cells then still exists."""


def draw(prior: Prior) -> Distribution:
    """Distribution of a prior."""
    match prior.family:
        case "normal":
            return dist.Normal(prior.first, prior.second)
        case "half-normal":
            return dist.HalfNormal(prior.first)
        case "log-normal":
            return dist.LogNormal(jnp.log(prior.first), prior.second)
        case "beta":
            return dist.Beta(prior.first, prior.second)
        case "uniform":
            return dist.Uniform(prior.first, prior.second)
    raise ValueError(f"unknown family {prior.family}")


def sample(name: str, prior: Prior, *shape: int) -> Array:
    """One parameter, or as many independent ones as ``shape`` says."""
    found = draw(prior)
    return numpyro.sample(name, found.expand(shape).to_event(len(shape)) if shape else found)  # pyright: ignore[reportReturnType]


def standard(name: str, *shape: int) -> Array:
    """Independent standard normals under a raw name; scaled where they are used (non-centred)."""
    return numpyro.sample(f"{name}_raw", dist.Normal(0.0, 1.0).expand(shape).to_event(len(shape)))  # pyright: ignore[reportReturnType]


def centred_effect(name: str, scale: Array, centring: Array, location: Array | float = 0.0) -> Array:
    """Normals of a given scale, each centred as far as data tell of it.

    Parameters
    ----------
    centring
        0: standard normals, scaled; 1: the sampler sees location plus effect, which is what data pin down.
    location
        What data tell together with the effect.

    Notes
    -----
    Papaspiliopoulos, Roberts & Skold (2007); Gorinova, Moore & Hoffman (2020), eq. 4: raw ~ N(c location, scale^c) and
    effect = scale^(1 - c) (raw - c location) is the same law for every c, in another shape.
    """
    shifted = centring * location
    raw = numpyro.sample(f"{name}_raw", dist.Normal(shifted, scale**centring).to_event(jnp.ndim(scale)))
    return scale ** (1 - centring) * (raw - shifted)  # pyright: ignore[reportOperatorIssue]


def scattered(name: str, where: np.ndarray) -> Array:
    """Standard normals where ``where`` holds, 0 elsewhere: padding costs no parameters."""
    if not where.any():
        return jnp.zeros(where.shape)
    flat = standard(name, int(where.sum()))
    return jnp.zeros(where.shape).at[np.nonzero(where)].set(flat)
