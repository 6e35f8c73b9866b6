"""What stays the same in every run: packages on the table, what people measured think of them, the war so far."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from winset.errors import UsageError
from winset.room import Room
from winset.room.ballot import find_curve
from winset.room.operators import NOTHING
from winset.room.scoring import sum_terms
from winset.room.tables import Rules, list_rules
from winset.study import Study
from winset.study.question import LEADER
from winset.study.ratification import members
from winset.study.side import UNORDERED
from winset.study.war import War
from winset.talks.leaders import DEMOCRATIC, MIXED, NO_LEADER, REPRESSIVE
from winset.talks.week import Home, Land, Table
from winset.terms import Package

if TYPE_CHECKING:
    from jaxtyping import Float

BEST = 4
"""Best whole packages that may come to the table beside the proposals on record."""

MAJORITY = 0.5
REGIMES = {"democratic": DEMOCRATIC, "mixed": MIXED, "repressive": REPRESSIVE}


@dataclass(frozen=True)
class World:
    """What every text holds, and who ratifies, over some weeks of a scenario.

    Parameters
    ----------
    terms
        Options that every package on the table holds.
    referendum
        By side: the constituency whose majority ratifies instead of the side's rule.
    framing
        Sides whose leader speaks for whatever is tabled, heard at home as was measured.
    """

    terms: Mapping[str, str] = dataclasses.field(default_factory=dict)
    referendum: Mapping[str, str] = dataclasses.field(default_factory=dict)
    framing: tuple[str, ...] = ()


def declared_war(study: Study) -> War:
    """What the study says of the war.

    Raises
    ------
    UsageError
        If it says nothing.
    """
    if study.war is None:
        raise UsageError(
            f"{study.id} says nothing of a war: no talks.yaml (`winset new DIR --war` writes one), no sheet War of a workbook"
        )
    return study.war


def list_table(room: Room) -> tuple[Package, ...]:
    """Proposals on record at the as-of date, and the best whole packages, which takes a search."""
    study = room.acceptance.study
    left_out = declared_war(study).not_settlements
    on_record = [p.terms for p in study.proposals.values() if p.date <= study.as_of and p.id not in left_out]
    found = room.search(BEST, seconds=20)
    best = [found.space.package(tuple(int(o) for o in row)) for row in found.found.options]
    return tuple(dict.fromkeys([*on_record, *best]))


def label_table(study: Study, table: Sequence[Package]) -> tuple[str, ...]:
    """Names of packages: a proposal's label, or a number."""
    known = {p.terms: p.label for p in study.proposals.values() if p.date <= study.as_of}
    numbers = itertools.count(1)
    return tuple(known[p] if p in known else f"best whole package {next(numbers)}" for p in table)


def find_truces(study: Study, table: Sequence[Package]) -> np.ndarray:
    """Which packages stop the fighting and settle nothing else."""
    truces = [study.proposals[p].terms for p in declared_war(study).truces if study.proposals[p].date <= study.as_of]
    return np.array([p in truces for p in table])


def build_land(study: Study) -> Land:
    """The war as declared, as arrays."""
    war = declared_war(study)
    front, sides = war.front, list(study.sides)
    regions = list(front.regions.values())
    lacking = np.array([r.area * (1 - r.held) for r in regions])
    effort = lacking if regions[0].effort is None else np.array([r.effort for r in regions], float)
    leaders = [war.leaders.get(s) for s in sides]
    return Land(
        area=np.array([r.area for r in regions]),
        held=np.array([r.held for r in regions]),
        effort=effort,
        aim=float(front.aim),
        drift=float(front.per_week),
        sd=float(front.per_week_sd),
        attacker=sides.index(front.attacker),
        so_far=(study.as_of - war.began).days / 7,
        intensity=np.array([war.intensity[s] for s in sides]),
        regime=np.array([REGIMES[leader.regime] if leader else NO_LEADER for leader in leaders]),
        culpable=np.array([leader is not None and leader.culpable for leader in leaders]),
    )


