"""Boxes that were planted are found; noise has none."""

from __future__ import annotations

import numpy as np
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import find_boxes
from winset.exploration.boxes import peel, spell_box


def plant(rng, cases=4000, inputs=6):
    """.9 inside x0 > .6, x1 < .5, .2 < x2 < .7, and .05 outside."""
    x = rng.uniform(size=(cases, inputs))
    inside = (x[:, 0] > 0.6) & (x[:, 1] < 0.5) & (x[:, 2] > 0.2) & (x[:, 2] < 0.7)
    return x, rng.uniform(size=cases) < np.where(inside, 0.9, 0.05), inside


def test_a_planted_box_is_found(rng):
    x, happened, inside = plant(rng)
    (box,) = find_boxes(x, happened)
    assert box.conditions == [0, 1, 2]
    assert [box.low[0], box.high[1], box.low[2], box.high[2]] == pytest.approx([0.6, 0.5, 0.2, 0.7], abs=0.03)
    assert box.density[1] <= 0.9 <= box.density[2] + 0.03
    known = (happened & inside).sum() / happened.sum()
    assert box.coverage[1] - 0.05 <= known <= box.coverage[2] + 0.05


def test_a_second_box_is_looked_for_where_the_first_is_not(rng):
    x = rng.uniform(size=(6000, 5))
    one, other = (x[:, 0] > 0.7) & (x[:, 1] > 0.5), (x[:, 3] < 0.3) & (x[:, 2] > 0.7)
    happened = rng.uniform(size=6000) < np.where(one, 0.95, np.where(other, 0.6, 0.02))
    boxes = find_boxes(x, happened)
    assert [b.conditions for b in boxes] == [[0, 1], [2, 3]]
    assert boxes[0].density[0] > boxes[1].density[0]


def test_noise_has_no_box(rng):
    assert find_boxes(rng.uniform(size=(3000, 10)), rng.uniform(size=3000) < 0.3) == []


def test_an_input_of_few_values_is_cut_between_them(rng):
    x = np.stack([rng.integers(0, 4, 3000), rng.uniform(size=3000)], axis=1).astype(float)
    happened = rng.uniform(size=3000) < np.where(x[:, 0] == 3, 0.8, 0.05)
    (box,) = find_boxes(x, happened)
    assert box.conditions == [0]
    assert box.low[0] == 3.0
    assert spell_box(box, ["doors", "y"], x)[0].startswith("doors: 3 at least (2")


def test_peeling_only_shrinks_and_only_a_little_at_a_time(rng):
    x, happened, _ = plant(rng)
    lows, highs = peel(x, happened)
    sizes = np.array([((x >= a) & (x <= b)).all(1).sum() for a, b in zip(lows, highs, strict=True)])
    assert (np.diff(sizes) < 0).all()
    assert (sizes[1:] / sizes[:-1]).min() > 0.94


def test_a_twentieth_is_rounded_up_as_in_the_ema_workbench():
    """Of 102 values its quantile at .05 lies above the sixth: int(.05 * 101) + 1 = 6 go, then int(.05 * 95) + 1 = 5."""
    x = np.arange(102.0)[:, None]
    lows, _ = peel(x, x[:, 0] >= 60)
    assert lows[:4, 0].tolist() == [-np.inf, 6.0, 11.0, 16.0]


def test_of_equal_peels_the_one_without_a_new_condition_is_taken():
    """Ten equal values of the second input fall out first, most at once for nothing lost; from then on both inputs are alike."""
    first = np.arange(60.0)
    lows, _ = peel(np.stack([first, np.maximum(first, 9)], axis=1), first >= 30)
    assert np.isinf(lows[:4, 0]).all()
    assert lows[:4, 1].tolist() == [-np.inf, 10.0, 13.0, 16.0]


def test_a_condition_of_one_value_is_said_as_that(rng):
    x = rng.integers(0, 4, (3000, 1)).astype(float)
    (box,) = find_boxes(x, rng.uniform(size=3000) < np.where(x[:, 0] == 2, 0.9, 0.05))
    assert spell_box(box, ["doors"], x)[0].startswith("doors: 2 (2")


def test_where_nothing_differs_it_is_told(rng):
    with pytest.raises(UsageError, match="nothing to tell apart"):
        find_boxes(rng.uniform(size=(50, 2)), np.ones(50, bool))


def test_the_command_refuses_what_has_no_war(tiny_run, capsys):
    code = run_cli(["settles", str(tiny_run.folder), "--runs", "1000", "--weeks", "10"])
    assert code == 2
    assert "weeks are too few" in capsys.readouterr().err


def test_the_command_says_rules(tiny_run, capsys):
    assert run_cli(["settles", str(tiny_run.folder), "--runs", "2000", "--weeks", "52"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "open after a quarter" in said
    assert "And sorted by a few questions?" in said
