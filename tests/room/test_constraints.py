"""What no package may combine is kept by everything that speaks of packages, against brute force."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.room.spaces import by_brute_force, make_space, make_tables

from winset.errors import UsageError
from winset.room import Room
from winset.room.leaving_out import leave_each_out
from winset.room.objectives import name_objective
from winset.room.repair import find_repair
from winset.room.scoring import cut, score_batch, score_space
from winset.room.search import find_best
from winset.room.solutions import solve_room
from winset.room.tables import tabulate
from winset.runs import Run, open_scores, score_everything
from winset.study import Support, Veto
from winset.terms import Exclusion, Package, Space, parse_any, parse_exclusion
from winset.terms.combining import count_packages, draw_packages, keeps


@st.composite
def tied(draw: st.DrawFn) -> tuple[tuple[int, ...], list[tuple[int, int, int, int]]]:
    """A shape and pairs that exclude each other."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    pairs = []
    for _ in range(draw(st.integers(0, 8))):
        k, j = draw(st.permutations(range(len(shape))))[:2]
        pairs.append((k, draw(st.integers(0, shape[k] - 1)), j, draw(st.integers(0, shape[j] - 1))))
    return shape, pairs


def every(shape: tuple[int, ...]) -> np.ndarray:
    return np.indices(shape).reshape(len(shape), -1).T


@settings(max_examples=150, deadline=None)
@given(tied())
def test_packages_are_counted_as_one_would_list_them(case):
    shape, pairs = case
    assert count_packages(shape, pairs) == keeps(every(shape), pairs).sum()


@settings(max_examples=30, deadline=None)
@given(tied(), st.integers(0, 1000))
def test_random_packages_keep_to_the_constraints_and_reach_all(case, seed):
    shape, pairs = case
    drawn = draw_packages(shape, pairs, 4000, np.random.default_rng(seed))
    allowed = every(shape)[keeps(every(shape), pairs)]
    assert len(drawn) == (4000 if len(allowed) else 0)
    assert keeps(drawn, pairs).all()
    if 0 < len(allowed) <= 40:
        found, counts = np.unique(drawn, axis=0, return_counts=True)
        assert len(found) == len(allowed)
        assert np.abs(counts / 4000 - 1 / len(allowed)).max() < 0.06


@settings(max_examples=80, deadline=None)
@given(tied(), st.integers(0, 1000), st.sampled_from(["all", "x", "worse-off"]))
def test_the_best_and_the_counts_are_those_of_what_is_left(case, seed, order):
    shape, pairs = case
    excluded = tuple(Exclusion(f"i{k}", f"o{o}", f"i{j}", (f"o{p}",)) for k, o, j, p in pairs)
    space = Space(make_space(*shape).issues, excluded)
    by_side = {"x": Support(support="a", at_least=0.4), "y": Veto(veto="b", below=0.4)}
    tables = make_tables(space, by_side, 13, seed, 1)
    objective = name_objective(order, tables)
    left = keeps(every(shape), pairs)
    values, *_ = by_brute_force(tables, by_side, objective)
    found = find_best(tables, objective, 5)
    assert np.allclose(found.values, np.sort(values[left])[::-1][:5], atol=1e-9)
    halves = cut(tables)
    parts = (*halves.outer, *halves.inner, *halves.column)
    kept = halves.keeps(halves.outer_digits(0, halves.size(halves.outer))).reshape([shape[k] for k in parts])
    assert (kept.transpose(np.argsort(parts)).reshape(-1) == left).all()


def test_a_space_too_large_to_list_is_counted():
    space = make_space(*[4] * 30)
    bound = Space(space.issues, (parse_exclusion("i0=o0 and i1=o0"), parse_any("i2=o0 only with i3=o1")))
    assert bound.count == 15 * 13 * 4**26
    assert bound.searched().count == bound.count


def test_what_contradicts_itself_is_named_without_the_rest():
    space = make_space(2, 2, 2)
    free = parse_exclusion("i0=o0 and i2=o1")
    bad = tuple(Exclusion("i0", f"o{a}", "i1", (f"o{b}",)) for a in range(2) for b in range(2))
    assert set(Space(space.issues, (free, *bad)).contradiction()) == set(bad)
    assert Space(space.issues, (free, *bad[1:])).contradiction() == ()


@pytest.fixture(scope="module")
def bound(tiny_run: Run) -> Room:
    """The tiny room where all land to North excludes a joint board, and the river needs one."""
    constraints = (parse_any("land=north and water=joint"), parse_any("land=split only with water=joint"))
    study = tiny_run.study
    space = dataclasses.replace(study.space, constraints=constraints)
    ballot = dataclasses.replace(tiny_run.room.ballot, study=dataclasses.replace(study, space=space))
    acceptance = dataclasses.replace(tiny_run.acceptance, study=ballot.study)
    return Room(acceptance, ballot, space.searched(), with_costs=True)


