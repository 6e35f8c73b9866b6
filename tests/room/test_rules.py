from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winset.room.rules import draw_thresholds, rule_holds
from winset.study import AllOf, AnyOf, Coalition, Support, Uniform, Veto
from winset.study.ratification import clauses

SHARES = st.integers(0, 9).map(lambda n: n / 9)
THRESHOLDS = st.integers(0, 9).map(lambda n: n / 10 + 0.013)  # never equal to a share or a mean of shares
LEAVES = st.one_of(
    st.builds(Support, support=st.sampled_from("abc"), at_least=THRESHOLDS),
    st.builds(Veto, veto=st.sampled_from("abc"), below=THRESHOLDS),
    st.builds(Coalition, coalition=st.just({"a": 1.0, "b": 2.0}), at_least=THRESHOLDS),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(AllOf, all_of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, any_of=st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def by_hand(rule, share) -> bool:
    match rule:
        case AllOf():
            return all(by_hand(r, share) for r in rule.all_of)
        case AnyOf():
            return any(by_hand(r, share) for r in rule.any_of)
        case Support():
            return share[rule.support] >= rule.at_least
        case Veto():
            return share[rule.veto] >= rule.below
        case Coalition():
            return (share["a"] + 2 * share["b"]) / 3 >= rule.at_least


@given(RULES, st.tuples(SHARES, SHARES, SHARES))
def test_nested_rules_hold_as_by_hand(rule, values) -> None:
    share = dict(zip("abc", (np.float64(v) for v in values), strict=True))
    thresholds = [c.below if isinstance(c, Veto) else c.at_least for c in clauses(rule)]
    assert bool(rule_holds(rule, share, thresholds)) == by_hand(rule, share)


def test_an_uncertain_threshold_is_drawn_inside_its_bounds() -> None:
    drawn = draw_thresholds(Support(support="a", at_least=Uniform(uniform=(0.2, 0.4))), 1000, seed=1)
    assert drawn.shape == (1, 1000)
    assert 0.2 <= drawn.min() < 0.25
    assert 0.35 < drawn.max() <= 0.4
