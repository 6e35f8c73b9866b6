"""Talks while the war goes on: when, whether and on what terms."""

from winset.talks.levers import find_scenario
from winset.talks.paths import Paths
from winset.talks.population import Network, Population, Talked, count_camps, draw_network, populate, talk
from winset.talks.priors import TALK_PRIORS, Fitted, list_priors
from winset.talks.simulation import Ensemble, check_plan, plan, simulate
from winset.talks.world import list_table

__all__ = [
    "TALK_PRIORS",
    "Ensemble",
    "Fitted",
    "Network",
    "Paths",
    "Population",
    "Talked",
    "check_plan",
    "count_camps",
    "draw_network",
    "find_scenario",
    "list_priors",
    "list_table",
    "plan",
    "populate",
    "simulate",
    "talk",
]
