"""Which parameters and early events tell runs of the talks that settle from those that do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Float

from winset.errors import UsageError
from winset.exploration.boxes import Box, find_boxes, spell_box
from winset.talks import TALK_PRIORS, Paths
from winset.talks.paths import SETTLED

EARLY = 13
"""Weeks that count as early: one quarter. Runs that settled by then are left out, since their early events are their end."""

FEWEST = 400
"""Runs below which no box is looked for: the smallest box would hold eight."""


@dataclass(frozen=True)
class Settling:
    """Boxes of runs that settle.

    Parameters
    ----------
    scenario
        Its label.
    runs, settled
        Runs that were still open after ``EARLY`` weeks, and the share of them in which a settlement stands at the end.
    weeks
        Length of the runs.
    table
        A row a condition. Columns rule, condition, coverage and density, each with _low and _high, and base.
    """

    scenario: str
    runs: int
    settled: float
    weeks: int
    table: pl.DataFrame


def tell_apart(paths: Paths, *, seed: int = 1) -> Settling:
    """Find two or three rules for the runs in which a settlement stands at the end.

    Raises
    ------
    UsageError
        If there are too few runs or weeks, or every run settles, or none does.
    """
    weeks = paths.state.shape[1]
    if weeks <= EARLY:
        raise UsageError(f"{weeks} weeks are too few: early events are those of the first {EARLY}")
    still = ~np.isin(paths.state[:, EARLY - 1], SETTLED)
    if still.sum() < FEWEST:
        raise UsageError(f"{int(still.sum())} runs are open after {EARLY} weeks; {FEWEST} are needed: --runs 10000")
    names, inputs = list_inputs(paths)
    happened = np.isin(paths.state[:, -1], SETTLED)
    inputs, happened = inputs[still], happened[still]
    boxes = find_boxes(inputs, happened, seed=seed)
    rows = [row for n, box in enumerate(boxes) for row in _rows(n + 1, box, names, inputs)]
    ends = [f"{k}{e}" for k in ("coverage", "density") for e in ("", "_low", "_high")]
    schema = {"rule": pl.Int64, "condition": pl.String, **dict.fromkeys([*ends, "base"], pl.Float64)}
    return Settling(
        paths.scenario.label, len(happened), float(happened.mean()), weeks, pl.DataFrame(rows, schema=schema)
    )


def list_inputs(paths: Paths) -> tuple[list[str], Float[np.ndarray, "run input"]]:
    """What may tell runs apart, in words: win-sets and events of the first weeks, and every parameter that varies."""
    labels = [s.label for s in paths.study.sides.values()]
    early = paths.state[:, :EARLY]
    found: dict[str, np.ndarray] = {}
    for n, who in enumerate([*labels, "both leaders"]):
        found[f"packages on the table that {who} could carry in week 1"] = paths.carried[:, 0, n]
        found[f"packages on the table that {who} could carry in week {EARLY}"] = paths.carried[:, EARLY - 1, n]
    for n, who in enumerate(labels):
        found[f"mood in {who} in week {EARLY} (probits)"] = paths.mood[:, EARLY - 1, n]
    found[f"gain of the attacker by week {EARLY}"] = paths.front[:, EARLY - 1]
    found[f"weeks of talks in the first {EARLY}"] = (early == 1).sum(1)
    for j, p in enumerate(TALK_PRIORS.values()):
        found[f"{p.what} ({p.unit})"] = paths.parameters[:, j]
    kept = {k: v.astype(float) for k, v in found.items() if np.ptp(v) > 0}
    return list(kept), np.stack(list(kept.values()), axis=1)


def _rows(rule: int, box: Box, names: list[str], inputs: np.ndarray) -> list[dict]:
    told = {
        f"{kind}{end}": value
        for kind, values in (("coverage", box.coverage), ("density", box.density))
        for end, value in zip(("", "_low", "_high"), values, strict=True)
    }
    return [{"rule": rule, "condition": c} | told | {"base": box.base} for c in spell_box(box, names, inputs)]
