"""Questions of the past: ranked from what was known before, and what their answers did."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm, spearmanr

from winset.errors import UsageError
from winset.exploration.hindsight import (
    compare_thirds,
    expect_rank,
    judge_hindsight,
    list_days,
    look_from,
    move_by,
    rank_questions,
)
from winset.study import load
from winset.verification import Trial


def planted(days: int, each: int, rng: np.random.Generator, *, noise: float) -> list[dict]:
    """Rows of days on which what was promised came, up to noise."""
    tells = rng.uniform(0, 0.5, (days, each))
    moved = np.sqrt(tells) * np.exp(noise * rng.normal(size=tells.shape))
    return [
        {"cut": f"d{d}", "about": "x", "right": 0.5, "study": "s", "kind": "term", "wave": f"w{d}-{n // 2}"}
        | {"tells": float(tells[d, n]), "moved": float(moved[d, n]), "effective": 500.0}
        for d in range(days)
        for n in range(each)
    ]


def test_an_answer_moves_a_normal_mean_as_bayes_has_it(rng):
    """theta ~ N(0, 1), answers at 2 with error 1 and 3: the mean moves to 2 / (1 + error^2)."""
    theta = rng.normal(size=400_000)
    likely = np.stack([norm.logpdf(2, theta, 1), norm.logpdf(2, theta, 3)], axis=1)
    moved, effective = move_by(likely, theta)
    assert moved == pytest.approx([1.0, 0.2], abs=0.01)
    assert effective[0] < effective[1] < 400_000


def test_promises_that_are_kept_rank_as_they_should(rng):
    found = judge_hindsight(planted(6, 8, rng, noise=0.0))
    assert found.ranks["rank"][0] == pytest.approx(1)
    assert found.thirds["moved"].to_list() == pytest.approx(found.thirds["promised"].to_list())
    assert found.thirds["questions"].sum() == 48


def test_the_rank_correlation_is_that_of_every_day(rng):
    rows = planted(3, 10, rng, noise=0.7)
    table = pl.DataFrame(rows)
    by_hand = [spearmanr(d["tells"], d["moved"])[0] for _, d in table.group_by("cut", maintain_order=True)]
    row = judge_hindsight(rows).ranks.row(0, named=True)
    assert row["rank"] == pytest.approx(np.mean(by_hand))
    assert row["low"] < row["rank"] < row["high"]
    assert row["if_right"] == pytest.approx(0.5)


def test_promises_that_mean_nothing_have_an_interval_around_zero(rng):
    """Of forty made-up records some nine in ten intervals hold zero."""
    held = 0
    for _ in range(40):
        rows = planted(6, 6, rng, noise=0.0)
        moved = rng.permutation([r["moved"] for r in rows])
        table = pl.DataFrame([r | {"moved": float(m)} for r, m in zip(rows, moved, strict=True)])
        row = rank_questions(table).row(0, named=True)
        held += row["low"] < 0 < row["high"]
    assert 32 <= held <= 40


def test_answers_that_leave_few_draws_are_counted_apart(rng):
    rows = planted(2, 6, rng, noise=0.1)
    rows[0]["effective"] = 3.0
    found = judge_hindsight(rows)
    assert (found.table.height, found.skipped) == (11, 1)
    with pytest.raises(UsageError, match="--cuts 3"):
        judge_hindsight(rows[:2])


def test_even_a_right_model_has_luck_in_its_answers(rng):
    theta = rng.normal(size=2000)
    sizes = np.array([0.3, 0.5, 1, 2, 4, 8])
    answers = theta[:, None] + sizes * rng.normal(size=(2000, 6))
    right = expect_rank(answers, theta, 1 / (1 + sizes**2))
    assert 0.5 < right < 0.95


def test_thirds_are_of_each_day(rng):
    rows = planted(4, 9, rng, noise=0.2)
    far = [r | {"tells": r["tells"] * (10 if r["cut"] == "d0" else 1)} for r in rows]
    assert compare_thirds(pl.DataFrame(far))["questions"].to_list() == [12, 12, 12]


def test_questions_of_a_study_are_ranked_from_what_had_ended(folder):
    rows = [
        f"north-2025-03,river-border,north-poll,public,2025-03-05,2025-03-10,800,{a},release"
        for a in ("accept,30", "reject,60")
    ]
    with (folder / "polls.csv").open("a") as file:
        file.write("\n".join(rows) + "\n")
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(text.replace("as_of: 2025-01-31", "as_of: 2025-03-31"))
    trial = Trial.of(load(folder))
    (fold, then), *_ = list_days(trial, 1)
    rows = look_from(trial, fold, then)
    assert rows
    assert all(r["date"] > fold.name for r in rows)
    assert all(0 <= r["tells"] <= 1 and r["moved"] >= 0 for r in rows)
