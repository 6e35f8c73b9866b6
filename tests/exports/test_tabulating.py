"""Questions that were put one by one, counted."""

from __future__ import annotations

import polars as pl
import pytest

from winset.errors import UsageError
from winset.exports.tabulating import list_asked, list_weights, tabulate

ANSWERS = {"Yes": "accept", "Rather yes": "accept", "No": "reject", "DK": "dont-know"}


@pytest.fixture
def people() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "border": ["Yes", "Yes", "Rather yes", "No", "DK", None, "No", "Yes"],
            "job": ["a", "a", "a", "a", "b", "b", "b", "c"],
            "w": [1.0, 2.0, 1.0, 1.0, 0.5, 1.0, 1.5, 1.0],
        }
    )


def test_shares_are_weighted_and_n_is_not(people: pl.DataFrame) -> None:
    found = tabulate(people, "border", ANSWERS, weight="w", groups=("job", {"a": "public", "b": "army"}))
    public, army = found["public"], found["army"]
    assert (public.n, army.n) == (4, 2)  # who gave no answer was not asked, and nobody of c counts
    assert public.shares == {"accept": 80.0, "reject": 20.0, "dont-know": 0.0}
    assert public.n_eff == round(25 / 7, 1)  # Kish: (1 + 2 + 1 + 1)^2 / (1 + 4 + 1 + 1)
    assert army.shares == {"accept": 0.0, "reject": 75.0, "dont-know": 25.0}


def test_without_weights_everybody_counts_once(people: pl.DataFrame) -> None:
    found = tabulate(people, "border", ANSWERS)[""]
    assert (found.n, found.n_eff) == (7, None)
    assert found.shares == {"accept": 57.14, "reject": 28.57, "dont-know": 14.29}


def test_columns_that_may_be_questions_and_weights(people: pl.DataFrame) -> None:
    table = people.with_columns(id=pl.Series([f"p{n}" for n in range(8)]), same=pl.lit("x"))
    asked = list_asked(table, {"border": "The river?"})
    assert [a.column for a in asked] == ["border", "job", "w", "id"]
    assert asked[0].label == "The river?"
    assert asked[0].values == {"DK": 1, "No": 2, "Rather yes": 1, "Yes": 3}
    many = pl.DataFrame({"weight": [0.5 + n / 40 for n in range(40)], "income": [1000.0 + n for n in range(40)]})
    assert list_weights(many) == ["weight"]


@pytest.mark.parametrize(
    ("column", "answers", "weight", "said"),
    [
        ("boarder", ANSWERS, None, "no column `boarder`; did you mean `border`"),
        ("border", {"Never": "reject"}, None, "nobody answered `border`"),
        ("border", ANSWERS, "job", "`job` is empty or below 0"),
    ],
)
def test_what_cannot_be_counted_is_said(
    people: pl.DataFrame, column: str, answers: dict[str, str], weight: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        tabulate(people, column, answers, weight=weight)


def test_weights_that_are_all_nothing(people: pl.DataFrame) -> None:
    with pytest.raises(UsageError, match="all weights of a group are 0"):
        tabulate(people.with_columns(w=pl.lit(0.0)), "border", ANSWERS, weight="w")
