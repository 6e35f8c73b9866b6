"""Is a fit fit for use? Divergences, R-hat, effective sample size, judged in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.acceptance.fit import Fit

WORST_RHAT = 1.05
FEWEST_EFFECTIVE = 100.0
MOST_DIVERGENT = 0.005
"""Share of draws that may diverge: each marks a corner that the sampler cut, so the count is printed either way."""
JUDGED = ("level", "worth", "importance", "lapse", "question_bias", "instrument_bias", "log_odds")
"""What numbers in a brief depend on."""


@dataclass(frozen=True)
class Diagnostics:
    """Verdict on a fit.

    Parameters
    ----------
    passed
        Whether the draws may be used without a warning.
    sentence
        The verdict in words, for the first page.
    """

    method: str
    draws: int
    divergences: int
    worst_rhat: float
    least_effective: float
    passed: bool
    sentence: str


def judge(fit: Fit) -> Diagnostics:
    """Judge a fit (Vehtari et al. 2021 for R-hat and effective sample size)."""
    draws = int(fit.diverging.size)
    if fit.method == "prior":
        return Diagnostics(
            fit.method, draws, 0, float("nan"), float("nan"), True, "The priors alone: nothing was fitted."
        )
    if fit.method != "NUTS":
        said = f"{fit.method}: intervals are approximate; run without --fast for the reference fit."
        return Diagnostics(fit.method, draws, 0, float("nan"), float("nan"), True, said)
    from arviz_stats.base.array import array_stats  # a second and a half to import, for those who fit

    rhats, sizes = [1.0], [float(draws)]
    for name in JUDGED:
        if name in fit.samples:
            values = fit.samples[name].reshape(*fit.diverging.shape, -1)
            values = values[..., values.std((0, 1)) > 1e-12]
            if values.shape[-1]:
                rhats.append(float(np.nanmax(array_stats.rhat(values, chain_axis=0, draw_axis=1))))
                sizes.append(float(np.nanmin(array_stats.ess(values, chain_axis=0, draw_axis=1))))
    worst, least, diverged = max(rhats), min(sizes), int(fit.diverging.sum())
    passed = worst <= WORST_RHAT and least >= FEWEST_EFFECTIVE and diverged <= MOST_DIVERGENT * draws
    count = f"{diverged} divergence{'s' * (diverged != 1)}"
    facts = f"{count}, largest R-hat {worst:.3f}, least effective draws {least:.0f} of {draws}"
    said = (
        f"The fit passed its checks ({facts})."
        if passed
        else f"The fit FAILED its checks ({facts}): do not rely on it."
    )
    return Diagnostics(fit.method, draws, diverged, worst, least, passed, said)
