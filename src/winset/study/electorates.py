"""Electorates of several sides: one vote, which every side that is bound by it names in its rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from winset.study.ratification import Vote, Votes, clauses, members
from winset.study.side import Constituency, Side, Whole


def join_electorates(sides: Mapping[str, Side], wholes: Mapping[str, Whole]) -> dict[str, Side]:
    """Sides whose rules name a whole of several sides, with that whole among their constituencies.

    Examples
    --------
    >>> join_electorates({}, {})
    {}
    """
    joined = {}
    for s, side in sides.items():
        named = {w: Constituency(label=wholes[w].label) for w in members(side.ratification) if w in wholes}
        joined[s] = side.model_copy(update={"constituencies": {**side.constituencies, **named}}) if named else side
    return joined


def shared_votes(sides: Mapping[str, Side], wholes: Collection[str]) -> Iterator[tuple[str, Votes]]:
    """(side, vote) of every vote of a whole of several sides."""
    for s, side in sides.items():
        for clause in clauses(side.ratification):
            if isinstance(clause, Vote) and clause.vote.of in wholes:
                yield s, clause.vote


def contradict_votes(sides: Mapping[str, Side], wholes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Sides that tell one and the same vote in two ways: (side, sentence)."""
    first: dict[str, tuple[str, Votes]] = {}
    for s, vote in shared_votes(sides, wholes):
        told, before = first.setdefault(vote.of, (s, vote))
        if (before.at_least, before.turnout) != (vote.at_least, vote.turnout):
            said = f"the vote of `{vote.of}` is one vote of several sides, and `{told}` gives it another at_least or turnout"
            yield s, f"{said}; write the same in both"
