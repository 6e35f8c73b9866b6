"""Small groups are shown nowhere; speakers keep pseudonyms."""

from __future__ import annotations

import csv
import json
import stat
from dataclasses import replace

import pytest

from winset.brief import write_brief
from winset.brief.page import render_brief
from winset.cli.commands import invoke
from winset.errors import EvidenceError
from winset.findings.protection import COUNTS, SAID, protect
from winset.runs import make_run, open_run
from winset.study import load

HEAD = "statement,instrument,speaker,constituency,date,question,stance,count,coder,how,source,note\n"
REPORTER = "  reporter: {label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, population: y}\n"


def interviewed(folder, people, minimum=5):
    """Soldiers whom a reporter asked, and a reason of each in their own words."""
    told = "river-border", "1,anna,quotation,release"
    rows = [f"s{n},reporter,Person {n},army,2025-01,{told[0]},{-2 if n % 3 else 2},{told[1]},x" for n in range(people)]
    rows += [f"t{n},reporter,Person {n},army,2025-01,,-1,{told[1]},the words of {n}" for n in range(people)]
    (folder / "interviews.csv").write_text(HEAD + "\n".join(rows) + "\n")
    path = folder / "instruments.yaml"
    path.write_text(path.read_text() + REPORTER)
    study = folder / "study.yaml"
    study.write_text(study.read_text().replace("as_of:", f"minimum_count: {minimum}\nas_of:"))
    return folder


@pytest.mark.parametrize(("people", "minimum"), [(7, 8)])
def test_no_finding_and_no_page_shows_what_a_small_group_said(folder, tmp_path, people, minimum):
    run = make_run(load(interviewed(folder, people, minimum)), tmp_path / "run", fast=True)
    for finding in run.findings():
        if finding.id.startswith("ask"):
            continue  # how many one would ask: nobody's answers
        for row in finding.table.iter_rows(named=True):
            for c in COUNTS:
                assert not 0 < (row.get(c) or 0) < minimum, (finding.id, row)
            if row.get("instrument") == "reporter" and "observed" in row:
                assert row["observed"] is None, finding.id
    page = write_brief(run).read_text()
    assert "too few to show" in page
    assert f"&lt;{minimum}" in page
    assert "the words of" not in page
    told = json.dumps([f.as_dict() for f in run.findings()], default=str)
    assert "Person" not in told
    for path in (p for p in (tmp_path / "run").rglob("*") if p.is_file()):
        assert b"Person" not in path.read_bytes(), path.name
        assert b"the words of" not in path.read_bytes(), path.name
    again = open_run(tmp_path / "run").responses
    assert set(again.context["note"]) == {""}
    assert all(s.startswith("speaker ") for s in [*again.context["speaker"], *again.table["respondent"].drop_nulls()])


def test_words_are_quoted_only_where_the_study_says_so(folder, tmp_path):
    run = make_run(load(interviewed(folder, 6)), tmp_path / "run", fast=True)
    allowed = replace(run, study=replace(run.study, quotations=True))
    few = replace(run, study=replace(run.study, quotations=True, minimum_count=7))
    assert "the words of 3" not in render_brief(run)
    assert "the words of 3" in render_brief(allowed)
    assert "the words of 3" not in render_brief(few)


def test_protect_keeps_estimates_and_blanks_what_was_said():
    import polars as pl

    table = pl.DataFrame({"people": [2, 30], "observed": [0.5, 0.4], "mean": [0.3, 0.3]})
    assert protect(table, 5).rows() == [(None, None, 0.3), (30, 0.4, 0.3)]
    assert "observed" in SAID


def test_pseudonyms_are_consistent_and_the_key_is_for_its_owner_only(folder, tmp_path, capsys):
    interviewed(folder, 3)
    path = folder / "interviews.csv"
    path.write_text(path.read_text() + "s9,reporter,Person 1,army,2025-01,,-1,1,anna,quotation,release,y\n")
    assert invoke(["evidence", "pseudonymise", str(folder)]) == 0
    key = folder.parent / "river-valley.speakers.key.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert "Person" not in path.read_text()
    assert rows[1]["speaker"] == rows[4]["speaker"] == rows[-1]["speaker"]
    assert len({r["speaker"] for r in rows}) == 3
    before = path.read_text()
    assert invoke(["evidence", "pseudonymise", str(folder)]) == 0
    assert path.read_text() == before
    assert "0 speakers got a pseudonym" in capsys.readouterr().out


def test_a_name_in_another_column_stops_the_pseudonyms(folder):
    interviewed(folder, 3)
    path = folder / "interviews.csv"
    path.write_text(path.read_text().replace("the words of 2", "Person 2 said it"))
    from winset.evidence.pseudonyms import pseudonymise

    with pytest.raises(EvidenceError, match=r"interviews.csv:7: another column still names `Person 2`"):
        pseudonymise(folder, folder.parent / "speakers.key.csv")


def test_a_key_never_goes_into_a_run_folder(folder, tmp_path, capsys):
    interviewed(folder, 3)
    run = tmp_path / "run"
    run.mkdir()
    (run / "provenance.json").write_text("{}")
    assert invoke(["evidence", "pseudonymise", str(folder), "--key", str(run / "a.speakers.key.csv")]) == 2
    assert "is a run folder" in capsys.readouterr().err
    assert invoke(["evidence", "pseudonymise", str(folder), "--key", str(tmp_path / "names.csv")]) == 2
