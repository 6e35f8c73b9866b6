"""Packages in the words that a reader needs."""

from __future__ import annotations

import dataclasses

from winset.study import Study, load


def test_a_package_is_told_as_the_proposal_that_it_nearly_is(study: Study) -> None:
    (plan,) = study.proposals.values()
    assert study.beside_record(dict(plan.terms)) == f"{plan.label} as it stands"
    other = {**plan.terms, "land": "north"}
    assert study.beside_record(other) == study.in_words(other)  # half of its terms differ
    cyprus = load("cyprus-2004")
    annan = cyprus.proposals["annan-4"]
    changed = {**annan.terms, "troops": "to-zero-eu"}
    assert cyprus.beside_record(changed) == f"{annan.label}, but Turkish troops: 6,000, then none"
    unread = {p: dataclasses.replace(x, not_read=("costs",)) for p, x in cyprus.proposals.items()}
    assert dataclasses.replace(cyprus, proposals=unread).beside_record(changed) == cyprus.in_words(changed)
