"""A leader who prepares his public: by the word that was measured, where somebody was asked with it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from winset.findings import describe
from winset.room import ratify
from winset.talks import list_table, plan, simulate
from winset.talks.priors import MECHANISMS


def carried(room, side, table):
    """Mean share of a table's packages that a side could carry."""
    return np.mean([room._held(room.shares(dict(p)))[side].mean() for p in table])


@pytest.fixture(scope="module")
def room(spoken_run):
    return ratify(spoken_run.acceptance, audience_costs_on=False)


def test_the_measured_word_is_heard_at_home_and_by_nobody_else(spoken_run, room):
    table = list_table(room)
    framed = simulate(room, weeks=1, runs=4000, off=MECHANISMS, levers=["framing=north"], table=table)
    plain = simulate(room, weeks=1, runs=4000, off=MECHANISMS, table=table)
    heard = ratify(spoken_run.acceptance, audience_costs_on=False, endorsed={"north": "for"})
    share = framed.carried[:, 0, 0].mean() / len(table)
    assert share == pytest.approx(carried(heard, "north", table), abs=0.06)
    assert share > plain.carried[:, 0, 0].mean() / len(table) + 0.02
    assert np.array_equal(framed.carried[:, 0, 1], plain.carried[:, 0, 1])


def test_it_stands_in_place_of_the_guess(spoken_run):
    priced = plan(spoken_run.room, weeks=20, levers=["framing=north@5"])
    assert priced.framing == ("north",)
    assert not priced.levers.framing.any()
    assert priced.levers.world.tolist() == [0] * 5 + [1] * 15
    guessed = plan(spoken_run.room, weeks=20, levers=["framing=south@5"])
    assert guessed.framing == ()
    assert guessed.levers.framing[5:, 1].all()
    assert len(guessed.home.floor) == 1


def test_the_sources_say_which_word_was_measured(spoken_run):
    said = [f.rests_on for f in describe(simulate(spoken_run.room, weeks=8, runs=200, levers=["framing=north"]))]
    assert "North's leader prepares the public: share that follows that word as measured" in said[0]
    said = [f.rests_on for f in describe(simulate(spoken_run.room, weeks=8, runs=200, levers=["framing=south"]))]
    assert "South's leader prepares the public: `reframing` as guessed, never asked" in said[0]


def test_a_room_with_words_is_simulated_with_them(spoken_run, room):
    table = list_table(room)
    heard = ratify(spoken_run.acceptance, audience_costs_on=False, endorsed={"leader": "for"})
    paths = simulate(heard, weeks=1, runs=4000, off=MECHANISMS, table=table)
    for n, side in enumerate(("north", "south")):
        assert paths.carried[:, 0, n].mean() / len(table) == pytest.approx(carried(heard, side, table), abs=0.06)


def test_a_word_that_the_room_hears_already_is_heard_once(spoken_run):
    heard = ratify(spoken_run.acceptance, endorsed={"leader": "for"})
    ensemble = plan(heard, weeks=4, levers=["framing=north@2"])
    assert np.allclose(ensemble.home.floor[0], ensemble.home.floor[1])
    assert np.allclose(ensemble.table.need[0], ensemble.table.need[1])


def test_nothing_is_measured_by_a_word_against_or_of_another_side(spoken_run):
    study = spoken_run.study
    for words in ({"leader": "against"}, {"south": "for"}, {"unity": "for"}):
        asked = {"river-leader": study.questions["river-leader"].model_copy(update={"endorsed": words})}
        other = dataclasses.replace(study, questions={**study.questions, **asked})
        acceptance = dataclasses.replace(spoken_run.acceptance, study=other)
        room = dataclasses.replace(spoken_run.room, acceptance=acceptance)
        assert plan(room, weeks=4, levers=["framing=north"], table=list_table(spoken_run.room)).framing == ()
