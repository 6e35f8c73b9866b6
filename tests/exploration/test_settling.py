"""What tells runs of the talks apart: events that were planted in the first weeks are found, in a rule and in a tree."""

from __future__ import annotations

import numpy as np
import pytest

from winset.exploration import tell_apart
from winset.exploration.settling import EARLY, list_inputs
from winset.findings import describe
from winset.study.war import Scenario
from winset.talks import TALK_PRIORS, Paths
from winset.talks.week import EVENTS, EXCHANGED, REFUSED_FIRST, TALKING, TRUCE

RUNS, WEEKS = 2000, 20


@pytest.fixture
def paths(study, rng):
    """Of runs with an exchange of prisoners in week 5 nine in ten settle, of those without one in ten."""
    exchange = rng.uniform(size=RUNS) < 0.3
    settles = rng.uniform(size=RUNS) < np.where(exchange, 0.9, 0.1)
    state = np.full((RUNS, WEEKS), TALKING, np.uint8)
    state[settles, -1] = TRUCE
    news = np.where(rng.uniform(size=(RUNS, WEEKS)) < 0.2, REFUSED_FIRST, 0).astype(np.uint16)
    news[exchange, 4] |= EXCHANGED
    news[:, EARLY + 1] |= EXCHANGED  # too late to be an early event
    return Paths(
        study=study, scenario=Scenario(label="As it is"), packages=(), labels=(), truce=np.zeros(0, bool), seed=1,
        parameters=rng.uniform(size=(RUNS, len(TALK_PRIORS))), state=state, front=rng.normal(size=(RUNS, WEEKS)),
        held=np.zeros((RUNS, WEEKS, 1), np.uint16), mood=rng.normal(size=(RUNS, WEEKS, 2)),
        carried=np.ones((RUNS, WEEKS, 3), np.uint8), news=news, tabled=np.full((RUNS, WEEKS), -1, np.int8),
        events=np.zeros((RUNS, EVENTS), np.int32))  # fmt: skip


def test_events_of_the_first_quarter_are_counted(paths):
    names, inputs = list_inputs(paths)
    exchanges = inputs[:, names.index(f"exchanges of prisoners in the first {EARLY} weeks")]
    assert set(exchanges) == {0.0, 1.0}
    assert exchanges.mean() == pytest.approx(0.3, abs=0.04)
    refused = inputs[:, [n.startswith("texts that ") and "refused" in n for n in names]]
    assert refused.mean() == pytest.approx(0.2 * EARLY, abs=0.2)
    assert not any("could carry" in n for n in names)  # what never varies tells nothing


def test_what_was_planted_is_said_by_rule_and_by_tree(paths):
    found = tell_apart(paths)
    rule = found.table.row(0, named=True)
    assert rule["condition"].startswith(f"exchanges of prisoners in the first {EARLY} weeks: 1 at least (")
    assert rule["density_low"] <= 0.9 <= rule["density_high"] + 0.01
    assert found.leaves["density"].to_list() == pytest.approx([0.9, 0.1], abs=0.04)
    assert found.leaves["where"][1].startswith(f"exchanges of prisoners in the first {EARLY} weeks: 0")
    rules, tree, shares = describe(found)
    assert rules.id == "settles"
    assert "Calling each run by its leaf is right in 9" in tree.sentence
    assert "saying that none settles, in 6" in tree.sentence
    assert shares.table["share"].is_sorted(descending=True)
    assert 1 <= shares.table.height < 6
