"""Cells by leaf: a poll of a whole is answered by its parts, in their shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.backend import jax, jnp
from winset.acceptance.cells import Cells
from winset.acceptance.layout import Layout

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Float, Int


@dataclass(frozen=True)
class Rows:
    """Pairs of a cell and a leaf that was asked in it.

    Parameters
    ----------
    inside
        1 for leaves whose answers the cell's likelihood counts, 0 for parts of a whole that were printed beside it.
    """

    cell: Int[np.ndarray, " row"]
    leaf: Int[np.ndarray, " row"]
    group: Int[np.ndarray, " row"]
    inside: Float[np.ndarray, " row"]
    cells: int

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def plain(self) -> bool:
        """Whether every cell is of one leaf."""
        return len(self.cell) == self.cells

    def shares(self, mixed: Float[Array, "group leaf"]) -> Float[Array, " row"]:
        """Share of the cell's group that each row's leaf is."""
        return jnp.ones(len(self)) if self.plain else mixed[self.group, self.leaf]

    def join(self, values: Float[Array, "row category"], shares: Float[Array, " row"]) -> Float[Array, "cell category"]:
        """Answers of each cell from those of its leaves."""
        if self.plain:
            return values
        total = jax.ops.segment_sum(shares, jnp.asarray(self.cell), self.cells)
        summed = jax.ops.segment_sum(values * shares[:, None], jnp.asarray(self.cell), self.cells)
        return summed / total[:, None]


def build_rows(cells: Cells, layout: Layout) -> Rows:
    """Rows of all cells, in their order."""
    share = layout.mixing[cells.group].reshape(len(cells), len(layout.leaves))
    cell, leaf = np.nonzero(share > 0)
    return Rows(cell, leaf, cells.group[cell], cells.remainder.inside[cell, leaf].astype(float), len(cells))
