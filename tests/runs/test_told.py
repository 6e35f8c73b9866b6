"""What a run had to say is kept, and is the same when it is read again: in words, in other languages, in digits."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from winset.cli.commands import invoke
from winset.findings import Finding
from winset.language import find_language
from winset.runs import Run, open_run, told
from winset.runs.packing import pack

TEXT = "mediator-2025-01"


@pytest.fixture
def run(tiny_run: Run, tmp_path: Path) -> Run:
    return open_run(shutil.copytree(tiny_run.folder, tmp_path / "run"))


def texts(f: Finding) -> list[str]:
    return [f.question, f.sentence, f.rests_on, *f.names.values()]


def test_findings_read_again_are_those_that_were_kept(run: Run) -> None:
    found = run.findings()
    again = told.load_findings(run.folder)
    assert again is not None
    assert [f.id for f in again] == [f.id for f in found]
    for a, b in zip(found, again, strict=True):
        assert a.table.equals(b.table)
        assert a.table.schema == b.table.schema
        assert a.cites == b.cites
        for code in ("en", "fr", "uk"):
            language = find_language(code)
            assert [language.say(t) for t in texts(a)] == [language.say(t) for t in texts(b)]


def test_a_run_that_is_opened_again_works_nothing_out(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run.findings()
    monkeypatch.setattr(Run, "_work_out", lambda _: pytest.fail("it was worked out again"))
    assert [f.sentence for f in open_run(run.folder).findings()] == [f.sentence for f in found]


@pytest.mark.parametrize("name", ["sensitivity.parquet", "study/study.yaml", "settings.json"])
def test_what_it_was_made_of_has_changed(run: Run, name: str) -> None:
    run.findings()
    (run.folder / name).write_bytes((run.folder / name).read_bytes() + b"\n")
    assert told.load_findings(run.folder) is None


def test_another_program_works_out_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.findings()
    monkeypatch.setattr(told, "_program", lambda: "another")
    assert told.load_findings(run.folder) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"not a zip"])
def test_a_damaged_file_is_as_none(run: Run, content: bytes) -> None:
    (run.folder / told.FILE).write_bytes(content)
    assert told.load_findings(run.folder) is None
    assert run.findings()


def test_it_is_not_passed_on(run: Run) -> None:
    run.findings()
    assert (run.folder / told.FILE).is_file()
    assert told.FILE.encode() not in pack([run.folder]).content


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (told.PACKAGES, ["room"]),
        (told.BARGAIN, ["solve"]),
        (told.PIVOTS.format(TEXT), ["pivots", TEXT]),
        (told.SUPPORT.format(TEXT), ["support", TEXT]),
    ],
)
def test_answers_that_took_a_search_are_kept_to_the_digit(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, question: str, asked: list[str]
) -> None:
    """Asked as usual they are read; the same is worked out where nothing was kept."""
    command, *about = asked
    run.findings()
    assert told.load_answer(run.folder, question)
    assert invoke([command, str(run.folder), *about]) == 0
    kept = capsys.readouterr().out
    monkeypatch.setattr(told, "load_answer", lambda *_: None)
    assert invoke([command, str(run.folder), *about]) == 0
    assert capsys.readouterr().out == kept


def test_what_is_evidence_is_the_same_once_a_run_is_opened_again(tiny_run: Run, run: Run) -> None:
    """The prior that it is told against was kept with the doubt of what nobody was asked, which was added once more."""
    fresh, again = (x.acceptance.support(TEXT)["evidence"].to_list() for x in (tiny_run, run))
    assert again == pytest.approx(fresh, abs=1e-4)
