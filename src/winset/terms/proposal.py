"""A package that somebody put on record on a date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from winset.terms.package import Package


@dataclass(frozen=True)
class Proposal:
    """A proposal on record.

    Parameters
    ----------
    terms
        What the text settles.
    not_read
        Issues that the text may settle but that nobody here has read: they are averaged over
        in our ignorance, whereas any other absent issue was left open by the text.
    """

    id: str
    label: str
    sponsor: str
    date: dt.date
    terms: Package
    source: str
    status: str = ""
    not_read: tuple[str, ...] = ()
