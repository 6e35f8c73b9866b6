"""Who said what: the labelled paragraphs, and what must never happen."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("spacy")

from winset.statements import find_quotations, suggest_coding, suggest_stance
from winset.statements.speech import find_quotes
from winset.study import load

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "quotations.py"


def test_the_labelled_paragraphs_are_found_as_well_as_promised():
    spec = importlib.util.spec_from_file_location("quotations", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scores = module.judge()
    assert len(module.read_labels()) >= 60
    assert scores["direct"]["f1"] >= 0.9
    assert scores["speakers of direct quotations"]["f1"] >= 0.75


@pytest.mark.parametrize(
    "sentence",
    [
        "The general denied that he would sign the deal.",
        "The general did not say that he would sign the deal.",
        "“I never said that I would take the deal,” the general said.",
        "Nobody said that they would accept any peace.",
        "The general doubted that anybody would take the deal.",
        "Asked whether he would take the deal, the general left the room.",
    ],
)
def test_denied_negated_and_doubted_reports_never_yield_a_stance(sentence):
    for quotation in find_quotations(sentence):
        assert suggest_stance(quotation)[0] is None, quotation


def test_plain_words_yield_a_stance_with_its_reason():
    (quotation,) = find_quotations("“I would take the deal tomorrow,” the pilot said.")
    assert suggest_stance(quotation) == (1, "`take the deal`")
    (quotation,) = find_quotations("Several fighters said that a truce would be a betrayal.")
    assert suggest_stance(quotation) == (-1, "`betray`")


def test_a_speaker_leads_to_a_constituency_of_the_study():
    study = load("istanbul-2025")
    (quotation,) = find_quotations("Several fighters said that a truce would be a betrayal of the dead.")
    coded = suggest_coding(quotation, study)
    assert coded.constituency == "soldiers"


def test_an_article_without_quotations_has_none():
    assert find_quotations("Under the plan, troops would leave within ninety days.") == []
    assert find_quotations("") == []


def test_apostrophes_open_nothing():
    assert list(find_quotes("The soldiers' mothers don't and won't.")) == []


@pytest.mark.parametrize(
    "text", ["«Мы очень устали», — сказал он.", "“אנחנו עייפים,” he said.", '"نحن متعبون" she said.']
)
def test_other_scripts_keep_their_words(text):
    quotes = find_quotations(text)
    assert quotes
    assert all(text[q.start : q.end] == q.text for q in quotes)


def test_offsets_lead_back_to_the_words():
    text = "“One,” he said. The aide, who had left early, said that the map “was never final” and that it would be redrawn."
    for q in find_quotations(text):
        assert text[q.start : q.end] == q.text
