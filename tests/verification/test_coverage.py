from __future__ import annotations

import pytest

from winset.acceptance import assume
from winset.findings import describe, describe_prior
from winset.runs import Run
from winset.verification import check_coverage


def test_simulated_studies_are_judged_by_their_truth(tiny_run: Run) -> None:
    done = check_coverage(tiny_run.study, 2, fast=True)
    assert done.table.height == 2 * 3
    assert done.table["rank"].is_between(0, 1).all()
    assert "known truths" in describe(done)[0].sentence


@pytest.mark.slow
def test_intervals_hold_the_truth_nine_times_in_ten(tiny_run: Run) -> None:
    covered, error = check_coverage(tiny_run.study, 40, fast=True).coverage()
    assert covered > 0.9 - 3 * error


def test_the_priors_alone_foresee_widely(tiny_run: Run) -> None:
    assumed = assume(tiny_run.study, tiny_run.responses)
    wide, narrow = (a.predictive() for a in (assumed, tiny_run.acceptance))
    assert ((wide["high"] - wide["low"]) > (narrow["high"] - narrow["low"])).all()
    assert "prior predictive" in describe_prior(assumed)[0].sentence
