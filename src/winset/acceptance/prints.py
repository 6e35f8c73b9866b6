"""What was printed of a poll may be vague: no n, a range in place of a share, answers left out with don't-knows among them.

A vague print is a set of exact ones, each as likely as the next: the likelihood is the mean over them. No parameter is
added, and what the print leaves open stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv, gammaln, ndtri

from winset.acceptance.priors import PRIORS

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

NODES = 21
"""Exact prints that stand for a vague one."""

STEPS = (1, 13, 5)
"""Steps of a lattice rule in each direction (Fibonacci's 13 of 21; Sloan & Joe 1994, ch. 4): no two directions rise together."""


@dataclass(frozen=True)
class Prints:
    """Exact prints of each vague cell.

    Parameters
    ----------
    cell
        Number of the cell.
    counts
        Effective answers by bin of each exact print.
    hidden
        Share of don't-knows hidden among answers that were not printed; 0 where all were.
    constant
        Log density of the printed shares that does not depend on the model: it tells large samples from small.
    """

    cell: Int[np.ndarray, " vague"]
    counts: Float[np.ndarray, "vague node bin"]
    hidden: Float[np.ndarray, "vague node"]
    constant: Float[np.ndarray, "vague node"]

    def __len__(self) -> int:
        return len(self.cell)


@dataclass(frozen=True)
class Batch:
    """Cells whose likelihoods are worked out together, since they have as many bins: padding would cost log-gammas.

    Parameters
    ----------
    cell
        Number of each cell.
    used
        Its bins that exist.
    vague
        Where each stands among the vague cells; empty if the batch holds exact ones.
    hides
        Whether don't-knows are hidden in what was not printed, so that chances differ by exact print.
    """

    cell: Int[np.ndarray, " some"]
    used: Int[np.ndarray, "some few"]
    vague: Int[np.ndarray, " vague"]
    hides: bool


def batch(exists: Bool[np.ndarray, "cell bin"], vague: Int[np.ndarray, " vague"]) -> tuple[Batch, ...]:
    """Cells by how many bins they have and by how they were printed.

    Parameters
    ----------
    exists
        Bins of each cell; the last one is for answers that were not printed.
    vague
        Numbers of the vague cells.
    """
    place = np.full(len(exists), -1)
    place[vague] = np.arange(len(vague))
    alike: dict[tuple[int, bool, bool], list[int]] = {}
    for n, bins in enumerate(exists):
        alike.setdefault((int(bins.sum()), bool(place[n] >= 0), bool(bins[-1])), []).append(n)
    return tuple(
        Batch(
            np.array(cell),
            np.array([np.flatnonzero(exists[n]) for n in cell]),
            place[cell] if unsure else place[:0],
            hides,
        )
        for (_, unsure, hides), cell in sorted(alike.items())
    )


def lattice() -> Float[np.ndarray, "node direction"]:
    """Evenly spread points of the unit cube; in each direction the middles of equal parts.

    Examples
    --------
    >>> lattice()[[0, -1], 0].round(3)
    array([0.024, 0.976])
    """
    return (np.outer(np.arange(NODES), STEPS) % NODES + 0.5) / NODES


def spell_out(bins: Float[np.ndarray, "cell bin"], rows: Sequence[Mapping]) -> Prints:
    """Exact prints of the cells in which something is vague.

    Parameters
    ----------
    bins
        Effective answers at the middle of what was printed; the last bin holds answers that were not.
    rows
        By cell: ``doubt`` (log sd of the number of people), ``ranges`` (category -> low and high count), ``undecided``,
        ``hidden`` (mean share of don't-knows in what was not printed).
    """
    vague = [n for n, r in enumerate(rows) if r["doubt"] > 0 or r["ranges"] or bins[n, -1] > 0]
    counts = np.array([_nodes(bins[n], rows[n]) for n in vague]).reshape(len(vague), NODES, bins.shape[1])
    mean = np.array([rows[n]["hidden"] for n in vague]).reshape(-1, 1)
    hidden = np.where(bins[vague, -1:] > 0, hide(lattice()[None, :, 2], mean), 0.0).reshape(len(vague), NODES)
    return Prints(np.array(vague, int), counts, hidden, log_constant(counts))


def hide(quantile: Float[np.ndarray, "*any"], mean: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """Don't-knows hidden in what was not printed, at quantiles of a beta law with a mean and the prior's weight."""
    prior = PRIORS["undecided"]
    weight = prior.first + prior.second
    return betaincinv(weight * mean, weight * (1 - mean), quantile)


def hide_some(
    partial: Bool[np.ndarray, " cell"],
    mean: Float[np.ndarray, " cell"],
    bins: Float[np.ndarray, "cell bin"],
    rng: np.random.Generator,
) -> Float[np.ndarray, "cell bin"]:
    """Chances of printed answers with a share of don't-knows drawn where some answers are left out, in place of its mean."""
    found = bins * np.where(partial, (1 - hide(rng.random(len(bins)), mean)) / (1 - mean), 1.0)[:, None]
    found[partial, -1] = 1 - found[partial, :-1].sum(1)
    return found


def draw_answers(
    chances: Float[np.ndarray, " bin"], correlation: float, people: int, rng: np.random.Generator
) -> Float[np.ndarray, " bin"]:
    """How many of some people give each printed answer: Dirichlet-multinomial, as the likelihood has it."""
    counts, some = np.zeros(len(chances)), np.flatnonzero(chances > 0)
    own = rng.dirichlet(np.maximum((1 / correlation - 1) * chances[some], 1e-6))
    counts[some] = rng.multinomial(people, own / own.sum())
    return counts


def mean_hidden(
    instrument: Int[np.ndarray, " cell"], printed: Float[np.ndarray, " cell"]
) -> Float[np.ndarray, " cell"]:
    """Mean share of don't-knows hidden in what was not printed: of all that the instrument printed, and the prior once.

    Parameters
    ----------
    printed
        Share of don't-knows of each cell, NaN where they were not printed.
    """
    prior = PRIORS["undecided"]
    usual, told = prior.first / (prior.first + prior.second), np.isfinite(printed)
    size = int(instrument.max(initial=-1)) + 1
    sums = np.bincount(instrument[told], weights=printed[told], minlength=size)
    return ((usual + sums) / (1 + np.bincount(instrument[told], minlength=size)))[instrument]


def _nodes(bins: Float[np.ndarray, " bin"], row: Mapping) -> Float[np.ndarray, "node bin"]:
    points = lattice()
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
        counts *= np.exp(row["doubt"] * ndtri(points[:, len(row["ranges"])]))[:, None]
    return counts


def log_constant(counts: Float[np.ndarray, "*vague bin"]) -> Float[np.ndarray, " *vague"]:
    """Multinomial coefficient, and what turns a probability of counts into a density of shares.

    Of the bins that hold answers, all but one are free: a sample of n has n shares a unit in each direction.
    """
    total, used = counts.sum(-1), (counts > 0).sum(-1)
    coefficient = gammaln(total + 1) - gammaln(counts + 1).sum(-1)
    return coefficient + np.maximum(used - 1, 0) * np.log(np.maximum(total, 1e-9))
