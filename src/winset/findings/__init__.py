"""The one way out for numbers: console, JSON and brief print what ``describe`` returns."""

from winset.findings.describing import (
    describe,
    describe_evidence,
    describe_prior,
    describe_sensitivity,
    describe_support,
)
from winset.findings.finding import Finding
from winset.findings.wording import likelihood_word, percent

__all__ = [
    "Finding",
    "describe",
    "describe_evidence",
    "describe_prior",
    "describe_sensitivity",
    "describe_support",
    "likelihood_word",
    "percent",
]
