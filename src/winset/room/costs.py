"""What going back on a public commitment costs at home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import PRIORS, AcceptanceDraws
from winset.study import Study
from winset.study.side import UNORDERED

if TYPE_CHECKING:
    from jaxtyping import Float


def audience_costs(
    study: Study, draws: AcceptanceDraws, seed: int, free: str | None = None
) -> Float[np.ndarray, "draw constituency issue option"]:
    """Probit units that an option takes off acceptance because it breaks a commitment.

    Counted once for every issue on which a commitment is broken, in proportion to the distance from the pledge: a partial
    step back costs less than a full retreat (Lin-Greenberg 2019).

    Parameters
    ----------
    free
        A commitment (side and id with a full stop between) that costs nothing.

    Notes
    -----
    Fearon (1994) for the idea, Tomz (2007) for the size; only the part that is not already dislike of
    the terms (Kertzer & Brutger 2016), since measured acceptance holds that.
    """
    rng = np.random.default_rng([seed, 5])
    n = len(draws)
    base = np.maximum(rng.normal(PRIORS["audience_cost"].first, PRIORS["audience_cost"].second, n), 0.0)
    part = rng.uniform(PRIORS["audience_inconsistency"].first, PRIORS["audience_inconsistency"].second, n)
    rungs = {r: PRIORS[f"audience_rung_{r}"] for r in ("low", "medium", "high")}
    factor = {r: rng.uniform(p.first, p.second, n) for r, p in rungs.items()}
    costs = np.zeros((n, len(draws.layout.constituencies), *draws.layout.exists.shape))
    for s, (name, side) in enumerate(study.sides.items()):
        own = np.flatnonzero(draws.layout.side_of == s)
        for commitment in side.commitments:
            if f"{name}.{commitment.id}" == free:
                continue
            price = base * part * factor[commitment.rung]
            for issue, options in commitment.breaks.items():
                k = [i.id for i in study.space.issues].index(issue)
                away = _distances(side.order[issue], options)
                for option in options:
                    costs[:, own, k, study.space.issues[k].index(option)] += (price * away[option])[:, None]
    return costs


def _distances(order: Sequence[str], breaks: Sequence[str]) -> dict[str, float]:
    """Steps in the side's order from what the pledge allows to each option that breaks it, one on average; no order, no steps."""
    if order == UNORDERED:
        return dict.fromkeys(breaks, 1.0)
    kept = [n for n, option in enumerate(order) if option not in breaks]
    steps = {o: min((abs(order.index(o) - n) for n in kept), default=1) for o in breaks}
    return {o: d * len(steps) / sum(steps.values()) for o, d in steps.items()}
