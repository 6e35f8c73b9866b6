"""Issues, options, packages and proposals as frozen values."""

from winset.terms.constraint import Constraint, forbidden_pairs, parse_constraint
from winset.terms.issue import Issue, Option
from winset.terms.package import Package, parse_package
from winset.terms.proposal import Proposal
from winset.terms.space import Space

__all__ = [
    "Constraint",
    "Issue",
    "Option",
    "Package",
    "Proposal",
    "Space",
    "forbidden_pairs",
    "parse_constraint",
    "parse_package",
]
