"""A public claim, and the terms that would go back on it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from winset.study.declared import Declared, Id, Named, Text


class Commitment(Declared):
    """A leader's public commitment (Fearon 1994): breaking it has an audience cost at home."""

    id: Id
    label: Text
    since: dt.date
    rung: Literal["low", "medium", "high"]
    """How far up the ladder: a statement (low), a repeated demand (medium), a law or an annexation (high)."""
    breaks: Named = Field(min_length=1)
    """Options by issue that would break the commitment."""
    source: Id | None = None
    note: str = ""
