"""Which words people were asked about: by leaf, speaker and stand."""

from __future__ import annotations

import pytest

from winset.evidence import count_words, gather, list_measured_leaders
from winset.study import load

ASKED = "  river-leader: {side: north, kind: term, scale: yes-no, offer: {land: split}, endorsed: {leader: for, south: against}, "


@pytest.fixture
def asked(folder, edit):
    """The whole of a side, made of two groups, asked with both leaders' words."""
    parts = "public: {label: General public, parts: {rural: 0.25, urban: 0.75}}"
    edit(
        "study.yaml",
        "public: {label: General public}",
        f"{parts}\n      rural: {{label: Rural}}\n      urban: {{label: Urban}}",
    )
    edit("questions.yaml", "  river-border:", f"{ASKED}wording: And if they spoke?}}\n  river-border:")
    edit(
        "polls.csv",
        "north-2025-01,",
        "north-leader,river-leader,north-poll,public,2025-01-12,2025-01-14,800,accept,60,release\nnorth-2025-01,",
    )
    return load(folder)


def test_of_a_whole_each_leaf_has_its_share_of_the_answers(asked):
    found = count_words(asked, gather(asked))
    leaves = asked.composition.leaves
    people = {(leaves[leaf], asked.speakers[n].id, stand): answers for (leaf, n, stand), answers in found.items()}
    assert {(x, y) for _, x, y in people} == {("north", "for"), ("south", "against")}
    rural, urban = (people[("north", part), "north", "for"] for part in ("rural", "urban"))
    assert urban == pytest.approx(3 * rural)
    assert ("north", "army") not in {leaf for leaf, _, _ in people}


def test_only_a_leader_s_own_people_tell_what_his_word_is_worth(asked, tiny_folder):
    plain = load(tiny_folder)
    assert list_measured_leaders(asked, gather(asked)) == ("north",)
    assert list_measured_leaders(plain, gather(plain)) == ()
