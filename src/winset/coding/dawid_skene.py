"""Coders who err, as a point estimate: the algorithm of Dawid and Skene (1979).

It is a check beside the acceptance model, which carries the same confusion matrices with priors and intervals. On few
units it returns error rates of exactly 0 and 1, which nobody should believe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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
    classes = counts.sum(1) / counts.sum((1, 2))[:, None]
    before = -np.inf
    for n in range(ROUNDS):
        prevalence = classes.mean(0)
        seen = np.einsum("uz,ucl->czl", classes, counts)
        with np.errstate(invalid="ignore"):
            confusion = np.nan_to_num(seen / seen.sum(2, keepdims=True))
        score = np.log(np.maximum(prevalence, TINY)) + np.einsum("ucl,czl->uz", counts, np.log(np.maximum(confusion, TINY)))
        top = score.max(1, keepdims=True)
        likelihood = float((top[:, 0] + np.log(np.exp(score - top).sum(1))).sum())
        classes = np.exp(score - top)
        classes /= classes.sum(1, keepdims=True)
        if likelihood - before < CLOSE:
            break
        before = likelihood
    return Annotated(prevalence, confusion, classes, likelihood, n + 1)
