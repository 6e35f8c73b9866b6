"""The annex for print: the page's own blocks, typeset."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from lxml import html

from winset.brief import summarise, to_annex_pdf
from winset.brief.annex import read_blocks
from winset.brief.page import render_annex
from winset.cli import run_cli
from winset.runs import Run


def test_every_number_of_the_page_is_in_the_annex(tiny_run: Run) -> None:
    text, charts = render_annex(tiny_run, summarise(tiny_run))
    blocks = list(read_blocks(text, charts))
    page = html.fragment_fromstring(text, create_parent="div")
    assert [b["text"] for b in blocks if b["kind"] == "heading" and b["level"] == 1] == [
        h.text_content() for h in page.iter("h2")
    ]
    tables = [b for b in blocks if b["kind"] == "table"]
    assert sum(len(t["rows"]) for t in tables) == len(page.xpath(".//tbody/tr"))
    assert all(len(t["head"]) == len(t["widths"]) == len(row) for t in tables for row in t["rows"])
    assert sum(b["kind"] == "picture" for b in blocks) == len(page.xpath(".//figure"))


def test_pages_are_numbered_and_no_heading_stands_alone(tiny_run: Run, tmp_path: Path) -> None:
    path = tmp_path / "annex.pdf"
    path.write_bytes(to_annex_pdf(tiny_run))
    pages = [p.extract_text() for p in pypdf.PdfReader(path).pages]
    for n, said in enumerate(pages, 1):
        assert f"{n} / {len(pages)}" in said
    text, charts = render_annex(tiny_run, summarise(tiny_run))
    headings = {b["text"] for b in read_blocks(text, charts) if b["kind"] == "heading"}
    for said in pages:
        lines = [line for line in said.split("\n") if line.strip() and " / " not in line]
        assert lines[-1] not in headings


def test_the_command_writes_it(tiny_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli(["brief", str(tiny_run.folder), "--annex", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.strip().endswith("annex.pdf")
    assert (tmp_path / "annex.pdf").read_bytes().startswith(b"%PDF")
    assert not (tmp_path / "brief.html").exists()
