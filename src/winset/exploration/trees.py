"""Trees of two or three questions that sort cases into those in which something happened and those in which it did not.

Breiman, Friedman, Olshen & Stone (1984): split the cases in two, where a value lies above an edge and where it does not, at the
input and edge after which the two parts are purest; then each part again. A box of ``winset.exploration.boxes`` says where
something is dense and is silent on the rest; a tree says of every case how likely it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from winset.acceptance import HIGH, LOW
from winset.exploration.boxes import FOLDS, RESAMPLES, SMALLEST, Box, judge_part
from winset.exploration.resampling import draw_weights

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

DEEPEST = 3
"""Questions on the way to a leaf, at most: more make a rule that nobody keeps in mind."""

MOST_LEAVES = 2**DEEPEST
"""Leaves at most: all that so many questions allow."""


@dataclass(frozen=True)
class Tree:
    """Leaves that share out all cases, and how well they foresee.

    Parameters
    ----------
    leaves
        Conditions of each, coverage and density on cases of which the tree knew nothing; densest first.
    right
        Share of those cases that it foresees rightly, calling what happens in more than half of a leaf: (value, low, high), 90 %.
    plain
        Share foreseen rightly by saying always what is more frequent.
    """

    leaves: list[Box]
    right: tuple[float, float, float]
    plain: float


def find_tree(inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], *, seed: int = 1) -> Tree:
    """Grow a tree on the first half of the cases and judge it on the second.

    Parameters
    ----------
    inputs
        Cases in an order in which those that resemble each other are neighbours.

    Notes
    -----
    A tree that chose its splits among many inputs flatters itself on the cases it chose them by; shares of leaves are those of
    the other half (Athey & Imbens 2016, honest trees).
    """
    half = len(inputs) // 2
    most = choose_size(inputs[:half], happened[:half])
    *_, bounds = grow_trees(inputs[:half], happened[:half], most, _least(half))
    member = assign_leaves(inputs, bounds)
    leaves = [_tell(inputs, member == n, low, high, happened, seed) for n, (low, high) in enumerate(bounds)]
    called = _shares(member[:half], happened[:half], len(bounds))[member[half:]] > 0.5
    right = (called == happened[half:]).astype(float)
    spread = draw_weights(len(right), RESAMPLES, seed) @ right / len(right)
    low, high = np.quantile(spread, [LOW, HIGH])
    leaves.sort(key=lambda leaf: -leaf.density[0])
    plain = max(float(happened[half:].mean()), 1 - float(happened[half:].mean()))
    return Tree(leaves, (float(right.mean()), float(low), float(high)), plain)


def choose_size(inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"]) -> int:
    """Leaves of the smallest tree that foresees held-back folds about as well as the best.

    Notes
    -----
    About: within one standard error of the difference (Breiman et al. 1984, sec. 3.4.3, there of the loss itself). The loss is
    the squared error of the leaf's share (Brier 1950), which sees a leaf of 5 % beside one of 30 %.
    """
    fold = np.arange(len(inputs)) * FOLDS // len(inputs)
    loss = np.zeros((MOST_LEAVES, len(inputs)))
    for f in range(FOLDS):
        held = fold == f
        for size, bounds in enumerate(grow_trees(inputs[~held], happened[~held], MOST_LEAVES, _least(len(inputs)))):
            share = _shares(assign_leaves(inputs[~held], bounds), happened[~held], len(bounds))
            loss[size:, held] = (share[assign_leaves(inputs[held], bounds)] - happened[held]) ** 2
    apart = loss - loss[loss.mean(1).argmin()]
    return 1 + int(np.argmax(apart.mean(1) <= apart.std(1) / np.sqrt(len(inputs))))


Bounds: TypeAlias = "tuple[Float[np.ndarray, ' input'], Float[np.ndarray, ' input']]"
Cut = tuple[int, float, float]


def grow_trees(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], most: int, least: int = 1
) -> Iterator[list[Bounds]]:
    """Trees of one leaf, of two and so on: in each the leaf is cut whose cut gains most, as long as one gains anything.

    Parameters
    ----------
    most
        Leaves of the largest tree.
    least
        Cases in the smallest leaf.

    Yields
    ------
    Bounds of the leaves, lower ones outside and upper ones inside, from those below each edge to those above.
    """

    def look(leaf: Bounds, depth: int) -> Cut | None:
        inside = _is_inside(inputs, leaf)
        return find_cut(inputs[inside], happened[inside], least) if depth < DEEPEST else None

    root = np.full(inputs.shape[1], -np.inf), np.full(inputs.shape[1], np.inf)
    grown = [(root, 0, look(root, 0))]
    yield [root]
    while len(grown) < most and any(cut for _, _, cut in grown):
        at = max(range(len(grown)), key=lambda n: cut[2] if (cut := grown[n][2]) else 0.0)
        leaf, depth, cut = grown[at]
        parts = _cut_leaf(leaf, cut) if cut else []
        grown[at : at + 1] = [(part, depth + 1, look(part, depth + 1)) for part in parts]
        yield [leaf for leaf, _, _ in grown]


def _cut_leaf(leaf: Bounds, cut: Cut) -> list[Bounds]:
    (low, high), (place, edge, _) = leaf, cut
    under, over = high.copy(), low.copy()
    under[place], over[place] = edge, edge
    return [(low, under), (over, high)]


def find_cut(
    inputs: Float[np.ndarray, "case input"], happened: Bool[np.ndarray, " case"], least: int = 1
) -> Cut | None:
    """Input and edge of the cut that leaves two parts purest, and what it gains; None where no cut gains anything.

    Notes
    -----
    Gini's impurity ``2 p (1 - p)`` of a part, times its cases (Breiman et al. 1984, sec. 4.3). Edges lie midway between values.
    """
    cases, total = len(happened), int(happened.sum())
    if cases < 2 * least:
        return None
    columns = np.ascontiguousarray(inputs.T)
    order = np.argsort(columns, axis=1)
    values = np.take_along_axis(columns, order, axis=1)
    below, hits = np.arange(1, cases), np.cumsum(happened[order], axis=1)[:, :-1]
    left = _impurity(hits, below) + _impurity(total - hits, cases - below)
    left[(values[:, 1:] == values[:, :-1]) | (below < least) | (cases - below < least)] = np.inf
    place, at = np.unravel_index(int(left.argmin()), left.shape)
    gain = float(_impurity(total, cases) - left[place, at])
    return (int(place), float(values[place, at : at + 2].mean()), gain) if gain > 0 else None


def _impurity(hits: ArrayLike, cases: ArrayLike) -> np.ndarray:
    hits, cases = np.asarray(hits), np.asarray(cases)
    return 2 * hits * (cases - hits) / cases


def _least(cases: int) -> int:
    return max(int(SMALLEST * cases), 1)


def assign_leaves(inputs: Float[np.ndarray, "case input"], bounds: list[Bounds]) -> Int[np.ndarray, " case"]:
    """Leaf of each case."""
    return np.argmax([_is_inside(inputs, leaf) for leaf in bounds], axis=0)


def _is_inside(inputs: Float[np.ndarray, "case input"], leaf: Bounds) -> Bool[np.ndarray, " case"]:
    return np.all((inputs > leaf[0]) & (inputs <= leaf[1]), axis=1)


def _shares(
    member: Int[np.ndarray, " case"], happened: Bool[np.ndarray, " case"], leaves: int
) -> Float[np.ndarray, " leaf"]:
    """Share of each leaf's cases in which it happened."""
    return np.bincount(member, happened, leaves) / np.maximum(np.bincount(member, minlength=leaves), 1)


def _tell(
    inputs: Float[np.ndarray, "case input"],
    inside: Bool[np.ndarray, " case"],
    low: Float[np.ndarray, " input"],
    high: Float[np.ndarray, " input"],
    happened: Bool[np.ndarray, " case"],
    seed: int,
) -> Box:
    """A leaf as a box whose ends are values that there are, so that 0.5 at least reads 1 at least; judged on the second half."""
    half = len(inputs) // 2
    low = np.where(np.isfinite(low), inputs[inside].min(0), low)
    high = np.where(np.isfinite(high), inputs[inside].max(0), high)
    return Box(low, high, *judge_part(inside[half:], happened[half:], seed), float(happened[half:].mean()))
