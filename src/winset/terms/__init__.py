"""Issues, options, packages and proposals as frozen values."""

from winset.terms.constraint import (
    AnyConstraint,
    Constraint,
    Exclusion,
    check_constraint,
    forbidden_pairs,
    parse_any,
    parse_constraint,
    parse_exclusion,
)
from winset.terms.issue import Issue, Option
from winset.terms.package import Package, parse_package
from winset.terms.proposal import Proposal
from winset.terms.several import spell_constraint, spell_out
from winset.terms.space import Space

__all__ = [
    "AnyConstraint",
    "Constraint",
    "Exclusion",
    "Issue",
    "Option",
    "Package",
    "Proposal",
    "Space",
    "check_constraint",
    "forbidden_pairs",
    "parse_any",
    "parse_constraint",
    "parse_exclusion",
    "parse_package",
    "spell_constraint",
    "spell_out",
]
