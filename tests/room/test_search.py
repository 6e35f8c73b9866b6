"""Counting and searching against brute force on spaces small enough to list."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.room.spaces import by_brute_force, make_space, make_tables, rules

from winset.errors import UsageError
from winset.room.objectives import Objective, name_objective, side_acceptance
from winset.room.scoring import Halves, count_outer, cut
from winset.room.search import find_best, rules_that_never_hold
from winset.room.tables import tabulate
from winset.room.tree import needed_clauses
from winset.study import AllOf, AnyOf, Support, Veto
from winset.terms import parse_constraint

SHAPES = st.lists(st.integers(1, 4), min_size=2, max_size=4)
EITHER = AnyOf(any_of=(Support(support="b", at_least=0.5), Veto(veto="c", below=0.3)))
NESTED = AllOf(all_of=(Support(support="a", at_least=0.5), EITHER))
CLOSE = 1.5
"""Draws by which a count may differ where a coalition's share, in single precision, lies on its threshold."""


def count_all(halves: Halves, **what):
    counts = count_outer(halves, halves.outer_digits(0, halves.size(halves.outer)), **what)
    order = (*halves.outer, *halves.inner, *halves.column)
    shape, back = [halves.tables.space.shape[k] for k in order], np.argsort(order)
    turn = lambda v: v.reshape(len(v), *shape).transpose(0, *(back + 1)).reshape(len(v), -1)  # noqa: E731
    return turn(counts.holds), turn(counts.acceptance) if len(counts.acceptance) else None


@settings(max_examples=150, deadline=None)
@given(SHAPES, rules(), rules(), st.integers(1, 21), st.integers(0, 2), st.integers(0, 10_000))
def test_counts_are_those_of_brute_force(shape, one, other, draws, refused, seed):
    by_side = {"x": one, "y": other}
    tables = make_tables(make_space(*shape), by_side, draws, seed, min(refused, len(shape)))
    _, by, both, expected = by_brute_force(tables, by_side, name_objective("all", tables))
    holds, acceptance = count_all(cut(tables), acceptance=True, clauses=True)
    assert np.abs(holds[:2].T - by * draws).max() < CLOSE
    assert np.abs(holds[2] - both * draws).max() < CLOSE
    assert np.abs(acceptance.T - expected).max() < 1e-5
    again, _ = count_all(Halves(tables, tuple(range(len(shape))), (), ()))
    assert np.abs(again.astype(int) - holds[:3]).max() < CLOSE


@settings(max_examples=150, deadline=None)
@given(SHAPES, rules(), rules(), st.sampled_from(["all", "x", "y", "product", "worse-off"]), st.integers(0, 2),
       st.integers(0, 10_000))  # fmt: skip
def test_the_top_is_that_of_brute_force(shape, one, other, order, refused, seed):
    by_side = {"x": one, "y": other}
    tables = make_tables(make_space(*shape), by_side, 13, seed, min(refused, len(shape)))
    objective = name_objective(order, tables)
    values, *_ = by_brute_force(tables, by_side, objective)
    found = find_best(tables, objective, 5)
    assert found.proven
    assert np.allclose(found.values, np.sort(values)[::-1][:5], atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(rules(), rules(), st.integers(0, 10_000), st.floats(0.05, 0.9))
def test_all_above_a_probability_are_found(one, other, seed, least):
    by_side = {"x": one, "y": other}
    tables = make_tables(make_space(3, 2, 4), by_side, 16, seed, 1)
    objective = name_objective("all", tables)
    values, *_ = by_brute_force(tables, by_side, objective)
    found = find_best(tables, objective, above=least)
    assert len(found.values) == (values >= least - 1e-9).sum()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2), st.integers(0, 2), st.integers(0, 3))
