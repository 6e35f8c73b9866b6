"""Every prior of the moving model in one table, with its source, and whether it is measured, read or guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Float

from winset.errors import UsageError, suggest


@dataclass(frozen=True)
class TalkPrior:
    """One prior: ``normal`` (centre, scale), ``half-normal`` (scale), ``uniform`` (low, high).

    Parameters
    ----------
    mechanism
        What it belongs to; a mechanism that is switched off has all its parameters at ``off``.
    basis
        ``measured``, ``literature`` or ``guess``.
    """

    name: str
    mechanism: str
    family: str
    first: float
    second: float
    off: float
    unit: str
    what: str
    source: str
    basis: str


_TABLE = (
    TalkPrior("optimism_attacker", "learning", "normal", 0.25, 0.25, 0.0, "share of drift",
              "how much faster the attacker's leader believes the front to move than it did",
              "mutual optimism (Blainey 1973; Fearon 1995): sign; the size is a guess", "guess"),
    TalkPrior("optimism_defender", "learning", "normal", -0.25, 0.25, 0.0, "share of drift",
              "the same for the defender's leader", "as above", "guess"),
    TalkPrior("belief_sd", "learning", "uniform", 0.25, 0.75, 0.0, "share of drift",
              "standard deviation of a leader's belief about the drift; 0: learns nothing",
              "Smith & Stam 2004, Filson & Werner 2002: battles inform beliefs; the size is a guess", "guess"),
    TalkPrior("war_cost_attacker", "war", "uniform", 0.05, 0.25, 0.15, "share of aims",
              "what two more years of war cost the attacker's leader, in shares of his aims",
              "Fearon 1995: a cost of war opens a range; the size is a guess", "guess"),
    TalkPrior("war_cost_defender", "war", "uniform", 0.05, 0.25, 0.15, "share of aims", "the same for the defender's leader",
              "as above", "guess"),
    TalkPrior("price_of_failure", "leaders", "uniform", 0.05, 0.3, 0.0, "share of aims",
              "what it costs a leader to sign a deal that fails at home",
              "Goemans 2000, Croco 2011: leaders pay for failure with their fate; the size is a guess", "guess"),
    TalkPrior("doubt", "leaders", "uniform", 0.1, 0.4, 0.25, "probit",
              "standard deviation of a leader's estimate of his own margin at home",
              "polls on the same question differ by about .2 probit (Chronicles 2024)", "measured"),
    TalkPrior("doubt_other", "leaders", "uniform", 0.2, 0.8, 0.5, "probit",
              "the same of his estimate of the other side's margin", "more than of his own: a guess", "guess"),
    TalkPrior("fatigue", "fatigue", "normal", 0.38, 0.13, 0.0, "probit a tenfold",
              "rise in acceptance of any deal as cumulative losses grow tenfold",
              "Mueller 1973, Gartner & Segura 1998: 15 +- 5 points of war support", "literature"),
    TalkPrior("sunk", "sunk-sacrifice", "normal", 0.08, 0.15, 0.0, "probit a tenfold",
              "fall in acceptance of a deal that gives the side none of its aims, as losses grow tenfold",
              "Schott, Scherer & Lambert 2011, Boettcher & Cobb 2009: mixed signs", "literature"),
    TalkPrior("success", "expectation", "half-normal", 0.3, 0.0, 0.0, "probit",
              "fall in acceptance if half a year's movement of the front beats what it was by one",
              "Gelpi, Feaver & Reifler 2006: expected success weighs most; the size is a guess", "guess"),
    TalkPrior("fear", "fear", "half-normal", 0.4, 0.0, 0.0, "probit",
              "fall in acceptance of any deal after an agreement broke down, fading over two years",
              "soldiers' fear of having to fight for it again; the size is a guess", "guess"),
    TalkPrior("own_drift", "drift", "uniform", 0.5, 1.0, 0.0, "share of the side's",
              "a constituency's own monthly steps against its side's, which are measured", "partial pooling", "guess"),
    TalkPrior("influence", "influence", "uniform", 0.0, 0.1, 0.0, "share a week",
              "how far a constituency's mood moves to its side's mean each week (DeGroot 1974; Friedkin & Johnsen 1990)",
              "elites and neighbours matter (Berinsky 2007); the size is a guess", "guess"),
    TalkPrior("break_off", "talks", "uniform", 0.02, 0.12, 0.0, "a week", "chance that talks break off",
              "rounds of 2022 lasted some weeks, then three years without: a guess", "guess"),
    TalkPrior("resume", "talks", "uniform", 0.01, 0.08, 1.0, "a week", "chance that talks resume", "as above", "guess"),
    TalkPrior("round", "talks", "uniform", 0.25, 0.6, 1.0, "a week", "chance of a round while talks are on",
              "two rounds in 17 days, May and June 2025", "measured"),
    TalkPrior("relapse_truce", "relapse", "uniform", 0.0009, 0.0020, 0.0, "a week", "chance that a cease-fire breaks down",
              "UCDP dyads: .31 fight again within 5 years of a cease-fire, .0014 a week; give or take", "measured"),
    TalkPrior("relapse_agreement", "relapse", "uniform", 0.0002, 0.0006, 0.0, "a week", "chance that an agreement breaks down",
              "UCDP dyads: .09 within 5 years of a peace agreement, .0004 a week; give or take", "measured"),
)  # fmt: skip

TALK_PRIORS: Mapping[str, TalkPrior] = {p.name: p for p in _TABLE}
"""All priors by name, in the order of a run's parameters."""

MECHANISMS = tuple(dict.fromkeys(p.mechanism for p in _TABLE if p.mechanism != "war"))
"""What can be switched off."""


def list_priors() -> pl.DataFrame:
    """The priors as a table."""
    return pl.DataFrame([vars(p) for p in _TABLE])


def draw_parameters(
    seed: int, first: int, count: int, off: Collection[str] = (), fixed: Mapping[str, float] | None = None
) -> Float[np.ndarray, "draw parameter"]:
    """Parameters of some parameter draws; the same for a draw whichever others are asked for with it.

    Raises
    ------
    UsageError
        If a mechanism or parameter does not exist.
    """
    for name in off:
        if name not in MECHANISMS:
            raise UsageError(f"no mechanism `{name}` can be switched off{suggest(name, MECHANISMS)}")
    for name in fixed or {}:
        if name not in TALK_PRIORS:
            raise UsageError(f"no parameter `{name}`{suggest(name, TALK_PRIORS)}")
    rows = np.array(
        [np.random.default_rng([seed, 19, n]).random((2, len(_TABLE))) for n in range(first, first + count)]
    )
    normal = np.sqrt(-2 * np.log1p(-rows[:, 0])) * np.cos(2 * np.pi * rows[:, 1])
    values = np.zeros((count, len(_TABLE)))
    for j, p in enumerate(_TABLE):
        match p.family:
            case "normal":
                values[:, j] = p.first + p.second * normal[:, j]
            case "half-normal":
                values[:, j] = p.first * np.abs(normal[:, j])
            case _:
                values[:, j] = p.first + (p.second - p.first) * rows[:, 0, j]
        if p.mechanism in off:
            values[:, j] = p.off
        if fixed and p.name in fixed:
            values[:, j] = fixed[p.name]
    return values
