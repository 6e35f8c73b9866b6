"""What was printed of a poll may be vague: no n, a range in place of a share.

A vague print is a set of exact ones, each as likely as the next: the likelihood is the mean over them. No parameter is
added, and what the print leaves open stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.special import gammaln, ndtri

NODES = 21
"""Exact prints that stand for a vague one."""

TURN = (0.6180339887498949, 0.41421356237309515)
"""Steps of a lattice rule in further directions (golden and silver ratio: worst approximable, so evenly spread)."""


@dataclass(frozen=True)
class Prints:
    """Exact prints of each vague cell.

    Parameters
    ----------
    cell
        Number of the cell.
    counts
        Effective answers by bin of each exact print.
    constant
        Log density of the printed shares that does not depend on the model: it tells large samples from small.
    """

    cell: Int[np.ndarray, " vague"]
    counts: Float[np.ndarray, "vague node bin"]
    constant: Float[np.ndarray, "vague node"]

    def __len__(self) -> int:
        return len(self.cell)


def lattice(directions: int) -> Float[np.ndarray, "node direction"]:
    """Evenly spread points of the unit cube, middles of equal parts in the first direction.

    Examples
    --------
    >>> lattice(1)[[0, -1], 0].round(3)
    array([0.024, 0.976])
    """
    first = (np.arange(NODES) + 0.5) / NODES
    return np.stack([first, *((np.arange(NODES) * t + 0.5) % 1 for t in TURN)][:directions], axis=1)


def spell_out(bins: Float[np.ndarray, "cell bin"], rows: Sequence[Mapping]) -> Prints:
    """Exact prints of the cells in which something is vague.

    Parameters
    ----------
    bins
        Effective answers at the middle of what was printed; the last bin holds answers that were not.
    rows
        By cell: ``doubt`` (log sd of the number of people), ``ranges`` (category -> low and high count), ``undecided``.
    """
    vague = [n for n, r in enumerate(rows) if r["doubt"] > 0 or r["ranges"]]
    counts = np.array([_nodes(bins[n], rows[n]) for n in vague]).reshape(len(vague), NODES, bins.shape[1])
    return Prints(np.array(vague, int), counts, log_constant(counts))


def _nodes(bins: Float[np.ndarray, " bin"], row: Mapping) -> Float[np.ndarray, "node bin"]:
    points = lattice(len(row["ranges"]) + (row["doubt"] > 0))
    counts = np.repeat(bins[None], NODES, axis=0)
    total = bins.sum()
    for d, (category, (low, high)) in enumerate(row["ranges"].items()):
        counts[:, category] = low + (high - low) * points[:, d]
    if row["ranges"]:
        others = [k for k in range(len(bins)) if k not in row["ranges"] and bins[k] > 0]
        free = len(bins) - 1 if bins[-1] > 0 else others[0] if others and row["undecided"] == 0 else None
        if free is not None:
            fixed = counts.sum(1) - counts[:, free]
            counts[:, free] = np.maximum(total - fixed, 0.0)
        elif row["undecided"] == 0:
            counts *= total / counts.sum(1, keepdims=True)
    if row["doubt"] > 0:
        counts *= np.exp(row["doubt"] * ndtri(points[:, -1]))[:, None]
    return counts


def log_constant(counts: Float[np.ndarray, "*vague bin"]) -> Float[np.ndarray, " *vague"]:
    """Multinomial coefficient, and what turns a probability of counts into a density of shares.

    Of the bins that hold answers, all but one are free: a sample of n has n shares a unit in each direction.
    """
    total, used = counts.sum(-1), (counts > 0).sum(-1)
    coefficient = gammaln(total + 1) - gammaln(counts + 1).sum(-1)
    return coefficient + np.maximum(used - 1, 0) * np.log(np.maximum(total, 1e-9))
