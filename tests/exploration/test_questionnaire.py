"""The set of questions as a questionnaire, without a fit: what to ask is given here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from winset.errors import UsageError
from winset.evidence import gather
from winset.exploration import Asking, draft_questionnaire
from winset.exploration.prospects import Posed
from winset.exploration.questionnaire import find_scale, word_offer
from winset.study import Study, load
from winset.terms import Package
from winset.workbook import check_place, questionnaire_bytes, read_sheet

PLAN = Package.of({"land": "split", "water": "joint"})
JOINT = Package.of({"water": "joint"})
POSED = (
    Posed("Mediator's text", "package", PLAN, "north", "public", "random", 1000),
    Posed("Water: Joint board", "term", JOINT, "north", "public", "random", 1000),
    Posed("Mediator's text", "package", PLAN, "north", "army", "self-identified", 400),
    Posed("The valley: Along the river", "term", Package.of({"land": "split"}), "south", "public", "random", 1000),
)


def asking(*posed: Posed) -> Asking:
    """An answer to what to ask next of which only the set matters here."""
    none = pl.DataFrame()
    together = pl.DataFrame({"tells": [0.4, 0.61], "low": [0.3, 0.55], "high": [0.5, 0.68]})
    return Asking("Mediator's text", 0.3, 10, none, none, none, together, none, none, 0.3, 0.1, none, None, (), posed)


@pytest.fixture
def drafted(study: Study):
    return draft_questionnaire(study, gather(study).table, asking(*POSED))


def rows(path: Path, sheet: str, first: str) -> list[dict[str, str]]:
    """Rows of a sheet by their headings."""
    cells = read_sheet(path, sheet)
    at = next(n for n, r in enumerate(cells) if r[0] == first)
    return [dict(zip(cells[at], r, strict=True)) for r in cells[at + 1 :] if r[0]]


def test_the_sheets_have_the_headings_of_a_study_and_rows_that_are_ready(drafted, tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    path.write_bytes(questionnaire_bytes(drafted.sheets, drafted.introduction))
    asked = rows(path, "Questions", "Question id")
    assert [q["Plan"] or q["Term 1"] for q in asked] == ["mediator-2025-01", "water=joint", "land=split"]
    assert asked[0]["Wording"] == (
        "Suppose an agreement with these terms were on the table. (1) The valley: Along the river; (2) Water: Joint board. "
        "All in all, would you accept it, or would you rather have no agreement?"
    )
    assert "Joint board (both sides run the dam)" in asked[1]["Wording"]
    assert asked[2]["(asked before)"] == "river-border-south: Would you accept the river as the border?"
    polls = rows(path, "Polls", "Question")
    assert [(p["Group"], p["(group in words)"], p["(planned n)"], p["n"], p["accept"]) for p in polls] == [
        ("public", "General public (North)", "1000", "", ""),
        ("public", "General public (North)", "1000", "", ""),
        ("army", "Army (North)", "400", "", ""),
        ("public", "General public (South)", "1000", "", ""),
    ]
    houses = rows(path, "Instruments", "Instrument id")
    assert [(h["Instrument id"], h["Selection"], h["Population"]) for h in houses] == [
        ("new-poll-north", "random", "adults of North"),
        ("new-poll-north-self-identified", "self-identified", ""),
        ("new-poll-south", "random", "adults of South"),
    ]


def test_the_first_sheet_says_what_to_check_and_what_it_is_good_for(drafted) -> None:
    said = " ".join(drafted.introduction)
    for word in ("pollster", "translated", "Rotate the order", "61 [55, 68] %", "Mediator's text", "winset add"):
        assert word in said
    assert "north-poll (North poll)" in said


def test_groups_of_one_side_that_are_asked_the_same_share_a_question(drafted) -> None:
    first, _, third, _ = drafted.sheets["Polls"].rows
    assert first["question"] == third["question"]
    assert first["instrument"] != third["instrument"]


def test_the_scale_is_the_one_that_most_polls_of_the_group_used(edit, folder: Path) -> None:
    edit(
        "questions.yaml",
        "questions:",
        "scales:\n  four: {answers: [never, rather-not, rather, surely], accepts_from: rather}\nquestions:",
    )
    edit(
        "questions.yaml",
        "river-border: {side: north, kind: term, scale: yes-no",
        "river-border: {side: north, kind: term, scale: four",
    )
    edit("polls.csv", "accept,41", "surely,41")
    edit("polls.csv", "reject,48", "never,48")
    study = load(folder)
    told = gather(study).table
    assert find_scale(study, told, "north", "public") == "four"
    assert find_scale(study, told, "south", "public") == "yes-no"
    assert find_scale(study, told, "north", "army") == "four"
    assert find_scale(study, told.clear(), "north", "public") == "yes-no"
    assert word_offer(study, POSED[1], "four").endswith(
        "what would you think of it, compared with having no agreement?"
    )
    made = draft_questionnaire(study, told, asking(*POSED))
    assert made.sheets["Scales"].rows[0]["id"] == "four"
    assert made.sheets["Polls"].extra[:4] == ["never", "rather-not", "rather", "surely"]


def test_ids_that_the_study_has_are_not_used_again(edit, folder: Path) -> None:
    edit("questions.yaml", "river-border-south:", "north-water-joint:")
    edit("polls.csv", "river-border-south", "north-water-joint")
    edit("polls.csv", "river-border-south", "north-water-joint")
    study = load(folder)
    made = draft_questionnaire(study, gather(study).table, asking(POSED[1]))
    assert made.sheets["Questions"].rows[0]["id"] == "north-water-joint-2"


def test_interviews_alone_or_nothing_are_no_questionnaire(study: Study) -> None:
    told = gather(study).table
    with pytest.raises(UsageError, match="nothing to put on a questionnaire"):
        draft_questionnaire(study, told, asking())
    voices = Posed("Mediator's text", "package", PLAN, "north", "army", "journalist", 11)
    with pytest.raises(UsageError, match="interviews alone"):
        draft_questionnaire(study, told, asking(voices))


def test_a_file_of_another_kind_or_one_that_exists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"written as \.xlsx.*name .*q\.xlsx"):
        check_place(tmp_path / "q.ods")
    (tmp_path / "q.xlsx").write_bytes(b"mine")
    with pytest.raises(UsageError, match="nothing is overwritten"):
        check_place(tmp_path / "q.xlsx")
