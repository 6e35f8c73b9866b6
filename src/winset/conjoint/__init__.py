"""Conjoint and factorial experiments: estimates that rest on the random design, and choice models."""

from winset.conjoint.checking import Check, check_experiment, excluded_pairs
from winset.conjoint.comparing import WaldTest, ask_attributes, ask_zero, compare_groups
from winset.conjoint.effects import estimate_amce, estimate_interactions
from winset.conjoint.estimates import Estimates
from winset.conjoint.means import estimate_means
from winset.conjoint.profiles import Profiles, read_profiles
from winset.conjoint.reliability import Reliability, correct_estimates, measure_reliability, swap_rate

__all__ = [
    "Check",
    "Estimates",
    "Profiles",
    "Reliability",
    "WaldTest",
    "ask_attributes",
    "ask_zero",
    "check_experiment",
    "compare_groups",
    "correct_estimates",
    "estimate_amce",
    "estimate_interactions",
    "estimate_means",
    "excluded_pairs",
    "measure_reliability",
    "read_profiles",
    "swap_rate",
]
