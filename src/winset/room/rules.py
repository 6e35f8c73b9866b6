"""Ratification rules over draws of acceptance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from winset.study import AllOf, AnyOf, Coalition, Normal, Rule, Support, Threshold, Uniform, Veto
from winset.study.ratification import clauses


def draw_thresholds(rule: Rule, draws: int, seed: int) -> Float[np.ndarray, "clause draw"]:
    """One draw of every clause's threshold per posterior draw."""
    rng = np.random.default_rng([seed, 3])
    return np.array([_draw(_threshold(c), draws, rng) for c in clauses(rule)])


def _threshold(clause: Support | Coalition | Veto) -> Threshold:
    return clause.below if isinstance(clause, Veto) else clause.at_least


def _draw(threshold: Threshold, draws: int, rng: np.random.Generator) -> Float[np.ndarray, " draw"]:
    match threshold:
        case Uniform():
            return rng.uniform(*threshold.uniform, draws)
        case Normal():
            return np.clip(rng.normal(*threshold.normal, draws), 0.0, 1.0)
        case _:
            return np.full(draws, float(threshold))


def clause_holds(clause: Support | Coalition | Veto, share: Mapping[str, Any], threshold: Any) -> Any:
    """Whether one clause holds; arrays of NumPy or JAX alike."""
    match clause:
        case Support():
            return share[clause.support] >= threshold
        case Veto():
            return share[clause.veto] >= threshold
        case Coalition():
            total = sum(clause.coalition.values())
            weighted = [w / total * share[c] for c, w in clause.coalition.items()]
            return sum(weighted[1:], start=weighted[0]) >= threshold


def rule_holds(rule: Rule, share: Mapping[str, Any], thresholds: Sequence[Any]) -> Any:
    """Whether a rule holds.

    Parameters
    ----------
    share
        Acceptance by constituency.
    thresholds
        One per clause, in the order of ``clauses(rule)``.

    Examples
    --------
    >>> rule = AllOf(all_of=(Support(support="public", at_least=0.5), Veto(veto="army", below=0.3)))
    >>> bool(rule_holds(rule, {"public": np.array(0.6), "army": np.array(0.2)}, [0.5, 0.3]))
    False
    """
    queue = iter(thresholds)

    def walk(node: Rule) -> Any:
        match node:
            case AllOf():
                return _fold([walk(r) for r in node.all_of], lambda a, b: a & b)
            case AnyOf():
                return _fold([walk(r) for r in node.any_of], lambda a, b: a | b)
            case _:
                return clause_holds(node, share, next(queue))

    return walk(rule)


def _fold(values: list[Any], join: Callable[[Any, Any], Any]) -> Any:
    result = values[0]
    for v in values[1:]:
        result = join(result, v)
    return result
