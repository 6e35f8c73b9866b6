"""The space against brute force; blocks and repairs by their meaning."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from winset.errors import UsageError
from winset.room import ratify
from winset.room.scoring import changes, score_batch, score_space
from winset.runs import Run


def test_every_package_scores_as_by_brute_force(tiny_run: Run) -> None:
    ballot, space = tiny_run.room.ballot, tiny_run.study.space
    packages = np.array([space.unrank(i) for i in range(space.size)])
    sides, both, _ = score_batch(ballot, packages)
    scores = score_space(ballot, space)
    assert np.allclose(scores.by_side, sides, atol=0.003)
    assert np.allclose(scores.both, both, atol=0.003)


def test_a_listed_package_scores_as_it_does_alone(tiny_run: Run) -> None:
    package = {"land": "split", "water": "joint"}
    alone = tiny_run.room.carry(package)["probability"].to_list()
    sides, both, _ = score_batch(tiny_run.room.ballot, np.array([tiny_run.study.space.encode(package)]))
    assert alone == pytest.approx([*sides[:, 0], both[0]])


def test_both_is_never_likelier_than_either(tiny_run: Run) -> None:
    scores = tiny_run.room.scores
    assert (scores.both <= scores.by_side.min(0) + 1e-6).all()


def test_a_broken_commitment_costs_its_own_side(tiny_run: Run) -> None:
    free = ratify(tiny_run.acceptance, audience_costs_on=False).carry({"land": "split"})
    priced = tiny_run.room.carry({"land": "split"})
    assert priced["probability"][0] < free["probability"][0]
    assert priced["probability"][1] == free["probability"][1]


def test_changes_are_counted_exactly(tiny_run: Run) -> None:
    space = tiny_run.study.space
    assert len(changes(space, (0, 0), 1)) == 2 + 1
    assert len(changes(space, (0, 0), 2)) == 2 * 1
    assert ((changes(space, (0, 0), 2) != 0).sum(1) == 2).all()


def test_a_repair_is_the_best_of_all_single_changes(tiny_run: Run) -> None:
    repair = tiny_run.room.repair({"land": "north", "water": "own"}, probability=0.99)
    ballot, space = tiny_run.room.ballot, tiny_run.study.space
    _, both, _ = score_batch(ballot, changes(space, space.encode({"land": "north", "water": "own"}), 1))
    assert repair.ladder["p_all"][1] == pytest.approx(both.max())


def test_a_proposal_that_carries_needs_no_repair(tiny_run: Run) -> None:
    assert tiny_run.room.repair("mediator-2025-01", probability=0.0).ladder.height == 1


def test_blocks_name_every_clause(tiny_run: Run) -> None:
    blocks = tiny_run.room.blocks("mediator-2025-01")
    assert blocks["side"].to_list() == ["north", "north", "south"]
    assert blocks["fails"].is_between(0, 1).all()


def test_the_zone_holds_what_it_says(tiny_run: Run) -> None:
    zone = tiny_run.room.agreement_zone(0.05)
    assert (zone["p_all"] >= 0.05).all()
    assert tiny_run.room.agreement_zone(1.1).height == 0


def test_the_shape_of_a_win_set_sums_to_one_by_issue(tiny_run: Run) -> None:
    sums = tiny_run.room.shape().group_by("side", "issue").agg(pl.col("share").sum())
    assert np.allclose(sums["share"], 1.0)


def test_an_unknown_proposal_names_the_nearest(tiny_run: Run) -> None:
    with pytest.raises(UsageError, match="did you mean `mediator-2025-01`"):
        tiny_run.room.carry("mediator-2025-02")
