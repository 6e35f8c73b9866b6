"""Attitudes fitted to poll series: a truth that was put in comes out again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr

from winset.errors import UsageError
from winset.findings import describe
from winset.study import load
from winset.verification import fit_attitudes
from winset.verification.attitudes import NAMES, design

TRUTH = {"fatigue": 0.55, "fatigue_recent": 0.0, "duration": -0.05, "mobilisation": 0.3}
PEOPLE = 1500


@pytest.fixture
def long_war(folder: Path, edit: Callable, rng: np.random.Generator):
    """A study of a war of four years with monthly losses, two mobilisations, and a question asked every month."""
    edit("talks.yaml", "began: 2023-06-01", "began: 2021-06-01")
    edit("talks.yaml", "  truces: []", "  series: {north: river-border}")
    months = [dt.date(2021 + (5 + m) // 12, (5 + m) % 12 + 1, 1) for m in range(46)]
    lost = rng.lognormal(6, 0.5, len(months)).round()
    lines = ["day,side,what,value", *(f"{m},north,losses,{v:.0f}" for m, v in zip(months, lost, strict=True))]
    lines += ["2022-09-21,north,mobilisation,1", "2024-03-03,north,mobilisation,1"]
    (folder / "history.csv").write_text("\n".join(lines) + "\n")
    return load(folder)


def ask(study, rng: np.random.Generator, truth: dict[str, float], step: float) -> pl.DataFrame:
    """Answers to one question, month by month, as the model would have them."""
    days = [dt.date(2021 + (6 + m) // 12, (6 + m) % 12 + 1, 20) for m in range(44)]
    x = design(study, "north", days, 13.0) @ [truth[n] for n in NAMES]
    walk = np.cumsum(rng.normal(0, step, len(days)))
    yes = rng.binomial(PEOPLE, ndtr(0.1 + x + walk))
    columns = {"question": "river-border", "side": "north", "categories": 2}
    rows = [
        {"instrument": f"poll-{d}", "date": d, "category": c, "weight": float(w), **columns}
        for d, y in zip(days, yes, strict=True)
        for c, w in ((1, y), (0, PEOPLE - y))
    ]
    return pl.DataFrame(rows)


class Answers:
    """As many responses as a fit looks at."""

    def __init__(self, table: pl.DataFrame) -> None:
        self.table = table


def test_what_was_put_in_comes_out(long_war, rng: np.random.Generator) -> None:
    """Over simulated series the 90 % intervals hold what they were made with."""
    held, means = [], []
    for _ in range(12):
        found = fit_attitudes(long_war, Answers(ask(long_war, rng, TRUTH, 0.02)))  # pyright: ignore[reportArgumentType]
        table = {r["parameter"]: r for r in found.estimates.iter_rows(named=True)}
        held += [table[n]["low"] <= TRUTH[n] <= table[n]["high"] for n in ("fatigue", "mobilisation", "duration")]
        means.append(table["mobilisation"]["mean"])
    assert np.mean(held) >= 0.8
    assert np.mean(means) == pytest.approx(0.3, abs=0.06)


def test_where_losses_and_calls_move_people_it_foresees_better_than_a_walk(long_war, rng: np.random.Generator) -> None:
    scores = []
    for _ in range(6):
        found = fit_attitudes(long_war, Answers(ask(long_war, rng, TRUTH, 0.01)))  # pyright: ignore[reportArgumentType]
        scores.append(found.scores.sort("prediction")["log_score"].to_list())
    constant, model, walk = np.mean(scores, axis=0)
    assert model > walk
    assert model > constant
    assert "better than" in describe(found)[1].sentence or "worse than" in describe(found)[1].sentence


def test_too_few_polls_and_no_series_are_sentences(long_war, rng: np.random.Generator) -> None:
    table = ask(long_war, rng, TRUTH, 0.02).head(8)
    with pytest.raises(UsageError, match="`river-border` has 4 polls with both shares; 6 at least"):
        fit_attitudes(long_war, Answers(table))  # pyright: ignore[reportArgumentType]
    bare = dataclasses.replace(long_war, war=long_war.war.model_copy(update={"series": {}}))
    with pytest.raises(UsageError, match="names no series"):
        fit_attitudes(bare)
