"""Packages that are never bad: regret under assumptions that the analyst will not choose between."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.prospects import SEARCH_SECONDS, find_packages
from winset.exploration.reaching import FEWEST, effective, list_selected, tilt
from winset.exploration.resampling import draw_weights
from winset.exploration.weighing import Weighed, weigh
from winset.room import Room
from winset.study import Vote
from winset.study.ratification import clauses

if TYPE_CHECKING:
    from jaxtyping import Float

BAD = 0.05
"""Regret up to which a package is never bad: five points of chance, less than any word for a chance spans but the two ends."""

HOPE = 0.5
"""Weight of the best case in Hurwicz's rule; even, since nobody declared how hopeful he is."""

DOUBLED = 2.0
"""Dear commitments cost twice as much: as far as the highest rung stands above the middle one (prior audience_rung_high)."""

LEAN = 1.0
"""Standard deviations by which the selection odds of interviews lean either way; more would rest on few draws."""

RESAMPLES = 200
"""Bootstrap resamples: the 5 and 95 % ends then rest on ten of them each."""

AS_DECLARED = "as declared"


@dataclass(frozen=True)
class Assumption:
    """One of several answers to one open question.

    Parameters
    ----------
    about
        The open question: costs, thresholds or interviews.
    label
        In words.
    cost
        Factor on audience costs.
    threshold
        Quantile at which uncertain thresholds are fixed; None leaves them uncertain.
    weights
        Of draws, summing to one.
    """

    about: str
    label: str
    cost: float
    threshold: float | None
    weights: Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Robustness:
    """Regret of packages.

    Parameters
    ----------
    table
        Columns package, chance (as declared), worst, best (over all combinations), hurwicz, regret (the largest), where (the
        combination in which it is largest), never_bad; least regret first. Beside each number its 90 % interval, _low and _high.
    assumptions
        Columns assumption, likeliest (package), chance, buys (its chance less that of the likeliest as declared), robust (chance
        of the package with the least regret), regret: one assumption changed at a time. Intervals as above.
    combinations
        How many combinations of assumptions there are.
    terms
        Columns package, terms: what the packages of the search are.
    """

    table: pl.DataFrame
    assumptions: pl.DataFrame
    combinations: int
    terms: pl.DataFrame


def measure_regret(
    chances: Float[np.ndarray, "*any assumption package"],
) -> Float[np.ndarray, "*any assumption package"]:
    """How much less than the best package under the same assumption each package has (Savage 1951).

    Examples
    --------
    >>> measure_regret(np.array([[0.5, 0.4], [0.1, 0.3]])).round(1).tolist()
    [[0.0, 0.1], [0.2, 0.0]]
    """
    return chances.max(-1, keepdims=True) - chances


def weigh_robustness(room: Room, *, seconds: float = SEARCH_SECONDS, seed: int = 1) -> Robustness:
    """Lay packages beside each other under every combination of assumptions.

    Proposals on record compete with the likeliest packages of a search of some seconds, with commitments and without.

    Raises
    ------
    UsageError
        If there is nothing to compare, or no assumption is open.
    """
    weighed, terms = _compete(room, seconds)
    if len(weighed) < 2:
        raise UsageError("there is only one package to look at, so that no choice can be regretted")
    open_questions = list_assumptions(room, next(iter(weighed.values())))
    combos = list(itertools.product(*open_questions))
    if len(combos) < 2:
        raise UsageError(
            "no threshold, commitment or selection is uncertain in this study: there is one set of assumptions"
        )
    held = _hold(list(weighed.values()), combos)
    weights = np.stack([_joint(c) for c in combos])
    chances = np.einsum("apn,an->ap", held, weights)
    resampled = _resample(held, weights, draw_weights(held.shape[2], RESAMPLES, seed))
    names = list(weighed)
    table = _tabulate(names, combos, chances, resampled)
    each = _each(names, combos, chances, resampled, names.index(table["package"][0]))
    return Robustness(table, each, len(combos), terms)


def _compete(room: Room, seconds: float) -> tuple[dict[str, Weighed], pl.DataFrame]:
    """Packages that compete by name, and what those of the search are."""
    study = room.acceptance.study
    found = find_packages(room, seconds)
    if room.with_costs:
        free = dataclasses.replace(room.ballot, worth=room.ballot.draws.worth)
        found += find_packages(dataclasses.replace(room, ballot=free, with_costs=False), seconds)
    distinct = list({tuple(p.items()): p for p in found}.values())
    weighed = {study.proposals[p].label: weigh(room, p) for p in study.on_record()}
    weighed |= {f"Package {n + 1} of the search": weigh(room, p) for n, p in enumerate(distinct)}
    rows = [{"package": f"Package {n + 1} of the search", "terms": study.in_words(p)} for n, p in enumerate(distinct)]
    return weighed, pl.DataFrame(rows, schema={"package": pl.String, "terms": pl.String})


def list_assumptions(room: Room, w: Weighed) -> list[list[Assumption]]:
    """Open questions of a study, each with its answers; what was declared stands first."""
    even = np.full(len(w), 1 / len(w))
    found = []
    if room.with_costs and any(s.commitments for s in w.study.sides.values()):
        said = ("broken commitments cost nothing", 0.0), (f"broken commitments cost {DOUBLED:g} times as much", DOUBLED)
        found.append([Assumption("costs", t, c, None, even) for t, c in ((AS_DECLARED, 1.0), *said)])
    if w.limits.std(0).max() > 0:
        votes = any(isinstance(c, Vote) for side in w.study.sides.values() for c in clauses(side.ratification))
        what = "every threshold, and what a vote adds," if votes else "every threshold"
        said = (f"{what} at its low end", LOW), (f"{what} at its high end", HIGH)
        found.append([Assumption("thresholds", t, 1.0, q, even) for t, q in ((AS_DECLARED, None), *said)])
    leaning = list(_lean(w))
    if leaning:
        found.append([Assumption("interviews", AS_DECLARED, 1.0, None, even), *leaning])
    return found


