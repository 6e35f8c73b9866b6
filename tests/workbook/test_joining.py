"""A questionnaire that was filled in comes back into a study, folder or workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.exploration.test_questionnaire import POSED, asking

from winset.cli import run_cli
from winset.evidence import gather
from winset.exploration import draft_questionnaire
from winset.study import Study
from winset.workbook import convert, load, questionnaire_bytes

FIGURES = {
    "Start": dt.date(2025, 2, 3),
    "End": dt.date(2025, 2, 9),
    "n": 1012,
    "accept": 38.5,
    "reject": 51.5,
    "dont-know": 10,
}
HOUSE = {"Instrument": "Omnibus", "By": "New pollster", "Mode": "telephone", "Population": "soldiers"}
SOURCE = {"Publisher": "New pollster", "Title": "Omnibus of February", "Date": dt.date(2025, 2, 20)}


@pytest.fixture
def file(study: Study, tmp_path: Path) -> Path:
    """The questionnaire as it goes out."""
    made = draft_questionnaire(study, gather(study).table, asking(*POSED))
    path = tmp_path / "q.xlsx"
    path.write_bytes(questionnaire_bytes(made.sheets, made.introduction))
    return path


@pytest.fixture
def fill(file: Path) -> Callable[..., Path]:
    """Fill rows of sheet Polls in, and who asked: as a person would, cell by cell."""

    def change(*numbers: int, question: str = "", **figures: Any) -> Path:
        book = openpyxl.load_workbook(file)
        if question:
            _write(book["Questions"], "Question id", 1, {"Question id": question})
            figures["Question"] = question
        for n in numbers:
            _write(book["Polls"], "Question", n, FIGURES | figures)
        for n in (1, 2, 3):
            _write(book["Instruments"], "Instrument id", n, HOUSE)
            _write(book["Sources"], "Source id", n, SOURCE)
        book.save(file)
        return file

    return change


def _write(page: Any, first: str, number: int, values: dict[str, Any]) -> None:
    heads = next(r for r in page.iter_rows() if r[0].value == first)
    columns = {c.value: c.column for c in heads}
    for heading, value in values.items():
        page.cell(heads[0].row + number, columns[heading]).value = value


def texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in folder.iterdir() if not p.name.endswith(".before")}


def test_what_was_asked_comes_back_as_questions_and_responses(folder: Path, fill, capsys) -> None:
    assert run_cli(["add", str(folder), str(fill(1, 3)), "--as-of", "2025-02-28"]) == 0
    study = load(folder)
    assert study.as_of == dt.date(2025, 2, 28)
    asked = study.questions["north-mediator-2025-01"]
    assert dict(asked.offer) == {"land": "split", "water": "joint"}
    assert asked.wording.startswith("Suppose an agreement")
    told = gather(study).table.filter(question="north-mediator-2025-01")
    assert set(told["constituency"]) == {"public", "army"}
    assert study.instruments["new-poll-north-self-identified"].selection == "self-identified"
    said = capsys.readouterr()
    assert "2 of sheet Polls, 1 of sheet Questions" in said.out
    assert said.err.count("no answer is filled in; left out") == 2
    assert "# What was asked, as an offer." in (folder / "questions.yaml").read_text()
    assert (folder / "polls.csv.before").exists()


def test_rows_that_the_study_has_are_told_and_later_ones_are_still_taken(folder: Path, fill, capsys) -> None:
    assert run_cli(["add", str(folder), str(fill(1)), "--as-of", "2025-02-28"]) == 0
    before = texts(folder)
    capsys.readouterr()
    assert run_cli(["add", str(folder), str(fill(1))]) == 0
    said = capsys.readouterr()
    assert "nothing was added" in said.out
    assert "the study has it already" in said.err
    assert texts(folder) == before
    assert run_cli(["add", str(folder), str(fill(1, 2))]) == 0
    assert {"north-mediator-2025-01", "north-water-joint"} <= set(load(folder).questions)


def test_a_workbook_takes_it_as_a_folder_does(folder: Path, fill, tmp_path: Path) -> None:
    book = tmp_path / "case.xlsx"
    convert(load(folder), book)
    filled = str(fill(1, 2, 3, 4))
    for study in (book, folder):
        assert run_cli(["add", str(study), filled, "--as-of", "2025-02-28"]) == 0
    one, two = load(book), load(folder)
    assert one.questions == two.questions
    assert one.instruments == two.instruments
    assert one.as_of == two.as_of
    columns = ["question", "instrument", "constituency", "category", "weight", "date"]
    assert gather(one).table.select(columns).sort(columns).equals(gather(two).table.select(columns).sort(columns))
    assert (tmp_path / "case.before.xlsx").exists()


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"accept": 75}, "add up to 136.5 per cent"),
        ({"n": None}, "Polls!I5: `n` is empty"),
        ({"Start": "soon"}, "`soon` is no date"),
        ({"Asked by": "omnibus"}, "unknown instrument `omnibus`"),
    ],
)
def test_mistakes_are_told_by_their_cells_and_nothing_is_written(folder: Path, fill, capsys, figures, said) -> None:
    before = texts(folder)
    assert run_cli(["add", str(folder), str(fill(1, **figures)), "--as-of", "2025-02-28"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "q.xlsx, Polls!" in err
    assert texts(folder) == before
    assert not [*folder.glob("*.before")]


def test_what_cannot_be_taken_is_a_sentence(folder: Path, file: Path, fill, capsys, tmp_path: Path) -> None:
    def refused(*arguments: str) -> str:
        assert run_cli(["add", *arguments]) == 2
        return capsys.readouterr().err

    assert "no row of sheet Polls is filled in" in refused(str(folder), str(file))
    assert "move that day to 2025-02-09 or later" in refused(str(folder), str(fill(1)))
    assert "convert istanbul-2025 my-case.xlsx" in refused("istanbul-2025", str(file))
    assert "is no workbook" in refused(str(folder), str(folder / "polls.csv"))
    book = tmp_path / "case.xlsx"
    convert(load(folder), book)
    assert "holds a sheet Terms" in refused(str(folder), str(book))
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(text.replace("study: river-valley", "study: other"))
    assert "is of study `river-valley`, and this is `other`" in refused(str(folder), str(file))


def test_an_id_that_means_something_else_in_the_study_is_refused(folder: Path, fill, capsys) -> None:
    assert run_cli(["add", str(folder), str(fill(1, question="river-border")), "--as-of", "2025-02-28"]) == 2
    assert "the study has another `river-border`" in capsys.readouterr().err


def test_another_result_of_the_same_days_is_refused(folder: Path, fill, capsys) -> None:
    assert run_cli(["add", str(folder), str(fill(1)), "--as-of", "2025-02-28"]) == 0
    assert run_cli(["add", str(folder), str(fill(1, accept=39.5, reject=50.5))]) == 2
    assert "another result of this question, group and days" in capsys.readouterr().err
