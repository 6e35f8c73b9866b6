"""JAX, loaded when something is first worked out with it: opening a run and asking it questions needs none of it."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
from typing import TYPE_CHECKING, Any

FLAG = "xla_force_host_platform_device_count"
_fits = itertools.count(1)


def set_up() -> None:
    """Settings that must stand before JAX starts.

    Four virtual processors, so that four chains run side by side, and double precision: counts of thousands in log-gamma
    lose digits in single precision.
    """
    if FLAG not in os.environ.get("XLA_FLAGS", ""):
        os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --{FLAG}=4".strip()
    os.environ.setdefault("JAX_ENABLE_X64", "1")
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_enable_x64", True)


def forget_compiled(every: int = 8) -> None:
    """Let go of compiled functions before every so many fits.

    A fit's functions are its own and take some 3,500 memory maps, of which Linux lets a process have 65,530: the
    nineteenth fit of a process would fail. Functions still in use are compiled again.
    """
    if next(_fits) % every == 0:
        jax.clear_caches()


class _Late:
    """A module that is imported when one of its names is first used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._name), name)


if TYPE_CHECKING:
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from jax.scipy import special, stats
else:
    jax, jnp, special, stats = (_Late(n) for n in ("jax", "jax.numpy", "jax.scipy.special", "jax.scipy.stats"))
    numpyro, dist = (_Late(n) for n in ("numpyro", "numpyro.distributions"))

__all__ = ["dist", "forget_compiled", "jax", "jnp", "numpyro", "set_up", "special", "stats"]
