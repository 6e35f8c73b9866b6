"""Studies that ship: whole, dated, and sourced."""

from __future__ import annotations

import polars as pl
import pytest

from winset.evidence import gather
from winset.study import load
from winset.study.loading import shipped

NAMES = sorted(shipped())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_later_than_the_as_of_date_is_evidence(name: str) -> None:
    study = load(name)
    assert gather(study).table["end"].max() <= study.as_of  # pyright: ignore[reportOperatorIssue]


@pytest.mark.parametrize("name", NAMES)
def test_every_printed_result_names_a_source_that_is_listed(name: str) -> None:
    folder = shipped()[name]
    listed = set(pl.read_csv(folder / "sources.csv", infer_schema_length=0)["id"])
    used = set(pl.read_csv(folder / "polls.csv", infer_schema_length=0)["source"])
    assert used <= listed


def test_both_rules_of_cyprus_are_votes() -> None:
    study = load("cyprus-2004")
    assert {type(s.ratification).__name__ for s in study.sides.values()} == {"Vote"}


def test_versions_of_the_plan_of_cyprus_are_told_apart() -> None:
    """Five versions, five packages; each question of a version asks about that version's terms."""
    study = load("cyprus-2004")
    offers = {q: study.questions[q].offer for q in study.questions if study.questions[q].kind == "package"}
    for version in (1, 3, 4, 5):
        terms = study.proposals[f"annan-{version}"].terms
        asked = [o for q, o in offers.items() if q.startswith(f"annan{version}-")]
        assert asked
        assert all(set(terms.items()) <= set(o.items()) for o in asked)
    assert len({tuple(sorted(p.terms.items())) for p in study.proposals.values()}) == len(study.proposals)
