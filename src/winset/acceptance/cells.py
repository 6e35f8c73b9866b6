"""Responses -> arrays: one cell per question, instrument, constituency and date.

Rows of the table with the same offer, instrument and date have the same likelihood, so adding up their
weights is exact. A cell's *bins* are the answers that were printed, and where the print is partial one
more for everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int

from winset.acceptance.layout import Layout
from winset.acceptance.voices import Voices, build_voices
from winset.evidence import Responses
from winset.evidence.responses import NOT_PRINTED, is_single
from winset.study import YES_NO, Scale, Study

KEYS: tuple[str, ...] = ("instrument", "question", "side", "constituency", "date", "offer", "against", "categories")
"""What rows of one cell have in common."""

WIDEST = 7
"""Most answers of a scale."""


@dataclass(frozen=True)
class Cells:
    """Evidence as arrays, one entry per cell.

    Parameters
    ----------
    offer, against
        Option index by issue, -1 open.
    compared
        Whether the offer stands against another package rather than no deal.
    counts
        Effective answers by printed category; ``rest`` counts those not printed.
    printed
        Categories that were printed.
    partial
        Whether there is a rest (which then includes the don't-knows).
    undecided
        Effective don't-knows that were printed, or deduced from a full set of shares.
    scale
        Which of ``scales``; ``rejects`` / ``accepts`` mark its categories.
    """

    names: pl.DataFrame
    constituency: Int[np.ndarray, " cell"]
    month: Int[np.ndarray, " cell"]
    question: Int[np.ndarray, " cell"]
    instrument: Int[np.ndarray, " cell"]
    offer: Int[np.ndarray, "cell issue"]
    against: Int[np.ndarray, "cell issue"]
    compared: Bool[np.ndarray, " cell"]
    counts: Float[np.ndarray, "cell category"]
    printed: Bool[np.ndarray, "cell category"]
    rest: Float[np.ndarray, " cell"]
    partial: Bool[np.ndarray, " cell"]
    undecided: Float[np.ndarray, " cell"]
    scale: Int[np.ndarray, " cell"]
    questions: tuple[str, ...]
    """Of all evidence, experiments included."""
    instruments: tuple[str, ...]
    voices: Voices
    """Single people whose words were coded; they stand in ``counts`` too."""
    scales: tuple[Scale, ...]

    def __len__(self) -> int:
        return len(self.constituency)

    @property
    def total(self) -> Float[np.ndarray, " cell"]:
        """Effective answers that enter the likelihood."""
        return self.counts.sum(1) + self.rest

    @property
    def summed(self) -> Float[np.ndarray, "cell bin"]:
        """Bins without the people whose words were coded one by one."""
        return np.maximum(self.bins - np.pad(self.voices.counted, ((0, 0), (0, 1))), 0.0)

    @property
    def bins(self) -> Float[np.ndarray, "cell bin"]:
        """Effective answers by category, and last those not printed."""
        return np.concatenate([self.counts, self.rest[:, None]], axis=1)

    def accepted(self) -> Float[np.ndarray, " cell"]:
        """Observed share of acceptance among those who answered for or against; NaN where it was not printed."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.partial, np.nan, self.share_for(self.counts))

    def share_for(self, answers: Float[np.ndarray, "*draw cell category"]) -> Float[np.ndarray, "*draw cell"]:
        """Share of acceptance among those for or against, from counts or probabilities of answers."""
        rejects, accepts = (m[self.scale] for m in marks(self.scales))
        yes, no = (answers * accepts).sum(-1), (answers * rejects).sum(-1)
        return yes / (yes + no)


def marks(scales: tuple[Scale, ...]) -> tuple[Float[np.ndarray, "scale category"], Float[np.ndarray, "scale category"]]:
    """Rejecting and accepting categories of each scale, padded."""
    pairs = [_marks(s) for s in scales]
    return np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs], float)


def _marks(scale: Scale) -> tuple[list[bool], list[bool]]:
    border = scale.border
    rejects = [i < border - (scale.neutral is not None) for i in range(WIDEST)]
    accepts = [border <= i < len(scale.answers) for i in range(WIDEST)]
    return rejects, accepts


def build_cells(study: Study, responses: Responses, layout: Layout) -> Cells:
    """Cells of a responses table: all that is no single respondent's answer to an experiment."""
    keys = [*KEYS]
    printed = responses.table.filter(~is_single())
    grouped = printed.group_by(keys, maintain_order=True).agg(
        "category", "weight", "source", "locator", pl.col("weight").sum().alias("answers")
    )
    rows = grouped.to_dicts()
    instruments = tuple(sorted(responses.table["instrument"].unique()))
    questions = tuple(sorted(responses.table["question"].unique()))
    scales = tuple(dict.fromkeys([YES_NO, *(_scale(study, r) for r in rows)]))
    offers = responses.offers.drop("offer").to_numpy().astype(int).reshape(-1, len(study.space.issues))
    filled = [_counts(r) for r in rows]
    order = {c: i for i, c in enumerate(layout.constituencies)}
    none = np.full(len(study.space.issues), -1)

    def column(values: list, dtype: type, *shape: int) -> np.ndarray:
        return np.array(values, dtype=dtype).reshape(len(rows), *shape)

    return Cells(
        names=grouped.select(keys).with_columns(
            source=grouped["source"].list.first(), locator=grouped["locator"].list.first(), answers=grouped["answers"]
        ),
        constituency=column([order[r["side"], r["constituency"]] for r in rows], int),
        month=column([layout.month(r["date"]) for r in rows], int),
        question=column([questions.index(r["question"]) for r in rows], int),
        instrument=column([instruments.index(r["instrument"]) for r in rows], int),
        offer=column([offers[r["offer"]] for r in rows], int, len(none)),
        against=column([none if r["against"] is None else offers[r["against"]] for r in rows], int, len(none)),
        compared=column([r["against"] is not None for r in rows], bool),
        counts=column([f["counts"] for f in filled], float, WIDEST),
        printed=column([f["printed"] for f in filled], bool, WIDEST),
        rest=column([f["rest"] for f in filled], float),
        partial=column([f["rest"] > 0 for f in filled], bool),
        undecided=column([f["undecided"] for f in filled], float),
        scale=column([scales.index(_scale(study, r)) for r in rows], int),
        questions=questions,
        instruments=instruments,
        voices=build_voices(responses, grouped, keys, WIDEST),
        scales=scales,
    )


def _scale(study: Study, row: Mapping) -> Scale:
    scale = study.scales[study.questions[row["question"]].scale]
    return scale if len(scale.answers) == row["categories"] else YES_NO


def _counts(row: Mapping) -> dict:
    counts, printed = np.zeros(WIDEST), np.zeros(WIDEST, bool)
    rest = undecided = 0.0
    for category, weight in zip(row["category"], row["weight"], strict=True):
        if category is None:
            undecided += weight
        elif category == NOT_PRINTED:
            rest += weight
        else:
            counts[category] += weight
            printed[category] = True
    if rest == 0:
        printed[: row["categories"]] = True
    return {"counts": counts, "printed": printed, "rest": rest, "undecided": undecided}
