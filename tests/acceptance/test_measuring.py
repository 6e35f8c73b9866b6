"""Small fits: what goes in comes out, with the width it deserves."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.acceptance import acceptance_of, measure, prior_table
from winset.acceptance.draws import AcceptanceDraws
from winset.evidence import gather
from winset.runs import Run
from winset.study import load


def test_acceptance_is_the_closed_form_of_its_simulation(tiny_run: Run, rng: np.random.Generator) -> None:
    draws: AcceptanceDraws = tiny_run.acceptance.draws
    package = (1, 0)
    share = acceptance_of(draws, package, draws.level_at(tiny_run.study.as_of))[0, 0]
    mean = draws.level_at(tiny_run.study.as_of)[0, 0] + draws.worth[0, 0, 0, 1] + draws.worth[0, 0, 1, 0]
    spread = np.sqrt(1 + draws.person_variance[0, 0].sum())
    people = mean + spread * rng.standard_normal(400_000) > 0
    kept = np.exp(draws.log_kept[0, 0, 0, 1] + draws.log_kept[0, 0, 1, 0])
    lapse = draws.lapse[0]
    assert share == pytest.approx(kept * (lapse + (1 - 2 * lapse) * people.mean()), abs=0.005)


def test_a_polled_term_lies_near_its_poll(tiny_run: Run) -> None:
    support = tiny_run.acceptance.support({"land": "split"})
    south = support.filter(pl.col("side") == "south")
    assert south["low"][0] < 55 / 88 < south["high"][0]


def test_a_group_nobody_asked_is_wider_and_says_so(tiny_run: Run) -> None:
    support = tiny_run.acceptance.support({"land": "split"})
    public, army = (
        support.filter((pl.col("side") == "north") & (pl.col("constituency") == c)) for c in ("public", "army")
    )
    assert (army["high"] - army["low"])[0] > (public["high"] - public["low"])[0]
    assert army["answers"][0] == 0
    assert army["evidence"][0] < public["evidence"][0]


def test_what_was_not_read_widens_the_interval_more_than_what_was_left_open(tiny_run: Run) -> None:
    draws = tiny_run.acceptance.draws
    level = draws.level_at(tiny_run.study.as_of)
    left_open, unread = (acceptance_of(draws, (1, -1), level, u)[:, 0] for u in ((), (1,)))
    assert unread.std() > left_open.std()


def test_the_future_is_wider_than_the_present(tiny_run: Run) -> None:
    import datetime as dt

    now, later = (tiny_run.acceptance.shares({"land": "split"}, d)[:, 0] for d in (None, dt.date(2027, 1, 1)))
    assert later.std() > now.std()


def test_the_same_seed_gives_the_same_numbers(tiny_run: Run) -> None:
    again = measure(tiny_run.study, fast=True)
    assert np.array_equal(again.draws.worth, tiny_run.acceptance.draws.worth)


def test_no_evidence_at_all_is_prior_and_says_so(folder) -> None:
    (folder / "polls.csv").unlink()
    study = load(folder)
    measured = measure(study, gather(study), fast=True)
    assert measured.support({"land": "split"})["evidence"].max() < 0.2


def test_every_prior_has_a_reason() -> None:
    assert prior_table()["reason"].str.len_chars().min() > 8


@pytest.mark.slow
def test_nuts_passes_its_checks_and_agrees_with_laplace(folder) -> None:
    study = load(folder)
    exact, fast = measure(study), measure(study, fast=True)
    assert exact.diagnostics.passed, exact.diagnostics.sentence
    gap = exact.support({"land": "split"})["mean"] - fast.support({"land": "split"})["mean"]
    assert gap.abs().max() < 0.08
