"""A vote as it came out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """How a constituency voted on a proposal.

    Parameters
    ----------
    yes
        Yes among the votes, as a share.
    """

    day: dt.date
    side: str
    constituency: str
    proposal: str
    yes: float
    source: str
