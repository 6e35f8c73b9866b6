"""Is a fit fit for use? Divergences, R-hat, effective sample size of every number that is printed, judged in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance.fitted import Fit

if TYPE_CHECKING:
    from jaxtyping import Float

WORST_RHAT = 1.03
FEWEST_EFFECTIVE = 200.0
MOST_DIVERGENT = 0.005
"""Share of draws that may diverge: each marks a corner that the sampler cut, so the count is printed either way."""

FAST = Path(__file__).parent / "fast.csv"
"""How far means of the approximation lay from NUTS, written by ``benchmarks/random_studies.py --write``."""

SAID = 3
"""How many touched numbers a sentence names."""

ADVICE = (
    "Try `--draws 1600`; look in `winset loo` for a poll that contradicts the others, and at counts, dates and orders of "
    "options in the files; `--fast` gives an approximation to compare with"
)


@dataclass(frozen=True)
class Diagnostics:
    """Verdict on a fit.

    Parameters
    ----------
    passed
        Whether the draws may be used without a warning.
    sentence
        The verdict in words, for the first page.
    touched
        Printed numbers that fail, worst first.
    """

    method: str
    draws: int
    divergences: int
    worst_rhat: float
    least_effective: float
    passed: bool
    sentence: str
    touched: tuple[str, ...] = ()

    @property
    def too_few_draws(self) -> bool:
        """Whether nothing is wrong but that twice as many draws are needed."""
        sound = self.worst_rhat <= WORST_RHAT and self.divergences <= MOST_DIVERGENT * self.draws
        return not self.passed and sound and self.least_effective >= FEWEST_EFFECTIVE / 2


def judge(fit: Fit, printed: Mapping[str, Float[np.ndarray, " draw"]]) -> Diagnostics:
    """Judge a fit (Vehtari et al. 2021 for R-hat and effective sample size).

    Parameters
    ----------
    printed
        Draws, chains joined, of every number that is printed, by name.
    """
    draws = int(fit.diverging.size)
    if fit.method == "prior":
        return _unjudged(fit, "The priors alone: nothing was fitted.")
    if not fit.method.startswith("NUTS"):
        return _unjudged(fit, f"{fit.method}: {_apart()}; run without --fast for the reference fit.")
    from arviz_stats.base.array import array_stats  # a second and a half to import, for those who fit

    names = [n for n, v in printed.items() if v.std() > 1e-12]
    rhats, sizes = np.ones(1), np.full(1, float(draws))
    if names:
        values = np.stack([printed[n] for n in names], axis=-1).reshape(*fit.diverging.shape, len(names))
        rhats = np.asarray(array_stats.rhat(values, chain_axis=0, draw_axis=1))
        sizes = np.asarray(array_stats.ess(values, chain_axis=0, draw_axis=1))
    diverged = int(fit.diverging.sum())
    failing = [n for n in np.argsort(-rhats) if names and (rhats[n] > WORST_RHAT or sizes[n] < FEWEST_EFFECTIVE)]
    touched = tuple(names[n] for n in failing)
    passed = not touched and diverged <= MOST_DIVERGENT * draws
    facts = (
        f"{diverged} divergence{'s' * (diverged != 1)}, largest R-hat {rhats.max():.3f}, "
        f"least effective draws {sizes.min():.0f} of {draws}"
    )
    again = " at the second, more careful attempt" if fit.method != "NUTS" else ""
    said = f"The fit passed its checks{again} ({facts})." if passed else _failed(facts, again, touched, diverged, draws)
    return Diagnostics(fit.method, draws, diverged, float(rhats.max()), float(sizes.min()), passed, said, touched)


def _failed(facts: str, again: str, touched: tuple[str, ...], diverged: int, draws: int) -> str:
    limits = f"allowed: {MOST_DIVERGENT:.1%} of draws, R-hat {WORST_RHAT}, no fewer than {FEWEST_EFFECTIVE:.0f} effective draws"
    if touched:
        more = f" and {len(touched) - SAID} more" if len(touched) > SAID else ""
        which = f"Touched: {'; '.join(touched[:SAID])}{more}."
    else:
        which = f"{diverged} of {draws} draws diverged, so that any number may be cut short at its ends."
    return f"The fit FAILED its checks{again} ({facts}; {limits}). {which} {ADVICE}."


def _apart() -> str:
    """How far the approximation was from NUTS on random studies, kind by kind."""
    table = pl.read_csv(FAST)
    said = ", ".join(
        f"{r['kind']} {r['mean']:.2g} {r['unit']} (nine in ten within {r['nine_in_ten']:.2g})"
        for r in table.iter_rows(named=True)
    )
    return f"an approximation, on {table['studies'][0]} random studies this far from NUTS on average: {said}"


def _unjudged(fit: Fit, said: str) -> Diagnostics:
    return Diagnostics(fit.method, int(fit.diverging.size), 0, float("nan"), float("nan"), True, said)