def build_table(room: Room, table: Sequence[Package], worlds: Sequence[World]) -> tuple[Table, Home]:
    """Packages and rules as arrays, one layer a world."""
    study = room.acceptance.study
    war, sides = declared_war(study), list(study.sides)
    columns = _columns(study, worlds)
    names = tuple(study.constituencies()[j] for j in columns)
    changed = [[p.replace(w.terms) for p in table] for w in worlds]
    sums = [_acceptance(room, packages, columns) for packages in changed]
    utility, cost, spread, kept = (np.stack(parts) for parts in zip(*sums, strict=True))
    rules, thresholds, programs = _rules(room, names, worlds)
    floor, gain = (np.stack(parts)[:, :, columns] for parts in zip(*(_curve(room, w) for w in worlds), strict=True))
    need = np.stack([_needs(rules, thresholds, spread[w], kept[w], floor[w], gain[w]) for w in range(len(worlds))])
    now = Package.of(war.without_deal)
    ends = [now, now.replace(war.front.terms)]
    arrays = Table(
        utility=utility,
        cost=cost,
        scale=1 / spread,
        kept=kept,
        need=need,
        value=np.array([[[side_value(room, s, p) for p in packages] for s in sides] for packages in changed]),
        without=np.array([[side_value(room, s, p) for p in ends] for s in sides]),
        guarded=np.array([[guard(study, p) for p in packages] for packages in changed]),
        truce=find_truces(study, table),
    )
    inside = ndtri(np.clip(thresholds, 0.01, 0.99))
    home = Home(
        side_of=np.array([sides.index(s) for s, _ in names]),
        bearer=np.array([c in war.bear_losses.get(s, ()) for s, c in names]),
        listens=find_weights(study, names),
        drift=room.ballot.draws.drift,
        floor=floor,
        gain=gain,
        thresholds=thresholds,
        slopes=np.exp(-0.5 * inside**2) / np.sqrt(2 * np.pi),
        single=rules.single,
        weights=rules.weights,
        programs=programs,
    )
    return Table(*map(_own, arrays)), Home(*map(_own, home))


def _own(part: np.ndarray) -> np.ndarray:
    """The same array in the one precision and layout for which the loop is compiled; run folders keep single precision."""
    return np.require(part, np.float64 if part.dtype.kind == "f" else part.dtype, ("C", "W", "O"))


def find_weights(study: Study, names: Sequence[tuple[str, str]]) -> Float[np.ndarray, "constituency constituency"]:
    """Who listens to whom within a side: declared weights, or all of the side alike; rows sum to one."""
    listens = declared_war(study).listens
    weights = np.zeros((len(names), len(names)))
    for c, (side, name) in enumerate(names):
        heard = listens.get(side, {}).get(name)
        for k, (other, voice) in enumerate(names):
            if other == side:
                weights[c, k] = 1.0 if heard is None else heard.get(voice, 0.0)
        if not weights[c].any():
            weights[c, c] = 1.0
    return weights / weights.sum(1, keepdims=True)


def guard(study: Study, package: Package) -> float:
    """How strongly a package guards against renewed war: 0 (nothing, or left open) to 1, by the order of the attacked side."""
    war = declared_war(study)
    if war.guarantees is None or war.guarantees not in package:
        return 0.0
    attacked = next(side for s, side in study.sides.items() if s != war.front.attacker)
    order = attacked.order[war.guarantees]
    if order == UNORDERED:
        return 0.5
    return 1 - order.index(package[war.guarantees]) / max(len(order) - 1, 1)


def side_value(room: Room, side: str, package: Package) -> float:
    """Share of a side's aims that a package gives, from 0 (the worst of every issue) to 1.

    Declared order of options, weighted by measured importance; an issue left open, or without an order, counts one half.
    """
    study: Study = room.acceptance.study
    own = [j for j, (s, _) in enumerate(study.constituencies()) if s == side]
    weight = room.ballot.draws.importance[:, own].mean((0, 1))
    places = np.full(len(study.space.issues), 0.5)
    for k, issue in enumerate(study.space.issues):
        order = study.sides[side].order[issue.id]
        if issue.id in package and order != UNORDERED and len(order) > 1:
            places[k] = 1 - order.index(package[issue.id]) / (len(order) - 1)
    return float((weight * places).sum() / weight.sum())


