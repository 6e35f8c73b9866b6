"""Polls after a cut-off date, predicted from what was known before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from winset.acceptance import Acceptance, Diagnostics, as_measured, measure
from winset.errors import UsageError
from winset.evidence import gather
from winset.room import ratify
from winset.study import Study


@dataclass(frozen=True)
class Scorecard:
    """Predictions of held-out polls beside naive baselines.

    Parameters
    ----------
    table
        One row per held-out poll: observed, predicted as that question through that instrument (mean, low,
        high), covered, whether the question had been asked before, and the baselines
        ``side_mean`` (mean of the side's earlier polls) and ``nearest`` (latest poll on the most similar offer).
    errors
        Mean absolute error of the model and of each baseline, and the share covered.
    """

    until: dt.date
    table: pl.DataFrame
    errors: pl.DataFrame
    minimum_count: int = 5
    """Groups under it count in the errors, and are not shown."""
    diagnostics: Diagnostics | None = None
    """Verdict on the fit that predicted."""
    votes: pl.DataFrame = field(default_factory=pl.DataFrame)
    """Later votes: predicted (mean, low, high), observed, covered, and what the last poll of the same text had."""


def verify(
    study: Study, until: dt.date, *, kind: str | None = "package", seed: int = 1, fast: bool = True
) -> Scorecard:
    """Fit on evidence dated ``until`` or before; predict the later polls.

    Parameters
    ----------
    kind
        Which kind of question to predict; None for all of them.

    Raises
    ------
    UsageError
        If nothing lies after the date, or nothing before it.
    """
    dates = gather(study).table["end"]
    voted = any(r.day > until for r in study.results)
    if not (dates <= until).any() or not ((dates > until).any() or voted):
        raise UsageError(f"there must be evidence before {until}, and evidence or results of votes after it")
    fitted = measure(study, seed=seed, fast=fast, until=until)
    asked = {q: x for q, x in study.questions.items() if x.against is None and kind in (None, x.kind)}
    predictive = fitted.predictive()
    earlier, table = (
        predictive.filter("known"),
        predictive.filter(~pl.col("known"), pl.col("question").is_in(list(asked))),
    )
    if not table.height and not voted:
        raise UsageError(f"no {kind or ''} question was asked after {until}")
    rows = list(table.iter_rows(named=True))
    table = table.select(
        "question",
        "instrument",
        "constituency",
        "date",
        "answers",
        "measure",
        "observed",
        "mean",
        "low",
        "high",
        "covered",
    )
    table = table.with_columns(
        asked_before=pl.col("question").is_in(earlier["question"].unique().to_list()),
        side_mean=pl.Series(
            [as_measured(_side_mean(earlier, r["side"]), r["measure"]) for r in rows], dtype=pl.Float64
        ),
        nearest=pl.Series([as_measured(_nearest(earlier, study, r), r["measure"]) for r in rows], dtype=pl.Float64),
    )
    votes = foresee_votes(fitted, until, earlier)
    return Scorecard(until, table, _errors(table), study.minimum_count, fitted.diagnostics, votes)


def foresee_votes(fitted: Acceptance, until: dt.date, earlier: pl.DataFrame) -> pl.DataFrame:
    """Later votes beside what was foreseen of them."""
    study, rows = fitted.study, []
    room = ratify(fitted) if any(r.day > until for r in study.results) else None
    for r in study.results if room else ():
        if r.day <= until:
            continue
        said = room.votes(r.proposal, r.day).filter(side=r.side, constituency=r.constituency).row(0, named=True)  # pyright: ignore[reportOptionalMemberAccess]
        terms = dict(study.proposals[r.proposal].terms)
        own = earlier.filter(side=r.side, constituency=r.constituency).sort("date")
        same = [x["decided"] for x in own.iter_rows(named=True) if study.questions[x["question"]].offer == terms]
        rows.append(
            {
                "day": r.day,
                "side": r.side,
                "constituency": r.constituency,
                "label": said["label"],
                "proposal": r.proposal,
            }
            | {
                "observed": r.yes,
                "turnout": r.turnout,
                **{k: said[k] for k in ("mean", "low", "high", "accepts", "carried")},
            }
            | {"covered": said["low"] <= r.yes <= said["high"], "last_poll": same[-1] if same else None}
            | {"mean_of_polls": float(np.mean(same)) if same else None}
        )
    return pl.DataFrame(rows)


def _errors(table: pl.DataFrame) -> pl.DataFrame:
    columns = {
        "model": "mean",
        "same as the side's mean": "side_mean",
        "same as the nearest earlier question": "nearest",
    }
    return pl.DataFrame(
        [
            {
                "prediction": name,
                "mean_absolute_error": float((table[c] - table["observed"]).abs().mean()),  # pyright: ignore[reportArgumentType]
                "covered": float(table["covered"].mean()) if c == "mean" else None,  # pyright: ignore[reportArgumentType]
            }
            for name, c in columns.items()
            if table.height
        ],
    )


def _side_mean(earlier: pl.DataFrame, side: str) -> float:
    own = earlier.filter(pl.col("side") == side)["decided"]
    return float(own.mean()) if len(own) else 0.5  # pyright: ignore[reportArgumentType]


def _nearest(earlier: pl.DataFrame, study: Study, row: Mapping[str, Any]) -> float:
    """Latest earlier poll of the side whose offer shares most terms (and differs in fewest)."""
    wanted = study.questions[row["question"]].offer
    best, score = 0.5, None
    for other in earlier.filter(pl.col("side") == row["side"]).iter_rows(named=True):
        offer = study.questions[other["question"]].offer
        same = sum(wanted.get(i) == o for i, o in offer.items())
        key = (2 * same - len(offer), other["date"])
        if score is None or key > score:
            best, score = float(other["decided"]), key
    return best
