"""Chains that learn one step and one shape together, in blocks: after each, what was drawn can be kept and the time told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpyro.infer import NUTS
from numpyro.infer.util import ParamInfo

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

CHAINS = 4
BLOCK = 25
"""Draws of a chain after which it waits for the others."""

TOGETHER = "chain"
STIFF, SETTLED, FADING = 0.05, 10, 0.75
"""Dual averaging (Hoffman & Gelman 2014, section 3.2.1): gamma, t0 and kappa."""

SETTLING, LEARNING = 0.15, 0.5
"""Shares of the warm-up after which draws tell of the shape, and after which it is taken from them."""

PROMISED = 5
"""Draws of a chain that the curvature counts as, which says that the shape is round already (as Stan shrinks variances)."""

QUIET = 10.0
"""Seconds between two lines on how far it is."""

Say = Callable[[str], None]
Kept = Mapping[str, np.ndarray]


class Store(Protocol):
    """Where an unfinished fit is kept, so that a killed one goes on."""

    def load(self, name: str) -> Kept | None:
        """What was kept under a name for the same inputs."""
        ...

    def save(self, name: str, arrays: Kept) -> None:
        """Keep arrays under a name, all of them or none."""
        ...


class Memory:
    """A store for as long as a call lasts."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def load(self, name: str) -> Kept | None:
        """What was kept under a name."""
        return self.kept.get(name)

    def save(self, name: str, arrays: Kept) -> None:
        """Keep arrays under a name."""
        self.kept[name] = arrays


@dataclass(frozen=True)
class Pace:
    """How carefully NUTS goes.

    Parameters
    ----------
    warmup
        Draws for tuning, by chain; thrown away.
    acceptance
        Target of the mean acceptance probability.
    depth
        Greatest number of doublings of a trajectory.
    """

    method: str
    warmup: int
    acceptance: float
    depth: int


class Drawn(NamedTuple):
    """Draws of the coordinates, after the warm-up."""

    points: Float[np.ndarray, "chain draw parameter"]
    diverging: Bool[np.ndarray, "chain draw"]
    steps: Int[np.ndarray, "chain draw"]


class Tuning(NamedTuple):
    """What the chains have learned so far, the same in each: of the step in logs, and sums of draws and of their squares."""

    averaged: jax.Array
    shortfall: jax.Array
    total: jax.Array
    squares: jax.Array


def sample_chains(
    potential: Callable[[jax.Array], jax.Array],
    look: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    dimension: int,
    seed: int,
    draws: int,
    pace: Pace,
    *,
    store: Store | None = None,
    say: Say = lambda _: None,
) -> Drawn:
    """Draw with NUTS (Hoffman & Gelman 2014) from coordinates that are about standard normal.

    All chains take one step size and one shape, learned from all of them: chains that tune apart end with steps that
    differ two- or threefold, the longest too long to move and the shortest keeping the others waiting.

    Parameters
    ----------
    potential
        Minus the log density, up to a constant.
    look
        Its values and gradients at several points, compiled already.
    store
        Where every block is kept, and an earlier call with the same arguments is taken up, or one for fewer draws: the draws
        are those of a call that was never stopped.
    """
    begin, advance = _Moves(potential, dimension, pace).compiled()
    total, done = pace.warmup + draws, 0
    blocks: list[Drawn] = []
    keys = jax.random.split(jax.random.PRNGKey(seed))
    start = jax.random.normal(keys[0], (CHAINS, dimension))
    carry = begin(jax.random.split(keys[1], CHAINS), start, *look(np.asarray(start)))
    kept = None if store is None else store.load(pace.method)
    if kept is not None:
        carry = _taken_up(carry, kept)
        done = int(kept["done"])
        blocks.append(Drawn(*(kept[f] for f in Drawn._fields)))
        say(f"going on from draw {min(done, total)} of {total}")
    told = time.perf_counter()
    clock, first = 0.0, None
    while done < total:
        count = min(BLOCK, total - done)
        carry, block = advance(carry, count)
        fresh = slice(max(pace.warmup - done, 0), count)
        blocks.append(Drawn(*(np.asarray(x)[:, fresh] for x in block)))
        done += count
        if store is not None:
            blocks = [_joined(blocks)]
            store.save(pace.method, _to_keep(carry, blocks[0], done))
        now = time.perf_counter()
        if first is None:  # what came before was compiling, for the most part
            clock, first = now, done
        elif now - told > QUIET and done < total:
            left = (now - clock) * (total - done) / (done - first)
            say(f"{done} of {total} draws a chain, about {_length(left)} left")
            told = now
    return Drawn(*(x[:, :draws] for x in _joined(blocks)))


