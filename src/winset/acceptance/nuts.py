"""NUTS in the space that the curvature makes round."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np

from winset.acceptance.backend import forget_compiled
from winset.acceptance.chains import CHAINS, Pace, Say, Store, sample_chains
from winset.acceptance.fit import Mode, Posterior, find_mode, recentre
from winset.acceptance.fitted import Fit
from winset.acceptance.model import Variant

if TYPE_CHECKING:
    from jaxtyping import Float

USUAL, CAREFUL = Pace("NUTS", 100, 0.9, 7), Pace("NUTS, more careful", 150, 0.95, 9)
SINGLE = jnp.float32
"""Of the coordinates' root while sampling: in full precision it falls out of a processor's cache, and reading it takes
as long as the likelihood. Any matrix makes coordinates; the potential itself stays in full precision.
"""


def sample_nuts(
    posterior: Posterior,
    variant: Variant,
    seed: int,
    draws: int,
    pace: Pace = USUAL,
    mode: Mode | None = None,
    *,
    store: Store | None = None,
    say: Say = lambda _: None,
) -> Fit:
    """NUTS (Hoffman & Gelman 2014) on coordinates in which the mode's curvature is the identity.

    Parameters
    ----------
    mode
        Centre, root and arguments to use in place of a search for them.
    store
        Where an unfinished fit of the same inputs is kept.
    """
    forget_compiled()
    began = time.perf_counter()
    if mode is None:
        mode = _mode_kept(posterior, variant, store, say)
    centre, root = jnp.asarray(mode.centre), jnp.asarray(mode.root, SINGLE)
    found = time.perf_counter()
    say(f"sampling {CHAINS} chains, {pace.warmup} + {draws} draws each")

    def look(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, slopes = posterior.look(mode.centre + y @ mode.root.T, mode.variant)
        return values, slopes @ mode.root

    drawn = sample_chains(
        lambda y: posterior.potential(centre + root @ y.astype(SINGLE), mode.variant),
        look,
        posterior.dimension,
        seed,
        draws,
        pace,
        store=store,
        say=say,
    )
    say("collecting the draws")
    z = (mode.centre + drawn.points @ mode.root.T).reshape(-1, posterior.dimension)
    samples = posterior.constrain(z, mode.variant)
    return Fit(
        pace.method,
        {k: v.reshape(CHAINS, draws, *v.shape[1:]) for k, v in samples.items()},
        drawn.diverging,
        drawn.steps.astype(float),
        {"mode": found - began, "sampling": time.perf_counter() - found},
        learn_shape(mode, z),
    )


def _mode_kept(posterior: Posterior, variant: Variant, store: Store | None, say: Say) -> Mode:
    """The mode that an earlier call had found, or a search for it."""
    kept = store.load("mode") if store else None
    if kept is not None:
        suited = replace(variant, drift=jnp.asarray(kept["drift"]), wander=jnp.asarray(kept["wander"]))
        return Mode(kept["centre"], kept["root"], suited)
    say("finding the mode")
    mode = recentre(posterior, find_mode(posterior, variant))
    if store:
        suits = {"drift": np.asarray(mode.variant.drift), "wander": np.asarray(mode.variant.wander)}
        store.save("mode", {"centre": mode.centre, "root": mode.root} | suits)
    return mode


def learn_shape(mode: Mode, z: Float[np.ndarray, "draw parameter"]) -> Mode:
    """Centre and root after a sampling: the few directions that stick out, then every coordinate as wide as its draws.

    Draws of so many coordinates cannot tell their covariance; they can tell a few large directions in it from noise.
    The variance along them is that of the spiked model (Donoho, Gavish & Johnstone 2018, eq. 1.10 ff.).
    """
    y = np.linalg.solve(mode.root, (z - mode.centre).T).T
    middle, share = y.mean(0), y.shape[1] / len(y)
    _, singular, directions = np.linalg.svd(y - middle, full_matrices=False)
    found = singular**2 / len(y)
    found = found[found > (1 + np.sqrt(share)) ** 2]
    beside = found + 1 - share
    spikes = (beside + np.sqrt(beside**2 - 4 * found)) / 2
    v = directions[: len(spikes)]
    stretch = np.eye(y.shape[1]) + v.T * (np.sqrt(spikes) - 1) @ v
    shrink = np.eye(y.shape[1]) + v.T * (1 / np.sqrt(spikes) - 1) @ v
    spread = ((y - middle) @ shrink).std(0)
    return replace(mode, centre=mode.centre + mode.root @ middle, root=mode.root @ stretch * spread)
