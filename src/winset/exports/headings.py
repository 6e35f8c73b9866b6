"""Rows under the header that are no answers: question texts, import ids, labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

IMPORT_ID = "ImportId"
"""What stands in the third line of a Qualtrics export."""
MOST = 3
"""Rows under the header that may be headings."""
FEWEST = 3
"""Columns of numbers that begin with a text, from which a row is taken for labels."""


@dataclass(frozen=True)
class Headed:
    """A table without its extra headings.

    Parameters
    ----------
    table
        Columns of numbers are numbers again.
    labels
        Text of the question by column, where a row held it.
    lines
        How many rows were taken off.
    """

    table: pl.DataFrame
    labels: Mapping[str, str]
    lines: int


def take_headings(table: pl.DataFrame) -> Headed:
    """Take rows of headings off; a row is one if it holds import ids, repeats column names, or labels columns of numbers."""
    lines = _by_import_id(table)
    while not lines and lines < MOST and lines < table.height and _is_heading(table, lines):
        lines += 1
    labels: dict[str, str] = {}
    for row in table.head(lines).iter_rows(named=True):
        for c, text in row.items():
            if isinstance(text, str) and IMPORT_ID not in text:
                labels.setdefault(c, text.strip())
    rest = table.slice(lines)
    return Headed(with_numbers(rest) if lines else rest, labels, lines)


def _by_import_id(table: pl.DataFrame) -> int:
    for n, row in enumerate(table.head(MOST).iter_rows()):
        if any(isinstance(x, str) and IMPORT_ID in x for x in row):
            return n + 1
    return 0


def _is_heading(table: pl.DataFrame, at: int) -> bool:
    texts = [c for c in table.columns if table.schema[c] == pl.String and isinstance(table[c][at], str)]
    if sum(table[c][at].strip() == c for c in texts) > 1:
        return True
    if table.height < at + 3:
        return False  # too few rows to tell a label from an answer
    rest = table.slice(at + 1).select(texts)
    numbers = [c for c in texts if _is_number(rest[c])]
    labelled = [c for c in numbers if not _reads(table[c][at])]
    return len(labelled) >= FEWEST and len(labelled) == len(numbers)


def _is_number(column: pl.Series) -> bool:
    filled = column.drop_nulls()
    return len(filled) > 0 and filled.cast(pl.Float64, strict=False).null_count() == 0


def _reads(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def with_numbers(table: pl.DataFrame) -> pl.DataFrame:
    """Columns that hold nothing but numbers as numbers; codes that begin with a zero stay texts."""
    cast = []
    for c in table.columns:
        if table.schema[c] != pl.String or not _is_number(table[c]) or table[c].str.contains(r"^0\d").any():
            continue
        whole = table[c].cast(pl.Int64, strict=False)
        cast.append(whole if whole.null_count() == table[c].null_count() else table[c].cast(pl.Float64))
    return table.with_columns(cast)
