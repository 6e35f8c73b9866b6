"""A room in which words for and against are heard: as acceptance has it, and by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest

from winset.acceptance import assume
from winset.errors import UsageError
from winset.room import ratify
from winset.room.leaving_out import leave_out
from winset.room.objectives import name_objective
from winset.room.rules import rule_holds
from winset.room.scoring import score_batch, score_space
from winset.room.search import rules_that_never_hold
from winset.room.tables import tabulate
from winset.runs import Run
from winset.study import load

WORDS = {"north": "for", "south": "against"}
WHAT = {"land": "split", "water": "joint"}


@pytest.fixture(scope="module")
def heard(tiny_run: Run):
    """The tiny study's room with the leader of the north for whatever is on offer, and the south's against."""
    return ratify(tiny_run.acceptance, audience_costs_on=False, endorsed=WORDS)


def hold_rules(room, shares: np.ndarray) -> dict[str, np.ndarray]:
    study = room.acceptance.study
    pairs = study.constituencies()
    named = {s: {c: shares[:, j] for j, (side, c) in enumerate(pairs) if side == s} for s in study.sides}
    return {
        s: np.asarray(rule_holds(study.rule(s), named[s], list(room.ballot.thresholds[i])))
        for i, s in enumerate(study.sides)
    }


def test_shares_are_those_of_acceptance_with_the_words(heard):
    assert np.allclose(heard.shares(WHAT), heard.acceptance.shares(WHAT, endorsed=WORDS), atol=1e-12)


def test_chances_are_those_of_the_rule_over_such_shares(heard):
    held = hold_rules(heard, heard.acceptance.shares(WHAT, endorsed=WORDS))
    carry = heard.carry(WHAT)["probability"].to_list()
    assert carry[:2] == pytest.approx([h.mean() for h in held.values()])
    assert carry[2] == pytest.approx(np.logical_and.reduce(list(held.values())).mean())


def test_every_package_scores_as_acceptance_has_it(heard):
    space = heard.acceptance.study.space
    packages = [space.package(space.unrank(n)) for n in range(space.size)]
    held = [hold_rules(heard, heard.acceptance.shares(dict(p), endorsed=WORDS)) for p in packages]
    both = np.array([np.logical_and.reduce(list(h.values())).mean() for h in held])
    sides = np.array([[h[s].mean() for h in held] for s in heard.acceptance.study.sides])
    numbers = np.array([space.unrank(n) for n in range(space.size)])
    alone = score_batch(heard.ballot, numbers)
    assert np.allclose(alone[0], sides)
    assert np.allclose(alone[1], both)
    scores = score_space(heard.ballot, space)
    assert np.allclose(scores.by_side, sides, atol=0.003)
    assert np.allclose(scores.both, both, atol=0.003)


@pytest.mark.parametrize("words", [{"leader": "for"}, {"leader": "against"}, {"north": "for"}, WORDS])
def test_the_best_package_is_that_of_brute_force(tiny_run, words):
    room = ratify(tiny_run.acceptance, endorsed=words)
    space = tiny_run.study.space
    packages = np.array([space.unrank(n) for n in range(space.size)])
    both = score_batch(room.ballot, packages)[1]
    found = room.search(space.size).found
    assert found.proven
    assert np.allclose(found.values, np.sort(both)[::-1])
    above = float(np.median(both))
    assert len(room.search(above=above).found.values) == (both >= above - 1e-9).sum()


def test_every_part_of_the_room_hears_the_words(tiny_run):
    plain, heard = (ratify(tiny_run.acceptance, endorsed=e) for e in (None, {"leader": "for"}))
    assert (heard.carry(WHAT)["probability"] >= plain.carry(WHAT)["probability"]).all()
    assert (heard.blocks(WHAT)["fails"] <= plain.blocks(WHAT)["fails"]).all()
    assert heard.prices(WHAT)["p_all"][0] == pytest.approx(heard.carry(WHAT)["probability"][-1])
    assert (heard.proposal_table()["mean"] > plain.proposal_table()["mean"]).all()
    mended = heard.repair({"land": "north", "water": "own"}, probability=0.99)
    first = tiny_run.study.space.encode({"land": "north", "water": "own"})
    assert mended.ladder["p_all"][0] == pytest.approx(score_batch(heard.ballot, np.array([first]))[1][0])
    needs = [room.shifts(WHAT, 0.6)["probits"].fill_null(9.0) for room in (plain, heard)]
    assert (needs[1] <= needs[0]).all()
    sizes = [room.without_each()["zone"][0] for room in (plain, heard)]
    assert sizes[1] > sizes[0]
    solved = [room.solve().table["p_all"].max() for room in (plain, heard)]
    assert solved[1] >= solved[0]


def test_leaving_out_and_thinning_keep_the_words(heard):
    side = next(iter(heard.acceptance.study.sides))
    assert leave_out(heard.ballot, side, "public").endorsed == WORDS
    assert heard.ballot.thin(50).endorsed == WORDS
    assert np.allclose(heard.ballot.thin(10**6).curve, heard.ballot.curve)


def test_words_are_part_of_the_fingerprint_and_none_are_none(tiny_run, heard):
    assert heard.ballot.fingerprint() != ratify(tiny_run.acceptance, audience_costs_on=False).ballot.fingerprint()
    floor, gain = tiny_run.room.ballot.curve
    lapse = tiny_run.acceptance.draws.lapse[:, None]
    assert (floor == lapse).all()
    assert (gain == 1 - 2 * lapse).all()


def test_a_word_against_may_take_a_threshold_out_of_reach(tiny_run):
    against = tabulate(ratify(tiny_run.acceptance, endorsed={"leader": "against"}).ballot, tiny_run.study.space)
    plain = tabulate(tiny_run.room.ballot, tiny_run.study.space)
    for n, kept in itertools.product(np.flatnonzero(plain.rules.single >= 0), (0.0, -0.5)):
        still = np.full(plain.draws, kept)
        assert (against.least(int(n), still) >= plain.least(int(n), still)).all()
    assert len(rules_that_never_hold(against)) >= len(rules_that_never_hold(plain))
    assert name_objective("all", against).is_joint


def test_nobody_of_an_unknown_name_speaks(tiny_run):
    with pytest.raises(UsageError, match="did you mean `north`"):
        ratify(tiny_run.acceptance, endorsed={"nort": "for"})


def test_nobody_is_heard_twice(tiny_run):
    with pytest.raises(UsageError, match="`leader` and `south` are one speaker to the people of `south`"):
        ratify(tiny_run.acceptance, endorsed={"leader": "for", "south": "against"})


def test_the_table_of_proposals_has_acceptance_with_the_words(heard):
    table = heard.proposal_table().filter(pl.col("proposal") == "mediator-2025-01")
    shares = heard.acceptance.shares("mediator-2025-01", endorsed=WORDS)
    assert np.allclose(table["mean"], shares.mean(0))


def test_a_whole_hears_the_words_through_its_parts(study, edit):
    parts = "public: {label: General public, parts: {rural: 0.25, urban: 0.75}}"
    parts += "\n      rural: {label: Rural}\n      urban: {label: Urban}"
    whole = load(edit("study.yaml", "public: {label: General public}", parts))
    acceptance = assume(whole)
    room = ratify(acceptance, audience_costs_on=False, endorsed={"leader": "for"})
    package = np.array([whole.space.encode(WHAT)])
    expected = score_batch(room.ballot, package)[2][0]
    assert np.allclose(expected, acceptance.shares(WHAT, endorsed={"leader": "for"}).mean(0))
    everyone = room.shifts(WHAT, 0.5).filter(pl.col("constituency") == "public")["probits"][0]
    assert everyone is None or everyone >= 0
    assert room.carry(WHAT)["probability"].to_list()[0] == pytest.approx(score_batch(room.ballot, package)[0][0, 0])
