"""The reader of toplines is strict and kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from winset.errors import EvidenceError, UsageError
from winset.evidence import RESPONSES, gather
from winset.evidence.effective import effective_size
from winset.study import load

Edit = Callable[[str, str, str], Path]
ROW = "north-2025-01,river-border,north-poll,public,2025-01-05,2025-01-10,1000,accept,41,release"


def mistakes(folder: Path) -> str:
    with pytest.raises(EvidenceError) as caught:
        gather(load(folder))
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ROW, ROW.replace(",41,", ",141,"), "between 0 and 100"),
        (ROW, ROW.replace(",41,", ",71,"), "add up to 119"),
        (ROW, ROW.replace(",41,", ",lots,"), "write a number"),
        (ROW, ROW.replace(",41,", ",,"), "neither `share`"),
        (ROW, ROW.replace("2025-01-10", "2025-06-10"), "after the study's as-of date"),
        (ROW, ROW.replace("2025-01-05", "05.01.2025"), "write 2025-05-22"),
        (ROW, ROW.replace("river-border", "river-boarder"), "did you mean `river-border`"),
        (ROW, ROW.replace("public", "publik"), "did you mean `public`"),
        (ROW, ROW.replace(",release", ",relase"), "did you mean `release`"),
        (ROW, ROW.replace(",accept,", ",agree,"), "unknown answer `agree`"),
        (ROW, ROW.replace(",accept,", ",reject,"), "stands twice"),
        (ROW, ROW + ",extra", "cells where the header has"),
        ("poll,question", "pol,question", "column `poll` is missing"),
    ],
)
def test_a_bad_row_is_told_with_its_line(edit: Edit, old: str, new: str, said: str) -> None:
    text = mistakes(edit("polls.csv", old, new))
    assert said in text
    assert "polls.csv:" in text


def test_fractions_are_not_taken_for_per_cent(edit: Edit) -> None:
    edit("polls.csv", ",accept,41,", ",accept,0.41,")
    assert "not fractions" in mistakes(edit("polls.csv", ",reject,48,", ",reject,0.48,"))


def test_a_lone_fraction_is_not_taken_for_per_cent(edit: Edit) -> None:
    edit("polls.csv", ",accept,41,", ",accept,0.41,")
    folder = edit("polls.csv", ROW[: ROW.index(",accept")] + ",reject,48,release\n", "")
    assert "the only share of poll `north-2025-01` is 0.41 per cent; write 41 if a fraction was meant" in mistakes(
        folder
    )


def test_all_bad_rows_are_told_at_once(edit: Edit) -> None:
    edit("polls.csv", "accept,41", "accept,141")
    assert mistakes(edit("polls.csv", "accept,55", "accept,155")).count("between") == 2


def test_one_mistake_of_a_row_hides_no_other(edit: Edit) -> None:
    told = mistakes(edit("polls.csv", ROW, "p,talkz,nord,nobody,2025-13-05,soon,ca. 9,accept,141,relese\n"))
    wrong = ("question `talkz`", "instrument `nord`", "constituency `nobody`", "`ca. 9`", "is 141", "source `relese`")
    for said in (*wrong, "`2025-13-05` is no date: month must be in 1..12"):
        assert told.count(said) == 1, said


def test_what_is_missing_from_a_full_print_is_dont_know(folder: Path) -> None:
    table = gather(load(folder)).table
    assert table.schema == RESPONSES
    undecided = table.filter(table["category"].is_null() & (table["side"] == "north"))
    assert undecided["weight"][0] == pytest.approx(0.11 * 1000 / 1.3)


def test_a_share_alone_leaves_a_rest_that_is_not_called_reject(edit: Edit) -> None:
    line = "north-2025-01,river-border,north-poll,public,2025-01-05,2025-01-10,1000,reject,48,release\n"
    table = gather(load(edit("polls.csv", line, ""))).table
    assert table.filter(table["side"] == "north")["category"].to_list() == [1, -1]


@pytest.mark.parametrize(("n", "margin", "worth"), [(1022, 4.1, 571), (1029, 3.4, 831), (1615, 3.4, 831)])
def test_printed_margins_give_the_effective_sizes_of_kiis_and_levada(n: int, margin: float, worth: int) -> None:
    assert round(effective_size(n, margin=margin)) == worth


def test_the_example_drops_nothing_in_silence() -> None:
    study = load("istanbul-2025")
    responses = gather(study)
    read = {x.rsplit(":", 1)[1] for x in responses.table["locator"].to_list() if x.startswith("polls")}
    lines = (study.folder / "polls.csv").read_text().count("\n") - 1
    # don't-knows of a poll share the last row's locator
    assert len(read) >= lines * 0.75


def test_evidence_can_be_left_out_by_kind() -> None:
    study = load("istanbul-2025")
    without = gather(study, without=["interviews"])
    assert without.left_out == ("interviews",)
    assert "nyt-2025" not in without.table["instrument"].to_list()


def test_a_kind_of_question_is_left_out_as_a_kind_of_instrument_is(edit: Edit) -> None:
    study = load(edit("questions.yaml", "{side: south, kind: term", "{side: south, kind: package"))
    whole, left = gather(study), gather(study, without=["package"])
    assert set(left.table["question"]) == {"river-border"}
    assert left.table.height == whole.table.filter(question="river-border").height
    assert left.left_out == ("package",)
    assert not len(gather(study, without=["term", "package"]))
    assert len(gather(study, without=["mood"])) == len(whole)


def test_a_kind_that_does_not_exist_is_said_with_the_nearest(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"no kind of instrument or of question.*did you mean `package`"):
        gather(load(folder), without=["pakage"])