def _columns(study: Study, worlds: Sequence[World]) -> list[int]:
    """Constituencies that some rule names."""
    used = {study.place(s, c) for s in study.sides for c in members(study.rule(s))}
    used |= {leaf for w in worlds for vote in w.referendum.items() for leaf in study.composition.shares(vote)}
    return [j for j, key in enumerate(study.constituencies()) if key in used]


def _acceptance(room: Room, packages: Sequence[Package], columns: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Utility, price of broken commitments, spread of persons, share that refuses nothing."""
    encoded = np.array([room.acceptance.study.space.encode(p) for p in packages])
    free = dataclasses.replace(room.ballot, worth=room.ballot.draws.worth)
    (utility, spread, kept), (priced, *_) = sum_terms(free, encoded), sum_terms(room.ballot, encoded)
    return utility[:, columns], (utility - priced)[:, columns], spread[:, columns], kept[:, columns]


def _curve(room: Room, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Floor and gain of every constituency's acceptance: the room's words, and at home those of leaders who prepare it."""
    study, draws = room.acceptance.study, room.ballot.draws
    floor, gain = (np.array(v) for v in room.ballot.curve)
    for side in world.framing:
        words = {k: v for k, v in room.endorsed.items() if k not in (LEADER, side)} | {side: "for"}
        own = [j for j, (s, _) in enumerate(study.constituencies()) if s == side]
        for kept, heard in zip((floor, gain), find_curve(draws, study, words), strict=True):
            kept[:, own] = heard[:, own]
    return floor, gain


def _rules(
    room: Room, names: Sequence[tuple[str, str]], worlds: Sequence[World]
) -> tuple[Rules, np.ndarray, np.ndarray]:
    """Clauses of all worlds in one list, thresholds by draw, programs by world and side."""
    study, draws = room.acceptance.study, len(room.ballot.draws)
    every = {s: study.rule(s) for s in study.sides}
    votes = sorted({(s, c) for w in worlds for s, c in w.referendum.items()})
    rules = list_rules(every, names)
    thresholds = np.concatenate(room.ballot.thresholds).T
    shares = [study.composition.shares(v) for v in votes]
    alone = [names.index(next(iter(x))) if len(x) == 1 else -1 for x in shares]
    single = np.concatenate([rules.single, alone]).astype(int)
    rows = np.array([[x.get(n, 0.0) for n in names] for x in shares]).reshape(-1, len(names))
    weights = np.concatenate([rules.weights, rows])
    thresholds = np.concatenate([thresholds, np.full((draws, len(votes)), MAJORITY)], axis=1)
    length = max(map(len, rules.programs))
    programs = np.full((len(worlds), len(rules.programs), length), NOTHING)
    for w, world in enumerate(worlds):
        for s, (side, program) in enumerate(zip(every, rules.programs, strict=True)):
            asked = world.referendum.get(side)
            row = program if asked is None else (len(rules.single) + votes.index((side, asked)),)
            programs[w, s, : len(row)] = row
    return Rules(single, weights, rules.programs), thresholds, programs


def _needs(
    rules: Rules, thresholds: np.ndarray, spread: np.ndarray, kept: np.ndarray, floor: np.ndarray, gain: np.ndarray
) -> Float[np.ndarray, "draw clause package"]:
    """Utility that a clause on one constituency needs, by draw and package."""
    need = np.zeros((len(floor), len(rules.single), spread.shape[-1]))
    for n in np.flatnonzero(rules.single >= 0):
        c = rules.single[n]
        need[:, n] = least_utility(
            thresholds[:, n, None], kept[:, c], floor[:, c, None], gain[:, c, None], spread[:, c]
        )
    return need


def least_utility(
    threshold: Float[np.ndarray, ...],
    kept: Float[np.ndarray, ...],
    floor: Float[np.ndarray, ...],
    gain: Float[np.ndarray, ...],
    spread: Float[np.ndarray, ...],
) -> Float[np.ndarray, ...]:
    """Utility at which a share of acceptance reaches a threshold; far off where it cannot fail or cannot hold."""
    share = (threshold / kept - floor) / np.maximum(gain, 1e-12)
    return ndtri(np.clip(share, 1e-9, 1 - 1e-9)) * spread
