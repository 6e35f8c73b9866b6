"""Every piece of evidence as rows of one table: the responses to offers."""

from winset.evidence.coverage import count_coverage
from winset.evidence.gathering import gather
from winset.evidence.responses import RESPONSES, Reading, Response, Responses, Statement
from winset.evidence.voices import heard_reasons, list_agreement, weigh_voices
from winset.evidence.words import count_words, list_measured_leaders

__all__ = [
    "RESPONSES",
    "Reading",
    "Response",
    "Responses",
    "Statement",
    "count_coverage",
    "count_words",
    "gather",
    "heard_reasons",
    "list_agreement",
    "list_measured_leaders",
    "weigh_voices",
]
