"""Issues that take several options at once: a yes/no issue for each option, and the short way to write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from winset.errors import UsageError, suggest
from winset.terms.constraint import AnyConstraint

WITH, WITHOUT = "with", "without"
"""Options of the yes/no issues."""

NONE = "none"
"""No option at all."""

PLUS = "+"
Options = Mapping[str, Sequence[str]]


def name_part(issue: str, option: str) -> str:
    """Id of the yes/no issue that an option of an issue became."""
    return f"{issue}.{option}"


def parts_of(issue: str, options: Options) -> dict[str, str]:
    """Yes/no issues that an issue became, by option; none if it takes one option.

    Parameters
    ----------
    options
        Options by issue, yes/no issues in the place of those that take several options.
    """
    start = name_part(issue, "")
    found = {i.removeprefix(start): i for i, o in options.items() if i.startswith(start) and {*o} <= {WITH, WITHOUT}}
    return {} if issue in options else found


def spell_out(terms: Mapping[str, str], options: Options) -> dict[str, str]:
    """Terms with yes/no issues in the place of those that take several options; options that are not named are ``without``.

    Raises
    ------
    UsageError
        If an issue is given several options and takes one, or an option is unknown, or settled twice.

    Examples
    --------
    >>> options = {"water": ("joint", "own"), "aid.food": ("with", "without"), "aid.fuel": ("with", "without")}
    >>> spell_out({"water": "own", "aid": "fuel"}, options)
    {'water': 'own', 'aid.food': 'without', 'aid.fuel': 'with'}
    >>> spell_out({"aid": "none"}, options)
    {'aid.food': 'without', 'aid.fuel': 'without'}
    """
    spelt: dict[str, str] = {}
    for issue, value in terms.items():
        parts = parts_of(issue, options)
        found = _spell(issue, value.split(PLUS), parts) if parts else {issue: value}
        if not parts and PLUS in value:
            raise UsageError(f"two options for one issue (`{issue}`: {', '.join(value.split(PLUS))}); keep one")
        for i, o in found.items():
            if spelt.get(i, o) != o:
                raise UsageError(f"`{i}` is settled twice (`{spelt[i]}` and `{o}`); keep one")
        spelt |= found
    return spelt


def _spell(issue: str, chosen: Sequence[str], parts: Mapping[str, str]) -> dict[str, str]:
    for option in chosen:
        if option not in parts and option != NONE:
            raise UsageError(f"unknown option `{option}` for issue `{issue}`{suggest(option, [*parts, NONE])}")
    if NONE in chosen and len(chosen) > 1:
        raise UsageError(f"`{issue}`: `{NONE}` stands beside other options; keep one or the other")
    return {part: WITH if option in chosen else WITHOUT for option, part in parts.items()}


def spell_constraint(constraint: AnyConstraint, options: Options) -> AnyConstraint:
    """A constraint that speaks of yes/no issues where it named an option of an issue that takes several.

    Raises
    ------
    UsageError
        If it asks for one or another option of such an issue.
    """
    one, other = (parts_of(i, options) for i in (constraint.issue, constraint.other))
    if constraint.option in one:
        constraint = replace(constraint, issue=one[constraint.option], option=WITH)
    named = [o for o in constraint.options if o in other]
    if not named:
        return constraint
    if len(constraint.options) > 1:
        raise UsageError(
            f"`{constraint}`: `{constraint.other}` takes several options at once; ask for one, on a line of its own"
        )
    return replace(constraint, other=other[named[0]], options=(WITH,))
