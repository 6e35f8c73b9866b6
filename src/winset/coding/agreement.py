"""How far coders agree: Krippendorff's alpha and its relatives, never without an interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from jaxtyping import Float

Level = Literal["nominal", "ordinal", "interval"]
Ratings: TypeAlias = "Float[np.ndarray, 'unit coder']"
RESAMPLES = 2000
LOW, HIGH = 0.05, 0.95
CHUNK = 2**22
"""Numbers held at once while units are resampled."""

Counts: TypeAlias = "Float[np.ndarray, 'unit value']"
Measure: TypeAlias = "Callable[[Float[np.ndarray, 'sample unit']], Float[np.ndarray, ' sample']]"


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Parameters
    ----------
    table
        One row a measure: ``measure``, ``value``, ``low``, ``high`` (90 %, units resampled), ``units``, ``note``.
        A value is NaN where it is undefined, and the note says why.
    coders
        Share of each coder's judgements that equal the others' on the same unit.
    """

    table: pl.DataFrame
    coders: pl.DataFrame

    def __repr__(self) -> str:
        return f"<Agreement: {', '.join(f'{m} {v:.3f}' for m, v in self.table.select('measure', 'value').iter_rows())}>"


def measure_alpha(
    ratings: Ratings, level: Level = "nominal", *, seed: int = 1, resamples: int = RESAMPLES
) -> tuple[float, float, float]:
    """Krippendorff's alpha with its interval.

    Parameters
    ----------
    ratings
        One row a unit, one column a coder, NaN where a coder did not judge.
    level
        What distances between values mean.

    Returns
    -------
    Alpha and a 90 % bootstrap interval over units; NaN where nothing varies.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections C and D; coincidences of units with
    at least two judgements.

    Examples
    --------
    >>> same = np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 2.0], [2.0, 2.0]])
    >>> round(measure_alpha(same, "nominal")[0], 3)
    0.533
    """
    values = _values(ratings)
    counts = _counts(ratings, values)
    return _with_interval(_alpha(counts, values, level), len(counts), seed, resamples)


def judge_agreement(ratings: Ratings, coders: Sequence[str], *, seed: int = 1, resamples: int = RESAMPLES) -> Agreement:
    """Every measure at once: alpha (three levels), Fleiss, Gwet, percent, and Cohen for each pair of coders.

    Parameters
    ----------
    ratings
        One row a unit, one column a coder, NaN where a coder did not judge.
    """
    values = _values(ratings)
    counts = _counts(ratings, values)
    double = counts[counts.sum(1) >= 2]
    full = ratings[~np.isnan(ratings).any(1)]
    several = double.any(0).sum() > 1
    same = "" if several else "every judgement is the same: chance agreement is total, so alpha and kappa are undefined"
    measures: list[tuple[str, Measure, int, str]] = [
        (f"Krippendorff's alpha, {level}", _alpha(double, values, level), len(double), same)
        for level in ("nominal", "ordinal", "interval")
    ]
    measures += [
        ("Fleiss' kappa", _fleiss(_counts(full, values)), len(full), "units that every coder judged"),
        ("Gwet's AC1", _gwet(counts), len(counts), ""),
        ("percent agreement", _percent(double), len(double), "not corrected for chance"),
    ]
    for a, b in combinations(range(len(coders)), 2):
        pair = ratings[:, [a, b]]
        pair = pair[~np.isnan(pair).any(1)]
        if len(pair):
            measures.append((f"Cohen's kappa, {coders[a]} and {coders[b]}", _cohen(pair, values), len(pair), ""))
    rows = []
    for name, measure, units, note in measures:
        value, low, high = _with_interval(measure, units, seed, resamples)
        rows.append({"measure": name, "value": value, "low": low, "high": high, "units": units, "note": note})
    return Agreement(pl.DataFrame(rows), _coders(ratings, coders))


def list_doubtful(ratings: Ratings, units: pl.DataFrame) -> pl.DataFrame:
    """Units on which coders disagree, the widest gap first: those that need a second look."""
    judged = ~np.isnan(ratings)
    high = np.where(judged, ratings, -np.inf).max(1)
    low = np.where(judged, ratings, np.inf).min(1)
    gap = np.where(judged.sum(1) >= 2, high - low, 0.0)
    table = units.with_columns(coders=judged.sum(1), lowest=low, highest=high, gap=gap)
    return table.filter(pl.col("gap") > 0).sort("gap", descending=True)


def _values(ratings: Ratings) -> np.ndarray:
    return np.unique(ratings[~np.isnan(ratings)])


def _counts(ratings: Ratings, values: np.ndarray) -> Counts:
    return (ratings[:, :, None] == values).sum(1).astype(float)


