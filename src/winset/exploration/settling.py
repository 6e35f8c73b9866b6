"""Which parameters and early events tell runs of the talks that settle from those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.errors import UsageError
from winset.exploration.boxes import Box, find_boxes, spell_box
from winset.exploration.indices import estimate_indices
from winset.exploration.trees import Tree, find_tree
from winset.talks import TALK_PRIORS, Paths
from winset.talks.paths import SETTLED
from winset.talks.week import (
    BROKE_DOWN,
    BROKE_OFF,
    COUNTERED,
    EXCHANGED,
    FAILED_FIRST,
    LIMITED,
    MOBILISED,
    NO_TEXT,
    REFUSED_FIRST,
    ROUND_HELD,
    TALKING,
)

if TYPE_CHECKING:
    from jaxtyping import Float

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
    tree
        The same runs sorted by a few questions.
    leaves
        A row a leaf of the tree, densest first; one that stands alone has no conditions. Columns where, density and coverage,
        each with _low and _high.
    shares
        Columns thing, share (of the variance of whether a settlement stands that would go if it were known), low, high; only
        what stands out from noise, largest first.
    """

    scenario: str
    runs: int
    settled: float
    weeks: int
    table: pl.DataFrame
    tree: Tree
    leaves: pl.DataFrame
    shares: pl.DataFrame


def tell_apart(paths: Paths, *, seed: int = 1) -> Settling:
    """Find rules, and a tree, for the runs in which a settlement stands at the end.

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
    tree = find_tree(inputs, happened, seed=seed)
    rows = [row for n, box in enumerate(boxes) for row in _rows(n + 1, box, names, inputs)]
    leaves = [{"where": "; ".join(spell_box(leaf, names, inputs))} | _tell(leaf) for leaf in tree.leaves]
    told = dict.fromkeys(_ENDS, pl.Float64)
    table = pl.DataFrame(rows, schema={"rule": pl.Int64, "condition": pl.String} | told | {"base": pl.Float64})
    sorted_by = pl.DataFrame(leaves, schema={"where": pl.String} | told)
    settled, shares = float(happened.mean()), _share_out(names, inputs, happened, seed)
    return Settling(paths.scenario.label, len(happened), settled, weeks, table, tree, sorted_by, shares)


def _share_out(names: list[str], inputs: np.ndarray, happened: np.ndarray, seed: int) -> pl.DataFrame:
    """How much of it is owed to each input, where that stands out from noise."""
    found = estimate_indices(inputs, happened.astype(float), seed=seed)
    rows = [{"thing": names[n]} | told for n, told in found.standing_out()]
    schema = {"thing": pl.String, **dict.fromkeys(("share", "low", "high"), pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


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
    found[f"weeks of talks in the first {EARLY}"] = (early == TALKING).sum(1)
    for what, bit in _list_events(labels):
        found[f"{what} in the first {EARLY} weeks"] = (paths.news[:, :EARLY] & bit > 0).sum(1)
    for j, p in enumerate(TALK_PRIORS.values()):
        found[f"{p.what} ({p.unit})"] = paths.parameters[:, j]
    kept = {k: v.astype(float) for k, v in found.items() if np.ptp(v) > 0}
    return list(kept), np.stack(list(kept.values()), axis=1)


def _list_events(labels: list[str]) -> Iterator[tuple[str, int]]:
    """What may happen in a week, counted in weeks in which it does, and its bit in the news of the runs."""
    yield "rounds of talks", ROUND_HELD
    yield "rounds without a text", NO_TEXT
    yield "counter-texts", COUNTERED
    for n, who in enumerate(labels):
        yield f"texts that {who} refused", REFUSED_FIRST << n
        yield f"texts that were signed and failed at home in {who}", FAILED_FIRST << n
    yield "exchanges of prisoners", EXCHANGED
    yield "limited cease-fires", LIMITED
    yield "mobilisations", MOBILISED
    yield "times that talks broke off", BROKE_OFF
    yield "times that what was signed broke down", BROKE_DOWN


_ENDS = tuple(f"{kind}{end}" for kind in ("density", "coverage") for end in ("", "_low", "_high"))


def _tell(box: Box) -> dict[str, float]:
    return dict(zip(_ENDS, (*box.density, *box.coverage), strict=True))


def _rows(rule: int, box: Box, names: list[str], inputs: np.ndarray) -> list[dict]:
    return [{"rule": rule, "condition": c} | _tell(box) | {"base": box.base} for c in spell_box(box, names, inputs)]
