"""Agreement on passages, code by code: whether each coder saw the code there."""

from __future__ import annotations

import numpy as np
import polars as pl

from winset.coding.archive import UnreadableError
from winset.coding.coded import Coded
from winset.errors import suggest

UNITS = ("document", "start", "end")


def read_units(table: pl.DataFrame) -> pl.DataFrame:
    """All passages that could have been coded.

    Raises
    ------
    UnreadableError
        If a column is missing or an offset is no number.
    """
    for c in UNITS:
        if c not in table.columns:
            raise UnreadableError(f"has no column `{c}`{suggest(c, table.columns)}; units are document, start, end")
    try:
        return table.select(pl.col("document").cast(pl.String), pl.col("start", "end").cast(pl.Int64))
    except pl.exceptions.PolarsError:
        raise UnreadableError("has an offset that is no whole number") from None


def mark_passages(coded: Coded, code: str, units: pl.DataFrame | None = None) -> tuple[np.ndarray, pl.DataFrame]:
    """Whether each coder gave the code to each unit.

    Parameters
    ----------
    units
        All passages that could have been coded; without them only those that somebody coded, which flatters.

    Returns
    -------
    Ratings (unit, coder) of 0 and 1, NaN where a coder coded nothing in the document; and the units.
    """
    table = coded.table.filter(pl.col("start").is_not_null())
    units = table.select(UNITS).unique(maintain_order=True) if units is None else units
    coders = coded.coders
    worked = set(table.select("document", "coder").unique().iter_rows())
    ratings = np.full((units.height, len(coders)), np.nan)
    documents = units["document"].to_numpy()
    for j, coder in enumerate(coders):
        own = table.filter((pl.col("coder") == coder) & (pl.col("code") == code))
        spans = {d: p.select("start", "end").to_numpy() for (d,), p in own.group_by("document")}
        for document in np.unique(documents):
            here = np.flatnonzero(documents == document)
            if (document, coder) in worked:
                ratings[here, j] = _touched(units[here], spans.get(document))
    return ratings, units


def _touched(units: pl.DataFrame, spans: np.ndarray | None) -> np.ndarray:
    """1 where a coded span covers a character of the unit."""
    if spans is None:
        return np.zeros(units.height)
    start, end = units["start"].to_numpy(), units["end"].to_numpy()
    return ((spans[None, :, 0] < end[:, None]) & (spans[None, :, 1] > start[:, None])).any(1).astype(float)
