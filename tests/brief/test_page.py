from __future__ import annotations

from lxml import html

from winset.brief import render_brief, render_text
from winset.runs import Run


def test_the_brief_needs_nothing_from_outside(tiny_run: Run) -> None:
    page = html.fromstring(render_brief(tiny_run))
    outside = [e for e in page.iter("script", "link", "img", "iframe") if e.get("src") or e.get("href")]
    assert outside == []


def test_the_brief_reads_aloud(tiny_run: Run) -> None:
    page = html.fromstring(render_brief(tiny_run))
    assert page.get("lang") == "en"
    assert len(page.findall(".//h1")) == 1
    assert all(t.find("caption") is not None for t in page.iter("table"))
    assert all(th.get("scope") for th in page.iter("th"))
    assert all(f.get("aria-label") for f in page.iter("figure"))


def test_every_link_inside_the_brief_leads_somewhere(tiny_run: Run) -> None:
    page = html.fromstring(render_brief(tiny_run))
    ids = {e.get("id") for e in page.iter() if e.get("id")}
    assert {a.get("href")[1:] for a in page.iter("a") if a.get("href", "").startswith("#")} <= ids


def test_a_fast_fit_says_so_on_the_first_page(tiny_run: Run) -> None:
    text = html.fromstring(render_brief(tiny_run)).get_element_by_id("answer").text_content()
    assert "Laplace approximation" in text


def test_a_label_cannot_become_markup(tiny_run: Run) -> None:
    import dataclasses

    study = dataclasses.replace(tiny_run.study, title="<script>alert(1)</script>")
    assert "<script>alert" not in render_brief(dataclasses.replace(tiny_run, study=study))


def test_the_text_fits_a_narrow_terminal(tiny_run: Run) -> None:
    lines = render_text(tiny_run, 50).splitlines()[3:]
    assert max(len(line) for line in lines) <= 50


def test_the_smallest_study_without_evidence_or_proposal_has_a_brief(tmp_path) -> None:
    from winset.runs import make_run
    from winset.study import load

    (tmp_path / "study.yaml").write_text(
        "study: s\ntitle: T\nquestion: Q\nas_of: 2025-01-01\n"
        "issues: {a: {label: A, options: {x: X}}}\n"
        "sides: {n: {label: N, leader: {label: L}, constituencies: {p: {label: P}},"
        " ratification: {support: p, at_least: 0.5}, order: {a: [x]}}}\n"
    )
    run = make_run(load(tmp_path), tmp_path / "run", fast=True)
    assert "nobody asked" not in render_text(run)
    assert "No proposal is on record" in render_brief(run)
