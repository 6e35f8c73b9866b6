"""Tables with a row a constituency: what each number rests on, and no electorate twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from winset.findings.wording import percent
from winset.room import Room
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


def count_pledges(
    room: Room, table: pl.DataFrame, what: str | Mapping[str, str], date: dt.date | None, of: str = "mean"
) -> tuple[pl.DataFrame, str]:
    """Acceptance beside what is left of it once the pledges that a package breaks have their price, and a sentence on it.

    Chances, panel and least change count pledges; nothing is said where no number moves.

    Parameters
    ----------
    of
        Column of the acceptance from which the price is taken.
    """
    study = room.acceptance.study
    means = dict(zip(study.constituencies(), room.shares(what, date).mean(0).tolist(), strict=False))
    priced = [means[s, c] for s, c in table.select("side", "constituency").iter_rows()]
    found = table.with_columns(priced=pl.Series(priced, dtype=pl.Float64))
    moved = [r for r in found.iter_rows(named=True) if percent(r[of]) != percent(r["priced"])]
    if not room.with_costs or not moved:
        return table, ""
    listed = "; ".join(f"{study.full_label(r['side'], r['constituency'])} {percent(r['priced'])}" for r in moved)
    return found, f" Pledges that it would break are not counted in this; with their price: {listed}."
