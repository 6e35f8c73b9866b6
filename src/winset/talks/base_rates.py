"""What wars of this size did, to be laid beside what the model says: UCDP Conflict Termination, dyads 1946-2014 (Kreutz 2010)."""

from __future__ import annotations

ENDS_IN_YEAR = {1: 0.24, 2: 0.18, 3: 0.13, 4: 0.19, 5: 0.11, 6: 0.12, 7: 0.03, 8: 0.05, 9: 0.19, 10: 0.17}
"""Chance that a war that reached 1,000 deaths in a year, and is on in its nth year, ends in it (186 at risk in year 1, 98
in year 4, 42 in year 10)."""

WARS_ENDED = 87
KINDS = {
    "agreement": 0.25,
    "cease-fire": 0.13,
    "lull, nothing signed": 0.28,
    "victory": 0.20,
    "a side ceases to be": 0.13,
}
"""How those of them ended that lasted four years at least, of 87; two are not known."""

RELAPSED_IN_FIVE_YEARS = {"lull, nothing signed": 0.45, "cease-fire": 0.31, "agreement": 0.09}
"""Same two sides fight again within five years of such an ending (Kaplan-Meier; all episodes)."""
