"""Responses -> arrays: one cell per question, instrument, constituency and date.

Rows of the table with the same offer, instrument and date have the same likelihood, so adding up their
weights is exact. A cell's *bins* are the answers that were printed, and where the print is partial one
more for everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance.layout import Layout
from winset.acceptance.prints import Batch, Prints, batch, mean_hidden, spell_out
from winset.acceptance.samples import Remainder, take_out_parts
from winset.acceptance.voices import Voices, build_voices
from winset.evidence import Responses
from winset.evidence.responses import NOT_PRINTED, RESULT, is_single
from winset.study import YES_NO, Scale, Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int

KEYS: tuple[str, ...] = (*RESULT, "offer")
"""What rows of one cell have in common."""

WIDEST = 7
"""Most answers of a scale."""

DECIDED, FOR, AGAINST, OTHER = (
    "for, of those who decided",
    "for, of all asked",
    "against, of all asked",
    "printed answers",
)
"""What share a cell is scored on: what was printed."""


@dataclass(frozen=True)
class Cells:
    """Evidence as arrays, one entry per cell.

    Parameters
    ----------
    group
        Who was asked, a group of the layout.
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
    prints
        Exact prints behind cells of which only something vague was printed.
    remainder
        What wholes say beyond parts of the same sample.
    """

    names: pl.DataFrame
    group: Int[np.ndarray, " cell"]
    knot: Int[np.ndarray, " cell"]
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
    hidden: Float[np.ndarray, " cell"]
    """Mean share of don't-knows among what was not printed."""
    doubt: Float[np.ndarray, " cell"]
    """Log standard deviation of the number of people; 0 where n was printed."""
    prints: Prints
    batches: tuple[Batch, ...]
    """All cells, once each."""
    remainder: Remainder

    def __len__(self) -> int:
        return len(self.group)

    @property
    def total(self) -> Float[np.ndarray, " cell"]:
        """Effective answers that were printed, those not printed among them."""
        return self.counts.sum(1) + self.rest

    @property
    def summed(self) -> Float[np.ndarray, "cell bin"]:
        """Bins that enter the likelihood: without people whose words were coded one by one, and without parts of a whole."""
        return np.maximum(self.remainder.bins - np.pad(self.voices.counted, ((0, 0), (0, 1))), 0.0)

    @property
    def bins(self) -> Float[np.ndarray, "cell bin"]:
        """Effective answers by category, and last those not printed."""
        return np.concatenate([self.counts, self.rest[:, None]], axis=1)

    @property
    def scored(self) -> tuple[Float[np.ndarray, "cell bin"], Float[np.ndarray, "cell bin"]]:
        """Bins above and below the line of the share that a cell is scored on."""
        rejects, accepts = (np.pad(m[self.scale], ((0, 0), (0, 1))) for m in marks(self.scales))
        printed = np.pad(self.printed, ((0, 0), (0, 1))) * 1.0
        whole = np.concatenate([self.printed, np.ones((len(self), 1))], axis=1)
        above = np.where(np.any(accepts * printed, axis=1)[:, None], accepts * printed, rejects * printed)
        above = np.where(np.any(above, axis=1)[:, None], above, printed)
        partial = self.partial[:, None]
        return np.where(partial, above, accepts), np.where(partial, whole, accepts + rejects)

    @property
    def measure(self) -> list[str]:
        """What share each cell is scored on, in words."""
        rejects, accepts = (m[self.scale] for m in marks(self.scales))
        upper, said = self.scored[0][:, :WIDEST] > 0, []
        for n, above in enumerate(upper):
            if not self.partial[n]:
                said.append(DECIDED)
            elif (above == (accepts[n] > 0)).all():
                said.append(FOR)
            else:
                said.append(AGAINST if (above == (rejects[n] > 0)).all() else OTHER)
        return said

    def decided_share(self) -> Float[np.ndarray, " cell"]:
        """Share of acceptance among those who decided; where not all was printed, with as many undecided as are usual."""
        rejects, accepts = (m[self.scale] for m in marks(self.scales))
        yes, no = (self.counts * accepts).sum(1), (self.counts * rejects).sum(1)
        others = np.maximum(self.rest - self.hidden * self.total, 0.0)
        said = (self.printed * accepts).any(1)
        yes, no = yes + np.where(said, 0.0, others), no + np.where(said, others, 0.0)
        return np.nan_to_num(yes / np.maximum(yes + no, 1e-9), nan=0.5)

    def observed(self) -> Float[np.ndarray, " cell"]:
        """The printed share that a cell is scored on; NaN where nobody answered."""
        return self.share_of(self.bins)

    def share_of(self, bins: Float[np.ndarray, "*draw cell bin"]) -> Float[np.ndarray, "*draw cell"]:
        """The share that each cell is scored on, from counts or probabilities of its bins."""
        above, below = self.scored
        with np.errstate(invalid="ignore", divide="ignore"):
            return (bins * above).sum(-1) / (bins * below).sum(-1)


def as_measured(share: float, measure: str, hidden: float) -> float:
    """A share of acceptance among those who decided, as the share that a cell was scored on.

    Parameters
    ----------
    hidden
        Share of don't-knows where an answer was printed alone.
    """
    match measure:
        case "for, of all asked":
            return share * (1 - hidden)
        case "against, of all asked":
            return (1 - share) * (1 - hidden)
        case _:
            return share


