"""A posterior small enough for a page: some of the draws, a byte or two a number, and nothing that anybody answered.

How exact a chance is follows from how many draws there are, not from the digits of each: a byte a part-worth leaves room for
more draws than two would, and its rounding is lost in their spread.
"""

from __future__ import annotations

import base64
import dataclasses
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import AcceptanceDraws
from winset.room import Room
from winset.room.ballot import Ballot
from winset.room.rules import draw_votes, seed_shared
from winset.room.votes import CastVotes
from winset.study import Vote
from winset.study.ratification import clauses

if TYPE_CHECKING:
    from jaxtyping import Float, Int

BYTES = 1_000_000
"""Size of a pack before it is written as text: what keeps a page below three megabytes with its charts."""

FINE, COARSE = 16, 8
"""Bits of numbers that decide alone (levels, thresholds), and on a page of those of which many add up."""


@dataclass(frozen=True)
class Packed:
    """One array, each of its cells on a grid of its own between its least and greatest draw.

    Parameters
    ----------
    at
        Which cell is which, as the component reads it: for instance leaf and option.
    low, step
        Value of the lowest grid point, and the distance to the next; a step of 0 needs no codes.
    """

    name: str
    bits: int
    at: Int[np.ndarray, "cell place"]
    low: Float[np.ndarray, " cell"]
    step: Float[np.ndarray, " cell"]
    codes: Int[np.ndarray, "cell draw"]

    @property
    def values(self) -> Float[np.ndarray, "cell draw"]:
        """The numbers as the page reads them."""
        return self.low[:, None] + self.step[:, None] * self.codes

    @property
    def moving(self) -> np.ndarray:
        """Cells that differ between draws."""
        return self.step > 0


def pack_array(name: str, bits: int, at: np.ndarray, values: Float[np.ndarray, "cell draw"]) -> Packed:
    """Round each cell to the nearest of its grid points.

    Examples
    --------
    >>> found = pack_array("x", 8, np.array([[0]]), np.array([[0.0, 0.5, 1.0]]))
    >>> float(np.abs(found.values - [[0.0, 0.5, 1.0]]).max()) <= 0.5 / 255
    True
    """
    low, high = values.min(1), values.max(1)
    step = (high - low) / (2**bits - 1)
    codes = np.round((values - low[:, None]) / np.where(step > 0, step, 1.0)[:, None]).astype(np.int64)
    return Packed(name, bits, at.astype(np.int64), low, step, codes)


@dataclass(frozen=True)
class Pack:
    """What a page needs to work out any package.

    Parameters
    ----------
    rows
        Which of the run's draws it holds.
    every
        How many draws the run has.
    """

    arrays: tuple[Packed, ...]
    rows: Int[np.ndarray, " draw"]
    every: int

    def __getitem__(self, name: str) -> Packed:
        return next(a for a in self.arrays if a.name == name)

    @property
    def error(self) -> float:
        """How far a chance on the page may be from the run's, nine times in ten, at most (a chance of one half)."""
        n = len(self.rows)
        return 1.645 * math.sqrt(0.25 * max(1 / n - 1 / self.every, 0.0))

    def as_text(self) -> dict[str, object]:
        """Grids as numbers, codes as one compressed text."""
        blocks = [
            np.ascontiguousarray(a.codes[a.moving].astype("<u2" if a.bits == FINE else np.uint8)).tobytes()
            for a in self.arrays
        ]
        told = [
            {"name": a.name, "bits": a.bits, "at": a.at.tolist(), "low": a.low.tolist(), "step": a.step.tolist()}
            for a in self.arrays
        ]
        data = base64.b64encode(zlib.compress(b"".join(blocks), 9)).decode()
        return {"draws": len(self.rows), "every": self.every, "error": self.error, "arrays": told, "data": data}


