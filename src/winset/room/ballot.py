"""Everything that decides whether leaders could carry a package, per posterior draw."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import AcceptanceDraws
from winset.acceptance.draws import hear
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class Ballot:
    """Draws, prices and thresholds.

    Parameters
    ----------
    worth
        Part-worths less audience costs, probit units.
    thresholds
        By side: clause x draw.
    endorsed
        Who speaks for or against every package, as ``Acceptance.shares`` takes it.
    """

    study: Study
    draws: AcceptanceDraws
    level: Float[np.ndarray, "draw constituency"]
    worth: Float[np.ndarray, "draw constituency issue option"]
    thresholds: tuple[Float[np.ndarray, "clause draw"], ...]
    endorsed: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def curve(self) -> tuple[Float[np.ndarray, "draw constituency"], Float[np.ndarray, "draw constituency"]]:
        """Floor and gain: of those who refuse nothing at any price, ``floor + gain * Phi`` accept, words heard."""
        return find_curve(self.draws, self.study, self.endorsed)

    def thin(self, keep: int) -> Ballot:
        """Every so many-th draw, ``keep`` at most."""
        rows = np.linspace(0, len(self.draws) - 1, min(keep, len(self.draws))).astype(int)
        fields = {f: v[rows] for f, v in vars(self.draws).items() if f not in {"layout", "asked", "seed"}}
        draws = AcceptanceDraws(self.draws.layout, **fields, asked=self.draws.asked, seed=self.draws.seed)
        limits = tuple(t[:, rows] for t in self.thresholds)
        return Ballot(self.study, draws, self.level[rows], self.worth[rows], limits, self.endorsed)

    def fingerprint(self) -> str:
        """Hash of all that scores depend on: numbers, and rules over them."""
        arrays = (self.level, self.worth, *self.thresholds, self.draws.log_kept, self.draws.lapse)
        arrays += self.curve if self.endorsed else ()
        rules = [(s, side.ratification.model_dump_json()) for s, side in self.study.sides.items()]
        digest = hashlib.sha256(repr(rules).encode())
        for a in (*arrays, self.draws.person_variance, self.draws.open_variance):
            digest.update(np.ascontiguousarray(a).tobytes())
        return digest.hexdigest()[:16]


def find_curve(
    draws: AcceptanceDraws, study: Study, endorsed: Mapping[str, str]
) -> tuple[Float[np.ndarray, "draw constituency"], Float[np.ndarray, "draw constituency"]]:
    """Floor and gain of acceptance over the normal curve: a word moves a share of those who reject, or of those who accept.

    Wholes are mixed from their parts: their own entries are read by nobody.
    """
    shape = draws.total.shape
    lapse = np.broadcast_to(draws.lapse[:, None], shape)
    none, every = (hear(draws, np.full(shape, share), study, endorsed) for share in (0.0, 1.0))
    return hear(draws, lapse, study, endorsed), (1 - 2 * lapse) * (every - none)
