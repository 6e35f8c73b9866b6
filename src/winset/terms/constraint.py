"""Options that go together only, and options that never do: what no package may combine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from winset.terms.space import Space

ONLY_WITH = " only with "
AND = " and "


@dataclass(frozen=True)
class Constraint:
    """An option that stands only where another issue has one of some options.

    Examples
    --------
    >>> parse_constraint("territory=line only with recognition=none|deferred")
    Constraint(issue='territory', option='line', other='recognition', options=('none', 'deferred'))
    """

    issue: str
    option: str
    other: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.issue}={self.option}{ONLY_WITH}{self.other}={'|'.join(self.options)}"

    def holds(self, package: Mapping[str, str]) -> bool:
        """Whether a package keeps to it; an issue left open breaks nothing."""
        return (
            package.get(self.issue) != self.option or self.other not in package or package[self.other] in self.options
        )

    def rules_out(self, options: Sequence[str]) -> tuple[str, ...]:
        """Options of the other issue, of those given, that cannot stand beside the option."""
        return tuple(o for o in options if o not in self.options)


@dataclass(frozen=True)
class Exclusion:
    """Two options of different issues that exclude each other.

    Examples
    --------
    >>> parse_exclusion("territory=line and recognition=full")
    Exclusion(issue='territory', option='line', other='recognition', options=('full',))
    """

    issue: str
    option: str
    other: str
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.issue}={self.option}{AND}{self.other}={self.options[0]}"

    def holds(self, package: Mapping[str, str]) -> bool:
        """Whether a package keeps to it; an issue left open breaks nothing."""
        return package.get(self.issue) != self.option or package.get(self.other) not in self.options

    def rules_out(self, options: Sequence[str]) -> tuple[str, ...]:
        """Options of the other issue, of those given, that cannot stand beside the option."""
        return tuple(o for o in options if o in self.options)


AnyConstraint = Constraint | Exclusion
"""What no package may combine, in either form."""


def parse_constraint(text: str) -> Constraint:
    """Read ``issue=option only with issue=option|option``.

    Raises
    ------
    UsageError
        If it reads otherwise.
    """
    left, found, right = text.strip().partition(ONLY_WITH)
    issue, first, option = (s.strip() for s in left.partition("="))
    other, second, options = (s.strip() for s in right.partition("="))
    several = tuple(o.strip() for o in options.split("|") if o.strip())
    if not (found and first and second and issue and option and other and several):
        raise UsageError(
            f"`{text}` is no constraint; write for instance 'territory=line only with recognition=none|deferred'"
        )
    return Constraint(issue, option, other, several)


def parse_exclusion(text: str) -> Exclusion:
    """Read ``issue=option and issue=option``.

    Raises
    ------
    UsageError
        If it reads otherwise.
    """
    parts = [[s.strip() for s in part.split("=")] for part in text.strip().split(AND)]
    if len(parts) != 2 or not all(len(p) == 2 and all(p) and "|" not in p[1] for p in parts):
        raise UsageError(
            f"`{text}` does not name two options that exclude each other; write for instance 'territory=line and "
            "recognition=full', and each further pair on a line of its own"
        )
    (issue, option), (other, excluded) = parts
    return Exclusion(issue, option, other, (excluded,))


def parse_any(text: str) -> AnyConstraint:
    """Read a constraint in either form."""
    return parse_constraint(text) if ONLY_WITH in text else parse_exclusion(text)


def check_constraint(constraint: AnyConstraint, options: Mapping[str, Sequence[str]]) -> None:
    """Refuse what names no option.

    Parameters
    ----------
    options
        Options by issue.

    Raises
    ------
    UsageError
        If it names an issue or an option that does not exist, or binds an issue to itself.
    """
    for issue, named in ((constraint.issue, (constraint.option,)), (constraint.other, constraint.options)):
        if issue not in options:
            raise UsageError(f"`{constraint}`: unknown issue `{issue}`{suggest(issue, options)}")
        for option in named:
            if option not in options[issue]:
                raise UsageError(f"`{constraint}`: `{issue}` has no option `{option}`{suggest(option, options[issue])}")
    if constraint.issue == constraint.other:
        raise UsageError(
            f"`{constraint}` binds `{constraint.issue}` to itself; a package holds one option of an issue anyway: name two "
            "issues"
        )


def forbidden_pairs(space: Space, constraints: Sequence[AnyConstraint]) -> tuple[tuple[int, int, int, int], ...]:
    """Pairs of options that no package may hold at once: issue, option, other issue, other option, by number.

    Issues and options that the space lacks are passed over: what is left open breaks nothing.
    """
    here = {i.id: [o.id for o in i.options] for i in space.issues}
    ids, pairs = list(here), []
    for c in constraints:
        if c.option in here.get(c.issue, ()) and c.other in here:
            first = ids.index(c.issue), here[c.issue].index(c.option)
            pairs += [(*first, ids.index(c.other), here[c.other].index(o)) for o in c.rules_out(here[c.other])]
    return tuple(dict.fromkeys(pairs))
