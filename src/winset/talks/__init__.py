"""Talks while the war goes on: when, whether and on what terms."""

from winset.talks.paths import Paths
from winset.talks.priors import TALK_PRIORS, list_priors
from winset.talks.simulation import find_scenario, simulate
from winset.talks.world import list_table

__all__ = ["TALK_PRIORS", "Paths", "find_scenario", "list_priors", "list_table", "simulate"]
