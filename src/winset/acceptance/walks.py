"""Levels over time: a random walk of each side in the time passed, built in the order in which evidence tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.backend import jax, jnp
from winset.acceptance.cells import Cells
from winset.acceptance.layout import Layout
from winset.acceptance.meaning import KINDS, Meaning, Wandering
from winset.acceptance.priors import Prior
from winset.acceptance.sampling import NOTHING, centred_effect, sample, standard

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Walk:
    """How the walk of each side is made of independent steps.

    It is 0 in the first month with evidence of the side and goes from each such month to the next. Months between are a
    bridge (Levy's construction), months before and after go on from there: none of those steps is told by data.

    Parameters
    ----------
    basis
        What each step adds to the walk at each knot; there is a step for every knot but the first with evidence.
    spread
        Standard deviation of each step for a drift of one a month.
    since, until
        Knots with evidence that a step joins; ``since`` is -1 for steps that no data tell of.
    """

    basis: Float[np.ndarray, "side knot step"]
    spread: Float[np.ndarray, "side step"]
    since: Int[np.ndarray, "side step"]
    until: Int[np.ndarray, "side step"]


def lay_walk(layout: Layout, heard: Bool[np.ndarray, "side knot"]) -> Walk:
    """Steps of each side's walk, given the knots at which there is evidence of it."""
    made = [_one_side(layout.knots, np.flatnonzero(mine)) for mine in heard]
    return Walk(*(np.stack(x) for x in zip(*made, strict=True)))


def _one_side(months: np.ndarray, heard: np.ndarray) -> tuple[np.ndarray, ...]:
    knots = len(months)
    basis, spread, since = np.zeros((knots, knots)), np.zeros(knots), np.full(knots, -1)
    first, last = (heard[0], heard[-1]) if len(heard) else (0, 0)

    def walk_on(m: int, neighbour: int) -> None:
        basis[m] = basis[neighbour]
        basis[m, m] = 1.0
        spread[m] = np.sqrt(abs(months[m] - months[neighbour]))

    for start, end in pairwise(heard):
        walk_on(end, start)
        since[end] = start
        for m in range(start + 1, end):
            gone, left = months[m] - months[m - 1], months[end] - months[m]
            part = gone / (gone + left)
            basis[m] = (1 - part) * basis[m - 1] + part * basis[end]
            basis[m, m] = 1.0
            spread[m] = np.sqrt(gone * left / (gone + left))
    for m in range(last + 1, knots):
        walk_on(m, m - 1)
    for m in reversed(range(first)):
        walk_on(m, m + 1)
    steps = np.delete(np.arange(knots), first)
    return basis[:, steps], spread[steps], since[steps], steps


def heard_of(cells: Cells, meaning: Meaning, layout: Layout) -> Float[np.ndarray, "cell side"]:
    """Share of each side among those whose answers a cell's likelihood counts; none where two packages were compared."""
    found = np.zeros((len(cells), len(layout.sides)))
    rows = meaning.rows
    share = layout.mixing[rows.group, rows.leaf] * rows.inside
    np.add.at(found, (rows.cell, layout.leaf_side[rows.leaf]), share)
    return np.where(cells.compared[:, None], 0.0, found)


def heard_at(cells: Cells, meaning: Meaning, layout: Layout) -> Bool[np.ndarray, "side knot"]:
    """Knots at which a cell tells of a side's level."""
    found = np.zeros((len(layout.sides), len(layout.knots)), bool)
    cell, side = np.nonzero(heard_of(cells, meaning, layout))
    found[side, cells.knot[cell]] = True
    return found


def step_centring(
    walk: Walk,
    cells: Cells,
    meaning: Meaning,
    layout: Layout,
    information: Float[Array, " cell"],
    drift: Float[Array, " side"],
    wander: Float[Array, ""],
    priors: Mapping[str, Prior],
) -> Float[Array, "side step"]:
    """How far each step is centred: its prior variance against that plus the variance with which the evidence tells it.

    Notes
    -----
    A cell tells of a level with the noise of its answers and of its question's wording, which other waves of the same
    question share, but for its wandering since: they tell of steps more sharply than waves of different questions do.
    """
    if not len(cells) or not walk.spread.shape[1]:
        return jnp.zeros(walk.spread.shape)
    asked = jax.ops.segment_sum(information, jnp.asarray(cells.question), len(meaning.kind))
    wording = jnp.array([priors[f"question_{k}"].first for k in KINDS])[meaning.kind[cells.question]]
    noise = 1 / (information + NOTHING) + 1 / (wording**-2 + asked[cells.question] - information)
    noise = noise + wander**2 * meaning.wandering.gap
    at = np.zeros((len(cells), len(layout.knots)))
    at[np.arange(len(cells)), cells.knot] = 1.0
    told = jnp.einsum("cs,ck,c->sk", heard_of(cells, meaning, layout) ** 2, at, 1 / noise) + NOTHING
    start, end = (jnp.take_along_axis(told, np.maximum(x, 0), axis=1) for x in (walk.since, walk.until))
    unsure = 1 / start + 1 / end
    variance = (drift[:, None] * walk.spread) ** 2
    return jnp.where(walk.since >= 0, variance / (variance + unsure), 0.0)


def wander_centring(
    wandering: Wandering,
    information: Float[Array, " cell"],
    drift: Float[Array, " side"],
    wander: Float[Array, ""],
) -> Float[Array, " step"]:
    """How far each step of a question's deviation is centred: as for the walk, whose own step between the waves hides it."""
    told = [mask @ information + NOTHING for mask in (wandering.before, wandering.after)]
    walked = jnp.where(wandering.side >= 0, drift[wandering.side], drift.max()) ** 2 * wandering.months
    variance = wander**2 * wandering.months
    return variance / (variance + 1 / told[0] + 1 / told[1] + walked)


def levels(
    walk: Walk, layout: Layout, centring: Float[Array, "side step"], priors: Mapping[str, Prior]
) -> dict[str, Array]:
    """Sample the level of every leaf at each knot: its side's walk, and a fixed offset."""
    sides, groups = len(layout.sides), len(layout.leaves)
    start = priors["level"].first + priors["level"].second * standard("level", sides)
    drift = sample("drift", priors["drift"], sides)
    gone = jnp.zeros((sides, 1))
    if walk.spread.shape[1]:
        steps = centred_effect("walk", drift[:, None] * walk.spread, centring)
        gone = jnp.einsum("skt,st->sk", walk.basis, steps)
    offset = priors["offset"].second * standard("offset", groups)
    return {"level": (start[:, None] + gone)[layout.leaf_side] + offset[:, None], "drift": drift}
