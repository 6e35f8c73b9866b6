"""Did questions that were ranked high move the answer more, once they were asked? The past, ranked from what was known before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy.special import ndtri
from scipy.stats import rankdata

from winset.acceptance import HIGH, Acceptance, measure
from winset.errors import UsageError
from winset.exploration.indices import TINY
from winset.exploration.value import foretell, told_share
from winset.exploration.weighing import Weighed, weigh
from winset.room import ratify
from winset.room.margins import EDGE
from winset.verification import Fold, Trial, cut_often

if TYPE_CHECKING:
    from jaxtyping import Float

CUTS = 8
"""Days that cut a study's evidence."""

FEWEST = 25.0
"""Effective draws (Kish) left by an answer below which its move is not told: a mean is then known to a fifth of its spread."""

COMPARED = 4
"""Questions that a day must have between it and the next for their order to say anything."""

WIDTH = float(ndtri(HIGH))
"""Standard errors to either end of a 90 % interval."""

THIRDS = ("lowest third", "middle third", "highest third")

ALL = "all"

MOST = 400
"""Draws that are taken for the truth, one after the other, to see what rank correlation a right ranking has."""


@dataclass(frozen=True)
class Hindsight:
    """Questions that were asked, ranked from fits that had not seen their answers.

    Parameters
    ----------
    table
        A row a printed result. Columns cut, about, right, study, kind, question, side, constituency, instrument, answers, date,
        wave, tells (share of the doubt about the margin that the answer was expected to take away), moved (by how much it then
        moved the margin's mean, in standard deviations as they were before), effective (draws left after it).
    ranks
        Columns study, questions, days, rank (mean over days of the rank correlation of tells and moved), low, high, if_right
        (what it would be on average if the model were right).
    thirds
        Columns third, questions, promised and moved (root mean squares, standard deviations), low, high: questions by their place
        among those of the same day.
    skipped
        Results after which too few draws are left to say how far they moved it.
    """

    table: pl.DataFrame
    ranks: pl.DataFrame
    thirds: pl.DataFrame
    skipped: int


def list_days(trial: Trial, cuts: int = CUTS) -> list[tuple[Fold, dt.date | None]]:
    """Days that cut a study's evidence, each with the one after it."""
    folds = cut_often(trial.study, trial.posterior.problem, cuts)
    return list(zip(folds, [*(f.until for f in folds[1:]), None], strict=True))


def look_from(trial: Trial, fold: Fold, then: dt.date | None, seed: int = 1) -> list[dict[str, Any]]:
    """Questions asked from a day until the next, each with what it promised and what it did: rows of ``Hindsight.table``.

    Notes
    -----
    The study is fitted by the approximation to what had ended by that day. The answer is the margin by which all leaders could
    carry the likeliest proposal on record. What a question was expected to tell is worked out as in ``ask_next``, of the question
    as it was put, to as many as it was put to; what it did is the posterior mean after it, by weighting draws with the
    likelihood of what was printed (Gelman et al. 2013, sec. 10.4).
    """
    fitted = measure(
        trial.study, trial.responses, seed=seed, fast=True, until=fold.until, posterior=trial.posterior,
        known=fold.known, heard=fold.heard,
    )  # fmt: skip
    weighed = _weigh_then(fitted, fold.until or trial.study.as_of)
    margin = weighed.margin(weighed.shares())
    likely = fitted.fit.samples["log_likelihood"].reshape(len(margin), -1)
    ends = fitted.cells.names["end"].to_numpy()
    asked = fold.judged & (np.ptp(likely, axis=0) > 0) & ((ends <= np.datetime64(then)) if then else True)
    places = np.flatnonzero(asked)
    if not len(places) or margin.var() < TINY:
        return []
    answers = ndtri(np.clip(fitted.replicate()[:, places], EDGE, 1 - EDGE))
    tells = told_share(answers, margin[:, None])[0]
    moved, effective = move_by(likely[:, places], margin)
    told = {"cut": fold.name, "about": weighed.label, "right": expect_rank(answers, margin, tells)}
    columns = zip(tells.tolist(), moved.tolist(), effective.tolist(), strict=True)
    said = [dict(zip(("tells", "moved", "effective"), c, strict=True)) for c in columns]
    return [told | _who(fitted, int(n)) | s for n, s in zip(places, said, strict=True)]


def judge_hindsight(rows: list[dict[str, Any]]) -> Hindsight:
    """Rank correlations and thirds of rows that ``look_from`` made.

    Raises
    ------
    UsageError
        If no day has enough questions between it and the next.
    """
    every = pl.DataFrame(rows, infer_schema_length=None)
    table = every.filter(pl.col("effective") >= FEWEST) if every.height else every
    if not table.height or table.group_by("study", "cut").len()["len"].max() < COMPARED:  # pyright: ignore[reportOperatorIssue]
        raise UsageError(f"no day has {COMPARED} questions between it and the next; try fewer days: --cuts 3")
    return Hindsight(table, rank_questions(table), compare_thirds(table), every.height - table.height)


