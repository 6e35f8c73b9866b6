from __future__ import annotations

import datetime as dt

import pytest

from winset.errors import UsageError
from winset.findings import describe
from winset.runs import Run
from winset.verification import leave_one_out, verify


def test_each_poll_is_predicted_once_with_its_reliability(tiny_run: Run) -> None:
    table = leave_one_out(tiny_run.acceptance).table
    assert table.height == 2
    assert table["predicted"].is_between(0, 1).all()
    assert table["pareto_k"].is_not_null().all()


def test_a_backtest_needs_evidence_on_both_sides_of_its_date(tiny_run: Run) -> None:
    with pytest.raises(UsageError, match="evidence before"):
        verify(tiny_run.study, dt.date(2020, 1, 1))


def test_a_backtest_never_sees_what_it_predicts(folder) -> None:
    from winset.study import load

    polls = folder / "polls.csv"
    lines = polls.read_text()
    later = [
        line.replace("2025-01-05", "2025-01-20").replace("2025-01-10", "2025-01-25").replace("-2025-01,", "-b,")
        for line in lines.splitlines()[1:3]
    ]
    polls.write_text(lines + "\n".join(later) + "\n")
    card = verify(load(folder), dt.date(2025, 1, 15), kind="term")
    assert card.table["nearest"].to_list() == pytest.approx([41 / 89])
    assert describe(card)[0].table.height == 1
    assert [d.method for d in card.diagnostics.values()] == ["Laplace approximation"]


def test_leaving_a_poll_out_moves_its_prediction_away_from_it(tiny_run: Run) -> None:
    left_out = leave_one_out(tiny_run.acceptance).table
    kept_in = tiny_run.acceptance.predictive()
    gap_out = (left_out["predicted"] - left_out["observed"]).abs()
    gap_in = (kept_in["mean"] - kept_in["observed"]).abs()
    assert (gap_out > gap_in).all()
