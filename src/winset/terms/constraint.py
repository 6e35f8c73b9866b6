"""Options that go together only: what no package may combine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from winset.errors import UsageError, suggest

if TYPE_CHECKING:
    from winset.terms.space import Space

ONLY_WITH = " only with "


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
    if not (found and first and second and issue and option and other and several) or issue == other:
        raise UsageError(
            f"`{text}` is no constraint; write for instance 'territory=line only with recognition=none|deferred'"
        )
    return Constraint(issue, option, other, several)


def forbidden_pairs(
    space: Space, constraints: Sequence[Constraint], whole: Space | None = None
) -> list[tuple[int, int, int, int]]:
    """Pairs of options that no package may hold at once: issue, option, other issue, other option, by number.

    Parameters
    ----------
    whole
        The space that constraints speak of, where ``space`` is a part of it with fewer options.

    Raises
    ------
    UsageError
        If a constraint names an issue or an option that is not in the space.
    """
    known = {i.id: [o.id for o in i.options] for i in (whole or space).issues}
    here = {i.id: [o.id for o in i.options] for i in space.issues}
    ids, pairs = list(here), []
    for c in constraints:
        for issue, options in ((c.issue, (c.option,)), (c.other, c.options)):
            if issue not in known:
                raise UsageError(f"`{c}`: the search does not settle `{issue}`{suggest(issue, known)}")
            for option in options:
                if option not in known[issue]:
                    raise UsageError(f"`{c}`: `{issue}` has no option `{option}`{suggest(option, known[issue])}")
        if c.option in here[c.issue]:
            first = ids.index(c.issue), here[c.issue].index(c.option)
            others = [n for n, o in enumerate(here[c.other]) if o not in c.options]
            pairs += [(*first, ids.index(c.other), n) for n in others]
    return pairs
