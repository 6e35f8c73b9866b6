"""Coders who err, as a point estimate: the algorithm of Dawid and Skene (1979).

It is a check beside the acceptance model, which carries the same confusion matrices with priors and intervals. On few
units it returns error rates of exactly 0 and 1, which nobody should believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

ROUNDS, CLOSE = 500, 1e-8
TINY = 1e-300


@dataclass(frozen=True)
class Annotated:
    """Estimates.

    Parameters
    ----------
    prevalence
        Share of units in each class.
    confusion
        Probability that a coder gives each label to a unit of each true class.
    classes
        Probability of each class for each unit.
    """

    prevalence: Float[np.ndarray, " klass"]
    confusion: Float[np.ndarray, "coder klass label"]
    classes: Float[np.ndarray, "unit klass"]
    log_likelihood: float
    rounds: int

    def __repr__(self) -> str:
        shares = ", ".join(f"{p:.2f}" for p in self.prevalence)
        return f"<Annotated: {len(self.classes)} units, prevalence {shares}>"


def estimate_annotators(counts: Float[np.ndarray, "unit coder label"]) -> Annotated:
    """Maximum likelihood by EM from the majority vote.

    Parameters
    ----------
    counts
        How often each coder gave each label to each unit; a coder may judge a unit more than once or not at all.

    Notes
    -----
    Dawid & Skene (1979), equations 2.3 to 2.5. The start at the majority vote fixes which class is which.

    Examples
    --------
    >>> votes = np.eye(2)[[[0, 0, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1]]]
    >>> estimate_annotators(votes).classes.argmax(1)
    array([0, 0, 1, 1])
    """
    classes, before, rounds = counts.sum(1) / counts.sum((1, 2))[:, None], -np.inf, 0
    while True:
        prevalence, confusion = _maximise(counts, classes)
        likelihood, classes = _expect(counts, prevalence, confusion)
        rounds += 1
        if likelihood - before < CLOSE or rounds == ROUNDS:
            return Annotated(prevalence, confusion, classes, likelihood, rounds)
        before = likelihood


def _maximise(counts: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Prevalence and error rates given the classes (equations 2.3 and 2.4)."""
    seen = np.einsum("uz,ucl->czl", classes, counts)
    with np.errstate(invalid="ignore"):
        return classes.mean(0), np.nan_to_num(seen / seen.sum(2, keepdims=True))


def _expect(counts: np.ndarray, prevalence: np.ndarray, confusion: np.ndarray) -> tuple[float, np.ndarray]:
    """Log-likelihood, and the probability of each class for each unit (equation 2.5)."""
    from scipy.special import logsumexp, softmax  # loaded where it is used: every study imports this package

    score = np.log(np.maximum(prevalence, TINY)) + np.einsum("ucl,czl->uz", counts, np.log(np.maximum(confusion, TINY)))
    return float(np.sum(logsumexp(score, axis=1))), softmax(score, axis=1)