def allowed(room: Room) -> list[int]:
    space = room.scores.space
    return [n for n in range(space.size) if not space.broken(space.package(space.unrank(n)))]


def test_scores_leave_out_what_cannot_be_combined(tiny_run: Run, bound: Room):
    whole, kept = tiny_run.room.scores, allowed(bound)
    assert bound.scores.space.count == len(kept) == 4
    assert bound.scores.table()["package"].to_list() == kept
    assert np.allclose(bound.scores.both, whole.both[kept])
    assert bound.scores.count == "4 packages"
    assert bound.sizes()["share"][-1] == pytest.approx(float(whole.both[kept].mean()))
    assert bound.density("north", "south")["packages"].sum() == 4
    even = bound.shape().filter(side="north", issue="The valley")["even"].to_list()
    assert even == [0.25, 0.25, 0.5]


def test_lists_of_packages_hold_none_that_cannot_be_combined(bound: Room):
    space = bound.scores.space
    texts = {str(space.package(space.unrank(n))) for n in allowed(bound)}
    assert set(bound.agreement_zone(0.0)["package"]) == texts
    assert set(bound.best(10)["package"]) == texts
    assert set(bound.frontier()["package"]) <= texts
    solved = bound.solve()
    assert solved.candidates == 4
    assert set(solved.table["package"]) <= {*texts, "no deal"}
    large = solve_room(dataclasses.replace(tabulate(bound.ballot.thin(50), space)))
    assert large.whole


def test_who_has_no_say_is_measured_on_the_packages_that_are_left(tiny_run: Run, bound: Room):
    table = leave_each_out(bound.ballot.thin(250), bound.scores.space)
    assert table["zone"][0] == pytest.approx(float(tiny_run.room.scores.both[allowed(bound)].mean()))


def test_a_large_space_is_sampled_from_what_is_left(tiny_run: Run, bound: Room, monkeypatch):
    monkeypatch.setattr("winset.room.scoring.MOST_HELD", 3)
    monkeypatch.setattr("winset.room.scoring.MOST_COLUMNS", 2)
    monkeypatch.setattr("winset.room.scoring.SAMPLED", 4000)
    some = score_space(bound.ballot.thin(250), bound.scores.space)
    assert some.sampled
    assert some.count.startswith("a random ")
    assert set(some.numbers.tolist()) == set(allowed(bound))
    assert np.allclose(some.both, tiny_run.room.scores.both[some.numbers])
    assert some.both.mean() == pytest.approx(bound.scores.both.mean(), abs=0.02)


@pytest.mark.parametrize("asked", [0.0, 0.05, 0.3, 0.99])
@pytest.mark.parametrize("start", [{"land": "north"}, {"land": "north", "water": "joint"}, {"water": "own"}])
def test_no_repair_ends_in_what_cannot_be_combined(bound: Room, start: dict[str, str], asked: float):
    ballot, space = bound.ballot.thin(250), bound.acceptance.study.space
    mended = find_repair(ballot, Package.of(start), asked)
    packages = [dict(t.split("=") for t in text.split(";")) for text in mended.sets["package"]]
    assert not any(space.broken(p) for p in [*packages, mended.package])
    whole = np.array([space.encode(space.package(space.unrank(n))) for n in allowed(bound)])
    best = score_batch(ballot, whole)[1].max()
    assert mended.reached or best < asked


def test_scores_on_disk_are_empty_where_nothing_can_be_combined(bound: Room, tmp_path, monkeypatch):
    monkeypatch.setattr("winset.runs.scores.PART", 1)
    monkeypatch.setattr("winset.room.scoring.MOST_COLUMNS", 2)
    monkeypatch.setattr("winset.room.scoring.MOST_INNER", 1)
    scores = score_everything(bound, tmp_path / "s", draws=250, with_clauses=True, with_acceptance=True)
    assert len(scores.parts) > 1
    table = scores.scan().collect()
    for row in table.iter_rows(named=True):
        terms = dict(t.split("=") for t in scores.package(row["package"]).split(";"))
        assert (row["p_all"] is None) == bool(bound.scores.space.broken(terms))
        assert (row["accept_south_public"] is None) == (row["p_all"] is None)
    assert scores.top(10).height == open_scores(tmp_path / "s").space.count == 4
    assert max(bound.scores.both) == pytest.approx(scores.top(1)["p_all"][0])


def test_what_the_command_line_adds_is_kept_besides(bound: Room):
    found = bound.search(10, only=[parse_any("land=south and water=own")]).table()
    assert found.height == 3
    with pytest.raises(UsageError, match=r"no package keeps to `land=north and water=joint` where land=north"):
        bound.search(given={"land": "north", "water": "joint"})
    with pytest.raises(UsageError, match="no package keeps to"):
        bound.solve(given={"land": "split", "water": "own"})
