"""Ratification rules over draws of acceptance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.room.votes import CastVotes, cast_votes
from winset.study import AllOf, AnyOf, Coalition, Normal, Rule, Study, Support, Threshold, Uniform, Veto, Vote
from winset.study.ratification import Clause, clauses, limit

if TYPE_CHECKING:
    from jaxtyping import Float

Seeds = Mapping[str, Sequence[int]]
"""Seeds of votes that bind several sides, by electorate: each side draws the same turnout and swing."""


def seed_shared(study: Study, seed: int) -> Seeds:
    """Seeds of the votes of wholes of several sides."""
    return {w: (seed, 4, n) for n, w in enumerate(study.wholes)}


def draw_thresholds(rule: Rule, draws: int, seed: int, shared: Seeds | None = None) -> Float[np.ndarray, "clause draw"]:
    """One draw of every clause's threshold per posterior draw: of a vote, the acceptance that carries it."""
    limits = _draw_limits(rule, draws, seed, shared or {})
    return np.array([x.carried_by if isinstance(x, CastVotes) else x for x in limits])


def draw_votes(rule: Rule, draws: int, seed: int, shared: Seeds | None = None) -> dict[str, CastVotes]:
    """Turnout and swing of every vote in a rule, by constituency, as ``draw_thresholds`` has them."""
    drawn = zip(clauses(rule), _draw_limits(rule, draws, seed, shared or {}), strict=True)
    return {c.vote.of: x for c, x in drawn if isinstance(c, Vote) and isinstance(x, CastVotes)}


def _draw_limits(rule: Rule, draws: int, seed: int, shared: Seeds) -> list[np.ndarray | CastVotes]:
    rng, limits = np.random.default_rng([seed, 3]), []
    for c in clauses(rule):
        if isinstance(c, Vote):
            own = np.random.default_rng(shared[c.vote.of]) if c.vote.of in shared else rng
            limits.append(cast_votes(c.vote.at_least, draw_share(c.vote.turnout, draws, own), own))
        else:
            limits.append(draw_share(limit(c), draws, rng))
    return limits


def draw_share(threshold: Threshold, draws: int, rng: np.random.Generator) -> Float[np.ndarray, " draw"]:
    """Draws of a declared share."""
    match threshold:
        case Uniform():
            return rng.uniform(*threshold.uniform, draws)
        case Normal():
            return np.clip(rng.normal(*threshold.normal, draws), 0.0, 1.0)
        case _:
            return np.full(draws, float(threshold))


def clause_holds(clause: Clause, share: Mapping[str, Any], threshold: Any) -> Any:
    """Whether one clause holds; arrays of NumPy or JAX alike."""
    match clause:
        case Support():
            return share[clause.support] >= threshold
        case Veto():
            return share[clause.veto] >= threshold
        case Vote():
            return share[clause.vote.of] >= threshold
        case Coalition():
            total = sum(clause.coalition.values())
            weighted = [w / total * share[c] for c, w in clause.coalition.items()]
            return sum(weighted[1:], start=weighted[0]) >= threshold


def name_shares(study: Study, side: str, shares: Float[np.ndarray, "draw constituency ..."]) -> dict[str, np.ndarray]:
    """Shares by the names that a side's rule uses: its own constituencies by id, others as ``side.constituency``."""
    pairs = enumerate(study.constituencies())
    return {c if s == side else f"{s}.{c}": shares[:, j] for j, (s, c) in pairs}


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
