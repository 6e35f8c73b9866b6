"""Talks while the war goes on: when, whether and on what terms."""

from winset.talks.levers import find_scenario
from winset.talks.paths import Paths
from winset.talks.priors import TALK_PRIORS, Fitted, list_priors
from winset.talks.simulation import Ensemble, check_plan, plan, simulate
from winset.talks.world import list_table

__all__ = [
    "TALK_PRIORS",
    "Ensemble",
    "Fitted",
    "Paths",
    "check_plan",
    "find_scenario",
    "list_priors",
    "list_table",
    "plan",
    "simulate",
]
