"""From a new workbook to one that is right: cells, versions, conflicts, the archive."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from starlette.testclient import TestClient

from winset.app import Workspace
from winset.app.guard import Guard
from winset.app.workspace import MINUTE
from winset.brief import summarise
from winset.evidence import gather
from winset.findings import describe_support
from winset.language import find_language
from winset.runs import Run
from winset.runs.dependence import hash_parts
from winset.runs.folder import FORMAT
from winset.workbook import convert, find_text, load, read_sheet
from winset.workbook.grids import letter


@pytest.fixture
def started(client: TestClient, guard: Guard) -> str:
    client.post("/new", data={"form": guard.form, "name": "River case", "sides": 2})
    return "River-case.xlsx"


def write(
    client: TestClient,
    guard: Guard,
    sheet: str,
    cells: dict[str, str],
    tag: str | None = None,
    before: dict[str, str] | None = None,
    rows: dict[str, list[str]] | None = None,
) -> Any:
    here = client.get(f"/studies/River-case.xlsx/sheets/{sheet}").json()["tag"]
    asked = {"form": guard.form, "tag": tag or here, "cells": cells, "before": before or {}, "rows": rows or {}}
    return client.post(f"/studies/River-case.xlsx/sheets/{sheet}", json=asked, headers={"accept": "application/json"})


def test_a_new_study_can_be_run_as_it_is(client: TestClient, started: str) -> None:
    page = client.get(f"/studies/{started}").text
    assert "0</span> to mend" in page
    assert "constituencies" in page


def test_a_mistake_is_told_at_its_cell_and_undone(client: TestClient, guard: Guard, started: str) -> None:
    rows = client.get(f"/studies/{started}/sheets/Polls").json()["rows"]
    wrong = write(client, guard, "Polls", {"D5": "nobody"}).json()
    assert "unknown constituency `nobody`" in wrong["wrong"]["D5"]
    assert write(client, guard, "Polls", {"D5": rows[4][3]}).json()["wrong"] == {}


def test_every_change_can_be_taken_back(client: TestClient, guard: Guard, started: str, place: Workspace) -> None:
    before = place.study(started).read_bytes()
    write(client, guard, "Polls", {"D5": "nobody"})
    (version,) = place.versions(started)
    assert version.why == "before Polls!D5: public became nobody"
    client.post(f"/studies/{started}/restore", data={"form": guard.form, "version": version.id})
    assert place.study(started).read_bytes() == before
    assert len(place.versions(started)) == 2


def test_what_somebody_else_changed_is_not_written_over(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    old = place.tag(started)
    write(client, guard, "Polls", {"D5": "army"})
    late = write(client, guard, "Polls", {"D5": "north"}, tag=old, before={"D5": "public"})
    assert late.status_code == 409
    assert "it now says “army”" in late.json()["error"]
    assert late.json()["cells"] == ["D5"]
    other = write(client, guard, "Polls", {"H5": "67"}, tag=old, before={"H5": "68"})
    assert other.status_code == 200
    assert other.json()["rows"][4][3] == "army"  # what somebody else changed is shown now
    again = write(client, guard, "Polls", {"D5": "north"}, tag=other.json()["tag"], before={"D5": "public"})
    assert again.status_code == 409  # though the last change of this page is the last one of all


def test_what_is_typed_into_a_row_that_has_moved_is_not_written(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    """Somebody made room above: the cell is empty as it was, and of another row."""
    old, rows = place.tag(started), read_sheet(place.study(started), "Polls")
    there = {f"{letter(c + 1)}6": text for c, text in enumerate(rows[4]) if text}
    write(client, guard, "Polls", there | {"D6": "army"}, before={at: find_text(rows, at) for at in (*there, "D6")})
    late = write(client, guard, "Polls", {"V6": "a note"}, tag=old, before={"V6": ""}, rows={"6": rows[5]})
    assert late.status_code == 409
    assert late.json()["rows"][5][3] == "army"
    assert write(client, guard, "Polls", {"V9": "007"}, tag=old, before={"V9": ""}).json()["cells"] == {"V9": "7"}


def test_a_workbook_that_was_downloaded_before_a_change_does_not_undo_it(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    copy = client.get(f"/studies/{started}/download").content
    write(client, guard, "Polls", {"D5": "army"})
    form = {"form": guard.form}
    stale = client.post(f"/studies/{started}/replace", data=form, files={"file": ("old.xlsx", io.BytesIO(copy))})
    assert "would lose those changes" in stale.text
    fresh = client.get(f"/studies/{started}/download").content
    done = client.post(f"/studies/{started}/replace", data=form, files={"file": ("new.xlsx", io.BytesIO(fresh))})
    assert "would lose" not in done.text
    assert place.versions(started)[0].why == "before new.xlsx was uploaded"


def test_a_workbook_that_is_no_study_replaces_nothing(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    before = place.study(started).read_bytes()
    budget = io.BytesIO()
    openpyxl.Workbook().save(budget)
    form = {"form": guard.form}
    for content, said in (
        (budget.getvalue(), "is a workbook, but no study"),
        (b"not a workbook", "nothing was changed"),
    ):
        files = {"file": ("b.xlsx", io.BytesIO(content))}
        assert said in client.post(f"/studies/{started}/replace", data=form, files=files).text
        assert place.study(started).read_bytes() == before
    client.post("/upload", data=form, files={"file": ("b.xlsx", io.BytesIO(budget.getvalue()))})
    assert place.studies() == [started]


def test_names_are_of_any_script_and_the_name_is_the_title(client: TestClient, guard: Guard, place: Workspace) -> None:
    page = client.post("/new", data={"form": guard.form, "name": "Озеро Белт", "sides": 2})
    assert place.studies() == ["Озеро-Белт.xlsx"]
    assert "<h1>Озеро Белт</h1>" in page.text


def test_what_a_run_said_is_kept_before_it_is_made_anew(place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley-quick")
    place.keep_run("valley-quick")
    names = [r.name for r in place.runs()]
    assert len(names) == 2
    assert any(n.startswith("valley-quick-20") for n in names)


def test_an_address_can_keep_to_the_answer_of_a_minute(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    """A link that was sent shows what its sender saw, though the study was fitted again since."""
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    os.utime(place.folder / "runs" / "valley" / "findings.json", (0, 0))
    minute = place.made("valley").strftime(MINUTE)
    shown = client.get("/runs/valley/evidence?of=north.public")
    assert f"/runs/valley/evidence?of=north.public&amp;made={minute}" in shown.text
    pinned = f"/runs/valley/evidence?of=north.public&made={minute}"
    assert client.get(pinned).url.path == "/runs/valley/evidence"
    place.keep_run("valley")
    os.utime(place.folder / "runs" / "valley" / "findings.json")
    led = client.get(pinned)
    assert (led.status_code, led.url.path, led.url.query) == (
        200,
        f"/runs/valley-{minute}/evidence",
        b"of=north.public",
    )
    asked = client.get("/api/runs/valley/support", params={"what": "mediator-2025-01", "made": minute})
    assert (asked.status_code, asked.url.path) == (200, f"/api/runs/valley-{minute}/support")
    gone = client.get("/runs/valley/evidence?made=20200101-0000")
    assert (gone.status_code, "is not kept here" in gone.text) == (404, True)


def test_a_run_that_is_older_than_its_study_says_so(
    client: TestClient, started: str, place: Workspace, tiny_run: Run
) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "River-case-quick")
    os.utime(place.folder / "runs" / "River-case-quick" / "findings.json", (0, 0))
    assert "has changed since" in client.get(f"/studies/{started}").text


def test_what_changed_since_an_answer_is_named_and_gone_once_it_is_undone(
    client: TestClient, guard: Guard, started: str, place: Workspace, tiny_run: Run
) -> None:
    run = place.folder / "runs" / "River-case-quick"
    shutil.copytree(tiny_run.folder, run)
    settings = {"seed": 1, "draws": 400, "fast": True, "without": []}
    kept = settings | {"parts": hash_parts(load(place.study(started)), settings), "format": FORMAT}
    (run / "settings.json").write_text(json.dumps(kept))
    os.utime(run / "findings.json", (0, 0))  # older than every change
    assert "has changed since" not in client.get(f"/studies/{started}").text
    row = next(n for n, r in enumerate(read_sheet(place.study(started), "Start"), 1) if r[0] == "Title")
    write(client, guard, "Start", {f"B{row}": "Another title"})
    assert "has changed since: labels and notes." in client.get(f"/studies/{started}").text
    write(client, guard, "Start", {f"B{row}": "River case"})
    assert "has changed since" not in client.get(f"/studies/{started}").text


def test_what_is_typed_never_becomes_a_formula(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    write(client, guard, "Sources", {"A30": "=1+1"})
    cell = openpyxl.load_workbook(place.study(started))["Sources"]["A30"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_lists_and_comments_of_the_workbook_stay(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    lists = len(openpyxl.load_workbook(place.study(started))["Polls"].data_validations.dataValidation)
    write(client, guard, "Polls", {"D5": "army"})
    assert len(openpyxl.load_workbook(place.study(started))["Polls"].data_validations.dataValidation) == lists > 0


@pytest.mark.parametrize("cells", [{"D0": "x"}, {"5": "x"}, {"D5": "x" * 5000}, {}, {"ZZZZ1": "x"}])
def test_cells_that_cannot_be_are_refused(
    client: TestClient, guard: Guard, started: str, cells: dict[str, str]
) -> None:
    assert write(client, guard, "Polls", cells).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"x", "is no workbook"),
        ("case.xlsx", b"not a workbook", "is no workbook, whatever its name says"),
        ("../../case.xlsx", b"PK\x03\x04 damaged", "damaged"),
    ],
)
def test_what_is_no_workbook_is_told(client: TestClient, guard: Guard, name: str, content: bytes, said: str) -> None:
    answer = client.post("/upload", data={"form": guard.form}, files={"file": (name, io.BytesIO(content))})
    assert said in answer.text


def test_a_study_is_put_away_and_brought_back(client: TestClient, guard: Guard, started: str, place: Workspace) -> None:
    client.post(f"/studies/{started}/archive", data={"form": guard.form})
    assert place.studies() == []
    client.post("/unarchive", data={"form": guard.form, "name": started})
    assert place.studies() == [started]


def test_a_copy_has_a_name_of_its_own(client: TestClient, guard: Guard, started: str, place: Workspace) -> None:
    client.post(f"/studies/{started}/duplicate", data={"form": guard.form})
    assert place.studies() == ["River-case-2.xlsx", "River-case.xlsx"]


def test_a_study_with_mistakes_is_not_fitted(client: TestClient, guard: Guard, started: str) -> None:
    write(client, guard, "Polls", {"D5": "nobody"})
    answer = client.post(f"/studies/{started}/fit", data={"form": guard.form, "fast": "true"})
    assert "to be mended first" in answer.text


def test_what_changes_outside_is_seen(client: TestClient, guard: Guard, started: str, place: Workspace) -> None:
    """Files on disk are the truth."""
    write(client, guard, "Polls", {"D5": "army"})
    place.study(started).write_bytes(b"somebody else's program")
    assert "whatever its name says" in client.get(f"/studies/{started}").text


def test_a_run_says_what_it_hangs_on_and_what_to_ask(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    assert "What next" in client.get("/runs/valley/next").text
    for kind, said in (("ask", "What should one ask next"), ("tip", "What would turn"), ("hangs-on", "hangs most on")):
        assert said in client.get(f"/runs/valley/next/{kind}").text
    assert "nothing is explored" in client.get("/runs/valley/next/else").text


def test_a_questionnaire_goes_out_of_a_run_and_its_answers_come_in(
    client: TestClient, guard: Guard, place: Workspace, tiny_run: Run, tmp_path: Path
) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    convert(tiny_run.study, place.folder / "valley.xlsx")
    came = client.get("/runs/valley/questionnaire.xlsx")
    assert "valley-questions.xlsx" in came.headers["content-disposition"]

    def send(content: bytes, as_of: str = "") -> str:
        files = {"file": ("answers.xlsx", content)}
        return client.post("/studies/valley.xlsx/answers", data={"form": guard.form, "as_of": as_of}, files=files).text

    before = place.study("valley.xlsx").read_bytes()
    assert "no row of sheet Polls is filled in" in send(came.content)
    filled = fill_in(came.content)
    assert "move that day to 2025-02-09" in send(filled)
    assert "is no day" in send(filled, "soon")
    assert place.study("valley.xlsx").read_bytes() == before
    assert "answers.xlsx were taken in" in send(filled, "2025-02-28")
    known = load(place.study("valley.xlsx"))
    assert known.as_of == dt.date(2025, 2, 28)
    assert gather(known).printed > gather(tiny_run.study).printed
    assert "has every filled row" in send(filled, "2025-02-28")


def fill_in(content: bytes) -> bytes:
    """The first row of answers, as a pollster would fill it in."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    days = {"Start": dt.date(2025, 2, 3), "End": dt.date(2025, 2, 9)}
    told = {
        "Polls": days | {"n": 1012, "accept": 38.5, "reject": 51.5},
        "Instruments": {"Instrument": "Omnibus", "By": "New pollster", "Mode": "telephone"},
        "Sources": {"Publisher": "New pollster", "Title": "Omnibus of February", "Date": dt.date(2025, 2, 20)},
    }
    for name, values in told.items():
        sheet = book[name]
        places = {
            (n, str(c.value).strip()): k
            for n, r in enumerate(sheet.iter_rows(max_row=4), 1)
            for k, c in enumerate(r, 1)
        }
        for heading, value in values.items():
            row, column = next((n, k) for (n, text), k in places.items() if text == heading)
            sheet.cell(row + 1, column, value)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_the_api_answers_with_the_command_lines_findings(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    found = client.get("/api/runs/valley/support", params={"what": "mediator-2025-01"}).json()
    told = describe_support(tiny_run.room, "mediator-2025-01")
    assert [f["sentence"] for f in found] == [f.sentence for f in told]
    assert [r["mean"] for r in found[0]["table"]] == pytest.approx(told[0].table["mean"].to_list())
    assert client.get("/api/runs/valley/support", params={"what": "nobody"}).status_code == 422
    assert client.get("/api/runs").json()[0]["name"] == "valley"
    assert {"support", "carry"} <= {
        f["id"]
        for f in client.get("/api/runs/valley/support", params={"what": "land=split", "endorsed": "leader"}).json()
    }


def test_the_two_pages_come_in_another_language(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    assert "Українська" in client.get("/runs/valley").text
    assert '<html lang="uk">' in client.get("/runs/valley/brief.html?language=uk").text
    pages = [client.get(f"/runs/valley/brief.pdf?language={code}").content for code in ("en", "fr")]
    assert all(p.startswith(b"%PDF") for p in pages)
    assert pages[0] != pages[1]
    wrong = client.get("/runs/valley/brief.docx?language=../de.po")
    assert wrong.status_code >= 400
    assert "no language" in wrong.text


def test_sections_of_the_two_pages_are_chosen(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "valley")
    summary = summarise(tiny_run)
    first, second = (heading for heading, _ in summary.sections[:2])
    assert f"> {first}</label>" in html.unescape(client.get("/runs/valley").text)
    book = client.get("/runs/valley/brief.docx", params={"section": [1]}).content
    said = [p.text for p in docx.Document(io.BytesIO(book)).paragraphs]
    assert second in said
    assert first not in said
    assert f"These pages leave out: {first}" in said[-1]
    none = docx.Document(io.BytesIO(client.get("/runs/valley/brief.docx", params={"section": [99]}).content))
    assert not {heading for heading, _ in summary.sections} & {p.text for p in none.paragraphs}  # all were unticked
    assert "Ces pages laissent de côté" in summary.only([1]).told(find_language("fr")).method
    assert summary.only(range(len(summary.sections))) == summary
    pictures = zipfile.ZipFile(io.BytesIO(client.get("/runs/valley/brief.zip").content))
    assert pictures.namelist()[0] == "valley-1.png"
    assert client.get("/runs/valley/brief.pdf", params={"paper": "poster"}).status_code == 422


def test_two_runs_are_compared_in_words(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    for name in ("before", "after"):
        shutil.copytree(tiny_run.folder, place.folder / "runs" / name)
    page = client.get("/compare", params={"before": "before", "after": "after"}).text
    assert "The same printed results went into both" in page


def test_a_sheet_that_is_missing_is_added_with_its_headings(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    assert "Votes" not in openpyxl.load_workbook(place.study(started)).sheetnames
    client.post(f"/studies/{started}/sheets", data={"form": guard.form, "sheet": "Votes"})
    added = client.get(f"/studies/{started}/sheets/Votes").json()
    headings = next(row for row in added["rows"] if len([x for x in row if x]) > 1)
    assert "Side" in headings
    assert added["says"]["Side"]
    assert added["wrong"] == {}
    assert "can be added" in client.post(f"/studies/{started}/sheets", data={"form": guard.form, "sheet": "Else"}).text


def test_characters_that_no_sheet_keeps_are_a_sentence(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    before = place.tag(started)
    named = client.post("/new", data={"form": guard.form, "name": "case \x08"})
    assert (named.status_code, "cannot be printed" in named.text) == (422, True)
    cells = {"form": guard.form, "tag": before, "cells": {"B2": "a \x08"}}
    assert "no sheet can keep" in client.post(f"/studies/{started}/sheets/Start", json=cells).text
    assert place.tag(started) == before
    assert place.studies() == [started]


def test_a_brief_that_was_never_written_is_made(client: TestClient, place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "tiny")
    (place.folder / "runs" / "tiny" / "brief.html").unlink(missing_ok=True)
    assert "Build a package" in client.get("/runs/tiny/brief.html").text


def test_what_is_made_up_in_a_new_case_is_said_until_it_is_written_over(
    client: TestClient, guard: Guard, started: str, place: Workspace
) -> None:
    page = client.get(f"/studies/{started}").text
    assert "Made up, and still in this case: " in page
    rows = read_sheet(place.study(started), "Sources")
    at = {f"{letter(c + 1)}{n}": x.removesuffix(" (invented)") for n, row in enumerate(rows, 1) for c, x in enumerate(row)
          if x.endswith("(invented)")}  # fmt: skip
    assert len(at) == 4
    write(client, guard, "Sources", at)
    assert "Made up" not in client.get(f"/studies/{started}").text
