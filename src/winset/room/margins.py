"""How far a side's rule is from failing, or from holding: the stake that bargaining solutions divide."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr, ndtri

from winset.room.kernels import ALL
from winset.room.tables import Tables

EDGE = 1e-4


def measure_margins(
    tables: Tables, options: Int[np.ndarray, "package issue"]
) -> Float[np.ndarray, "draw package side"]:
    """Margin of each side's rule, in probit units: above zero where the leader could carry the package.

    A clause's margin is how far its share lies above its threshold on the probit scale; all-of takes the least of its
    clauses, any-of the greatest. No deal has margin zero: a leader then neither gains nor loses at home.
    """
    t = tables
    utility = np.repeat(t.base[..., None], len(options), axis=2)
    log_kept = np.zeros_like(utility)
    for k in range(options.shape[1]):
        utility += t.worth[:, :, k][..., options[:, k]]
        log_kept += t.log_kept[:, :, k][..., options[:, k]]
    lapse = t.lapse[:, None, None]
    shares = np.exp(log_kept) * (lapse + (1 - 2 * lapse) * ndtr(utility / t.spread[..., None]))
    by_clause = np.einsum("nc,dcp->dnp", t.rules.weights, shares)
    probits = ndtri(np.clip(by_clause, EDGE, 1 - EDGE)) - ndtri(np.clip(t.thresholds, EDGE, 1 - EDGE))[..., None]
    return np.stack([_fold(p, probits) for p in t.rules.programs], axis=-1)


def _fold(program: tuple[int, ...], margins: Float[np.ndarray, "draw clause package"]) -> np.ndarray:
    stack: list[np.ndarray] = []
    for operator in program:
        if operator >= 0:
            stack.append(margins[:, operator])
        else:
            last = stack.pop()
            stack.append((np.minimum if operator == ALL else np.maximum)(stack.pop(), last))
    return stack[0]
