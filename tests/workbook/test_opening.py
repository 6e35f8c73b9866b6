"""Files that are no workbook, too large, locked or made to do harm: a sentence, soon, in little memory."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from tests.workbook.conftest import Book
from tests.workbook.mutations import LAUGHS

from winset.errors import StudyError
from winset.workbook import load

SAVED = Path(__file__).parent / "saved"
MEMORY = 3 * 2**30
"""Bytes of addresses that the command may take; numerical libraries take half of it before they do anything."""
OLD = b"\xd0\xcf\x11\xe0" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"poll,question\n1,2\n", "is no workbook, whatever its name says"),
        ("a.xls", OLD, "of the old kind; open it and save it as .xlsx"),
        ("a.xlsx", OLD + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        ("a.xlsx", b"PK\3\4" + b"\0" * 100, "is damaged"),
        ("a.xlsx", b"", "is no workbook"),
        ("a.xlsb", b"PK\3\4" + b"\0" * 100, "of a kind that is not read"),
    ],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError, match=said):
        load(tmp_path / name)


def rezip(source: Path, to: Path, change: dict[str, bytes]) -> Path:
    """A workbook with some of its parts written anew, or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *change]):
            new.writestr(name, change[name] if name in change else old.read(name))
    return to


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 2**20))
    with pytest.raises(StudyError, match="more than 64 MiB when unpacked"):
        load(tmp_path / "a.xlsx")


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as inside:
        inside.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 2**20))
    size = (70 * 2**20).to_bytes(4, "little")
    (tmp_path / "a.xlsx").write_bytes(made.getvalue().replace(size, (1000).to_bytes(4, "little")))
    with pytest.raises(StudyError, match="is damaged"):
        load(tmp_path / "a.xlsx")


@pytest.mark.parametrize(("name", "part"), [("plain.xlsx", "xl/workbook.xml"), ("libreoffice.ods", "content.xml")])
def test_entities_of_entities_are_not_spelt_out(name: str, part: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(SAVED / name) as inside:
        text = inside.read(part)
    mined = text.replace(b"?>", b"?>" + LAUGHS, 1) if b"?>" in text else LAUGHS + text
    mined = mined.replace(b"River valley", b"&g;").replace(b'name="Polls"', b'name="&g;"')
    path = rezip(SAVED / name, tmp_path / name, {part: mined})
    with pytest.raises(StudyError):
        load(path)


def refused(path: Path) -> str:
    """What the command says of a file that it refuses, in little memory and time."""
    done = subprocess.run(
        [sys.executable, "-m", "winset", "check", path.name],
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        check=False,
    )
    assert done.returncode == 2, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return done.stdout


def test_a_million_rows_are_refused(tmp_path: Path) -> None:
    page = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    rows = "".join(f'<row r="{n}"><c><v>1</v></c></row>' for n in range(1, 1_000_001))
    path = rezip(
        SAVED / "plain.xlsx",
        tmp_path / "a.xlsx",
        {"xl/worksheets/sheet2.xml": f"{page}{rows}</sheetData></worksheet>".encode()},
    )
    assert "a.xlsx, Terms!A20001: rows up to 20000 and columns up to OJ are read; delete this row" in refused(path)


def test_a_stray_cell_far_away_is_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAVED / "plain.xlsx")
    book["Polls"]["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert "a.xlsx, Polls!XFD1048576: rows up to 20000" in refused(tmp_path / "a.xlsx")


def test_a_sheet_that_is_formatted_to_its_end_is_read(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAVED / "plain.xlsx")
    book["Polls"]["XFD1048576"].number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    assert load(tmp_path / "a.xlsx").id == "river-valley"


@pytest.mark.parametrize("attribute", ["rows", "columns"])
def test_a_cell_that_is_repeated_without_end_is_refused(attribute: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(SAVED / "libreoffice.ods") as inside:
        root = etree.fromstring(inside.read("content.xml"))
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    tag = {"rows": "table-row", "columns": "table-cell"}[attribute]
    cell = next(n for n in root.iter(f"{table}{tag}") if "".join(n.itertext()).strip())
    cell.set(f"{table}number-{attribute}-repeated", "1048576")
    path = rezip(SAVED / "libreoffice.ods", tmp_path / "a.ods", {"content.xml": etree.tostring(root)})
    assert "are read; delete this row" in refused(path)


def test_an_ods_with_a_password_is_said(tmp_path: Path) -> None:
    manifest = b'<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    path = rezip(SAVED / "libreoffice.ods", tmp_path / "a.ods", {"META-INF/manifest.xml": manifest})
    with pytest.raises(StudyError, match="has a password"):
        load(path)


@pytest.mark.parametrize(
    ("name", "to", "said"),
    [("plain.xlsx", "a.ods", "is an .xlsx by what it holds"), ("libreoffice.ods", "a.xlsx", "is an .ods by what")],
)
def test_a_workbook_with_the_ending_of_another_is_said(name: str, to: str, said: str, tmp_path: Path) -> None:
    (tmp_path / to).write_bytes((SAVED / name).read_bytes())
    with pytest.raises(StudyError, match=said):
        load(tmp_path / to)


def test_a_workbook_with_macros_is_read_and_none_is_run(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "case.xlsm"
    path.write_bytes(book.save().read_bytes())
    with zipfile.ZipFile(path, "a") as inside:
        inside.writestr("xl/vbaProject.bin", b"whatever")
    assert load(path).id == "river-valley"
