"""Evidence as a run used it, kept beside its results: what people said is not, nor the files it stood in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from winset.errors import RunError
from winset.evidence import RESPONSES, Responses
from winset.evidence.responses import CONTEXT, is_judged
from winset.runs.atomic import write_table

TABLES = ("responses", "offers", "context")


def save_evidence(folder: Path, responses: Responses, *, quotations: bool) -> None:
    """Write the tables of a run's evidence; speakers are numbered, and their words kept only if they may be quoted."""
    named = pl.concat([responses.table.filter(is_judged())["respondent"], responses.context["speaker"]])
    numbers = {name: f"speaker {n}" for n, name in enumerate(named.drop_nulls().unique(maintain_order=True), 1)}
    hidden = pl.col("respondent").replace(numbers)
    table = responses.table.with_columns(respondent=pl.when(is_judged()).then(hidden).otherwise(pl.col("respondent")))
    words = pl.col("note") if quotations else pl.lit("").alias("note")
    context = responses.context.with_columns(pl.col("speaker").replace(numbers), words)
    for name, kept in zip(TABLES, (table, responses.offers, context), strict=True):
        write_table(folder / f"{name}.parquet", kept)


def load_evidence(folder: Path, left_out: Sequence[str]) -> Responses:
    """Evidence of a finished run.

    Raises
    ------
    RunError
        If a table is missing or was written by another version.
    """
    try:
        tables = [pl.read_parquet(folder / f"{name}.parquet") for name in TABLES]
    except (OSError, pl.exceptions.PolarsError) as error:
        raise RunError(f"evidence of {folder} cannot be read ({str(error).splitlines()[0]}); run again") from error
    printed = {c: pl.lit(None, RESPONSES[c]) for c in ("n", "share") if c not in tables[0].columns}
    if printed:  # a run made before these were kept as they were printed
        tables[0] = tables[0].with_columns(**printed).select(RESPONSES.names())
    if tables[0].schema != RESPONSES or tables[2].schema != CONTEXT:
        raise RunError(f"{folder} was made by another version of winset; run again")
    return Responses(*tables, left_out=tuple(left_out))
