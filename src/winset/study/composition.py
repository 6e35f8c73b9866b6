"""Wholes and their parts: who makes up whom, and in which shares."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from winset.errors import suggest
from winset.study.ratification import Normal, Threshold, Uniform
from winset.study.side import Constituency, Side, Whole

ROUNDING = 0.011
"""By how much exact shares may miss one: shares printed as whole per cents of up to five parts, rounded."""

DOUBTFUL = 0.1
"""By how much the means of uncertain shares may miss one; every draw is divided by its sum."""


@dataclass(frozen=True)
class Composition:
    """Shares of each group, down to constituencies that have no parts.

    Parameters
    ----------
    leaves
        Constituencies without parts.
    parts
        By whole: (part, share) one level down; a part may be a whole itself.
    """

    groups: tuple[tuple[str, str], ...]
    leaves: tuple[tuple[str, str], ...]
    parts: Mapping[tuple[str, str], tuple[tuple[tuple[str, str], Threshold], ...]]

    def shares(self, group: tuple[str, str]) -> dict[tuple[str, str], float]:
        """Mean share of each leaf in a group; a leaf is all of itself.

        Examples
        --------
        >>> made = Composition((), (), {("a", "all"): ((("a", "x"), 0.25), (("a", "y"), 0.75))})
        >>> made.shares(("a", "all"))
        {('a', 'x'): 0.25, ('a', 'y'): 0.75}
        """
        if group not in self.parts:
            return {group: 1.0}
        found: dict[tuple[str, str], float] = {}
        means = [(part, mean_share(share)) for part, share in self.parts[group]]
        total = sum(share for _, share in means)
        for part, share in means:
            for leaf, inner in self.shares(part).items():
                found[leaf] = found.get(leaf, 0.0) + share / total * inner
        return found

    def share_of(self, group: tuple[str, str]) -> float:
        """Mean share of a group in the smallest whole that it is a part of; 1 if it is a part of none."""
        own = set(self.shares(group))
        wholes = [self.shares(w) for w in self.parts if w != group and own <= set(self.shares(w))]
        return max((sum(w[leaf] for leaf in own) for w in wholes), default=1.0)


def mean_share(share: Threshold) -> float:
    """Mean of a share or threshold that may be uncertain."""
    match share:
        case Uniform():
            return sum(share.uniform) / 2
        case Normal():
            return share.normal[0]
        case _:
            return float(share)


def compose(sides: Mapping[str, Side], wholes: Mapping[str, Whole]) -> Composition:
    """Composition of a study whose parts were checked; groups are constituencies, then wholes of several sides (side ``""``).

    A constituency that has a whole's id is that whole, as one side's rule names it.
    """
    groups = [(s, c) for s, side in sides.items() for c in side.constituencies]
    parts = {
        (s, c): tuple(((s, p), share) for p, share in declared.parts.items())
        for s, side in sides.items()
        for c, declared in side.constituencies.items()
        if declared.parts
    }
    parts |= {(s, w): ((("", w), 1.0),) for s, side in sides.items() for w in wholes if w in side.constituencies}
    parts |= {
        ("", w): tuple(((p.split(".", 1)[0], p.split(".", 1)[1]), share) for p, share in whole.parts.items())
        for w, whole in wholes.items()
    }
    leaves = tuple(g for g in groups if g not in parts)
    return Composition((*groups, *(("", w) for w in wholes)), leaves, parts)


def find_named(side: str, name: str, known: Collection[tuple[str, str]]) -> tuple[str, str]:
    """(side, constituency) that a name in a side's rule means: its own, or ``side.constituency`` of another.

    Examples
    --------
    >>> find_named("a", "all", [("a", "all")]), find_named("a", "b.all", [("a", "all")])
    (('a', 'all'), ('b', 'all'))
    """
    other, _, constituency = name.partition(".")
    return (side, name) if (side, name) in known else (other, constituency)


def contradict_parts(sides: Mapping[str, Side], wholes: Mapping[str, Whole]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is wrong with declared parts: where it stands in study.yaml, and a sentence."""
    for s, side in sides.items():
        for c, declared in side.constituencies.items():
            if declared.parts is not None:
                here = ("sides", s, "constituencies", c, "parts")
                known = side.constituencies
                for said in _wrong_parts(c, declared.parts, list(known)):
                    yield here, said
                if (ring := _ring(c, known)) is not None:
                    yield here, f"`{c}` is a part of itself ({' > '.join(ring)}); a whole has other groups as parts"
                if declared.order or declared.red_lines:
                    yield here, f"`{c}` has parts: declare order and red_lines at its parts"
    known = [f"{s}.{c}" for s, side in sides.items() for c in side.constituencies]
    for w, whole in wholes.items():
        here = ("wholes", w, "parts")
        if any(w in side.constituencies for side in sides.values()):
            yield here, f"`{w}` is a constituency already; give the whole another id"
        for said in _wrong_parts(w, whole.parts, known):
            yield here, said


def _wrong_parts(whole: str, parts: Mapping[str, Threshold], known: list[str]) -> Iterator[str]:
    for p in parts:
        if p not in known:
            yield f"unknown part `{p}` of `{whole}`{suggest(p, known)}"
    if len(parts) < 2:
        yield f"`{whole}` has {'one part' if parts else 'no parts'}; name two or more, the rest of the group among them"
        return
    total = sum(map(mean_share, parts.values()))
    exact = all(isinstance(x, float | int) for x in parts.values())
    if abs(total - 1) > (ROUNDING if exact else DOUBTFUL):
        yield f"shares of the parts of `{whole}` add up to {total:.3g} ({100 * total:.0f} %), not 1; add a part for the rest"
    if any(mean_share(x) <= 0 for x in parts.values()):
        yield f"a part of `{whole}` has no share; leave it out"


def _ring(start: str, groups: Mapping[str, Constituency], path: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """A way from a group down its parts back to itself, if there is one."""
    here = path[-1] if path else start
    for p in groups[here].parts or () if here in groups else ():
        if p == start:
            return (*(path or (start,)), p)
        if p in groups and p not in path and (found := _ring(start, groups, (*(path or (start,)), p))):
            return found
    return None
