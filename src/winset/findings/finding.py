"""One answer: a question, a table, a sentence, and what it rests on."""

from __future__ import annotations

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
    """

    id: str
    question: str
    sentence: str
    table: pl.DataFrame
    rests_on: str
    cites: tuple[str, ...] = field(default=())

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


@singledispatch
def describe(noun: object) -> list[Finding]:
    """Findings of a result.

    Raises
    ------
    TypeError
        If there is nothing to say about this kind of object.
    """
    raise TypeError(f"nothing to say about {type(noun).__name__}")