def test_constraints_are_kept(seed, option, first, second):
    by_side = {"x": AllOf(all_of=(Support(support="a", at_least=0.3),)), "y": Veto(veto="b", below=0.4)}
    only = [parse_constraint(f"i0=o{option} only with i2=o{second}"), parse_constraint(f"i2=o{first} only with i1=o1")]
    space = dataclasses.replace(make_space(3, 2, 4), constraints=tuple(only))
    tables = make_tables(space, by_side, 16, seed, 1)
    objective = name_objective("all", tables)
    values, *_ = by_brute_force(tables, by_side, objective)
    keeps = np.array([all(c.holds(space.package(space.unrank(n))) for c in only) for n in range(space.size)])
    found = find_best(tables, objective, 4)
    assert np.allclose(found.values, np.sort(values[keeps])[::-1][:4], atol=1e-9)


def test_any_number_that_grows_with_the_chances_may_be_searched_for():
    by_side = {"x": Support(support="a", at_least=0.4), "y": Veto(veto="b", below=0.4)}
    tables = make_tables(make_space(3, 3, 3), by_side, 25, 4, 1)
    mixed = Objective(
        "mixed", lambda by, both, shares: 0.5 * both + 0.1 * by.min(-1) + shares[..., 0] ** 2, needs_shares=True
    )
    values, *_ = by_brute_force(tables, by_side, mixed)
    assert np.allclose(find_best(tables, mixed, 6).values, np.sort(values)[::-1][:6])


def test_many_issues_are_searched_as_one_would_list_them():
    by_side = {s: AllOf(all_of=tuple(Veto(veto=c, below=0.45) for c in "abc")) for s in "xy"}
    tables = make_tables(make_space(*[3] * 8), by_side, 100, 3, 2, spread=0.3)
    objective = name_objective("all", tables)
    values, *_ = by_brute_force(tables, by_side, objective)
    found = find_best(tables, objective, 20)
    assert found.proven
    assert np.allclose(found.values, np.sort(values)[::-1][:20])
    assert found.nodes < 3**8


def test_a_search_that_stops_early_tells_the_gap():
    by_side = {s: AllOf(all_of=tuple(Veto(veto=c, below=0.45) for c in "abc")) for s in "xy"}
    tables = make_tables(make_space(*[4] * 16), by_side, 100, 3, 2, spread=0.3)
    found = find_best(tables, name_objective("all", tables), 20, seconds=0.5)
    assert not found.proven
    assert found.gap > 0
    assert len(found.values) == 20
    assert found.bound >= found.values[0] - 1e-9 or found.bound >= found.values[-1]


def test_clauses_under_any_of_are_not_needed():
    tables = make_tables(make_space(2, 2), {"x": NESTED, "y": Veto(veto="a", below=0.5)}, 3, 1)
    assert needed_clauses(tables.rules) == [0, 3]


def test_the_clause_on_which_a_rule_turns():
    tables = make_tables(make_space(2, 2), {"x": NESTED}, 3, 1)
    assert side_acceptance(tables.rules, np.array([[0.9, 0.2, 0.6]])).tolist() == [[0.6]]


def test_a_rule_that_can_never_hold_is_said_before_any_search():
    tables = make_tables(make_space(2, 2), {"x": Support(support="a", at_least=0.5)}, 5, 1)
    hopeless = dataclasses.replace(tables, thresholds=np.ones_like(tables.thresholds))
    assert "the rule of `x` can never hold" in rules_that_never_hold(hopeless)[0]
    assert not rules_that_never_hold(tables)


def test_constraints_that_exclude_everything_are_named(tiny_run):
    only = [parse_constraint(t) for t in ("land=north only with water=own", "land=split only with water=own")]
    room = tiny_run.room
    with pytest.raises(UsageError, match="no package keeps to"):
        room.search(given={"land": "north", "water": "joint"}, only=only[:1])
    with pytest.raises(UsageError, match="did you mean `land`"):
        room.search(only=[parse_constraint("lend=north only with water=own")])
    with pytest.raises(UsageError, match="is no constraint"):
        parse_constraint("land=north with water=own")
    with pytest.raises(UsageError, match="to itself"):
        room.search(only=[parse_constraint("land=north only with land=south")])


def test_a_draw_that_is_no_number_is_told(tiny_run):
    ballot = tiny_run.room.ballot
    broken = dataclasses.replace(ballot, level=np.full_like(ballot.level, np.nan))
    with pytest.raises(UsageError, match="a draw of level is no finite number"):
        tabulate(broken, tiny_run.study.space)
