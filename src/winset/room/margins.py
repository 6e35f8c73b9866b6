"""How far a side's rule is from failing, or from holding: the stake that bargaining solutions divide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from winset.room.tables import Tables, fold_rule

if TYPE_CHECKING:
    from jaxtyping import Float, Int

EDGE = 1e-4


def measure_margins(
    tables: Tables, options: Int[np.ndarray, "package issue"]
) -> Float[np.ndarray, "draw package side"]:
    """Margin of each side's rule, in probit units: above zero where the leader could carry the package.

    A clause's margin is how far its share lies above its threshold on the probit scale; all-of takes the least of its
    clauses, any-of the greatest. No deal has margin zero: a leader then neither gains nor loses at home.
    """
    t, shares = tables, tables.shares(options)
    by_clause = shares @ t.rules.weights.T
    probits = ndtri(np.clip(by_clause, EDGE, 1 - EDGE)) - ndtri(np.clip(t.thresholds, EDGE, 1 - EDGE))
    leaf = lambda n: probits[..., n].T  # noqa: E731
    return np.stack([fold_rule(p, leaf, np.minimum, np.maximum) for p in t.rules.programs], axis=-1)
