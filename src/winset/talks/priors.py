"""Every prior of the moving model in one table, with its source, and whether it is measured, read or guessed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.errors import UsageError, suggest
from winset.study.war import WarPrior

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class TalkPrior:
    """One prior: ``normal`` (centre, scale), ``half-normal`` (scale), ``uniform`` (low, high).

    Parameters
    ----------
    mechanism
        What it belongs to; a mechanism that is switched off has all its parameters at ``off``.
    basis
        ``measured``, ``literature`` or ``guess``.
    """

    name: str
    mechanism: str
    family: str
    first: float
    second: float
    off: float
    unit: str
    what: str
    source: str
    basis: str


def _read() -> tuple[TalkPrior, ...]:
    """The table beside this file; a number with its source is data, not code."""
    text = resources.files("winset.talks").joinpath("priors.csv").read_text(encoding="utf-8")
    return tuple(
        TalkPrior(**{k: float(v) if k in NUMBERS else v for k, v in row.items()})  # pyright: ignore[reportArgumentType]
        for row in csv.DictReader(text.splitlines())
    )


NUMBERS = ("first", "second", "off")
_TABLE = _read()


@dataclass(frozen=True)
class Fitted:
    """Parameters that polls have something to say of, jointly normal."""

    names: tuple[str, ...]
    mean: Float[np.ndarray, " parameter"]
    covariance: Float[np.ndarray, "parameter parameter"]


TALK_PRIORS: Mapping[str, TalkPrior] = {p.name: p for p in _TABLE}
"""All priors by name, in the order of a run's parameters."""

MECHANISMS = tuple(dict.fromkeys(p.mechanism for p in _TABLE if p.mechanism != "war"))
"""What can be switched off."""


def list_priors() -> pl.DataFrame:
    """The priors as a table."""
    return pl.DataFrame([vars(p) for p in _TABLE])


def draw_parameters(
    seed: int,
    first: int,
    count: int,
    off: Collection[str] = (),
    fixed: Mapping[str, float] | None = None,
    own: Mapping[str, WarPrior] | None = None,
    fitted: Fitted | None = None,
) -> Float[np.ndarray, "draw parameter"]:
    """Parameters of some parameter draws; the same for a draw whichever others are asked for with it.

    Parameters
    ----------
    own
        A study's own priors, instead of the table's.
    fitted
        Parameters that were fitted to a study's poll series, instead of either.

    Raises
    ------
    UsageError
        If a mechanism or parameter does not exist.
    """
    for name in off:
        if name not in MECHANISMS:
            raise UsageError(f"no mechanism `{name}` can be switched off{suggest(name, MECHANISMS)}")
    for name in (*(fixed or {}), *(own or {})):
        if name not in TALK_PRIORS:
            raise UsageError(f"no parameter `{name}`{suggest(name, TALK_PRIORS)}")
    rows = np.array(
        [np.random.default_rng([seed, 19, n]).random((2, len(_TABLE))) for n in range(first, first + count)]
    )
    normal = np.sqrt(-2 * np.log1p(-rows[:, 0])) * np.cos(2 * np.pi * rows[:, 1])
    values = np.zeros((count, len(_TABLE)))
    for j, p in enumerate(_TABLE):
        prior = (own or {}).get(p.name, p)
        match prior.family:
            case "normal":
                values[:, j] = prior.first + prior.second * normal[:, j]
            case "half-normal":
                values[:, j] = prior.first * np.abs(normal[:, j])
            case _:
                values[:, j] = prior.first + (prior.second - prior.first) * rows[:, 0, j]
    if fitted is not None:
        columns = [list(TALK_PRIORS).index(n) for n in fitted.names]
        values[:, columns] = fitted.mean + normal[:, columns] @ np.linalg.cholesky(fitted.covariance).T
        weeks = list(TALK_PRIORS).index("mobilisation_weeks")
        values[:, weeks] = np.maximum(values[:, weeks], 1.0)
    for j, p in enumerate(_TABLE):
        if p.mechanism in off:
            values[:, j] = p.off
        if fixed and p.name in fixed:
            values[:, j] = fixed[p.name]
    return values
