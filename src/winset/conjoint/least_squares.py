"""Weighted least squares on categories, with covariances that are robust to clusters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int

Robust = Literal["CR0", "CR1", "CR2"]
"""CR0: Liang & Zeger (1986). CR1: times G / (G - 1), as R's survey package. CR2: Bell & McCaffrey (2002)."""

ENTRIES = 4_000_000
"""Entries of the largest array made while clusters are added up."""
RANK = 1e-9
"""Eigenvalues below this share of the largest count as zero."""


@dataclass(frozen=True)
class Block:
    """One term of the model: the joint levels of some attributes, as they occur.

    Parameters
    ----------
    names
        Attributes of the term.
    cells
        Levels of each joint level.
    codes
        Joint level of every row.
    """

    names: tuple[str, ...]
    cells: Int[np.ndarray, "cell attribute"]
    codes: Int[np.ndarray, " row"]


@dataclass(frozen=True)
class LeastSquares:
    """A fit in which every joint level has a column, so that only contrasts have a meaning.

    Parameters
    ----------
    blocks
        Terms; block n owns columns ``start[n]`` to ``start[n + 1]``.
    inverse
        Moore-Penrose inverse of the weighted cross-product.
    residual
        Rows in the order of the data.
    order, edges
        Rows sorted by cluster, and where each cluster begins.
    """

    blocks: tuple[Block, ...]
    start: tuple[int, ...]
    coefficient: Float[np.ndarray, " column"]
    inverse: Float[np.ndarray, "column column"]
    residual: Float[np.ndarray, " row"]
    weight: Float[np.ndarray, " row"]
    order: Int[np.ndarray, " row"] | slice
    edges: Int[np.ndarray, " edge"]

    @property
    def clusters(self) -> int:
        """Number of clusters."""
        return len(self.edges) - 1

    def estimable(self, contrasts: Float[np.ndarray, "contrast column"]) -> np.ndarray:
        """Which contrasts the data determine (Searle 1971, sec. 5.4)."""
        crossed = cross_product(self.blocks, self.start, self.weight)
        gap = contrasts - contrasts @ self.inverse @ crossed
        return np.abs(gap).max(axis=1, initial=0.0) < 1e-6

    def covariance(
        self, contrasts: Float[np.ndarray, "contrast column"], robust: Robust = "CR1"
    ) -> Float[np.ndarray, "contrast contrast"]:
        """Sampling covariance of contrasts, clusters drawn at random.

        Raises
        ------
        ValueError
            If there are fewer than two clusters.
        """
        if self.clusters < 2:
            raise ValueError("one cluster has no sampling variance")
        scores = self._adjusted_scores if robust == "CR2" else self._plain_scores
        lever = contrasts @ self.inverse
        total = np.zeros((len(contrasts), len(contrasts)))
        for block in scores():
            pushed = block @ lever.T
            total += pushed.T @ pushed
        return total * (self.clusters / (self.clusters - 1) if robust == "CR1" else 1.0)

    def _plain_scores(self) -> Iterator[Float[np.ndarray, "cluster column"]]:
        """Sums of weighted residuals by cluster and column."""
        pull = (self.weight * self.residual)[self.order]
        codes = [b.codes[self.order] for b in self.blocks]
        width = self.start[-1]
        for first, last in pairwise(_pages(self.clusters, max(1, ENTRIES // width))):
            rows = slice(self.edges[first], self.edges[last])
            sizes = np.diff(self.edges[first : last + 1])
            local = np.repeat(np.arange(last - first), sizes)
            yield np.concatenate(
                [
                    np.bincount(local * len(b.cells) + c[rows], pull[rows], (last - first) * len(b.cells)).reshape(
                        last - first, -1
                    )
                    for b, c in zip(self.blocks, codes, strict=True)
                ],
                axis=1,
            )

    def _adjusted_scores(self) -> Iterator[Float[np.ndarray, "cluster column"]]:
        """Scores whose residuals are blown up by the inverse root of their expected covariance.

        Notes
        -----
        Pustejovsky & Tipton (2018), eq. 5, working model of equal, uncorrelated errors; for weights, as
        clubSandwich does for ``lm``.
        """
        spread = self.inverse @ cross_product(self.blocks, self.start, self.weight**2) @ self.inverse
        sizes = np.diff(self.edges)
        rows_of = np.arange(len(self.weight))[self.order]
        for size in np.unique(sizes):
            starts = self.edges[:-1][sizes == size]
            for first, last in pairwise(_pages(len(starts), max(1, ENTRIES // int(size * (self.start[-1] + size))))):
                rows = rows_of[starts[first:last, None] + np.arange(size)]
                design = self._design(rows)
                w = self.weight[rows]
                reach = design @ self.inverse @ design.swapaxes(1, 2)
                expected = np.eye(size) - reach * w[:, None, :] - w[:, :, None] * reach
                expected += design @ spread @ design.swapaxes(1, 2)
                value, vector = np.linalg.eigh(expected)
                root = np.where(value > RANK, 1 / np.sqrt(np.maximum(value, RANK)), 0.0)
                adjusted = (vector * root[:, None, :]) @ vector.swapaxes(1, 2) @ self.residual[rows][..., None]
                yield np.einsum("crk,cr->ck", design, w * adjusted[..., 0])

    def _design(self, rows: Int[np.ndarray, "cluster row"]) -> Float[np.ndarray, "cluster row column"]:
        design = np.zeros((*rows.shape, self.start[-1]))
        for b, s in zip(self.blocks, self.start[:-1], strict=True):
            np.put_along_axis(design, (s + b.codes[rows])[..., None], 1.0, axis=2)
        return design


def fit_least_squares(
    blocks: Sequence[Block],
    outcome: Float[np.ndarray, " row"],
    weight: Float[np.ndarray, " row"],
    cluster: Int[np.ndarray, " row"],
) -> LeastSquares:
    """Fit the sum of block effects to an outcome.

    No design matrix is made: cross-products are counts of pairs of levels.
    """
    start = tuple(int(x) for x in np.cumsum([0, *(len(b.cells) for b in blocks)]))
    inverse = _pseudo_inverse(cross_product(blocks, start, weight))
    moment = np.concatenate([np.bincount(b.codes, weight * outcome, len(b.cells)) for b in blocks])
    coefficient = inverse @ moment
    fitted = np.zeros(len(outcome))
    for b, s in zip(blocks, start[:-1], strict=True):
        fitted += coefficient[s : s + len(b.cells)][b.codes]
    in_order = bool((np.diff(cluster) >= 0).all())
    order = slice(None) if in_order else np.argsort(cluster, kind="stable")
    edges = np.append(0, np.cumsum(np.unique(cluster, return_counts=True)[1]))
    return LeastSquares(tuple(blocks), start, coefficient, inverse, outcome - fitted, weight, order, edges)


def cross_product(
    blocks: Sequence[Block], start: Sequence[int], weight: Float[np.ndarray, " row"]
) -> Float[np.ndarray, "column column"]:
    """Weighted counts of pairs of joint levels."""
    total = np.zeros((start[-1], start[-1]))
    for b, s in zip(blocks, start[:-1], strict=True):
        here = np.arange(s, s + len(b.cells))
        total[here, here] = np.bincount(b.codes, weight, len(b.cells))
    for (a, s), (b, t) in combinations(zip(blocks, start[:-1], strict=True), 2):
        pairs = np.bincount(a.codes * len(b.cells) + b.codes, weight, len(a.cells) * len(b.cells))
        pairs = pairs.reshape(len(a.cells), len(b.cells))
        total[s : s + len(a.cells), t : t + len(b.cells)] = pairs
        total[t : t + len(b.cells), s : s + len(a.cells)] = pairs.T
    return total


def _pseudo_inverse(matrix: Float[np.ndarray, "column column"]) -> Float[np.ndarray, "column column"]:
    value, vector = np.linalg.eigh(matrix)
    keep = value > RANK * value[-1]
    return (vector[:, keep] / value[keep]) @ vector[:, keep].T


def _pages(count: int, size: int) -> list[int]:
    return [*range(0, count, size), count]
