"""What stays the same in every run: packages on the table, what people measured think of them, the war so far."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from winset.errors import UsageError
from winset.room import Room
from winset.room.scoring import sum_terms
from winset.room.tables import Rules, list_rules
from winset.study import Study
from winset.study.ratification import members
from winset.study.war import Scenario, War
from winset.terms import Package

BEST = 4
"""Best whole packages that may come to the table beside the proposals on record."""


@dataclass(frozen=True)
class World:
    """Arrays over posterior draws, constituencies that a rule names, and packages.

    Parameters
    ----------
    packages, labels
        What may be tabled.
    truce
        Whether a package stops the fighting and settles nothing else.
    value
        Share of each side's aims that a package gives: declared order of options, weighted by measured importance;
        an issue left open counts one half.
    without
        The same of what holds without a deal: as things stand, and once the attacker has its aim.
    utility, cost
        Probit units at the as-of date, and what broken commitments take off.
    """

    names: tuple[tuple[str, str], ...]
    side_of: np.ndarray
    rules: Rules
    packages: tuple[Package, ...]
    labels: tuple[str, ...]
    truce: Bool[np.ndarray, " package"]
    value: Float[np.ndarray, "side package"]
    without: Float[np.ndarray, "side end"]
    utility: Float[np.ndarray, "draw constituency package"]
    cost: Float[np.ndarray, "draw constituency package"]
    spread: Float[np.ndarray, "draw constituency package"]
    kept: Float[np.ndarray, "draw constituency package"]
    lapse: Float[np.ndarray, " draw"]
    thresholds: Float[np.ndarray, "draw clause"]
    drift: Float[np.ndarray, "draw side"]


def declared_war(study: Study) -> War:
    """What the study says of the war.

    Raises
    ------
    UsageError
        If it says nothing.
    """
    if study.war is None:
        raise UsageError(f"{study.id} has no talks.yaml; `winset schema talks` shows what it must say of the war")
    return study.war


def build_world(room: Room, table: Sequence[Package], scenario: Scenario | None = None) -> World:
    """All that the runs read of the packages on the table."""
    study = room.acceptance.study
    war = declared_war(study)
    truces = [study.proposals[p].terms for p in war.truces if study.proposals[p].date <= study.as_of]
    known = {p.terms: p.label for p in study.proposals.values() if p.date <= study.as_of}
    numbers = itertools.count(1)
    labels = [known[p] if p in known else f"best whole package {next(numbers)}" for p in table]
    changed = [p.replace(scenario.terms) if scenario else p for p in table]
    used = {(s, c) for s, side in study.sides.items() for c in members(side.ratification)}
    columns = [j for j, key in enumerate(study.constituencies()) if key in used]
    names = tuple(study.constituencies()[j] for j in columns)
    utility, cost, spread, kept = _acceptance(room, changed, columns)
    order, now = list(study.sides), Package.of(war.without_deal)
    return World(
        names,
        np.array([order.index(s) for s, _ in names]),
        list_rules({s: side.ratification for s, side in study.sides.items()}, names),
        tuple(changed),
        tuple(labels),
        np.array([p in truces for p in table]),
        np.array([[side_value(room, s, p) for p in changed] for s in order]),
        np.array([[side_value(room, s, p) for p in (now, now.replace(war.front.terms))] for s in order]),
        utility,
        cost,
        spread,
        kept,
        room.ballot.draws.lapse,
        np.concatenate(room.ballot.thresholds).T,
        room.ballot.draws.drift,
    )


def list_table(room: Room) -> tuple[Package, ...]:
    """Proposals on record at the as-of date, and the best whole packages, which takes a search."""
    study = room.acceptance.study
    left_out = declared_war(study).not_settlements
    on_record = [p.terms for p in study.proposals.values() if p.date <= study.as_of and p.id not in left_out]
    found = room.search(BEST, seconds=20)
    best = [found.space.package(tuple(int(o) for o in row)) for row in found.found.options]
    return tuple(dict.fromkeys([*on_record, *best]))


def side_value(room: Room, side: str, package: Package) -> float:
    """Share of a side's aims that a package gives, from 0 (the worst of every issue) to 1."""
    study: Study = room.acceptance.study
    own = [j for j, (s, _) in enumerate(study.constituencies()) if s == side]
    weight = room.ballot.draws.importance[:, own].mean((0, 1))
    places = np.full(len(study.space.issues), 0.5)
    for k, issue in enumerate(study.space.issues):
        order = study.sides[side].order[issue.id]
        if issue.id in package and len(order) > 1:
            places[k] = 1 - order.index(package[issue.id]) / (len(order) - 1)
    return float((weight * places).sum() / weight.sum())


def _acceptance(room: Room, packages: Sequence[Package], columns: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Utility, price of broken commitments, spread of persons, share that refuses nothing."""
    encoded = np.array([room.acceptance.study.space.encode(p) for p in packages])
    free = dataclasses.replace(room.ballot, worth=room.ballot.draws.worth)
    (utility, spread, kept), (priced, *_) = sum_terms(free, encoded), sum_terms(room.ballot, encoded)
    return utility[:, columns], (utility - priced)[:, columns], spread[:, columns], kept[:, columns]
