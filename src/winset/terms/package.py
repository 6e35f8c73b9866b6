"""One option for every issue, or for some of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from winset.errors import UsageError


@dataclass(frozen=True)
class Package(Mapping[str, str]):
    """A (partial) package: option by issue; an issue that is absent is left open.

    Examples
    --------
    >>> package = Package.of({"recognition": "none", "territory": "line"})
    >>> package["territory"], "forces" in package
    ('line', False)
    >>> str(package)
    'recognition=none;territory=line'
    """

    terms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, terms: Mapping[str, str]) -> Package:
        """Package with the given option by issue, in the mapping's order."""
        return cls(tuple(terms.items()))

    def __getitem__(self, issue: str) -> str:
        return dict(self.terms)[issue]

    def __iter__(self) -> Iterator[str]:
        return (issue for issue, _ in self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __str__(self) -> str:
        return ";".join(f"{issue}={option}" for issue, option in self.terms)

    def replace(self, changes: Mapping[str, str]) -> Package:
        """Package with some options changed or added."""
        return Package.of({**dict(self.terms), **changes})


def parse_package(text: str) -> Package:
    """Read ``issue=option;issue=option``.

    Raises
    ------
    UsageError
        If a part is not ``issue=option`` or an issue comes twice.

    Examples
    --------
    >>> parse_package("territory=line; recognition=none")
    Package(terms=(('territory', 'line'), ('recognition', 'none')))
    """
    terms: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        issue, equals, option = (s.strip() for s in part.partition("="))
        if not equals or not issue or not option:
            raise UsageError(f"`{part}` is not issue=option; write for instance 'territory=line;recognition=none'")
        if issue in terms:
            raise UsageError(f"issue `{issue}` has two options (`{terms[issue]}` and `{option}`); keep one")
        terms[issue] = option
    return Package.of(terms)
