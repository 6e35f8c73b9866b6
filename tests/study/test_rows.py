"""Tables as spreadsheets and people save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.study.rows import read_rows

ROWS = "id,title\na,First\nb,Second\n"


def read(path: Path, raw: bytes) -> tuple[list[str], str]:
    path.write_bytes(raw)
    rows, mistakes = read_rows(path, ("id", "title"), ("note",))
    return [r["title"] for r in rows], "\n".join(str(m).removeprefix(f"{path}:") for m in mistakes)


@pytest.mark.parametrize(
    "raw", [ROWS, "\ufeff" + ROWS, "\ufeff\ufeff" + ROWS, ROWS.replace("\n", "\r\n"), ROWS.replace("\n", "\r")]
)
def test_byte_order_marks_and_ends_of_lines_do_not_matter(tmp_path: Path, raw: str) -> None:
    assert read(tmp_path / "t.csv", raw.encode()) == (["First", "Second"], "")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (ROWS.replace(",", ";"), "1: cells are separated by semicolons; save the table with commas"),
        (ROWS.replace(",", "\t"), "1: cells are separated by tabs; save the table with commas"),
        ("a,First\nb,Second\n", "1: the first line must name the columns: id,title"),
        ("id,title,\na,First,\n", "1: column 3 has no name"),
        ('id,title\na,"First\nb,Second\n', "2: not a CSV table (unexpected end of data); look for a quotation mark"),
        ('id,title\na,"First" one\n', "2: not a CSV table (',' expected after '\"'); look for a quotation mark"),
        ("id," + "t" * 200_000, "1: not a CSV table (field larger than field limit (131072)); look for"),
        ("id,title\na,First\0\n", "2: holds a NUL character; not a text file"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(tmp_path: Path, raw: str, said: str) -> None:
    assert read(tmp_path / "t.csv", raw.encode())[1].startswith(said)


def test_a_cell_that_swallowed_a_file_and_signs_that_nobody_sees_are_shown_short_and_in_the_open(
    tmp_path: Path,
) -> None:
    told = read(tmp_path / "t.csv", f"id,title,{'x' * 5000}\u202e\n".encode())[1]
    assert len(told) < 1000
    assert "\\u202e" in told
