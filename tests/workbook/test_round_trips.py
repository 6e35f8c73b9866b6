"""A study written as a workbook and read back is the same study, with the same evidence."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from winset.errors import UsageError
from winset.evidence import gather
from winset.study import Study
from winset.study import load as load_folder
from winset.study.loading import shipped
from winset.workbook import convert, load, write_starter

VALLEY = Path(__file__).parents[1] / "valley"


def same(one: Study, other: Study) -> None:
    assert replace(one, folder=Path()) == replace(other, folder=Path())
    assert_frame_equal(gather(one).table.drop("locator"), gather(other).table.drop("locator"))
    assert_frame_equal(gather(one).context.drop("locator"), gather(other).context.drop("locator"))


@pytest.mark.parametrize("name", [*shipped(), str(VALLEY)])
def test_a_study_survives_a_workbook_and_a_folder(name: str, tmp_path: Path) -> None:
    study = load_folder(name)
    book = next(p for p in convert(study, tmp_path / "case.xlsx") if p.suffix == ".xlsx")
    same(study, load(book))
    convert(load(book), tmp_path / "back")
    same(study, load(tmp_path / "back"))


@pytest.mark.parametrize(
    "asked",
    [{}, {"sides": 1}, {"sides": 3}, {"sides": 6, "scale": "peace-poll"}, {"war": True}, {"like": "cyprus-2004"}],
)
@pytest.mark.parametrize("name", ["case.xlsx", "case"])
def test_every_starter_reads_without_a_mistake(asked: dict, name: str, tmp_path: Path) -> None:
    write_starter(tmp_path / name, **asked)
    study = load(tmp_path / name)
    gather(study)
    assert len(study.sides) == asked.get("sides", 2)
    assert (study.war is not None) == bool(asked.get("war"))


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_text("mine")
    with pytest.raises(UsageError, match="exists; name a new file"):
        write_starter(tmp_path / "case.xlsx")
    assert (tmp_path / "case.xlsx").read_text() == "mine"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"like": "cyprus"}, "did you mean `cyprus-2004`"),
        ({"scale": "likert"}, "no scale `likert`; known: `yes-no`, `peace-poll`"),
        ({"like": "cyprus-2004", "sides": 3}, "leave it out beside --like"),
        ({"sides": 3, "war": True}, "--war is for the small example of two sides"),
    ],
)
def test_what_no_starter_has_is_said(asked: dict, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        write_starter(tmp_path / "case.xlsx", **asked)
    assert not (tmp_path / "case.xlsx").exists()


def test_only_one_kind_of_workbook_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"name .*case\.xlsx"):
        write_starter(tmp_path / "case.ods")


def test_a_table_with_quoted_headings_is_not_lost(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(VALLEY, tmp_path / "study"))
    text = (folder / "polls.csv").read_text()
    head, rest = text.split("\n", 1)
    (folder / "polls.csv").write_text(",".join(f'"{h}"' for h in head.split(",")) + "\n" + rest)
    convert(load_folder(folder), tmp_path / "case.xlsx")
    same(load_folder(folder), load(tmp_path / "case.xlsx"))


def test_what_the_study_does_not_name_stays_where_it_is(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(VALLEY, tmp_path / "study"))
    (folder / "names.key.csv").write_text("who,pseudonym\n")
    (folder / "private.txt").write_text("notes")
    made = convert(load_folder(folder), tmp_path / "out" / "case.xlsx")
    assert [p.name for p in made] == ["case.xlsx"]
