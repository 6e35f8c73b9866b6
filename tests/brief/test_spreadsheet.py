"""The answer as a workbook: the same numbers, as numbers, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import openpyxl
import pytest

from winset.brief import summarise, to_xlsx
from winset.cli.commands import invoke
from winset.runs import Run
from winset.workbook.tabling import Tab, tabs_bytes


def test_every_table_of_a_run_is_a_sheet_with_its_numbers(tiny_run: Run) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(tiny_run, summarise(tiny_run))))
    tables = [f for f in tiny_run.findings() if f.table.width]
    assert len(book.sheetnames) == len(tables) + 1
    found = next(f for f in tables if f.id == "importance")
    page = book["Importance"]
    head = next(r for r in page.iter_rows() if r[0].value == "Side")
    column = [c.value for c in head].index("Mean")
    shown = [r[column].value for r in page.iter_rows(min_row=head[0].row + 1)]
    assert shown == pytest.approx(found.table["mean"].to_list())
    links = [c.hyperlink.location for row in book["Answer"].iter_rows() for c in row if c.hyperlink]
    assert links == [f"'{n}'!A1" for n in book.sheetnames[1:]]


def test_texts_stay_texts_and_shares_are_shown_in_per_cent() -> None:
    rows = [["=1+1", 0.26, -0.05, 1.5, None, True, "a\x01b"]]
    kinds = ("", "share", "move", "number", "", "", "")
    made = tabs_bytes(
        [Tab("Answer", ("A",)), Tab("a/b", ("=B", "said"), tuple("abcdefg"), kinds, rows), Tab("A b", ("C",))]
    )
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["Answer", "a b", "A b 2"]
    cells = list(book["a b"][5])
    assert [c.value for c in cells] == ["=1+1", 0.26, -0.05, 1.5, None, "yes", "ab"]
    assert [c.data_type for c in cells[:2]] == ["s", "n"]
    assert cells[1].number_format == "0%"
    assert book["a b"]["A1"].data_type == "s"


def test_the_command_writes_it_beside_the_run(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["brief", str(tiny_run.folder), "--xlsx"]) == 0
    assert capsys.readouterr().out.strip().endswith("answer.xlsx")
    assert openpyxl.load_workbook(tiny_run.folder / "answer.xlsx").sheetnames[0] == "Answer"
