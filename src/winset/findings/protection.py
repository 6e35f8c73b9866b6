"""Small groups are not shown: their counts, and what they said, are left blank in every table that leaves the house."""

from __future__ import annotations

import polars as pl

COUNTS = ("answers", "people", "voices")
"""Columns that count people."""
SAID = (
    "rows",
    "said",
    "of",
    "silent",
    "observed",
    "lower",
    "upper",
    "at_least",
    "at_most",
    "low_exact",
    "high_exact",
    "judgements",
)
"""Columns that tell what so few people said, or lead to their number."""


def protect(table: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """A table with the counts and answers of groups under ``minimum`` blank; estimates for whole groups stay.

    Examples
    --------
    >>> few = pl.DataFrame({"group": ["a", "b"], "answers": [3.0, 9.0], "observed": [1.0, 0.5]})
    >>> protect(few, 5).rows()
    [('a', None, None), ('b', 9.0, 0.5)]
    """
    counts = [c for c in COUNTS if c in table.columns]
    if not counts or not table.height:
        return table
    small = pl.any_horizontal([(pl.col(c) > 0) & (pl.col(c) < minimum) for c in counts])
    hidden = [*counts, *(c for c in SAID if c in table.columns)]
    return table.with_columns(pl.when(small).then(None).otherwise(pl.col(c)).alias(c) for c in hidden)


def shown(answers: float | None, minimum: int) -> str:
    """A count for people to read, small groups hidden.

    Examples
    --------
    >>> shown(3, 5), shown(None, 5), shown(1234.4, 5)
    ('<5', '<5', '1,234')
    """
    return f"<{minimum}" if answers is None or 0 < answers < minimum else f"{answers:,.0f}"