def _with_interval(measure: Measure, units: int, seed: int, resamples: int) -> tuple[float, float, float]:
    """A measure of all units, and its quantiles over resampled units (each sample given by how often a unit is in)."""
    if units == 0:
        return np.nan, np.nan, np.nan
    value = float(measure(np.ones((1, units)))[0])
    rng = np.random.default_rng(seed)
    step = max(CHUNK // units, 1)
    parts = [
        measure(rng.multinomial(units, np.full(units, 1 / units), size=min(step, resamples - n)).astype(float))
        for n in range(0, resamples, step)
    ]
    again = np.concatenate(parts)
    again = again[~np.isnan(again)]
    if np.isnan(value) or not len(again):
        return value, np.nan, np.nan
    low, high = np.quantile(again, [LOW, HIGH])
    return value, float(low), float(high)


def _ratio(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(under > 1e-12, over / under, np.nan)


def _alpha(counts: Counts, values: np.ndarray, level: str) -> Measure:
    total = counts.sum(1)
    pairs = np.einsum("uc,uk->uck", counts, counts) - np.einsum("uc,ck->uck", counts, np.eye(len(values)))
    pairs = np.where(total[:, None, None] >= 2, pairs / np.maximum(total - 1, 1)[:, None, None], 0.0)
    flat = pairs.reshape(len(counts), -1)

    def measure(weights: np.ndarray) -> np.ndarray:
        coincidence = (weights @ flat).reshape(len(weights), len(values), len(values))
        own = coincidence.sum(2)
        n = own.sum(1)
        distance = _distance(own, values, level)
        observed = (coincidence * distance).sum((1, 2))
        expected = (own[:, :, None] * own[:, None, :] * distance).sum((1, 2)) / np.maximum(n - 1, 1)
        return 1 - _ratio(observed, expected)

    return measure


def _distance(own: np.ndarray, values: np.ndarray, level: str) -> np.ndarray:
    """Squared differences between values, given how often each occurs (Krippendorff 2011, section D)."""
    if level == "interval":
        return ((values[:, None] - values[None]) ** 2)[None]
    if level == "nominal":
        return (values[:, None] != values[None]).astype(float)[None]
    middle = np.cumsum(own, axis=1) - own / 2
    return (middle[:, :, None] - middle[:, None, :]) ** 2


def _pairwise(counts: Counts) -> np.ndarray:
    """Share of pairs of coders who agree, by unit; NaN for fewer than two."""
    m = counts.sum(1)
    return _ratio((counts * (counts - 1)).sum(1), m * (m - 1))


def _percent(counts: Counts) -> Measure:
    share = _pairwise(counts)
    return lambda w: _ratio(w @ np.nan_to_num(share), w @ ~np.isnan(share))


def _fleiss(counts: Counts) -> Measure:
    """Kappa of Fleiss (1971)."""
    share, own = np.nan_to_num(_pairwise(counts)), counts / np.maximum(counts.sum(1, keepdims=True), 1)

    def measure(w: np.ndarray) -> np.ndarray:
        n = w.sum(1)
        chance = (((w @ own) / n[:, None]) ** 2).sum(1)
        return _ratio(w @ share / n - chance, 1 - chance)

    return measure


def _gwet(counts: Counts) -> Measure:
    """AC1 of Gwet (2008), for any number of coders and missing judgements."""
    share = _pairwise(counts)
    own = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    judged = (counts.sum(1) > 0).astype(float)

    def measure(w: np.ndarray) -> np.ndarray:
        kinds = counts.shape[1]
        prevalence = (w @ own) / np.maximum(w @ judged, 1)[:, None]
        chance = (prevalence * (1 - prevalence)).sum(1) / max(kinds - 1, 1)
        seen = _ratio(w @ np.nan_to_num(share), w @ ~np.isnan(share))
        return _ratio(seen - chance, 1 - chance)

    return measure


def _cohen(pair: Ratings, values: np.ndarray) -> Measure:
    """Cohen (1960)."""
    first, second = ((pair[:, [j]] == values).astype(float) for j in (0, 1))
    same = (pair[:, 0] == pair[:, 1]).astype(float)

    def measure(w: np.ndarray) -> np.ndarray:
        n = w.sum(1)
        chance = ((w @ first) * (w @ second)).sum(1) / n**2
        return _ratio(w @ same / n - chance, 1 - chance)

    return measure


def _coders(ratings: Ratings, coders: Sequence[str]) -> pl.DataFrame:
    """Each coder beside the others: judgements, share equal to another's of the same unit, and lean from their mean."""
    rows = []
    for j, name in enumerate(coders):
        own, others = ratings[:, j], np.delete(ratings, j, axis=1)
        shared = ~np.isnan(own) & (~np.isnan(others)).any(1)
        equal = (
            (others[shared] == own[shared, None]).sum(1) / (~np.isnan(others[shared])).sum(1) if shared.any() else None
        )
        lean = own[shared] - np.nanmean(others[shared], axis=1) if shared.any() else None
        rows.append(
            {
                "coder": name,
                "judgements": int((~np.isnan(own)).sum()),
                "shared": int(shared.sum()),
                "equal": None if equal is None else float(equal.mean()),
                "lean": None if lean is None else float(lean.mean()),
            }
        )
    return pl.DataFrame(
        rows,
        schema={
            "coder": pl.String,
            "judgements": pl.Int64,
            "shared": pl.Int64,
            "equal": pl.Float64,
            "lean": pl.Float64,
        },
    )
