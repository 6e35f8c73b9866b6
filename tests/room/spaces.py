"""Random small spaces with rules nested at random, and what brute force makes of them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from winset.room.objectives import Objective
from winset.room.rules import rule_holds
from winset.room.tables import Tables, list_rules
from winset.study import AllOf, AnyOf, Coalition, Rule, Support, Veto
from winset.study.ratification import clauses, members
from winset.terms import Issue, Option, Space

GROUPS = "abc"


def rules(groups: str = GROUPS) -> st.SearchStrategy[Rule]:
    """Rules of any nesting over some constituencies."""
    share = st.floats(0.05, 0.95)
    leaves = st.one_of(
        st.builds(Support, support=st.sampled_from(groups), at_least=share),
        st.builds(Veto, veto=st.sampled_from(groups), below=share),
        st.builds(
            Coalition,
            coalition=st.dictionaries(st.sampled_from(groups), st.floats(0.1, 3.0), min_size=1),
            at_least=share,
        ),
    )
    several = lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple)  # noqa: E731
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.builds(AllOf, all_of=several(inner)), st.builds(AnyOf, any_of=several(inner))),
        max_leaves=5,
    )


def make_space(*shape: int) -> Space:
    return Space(
        tuple(
            Issue(f"i{k}", f"Issue {k}", tuple(Option(f"o{j}", f"{j}") for j in range(n))) for k, n in enumerate(shape)
        )
    )


def make_tables(
    space: Space, by_side: dict[str, Rule], draws: int, seed: int, refused: int = 0, spread: float = 0.6
) -> Tables:
    """Random draws; sides want opposite options on the whole, the first issues have options that some refuse.

    Each constituency answers at random, and hears words for and against, to an extent of its own.
    """
    rng = np.random.default_rng(seed)
    names = tuple((s, c) for s, r in by_side.items() for c in members(r))
    shape = (draws, len(names), len(space.issues), max(space.shape))
    sign = np.array([1.0 if s == next(iter(by_side)) else -1.0 for s, _ in names])
    mean = sign[:, None, None] * rng.normal(0, spread, shape[2:]) + rng.normal(0, spread / 3, shape[1:])
    worth, kept = mean + rng.normal(0, spread / 3, shape), np.zeros(shape)
    kept[:, :, :refused, 0] = np.log(rng.uniform(0.2, 1.0, (draws, len(names), refused)))
    for k, n in enumerate(space.shape):
        worth[:, :, k, n:], kept[:, :, k, n:] = -np.inf, 0.0
    count = sum(len(list(clauses(r))) for r in by_side.values())
    fixed = [c.below if isinstance(c, Veto) else c.at_least for r in by_side.values() for c in clauses(r)]
    thresholds = np.clip(np.array(fixed, float) + rng.uniform(-0.05, 0.05, (draws, count)), 0, 1)
    base = rng.normal(0.2, 0.3, shape[:2])
    width = rng.uniform(1.0, 2.0, shape[:2])
    floor, gain = rng.uniform(0, 0.3, shape[:2]), rng.uniform(0.4, 0.7, shape[:2])
    return Tables(space, names, list_rules(by_side, names), base, width, floor, gain, worth, kept, thresholds)


def by_brute_force(
    tables: Tables, by_side: dict[str, Rule], objective: Objective
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every package in the space's order: value, P by side, P for all, expected acceptance."""
    from scipy.special import ndtr

    options = np.indices(tables.space.shape).reshape(len(tables.space.shape), -1).T
    k = np.arange(options.shape[1])
    utility = tables.base[..., None] + tables.worth[:, :, k, options].sum(-1)
    accept = tables.floor[..., None] + tables.gain[..., None] * ndtr(utility / tables.spread[..., None])
    shares = np.exp(tables.log_kept[:, :, k, options].sum(-1)) * accept
    held, first = [], 0
    for side, rule in by_side.items():
        own = {c: shares[:, j] for j, (s, c) in enumerate(tables.names) if s == side}
        count = len(list(clauses(rule)))
        held.append(rule_holds(rule, own, [t[:, None] for t in tables.thresholds.T[first : first + count]]))
        first += count
    by = np.array([h.mean(0) for h in held]).T
    both = np.logical_and.reduce(held).mean(0)
    return np.asarray(objective.value(by, both, shares.mean(0).T)), by, both, shares.mean(0).T
