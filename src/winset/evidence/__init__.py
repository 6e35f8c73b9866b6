"""Every piece of evidence as rows of one table: the responses to offers."""

from winset.evidence.coverage import coverage
from winset.evidence.gathering import gather
from winset.evidence.responses import RESPONSES, Reading, Response, Responses, Statement

__all__ = ["RESPONSES", "Reading", "Response", "Responses", "Statement", "coverage", "gather"]
