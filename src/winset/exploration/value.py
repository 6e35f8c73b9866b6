"""Expected value of sample information: what an answer that is not yet known would tell, on average over what it may be.

Strong, Oakley, Brennan & Breeze (2015): regress what one wants to know on simulated answers; the fitted values are what one would
expect after each answer, and no inner simulation is needed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import HIGH, LOW

if TYPE_CHECKING:
    from jaxtyping import Float

DEGREE = 3
"""Of the polynomial in the answer: a chance rises with an answer as an S, which a cubic follows."""

FARTHEST = 4.0
"""Standardised answers are cut there: a single far answer would else bend a cubic."""

CHUNK = 256
"""Answers worked on at once: 256 x 1,600 draws x 4 columns are 13 MB, about what a processor's cache holds."""

FOLDS = 4
"""Parts of the draws, each judged by what the others taught; four chains make one each."""


def told_share(
    answers: Float[np.ndarray, "draw answer"], targets: Float[np.ndarray, "draw target"]
) -> Float[np.ndarray, "target answer"]:
    """Share of each target's variance that each answer is expected to take away.

    Notes
    -----
    Var(E[y | answer]) / Var(y) by regression, less what so many coefficients explain by chance (Ezekiel 1930). A target that
    does not vary has nothing to be told: 0. Never below zero.
    """
    centred = targets - targets.mean(0)
    total = (centred**2).sum(0)
    found = np.zeros((targets.shape[1], answers.shape[1]))
    for at, basis in _bases(answers):
        cross = basis.transpose(0, 2, 1) @ centred
        gram = basis.transpose(0, 2, 1) @ basis
        explained = (cross * np.linalg.solve(gram + _ridge(gram), cross)).sum(1)
        found[:, at] = (explained / np.maximum(total, 1e-12)).T
    adjusted = 1 - (1 - found) * (len(answers) - 1) / (len(answers) - DEGREE - 1)
    return np.where(total[:, None] > 1e-12, np.clip(adjusted, 0.0, 1.0), 0.0)


def foretell(
    answers: Float[np.ndarray, "draw answer"], target: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, "draw answer"]:
    """What one would expect of a target after each answer that each draw gives: the regression's fitted values."""
    centre, after = target.mean(), np.empty(answers.shape)
    for at, basis in _bases(answers):
        after[:, at] = centre + (basis @ _slopes(basis, (target - centre)[:, None]))[:, :, 0].T
    return after


def told_interval(
    answer: Float[np.ndarray, " draw"],
    target: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, "sample draw"],
    estimate: float,
) -> tuple[float, float]:
    """90 % interval of the share that one answer takes away, by bootstrap; its mean is put back to the estimate."""
    _, basis = next(_bases(answer[:, None]))
    b = basis[0]
    gram = np.einsum("rn,nk,nl->rkl", weights, b, b, optimize=True)
    mean = (weights @ target) / weights.sum(1)
    cross = weights @ (b * target[:, None]) - mean[:, None] * (weights @ b)
    total = weights @ target**2 - weights.sum(1) * mean**2
    explained = (cross * np.linalg.solve(gram + _ridge(gram), cross[..., None])[..., 0]).sum(1)
    share = explained / np.maximum(total, 1e-12)
    low, high = np.quantile(share - share.mean() + estimate, [LOW, HIGH])
    return max(float(low), 0.0), min(float(high), 1.0)


def pick_gains(
    answers: Float[np.ndarray, "draw answer"], benefits: Float[np.ndarray, "draw option"]
) -> Float[np.ndarray, "draw answer"]:
    """What picking the best option after each answer gains over picking it now, in each draw; its mean is the expected gain.

    Notes
    -----
    E[max_j E[b_j | answer]] - max_j E[b_j] (Strong et al. 2015, eq. 4), tried on draws from which the rule was not learned: a
    rule that follows noise gains nothing, where fitted values would promise it. So the mean is a lower bound, and may lie a
    little below zero where there is nothing to gain.
    """
    gained = np.zeros(answers.shape)
    for at, basis in _bases(answers):
        gained[:, at] = _gains(basis, benefits)
    return gained


def pick_together(
    answers: Float[np.ndarray, "draw answer"], benefits: Float[np.ndarray, "draw option"]
) -> Float[np.ndarray, " draw"]:
    """The same after all answers at once."""
    return _gains(_joint(answers)[None], benefits)[:, 0]


def perfect_gain(benefits: Float[np.ndarray, "draw option"]) -> float:
    """What picking the best option would gain if everything were known: no answer can gain more."""
    return float(benefits.max(1).mean() - benefits.mean(0).max())


def choose_set(
    answers: Float[np.ndarray, "draw answer"],
    target: Float[np.ndarray, " draw"],
    size: int,
    groups: Sequence[Hashable] | None = None,
    most: int | None = None,
) -> tuple[list[int], list[float]]:
    """Greedy set of answers that together take most of a target's variance away, and the share after each.

    Parameters
    ----------
    groups, most
        Whom each answer comes from, and how many such groups a set may have.

    Notes
    -----
    Each step adds the answer, with its square, that explains most of what the chosen ones leave; the share is adjusted for the
    number of coefficients. Stops where nothing more is explained. Greedy choice reaches at least 63 % of the best set's share
    where answers do not amplify each other (Nemhauser, Wolsey & Fisher 1978).
    """
    z = _standardised(answers)
    columns = np.stack([z, z**2 - (z**2).mean(0)], axis=-1)
    left, total = target - target.mean(), float(((target - target.mean()) ** 2).sum())
    chosen: list[int] = []
    shares: list[float] = []
    for _ in range(min(size, answers.shape[1])):
        blocks = columns.transpose(1, 0, 2)
        cross = blocks.transpose(0, 2, 1) @ left
        gram = blocks.transpose(0, 2, 1) @ blocks
        explained = (cross * np.linalg.solve(gram + _ridge(gram) + 1e-9 * np.eye(2), cross[..., None])[..., 0]).sum(1)
        explained[chosen] = -1.0
        if groups is not None and len(held := {groups[n] for n in chosen}) == most:
            explained[[g not in held for g in groups]] = -1.0
        best = int(explained.argmax())
        axes, _ = np.linalg.qr(columns[:, best])
        left = left - axes @ (axes.T @ left)
        columns = columns - np.einsum("nk,kcl->ncl", axes, np.einsum("nk,ncl->kcl", axes, columns, optimize=True))
        used = 2 * (len(chosen) + 1)
        share = 1 - float((left**2).sum()) / total * (len(target) - 1) / (len(target) - used - 1)
        if shares and share <= shares[-1]:
            break
        chosen.append(best)
        shares.append(max(share, 0.0))
    return chosen, shares


