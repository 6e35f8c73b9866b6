"""Workbooks on the command line: made, checked, converted, added to."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from winset.cli.commands import invoke
from winset.workbook import add_rows, load


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["new", "case.xlsx"]) == 0
    capsys.readouterr()
    return Path("case.xlsx")


def test_a_workbook_is_checked_and_converted(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["check", str(case)]) == 0
    assert invoke(["convert", str(case), "folder"]) == 0
    assert invoke(["check", "folder"]) == 0
    assert invoke(["convert", "folder", "case.xlsx"]) == 2
    assert "case.xlsx exists; name a new file" in capsys.readouterr().err


def test_mistakes_are_told_with_their_cell_in_json_too(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.load_workbook(case)
    book["Polls"]["A5"] = "tolks"
    book.save(case)
    assert invoke(["check", str(case), "--json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert (found["file"], found["cell"]) == ("case.xlsx, Polls", "A5")


@pytest.mark.parametrize(
    ("made", "said"),
    [(["new", "case"], "This folder is a study"), (["new", "more.xlsx"], "Workbooks here: more.xlsx")],
)
def test_alone_it_says_what_is_here(
    made: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(made) == 0
    if made[1] == "case":
        monkeypatch.chdir(tmp_path / "case")
    capsys.readouterr()
    assert invoke([]) == 0
    assert said in capsys.readouterr().out


def test_statements_are_added_below_the_rows_of_the_sheet(case: Path) -> None:
    row = {
        "statement": "s1",
        "instrument": "army-survey",
        "speaker": "p1",
        "constituency": "army",
        "date": "2025-01-10",
    }
    row |= {"question": "river-border", "stance": "-1", "count": "1", "source": "release"}
    case.write_bytes(add_rows(case, "Interviews", [row, row | {"statement": "s2", "speaker": "p2"}]))
    from winset.evidence import gather

    study = load(case)
    added = gather(study).table.filter(instrument="army-survey", question="river-border")
    assert added["weight"].sum() == 2


def test_pseudonyms_are_not_written_into_a_workbook(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = case.read_bytes()
    assert invoke(["evidence", "pseudonymise", str(case)]) == 2
    assert "is a workbook; write pseudonyms into its sheet" in capsys.readouterr().err
    assert case.read_bytes() == before
