"""What the study says of each question and instrument, as arrays beside the cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from winset.acceptance.cells import AGAINST, Cells
from winset.acceptance.hearing import Hearing, list_hearing
from winset.acceptance.layout import Layout
from winset.acceptance.priors import PRIORS
from winset.acceptance.rows import Rows, build_rows
from winset.acceptance.tasks import Tasks
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

KINDS = ("mood", "vague", "clause", "term", "package")
EVERYBODY, REFUSED, ACCEPTED = 0, 1, 2


@dataclass(frozen=True)
class Wandering:
    """Steps of questions' deviations between their waves.

    Parameters
    ----------
    reach
        1 for cells of the wave after a step and of all later ones.
    months, side
        Months that a step takes; the side asked, -1 for people of several sides.
    before, after
        1 for cells of the wave before a step, and of the wave after it.
    gap
        By cell: months since its question's last wave, 0 at the first.
    """

    reach: Float[np.ndarray, "cell step"]
    months: Float[np.ndarray, " step"]
    side: Int[np.ndarray, " step"]
    before: Float[np.ndarray, "step cell"]
    after: Float[np.ndarray, "step cell"]
    gap: Float[np.ndarray, " cell"]


@dataclass(frozen=True)
class Meaning:
    """Declared meaning of questions and instruments.

    Parameters
    ----------
    base
        By question: ``EVERYBODY``, or those who ``REFUSED`` or ``ACCEPTED`` the offer ``base_offer``.
    base_question
        Number of the question that the base answered, -1 where no evidence has it.
    lean
        By side: low and high share of the undecided that would accept; NaN where they are taken to be like those who decided.
    information
        By cell: what its answers tell, in probit units to the power of -2.
    """

    kind: Int[np.ndarray, " question"]
    loyal: Int[np.ndarray, " question"]
    listed: Bool[np.ndarray, " question"]
    voters: Bool[np.ndarray, " question"]
    base: Int[np.ndarray, " question"]
    base_offer: Int[np.ndarray, "question issue"]
    base_question: Int[np.ndarray, " question"]
    interviews: Bool[np.ndarray, " instrument"]
    direct: Bool[np.ndarray, " instrument"]
    selections: tuple[str, ...]
    instrument_side: Int[np.ndarray, " instrument"]
    lean: Float[np.ndarray, "side end"]
    hearing: Hearing
    rows: Rows
    information: Float[np.ndarray, " cell"]
    wandering: Wandering


def read_meaning(study: Study, cells: Cells, tasks: Tasks, layout: Layout) -> Meaning:
    """Look up the declared meaning of the questions and instruments in ``cells`` and ``tasks``."""
    questions = [study.questions[q] for q in cells.questions]
    instruments = [study.instruments[i] for i in cells.instruments]
    rows = build_rows(cells, layout)
    bases = [q.base for q in questions]
    asked = [b.question if b else None for b in bases]
    offers = [study.questions[a].offer if a else {} for a in asked]
    interviews = np.array([i.kind == "interviews" for i in instruments], bool)
    pairs = np.concatenate(
        [
            np.stack([cells.question[rows.cell], rows.leaf], 1),
            np.stack([tasks.question[tasks.row], tasks.leaf], 1),
        ]
    )
    return Meaning(
        kind=np.array([KINDS.index(q.kind) for q in questions], int),
        loyal=np.array([{"accept": 1, "reject": -1, None: 0}[q.loyal] for q in questions], int),
        listed=np.array([q.asked == "list" for q in questions], bool),
        voters=np.array([b is not None and b.voters for b in bases], bool),
        base=np.array(
            [REFUSED if b and b.refused else ACCEPTED if b and b.accepted else EVERYBODY for b in bases], int
        ),
        base_offer=np.array([study.space.encode(o) for o in offers], int).reshape(-1, len(study.space.issues)),
        base_question=np.array([cells.questions.index(a) if a in cells.questions else -1 for a in asked], int),
        interviews=interviews,
        direct=np.array([i.direct for i in instruments], bool),
        selections=tuple(i.selection for i in instruments),
        instrument_side=_instrument_sides(cells, tasks, rows, layout, len(instruments)),
        lean=np.array([_lean(x.undecided) for x in study.sides.values()]),
        hearing=list_hearing(study, layout, cells.questions, np.unique(pairs, axis=0)),
        rows=rows,
        information=inform(cells, interviews[cells.instrument]),
        wandering=lay_wanderings(cells, layout),
    )


def lay_wanderings(cells: Cells, layout: Layout) -> Wandering:
    """Steps between the waves of each question on each side."""
    series: dict[tuple[int, str], list[int]] = {}
    for n, (q, side) in enumerate(zip(cells.question.tolist(), cells.names["side"].to_list(), strict=True)):
        series.setdefault((q, side), []).append(n)
    steps, gap = [], np.zeros(len(cells))
    for (_, side), members in series.items():
        mine = np.array(members)
        months = layout.knots[cells.knot[mine]]
        for since, until in pairwise(np.unique(months)):
            masks = np.zeros((3, len(cells)))
            for mask, held in zip(masks, (months >= until, months == since, months == until), strict=True):
                mask[mine[held]] = 1.0
            gap[mine[months == until]] = until - since
            steps.append((*masks, until - since, layout.sides.index(side) if side in layout.sides else -1))
    reach, before, after = (np.stack([s[k] for s in steps]) if steps else np.zeros((0, len(cells))) for k in range(3))
    return Wandering(
        reach.T, np.array([s[3] for s in steps], float), np.array([s[4] for s in steps], int), before, after, gap
    )


def _instrument_sides(
    cells: Cells, tasks: Tasks, rows: Rows, layout: Layout, count: int
) -> Int[np.ndarray, " instrument"]:
    """The side that each instrument asked first."""
    sides = np.zeros(count, int)
    sides[tasks.instrument[tasks.row]] = layout.leaf_side[tasks.leaf]
    sides[cells.instrument[rows.cell][::-1]] = layout.leaf_side[rows.leaf][::-1]
    return sides


def _lean(declared: object) -> tuple[float, float]:
    if declared is None:
        return (np.nan, np.nan)
    if isinstance(declared, int | float):
        return (float(declared), float(declared))
    ends = getattr(declared, "uniform", None)
    if ends is None:
        mean, sd = declared.normal  # pyright: ignore[reportAttributeAccessIssue]
        ends = (max(mean - 1.645 * sd, 0.0), min(mean + 1.645 * sd, 1.0))
    return (float(ends[0]), float(ends[1]))


def inform(cells: Cells, interviews: Bool[np.ndarray, " cell"]) -> Float[np.ndarray, " cell"]:
    """What each cell tells of acceptance on the probit scale: Fisher information of its effective answers (delta method)."""
    voices = PRIORS["cluster_interviews"]
    cluster = np.where(interviews, voices.first / (voices.first + voices.second), PRIORS["cluster_polls"].first)
    people = cells.remainder.bins.sum(1) * cells.remainder.said
    people = people / (1 + np.maximum(people - 1, 0) * cluster)
    share = np.clip(cells.decided_share(), 0.03, 0.97)
    slope = np.exp(-0.5 * ndtri(share) ** 2) / np.sqrt(2 * np.pi)
    prior = PRIORS["undecided"]
    spread = np.sqrt(
        cells.hidden / ((1 - cells.hidden) * (prior.first + prior.second + 1))
    )  # of 1 - hidden, against its mean
    against = np.array([m == AGAINST for m in cells.measure], bool)
    unsaid = np.where(cells.partial, np.where(against, 1 - share, share) * spread, 0.0)
    noise = share * (1 - share) / np.maximum(people, 1e-9) + unsaid**2
    return np.where(people > 0, slope**2 / noise, 0.0)
