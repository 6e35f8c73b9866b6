"""Wide exports, written down by hand: what each answer, gap and repetition becomes."""

from __future__ import annotations

import polars as pl
import pytest

from winset.errors import UsageError
from winset.exports import Long, reshape
from winset.study import NOT_SHOWN, Repeated, Wide

PEOPLE = {
    "id": [1, 2],
    "landa1": ["north", "half"],
    "landa2": ["half", "south"],
    "landb1": ["south", "north"],
    "landb2": ["north", "half"],
}


def read(answers: dict[str, list], **how: object) -> Long:
    wide = Wide(columns="{attribute}{task}{profile}", **how)  # pyright: ignore[reportArgumentType]
    return reshape(pl.DataFrame(PEOPLE | answers), wide, "id", attributes=["land"])


def chosen(long: Long) -> dict[tuple[int, str], str]:
    """Level that each person chose in each task."""
    rows = long.table.filter(pl.col("outcome") == 1)
    return {(r["id"], r["task"]): r["land"] for r in rows.iter_rows(named=True)}


ANSWERS = {(1, "a"): "half", (1, "b"): "south", (2, "a"): "south", (2, "b"): "north"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1", "2"),
        (1, 2),
        (1.0, 2.0),
        ("Community A", "Community B"),
        ("A", "B"),
        ("left", "right"),
        ("The left plan", "The right plan"),
        ("Plan 1", "Plan 2"),
        ("1 (top)", "2 (bottom)"),
        ("first", "second"),
    ],
)
def test_answers_name_a_profile_by_number_letter_or_side(one: object, two: object) -> None:
    long = read({"va": [two, two], "vb": [one, one]}, outcome="v{task}")
    assert chosen(long) == ANSWERS
    assert long.notes == ()


def test_answers_may_be_the_text_of_the_profile() -> None:
    long = read({"va": ["half", "south"], "vb": ["South", "north"]}, outcome="v{task}")
    assert chosen(long) == ANSWERS
    assert long.notes == ("answers say what the profiles say",)


def test_words_that_name_nothing_are_taken_in_alphabetical_order_and_that_is_told() -> None:
    long = read({"va": ["Olive", "Olive"], "vb": ["Amber", "Amber"]}, outcome="v{task}")
    assert chosen(long) == ANSWERS
    assert long.notes == ("answers taken in alphabetical order: `Amber` for profile 1, `Olive` for profile 2",)


def test_words_may_be_declared() -> None:
    how = {"outcome": "v{task}", "chosen": {"Olive": "1", "Amber": "2"}}
    assert chosen(read({"va": ["Amber", "Amber"], "vb": ["Olive", "Olive"]}, **how)) == ANSWERS


def test_answers_that_name_nothing_ask_for_a_declaration() -> None:
    with pytest.raises(
        UsageError, match=r"answers `1`, `2`, `Perhaps` do not name one of 2 profiles.*none: \['Perhaps'\]"
    ):
        read({"va": ["2", "Perhaps"], "vb": ["1", "1"]}, outcome="v{task}")


def test_none_of_them_chooses_no_profile() -> None:
    long = read({"va": ["2", "Neither"], "vb": ["1", "1"]}, outcome="v{task}", none=("Neither",))
    assert long.table.filter(id=2, task="a")["outcome"].to_list() == [0, 0]
    assert long.notes == ("in 1 of 4 tasks none of the profiles was chosen",)


def test_an_unanswered_task_is_left_out_and_counted() -> None:
    long = read({"va": ["2", None], "vb": ["1", " "]}, outcome="v{task}")
    assert long.table.height == 4
    assert long.notes == ("2 of 4 tasks have no answer and are left out; 1 person answered none",)


def test_answers_are_listed_in_the_order_of_tasks() -> None:
    assert chosen(read({"Q9": [2, 2], "Q4": [1, 1]}, outcome=("Q9", "Q4"))) == ANSWERS


def test_answers_are_counted_off() -> None:
    assert chosen(read({"Q7": [2, 2], "Q10": [1, 1]}, outcome="Q{3*task+4}")) == ANSWERS


def test_profiles_are_rated_one_by_one() -> None:
    rated = {f"r_{t}{p}": [n, 7] for n, (t, p) in enumerate((t, p) for t in "ab" for p in "12")}
    long = read(rated, outcome="r_{task}{profile}")
    assert long.table.filter(id=1)["outcome"].to_list() == ["0", "1", "2", "3"]


@pytest.mark.parametrize(("flipped", "same"), [(False, [0, 1]), (True, [1, 0])])
def test_a_task_that_came_again_stands_beside(flipped: bool, same: list[int]) -> None:
    again = Repeated(outcome="again", task=1, flipped=flipped)
    long = read({"va": [2, 2], "vb": [1, 1], "again": [2, None]}, outcome="v{task}", repeated=(again,))
    assert long.table.height == 8, "it is no part of the effects"
    rows = long.repeats.sort("land")  # half, north
    assert rows["land"].to_list() == ["half", "north"]
    assert rows["outcome"].to_list() == same[::-1]


def test_attributes_that_a_task_does_not_show_are_a_level() -> None:
    gaps = {"dama1": ["joint", None], "dama2": ["own", None], "damb1": [None, "own"], "damb2": [None, "joint"]}
    wide = Wide(columns="{attribute}{task}{profile}", outcome="v{task}")
    table = pl.DataFrame(PEOPLE | gaps | {"va": [2, 2], "vb": [1, 1]})
    long = reshape(table, wide, "id", attributes=["land", "dam"], partial=True)
    assert long.table.filter(id=1, task="b")["dam"].to_list() == [NOT_SHOWN, NOT_SHOWN]
    assert long.table.filter(id=1, task="a")["dam"].to_list() == ["joint", "own"]


def test_task_10_comes_after_task_9() -> None:
    columns = {f"land_{t}_{p}": ["north", "south"] for t in range(1, 12) for p in (1, 2)}
    answers = {f"v{t}": [1, 2] for t in range(1, 12)}
    wide = Wide(columns="{attribute}_{task}_{profile}", outcome="v{task}")
    long = reshape(pl.DataFrame({"id": [1, 2]} | columns | answers), wide, "id")
    assert long.table["task"].unique(maintain_order=True).to_list() == [str(t) for t in range(1, 12)]
