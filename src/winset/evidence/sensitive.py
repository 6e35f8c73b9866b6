"""A list experiment's file as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.errors import UsageError
from winset.evidence.experiments import NO, YES
from winset.evidence.list_experiment import check_answers
from winset.evidence.tablefile import read_table

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class ListData:
    """Answers of people to a list, rows with a gap left out."""

    count: Int[np.ndarray, " person"]
    treated: Bool[np.ndarray, " person"]
    items: int
    direct: Bool[np.ndarray, " person"] | None
    covariates: Float[np.ndarray, "person covariate"]
    names: tuple[str, ...]
    dropped: int


def read_list(
    path: Path, count: str, treated: str, items: int, direct: str | None, covariates: Sequence[str]
) -> ListData:
    """Read the columns of a list experiment.

    Raises
    ------
    UsageError
        If a column is missing or holds what no list can give.
    """
    columns = [count, treated, *([direct] if direct else []), *covariates]
    table = read_table(path, columns)
    kept = table.drop_nulls()
    numbers = _numbers(kept[count], path)
    if (numbers != np.round(numbers)).any():
        raise UsageError(f"{path}: `{count}` must hold whole numbers")
    found = ListData(
        numbers.astype(int),
        _marks(kept[treated], path),
        items,
        _marks(kept[direct], path) if direct else None,
        np.column_stack([_numbers(kept[c], path) for c in covariates]) if covariates else np.empty((kept.height, 0)),
        tuple(covariates),
        table.height - kept.height,
    )
    check_answers(found.count, found.treated, items)
    return found


def _numbers(column: pl.Series, path: Path) -> Float[np.ndarray, " person"]:
    values = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    if values.null_count():
        bad = column.filter(values.is_null())[0]
        raise UsageError(f"{path}: `{column.name}` holds `{bad}`, which is no number")
    return values.to_numpy()


def _marks(column: pl.Series, path: Path) -> Bool[np.ndarray, " person"]:
    texts = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    odd = [x for x in texts.unique().to_list() if x not in YES | NO]
    if odd:
        raise UsageError(f"{path}: `{column.name}` holds `{odd[0]}`; write 1 or 0")
    return texts.is_in(list(YES)).to_numpy()
