"""Classic results of bargaining, voting and two-level games, each with its source and a closed form.

A small text-book in functions: the room uses the solutions and the power indices, the rest is for teaching and checks.
"""

from winset.theory.attrition import Attrition, play_attrition
from winset.theory.bargaining import Range, Screening, find_indivisible, find_range, screen
from winset.theory.offers import share_baron_ferejohn, share_finite, share_rubinstein
from winset.theory.power import Power, list_coalitions, measure_power, weighted_game
from winset.theory.solutions import NAMES, Solution, find_pareto, solve
from winset.theory.spatial import find_core, find_uncovered, majority_win_set, who_beats
from winset.theory.two_level import Risky, TwoLevel, offer_to_uncertain, settle_on_line

__all__ = [
    "NAMES",
    "Attrition",
    "Power",
    "Range",
    "Risky",
    "Screening",
    "Solution",
    "TwoLevel",
    "find_core",
    "find_indivisible",
    "find_pareto",
    "find_range",
    "find_uncovered",
    "list_coalitions",
    "majority_win_set",
    "measure_power",
    "offer_to_uncertain",
    "play_attrition",
    "screen",
    "settle_on_line",
    "share_baron_ferejohn",
    "share_finite",
    "share_rubinstein",
    "solve",
    "weighted_game",
    "who_beats",
]
