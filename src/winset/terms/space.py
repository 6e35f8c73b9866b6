"""Packages as whole numbers: index arithmetic over all combinations of options."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass

from winset.errors import UsageError, suggest
from winset.terms.combining import count_packages
from winset.terms.constraint import AnyConstraint, forbidden_pairs
from winset.terms.issue import Issue
from winset.terms.package import Package
from winset.terms.several import spell_out

OPEN = -1
"""Index of an issue that is left open."""


@dataclass(frozen=True)
class Space:
    """All packages over a list of issues, in mixed-radix order (last issue fastest).

    Parameters
    ----------
    constraints
        What no package may combine. Such combinations keep their number, and are not counted, scored or found.

    Examples
    --------
    >>> from winset.terms import Issue, Option
    >>> a = Issue("a", "A", (Option("x", "X"), Option("y", "Y")))
    >>> b = Issue("b", "B", (Option("u", "U"), Option("v", "V"), Option("w", "W")))
    >>> space = Space((a, b))
    >>> space.size, space.unrank(4), space.rank((1, 1))
    (6, (1, 1), 4)
    >>> str(space.package((1, -1)))
    'a=y'
    """

    issues: tuple[Issue, ...]
    constraints: tuple[AnyConstraint, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(len(i.options) for i in self.issues)

    @property
    def size(self) -> int:
        """Number of combinations of options, those that no package may hold among them."""
        return math.prod(self.shape)

    @property
    def options(self) -> dict[str, tuple[str, ...]]:
        """Options by issue."""
        return {i.id: tuple(o.id for o in i.options) for i in self.issues}

    def read(self, terms: Mapping[str, str]) -> Package:
        """Package of terms in which an issue that takes several options may stand for its yes/no issues; see ``spell_out``.

        Raises
        ------
        UsageError
            If an issue or option does not exist; the nearest id is named.
        """
        package = Package.of(spell_out(terms, self.options))
        self.check(package)
        return package

    @functools.cached_property
    def pairs(self) -> tuple[tuple[int, int, int, int], ...]:
        """Options that no package may hold at once: issue, option, other issue, other option, by number."""
        return forbidden_pairs(self, self.constraints)

    @functools.cached_property
    def count(self) -> int:
        """Number of packages."""
        return count_packages(self.shape, self.pairs)

    def contradiction(self) -> tuple[AnyConstraint, ...]:
        """Constraints that leave no package, none of them to spare; empty where some package is left."""
        needed = self.constraints
        if self.count:
            return ()
        for c in self.constraints:
            fewer = tuple(x for x in needed if x != c)
            needed = needed if Space(self.issues, fewer).count else fewer
        return needed

    def broken(self, package: Mapping[str, str]) -> tuple[AnyConstraint, ...]:
        """Constraints that a (partial) package does not keep."""
        return tuple(c for c in self.constraints if not c.holds(package))

    def issue(self, issue: str) -> Issue:
        """Issue by id.

        Raises
        ------
        UsageError
            If there is no such issue; the nearest id is named.
        """
        for i in self.issues:
            if i.id == issue:
                return i
        raise UsageError(f"unknown issue `{issue}`{suggest(issue, [i.id for i in self.issues])}")

    def check(self, package: Mapping[str, str]) -> None:
        """Raise a ``UsageError`` that names the nearest id if an issue or option does not exist."""
        for issue, option in package.items():
            options = [o.id for o in self.issue(issue).options]
            if option not in options:
                raise UsageError(f"unknown option `{option}` for issue `{issue}`{suggest(option, options)}")

    def encode(self, package: Mapping[str, str]) -> tuple[int, ...]:
        """Option index by issue, ``OPEN`` where the package says nothing."""
        self.check(package)
        return tuple(i.index(package[i.id]) if i.id in package else OPEN for i in self.issues)

    def package(self, indices: tuple[int, ...]) -> Package:
        """Package with the given option indices."""
        return Package(
            tuple((i.id, i.options[j].id) for i, j in zip(self.issues, indices, strict=True) if j != OPEN),
        )

    def unrank(self, index: int) -> tuple[int, ...]:
        """Option indices of the ``index``-th package."""
        digits = []
        for radix in reversed(self.shape):
            index, digit = divmod(index, radix)
            digits.append(digit)
        return tuple(reversed(digits))

    def rank(self, indices: tuple[int, ...]) -> int:
        """Position of a complete package."""
        index = 0
        for radix, digit in zip(self.shape, indices, strict=True):
            index = index * radix + digit
        return index

    def searched(self) -> Space:
        """The part of the space that is enumerated: searched issues and options only."""
        return Space(
            tuple(
                Issue(i.id, i.label, tuple(o for o in i.options if o.searched), searched=True)
                for i in self.issues
                if i.searched and any(o.searched for o in i.options)
            ),
            self.constraints,
        )
