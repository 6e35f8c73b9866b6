"""Cells as people fill them in: read as they are meant, or told with sheet and cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from tests.workbook.conftest import Book

from winset.evidence import gather
from winset.workbook import load
from winset.workbook.checking import look_at


def answers(book: Book, question: str) -> pl.DataFrame:
    return gather(load(book.save())).table.filter(pl.col("question") == question)


@pytest.mark.parametrize(
    ("value", "form"),
    [(40, ""), (0.4, "0%"), ("40 %", ""), ("40,0", ""), ("  40\u00a0%", ""), ("40.0", "")],
)
def test_per_cent_is_read_however_it_is_written(book: Book, value: Any, form: str) -> None:
    expected = answers(book, "talks")["weight"].sum()
    book.put("Polls", "accept", 1, value, form)
    found = answers(book, "talks")
    assert found["weight"].sum() == pytest.approx(expected)
    share = found.filter(pl.col("category") == 1)["weight"].item() / found["weight"].sum()
    assert share == pytest.approx(0.4)


@pytest.mark.parametrize("value", [1600, "1,600", "1 600", "1'600", 1600.0])
def test_a_number_of_people_is_read_however_it_is_written(book: Book, value: Any) -> None:
    book.put("Polls", "n", 1, value)
    assert answers(book, "talks")["weight"].sum() == pytest.approx(1600 / 1.3)


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (dt.datetime(2024, 11, 4), "yyyy-mm-dd", dt.date(2024, 11, 6)),
        ("2024-11", "", dt.date(2024, 11, 5)),
        (dt.datetime(2024, 11, 1), "mmm yy", dt.date(2024, 11, 5)),
        (45600, "General", dt.date(2024, 11, 6)),
    ],
)
def test_a_day_is_read_however_it_is_written(book: Book, value: Any, form: str, expected: dt.date) -> None:
    book.put("Polls", "Start", 1, value, form)
    assert answers(book, "talks")["date"][0] == expected


def test_words_of_a_report_name_the_answers(book: Book) -> None:
    before = answers(book, "talks")
    for words, answer in (("Yes", "accept"), ("No", "reject")):
        book.put("Polls", answer, 0, words)
    assert answers(book, "talks").equals(before)


def test_ids_may_be_left_out_and_words_may_stand_for_them(book: Book) -> None:
    before = load(book.save())
    rows = [book.cell("Terms", "Issue", n).value for n in range(1, 6)]
    for n in range(1, 6):
        book.put("Terms", "Option id", n, {1: "all-to-north"}.get(n))
        book.put("Terms", "Issue id", n, None)
    assert rows[0] == rows[1] == "The valley"
    book.put("Terms", "Issue", 2, None)
    book.put("Proposals", "land", 0, "The valley")
    book.put("Proposals", "The valley", 1, "Along the river")
    book.put("Proposals", "water", 1, "Joint board")
    book.put("Pledges", "Broken by", 1, "The valley=Along the river")
    for n in range(1, 11):
        book.put("Questions", "Term 1", n, None)
        book.put("Questions", "Term 2", n, None)
    book.put("Questions", "Term 1", 2, "The valley=Along the river")
    study = load(book.save())
    assert [i.id for i in study.space.issues] == ["the-valley", "water"]
    assert study.proposals["mediator-2025-01"].terms.terms == (
        ("the-valley", "along-the-river"),
        ("water", "joint-board"),
    )
    assert study.questions["river-border"].offer == {"the-valley": "along-the-river"}
    assert study.sides.keys() == before.sides.keys()


def test_what_is_the_analysts_own_is_left_alone(book: Book) -> None:
    page = book.sheet("Polls")
    page.insert_rows(4, 2)
    page["A4"] = "Figures of 2024 and 2025"
    page["R6"], page["R7"] = "(my check)", "looks odd"
    book.book.create_sheet("(scratch)")["A1"] = "anything"
    assert book.mistakes() == []


def test_merged_cells_hold_in_every_row(book: Book) -> None:
    for n in (2, 3):
        book.put("Terms", "Issue", n, None)
        book.put("Terms", "Issue id", n, None)
    first = book.cell("Terms", "Issue id", 1)
    book.sheet("Terms").merge_cells(start_row=first.row, end_row=first.row + 2, start_column=2, end_column=2)
    assert book.mistakes() == []
    assert [o.id for o in load(book.save()).space.issues[0].options] == ["north", "split", "south"]


@pytest.mark.parametrize(
    ("sheet", "heading", "row", "value", "said"),
    [
        ("Polls", "Question", 1, "talk", "unknown question `talk`; did you mean `talks`"),
        ("Polls", "n", 1, "many", "write a number, a range such as 400-600, or ?"),
        ("Polls", "accept", 1, "#REF!", "holds the error #REF!"),
        ("Polls", "reject", 1, "=1+1", "a formula that was never worked out"),
        ("Polls", "Group", 1, "navy", "navy"),
        ("Polls", "Start", 1, "4 November", "is no date; write 2025-05-22"),
        ("Terms", "Order: north", 1, "first", "write 1 for the best option"),
        ("Terms", "Order: north", 2, 1, "give each option a place of its own"),
        ("Terms", "Option id", 1, "All to North!", "is no id"),
        ("Terms", "Option id", 2, "north", "stands twice"),
        ("Sides", "Who must agree", 1, "public 50%", "`public 50%` is no rule"),
        ("Sides", "Who must agree", 1, "public at least 50", "write per cent with its sign"),
        ("Sides", "Who must agree", 1, "(public at least 50%", "brackets"),
        ("Sides", "People have reason to fear", 1, "maybe", "write yes or no"),
        ("Groups", "Side", 1, "nord", "unknown side `nord`; did you mean `north`"),
        ("Proposals", "land", 1, "splitt", "unknown option `splitt` for issue `land`; did you mean `split`"),
        ("Proposals", "Source", 1, "txt", "unknown source `txt`"),
        ("Questions", "Kind", 1, "terms", "must be 'mood'"),
        ("Questions", "Term 1", 2, "land:split", "is no term; write issue=option, for instance `land=north`"),
        ("Questions", "Who speaks", 1, "leader", "leader for, opposition against"),
        ("Questions", "Only asked of", 1, "everyone", "write"),
        ("Pledges", "Since", 1, "long ago", "write a date"),
        ("Polls", "In counts", 1, "maybe", "write yes or no"),
    ],
)
def test_a_mistake_names_its_cell(book: Book, sheet: str, heading: str, row: int, value: Any, said: str) -> None:
    where = book.put(sheet, heading, row, value)
    found = book.mistakes()
    assert any(m.startswith(f"{where}: ") and said in m for m in found), found


def test_cells_that_disagree_are_told(book: Book) -> None:
    issue, side, voice = (
        book.put("Terms", "Issue", 2, "The river"),
        book.put("Polls", "Side", 1, "south"),
        book.put("Interviews", "Side", 1, "south"),
    )
    found = book.mistakes()
    assert f"{issue}: `land` is called `The valley` above and `The river` here; keep one name" in found
    assert any(m.startswith(f"{side.replace('C', 'D')}: question `talks` was not put to side `south`") for m in found)
    assert any(m.startswith("Interviews!") and "was not put to side `south`" in m for m in found), voice


def test_a_second_row_of_headings_is_told_cell_by_cell(book: Book) -> None:
    book.sheet("Polls").insert_rows(5)
    book.sheet("Polls")["A5"], book.sheet("Polls")["H5"] = "as in the report", "%"
    found = book.mistakes()
    assert all(m.startswith("Polls!") for m in found)
    assert "Polls!A5: unknown question `as in the report`" in found[0] + found[-1]


def test_fractions_are_told_from_per_cent(book: Book) -> None:
    where = [book.put("Polls", answer, 1, share) for answer, share in (("accept", 0.68), ("reject", 0.21))]
    assert book.mistakes() == [
        f"{where[0]}: shares of poll `north-talks` add up to 0.89; write per cent, not fractions"
    ]


def test_mistakes_of_all_sheets_are_told_at_once(book: Book) -> None:
    where = [
        book.put("Start", "Value", 4, "soon"),
        book.put("Questions", "Kind", 1, "terms"),
        book.put("Proposals", "land", 1, "splitt"),
        book.put("Polls", "n", 3, "many"),
        book.put("Sides", "Who must agree", 1, "whoever"),
    ]
    assert sorted(m.split(":")[0] for m in book.mistakes()) == sorted(where)


@pytest.mark.parametrize(("name", "new"), [("Polls", "Umfragen"), ("Groups", None)])
def test_a_sheet_that_is_missing_or_renamed_is_said(book: Book, name: str, new: str | None) -> None:
    if new is None:
        del book.book[name]
        assert "sheet Groups is missing or empty; `winset new FILE.xlsx`" in book.mistakes()[0]
    else:
        book.sheet(name).title = new
        assert any("unknown sheet `Umfragen`" in m for m in book.mistakes())


def test_a_sheet_of_ones_own_is_left_alone_and_told(book: Book) -> None:
    book.book.create_sheet("My notes")["A1"] = "Ask the ministry about the poll of May."
    assert book.mistakes() == []
    assert "sheets of your own, left alone: My notes" in look_at(book.path).understood


def test_a_sheet_that_stands_twice_is_said(book: Book) -> None:
    book.book.copy_worksheet(book.sheet("Polls")).title = "polls."
    assert any("stands twice" in m or "unknown sheet" in m for m in book.mistakes())


def test_a_hidden_row_is_told(book: Book) -> None:
    row = book.cell("Polls", "n", 2).row
    book.sheet("Polls").row_dimensions[row].hidden = True
    assert any("is hidden; show it if it counts" in m for m in book.mistakes())


def test_a_hidden_column_or_sheet_is_told(book: Book) -> None:
    book.sheet("Polls").column_dimensions["G"].hidden = True
    book.sheet("Interviews").column_dimensions["P"].hidden = True
    book.sheet("Sources").sheet_state = "hidden"
    found = book.mistakes()
    assert "Polls!G4: column G is hidden; show it if it counts, delete it if not" in found
    assert "sheet `Sources` is hidden; show it if it counts, delete it if not" in found


def test_what_has_no_name_beside_it_is_told(book: Book) -> None:
    book.put("Terms", "Order: north", 6, 3)
    book.put("Start", "Value", 11, "stray")
    option, fact = book.cell("Terms", "Option", 6).coordinate, book.cell("Start", "What", 11).coordinate
    assert book.mistakes() == [
        f"Start!{fact}: no word beside this value; say what it is",
        f"Terms!{option}: no option: write what is ranked or refused here",
    ]


def test_words_of_a_list_are_read_in_any_case(book: Book) -> None:
    before = load(book.save())
    book.put("Questions", "Kind", 1, before.questions[book.cell("Questions", "Question id", 1).value].kind.upper())
    assert load(book.save()).questions == before.questions


def test_the_scale_of_peace_polls_needs_no_sheet_of_its_own(book: Book) -> None:
    for row in range(1, book.sheet("Questions").max_row - 3):
        if book.cell("Questions", "Question id", row).value:
            book.put("Questions", "Scale", row, "Peace poll")
    for heading, answer in (("accept", "essential"), ("reject", "unacceptable")):
        book.put("Polls", heading, 0, answer)
    assert not [m for m in book.mistakes() if m.startswith("Polls") or "Scale" in m]
    where = book.put("Questions", "Scale", 1, "likert")
    said = "unknown scale `likert`; known: `yes-no`, `peace-poll`; another takes a row on sheet Scales"
    assert [m for m in book.mistakes() if m.startswith(f"{where}: {said}")]


def test_a_group_that_one_side_has_may_be_named_alone_among_parts(book: Book) -> None:
    groups = book.sheet("Groups")
    top = book.cell("Groups", "Side", 1).row
    for n, name in enumerate(("Veterans", "Others")):
        groups.cell(top + 5 + n, 1).value, groups.cell(top + 5 + n, 2).value = "north", name
    parts = book.cell("Parts", "Whole", 0).row
    page = book.sheet("Parts")
    army = book.cell("Groups", "Group id", 2).value
    for n, name in enumerate(("Veterans", "others"), 1):
        for k, value in enumerate((army, name, "50%"), 1):
            page.cell(parts + n, k).value = value
    made = load(book.save()).sides["north"].constituencies[army].parts
    assert made == {"veterans": 0.5, "others": 0.5}


def test_a_proposal_that_the_study_is_about_may_be_named_in_words(book: Book) -> None:
    label = book.cell("Proposals", "Proposal", 1).value
    start = book.sheet("Start")
    start.cell(start.max_row + 1, 1).value, start.cell(start.max_row, 2).value = "Asked about", str(label).upper()
    assert load(book.save()).asked == (book.cell("Proposals", "Proposal id", 1).value,)
