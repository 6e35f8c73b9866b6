"""Whole and parts printed of one sample: what the whole says beyond its parts.

"All 43, Jews 32, Arabs 83" of one wave is two samples' worth of answers, not three. The whole's row is turned into one
of those parts that were not printed, or, where all were, says nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.layout import Layout

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

ONE_SAMPLE = ("instrument", "question", "date", "end", "sample", "offer", "against", "categories")
"""What rows of one sample have in common."""

ROUNDED = 0.01 / np.sqrt(12)
"""Standard deviation of a share that was rounded to whole per cents."""


@dataclass(frozen=True)
class Remainder:
    """What cells say once the parts printed beside them are taken out.

    Parameters
    ----------
    bins
        Effective answers that are left.
    inside
        Leaves that these answers are of.
    said
        False where parts that were printed too say it all.
    """

    bins: Float[np.ndarray, "cell bin"]
    inside: Bool[np.ndarray, "cell leaf"]
    said: Bool[np.ndarray, " cell"]


def take_out_parts(
    rows: Sequence[Mapping],
    group: Sequence[int],
    bins: Float[np.ndarray, "cell bin"],
    undecided: Float[np.ndarray, " cell"],
    printed: Bool[np.ndarray, "cell bin"],
    layout: Layout,
) -> Remainder:
    """Turn each whole into the rest beside its printed parts; cells without such parts stay as they are."""
    mixing = layout.mixing
    left, said = bins.copy(), np.ones(len(rows), bool)
    inside = mixing[list(group)].reshape(len(rows), len(layout.leaves)) > 0
    samples: dict[tuple, list[int]] = {}
    for n, r in enumerate(rows):
        samples.setdefault(tuple(r[k] for k in ONE_SAMPLE), []).append(n)
    for cells in samples.values():
        for n in (c for c in cells if inside[c].sum() > 1):
            parts = _largest([m for m in cells if m != n and _within(mixing, group[m], group[n])], mixing, group)
            if parts:
                shares = [mixing[group[n]][mixing[group[m]] > 0].sum() for m in parts]
                inside[n] = inside[n] & ~(mixing[[group[m] for m in parts]] > 0).any(0)
                left[n], said[n] = _rest(n, parts, np.array(shares), bins, undecided, printed)
                said[n] &= inside[n].any()
                if not inside[n].any():
                    inside[n] = mixing[group[n]] > 0
    return Remainder(left, inside, said)


def _within(mixing: np.ndarray, part: int, whole: int) -> bool:
    own, all_ = mixing[part] > 0, mixing[whole] > 0
    return bool((own <= all_).all() and own.sum() < all_.sum())


def _largest(cells: list[int], mixing: np.ndarray, group: Sequence[int]) -> list[int]:
    """Parts that are no parts of another part in the list."""
    return [m for m in cells if not any(_within(mixing, group[m], group[o]) for o in cells if o != m)]


def _rest(
    n: int, parts: list[int], shares: np.ndarray, bins: np.ndarray, undecided: np.ndarray, printed: np.ndarray
) -> tuple[np.ndarray, bool]:
    """Answers of the rest, and whether they could be told: all must print the same answers."""
    if any((printed[m] != printed[n]).any() for m in parts):
        return bins[n], bins[n].sum() > sum(bins[m].sum() for m in parts)
    outside = 1 - shares.sum()
    people = (bins + 0.0).sum(1) + undecided
    if outside <= 1e-6:
        return bins[n], False
    rest = (bins[n] / people[n] - sum(w * bins[m] / people[m] for w, m in zip(shares, parts, strict=True))) / outside
    rounding = ROUNDED * np.sqrt(1 + (shares**2).sum()) / outside
    size = min(people[n] * outside, 0.25 / rounding**2)
    return np.clip(rest, 0.0, 1.0) * size, True
