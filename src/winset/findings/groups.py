"""Tables with a row a constituency: what each number rests on, and no electorate twice."""

from __future__ import annotations

import polars as pl

from winset.study import Study

PRIOR_ONLY = 1.0
"""Effective answers below which nobody was asked."""


def say_bases(table: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Column ``basis``: what the numbers of each constituency rest on, by its own answers or those of its parts."""

    def basis(row: dict) -> str:
        if row["answers"] >= PRIOR_ONLY:
            return "evidence and prior"
        leaves = set(study.composition.shares((row["side"], row["constituency"])))
        return "its parts" if len(leaves) > 1 else "prior and the side's other groups"

    said = [basis(row) for row in table.iter_rows(named=True)]
    return table.with_columns(basis=pl.Series(said, dtype=pl.String))


def list_once(table: pl.DataFrame, study: Study) -> pl.DataFrame:
    """A table by side and constituency in which an electorate of several sides stands at the first of them only."""
    if not table.height:
        return table
    kept = [not study.repeats(s, c) for s, c in table.select("side", "constituency").iter_rows()]
    return table.filter(pl.Series(kept, dtype=pl.Boolean))
