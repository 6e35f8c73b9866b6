"""Everything that decides whether leaders could carry a package, per posterior draw."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from winset.acceptance import AcceptanceDraws
from winset.study import Study


@dataclass(frozen=True)
class Ballot:
    """Draws, prices and thresholds.

    Parameters
    ----------
    worth
        Part-worths less audience costs, probit units.
    thresholds
        By side: clause x draw.
    """

    study: Study
    draws: AcceptanceDraws
    level: Float[np.ndarray, "draw constituency"]
    worth: Float[np.ndarray, "draw constituency issue option"]
    thresholds: tuple[Float[np.ndarray, "clause draw"], ...]

    def thin(self, keep: int) -> Ballot:
        """Every so many-th draw, ``keep`` at most."""
        rows = np.linspace(0, len(self.draws) - 1, min(keep, len(self.draws))).astype(int)
        fields = {f: v[rows] for f, v in vars(self.draws).items() if f not in {"layout", "seed"}}
        draws = AcceptanceDraws(self.draws.layout, **fields, seed=self.draws.seed)
        return Ballot(self.study, draws, self.level[rows], self.worth[rows], tuple(t[:, rows] for t in self.thresholds))

    def fingerprint(self) -> str:
        """Hash of all that scores depend on: numbers, and rules over them."""
        arrays = (self.level, self.worth, *self.thresholds, self.draws.log_kept, self.draws.lapse)
        rules = [(s, side.ratification.model_dump_json()) for s, side in self.study.sides.items()]
        digest = hashlib.sha256(repr(rules).encode())
        for a in (*arrays, self.draws.person_variance, self.draws.open_variance):
            digest.update(np.ascontiguousarray(a).tobytes())
        return digest.hexdigest()[:16]
