"""Cells that are written in place: what is written is read, the rest of the file stays, and nothing stale is kept."""

from __future__ import annotations

import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from winset.errors import UsageError
from winset.workbook import change_cells, convert, load, mark
from winset.workbook.cells import read_mark
from winset.workbook.grids import letter
from winset.workbook.opening import read_grids
from winset.workbook.xlsxfile import read_xlsx

SAVED = Path(__file__).parent / "saved"
TYPED = [
    "",
    "51",
    "48.5",
    "-3",
    "60-70",
    "<1",
    "2025-05",
    "yes",
    "#N/A",
    "=A1",
    "  a  b ",
    "50%",
    "Україна",
    "a\nb",
    "<b>&",
]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shipped") / "a.xlsx"
    convert(load("cyprus-2004"), path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as inside:
        return {n: inside.read(n) for n in inside.namelist()}


def test_only_the_part_of_the_sheet_is_written_anew(shipped: Path, tmp_path: Path) -> None:
    changed = tmp_path / "a.xlsx"
    changed.write_bytes(change_cells(shipped, "Polls", {"G6": "1201"}))
    before, after = parts(shipped), parts(changed)
    assert list(before) == list(after)
    assert len([n for n in before if before[n] != after[n]]) == 1
    book = openpyxl.load_workbook(changed)["Polls"]
    assert book["G6"].value == 1201
    assert book.data_validations.count == openpyxl.load_workbook(shipped)["Polls"].data_validations.count


@pytest.mark.parametrize("seed", range(3))
def test_what_is_known_of_a_changed_sheet_is_what_is_read_of_it(shipped: Path, tmp_path: Path, seed: int) -> None:
    """Cells in and beyond what is filled; the sheets kept without reading are those that a reader finds."""
    rng, path = random.Random(seed), tmp_path / "a.xlsx"
    path.write_bytes(shipped.read_bytes())
    for _ in range(12):
        sheet = rng.choice(list(read_grids(path)))
        rows = read_grids(path)[sheet].rows
        wide, long = len(rows[0]) + 3 if rows else 5, len(rows) + 4
        places = [f"{letter(rng.randint(1, wide))}{rng.randint(1, long)}" for _ in range(rng.choice([1, 1, 40]))]
        path.write_bytes(change_cells(path, sheet, {p: rng.choice(TYPED) for p in places}))
        assert read_grids(path) == read_xlsx(path)


@pytest.mark.parametrize("name", sorted(p.name for p in SAVED.glob("*.xlsx")))
def test_files_of_other_programs_keep_what_else_they_hold(name: str, tmp_path: Path) -> None:
    """Whatever wrote the file: the cell is as a whole new workbook would have it, and so is every other."""
    path = tmp_path / name
    path.write_bytes(change_cells(SAVED / name, "Polls", {"A40": "typed", "G5": "77"}))
    book = openpyxl.load_workbook(SAVED / name)
    book["Polls"]["A40"], book["Polls"]["G5"] = "typed", 77
    book.save(tmp_path / "whole.xlsx")
    assert read_xlsx(path) == read_xlsx(tmp_path / "whole.xlsx")


@pytest.mark.parametrize("name", sorted(p.name for p in SAVED.glob("*.xlsx")))
def test_a_copy_is_marked_and_otherwise_the_same(name: str, tmp_path: Path) -> None:
    marked = mark(mark((SAVED / name).read_bytes(), "first"), "tag 1")
    assert read_mark(marked) == "tag 1"
    (tmp_path / name).write_bytes(marked)
    before, after = parts(SAVED / name), parts(tmp_path / name)
    assert {n for n in before if before[n] != after[n]} == {"docProps/core.xml"}


def test_a_number_is_taken_as_its_cell_shows_it(shipped: Path, tmp_path: Path) -> None:
    book, path = openpyxl.load_workbook(shipped), tmp_path / "a.xlsx"
    page = book["Polls"]
    page["H6"].number_format, page["E6"].number_format = "0%", "yyyy-mm-dd"
    book.save(path)
    path.write_bytes(change_cells(path, "Polls", {"H6": "51", "E6": "2003"}))
    grid = read_grids(path)["Polls"]
    assert (grid.rows[5][7], grid.rows[5][4]) == ("51%", "2003")
    assert read_grids(path) == read_xlsx(path)


def test_what_a_formula_gave_is_forgotten_when_a_cell_changes(tmp_path: Path) -> None:
    """It may hang on the cell; a program that opens the file works it out again."""
    changed = tmp_path / "a.xlsx"
    given = re.compile(rb"<f[^>]*>[^<]*</f><v>[^<]+</v>")
    assert any(given.search(raw) for raw in parts(SAVED / "libreoffice.xlsx").values())
    changed.write_bytes(change_cells(SAVED / "libreoffice.xlsx", "Polls", {"G5": "77"}))
    assert not any(given.search(raw) for raw in parts(changed).values())
    assert load(changed).id == "river-valley"
    assert read_grids(changed) == read_xlsx(changed)


def test_a_formula_may_be_typed_over(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(SAVED / "libreoffice.xlsx")["Terms"]
    place = next(c.coordinate for row in page.iter_rows() for c in row if c.data_type == "f")
    changed = tmp_path / "a.xlsx"
    changed.write_bytes(change_cells(SAVED / "libreoffice.xlsx", "Terms", {place: "=x"}))
    cell = openpyxl.load_workbook(changed)["Terms"][place]
    assert (cell.value, cell.data_type) == ("=x", "s")


@pytest.mark.parametrize(
    ("place", "text"), [("G0", "1"), ("XFE1", "1"), ("G6", "a\x01"), ("G6", "\ud800"), ("G6", "\ufffe")]
)
def test_what_no_sheet_can_hold_is_a_sentence(shipped: Path, place: str, text: str) -> None:
    with pytest.raises(UsageError, match=r"is no cell|no sheet can keep"):
        change_cells(shipped, "Polls", {place: text})