class _Moves:
    """Moves of one chain, which asks the others what it meets only while it learns."""

    def __init__(self, potential: Callable[[jax.Array], jax.Array], dimension: int, pace: Pace) -> None:
        self.dimension, self.pace = dimension, pace
        # dimension^(-1/4): how the longest stable step of a normal shrinks with its dimension (Beskos et al. 2013)
        self.first = -0.25 * np.log(dimension)
        self.kernel = NUTS(
            potential_fn=potential,
            max_tree_depth=pace.depth,
            dense_mass=False,  # coordinates are independent but for what the curvature gets wrong
            adapt_step_size=False,
            adapt_mass_matrix=False,
        )

    def compiled(self) -> tuple[Any, Any]:
        """``begin`` and ``advance`` for all chains at once, each on a processor of its own where there are as many."""
        if jax.local_device_count() >= CHAINS:
            return jax.pmap(self.begin, TOGETHER), jax.pmap(self.advance, TOGETHER, in_axes=(0, None))
        advance = jax.vmap(self.advance, axis_name=TOGETHER, in_axes=(0, None))
        return jax.jit(jax.vmap(self.begin, axis_name=TOGETHER)), jax.jit(advance)

    def begin(self, key: jax.Array, start: jax.Array, value: jax.Array, slope: jax.Array) -> Any:
        """A chain before its first draw."""
        state = self.kernel.init(key, 0, init_params=ParamInfo(start, value, slope))
        state = _shaped(_stepping(state, jnp.full((), self.first)), jnp.ones(self.dimension))
        nothing = jnp.zeros(self.dimension)
        return _firm((state, Tuning(jnp.full((), self.first), jnp.zeros(()), nothing, nothing)))

    def advance(self, carry: Any, count: jax.Array) -> Any:
        """As many draws as asked, at most a block."""

        def one(k: jax.Array, carry: Any) -> Any:
            (state, tuning), drawn = carry
            state = self.kernel.sample(state, (), {})
            tuned = lax.cond(state.i <= self.pace.warmup, self.learn, lambda s, t: (s, t), state, tuning)
            found = (state.z, state.diverging, state.num_steps)
            return tuned, tuple(kept.at[k].set(x) for kept, x in zip(drawn, found, strict=True))

        room = (jnp.zeros((BLOCK, self.dimension)), jnp.zeros(BLOCK, bool), jnp.zeros(BLOCK, int))
        return lax.fori_loop(0, count, one, (carry, room))

    def learn(self, state: Any, tuning: Tuning) -> Any:
        """What the last draw of all chains says of the step, and, half-way, all of them of the shape."""
        done, warmup = state.i, self.pace.warmup
        weight = 1.0 / (done + SETTLED)
        missed = self.pace.acceptance - lax.pmean(state.accept_prob, TOGETHER)
        shortfall = (1 - weight) * tuning.shortfall + weight * missed
        step = self.first - jnp.sqrt(done) / STIFF * shortfall
        fresh = done ** (-FADING)
        averaged = fresh * step + (1 - fresh) * tuning.averaged
        counts = done > SETTLING * warmup
        total = tuning.total + jnp.where(counts, state.z, 0.0)
        squares = tuning.squares + jnp.where(counts, state.z**2, 0.0)
        state = _stepping(state, jnp.where(done == warmup, averaged, step))
        reshaped = lambda s: _shaped(s, _variances(total, squares, self.pace))  # noqa: E731
        state = lax.cond(done == int(LEARNING * warmup), reshaped, lambda s: s, state)
        return state, Tuning(averaged, shortfall, total, squares)


def _variances(total: jax.Array, squares: jax.Array, pace: Pace) -> jax.Array:
    """Variance of every coordinate over all chains, drawn to the one that the curvature promises."""
    count = int(LEARNING * pace.warmup) - int(SETTLING * pace.warmup)
    mean = lax.pmean(total, TOGETHER) / count
    found = lax.pmean(squares, TOGETHER) / count - mean**2
    return (count * found + PROMISED) / (count + PROMISED)


def _stepping(state: Any, log_step: jax.Array) -> Any:
    """A chain's state with another step."""
    return state._replace(adapt_state=state.adapt_state._replace(step_size=jnp.exp(log_step)))


def _shaped(state: Any, variance: jax.Array) -> Any:
    """A chain's state with another shape."""
    wide = jnp.sqrt(variance)
    shape = {"inverse_mass_matrix": variance, "mass_matrix_sqrt": 1 / wide, "mass_matrix_sqrt_inv": wide}
    return state._replace(adapt_state=state.adapt_state._replace(**shape))


def _firm(carry: Any) -> Any:
    """With types that do not change after a move, for which everything would be compiled again."""
    return jax.tree.map(lambda x: lax.convert_element_type(x, jnp.asarray(x).dtype), carry)


def _joined(blocks: list[Drawn]) -> Drawn:
    return Drawn(*(np.concatenate(parts, axis=1) for parts in zip(*blocks, strict=True)))


def _to_keep(carry: Any, drawn: Drawn, done: int) -> Kept:
    leaves = {f"state{n}": np.asarray(x) for n, x in enumerate(jax.tree.leaves(carry))}
    return leaves | drawn._asdict() | {"done": np.array(done)}


def _taken_up(carry: Any, kept: Kept) -> Any:
    """The state that was kept, in the shape of a fresh one."""
    leaves, shape = jax.tree.flatten(carry)
    return shape.unflatten([jax.device_put(kept[f"state{n}"], x.sharding) for n, x in enumerate(leaves)])


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
