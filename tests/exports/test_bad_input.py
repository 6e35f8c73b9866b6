"""What people hand in by mistake is answered by a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.exports import makes

from winset.cli import run_cli

WIDE = ["--respondent", "ResponseId", "--wide", "F-{task}-{profile}-{slot}", "--names", "F-{task}-{slot}"]
ASKED = [*WIDE, "--outcome", "Q4.{task+1}", "--attributes", "Border,Dam"]


def told(path: Path, capsys: pytest.CaptureFixture[str], *options: str, command: str = "mm") -> str:
    """The sentence on a file that cannot be used, in one line."""
    assert run_cli(["conjoint", command, str(path), *options]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert "Traceback" not in error
    return error


def workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "export.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "a workbook; save its sheet as CSV (UTF-8) and name export.csv",
        ),
        ("export.xlsx", workbook(), "a workbook; save its sheet as CSV (UTF-8) and name export.csv"),
        ("export.xlsx", b"a,b\n1,2\n", "is text and no workbook; rename it export.csv"),
        ("export.csv", workbook(), "is a workbook (.xlsx or .ods) or another zip file, not text"),
        ("export.csv", b"", "export.csv: is empty"),
        ("export.csv", b"\n\n\n", "export.csv: is empty"),
        ("export.csv", b"ResponseId,Q4.2,Q4.2\n1,2,3\n", "line 1: the heading `Q4.2` stands over columns 2 and 3"),
        ("export.csv", b'a,b\n1,2\n"3,4\n', "line 3 cannot be read"),
        ("export.csv", b"a,b\n1,2\n3,4,5\n", "line 3 has 3 cells and the heading 2"),
        ("export.csv", bytes(range(256)) * 4, "export.csv: "),
        ("nowhere.csv", None, "no such file"),
    ],
)
@pytest.mark.parametrize("command", ["map", "mm"])
def test_a_file_of_the_wrong_kind(
    name: str, content: bytes | None, said: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert said in told(path, capsys, *(ASKED if command == "mm" else []), command=command)


def test_utf_16_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.csv"
    for encoding in ("utf-16", "utf-16-le", "utf-8-sig"):
        path.write_text(makes.text(makes.qualtrics()), encoding=encoding)
        assert run_cli(["conjoint", "mm", str(path), *ASKED, "--json"]) == 0
        assert '"river"' in capsys.readouterr().out


def test_windows_1252_is_read_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(makes.text(makes.qualtrics()).replace("river", "rivière").encode("cp1252"))
    assert run_cli(["conjoint", "mm", str(path), *ASKED]) == 0
    told = capsys.readouterr()
    assert "rivière" in told.out
    assert "is no UTF-8 and was read as Windows-1252" in told.err


def test_the_hint_that_excel_leaves_for_itself_is_no_heading(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("sep=;\n" + makes.text(makes.qualtrics(), separator=";"), encoding="utf-8")
    assert run_cli(["conjoint", "mm", str(path), *ASKED]) == 0


def test_a_long_file_of_r_with_quoted_headings_and_accents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "long.csv"
    rows = "\n".join(f'{p},"{"éa"[k]}",{int(k == p % 2)}' for p in range(30) for k in range(2))
    asked = ["--outcome", "chosen", "--respondent", "id", "--attributes", "land"]
    for encoding in ("utf-8", "cp1252"):
        path.write_text(f'"id","land","chosen"\n{rows}\n', encoding=encoding)
        assert run_cli(["conjoint", "mm", str(path), *asked]) == 0
        assert "é" in capsys.readouterr().out


def test_an_export_with_one_respondent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write({c: v[:3] for c, v in makes.qualtrics().items()}, tmp_path / "export.csv")
    assert "respondent" in told(path, capsys, *ASKED)
    assert run_cli(["conjoint", "map", str(path)]) == 0


def test_an_export_in_which_nobody_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = {c: [*v[:2], *([""] * makes.PEOPLE if c.startswith("Q4") else v[2:])] for c, v in makes.qualtrics().items()}
    path = makes.write(blank, tmp_path / "export.csv")
    assert "no task was answered: all columns of answers are empty" in told(path, capsys, *ASKED)


def test_an_export_with_headings_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write({c: v[:2] for c, v in makes.qualtrics().items()}, tmp_path / "export.csv")
    assert "holds headings and no answers" in told(path, capsys, *ASKED)


def test_a_person_who_stands_in_two_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = makes.write({c: [*v, v[2]] for c, v in makes.qualtrics().items()}, tmp_path / "export.csv")
    assert "1 respondents stand in several rows (the first is R_000 in `ResponseId`)" in told(path, capsys, *ASKED)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ["--wide", "X-{task}-{profile}-{slot}"],
            "no column fits the pattern `X-{task}-{profile}-{slot}`; columns are",
        ),
        (["--names", "N-{task}-{slot}"], "no column `N-1-1`, which should name the attribute"),
        (["--outcome", "Q9.{task}"], "no column `Q9.1` for the answer to task 1"),
        (["--outcome", "Q4.{tusk}"], "holds {tusk}; known: {task}, {profile}, {slot}, {attribute}"),
        (["--outcome", "Q4.2"], "must hold {task}, or list a column for every task"),
        (["--outcome", "Q4.2,Q4.3"], "2 columns of answers are listed for 4 tasks"),
        (["--outcome", "Q4.2,Q4.3,Q4.4,Q4.5,Q6.1"], "the task that came again belongs under `repeated` (--repeat)"),
        (["--outcome", "Q1.{task+1}"], "no column `Q1.3`"),
        (["--respondent", "Response"], "did you mean `ResponseId`"),
        (["--attributes", "Bordr"], "no attribute `Bordr`; did you mean `Border`?"),
        (["--repeat", "Q6.9:flipped"], "no column `Q6.9` for the answer to the repeated task"),
        (["--where", "wave=1"], "no column `wave`"),
        (["--where", "Finished=Nein"], "no row has `Nein` in `Finished`"),
        (["--mapping", "nowhere.yaml"], "`winset conjoint map FILE --out nowhere.yaml` drafts one"),
    ],
)
def test_an_option_that_fits_nothing(
    change: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = makes.write(makes.qualtrics(), tmp_path / "export.csv")
    options = dict(zip(ASKED[::2], ASKED[1::2], strict=True)) | {change[0]: change[1]}
    assert said in told(path, capsys, *(x for pair in options.items() for x in pair))