def _lean(w: Weighed) -> Iterator[Assumption]:
    """Interviews that reached one kind of people more easily than is assumed, all of them at once."""
    odds = [values for _, values in list_selected(w)]
    if not odds:
        return
    together = np.mean([(v - v.mean()) / v.std() for v in odds], axis=0)
    for sign, who in ((-1.0, "those who refuse"), (1.0, "those who accept")):
        weights = tilt(together, sign * LEAN)
        if effective(weights) >= min(FEWEST, len(w) / 4):
            yield Assumption("interviews", f"all interviews reached {who} more easily", 1.0, None, weights)


def _hold(
    weighed: list[Weighed], combos: list[tuple[Assumption, ...]]
) -> Float[np.ndarray, "combination package draw"]:
    """Whether all leaders could carry each package, in each draw, under each combination."""
    limits = weighed[0].limits
    held: dict[tuple[float, float | None], np.ndarray] = {}
    for combo in combos:
        key = _how(combo)
        if key not in held:
            cost, quantile = key
            at = limits if quantile is None else np.broadcast_to(np.quantile(limits, quantile, axis=0), limits.shape)
            held[key] = np.stack([w.carried(w.shares(0.0, cost), at) for w in weighed]).astype(float)
    return np.stack([held[_how(c)] for c in combos])


def _how(combo: tuple[Assumption, ...]) -> tuple[float, float | None]:
    return float(np.prod([a.cost for a in combo])), next((a.threshold for a in combo if a.threshold is not None), None)


def _joint(combo: tuple[Assumption, ...]) -> Float[np.ndarray, " draw"]:
    w = np.prod([a.weights for a in combo], axis=0)
    return w / w.sum()


def _resample(
    held: Float[np.ndarray, "combination package draw"],
    weights: Float[np.ndarray, "combination draw"],
    taken: Float[np.ndarray, "sample draw"],
) -> Float[np.ndarray, "sample combination package"]:
    """Chances in each resample of draws."""
    found = []
    for h, w in zip(held, weights, strict=True):
        both = taken * w
        found.append(both @ h.T / both.sum(1, keepdims=True))
    return np.stack(found, axis=1)


def _tabulate(
    names: list[str], combos: list[tuple[Assumption, ...]], chances: np.ndarray, resampled: np.ndarray
) -> pl.DataFrame:
    """Numbers of every package, each worked out anew in every resample; with it goes the choice of the worst combination."""
    regret = measure_regret(chances)
    told = {name: (_sum_up(chances, name), _sum_up(resampled, name)) for name in ("chance", "worst", "best", "hurwicz")}
    told["regret"] = (regret.max(0), measure_regret(resampled).max(1))
    most = regret.argmax(0)
    rows = [
        {"package": name}
        | {k: v for key, (value, spread) in told.items() for k, v in _tell(key, value[p], spread[:, p]).items()}
        | {"where": _name(combos[most[p]]), "never_bad": bool(regret[most[p], p] <= BAD)}
        for p, name in enumerate(names)
    ]
    return pl.DataFrame(rows).sort("regret", "chance", descending=[False, True], maintain_order=True)


def _sum_up(
    chances: Float[np.ndarray, "*sample combination package"], how: str
) -> Float[np.ndarray, "*sample package"]:
    """One number of each package over all combinations; what was declared stands first."""
    worst, best = chances.min(-2), chances.max(-2)
    return {"chance": chances[..., 0, :], "worst": worst, "best": best, "hurwicz": HOPE * best + (1 - HOPE) * worst}[
        how
    ]


def _tell(name: str, value: float, spread: Float[np.ndarray, " sample"]) -> dict[str, float]:
    """A number and its interval, which holds it: the least of many is lower, and the largest higher, in most resamples."""
    low, high = np.quantile(spread, [LOW, HIGH])
    return {name: float(value), f"{name}_low": float(min(low, value)), f"{name}_high": float(max(high, value))}


def _name(combo: tuple[Assumption, ...]) -> str:
    changed = [a.label for a in combo if a.label != AS_DECLARED]
    return "; ".join(changed) or AS_DECLARED


def _each(
    names: list[str],
    combos: list[tuple[Assumption, ...]],
    chances: Float[np.ndarray, "combination package"],
    resampled: Float[np.ndarray, "sample combination package"],
    robust: int,
) -> pl.DataFrame:
    """What each assumption alone makes likeliest, and what it buys."""
    first, regret, spread = int(chances[0].argmax()), measure_regret(chances), measure_regret(resampled)
    rows = []
    for n, combo in enumerate(combos):
        if sum(a.label != AS_DECLARED for a in combo) > 1:
            continue
        top = int(chances[n].argmax())
        row = {"assumption": _name(combo), "likeliest": names[top]}
        row |= _tell("chance", chances[n, top], resampled[:, n, top])
        row |= _tell("buys", chances[n, top] - chances[0, first], resampled[:, n, top] - resampled[:, 0, first])
        row |= _tell("robust", chances[n, robust], resampled[:, n, robust])
        rows.append(row | _tell("regret", regret[n, robust], spread[:, n, robust]))
    return pl.DataFrame(rows)
