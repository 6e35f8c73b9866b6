"""Trees: a published one, a planted one, none of noise."""

from __future__ import annotations

import numpy as np
import pytest

from winset.exploration import find_tree
from winset.exploration.trees import assign_leaves, choose_size, find_cut, grow_trees

PRESENT = """
    128 4 5, 59 6 12, 82 5 14, 105 6 5, 96 3 12, 15 7 2, 52 5 6, 91 5 12, 73 5 1, 139 3 10, 121 3 3, 139 10 6,
    120 5 8, 130 4 1, 114 7 8, 157 3 13, 42 7 6
"""
ABSENT = """
    71 3 5, 158 3 14, 2 5 1, 1 4 15, 1 2 16, 61 2 17, 37 3 16, 113 2 16, 148 3 16, 18 5 2, 1 4 12, 168 3 18, 1 3
    16, 78 6 15, 175 5 13, 80 5 16, 27 4 9, 22 2 16, 131 2 3, 9 5 13, 8 3 6, 100 3 14, 4 3 16, 151 2 16, 31 3
    16, 125 2 11, 130 5 13, 112 3 16, 140 5 11, 93 3 16, 1 3 9, 20 6 9, 35 3 13, 143 9 3, 61 4 1, 97 3 16, 136 4
    15, 131 5 13, 177 2 14, 68 5 10, 9 2 17, 2 2 17, 140 4 15, 72 5 15, 2 3 13, 51 7 9, 102 3 13, 81 4 1, 118 3
    16, 118 4 16, 17 4 10, 195 2 17, 159 4 13, 18 4 11, 15 5 16, 158 5 14, 127 4 12, 87 4 16, 206 4 10, 11 3 15,
    178 4 15, 26 7 13, 120 2 13, 36 4 13
"""
"""Age in months, number of vertebrae and topmost vertebra operated on of 81 children with and without kyphosis after surgery."""


@pytest.fixture
def kyphosis():
    """Chambers & Hastie (1992), as in R's rpart."""
    present, absent = ([[float(n) for n in c.split()] for c in text.split(",")] for text in (PRESENT, ABSENT))
    return np.array(present + absent), np.arange(81) < len(present)


def test_cuts_gain_what_rpart_prints(kyphosis):
    """Therneau & Atkinson, rpart: at the root Start < 8.5 (6.762330), Number < 5.5 (2.866795), Age < 39.5 (2.250212)."""
    x, present = kyphosis
    cuts = [find_cut(x[:, [j]], present, 7) for j in (2, 1, 0)]
    assert [c[1] for c in cuts] == [8.5, 5.5, 39.5]
    assert [c[2] for c in cuts] == pytest.approx([6.762330, 2.866795, 2.250212], abs=1e-6)
    later = x[:, 2] > 8.5
    cuts = [find_cut(x[later][:, [j]], present[later], 7) for j in (2, 0, 1)]
    assert [c[1] for c in cuts] == [14.5, 55, 4.5]
    assert [c[2] for c in cuts] == pytest.approx([1.0205280, 0.6848635, 0.2975332], abs=1e-6)


def test_the_tree_is_that_of_rpart(kyphosis):
    """Leaves of rpart where Start >= 8.5: 29 without a case from 14.5 on; before it 12 without one under 55 months, 21 with 6."""
    x, present = kyphosis
    *_, bounds = grow_trees(x, present, 8, 7)
    member = assign_leaves(x, bounds)
    later = [(int((member == n).sum()), int(present[member == n].sum())) for n in np.unique(member[x[:, 2] > 8.5])]
    assert later == [(12, 0), (21, 6), (29, 0)]


@pytest.mark.parametrize("size", [2, 4, 8])
def test_scikit_learn_cuts_at_the_same_places(rng, size):
    tree = pytest.importorskip("sklearn.tree")
    x = rng.normal(size=(1500, 5))
    happened = rng.uniform(size=1500) < np.where(x[:, 1] > 0.3, np.where(x[:, 4] > 0, 0.8, 0.4), 0.1)
    theirs = tree.DecisionTreeClassifier(max_leaf_nodes=size, max_depth=3, min_samples_leaf=20, random_state=1).fit(
        x, happened
    )
    *_, bounds = grow_trees(x, happened, size, 20)
    edges = sorted({round(float(v), 5) for pair in bounds for end in pair for v in end[np.isfinite(end)]})
    assert edges == pytest.approx(sorted({round(v, 5) for v in theirs.tree_.threshold if v != -2}), abs=2e-5)
    member, leaf = assign_leaves(x, bounds), theirs.apply(x)
    assert len(set(zip(member.tolist(), leaf.tolist(), strict=True))) == len(bounds) == len(set(leaf.tolist()))


def plant(rng, cases=4000):
    """.8 where x0 > .6 and x1 <= .5, .3 where x0 > .6 and x1 > .5, .05 elsewhere."""
    x = rng.uniform(size=(cases, 6))
    return x, rng.uniform(size=cases) < np.where(x[:, 0] > 0.6, np.where(x[:, 1] <= 0.5, 0.8, 0.3), 0.05)


def test_a_planted_tree_is_found(rng):
    tree = find_tree(*plant(rng))
    first, second, rest = tree.leaves
    assert [first.low[0], first.high[1], second.low[0], second.low[1]] == pytest.approx([0.6, 0.5, 0.6, 0.5], abs=0.03)
    assert first.density[1] <= 0.8 <= first.density[2]
    assert second.density[1] <= 0.3 <= second.density[2]
    assert sum(leaf.coverage[0] for leaf in tree.leaves) == pytest.approx(1.0)
    assert rest.conditions == [0]
    assert rest.density[1] <= 0.05 <= rest.density[2]
    right = 0.6 * 0.95 + 0.2 * 0.8 + 0.2 * 0.7
    assert tree.right[1] - 0.01 <= right <= tree.right[2] + 0.01
    assert tree.plain == pytest.approx(1 - 0.6 * 0.05 - 0.2 * 0.8 - 0.2 * 0.3, abs=0.02)


def test_noise_has_no_tree(rng):
    tree = find_tree(rng.uniform(size=(3000, 10)), rng.uniform(size=3000) < 0.3)
    assert [leaf.conditions for leaf in tree.leaves] == [[]]
    assert tree.right[0] == tree.plain


def test_what_never_happens_has_no_cut(rng):
    x = rng.uniform(size=(100, 2))
    assert find_cut(x, np.zeros(100, bool)) is None
    assert choose_size(x, np.zeros(100, bool)) == 1


def test_a_count_is_told_by_its_values(rng):
    x = rng.integers(0, 4, (3000, 1)).astype(float)
    tree = find_tree(x, rng.uniform(size=3000) < np.where(x[:, 0] >= 2, 0.8, 0.1))
    assert [(leaf.low[0], leaf.high[0]) for leaf in tree.leaves] == [(2.0, np.inf), (-np.inf, 1.0)]
