"""Every number that a brief prints of a fit, by name: what its checks look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.draws import AcceptanceDraws, acceptance
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Float


def printed_numbers(
    study: Study, draws: AcceptanceDraws, samples: Mapping[str, np.ndarray], instruments: tuple[str, ...]
) -> dict[str, Float[np.ndarray, " draw"]]:
    """Draws of acceptance of every proposal, of importances, of levels over time, and of what instruments add.

    Parameters
    ----------
    samples
        Sites of the model with chains joined.
    """
    found: dict[str, np.ndarray] = {}
    groups = [f"{study.sides[s].label}, {study.label(s, c)}" for s, c in study.constituencies()]
    level = draws.level_at(study.as_of)
    for p in study.proposals.values():
        shares = acceptance(draws, study.space.encode(p.terms), level)
        found |= {f"acceptance of {p.label} ({p.id}): {g}": shares[:, j] for j, g in enumerate(groups)}
    for j, g in enumerate(groups):
        found |= {f"level of {g} (month {m})": draws.level[:, j, n] for n, m in enumerate(draws.layout.knots)}
        found |= {f"importance of {i.label}: {g}": draws.importance[:, j, k] for k, i in enumerate(study.space.issues)}
    for site, what in (("instrument_bias", "bias"), ("log_odds", "selection odds")):
        for n, i in enumerate(instruments if site in samples else ()):
            found[f"{what} of {study.instruments[i].label}"] = samples[site][:, n]
    return found
