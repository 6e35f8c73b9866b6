"""All mistakes come at once, whatever else is wrong; a study without any is told in a few lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.workbook.conftest import Book

from winset.cli.commands import invoke
from winset.workbook import look_at

ELSEWHERE = (("Polls", "n", 3, "many"), ("Questions", "Kind", 2, "terms"), ("Polls", "accept", 4, "lots"))


@pytest.mark.parametrize(
    ("sheet", "heading", "row", "value"),
    [
        ("Sides", "Who must agree", 1, "whoever"),
        ("Sides", "Who must agree", 1, None),
        ("Sides", "Leader", 1, None),
        ("Sides", "Leader", 0, "Boss"),
        ("Sides", "People have reason to fear", 1, "maybe"),
        ("Terms", "Option", 0, "Choice"),
        ("Terms", "Order: north", 1, "first"),
        ("Groups", "Group id", 2, "public"),
        ("Groups", "Side", 3, "west"),
        ("Start", "Value", 4, None),
        ("Start", "Value", 1, "A Case!"),
        ("Questions", "Scale", 1, "five"),
        ("Instruments", "Mode", 2, None),
        ("Sources", "Title", 1, None),
    ],
)
def test_a_mistake_on_one_sheet_hides_none_on_another(
    book: Book, sheet: str, heading: str, row: int, value: Any
) -> None:
    expected = {book.put(*put) for put in ELSEWHERE} | {book.put(sheet, heading, row, value)}
    found = {m.split(": ")[0] for m in book.mistakes()}
    assert expected <= found


def test_what_only_follows_from_a_mistake_is_not_told(book: Book) -> None:
    where = book.put("Polls", "n", 0, "N asked")
    row = re.sub(r"\D", "", where.split("!")[1])
    found = book.mistakes()
    assert found[0].startswith(f"Polls!G{row}: `N asked` is neither a column of this sheet nor an answer of a scale")
    assert found[1:] == [f"Polls!A{row}: column `n` is missing"]


def test_a_cell_that_may_not_stay_empty_is_told_by_its_heading(book: Book) -> None:
    where = book.put("Sides", "Leader", 1, None)
    assert book.mistakes() == [f"{where}: `Leader` is empty; write: who signs"]
    where = book.put("Start", "Value", 2, None)
    assert f"{where}: `Title` is empty; write: what a reader sees first" in book.mistakes()


def test_a_side_without_a_group_is_told_once(book: Book) -> None:
    book.sheet("Groups").delete_rows(book.cell("Groups", "Side", 3).row)
    side = book.cell("Sides", "Side", 2).coordinate
    assert book.mistakes() == [
        f"Sides!{side}: no group stands on sheet Groups for this side; write one row for it at least"
    ]


@pytest.mark.parametrize("name", ["Groups", "Start"])
def test_a_missing_sheet_hides_no_mistake(book: Book, name: str) -> None:
    where = book.put("Questions", "Kind", 2, "terms")
    del book.book[name]
    found = book.mistakes()
    assert found[0].startswith(f"sheet {name} is missing or empty")
    assert [m.split(": ")[0] for m in found[1:]] == [where]


def test_the_same_mistake_in_many_cells_is_one_line(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    book.put("Sides", "Side", 1, "Nordland")
    book.put("Sides", "Side id", 1, "nordland")
    assert invoke(["check", str(book.save())]) == 2
    told = [line for line in capsys.readouterr().out.splitlines() if "Questions!" in line]
    assert len(told) == 1
    assert told[0].endswith("(also in C6, C7, C8, C9, C10)")


def test_people_are_counted_whole(book: Book) -> None:
    where = book.put("Polls", "n", 1, 1.6)
    assert book.mistakes() == [f"{where}: `n` is 1.6; people are counted whole: write 1600, without a point"]


def test_what_was_understood_is_told(book: Book, capsys: pytest.CaptureFixture[str]) -> None:
    book.put("Polls", "n", 1, "?")
    book.put("Polls", "n", 2, "400-600")
    book.sheet("Questions").append(["spare", "Is it so?", "south", "mood"])
    assert invoke(["check", str(book.save())]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "River valley, a made-up border dispute (`river-valley`): evidence up to 2025-01-31",
        "2 sides: North: General public, Army; South: General public",
        "2 issues with 5 options: The valley, Water",
        "1 proposal on record",
        "11 questions (2 mood, 1 clause, 4 term, 4 package)",
        "12 poll figures by 3 instruments, 2024-11 to 2025-01; n not printed, or as a range, for 2",
        "1 set of interviews, 1 person one by one, 2025-01",
        "no figure answers: spare",
        "no mistakes",
    ]


def test_a_group_that_nobody_asked_is_told(book: Book) -> None:
    row = [c.value for c in book.sheet("Groups")[book.cell("Groups", "Side", 2).row]]
    book.sheet("Groups").append([row[0], "Navy", "navy"])
    assert "nothing was asked of: Navy (North)" in look_at(book.save()).understood


@pytest.mark.parametrize("name", ["istanbul-2025", "cyprus-2004", "israel-palestine-2018"])
def test_shipped_studies_are_told_in_few_lines(name: str) -> None:
    told = look_at(Path(name)).understood
    assert len(told) <= 9
    assert all(len(line) < 420 for line in told)


@pytest.mark.parametrize(
    ("sheet", "heading", "value", "said"),
    [
        ("Instruments", "Selection", "Quota", "write random for a quota sample"),
        ("Polls", "Group", "public, army", "names several groups; declare a whole"),
        ("Terms", "Issue id", "status", "`status` is a column of sheet Proposals already"),
        ("Sides", "Who must agree", "vote of public at least 50%", "does not say who turns out"),
        ("Polls", "n", "ca. 500", "write a number, a range such as 400-600, or ?"),
        ("Polls", "Start", "March", "`March` is no date"),
    ],
)
def test_what_newcomers_write_is_told_with_what_to_write(
    book: Book, sheet: str, heading: str, value: str, said: str
) -> None:
    where = book.put(sheet, heading, 1, value)
    assert any(m.startswith(f"{where}: ") and said in m for m in book.mistakes())


def test_days_and_numbers_are_told_though_the_study_cannot_be_read(book: Book) -> None:
    book.put("Sides", "Who must agree", 1, "most people")
    expected = {book.put("Polls", "n", 1, "ca. 500"), book.put("Polls", "Start", 2, "spring")}
    assert expected <= {m.split(": ")[0] for m in book.mistakes()}


def test_a_row_that_stands_twice_is_told(book: Book) -> None:
    page = book.sheet("Polls")
    row, last = book.cell("Polls", "n", 1).row, page.max_row + 1
    for cell in page[row]:
        page.cell(last, cell.column).value = cell.value
    page.cell(last, book.cell("Polls", "Poll id", 1).column).value = None
    assert any(m.startswith(f"Polls!A{last}: says the same as Polls!A{row}") for m in book.mistakes())
