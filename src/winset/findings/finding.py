"""One answer: a question, a table, a sentence, and what it rests on."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Finding:
    """A result that speaks twice: as a table and as a sentence.

    Parameters
    ----------
    id
        Stable name, for links and JSON.
    rests_on
        What kind of support the numbers have, in a phrase.
    cites
        Ids of sources.
    names
        Texts of the table that can be told in another language, by what stands there.
    """

    id: str
    question: str
    sentence: str
    table: pl.DataFrame
    rests_on: str
    cites: tuple[str, ...] = field(default=())
    names: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id,
            "question": self.question,
            "sentence": self.sentence,
            "rests_on": self.rests_on,
            "cites": list(self.cites),
            "table": self.table.to_dicts(),
        }


HOMES = {
    "winset.acceptance": "describing",
    "winset.room": "describing",
    "winset.coding": "interviews",
    "winset.conjoint": "experiments",
    "winset.exploration.asking": "asking",
    "winset.exploration.hindsight": "hindsight",
    "winset.exploration.settling": "settling",
    "winset.exploration.sources": "sources",
    "winset.exploration.designed": "sources",
    "winset.exploration": "exploration",
    "winset.verification": "scorecards",
    "winset.talks": "talks",
}
"""Module of this package that describes the nouns of another one: loaded when the first of them is described; the first match."""


@singledispatch
def describe(noun: object) -> list[Finding]:
    """Findings of a result.

    Raises
    ------
    TypeError
        If there is nothing to say about this kind of object.
    """
    home = next((h for package, h in HOMES.items() if type(noun).__module__.startswith(package)), None)
    if home is not None:
        importlib.import_module(f"winset.findings.{home}")
        if describe.dispatch(type(noun)) is not describe.dispatch(object):
            return describe(noun)
    raise TypeError(f"nothing to say about {type(noun).__name__}")
