"""What nobody asked is doubtful by group, what somebody asked stays as it was fitted, and don't-knows are a pollster's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.acceptance.small import poll, question, side, write_small

from winset.acceptance import Acceptance, flatten, measure, pose
from winset.acceptance.meaning import lay_wanderings
from winset.acceptance.prints import mean_hidden
from winset.acceptance.priors import PRIORS
from winset.acceptance.unasked import asked_options
from winset.evidence import gather
from winset.findings import describe_best
from winset.findings.rooms import rank_told, say_best
from winset.room import ratify
from winset.room.asking import never_asked, tell_space, told_options

GROUPS = {"public": {"label": "Public"}, "army": {"label": "Army"}}


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Acceptance:
    """The public was asked about splitting the land, the army about nothing, nobody about anything else."""
    made = side(constituencies=GROUPS)
    asked = {"q": question(offer={"land": "split"})}
    polls = [poll("q", "public", 1500, "accept 50", "reject 50")]
    return measure(write_small(tmp_path_factory.mktemp("half"), {"a": made}, asked, polls), fast=True)


def at(found: Acceptance, issue: str, option: str) -> tuple[int, int]:
    ids = [i.id for i in found.study.space.issues]
    return ids.index(issue), [o.id for o in found.study.space.issue(issue).options].index(option)


def test_who_was_asked_what(half: Acceptance) -> None:
    problem = pose(half.study, half.responses)
    asked = asked_options(problem)
    k, n = at(half, "land", "split")
    assert asked.side.sum() == asked.leaf.sum() == 1
    assert asked.leaf[0, k, n]
    assert asked.side[0, k, n]
    assert not asked_options(problem, np.zeros(len(problem.cells), bool)).leaf.any()
    assert half.draws.asked[:, k, n].tolist() == [True, False]


def test_only_what_nobody_asked_moves_and_by_its_prior(half: Acceptance) -> None:
    fitted, doubted = flatten(half.fit)["worth"], half.draws.worth
    moved = doubted - fitted
    k, n = at(half, "land", "split")
    assert np.abs(moved[:, 0, k, n]).max() < 1e-12
    assert moved[:, 1, k, n].std() == pytest.approx(PRIORS["unasked_spread"].second, rel=0.1)
    k, n = at(half, "land", "keep")
    both = np.hypot(PRIORS["unasked"].second, PRIORS["unasked_spread"].second)
    assert moved[:, 0, k, n].std() == pytest.approx(both, rel=0.1)
    shared = np.corrcoef(moved[:, 0, k, n], moved[:, 1, k, n])[0, 1]
    assert shared == pytest.approx((PRIORS["unasked"].second / both) ** 2, abs=0.1)


def test_the_far_end_may_be_worse_than_its_order_says_where_nobody_asked(half: Acceptance) -> None:
    """Mean of a half-normal: .3 sqrt(2 / pi) = .24."""
    k, worst = at(half, "land", "give")
    moved = half.draws.worth[:, 0, k] - flatten(half.fit)["worth"][:, 0, k]
    assert moved[:, worst].mean() == pytest.approx(-0.24, abs=0.04)
    assert moved[:, at(half, "land", "keep")[1]].mean() == pytest.approx(0, abs=0.04)


def test_evidence_of_a_text_that_nobody_asked_about_is_small(half: Acceptance) -> None:
    told, untold = half.support({"land": "split"}), half.support({"land": "give"})
    assert told["evidence"][0] > untold["evidence"][0] > untold["evidence"][1] - 0.05
    assert (untold["high"] - untold["low"])[0] > (told["high"] - told["low"])[0]


def test_a_term_counts_as_told_where_everybody_who_decides_was_asked(half: Acceptance) -> None:
    study, draws = half.study, half.draws
    told = told_options(study, draws)
    k, n = at(half, "land", "split")
    assert told.sum() == 1
    assert told[k, n]
    space = tell_space(ratify(half).scores.space, study, told, {})
    assert [(i.id, [o.id for o in i.options]) for i in space.issues] == [("land", ["split"])]
    assert never_asked(study, draws, {"land": "split"}) == []
    assert never_asked(study, draws, {"land": "give"})[0].endswith(": nobody who decides was asked")


def test_steps_of_a_question_are_laid_between_its_waves(tmp_path: Path) -> None:
    polls = [
        poll("q", "public", 900, "accept 50", "reject 50", start=d, end=d)
        for d in ("2024-01-10", "2024-05-10", "2025-01-10")
    ]
    study = write_small(tmp_path, {"a": side()}, {"q": question()}, polls)
    problem = pose(study, gather(study))
    found = lay_wanderings(problem.cells, problem.layout)
    steps = found.reach * np.sqrt(found.months)
    months = problem.layout.knots[problem.cells.knot]
    variance = (steps**2).sum(1)
    assert variance == pytest.approx(months - months.min())
    assert (steps @ steps.T)[np.argsort(months)][1, 2] == pytest.approx(4)


def test_dont_knows_left_out_are_those_the_instrument_prints_elsewhere() -> None:
    """Prior mean 2 / 16; an instrument that printed 2 and 4 per cent: (.125 + .02 + .04) / 3."""
    instrument = np.array([0, 0, 0, 1])
    printed = np.array([0.02, 0.04, np.nan, np.nan])
    assert mean_hidden(instrument, printed) == pytest.approx([0.185 / 3] * 3 + [0.125])


def test_what_rests_on_terms_nobody_was_asked_about_is_listed_apart(half: Acceptance) -> None:
    told, every = ratify(half).guarded(3)
    assert told is not None
    assert told.table()["never_asked"].to_list() == [0]
    assert every.table()["never_asked"].min() > 0
    said = {f.id: f.sentence for f in describe_best(told, every, {})}
    assert [*said] == ["best", "ask-first"]
    assert "were never put to some who decide, so that nobody knows: " in said["ask-first"]
    assert "(ask first)" in say_best(told, rank_told(every.table()), len(half.study.space.issues))


def test_of_packages_alike_the_one_that_was_asked_about_comes_first() -> None:
    table = pl.DataFrame({"p_all": [0.953, 0.948, 0.91], "never_asked": [2, 1, 0]})
    assert rank_told(table)["never_asked"].to_list() == [1, 2, 0]
