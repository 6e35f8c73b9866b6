"""Talks while the war goes on: when, whether and on what terms."""

from winset.talks.paths import Paths
from winset.talks.priors import TALK_PRIORS, list_priors
from winset.talks.simulation import simulate

__all__ = ["TALK_PRIORS", "Paths", "list_priors", "simulate"]
