"""Issues, options, packages and proposals as frozen values."""

from winset.terms.issue import Issue, Option
from winset.terms.package import Package, parse_package
from winset.terms.proposal import Proposal
from winset.terms.space import Space

__all__ = ["Issue", "Option", "Package", "Proposal", "Space", "parse_package"]