def marks(scales: tuple[Scale, ...]) -> tuple[Float[np.ndarray, "scale category"], Float[np.ndarray, "scale category"]]:
    """Rejecting and accepting categories of each scale, padded."""
    pairs = [_marks(s) for s in scales]
    return np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs], float)


def _marks(scale: Scale) -> tuple[list[bool], list[bool]]:
    border = scale.border
    rejects = [i < border - (scale.neutral is not None) for i in range(WIDEST)]
    accepts = [border <= i < len(scale.answers) for i in range(WIDEST)]
    return rejects, accepts


def answer_scores(cells: Cells) -> Float[np.ndarray, "cell category"]:
    """1 for accepting answers, 0 for rejecting ones, one half between."""
    rejects, accepts = (m[cells.scale] for m in marks(cells.scales))
    return 0.5 + 0.5 * (accepts - rejects)


def build_cells(study: Study, responses: Responses, layout: Layout) -> Cells:
    """Cells of a responses table: all that is no single respondent's answer to an experiment."""
    keys = [*KEYS]
    printed = responses.table.filter(~is_single())
    grouped = printed.group_by(keys, maintain_order=True).agg(
        "category", "weight", "least", "most", "source", "locator", "doubt", pl.col("weight").sum().alias("answers")
    )
    rows = grouped.to_dicts()
    instruments = tuple(sorted(responses.table["instrument"].unique()))
    questions = tuple(sorted(responses.table["question"].unique()))
    on = [study.scale_of(r["question"], r["categories"]) for r in rows]
    scales = tuple(dict.fromkeys([YES_NO, *on]))
    offers = responses.offers.drop("offer").to_numpy().astype(int).reshape(-1, len(study.space.issues))
    filled = [_counts(r) for r in rows]
    order = {c: i for i, c in enumerate(layout.groups)}
    none = np.full(len(study.space.issues), -1)

    def column(values: list, dtype: type, *shape: int) -> np.ndarray:
        return np.array(values, dtype=dtype).reshape(len(rows), *shape)

    counts, rest = column([f["counts"] for f in filled], float, WIDEST), column([f["rest"] for f in filled], float)
    bins = np.concatenate([counts, rest[:, None]], axis=1)
    shown, undecided = (
        column([f["printed"] for f in filled], bool, WIDEST),
        column([f["undecided"] for f in filled], float),
    )
    group = column([order[r["side"], r["constituency"]] for r in rows], int)
    remainder = take_out_parts(rows, list(group), bins, undecided, shown, layout)
    instrument = column([instruments.index(r["instrument"]) for r in rows], int)
    with np.errstate(invalid="ignore"):
        unsure = np.where(undecided > 0, undecided / (bins.sum(1) + undecided), np.nan)
    hidden = mean_hidden(instrument, unsure)
    filled = [f | {"hidden": h} for f, h in zip(filled, hidden, strict=True)]
    exact = [
        f if (remainder.bins[n] == bins[n]).all() else f | {"doubt": 0.0, "ranges": {}} for n, f in enumerate(filled)
    ]
    return Cells(
        names=grouped.select(keys).with_columns(
            source=grouped["source"].list.first(),
            locator=grouped["locator"].list.first(),
            answers=grouped["answers"],
            n_printed=grouped["doubt"].list.max() == 0,
        ),
        group=group,
        knot=column([layout.knot(r["date"]) for r in rows], int),
        question=column([questions.index(r["question"]) for r in rows], int),
        instrument=instrument,
        offer=column([offers[r["offer"]] for r in rows], int, len(none)),
        against=column([none if r["against"] is None else offers[r["against"]] for r in rows], int, len(none)),
        compared=column([r["against"] is not None for r in rows], bool),
        counts=counts,
        printed=shown,
        rest=rest,
        partial=column([f["rest"] > 0 for f in filled], bool),
        undecided=undecided,
        scale=column([scales.index(s) for s in on], int),
        questions=questions,
        instruments=instruments,
        voices=build_voices(responses, grouped, keys, WIDEST),
        scales=scales,
        hidden=hidden,
        doubt=column([f["doubt"] for f in filled], float),
        prints=(prints := spell_out(bins, exact)),
        batches=batch(np.concatenate([shown, bins[:, -1:] > 0], axis=1), prints.cell),
        remainder=remainder,
    )


def _counts(row: Mapping) -> dict:
    counts, printed = np.zeros(WIDEST), np.zeros(WIDEST, bool)
    rest = undecided = 0.0
    ranges: dict[int, tuple[float, float]] = {}
    columns = zip(row["category"], row["weight"], row["least"], row["most"], strict=True)
    for category, weight, least, most in columns:
        if category is None:
            undecided += weight
        elif category == NOT_PRINTED:
            rest += weight
        else:
            counts[category] += weight
            printed[category] = True
            if least is not None:
                ranges[category] = (least, most)
    if rest == 0:
        printed[: row["categories"]] = True
    return {"counts": counts, "printed": printed, "rest": rest, "undecided": undecided} | {
        "doubt": max(row["doubt"]),
        "ranges": ranges,
    }
