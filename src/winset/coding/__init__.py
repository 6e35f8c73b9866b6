"""Coded interviews: reading what programs for qualitative data write, and judging how far coders agree."""

from winset.coding.agreement import Agreement, Level, judge_agreement, list_doubtful, measure_alpha
from winset.coding.coded import Coded, Passage
from winset.coding.dawid_skene import Annotated, estimate_annotators
from winset.coding.opening import read_coded
from winset.coding.saturation import Saturation, count_saturation

__all__ = [
    "Agreement",
    "Annotated",
    "Coded",
    "Level",
    "Passage",
    "Saturation",
    "count_saturation",
    "estimate_annotators",
    "judge_agreement",
    "list_doubtful",
    "measure_alpha",
    "read_coded",
]
