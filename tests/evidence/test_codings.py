"""codings.yaml: coded interviews as rows of the one table."""

from __future__ import annotations

import json

import pytest
from tests.coding.projects import project_xml, write_project

from winset.errors import EvidenceError, StudyError
from winset.evidence import gather, heard_reasons, list_agreement, weigh_voices
from winset.study import load

TEXT = "I am tired. I would not take the river. Maybe I would."
CODINGS = """codings:
  valley:
    files: [valley.qdpx]
    instrument: reporter
    source: release
    date: 2025-01-10
    constituency: army
    codes:
      "cease-fire::against": {question: river-border, stance: -2}
      "cease-fire::for": {question: river-border, stance: 1}
      fatigue: {theme: fatigue}
"""
REPORTER = "  reporter: {label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, population: y}\n"


def passages(document, *marks):
    found = []
    for quote, code, coder in marks:
        start = TEXT.index(quote)
        found.append((document, start, start + len(quote), code, coder, quote))
    return found


def prepare(folder, codings, text=CODINGS, **how):
    documents = dict.fromkeys(dict.fromkeys(c[0] for c in codings), TEXT)
    xml = project_xml(documents, codings, **how)
    write_project(folder / "valley.qdpx", xml, {d: TEXT.encode() for d in documents})
    (folder / "codings.yaml").write_text(text)
    instruments = folder / "instruments.yaml"
    if "reporter" not in instruments.read_text():
        instruments.write_text(instruments.read_text() + REPORTER)
    return load(folder)


NOT, MAYBE, TIRED = "I would not take the river", "Maybe I would", "I am tired"


def test_a_coded_passage_is_a_judgement_with_its_place(folder):
    study = prepare(folder, passages("one", (NOT, "against", "anna"), (TIRED, "fatigue", "anna")))
    rows = gather(study).table.filter(instrument="reporter")
    assert rows.select("respondent", "coder", "category", "weight", "locator").rows() == [
        ("valley:one", "anna", 0, 1.0, "valley.qdpx#one:12-38")
    ]
    assert gather(study).context["theme"].to_list() == ["fatigue"]


def test_two_coders_of_a_speaker_share_one_persons_weight(folder):
    study = prepare(folder, passages("one", (NOT, "against", "anna"), (MAYBE, "for", "ben")))
    rows = gather(study).table.filter(instrument="reporter")
    assert rows["weight"].to_list() == [0.5, 0.5]
    assert sorted(rows["category"].to_list()) == [0, 1]


def test_a_speaker_who_says_both_says_neither(folder):
    study = prepare(folder, passages("one", (NOT, "against", "anna"), (MAYBE, "for", "anna")))
    assert gather(study).table.filter(instrument="reporter")["category"].to_list() == [None]


def test_one_passage_for_and_against_is_a_contradiction(folder):
    study = prepare(folder, passages("one", (NOT, "against", "anna"), (NOT, "for", "anna")))
    with pytest.raises(EvidenceError, match=r"valley.qdpx#one:12-38: anna codes the same passage .* keep one"):
        gather(study)


def test_codes_without_a_meaning_are_listed(folder):
    text = CODINGS.replace("      fatigue: {theme: fatigue}\n", "")
    study = prepare(folder, passages("one", (NOT, "against", "anna"), (TIRED, "fatigue", "anna")), text)
    with pytest.raises(EvidenceError, match=r"`fatigue` \(1 passages\).*or write `ignore`"):
        gather(study)


def test_a_code_that_the_file_lacks_is_told_with_the_nearest(folder):
    study = prepare(folder, passages("one", (NOT, "against", "anna")), CODINGS.replace("fatigue:", "fatige:"))
    with pytest.raises(EvidenceError, match="has no code `fatige`; did you mean `fatigue`"):
        gather(study)


