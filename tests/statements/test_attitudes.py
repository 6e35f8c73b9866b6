"""What groups are reported to think: found, counted, denied; and the labelled half that rules were written on."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

pytest.importorskip("spacy")

from winset.statements import find_attitudes, propose, read_article
from winset.statements.article import Article

HERE = Path(__file__).parent
BENCHMARK = HERE.parents[1] / "benchmarks" / "reported_attitudes.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("reported_attitudes", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drafted(text):
    return propose(Article("a.txt", "", "", "", text)).candidates


def one(text):
    (found,) = find_attitudes(text)
    return found


def test_the_half_that_may_be_looked_at_is_read_as_promised(benchmark):
    scores = benchmark.judge("seen")
    assert scores["f1"] >= 0.9
    assert scores["holder"] >= 0.9
    assert scores["counts"] >= 0.95
    assert scores["direction"] >= 0.9
    assert scores["denied given a stance"] == 0


@pytest.mark.parametrize("half", ["unseen", "later"])
def test_paragraphs_that_rules_were_not_written_on_are_read_too(benchmark, half):
    scores = benchmark.judge(half)
    assert scores["f1"] >= 0.8
    assert scores["holder"] >= 0.85
    assert scores["direction"] >= 0.8
    assert scores["denied given a stance"] == 0


def test_the_article_that_was_read_badly_is_read(benchmark):
    labels = json.loads((HERE / "article.json").read_text())
    text = (HERE / "article.txt").read_text()
    found = propose(read_article(HERE / "article.txt")).candidates
    signs = {"for": 1, "against": -1, "as the mood before": -1}
    for label in labels:
        start = text.index(label["words"])
        end = start + len(label["words"])
        here = [c for c in found if c.start < end and c.end > start]
        assert here, label
        candidate = max(here, key=lambda c: min(c.end, end) - max(c.start, start))
        assert benchmark.same_holder(label["speaker"], candidate.speaker), label
        if label["count"] and not candidate.kind.startswith("direct"):
            assert [candidate.count, candidate.of] == label["count"]
        assert candidate.stance == signs.get(label["stance"]), label


@pytest.mark.parametrize(
    ("text", "holder", "lean"),
    [
        ("Veterans resent the offer of money.", "Veterans", -1),
        ("A pause is seen by many in the border towns as a trick.", "in the border towns", -1),
        ("Most residents welcomed the joint board.", "residents", 1),
        ("Officials say that residents fear that the truce would let the rebels rearm.", "residents", -1),
        ("There is little support among the gunners for the plan.", "the gunners", -1),
        ("Farmers would take any line on the map.", "Farmers", 1),
        ("Farmers do not want the truce.", "Farmers", -1),
        ("Hardliners want the offensive to continue.", "Hardliners", -1),
        ("Widows want an end to the war.", "Widows", 1),
        ("Drivers oppose the new checkpoint.", "Drivers", 0),
        ("Teachers support a return to hostilities.", "Teachers", -1),
        ("The council voted 41 to 12 against the peace plan.", "The council", -1),
    ],
)
def test_who_is_for_and_who_against(text, holder, lean):
    found = one(text)
    assert (found.holder, found.lean) == (holder, lean)


@pytest.mark.parametrize(
    ("text", "count", "of"),
    [
        ("Six of the eight widows oppose the truce.", 6, 8),
        ("Of the twelve bakers, none wants the truce.", 0, 12),
        ("All seven councillors favour the truce.", 7, 7),
        ("Twelve teachers were met. Eight of them want a truce, and none of them wants war.", 0, 12),
        ("The author met sixteen prisoners. Every one of them favoured an exchange.", 16, 16),
        ("Most interviewees (19 of 26) support a truce.", 19, 26),
        ("We asked fifteen neighbours. Nine said no to the truce.", 9, 15),
        ("Eleven soldiers reject the truce.", 11, None),
        ("The council voted 41 to 12 against the peace plan.", 41, 53),
        ("The farmers' league voted to support the water treaty by 120 votes to 30.", 120, 150),
        ("Deputies backed the truce by 63 votes to 20, with 4 abstentions.", 63, 83),
    ],
)
def test_counts_are_read_with_the_people_they_count(text, count, of):
    found = find_attitudes(text)[-1]
    assert (found.amount.count, found.amount.of) == (count, of)


def test_a_quantifier_is_a_range_and_few_speaks_of_the_others():
    most = one("Most of the drivers oppose the truce.")
    assert (most.amount.least, most.amount.most, most.lean) == (50, 95, -1)
    few = one("Few of the drivers support the truce.")
    assert (few.amount.turned, few.lean) == (True, -1)
    assert one("Dozens of men oppose the truce.").amount.people == "24-96"


def test_nobody_who_voices_support_is_none_and_not_all():
    found = one("No one interviewed voiced support for the accord.")
    assert (found.amount.turned, found.lean) == (True, -1)


@pytest.mark.parametrize("between", ["\n\n", " "])
def test_that_mood_leads_back_to_what_was_said_before(between):
    found = drafted(
        f"“I will never sign a truce,” said a sapper.{between}That mood is shared by six of the eight widows."
    )
    assert [(c.kind, c.stance, c.count, c.of) for c in found][-1] == ("attitude", -1, 6, 8)
    assert found[-1].speaker == "the eight widows"


@pytest.mark.parametrize(
    "text",
    [
        "It would be wrong to say that villagers want the truce.",
        "None of the twelve said that they would accept the truce.",
        "The ministry denied that its troops are against the talks.",
        "The claim that conscripts reject the truce is false.",
        "There is no evidence that officers oppose the deal.",
        "Nobody should claim that the town welcomes the deal.",
        "The army dismissed reports that its men would accept the deal.",
        "It is not true that the garrison wants to fight on.",
        "The article warns against assuming that settlers support the plan.",
        "Reports that the militia supports the accord are premature, its commander said.",
        "The governor said it was a lie that farmers want the border moved.",
        "The notion that miners reject the compromise does not survive a visit to the pit.",
        "Neither the article nor the interview shows that veterans accept the truce.",
        "Contrary to rumours, the crews do not oppose the armistice.",
        "The ministry denied that Gen. K. and his officers oppose the truce.",
    ],
)
def test_denied_attitudes_never_get_a_stance(text):
    for candidate in drafted(text):
        assert candidate.stance is None
        assert candidate.kind.startswith("negated")


@pytest.mark.parametrize(
    "text",
    [
        "Asked whether they would accept the truce, the men shrugged.",
        "The article does not say whether crews would accept the deal.",
        "Under the plan, troops would leave the strip within ninety days.",
        "Police said that three people were hurt near the bridge.",
        "Shares rose by 4 per cent on Wednesday.",
        "",
    ],
)
def test_what_is_no_attitude_is_not_found(text):
    assert [c for c in drafted(text) if c.kind == "attitude"] == []


def test_the_same_people_are_known_again():
    found = drafted(
        "Nine of the thirteen nurses opposed the truce.\n\nOf the thirteen nurses, nine also reject the map."
    )
    assert [c.same_as for c in found] == ["", "q001"]


def test_offsets_and_sentences_lead_back_to_the_words():
    text = "It rained. Some 40 per cent of the crews (all young) favour a truce, but most co-operatives back the war."
    for c in drafted(text):
        assert text[c.start : c.end] == c.text
        assert c.text in c.sentence
        assert not c.sentence.startswith("It rained")