def _weigh_then(fitted: Acceptance, day: dt.date) -> Weighed:
    """The likeliest proposal that was on record by a day, or of all that the study is about where none was."""
    study, room = fitted.study, ratify(fitted, date=day)
    about = study.on_record()
    if not about:
        raise UsageError(f"`{study.id}` has no proposal on record, so that nothing can be said of its chance")
    then = [p for p in about if study.proposals[p].date <= day] or about
    weighed = [weigh(room, p) for p in then]
    return max(weighed, key=lambda w: float(w.margin(w.shares()).mean()))


def move_by(
    likely: Float[np.ndarray, "draw answer"], target: Float[np.ndarray, " draw"]
) -> tuple[Float[np.ndarray, " answer"], Float[np.ndarray, " answer"]]:
    """How far each answer moves a target's mean, in the target's standard deviations, and the effective draws that are left.

    Parameters
    ----------
    likely
        Log-likelihood of each answer in each draw.
    """
    weights = np.exp(likely.astype(float) - likely.max(0))
    weights /= weights.sum(0)
    moved = np.abs(weights.T @ (target - target.mean())) / target.std()
    return moved, 1 / (weights**2).sum(0)


def _who(fitted: Acceptance, n: int) -> dict[str, Any]:
    """What was asked, of whom, by whom and when."""
    study, row = fitted.study, fitted.cells.names.row(n, named=True)
    return {
        "study": study.id,
        "kind": study.questions[row["question"]].kind,
        **{c: row[c] for c in ("question", "side", "constituency", "instrument", "answers")},
        "date": str(row["end"]),
        "wave": f"{study.id} {row['instrument']} {row['end']}",
    }


def expect_rank(
    answers: Float[np.ndarray, "draw answer"], target: Float[np.ndarray, " draw"], tells: Float[np.ndarray, " answer"]
) -> float:
    """Rank correlation of what answers tell and what they do that a right model would have, on average over what may be true.

    An answer that is expected to move much may happen to move nothing: even the right ranking has no correlation of one.
    """
    if len(tells) < COMPARED:
        return float("nan")
    after = np.abs(foretell(answers, target) - target.mean())
    ranks = rankdata(tells)
    every = [_correlate(ranks, rankdata(after[d])) for d in np.linspace(0, len(target) - 1, MOST).astype(int)]
    return float(np.mean(every))


def _correlate(a: Float[np.ndarray, " n"], b: Float[np.ndarray, " n"]) -> float:
    """Correlation; 0 where one of both does not vary."""
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else 0.0


def rank_questions(table: pl.DataFrame) -> pl.DataFrame:
    """Rank correlation within days, by study and over all; waves are left out one at a time for its interval."""
    rows, names = [], list(dict.fromkeys(table["study"]))
    for name in [*names, ALL] if len(names) > 1 else names:
        own = table if name == ALL else table.filter(pl.col("study") == name)
        mean, low, high = _with_jackknife(own, lambda t: mean_over_days(t, rank_day))
        row = {"study": name, "questions": own.height, "days": own.select("study", "cut").unique().height}
        row |= {"rank": mean, "low": max(low, -1.0), "high": min(high, 1.0)}
        rows.append(row | {"if_right": mean_over_days(own, lambda day: float(day["right"][0]))})
    return pl.DataFrame(rows)


def rank_day(day: pl.DataFrame) -> float:
    """Rank correlation of what was promised and what came, between the questions of one day."""
    return _correlate(rankdata(day["tells"].to_numpy()), rankdata(day["moved"].to_numpy()))


def mean_over_days(table: pl.DataFrame, figure: Callable[[pl.DataFrame], float]) -> float:
    """Mean of a figure over days that have enough questions, by how many they have."""
    days = [d for _, d in table.group_by("study", "cut", maintain_order=True) if d.height >= COMPARED]
    return float(np.average([figure(d) for d in days], weights=[d.height for d in days])) if days else float("nan")


def _with_jackknife(table: pl.DataFrame, figure: Callable[[pl.DataFrame], float]) -> tuple[float, float, float]:
    """A figure with its 90 % interval; results of one wave come and go together (Efron & Tibshirani 1993, ch. 11)."""
    whole, waves = figure(table), table["wave"].unique(maintain_order=True)
    without = np.array([figure(table.filter(pl.col("wave") != w)) for w in waves])
    without = without[np.isfinite(without)]
    if len(without) < 2:
        return whole, float("nan"), float("nan")
    error = float(np.sqrt((len(without) - 1) * without.var()))
    return whole, whole - WIDTH * error, whole + WIDTH * error


def compare_thirds(table: pl.DataFrame) -> pl.DataFrame:
    """What questions promised and did, by their place among those of the same day."""
    place = (pl.col("tells").rank("ordinal") - 0.5) / pl.len() * len(THIRDS)
    ranked = table.with_columns(third=place.over("study", "cut").floor().cast(pl.Int64))
    rows = []
    for n, name in enumerate(THIRDS):
        own = ranked.filter(pl.col("third") == n)
        if own.height:
            squares = _with_jackknife(own, lambda t: float(np.mean(t["moved"].to_numpy() ** 2)))
            moved, low, high = (float(np.sqrt(max(x, 0.0))) for x in squares)
            promised = float(np.sqrt(np.mean(own["tells"].to_numpy())))
            rows.append(
                {"third": name, "questions": own.height, "promised": promised, "moved": moved, "low": low, "high": high}
            )
    return pl.DataFrame(rows)
