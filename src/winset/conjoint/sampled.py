"""The hierarchical model in NumPyro; with ``simulated`` the only file here that loads JAX."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Four virtual CPU devices let four chains run side by side; must be set before JAX starts.
if "xla_force_host_platform_device_count" not in os.environ.get("XLA_FLAGS", ""):
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4".strip()

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array
from numpyro.infer import MCMC, NUTS

from winset.conjoint.choices import Choices

if TYPE_CHECKING:
    from jaxtyping import Float

WIDE = 2.5
"""Prior sd of a mean part-worth, in logits."""
NEVER = -1e9
"""Utility of an alternative that a task did not have."""


def sample_hierarchy(
    choices: Choices, correlated: bool, chains: int, draws: int, warmup: int, kept: int, seed: int
) -> tuple[
    Float[np.ndarray, "chain draw term"],
    Float[np.ndarray, "chain draw term"],
    Float[np.ndarray, "kept respondent term"],
]:
    """Draws of mean and spread, and thinned draws of everybody's part-worths."""
    gap, real = (choices.by_respondent(x) for x in choices.gaps())
    people, terms = len(gap), gap.shape[-1]

    def model() -> None:
        mean = jnp.asarray(numpyro.sample("mean", dist.Normal(0.0, WIDE).expand([terms]).to_event(1)))
        spread = jnp.asarray(numpyro.sample("spread", dist.HalfNormal(1.0).expand([terms]).to_event(1)))
        raw = jnp.asarray(numpyro.sample("raw", dist.Normal(0.0, 1.0).expand([people, terms]).to_event(2)))
        if correlated:
            raw = raw @ jnp.asarray(numpyro.sample("factor", dist.LKJCholesky(terms, 2.0))).T
        own = mean + spread * raw
        numpyro.deterministic("people", own)
        numpyro.factor("answers", _log_chances(jnp.asarray(gap), jnp.asarray(real), own).sum())

    together = "parallel" if jax.local_device_count() >= chains else "vectorized"
    thinning = max(draws // kept, 1)
    mcmc = MCMC(
        NUTS(model),
        num_warmup=warmup,
        num_samples=draws,
        num_chains=chains,
        chain_method=together,
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(seed))
    found = mcmc.get_samples(group_by_chain=True)
    thinned = np.asarray(found["people"][:, ::thinning]).reshape(-1, people, terms)
    return np.asarray(found["mean"], float), np.asarray(found["spread"], float), thinned


def _log_chances(
    gap: Float[Array, "respondent task other term"],
    real: Float[Array, "respondent task other"],
    own: Float[Array, "respondent term"],
) -> Float[Array, "respondent task"]:
    """Log chance of what was chosen; tasks that a respondent did not have count as certain."""
    utility = jnp.einsum("itjk,ik->itj", gap, own)
    taken = jnp.zeros((*utility.shape[:2], 1))
    return -jax.nn.logsumexp(jnp.concatenate([taken, jnp.where(real, utility, NEVER)], axis=-1), axis=-1)
