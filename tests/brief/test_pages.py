"""Two pages, in every shape, of studies that are awkward."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import zipfile
from pathlib import Path

import docx
import polars as pl
import pytest
from lxml import html

from winset.brief import Summary, render_brief, summarise, to_docx, to_pdf, to_pictures, write_pages
from winset.errors import UsageError
from winset.figures.summary import _panel
from winset.findings.wording import span
from winset.runs import Run, make_run
from winset.study import load

AWKWARD = "Ünïted “Front” <b>&amp;</b> {x} #let $y$ *z* 🕊 حرية Мир " + "very " * 40 + "long"


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page") - pdf.count(b"/Type /Pages")


@pytest.fixture(scope="module")
def summary(tiny_run: Run) -> Summary:
    return summarise(tiny_run)


def test_the_pages_say_what_the_findings_say(tiny_run: Run, summary: Summary) -> None:
    found = {f.id: f for f in tiny_run.findings()}
    assert summary.answer[0] == found["proposals"].sentence
    assert summary.chances[0][0] == found["proposals"].table["label"][0]
    assert {h for h, _ in summary.sections} >= {
        "What it takes at home, and what blocks",
        "What the answer hangs on most",
        "How sure this is",
    }


def test_two_pages_are_two_pages(summary: Summary) -> None:
    assert 1 <= len(to_pictures(summary)) <= 2
    assert to_pdf(summary).startswith(b"%PDF")
    assert to_pdf(summary, paper="letter") != to_pdf(summary)


def test_what_it_hangs_on_is_drawn_only_where_two_pages_have_room(
    summary: Summary, tiny_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = {f.id: f for f in tiny_run.findings()}["hangs-on-carried"].table
    thing, said, *three = summary.hangs[0]
    assert (str(thing), *three) == hanging.select("thing", "share", "low", "high").row(0)
    assert said == span(*three)
    drawn, without = to_pictures(summary), to_pictures(dataclasses.replace(summary, hangs=()))
    assert drawn != without
    monkeypatch.setattr("winset.brief.pages.PAGES", 0)
    assert to_pictures(summary) == without


def test_word_gets_headings_tables_and_a_picture_with_a_text(summary: Summary) -> None:
    content = to_docx(summary)
    book = docx.Document(io.BytesIO(content))
    styles = [p.style.name for p in book.paragraphs]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") >= 4
    assert [c.text for c in book.tables[0].rows[1].cells] == list(summary.chances[0])
    with zipfile.ZipFile(io.BytesIO(content)) as inside:
        assert b'descr="Acceptance by constituency' in inside.read("word/document.xml")


def test_every_shape_says_the_same(tiny_run: Run, summary: Summary) -> None:
    page = html.fromstring(render_brief(tiny_run)).get_element_by_id("answer").text_content()
    word = "\n".join(p.text for p in docx.Document(io.BytesIO(to_docx(summary))).paragraphs)
    for said in (*summary.answer, *(x for _, many in summary.sections for x in many)):
        assert said in page
        assert said in word


def test_awkward_labels_hold(tiny_run: Run) -> None:
    study = tiny_run.study
    first = next(iter(study.proposals))
    renamed = {first: dataclasses.replace(study.proposals[first], label=AWKWARD)}
    changed = dataclasses.replace(study, title=AWKWARD, proposals={**study.proposals, **renamed})
    told = dataclasses.replace(
        summarise(tiny_run), title=AWKWARD, answer=(AWKWARD,) * 3, chances=((AWKWARD, "1 %", "2 %", "1 %"),)
    )
    assert to_pdf(told).startswith(b"%PDF")
    assert AWKWARD in [p.text for p in docx.Document(io.BytesIO(to_docx(told))).paragraphs]
    page = html.fromstring(render_brief(dataclasses.replace(tiny_run, study=changed)))
    assert page.findtext(".//h1") == AWKWARD


def test_forty_proposals_show_ten_and_say_so(tmp_path: Path, tiny_folder: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(tiny_folder, tmp_path / "study"))
    more = "".join(
        f"\n  text-{n}: {{label: Text {n}, sponsor: S, date: 2025-01-10, source: text, terms: {{land: split}}}}"
        for n in range(39)
    )
    text = (folder / "study.yaml").read_text()
    (folder / "study.yaml").write_text(text.replace("\nproposals:", f"\nproposals:{more}", 1))
    told = summarise(make_run(load(folder), tmp_path / "run", fast=True))
    assert len(told.chances) == 10
    assert "30 more proposals" in told.left_out
    assert len(to_pictures(told)) <= 2


def test_the_study_may_name_the_proposals_it_is_about(tmp_path: Path, tiny_folder: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(tiny_folder, tmp_path / "study"))
    with (folder / "study.yaml").open("a") as file:
        file.write("\nasked: [mediator-2025-01]\n")
    study = load(folder)
    assert study.on_record() == ("mediator-2025-01",)


def test_one_constituency_and_no_proposal_have_pages(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        "study: s\ntitle: T\nquestion: Q\nas_of: 2025-01-01\n"
        "issues: {a: {label: A, options: {x: X}}}\n"
        "sides: {n: {label: N, leader: {label: L}, constituencies: {p: {label: P}},"
        " ratification: {support: p, at_least: 0.5}, order: {a: [x]}}}\n"
    )
    told = summarise(make_run(load(tmp_path), tmp_path / "run", fast=True))
    assert told.answer[0] == "No proposal is on record."
    assert told.chances == ()
    assert to_pdf(told).startswith(b"%PDF")
    assert to_docx(told)


@pytest.mark.parametrize(("module", "make"), [("typst", to_pdf), ("docx", to_docx)])
def test_what_is_not_installed_is_said(module: str, make, summary: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=r"winset\[print\]"):
        make(summary)


def test_an_unknown_paper_is_said_and_nothing_is_written(summary: Summary, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown paper `a3`"):
        write_pages(summary, tmp_path, ["pdf", "docx"], paper="a3")
    assert list(tmp_path.iterdir()) == []


def test_a_mean_is_written_as_tables_write_it() -> None:
    """Rounded to a tenth first, 50.48 per cent would be 51."""
    data = pl.DataFrame({"name": ["a"], "mean": [0.50482], "low": [0.1], "high": [0.9], "mark": ["measured"]})
    drawn = _panel(data, (None, None), ["Public"], first=True, width=100, colour="black").to_dict()
    assert '"said": "50"' in json.dumps(drawn)
