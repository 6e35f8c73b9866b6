"""Tipping points: what is said to turn the headline turns it, and nothing smaller does."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from winset.cli import run_cli
from winset.exploration import tip, weigh
from winset.exploration.moves import list_moves
from winset.exploration.outcomes import WORD, read_headline
from winset.exploration.reaching import effective, tilt
from winset.exploration.resampling import draw_weights
from winset.exploration.tipping import find_turn

PLAN = "mediator-2025-01"
BOUNDS = (0.01, 0.10, 0.33, 0.66, 0.90, 0.99)


@pytest.fixture(scope="module")
def found(tiny_run):
    return tip(tiny_run.room, PLAN, BOUNDS)


def test_a_move_of_nothing_changes_nothing(tiny_run):
    w = weigh(tiny_run.room, PLAN)
    for move in list_moves(w):
        shares, limits = move.moved(w, 0.0)
        assert shares == pytest.approx(w.shares())
        assert limits == pytest.approx(w.limits)


def test_a_threshold_tips_at_a_quantile_of_acceptance(tiny_run):
    """South has one clause: the chance is b where its threshold is the 1 - b quantile of acceptance (none where North fails)."""
    w = weigh(tiny_run.room, PLAN)
    move = next(m for m in list_moves(w) if "South" in m.label and m.kind == "threshold")
    headline = read_headline(tiny_run.room, w, [0.10])
    turn = find_turn(headline, WORD, move, draw_weights(len(w), 50, 1) / len(w))
    north = w.held(w.shares())[:, 0]
    south = w.by_clause(w.shares())[:, move.place]
    allowed = np.where(north, south, -1.0)  # the threshold up to which all leaders carry it, in each draw
    if turn is None:
        assert np.quantile(allowed, 0.9) > move.value(w, 4.0) or w.carried(w.shares()).mean() < 0.10
    else:
        assert move.value(w, turn.steps) == pytest.approx(np.quantile(allowed, 0.9), abs=1e-3)
        assert turn.low <= turn.steps <= turn.high


def test_each_tipping_point_turns_the_word_and_a_little_less_does_not(tiny_run, found):
    w = weigh(tiny_run.room, PLAN)
    word = lambda p: np.searchsorted(BOUNDS, p, side="right")  # noqa: E731
    moves = {m.label: m for m in list_moves(w)}
    rows = found.table.filter((pl.col("turns") == "word") & (pl.col("kind") != "selection"))
    assert rows.height
    for r in rows.iter_rows(named=True):
        for steps, state in ((r["steps"], r["after"]), (r["steps"] - 0.01, r["before"])):
            sign = 1.0 if (moves[r["assumption"]].value(w, 1.0) > r["now"]) == (r["at"] > r["now"]) else -1.0
            move = moves[r["assumption"]].turned(sign)
            assert word(w.carried(*move.moved(w, steps)).mean()) == int(state)


def test_intervals_hold_the_tipping_points(found):
    ends = found.table.with_columns(pl.col("at_low").fill_null(-np.inf), pl.col("at_high").fill_null(np.inf))
    assert ends.filter((pl.col("at_low") > pl.col("at") + 1e-9) | (pl.col("at_high") < pl.col("at") - 1e-9)).is_empty()


def test_a_pair_needs_no_more_than_either_alone(found):
    alone = {
        r["assumption"]: r["steps"]
        for r in found.table.filter(pl.col("turns") == "word").iter_rows(named=True)
        if int(r["after"]) > int(r["before"])
    }
    assert found.pairs.height
    for r in found.pairs.iter_rows(named=True):
        assert r["steps"] <= min(alone.get(r[k], 4.0) for k in ("first", "second")) + 1e-3


def test_reweighting_moves_a_normal_by_its_steps(rng):
    """Of normal draws a tilt of t moves the mean by t and leaves n exp(-t^2) effective draws."""
    values = rng.normal(2.0, 3.0, 200_000)
    weights = tilt(values, 1.0)
    assert (weights @ values - values.mean()) / values.std() == pytest.approx(1.0, abs=0.02)
    assert effective(weights) / len(values) == pytest.approx(np.exp(-1), abs=0.02)


def test_the_command_says_what_the_answer_holds_unless(tiny_run, capsys):
    assert run_cli(["tip", str(tiny_run.folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "holds unless" in said
    assert PLAN not in said
    assert run_cli(["tip", str(tiny_run.folder), "--about", "land=split", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [f["id"] for f in told["findings"]] == ["tip", "tip-pairs"]
    assert run_cli(["tip", str(tiny_run.folder), "--about", "lend=split"]) == 2
