"""What nobody asked a group about: its part-worths rest on the declared order alone, and the far end may be worse than it says.

Such an option is in no question that the group answered, so no answer tells of its departure from the order: the posterior of
the departure is its prior, and is drawn beside the fit instead of in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import kernels
from winset.acceptance.layout import Layout, one_hot
from winset.acceptance.priors import PRIORS
from winset.acceptance.problem import Problem

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

STREAM = 5
"""Of the random numbers that a seed stands for, those drawn here."""


@dataclass(frozen=True)
class Asked:
    """Options that somebody was asked about.

    Parameters
    ----------
    side
        Anybody of the side.
    leaf
        People of the leaf, alone or within a whole.
    """

    side: Bool[np.ndarray, "side issue option"]
    leaf: Bool[np.ndarray, "leaf issue option"]


def asked_options(problem: Problem, known: Bool[np.ndarray, " cell"] | None = None) -> Asked:
    """Options in the offers that each leaf judged, in ``known`` cells (all of them where absent) and in experiments."""
    layout, cells, tasks, rows = problem.layout, problem.cells, problem.tasks, problem.meaning.rows
    leaf = np.zeros((len(layout.leaves), layout.exists.size), bool)
    held = (one_hot(cells.offer, layout) + one_hot(cells.against, layout)) > 0
    used = np.ones(len(rows), bool) if known is None else known[rows.cell]
    np.logical_or.at(leaf, rows.leaf[used], held[rows.cell[used]])
    np.logical_or.at(leaf, tasks.leaf, (tasks.offer + tasks.against)[tasks.row] > 0)
    leaf = leaf.reshape(-1, *layout.exists.shape)
    side = np.zeros((len(layout.sides), *layout.exists.shape), bool)
    np.logical_or.at(side, layout.leaf_side, leaf)
    return Asked(side, leaf)


def add_doubt(
    values: Mapping[str, np.ndarray], layout: Layout, asked: Asked, seed: int
) -> dict[str, Float[np.ndarray, "draw ..."]]:
    """``worth``, ``importance`` and ``open_variance`` of every constituency with the doubt of what nobody asked.

    Parameters
    ----------
    values
        Sampled ``worth`` by constituency, and ``mix``.

    Notes
    -----
    A departure shared by the side where nobody of it was asked, and one of the leaf's own where it was not. The worst option
    of an order that nobody of the leaf was asked about is worse by as much as a share that refuses it at any price would
    make it; as a part-worth, not as a refusal, since exact search over packages takes part-worths in its stride and not a
    red line on every issue. Options that were asked about stay as they are, so that no level moves.
    """
    worth, mix = (np.array(values[k], float) for k in ("worth", "mix"))
    draws, leaves = len(worth), layout.leaves
    rng = np.random.default_rng([seed, STREAM])
    side_new, leaf_new = ~asked.side & layout.exists, ~asked.leaf & layout.exists
    width, own = PRIORS["unasked"].second, PRIORS["unasked_spread"].second
    moved = _scattered(rng, draws, side_new, width)[:, layout.leaf_side] + _scattered(rng, draws, leaf_new, own)
    far = _far_ends(layout) & leaf_new
    worse = PRIORS["unasked_far"].first * np.abs(rng.standard_normal((draws, *side_new.shape)))
    inner = worth[:, leaves] + moved - worse[:, layout.leaf_side] * far
    own_mix, exists = mix[:, : worth.shape[1]], layout.exists

    def joined(own: np.ndarray) -> np.ndarray:
        return np.einsum("dgl,dl...->dg...", own_mix, own)

    return {
        "worth": joined(inner),
        "importance": joined(np.asarray(kernels.range_shares(inner, exists))),  # pyright: ignore[reportArgumentType]
        "open_variance": joined(np.asarray(kernels.option_variance(inner, exists))),  # pyright: ignore[reportArgumentType]
    }


def asked_groups(layout: Layout, asked: Asked) -> Bool[np.ndarray, "constituency issue option"]:
    """Options that more than half of each constituency's people were asked about, alone or within a whole."""
    mixing = layout.mixing[: len(layout.side_of)]
    return np.einsum("gl,lko->gko", mixing, asked.leaf.astype(float)) > 0.5


def _scattered(rng: np.random.Generator, draws: int, where: Bool[np.ndarray, "*place"], width: float) -> np.ndarray:
    found = np.zeros((draws, *where.shape))
    found[:, where] = width * rng.standard_normal((draws, int(where.sum())))
    return found


def _far_ends(layout: Layout) -> Bool[np.ndarray, "leaf issue option"]:
    """The worst option of each leaf's order where one is known, unless it is a declared red line."""
    issue = np.arange(layout.exists.shape[0])[None]
    orders, ordered = layout.orders[layout.order_of, issue], layout.ordered[layout.order_of, issue]
    several = layout.exists.sum(-1)[None] > 1
    worst = (orders == 0) & layout.exists & (ordered & several)[..., None]
    return worst & (layout.refused[layout.order_of, issue] == 0)
