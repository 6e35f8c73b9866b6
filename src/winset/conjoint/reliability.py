"""Answers that people would not give again: how many, and estimates freed of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.conjoint.estimates import Estimates, tabulate
from winset.conjoint.profiles import Profiles
from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Int


@dataclass(frozen=True)
class Reliability:
    """Agreement of respondents with themselves.

    Parameters
    ----------
    agreement
        Share of respondents who chose the same profile when a task came again.
    variance
        Its sampling variance.
    swaps
        Chance that an answer is not what its giver would rather have chosen.
    """

    agreement: float
    variance: float
    swaps: float
    respondents: int


def measure_reliability(profiles: Profiles, first: int, again: int) -> Reliability:
    """Agreement between a task and its repetition; the order of the two profiles may have been turned.

    Parameters
    ----------
    first, again
        Numbers of the two tasks, counted from 0 in the order of the task column.

    Raises
    ------
    UsageError
        If there is no task column, no respondent with both tasks, or the tasks do not show the same profiles.

    Notes
    -----
    Clayton, Horiuchi, Kaufman, King & Komisarchik (2023): with swaps at random in both answers, agreement
    is (1 - s)^2 + s^2.
    """
    if profiles.task is None:
        raise UsageError("name the column of tasks; without it a repeated task cannot be found")
    shown = np.stack([profiles.codes[a] for a in profiles.levels], axis=1)
    one, two = (_chosen(profiles, shown, t) for t in (first, again))
    both = sorted(set(one) & set(two))
    if not both:
        raise UsageError(f"no respondent chose in both task {first + 1} and task {again + 1}")
    strange = [r for r in both if one[r][1] != two[r][1]]
    if strange:
        raise UsageError(f"tasks {first + 1} and {again + 1} show different profiles to {len(strange)} respondents")
    same = np.array([one[r][0] == two[r][0] for r in both])
    agreement = float(same.mean())
    return Reliability(agreement, agreement * (1 - agreement) / len(both), swap_rate(agreement), len(both))


def swap_rate(agreement: float) -> float:
    """Chance of a swap that explains an agreement.

    Raises
    ------
    UsageError
        If people agree with themselves no more than a coin.

    Examples
    --------
    >>> round(swap_rate(0.82), 3)
    0.1
    """
    if agreement <= 0.5:
        raise UsageError(f"respondents agree with themselves in {agreement:.0%} of repeats, no more than a coin")
    return (1 - (2 * agreement - 1) ** 0.5) / 2


def correct_estimates(estimates: Estimates, reliability: Reliability) -> Estimates:
    """Estimates as they would be without swapped answers, the doubt about the swaps included.

    Raises
    ------
    UsageError
        If the estimates are no marginal means, effects or interactions of choices.

    Notes
    -----
    Means shrink towards a half and differences towards zero by the factor 1 - 2s (Clayton et al. 2023, eqs. 5-6); the
    variance is by the delta method, swaps and estimates taken as uncorrelated.
    """
    if estimates.kind.split()[0] not in {"mm", "amce", "acie"}:
        raise UsageError(f"estimates of kind `{estimates.kind}` have no correction")
    factor = 1 - 2 * reliability.swaps
    centre = 0.5 if estimates.kind == "mm" else 0.0
    raw = estimates.table["estimate"].fill_null(np.nan).to_numpy()
    corrected = (raw - centre) / factor + centre
    # factor^2 = 2 agreement - 1, hence d factor / d agreement = 1 / factor
    slope = np.nan_to_num(-(raw - centre) / factor**3)
    covariance = estimates.covariance / factor**2
    moved = np.diag(estimates.covariance) > 0
    slope = np.where(moved, slope, 0.0)
    covariance = covariance + reliability.variance * np.outer(slope, slope)
    labels = estimates.table.select("attribute", "level", "group", "n")
    note = (
        f"Corrected for answers that {reliability.respondents} respondents would not give again: "
        f"{reliability.swaps:.1%} of answers swapped."
    )
    return replace(
        estimates,
        table=tabulate(labels, corrected, covariance, estimates.confidence, centre),
        covariance=covariance,
        notes=(*estimates.notes, note),
    )


def _chosen(
    profiles: Profiles, shown: Int[np.ndarray, "row attribute"], task: int
) -> dict[int, tuple[tuple[int, ...], frozenset[tuple[int, ...]]]]:
    """By respondent: the chosen profile of a task, and all that it showed."""
    rows = np.flatnonzero(np.asarray(profiles.task) == task)
    table = pl.DataFrame({"respondent": profiles.respondent[rows], "row": rows, "chosen": profiles.outcome[rows] > 0.5})
    found = {}
    for (who,), part in table.group_by("respondent"):
        picked = part.filter("chosen")["row"].to_list()
        if len(picked) == 1:
            packages = frozenset(tuple(shown[n].tolist()) for n in part["row"])
            found[who] = (tuple(shown[picked[0]].tolist()), packages)
    return found
