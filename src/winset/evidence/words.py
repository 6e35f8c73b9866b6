"""Which words for and against an offer people were asked about."""

from __future__ import annotations

import polars as pl

from winset.evidence.responses import Responses
from winset.study import Study, find_speaker

Word = tuple[int, int, str]
"""Number of a leaf constituency, number of a speaker, and ``for`` or ``against``."""


def count_words(study: Study, responses: Responses) -> dict[Word, float]:
    """Effective answers to questions in which somebody spoke so, by leaf; of a whole, each leaf's share."""
    table = responses.table.group_by("question", "side", "constituency").agg(pl.col("weight").sum())
    leaves, found = study.composition.leaves, {}
    for question, side, constituency, weight in table.sort("question", "side", "constituency").iter_rows():
        for leaf, share in study.composition.shares((side or "", constituency)).items():
            for name, stand in study.questions[question].endorsed.items():
                word = (leaves.index(leaf), find_speaker(name, leaf[0], study.speakers), stand)
                found[word] = found.get(word, 0.0) + weight * share
    return found


def list_measured_leaders(study: Study, responses: Responses) -> tuple[str, ...]:
    """Sides some of whose people were asked about an offer that their own leader speaks for."""
    leaves = study.composition.leaves
    heard = {
        leaves[leaf][0]
        for leaf, speaker, stand in count_words(study, responses)
        if stand == "for" and study.speakers[speaker].relation(leaves[leaf][0]) == "leader"
    }
    return tuple(s for s in study.sides if s in heard)
