"""What LibreOffice opened and saved again is the same study, in both of its kinds, and tells the same mistakes."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.workbook.conftest import Book
from tests.workbook.test_opening import rezip
from tests.workbook.test_round_trips import VALLEY, same

from winset.errors import StudyError
from winset.study.loading import load as load_folder
from winset.study.loading import shipped
from winset.workbook import convert, load

SAVED = Path(__file__).parent / "saved"
PROGRAM = shutil.which("soffice") or ""
installed = pytest.mark.skipif(not PROGRAM, reason="LibreOffice is not installed here; .ci/run installs it")
OFFICE, TABLE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{n}:1.0}}" for n in ("office", "table"))


def resave(path: Path, kind: str, folder: Path) -> Path:
    """A workbook as LibreOffice saves it, with a profile of its own so that no other window is in the way."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [PROGRAM, profile, "--headless", "--convert-to", kind, "--outdir", str(folder / kind), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / kind / f"{path.stem}.{kind}"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_libreoffice_saved_reads_the_same(kind: str) -> None:
    same(load(SAVED / "plain.xlsx"), load(SAVED / f"libreoffice.{kind}"))


@installed
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize("name", [*(pytest.param(s, marks=pytest.mark.slow) for s in shipped()), str(VALLEY)])
def test_a_study_survives_libreoffice(name: str, kind: str, tmp_path: Path) -> None:
    study = load_folder(name)
    book, *beside = sorted(convert(study, tmp_path / "case.xlsx"), key=lambda p: p.suffix != ".xlsx")
    saved = resave(book, kind, tmp_path)
    for path in beside:
        shutil.copy(path, saved.parent)
    same(study, load(saved))


@installed
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_mistakes_are_told_of_what_libreoffice_saved(book: Book, kind: str, tmp_path: Path) -> None:
    where = book.put("Polls", "n", 3, "many")
    broken = book.put("Polls", "accept", 1, "=1/0")
    row = book.cell("Polls", "n", 2).row
    book.sheet("Polls").row_dimensions[row].hidden = True
    found = Book.mistakes_of(resave(book.save(), kind, tmp_path))
    assert {m.split(": ")[0] for m in found} == {where, broken, f"Polls!A{row}"}
    assert any("holds the error #DIV/0!" in m for m in found)


def cell_of(root: Any, text: str) -> Any:
    return next(c for c in root.iter(f"{TABLE}table-cell") if "".join(c.itertext()) == text)


def unwork(root: Any) -> None:
    cell = cell_of(root, "21 %")
    for key in [k for k in cell.attrib if k.startswith(OFFICE)]:
        del cell.attrib[key]
    for text in list(cell):
        cell.remove(text)
    cell.set(f"{TABLE}formula", "of:=[.A1]")


def fail(root: Any) -> None:
    next(cell_of(root, "21 %").iterchildren()).text = "Err:502"


def hide_row(root: Any) -> None:
    cell_of(root, "21 %").getparent().set(f"{TABLE}visibility", "collapse")


def hide_column(root: Any) -> None:
    polls = next(t for t in root.iter(f"{TABLE}table") if t.get(f"{TABLE}name") == "Polls")
    next(polls.iter(f"{TABLE}table-column")).set(f"{TABLE}visibility", "filter")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unwork, "Polls!I5: holds a formula that was never worked out"),
        (fail, "Polls!I5: holds the error Err:502"),
        (hide_row, "Polls!A5: row 5 is hidden"),
        (hide_column, "Polls!A4: column A is hidden"),
    ],
)
def test_what_an_ods_hides_or_never_worked_out_is_told(
    change: Callable[[Any], None], said: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(SAVED / "libreoffice.ods") as inside:
        root = etree.fromstring(inside.read("content.xml"))
    change(root)
    path = rezip(SAVED / "libreoffice.ods", tmp_path / "a.ods", {"content.xml": etree.tostring(root)})
    with pytest.raises(StudyError, match=said):
        load(path)