def tell_set(
    answers: Float[np.ndarray, "draw answer"], target: Float[np.ndarray, " draw"]
) -> tuple[list[float], list[Float[np.ndarray, " draw"]]]:
    """Share of a target's variance that the first answer takes away, the first two, ...; and what is then left, by draw.

    Notes
    -----
    As ``choose_set``, of a set that was chosen before: by other answers, so that no luck of the choice is told.
    """
    z = _standardised(answers)
    around = target - target.mean()
    shares, left = [], []
    for k in range(1, z.shape[1] + 1):
        columns = np.concatenate([np.ones((len(z), 1)), *(z[:, :k] ** d for d in range(1, DEGREE + 1))], axis=1)
        rest = around - columns @ np.linalg.lstsq(columns, around, rcond=None)[0]
        adjusted = 1 - float(rest @ rest) / float(around @ around) * (len(z) - 1) / (len(z) - DEGREE * k - 1)
        shares.append(max(adjusted, 0.0))
        left.append(rest)
    return shares, left


def tell_together(
    answers: Float[np.ndarray, "draw answer"], target: Float[np.ndarray, " draw"]
) -> tuple[float, Float[np.ndarray, " draw"]]:
    """Share of a target's variance that all answers together take away, and what is then left, by draw."""
    around, columns = target - target.mean(), _joint(answers)
    rest = around - columns @ np.linalg.lstsq(columns, around, rcond=None)[0]
    freedom = (len(around) - 1) / (len(around) - columns.shape[1])
    return 1 - float(rest @ rest) / float(around @ around) * freedom, rest


def left_interval(
    left: Float[np.ndarray, " draw"],
    target: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, "sample draw"],
    estimate: float,
) -> tuple[float, float]:
    """90 % interval of the share taken away, from what is left of the target, by bootstrap about the estimate."""
    resampled = 1 - (weights @ left**2) / (weights @ (target - target.mean()) ** 2)
    low, high = np.clip(np.quantile(resampled - resampled.mean() + estimate, [LOW, HIGH]), 0.0, 1.0)
    return float(low), float(high)


def _gains(
    basis: Float[np.ndarray, "answer draw column"], benefits: Float[np.ndarray, "draw option"]
) -> Float[np.ndarray, "draw answer"]:
    """Gain in picking by each basis, on draws from which the rule was not learned."""
    fold = np.arange(len(benefits)) * FOLDS // len(benefits)
    gained = np.zeros((len(benefits), len(basis)))
    for f in range(FOLDS):
        rest, held = basis[:, fold != f], benefits[fold == f]
        picked = (basis[:, fold == f] @ _slopes(rest, benefits[fold != f])).argmax(2)
        now = int(benefits[fold != f].mean(0).argmax())
        gained[fold == f] = np.take_along_axis(held, picked.T, axis=1) - held[:, [now]]
    return gained


def _joint(answers: Float[np.ndarray, "draw answer"]) -> Float[np.ndarray, "draw column"]:
    """All answers and their squares as columns of one basis."""
    z = _standardised(answers)
    return np.concatenate([np.ones((len(z), 1)), z, z**2], axis=1)


def _standardised(answers: Float[np.ndarray, "draw answer"]) -> Float[np.ndarray, "draw answer"]:
    a = np.asarray(answers, float)
    return np.clip((a - a.mean(0)) / np.maximum(a.std(0), 1e-9), -FARTHEST, FARTHEST)


def _bases(
    answers: Float[np.ndarray, "draw answer"],
) -> Iterator[tuple[slice, Float[np.ndarray, "answer draw column"]]]:
    """Powers of standardised answers, some answers at a time."""
    for start in range(0, answers.shape[1], CHUNK):
        at = slice(start, min(start + CHUNK, answers.shape[1]))
        z = _standardised(answers[:, at]).T
        yield at, np.stack([z**d for d in range(DEGREE + 1)], axis=-1)


def _slopes(
    basis: Float[np.ndarray, "answer draw column"], targets: Float[np.ndarray, "draw target"]
) -> Float[np.ndarray, "answer column target"]:
    """Coefficients of the regression of each target on each answer's powers."""
    gram = basis.transpose(0, 2, 1) @ basis
    return np.linalg.solve(gram + _ridge(gram), basis.transpose(0, 2, 1) @ targets)


def _ridge(gram: Float[np.ndarray, "*any column column"]) -> Float[np.ndarray, "*any column column"]:
    """A millionth of the mean diagonal: of few voices the answers take few values, and powers then depend on each other."""
    size = gram.shape[-1]
    return 1e-6 * np.trace(gram, axis1=-2, axis2=-1)[..., None, None] / size * np.eye(size)