def test_constituencies_come_from_attributes_of_cases(folder):
    text = CODINGS.replace(
        "    constituency: army\n", "    constituencies: {column: group, values: {soldier: army, voter: public}}\n"
    )
    cases = {
        "case of one": {"group": "soldier"},
        "case of two": {"group": "voter"},
        "case of three": {"group": "child"},
    }
    codings = [p for d in ("one", "two", "three") for p in passages(d, (NOT, "against", "anna"))]
    study = prepare(folder, codings, text, cases=cases)
    rows = gather(study).table.filter(instrument="reporter")
    assert rows.select("respondent", "constituency").rows() == [
        ("valley:case of one", "army"),
        ("valley:case of two", "public"),
    ]


def test_values_that_fit_nobody_are_told(folder):
    groups = "constituencies: {column: group, values: {soldiers: army}}"
    cases = {"case of one": {"group": "soldier"}}
    marks = passages("one", (NOT, "against", "anna"))
    study = prepare(folder, marks, CODINGS.replace("constituency: army", groups), cases=cases)
    with pytest.raises(EvidenceError, match=r"no speaker has a value that codings.yaml maps"):
        gather(study)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("question: river-border, stance: -2", "question: river-bordr, stance: -2", "did you mean `river-border`"),
        ("stance: -2", "stance: -3", "greater than or equal to -2"),
        ("{theme: fatigue}", "{stance: 1}", "a stance needs its question"),
        ("instrument: reporter", "instrument: north-poll", "is a poll; coded interviews need kind: interviews"),
        ("date: 2025-01-10", "date: 2026-01-10", "after the as-of date"),
        ("constituency: army", "constituency: navy", "unknown constituency `navy` of north"),
        ("files: [valley.qdpx]", "files: [../valley.qdpx]", "lies elsewhere"),
    ],
)
def test_mistakes_in_the_mapping_are_told_with_their_line(folder, old, new, said):
    with pytest.raises(StudyError, match=r"codings.yaml:[0-9]+: ") as caught:
        prepare(folder, passages("one", (NOT, "against", "anna")), CODINGS.replace(old, new, 1))
    assert said in str(caught.value)


def test_agreement_counts_and_reasons_come_from_the_same_rows(folder):
    codings = []
    for n in range(8):
        second = ("for" if n == 0 else "against", "ben")
        codings += passages(f"d{n}", (NOT, "against", "anna"), (NOT, *second), (TIRED, "fatigue", "anna"))
    responses = gather(prepare(folder, codings))
    agreement, doubtful = list_agreement(responses, "river-border")
    assert agreement.table.filter(measure="percent agreement")["value"][0] == pytest.approx(7 / 8)
    assert doubtful["respondent"].to_list() == ["valley:d0"]
    ((key, few),) = weigh_voices(load(folder), responses)
    assert (key["question"], few.of) == ("river-border", 8)
    assert set(heard_reasons(responses)["reason"]) >= {"fatigue", "river-border: against"}


def test_what_people_said_stays_out_of_the_run_folder(folder, tmp_path):
    from winset.runs import make_run, open_run

    codings = [p for n in range(3) for p in passages(f"d{n}", (NOT, "against", "anna"))]
    made = make_run(prepare(folder, codings), tmp_path / "run", fast=True)
    kept = [p for p in (tmp_path / "run").rglob("*") if p.is_file()]
    assert not [p.name for p in kept if p.name.endswith(".qdpx")]
    assert not [p.name for p in kept if NOT.encode() in p.read_bytes()]
    again = open_run(tmp_path / "run").responses.table
    assert again.drop("respondent").equals(made.responses.table.drop("respondent"))
    assert set(again["respondent"].drop_nulls()) == {"speaker 1", "speaker 2", "speaker 3"}
    found = json.loads((tmp_path / "run" / "findings.json").read_text())
    small = next(f for f in found if f["id"] == "voices")["table"][0]
    assert (small["voices"], small["said"], small["at_least"]) == (None, None, None)
