"""Conjoint and factorial experiments: estimates that rest on the random design, and choice models."""

from winset.conjoint.checking import Check, check_experiment, excluded_pairs
from winset.conjoint.choices import Choices, encode_choices, make_choices
from winset.conjoint.comparing import WaldTest, ask_attributes, ask_zero, compare_groups
from winset.conjoint.designing import Design, design_experiment
from winset.conjoint.effects import estimate_amce, estimate_interactions
from winset.conjoint.estimates import Estimates
from winset.conjoint.hierarchy import Hierarchy, fit_hierarchy
from winset.conjoint.logit import LogitFit, fit_logit
from winset.conjoint.means import estimate_means
from winset.conjoint.mixed_logit import fit_mixed_logit
from winset.conjoint.predicting import (
    Holdout,
    estimate_elasticity,
    predict_acceptance,
    predict_shares,
    rank_attributes,
    score_holdout,
)
from winset.conjoint.profiles import Profiles, read_profiles
from winset.conjoint.reliability import Reliability, correct_estimates, measure_reliability, swap_rate
from winset.conjoint.surveying import Survey, label_levels, make_survey

__all__ = [
    "Check",
    "Choices",
    "Design",
    "Estimates",
    "Hierarchy",
    "Holdout",
    "LogitFit",
    "Profiles",
    "Reliability",
    "Survey",
    "WaldTest",
    "ask_attributes",
    "ask_zero",
    "check_experiment",
    "compare_groups",
    "correct_estimates",
    "design_experiment",
    "encode_choices",
    "estimate_amce",
    "estimate_elasticity",
    "estimate_interactions",
    "estimate_means",
    "excluded_pairs",
    "fit_hierarchy",
    "fit_logit",
    "fit_mixed_logit",
    "label_levels",
    "make_choices",
    "make_survey",
    "measure_reliability",
    "predict_acceptance",
    "predict_shares",
    "rank_attributes",
    "read_profiles",
    "score_holdout",
    "swap_rate",
]