def pack_room(room: Room, size: int | None = BYTES) -> Pack:
    """Thin and round a room's draws until they fit.

    Parameters
    ----------
    room
        With audience costs taken off: they are packed apart, so that a page can leave them out.
    size
        Bytes; without a limit every draw is kept, and so finely that its digits are the run's.
    """
    every = len(room.ballot.draws)
    if size is None:
        return Pack(tuple(_arrays(room, np.arange(every), FINE)), np.arange(every), every)
    one = sum(a.moving.sum() * a.bits // 8 for a in _arrays(room, np.arange(every), COARSE))
    keep = int(np.clip(size // max(one, 1), 1, every))
    rows = np.linspace(0, every - 1, keep).astype(int)
    return Pack(tuple(_arrays(room, rows, COARSE)), rows, every)


def _arrays(room: Room, rows: np.ndarray, bits: int) -> Iterator[Packed]:
    """Fine arrays first, so that every one starts at an even byte; ``bits`` of the others."""
    draws, layout = room.ballot.draws, room.ballot.draws.layout
    leaves = np.asarray(layout.leaves)
    yield pack_array("level", FINE, leaves[:, None], room.ballot.level[rows][:, leaves].T)
    yield pack_array("lapse", FINE, np.zeros((1, 1)), draws.lapse[rows][None])
    mix = draws.mix[rows][:, : len(layout.constituencies)]
    own = np.argwhere(mix.any(0))
    yield pack_array("mix", FINE, own, mix[:, own[:, 0], own[:, 1]].T)
    yield from _limits(room, rows)
    exists = np.argwhere(layout.exists)
    free = np.array([(n, k, o) for n in range(len(leaves)) for k, o in exists])
    costs = draws.worth - room.ballot.worth
    for name, array in (("worth", draws.worth), ("cost", costs), ("kept", np.exp(draws.log_kept))):
        still = 1.0 if name == "kept" else 0.0
        cells = array[rows][:, leaves[free[:, 0]], free[:, 1], free[:, 2]].T
        said = (cells != still).any(1)
        yield pack_array(name, bits, free[said], cells[said])
    issues = np.argwhere(np.ones((len(leaves), layout.exists.shape[0])))
    for name, array in (("person", draws.person_variance), ("open", draws.open_variance)):
        spread = np.sqrt(array[rows][:, leaves[issues[:, 0]], issues[:, 1]].T)
        yield pack_array(name, bits, issues, spread)
    words = np.argwhere(np.ones(draws.follow.shape[1:]))
    if len(words):
        yield pack_array("follow", bits, words, draws.follow[rows][:, words[:, 0], words[:, 1], words[:, 2]].T)
    yield from _endings(room, rows)


def _limits(room: Room, rows: np.ndarray) -> Iterator[Packed]:
    """Thresholds by side and clause; of a vote what lies between acceptance and Yes."""
    every, seed, plain, votes = len(room.ballot.draws), room.acceptance.seed, [], []
    for s, side in enumerate(room.acceptance.study.sides.values()):
        cast = draw_votes(side.ratification, every, seed + s, seed_shared(room.acceptance.study, seed))
        for n, clause in enumerate(clauses(side.ratification)):
            if isinstance(clause, Vote):
                votes.append(((s, n), cast[clause.vote.of]))
            else:
                plain.append(((s, n), room.ballot.thresholds[s][n]))
    if plain:
        yield pack_array("limit", FINE, np.array([at for at, _ in plain]), np.array([x for _, x in plain])[:, rows])
    for name in ("turnout", "gap", "swing") if votes else ():
        drawn = np.array([getattr(v, name) for _, v in votes])[:, rows]
        yield pack_array(name, FINE, np.array([at for at, _ in votes]), drawn)


def _endings(room: Room, rows: np.ndarray) -> Iterator[Packed]:
    """Of every proposal with terms that nobody read, the endings that the run imagined."""
    study, draws = room.acceptance.study, room.ballot.draws
    at, chosen = [], []
    for n, p in enumerate(study.proposals.values()):
        unread = [k for k, i in enumerate(study.space.issues) if i.id in p.not_read and i.id not in dict(p.terms)]
        rng = np.random.default_rng([draws.seed, 7])  # the stream that ``acceptance`` imagines them with
        for k in unread:
            at.append((n, k))
            chosen.append(rng.integers(0, int(draws.layout.exists[k].sum()), len(draws))[rows])
    if at:
        codes = np.array(chosen)
        ones = np.ones(len(at))
        yield Packed("ending", COARSE, np.array(at), 0 * ones, ones, codes)


def unpack(pack: Pack, ballot: Ballot) -> Ballot:
    """The ballot as the page has it: same draws, same rounding."""
    draws = ballot.draws
    leaves = np.asarray(draws.layout.leaves)
    thin = {f: np.array(v[pack.rows]) for f, v in vars(draws).items() if f not in {"layout", "asked", "seed"}}
    level = np.array(ballot.level[pack.rows])
    level[:, leaves] = pack["level"].values.T
    thin["lapse"] = pack["lapse"].values[0]
    own = pack["mix"].at
    thin["mix"][:, own[:, 0], own[:, 1]] = pack["mix"].values.T
    worth, cost = thin["worth"], np.zeros_like(thin["worth"])
    for name, into in (("worth", worth), ("cost", cost), ("kept", thin["log_kept"])):
        _place(pack[name], into, leaves, _log if name == "kept" else _same)
    for name, field in (("person", "person_variance"), ("open", "open_variance")):
        _place(pack[name], thin[field], leaves, np.square)
    if any(a.name == "follow" for a in pack.arrays):
        _place(pack["follow"], thin["follow"], np.arange(len(leaves)), _same)
    rounded = AcceptanceDraws(draws.layout, **thin, asked=draws.asked, seed=draws.seed)
    limits = tuple(t[:, pack.rows] for t in ballot.thresholds)
    return dataclasses.replace(
        ballot, draws=rounded, level=level, worth=worth - cost, thresholds=_unpack_limits(pack, limits, ballot)
    )


def _same(values: np.ndarray) -> np.ndarray:
    return values


def _log(shares: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(shares, np.finfo(float).tiny))


def _place(packed: Packed, into: np.ndarray, leaves: np.ndarray, read: Callable[[np.ndarray], np.ndarray]) -> None:
    for (leaf, *rest), values in zip(packed.at, packed.values, strict=True):
        into[(slice(None), leaves[leaf], *rest)] = read(values)


def _unpack_limits(pack: Pack, limits: tuple[np.ndarray, ...], ballot: Ballot) -> tuple[np.ndarray, ...]:
    found = [np.array(t) for t in limits]
    names = {a.name for a in pack.arrays}
    if "limit" in names:
        for (s, n), values in zip(pack["limit"].at, pack["limit"].values, strict=True):
            found[s][n] = values
    if "turnout" in names:
        drawn = (pack[x].values for x in ("turnout", "gap", "swing"))
        for (s, n), turnout, gap, swing in zip(pack["turnout"].at, *drawn, strict=True):
            clause = list(clauses(list(ballot.study.sides.values())[s].ratification))[n]
            assert isinstance(clause, Vote)
            found[s][n] = CastVotes(clause.vote.at_least, turnout, gap, swing).carried_by
    return tuple(found)
