"""What makes one package better than another: any number that grows with the leaders' chances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from winset.errors import UsageError, suggest
from winset.room.tables import Rules, Tables, fold_rule

if TYPE_CHECKING:
    from jaxtyping import Float

Chances: TypeAlias = "Float[np.ndarray, '*package side']"
Shares: TypeAlias = "Float[np.ndarray, '*package constituency']"
NAMED = ("all", "product", "worse-off")


@dataclass(frozen=True)
class Objective:
    """A number for every package.

    Parameters
    ----------
    value
        Of P(in win-set) by side, P(all at once) and expected acceptance by constituency; must not fall when any of them
        rises, for the search bounds it by bounding them.
    needs_shares
        Whether expected acceptance is used; it takes longer.
    is_joint
        Whether the value is P(all at once) itself, which allows a shorter way to its bound.
    """

    name: str
    value: Callable[[Chances, Float[np.ndarray, "*package"], Shares], Float[np.ndarray, "*package"]]
    needs_shares: bool = False
    is_joint: bool = False


def name_objective(name: str, tables: Tables) -> Objective:
    """The objective of a name: ``all``, ``product``, ``worse-off`` or a side.

    ``product`` multiplies the sides' chances; ``worse-off`` is the expected acceptance of the side that likes a package
    least, where a side's acceptance is that of the clause its rule turns on (least of all-of, greatest of any-of).

    Raises
    ------
    UsageError
        If there is no such objective.
    """
    sides = list(dict.fromkeys(s for s, _ in tables.names))
    rules = tables.rules
    if name in sides:
        return Objective(name, lambda by_side, _both, _shares: by_side[..., sides.index(name)])
    match name:
        case "all" | "both":
            return Objective("all", lambda _by_side, both, _shares: both, is_joint=True)
        case "product":
            return Objective(name, lambda by_side, _both, _shares: by_side.prod(-1))
        case "worse-off":
            worse = lambda _by_side, _both, shares: side_acceptance(rules, shares).min(-1)  # noqa: E731
            return Objective(name, worse, needs_shares=True)
    known = [*sides, *NAMED]
    raise UsageError(f"no order is called `{name}`{suggest(name, known)}")


def side_acceptance(rules: Rules, shares: Shares) -> Float[np.ndarray, "*package side"]:
    """Acceptance of the clause that each side's rule turns on."""
    by_clause = shares @ rules.weights.T
    leaf = lambda n: by_clause[..., n]  # noqa: E731
    return np.stack([fold_rule(p, leaf, np.minimum, np.maximum) for p in rules.programs], -1)
