from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.conjoint import Design, design_experiment
from winset.errors import UsageError

LEVELS = {"land": ["north", "split", "south"], "water": ["joint", "own"], "troops": ["stay", "leave"]}


@pytest.fixture(scope="module")
def design() -> Design:
    return design_experiment(
        LEVELS, tasks=5, respondents=300, excluded=[{"land": "north", "water": "joint"}], repeat=True, seed=4
    )


def test_excluded_combinations_are_never_shown(design: Design) -> None:
    assert design.table.filter(land="north", water="joint").height == 0
    assert design.table.filter(land="north", water="own").height > 0


def test_the_two_profiles_of_a_task_differ(design: Design) -> None:

    same = design.table.group_by("respondent", "task").agg(pl.struct("land", "water", "troops").n_unique())
    assert (same["land"] == 2).all()


def test_the_last_task_repeats_the_first_turned_round(design: Design) -> None:
    first, last = (design.table.filter(task=t) for t in (1, 5))
    assert first.filter(profile=1).drop("task", "profile").equals(last.filter(profile=2).drop("task", "profile"))


def test_the_same_seed_draws_the_same_tasks(design: Design) -> None:
    again = design_experiment(
        LEVELS, tasks=5, respondents=300, excluded=[{"land": "north", "water": "joint"}], repeat=True, seed=4
    )
    assert again.table.equals(design.table)


def test_the_detectable_effect_is_that_of_a_difference_of_shares() -> None:
    """Half of 4,000 profiles on each side, p = 1/2: se = 2 sqrt(.25 / 4000); 2.8016 of them at 80 % power."""
    found = design_experiment(
        {"water": ["joint", "own"], "x": list("abcdefgh")}, tasks=4, respondents=500, correlation=0.0
    )
    detectable = found.power.filter(attribute="water")["detectable"][0]
    assert detectable == pytest.approx(2.8016 * 2 * np.sqrt(0.25 / 4000), rel=0.1)


def test_a_wide_design_is_read_back_by_the_reader(design: Design) -> None:
    from winset.evidence.wide import reshape_wide
    from winset.study import declare_wide

    wide = design.wide().with_columns(**{f"choice_{t}": pl.lit(1) for t in range(1, 6)})
    patterns = declare_wide("F-{task}-{profile}-{slot}", "F-{task}-{slot}", "choice_{task}")
    long = reshape_wide(wide, patterns, "respondent")
    assert long.height == design.table.height
    assert (long.filter(profile="1")["outcome"] == 1).all()
    assert (long.filter(profile="2")["outcome"] == 0).all()
    one = long.filter(respondent=7, task="3", profile="2").row(0, named=True)
    assert {a: one[a] for a in LEVELS} == design.table.filter(respondent=7, task=3, profile=2).select(list(LEVELS)).row(
        0, named=True
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"respondents": 1}, "two respondents"),
        ({"excluded": [{"lend": "north"}]}, "did you mean `land`"),
        ({"excluded": [{"land": x} for x in LEVELS["land"]]}, "too little to show"),
        ({"levels": {"land": ["north"]}}, "nothing to vary"),
        ({"power": 1.5}, "power lies between"),
    ],
)
def test_an_impossible_design_is_a_sentence(changes: dict, said: str) -> None:
    asked = {"levels": LEVELS, "tasks": 3, "respondents": 20} | changes
    with pytest.raises(UsageError, match=said):
        design_experiment(asked.pop("levels"), **asked)
