"""What the fate of one package at home hangs on."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW
from winset.errors import UsageError
from winset.exploration.explaining import Known, explain
from winset.exploration.indices import Indices, estimate_indices
from winset.exploration.pairs import estimate_pairs
from winset.exploration.resampling import draw_weights
from winset.exploration.things import STILL, Thing, list_things
from winset.exploration.weighing import Weighed, weigh
from winset.language import tr
from winset.room import Room
from winset.study.ratification import members

if TYPE_CHECKING:
    from jaxtyping import Float

SCHEMA = {
    "thing": pl.String,
    "kind": pl.String,
    **dict.fromkeys(("share", "low", "high", "swing", "swing_low", "swing_high"), pl.Float64),
}
"""Columns of a table of things."""

TOGETHER = {"first": pl.String, "second": pl.String, **dict.fromkeys(("share", "low", "high"), pl.Float64)}

PAIRED = 16
"""Things that are tried in pairs: those that tell most alone."""

RESAMPLES = 200
"""Bootstrap resamples of swings: the 5 and 95 % ends then rest on ten of them each."""


@dataclass(frozen=True)
class Hanging:
    """What one number hangs on.

    Parameters
    ----------
    name
        ``carried``, ``accepted`` or ``changed``.
    about
        The package in words.
    number
        What is explained, in words, and its unit in ``swings`` (what a swing is measured in).
    table
        Columns thing, kind, share (of the number's variance that would go if the thing were known), low, high, swing (the
        outcome where the thing is in its highest third less where it is in its lowest), swing_low, swing_high; only what
        stands out from noise, largest first.
    kinds
        Columns kind, share, low, high: the same for all things of a kind known at once.
    outcome
        Mean of what swings are of, with the 90 % interval that so many draws leave it.
    tried
        How many things were tried.
    floor
        Largest share that things of no account reach by chance.
    names
        Names of the things of the table, as texts that can be told in another language.
    mends
        Of a change: whether the package is then as likely as not to be carried.
    """

    name: str
    about: str
    number: str
    swings: str
    table: pl.DataFrame
    kinds: pl.DataFrame
    outcome: tuple[float, float, float]
    tried: int
    floor: float
    names: Mapping[str, str] = field(default_factory=dict)
    mends: bool = True


def hang(room: Room, what: str | Mapping[str, str], *, seed: int = 1) -> tuple[Hanging, Hanging]:
    """What carrying a package, and acceptance by those who block it most often, hang on.

    Raises
    ------
    UsageError
        If the study has no such proposal or option.
    """
    weighed = weigh(room, what)
    shares = weighed.shares()
    things = list_things(weighed)
    j, who = find_blocker(weighed)
    carrying = hang_number(
        things,
        weighed.margin(shares),
        weighed.carried(shares).astype(float),
        ("carried", weighed.label, "the margin by which all leaders could carry it", tr("the chance that they could")),
        seed,
    )
    accepting = hang_number(
        things, shares[:, j], shares[:, j], ("accepted", weighed.label, f"acceptance by {who}", "acceptance"), seed
    )
    return carrying, accepting


def hang_change(room: Room, what: str | Mapping[str, str], *, seed: int = 1) -> Hanging | None:
    """What it hangs on how much the least change of a package adds; None where nothing is changed, or it always adds as much.

    Raises
    ------
    UsageError
        If the study has no such proposal or option.
    """
    study, before = room.acceptance.study, weigh(room, what)
    repair = room.repair(what)
    mended = repair.package
    package = study.find(what)[0]
    changed = {i: o for i, o in mended.items() if package.get(i) != o}
    after = weigh(room, dict(mended))
    gain = after.margin(after.shares()) - before.margin(before.shares())
    if not changed or gain.var() < STILL:
        return None
    things = {str(t.label): t for w in (before, after) for t in list_things(w)}
    rise = after.carried(after.shares()).astype(float) - before.carried(before.shares())
    said = ("changed", before.label, study.in_words(changed), "what it adds to the chance")
    found = hang_number(list(things.values()), gain, rise, said, seed)
    return dataclasses.replace(found, mends=repair.reached)


@dataclass(frozen=True)
class HangingTogether:
    """What pairs of things tell only together about whether all leaders could carry a package.

    Parameters
    ----------
    about
        The package in words.
    table
        Columns first, second, share (of the margin's variance that no sum of both tells), low, high; only what stands out from
        noise, largest first.
    totals
        Columns thing, share (known alone), total (with what it tells only together with one other), low, high (of the total, as
        wide as those of its parts together): where a pair stands out.
    tried
        How many pairs were tried.
    floor
        Largest share that pairs of no account reach by chance.
    """

    about: str
    table: pl.DataFrame
    totals: pl.DataFrame
    tried: int
    floor: float


def hang_together(room: Room, what: str | Mapping[str, str], *, seed: int = 1) -> HangingTogether:
    """Which pairs of things matter beyond what each tells alone.

    Raises
    ------
    UsageError
        If the study has no such proposal or option, or nothing varies.

    Notes
    -----
    Of the things that tell most alone; a total is the first-order index and all second-order indices with it that stand out
    (Homma & Saltelli 1996, cut off after pairs).
    """
    weighed = weigh(room, what)
    target, things = weighed.margin(weighed.shares()), list_things(weighed)
    if not things:
        raise UsageError("nothing is uncertain in this run, so the answer hangs on nothing")
    inputs = np.stack([t.values for t in things], axis=1)
    every = estimate_indices(inputs, target, seed=seed, resamples=0).share
    chosen = np.argsort(-every, kind="stable")[:PAIRED]
    alone = estimate_indices(inputs[:, chosen], target, seed=seed)
    found = estimate_pairs(inputs[:, chosen], target, seed=seed)
    names = [str(things[n].label) for n in chosen]
    pairs = [(*found.pairs[n], told) for n, told in found.standing_out()]
    table = pl.DataFrame([{"first": names[i], "second": names[j]} | told for i, j, told in pairs], schema=TOGETHER)
    totals = [
        {"thing": name, "share": max(float(alone.share[k]), 0.0)} | found.total(k, alone)
        for k, name in enumerate(names)
        if found.beyond(k) > 0
    ]
    schema = {"thing": pl.String, **dict.fromkeys(("share", "total", "low", "high"), pl.Float64)}
    return HangingTogether(weighed.label, table, pl.DataFrame(totals, schema=schema), len(found.pairs), found.floor)


def hang_number(
    things: Sequence[Thing],
    target: Float[np.ndarray, " draw"],
    outcome: Float[np.ndarray, " draw"],
    said: tuple[str, str, str, str],
    seed: int = 1,
) -> Hanging:
    """What one number hangs on.

    Parameters
    ----------
    target
        The number that is explained, by draw.
    outcome
        What a reader asks about, by draw: swings are of its mean.
    said
        Name, package, number and outcome in words.

    Raises
    ------
    UsageError
        If the target is the same in every draw.
    """
    if not things:
        raise UsageError("nothing is uncertain in this run, so the answer hangs on nothing")
    found = estimate_indices(np.stack([t.values for t in things], axis=1), target, seed=seed)
    weights = draw_weights(len(target), RESAMPLES, seed)
    kinds = {
        k: explain(np.stack([t.values for t in things if t.kind == k], axis=1), target, seed=seed)
        for k in dict.fromkeys(t.kind for t in things)
    }
    mean = float(outcome.mean())
    low, high = np.quantile(weights @ outcome / weights.sum(1), [LOW, HIGH])
    table = _tabulate(things, found, outcome, weights)
    middle = (mean, float(low), float(high))
    names = {str(t.label): t.label for t in things}
    return Hanging(*said, table, _kinds(kinds), middle, len(things), found.floor, names)


def _kinds(kinds: Mapping[str, Known]) -> pl.DataFrame:
    rows = [{"kind": k, "share": x.share, "low": x.low, "high": x.high} for k, x in kinds.items()]
    return pl.DataFrame(rows).sort("share", descending=True)


def _tabulate(
    things: Sequence[Thing],
    found: Indices,
    outcome: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, "sample draw"],
) -> pl.DataFrame:
    """Rows of what stands out from noise, largest first."""
    rows = []
    for n, told in found.standing_out():
        swing = swing_of(things[n].values, outcome, weights)
        rows.append(
            {"thing": things[n].label, "kind": things[n].kind}
            | told
            | dict(zip(("swing", "swing_low", "swing_high"), swing, strict=True))
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def swing_of(
    values: Float[np.ndarray, " draw"], outcome: Float[np.ndarray, " draw"], weights: Float[np.ndarray, "sample draw"]
) -> tuple[float, float, float]:
    """Mean outcome where a thing is in its highest third less where it is in its lowest, with a 90 % interval."""
    first, last = np.quantile(values, [1 / 3, 2 / 3])
    below, above = values <= first, values >= last

    def apart(w: np.ndarray) -> np.ndarray:
        return (w @ (outcome * above)) / (w @ above) - (w @ (outcome * below)) / (w @ below)

    swing = float(apart(np.ones((1, len(values))))[0])
    low, high = np.quantile(apart(weights), [LOW, HIGH])
    return swing, float(low), float(high)


def find_blocker(weighed: Weighed) -> tuple[int, str]:
    """The constituency on which the clause that fails most often turns: its place, and its name.

    Of a coalition the member that likes the package least.
    """
    study, shares = weighed.study, weighed.shares()
    fails = (weighed.by_clause(shares) < weighed.limits).mean(0)
    every = [(s, members(c)) for s, c in study.clauses()]
    side, named = every[int(fails.argmax())]
    places = [study.constituencies().index((side, c)) for c in named]
    j = min(places, key=lambda n: float(shares[:, n].mean()))
    return j, study.full_label(*study.constituencies()[j])
