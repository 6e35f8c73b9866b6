"""Power of players under a voting rule: Shapley-Shubik and Banzhaf, exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from winset.errors import UsageError

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

MOST_PLAYERS = 22
"""Coalitions are listed: 2^22 of them are four million."""

Coalitions: TypeAlias = "Bool[np.ndarray, ' coalition']"


@dataclass(frozen=True)
class Power:
    """Power of each player.

    Parameters
    ----------
    shapley_shubik
        Share of orders of the players in which each is pivotal; sums to one (Shapley & Shubik 1954).
    banzhaf
        Share of coalitions of the others that each turns from losing to winning (Banzhaf 1965, Penrose 1946).
    """

    players: tuple[str, ...]
    shapley_shubik: Float[np.ndarray, " player"]
    banzhaf: Float[np.ndarray, " player"]

    @property
    def banzhaf_shares(self) -> Float[np.ndarray, " player"]:
        """Banzhaf indices scaled to sum to one."""
        total = self.banzhaf.sum()
        return self.banzhaf / total if total else self.banzhaf

    def __repr__(self) -> str:
        pairs = zip(self.players, self.shapley_shubik, strict=True)
        return f"<Power: {', '.join(f'{p} {v:.3f}' for p, v in pairs)}>"


def list_coalitions(players: int) -> Bool[np.ndarray, "coalition player"]:
    """Every coalition; number n holds the players whose bits are set in n."""
    return (np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1


def weighted_game(quota: float, weights: Sequence[float]) -> Coalitions:
    """Which coalitions win: those whose weights reach the quota."""
    return list_coalitions(len(weights)) @ np.asarray(weights, float) >= quota - 1e-12


def measure_power(players: Sequence[str], wins: Coalitions | Callable[[frozenset[str]], bool]) -> Power:
    """Power of each player in a simple game.

    Parameters
    ----------
    wins
        For every coalition (in the order of ``list_coalitions``) whether it wins, or a function of its members.

    Raises
    ------
    UsageError
        If there are too many players, or a larger coalition loses where a smaller one wins.

    Examples
    --------
    >>> power = measure_power(["a", "b", "c"], weighted_game(51, [50, 49, 1]))
    >>> power.shapley_shubik.round(4), power.banzhaf_shares.round(1)
    (array([0.6667, 0.1667, 0.1667]), array([0.6, 0.2, 0.2]))
    """
    n = len(players)
    if n > MOST_PLAYERS:
        raise UsageError(f"{n} players have 2^{n} coalitions; at most {MOST_PLAYERS} can be listed")
    if callable(wins):
        wins = np.array(
            [wins(frozenset(p for p, m in zip(players, row, strict=True) if m)) for row in list_coalitions(n)]
        )
    size = list_coalitions(n).sum(1)
    shapley, banzhaf = np.zeros(n), np.zeros(n)
    numbers = np.arange(2**n)
    for i in range(n):
        without = numbers[(numbers >> i) & 1 == 0]
        swings = wins[without | (1 << i)] & ~wins[without]
        if (wins[without] & ~wins[without | (1 << i)]).any():
            raise UsageError(f"the rule is not monotone: `{players[i]}` joining makes a winning coalition lose")
        counts = np.bincount(size[without][swings], minlength=n)[:n]
        shapley[i] = sum(c / (n * comb(n - 1, s)) for s, c in enumerate(counts))
        banzhaf[i] = swings.mean()
    return Power(tuple(players), shapley, banzhaf)
