"""Polls after a cut-off date, predicted from what was known before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr, ndtri

from winset.acceptance import Acceptance, interval, measure, prepare
from winset.errors import UsageError
from winset.evidence import gather
from winset.study import Study


@dataclass(frozen=True)
class Scorecard:
    """Predictions of held-out polls beside naive baselines.

    Parameters
    ----------
    table
        One row per held-out poll: observed, predicted (mean, low, high), covered, and the baselines
        ``side_mean`` (mean of the side's earlier polls) and ``nearest`` (latest poll on the most similar offer).
    errors
        Mean absolute error of the model and of each baseline, and the share covered.
    """

    until: dt.date
    table: pl.DataFrame
    errors: pl.DataFrame


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
    responses = gather(study)
    known = responses.until(until)
    if not len(known) or len(known) == len(responses):
        raise UsageError(f"there must be evidence both before and after {until}")
    fitted = measure(study, known, seed=seed, fast=fast)
    everything = prepare(study, responses).problem.cells
    dates = everything.names["date"].to_list()
    observed = everything.accepted()
    rows = []
    for n in np.flatnonzero(np.isfinite(observed)):
        row = everything.names.row(int(n), named=True)
        question = study.questions[row["question"]]
        if dates[n] <= until or question.against or (kind and question.kind != kind):
            continue
        predicted = _predict(fitted, study, row, float(everything.total[n]), seed)
        low_high = interval(predicted)
        rows.append(
            {"question": row["question"], "instrument": row["instrument"], "constituency": row["constituency"]}
            | {"date": row["date"], "observed": float(observed[n]), **low_high}
            | {"covered": low_high["low"] <= observed[n] <= low_high["high"]}
            | {"side_mean": _side_mean(fitted, row), "nearest": _nearest(fitted, study, row)}
        )
    if not rows:
        raise UsageError(f"no {kind or ''} question after {until} prints both its shares")
    table = pl.DataFrame(rows)
    return Scorecard(until, table, _errors(table))


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
        ],
    )


def _predict(fitted: Acceptance, study: Study, row: dict, total: float, seed: int) -> np.ndarray:
    """Draws of a poll's share: acceptance, the question's deviation, and noise of the sample."""
    question = study.questions[row["question"]]
    shares = fitted.shares(question.offer, row["date"])
    j = study.constituencies().index((row["side"], row["constituency"]))
    samples = {
        k: v.reshape(-1) for k, v in fitted.fit.samples.items() if k in {f"question_{question.kind}", "cluster_polls"}
    }
    rng = np.random.default_rng([seed, 13])
    spread = samples[f"question_{question.kind}"]
    p = ndtr(ndtri(np.clip(shares[:, j], 1e-4, 1 - 1e-4)) + spread * rng.standard_normal(len(spread)))
    a = 1 / samples["cluster_polls"] - 1
    n = max(round(total), 1)
    return rng.binomial(n, rng.beta(a * p, a * (1 - p))) / n


def _side_mean(fitted: Acceptance, row: dict) -> float:
    observed = fitted.cells.accepted()
    own = (fitted.cells.names["side"] == row["side"]).to_numpy() & np.isfinite(observed)
    return float(observed[own].mean()) if own.any() else 0.5


def _nearest(fitted: Acceptance, study: Study, row: dict) -> float:
    """Latest earlier poll of the side whose offer shares most terms (and differs in fewest)."""
    names, observed = fitted.cells.names, fitted.cells.accepted()
    wanted = study.questions[row["question"]].offer
    best, score = 0.5, None
    for n in np.flatnonzero(np.isfinite(observed)):
        other = names.row(int(n), named=True)
        if other["side"] != row["side"]:
            continue
        offer = study.questions[other["question"]].offer
        same = sum(wanted.get(i) == o for i, o in offer.items())
        key = (2 * same - len(offer), other["date"])
        if score is None or key > score:
            best, score = float(observed[n]), key
    return best
