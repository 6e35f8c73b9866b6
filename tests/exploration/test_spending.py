"""Budgets and prices."""

from __future__ import annotations

import numpy as np
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import ask_next
from winset.exploration.spending import read_spending
from winset.exploration.value import choose_set

PLAN = "mediator-2025-01"


def test_money_becomes_people():
    spending = read_spending(30_000, {"poll": 20, "interviews": 400})
    assert spending.people() == {"random": 1500, "journalist": 75}
    assert spending.people(2) == {"random": 750, "journalist": 37}
    assert spending.cost("journalist", 37) == 14_800


@pytest.mark.parametrize(
    ("budget", "prices", "said"),
    [
        (0, {"poll": 20}, "asks nobody"),
        (-5, {"poll": 20}, "asks nobody"),
        (float("nan"), {"poll": 20}, "asks nobody"),
        (100, {}, "needs prices"),
        (100, {"pol": 20}, "poll"),
        (100, {"poll": 0}, "is none"),
        (10, {"poll": 20}, "costs 20 at least"),
    ],
)
def test_what_cannot_be_spent_is_answered_by_a_sentence(budget, prices, said):
    with pytest.raises(UsageError, match=said):
        read_spending(budget, prices)


def test_a_set_of_one_group_holds_no_other(rng):
    target = rng.normal(size=(1600, 2))
    answers = np.stack([target[:, 0], target[:, 1], target[:, 0] + 0.1 * rng.normal(size=1600)], axis=1)
    chosen, shares = choose_set(answers, target.sum(1), 3, ["a", "b", "a"], 1)
    assert "b" not in {["a", "b", "a"][n] for n in chosen[1:]} or chosen[0] == 1
    free, more = choose_set(answers, target.sum(1), 3, ["a", "b", "a"], 2)
    assert more[-1] > shares[-1]
    assert len(free) >= 2


def test_what_is_advised_can_be_paid(tiny_run):
    spending = read_spending(6000, {"poll": 20, "interviews": 300})
    found = ask_next(tiny_run.room, PLAN, spending=spending)
    assert (found.ranked["cost"] <= 6000).all()
    groups = found.together.unique(["of_whom", "how"])
    assert groups["cost"].sum() <= 6000
    assert found.halved is not None
    assert found.halved <= found.together["tells"][-1] + 0.02
    assert set(found.ranked["people"]) <= {300, 20}


def test_prices_are_read_from_the_command_line(tiny_run, tiny_folder, capsys):
    run = str(tiny_folder.parent / "run")
    for typed, said in (
        (["--budget", "0", "--price", "poll=20"], "asks nobody"),
        (["--price", "poll=20"], "--budget"),
        (["--budget", "100", "--price", "poll"], "poll=20"),
    ):
        assert run_cli(["ask", run, "--anyway", *typed]) == 2
        assert said in capsys.readouterr().err
