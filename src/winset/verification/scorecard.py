"""What was foreseen beside what was seen: one row for every printed result and vote of every fold, and its summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from winset.acceptance import Diagnostics
from winset.errors import UsageError
from winset.verification.baselines import BASELINES
from winset.verification.scoring import NINETY, clustered_mean

VOTE = "vote"
"""Kind of a row that is no poll."""

HORIZONS = ((0, "within three months"), (92, "within a year"), (366, "later"))
"""From how many days after the last known day."""

ANY = "all"


@dataclass(frozen=True)
class Scorecard:
    """Foreseen and seen.

    Parameters
    ----------
    table
        One row per held-out result: study, fold, kind, who, when, observed, mean, low, high (90 %), covered, low_half,
        high_half (50 %), covered_half, crps, log_score, pit, wave, and for each baseline its guess, ``_crps`` and
        ``_log_score`` (null where it has nothing to guess from, or too few misses to be a distribution).
    diagnostics
        Verdict on each fit that foresaw, by study and fold.
    """

    table: pl.DataFrame
    diagnostics: Mapping[str, Diagnostics]
    minimum_count: int = 5
    """Groups under it count in the errors, and are not shown."""

    @property
    def polls(self) -> pl.DataFrame:
        """Rows that are no votes."""
        return self.table.filter(pl.col("kind") != VOTE)

    @property
    def votes(self) -> pl.DataFrame:
        """Rows that are votes."""
        return self.table.filter(pl.col("kind") == VOTE)

    @property
    def failed(self) -> list[str]:
        """Fits that did not pass their checks."""
        return [name for name, d in self.diagnostics.items() if not d.passed]

    def of_kind(self, kind: str | None) -> Scorecard:
        """Rows of one kind of question, and votes; None for all.

        Raises
        ------
        UsageError
            If there are none.
        """
        if kind is None:
            return self
        kept = self.table.filter(pl.col("kind").is_in([kind, VOTE]))
        if not kept.height:
            raise UsageError(
                f"no question of kind `{kind}` was held back; there were {', '.join(self.table['kind'].unique().sort())}"
            )
        return Scorecard(kept, self.diagnostics, self.minimum_count)

    def errors(self) -> pl.DataFrame:
        """Mean absolute error of the model and of each baseline on the polls that it has a guess for.

        Returns
        -------
        Columns prediction, rows, mean_absolute_error, model (the model's on the same rows), covered (the model's).
        """
        polls, rows = self.polls, []
        for name, column in {"model": "mean", **{f"same as the {w}": b for b, w in BASELINES.items()}}.items():
            some = polls.filter(pl.col(column).is_not_null())
            gap = (some[column] - some["observed"]).abs()
            rows.append(
                {"prediction": name, "rows": some.height, "mean_absolute_error": gap.mean()}
                | {"model": (some["mean"] - some["observed"]).abs().mean()}
                | {"covered": some["covered"].mean() if column == "mean" else None}
            )
        return pl.DataFrame(rows, infer_schema_length=None)

    def summary(self, by: str = "kind") -> pl.DataFrame:
        """The model beside its best baseline, by one column (kind, study, horizon, ...), where it loses first.

        Returns
        -------
        Columns ``by``, rows, waves; inside_90, inside_50 and their standard errors; width (of 90 %); bias (foreseen less
        seen) with its standard error, error and log_score of the model; best (the baseline with the lowest CRPS on rows
        where it has one), its error, the CRPS of both and their difference with a 90 % interval on the same rows (below 0:
        the model is better).
        """
        rows = [_summarise({by: name}, part) for (name,), part in self.table.group_by(by, maintain_order=True)]
        rows.append(_summarise({by: ANY}, self.table))
        return pl.DataFrame(rows, infer_schema_length=None).sort("difference", descending=True, nulls_last=True)


def _summarise(named: dict[str, Any], part: pl.DataFrame) -> dict[str, Any]:
    waves = part["wave"].to_list()
    inside, error = clustered_mean(part["covered"].cast(float).to_numpy(), waves)
    half, half_error = clustered_mean(part["covered_half"].cast(float).to_numpy(), waves)
    said = {"rows": part.height, "waves": part["wave"].n_unique()}
    said |= {"inside_90": inside, "inside_90_error": error, "inside_50": half, "inside_50_error": half_error}
    said |= {"width": float((part["high"] - part["low"]).mean())}  # pyright: ignore[reportArgumentType]
    bias, bias_error = clustered_mean((part["mean"] - part["observed"]).to_numpy(), waves)
    said |= {"bias": bias, "bias_error": bias_error}
    said |= {"error": float((part["mean"] - part["observed"]).abs().mean())}  # pyright: ignore[reportArgumentType]
    return {**named, **said, "log_score": float(part["log_score"].mean()), **_best(part)}  # pyright: ignore[reportArgumentType]


def _best(part: pl.DataFrame) -> dict[str, Any]:
    """The baseline that comes nearest, on the rows where it can be scored at all; at least half of them."""
    scored = {b: part.filter(pl.col(f"{b}_crps").is_not_null()) for b in BASELINES}
    scored = {b: p for b, p in scored.items() if 2 * p.height >= part.height}
    names = ("best", "best_error", "crps", "best_crps", "difference", "difference_low", "difference_high")
    if not scored:
        return dict.fromkeys(names) | {"crps": float(part["crps"].mean())}  # pyright: ignore[reportArgumentType]
    gaps = {b: (p["crps"] - p[f"{b}_crps"]).to_numpy() for b, p in scored.items()}
    best = max(gaps, key=lambda b: float(np.mean(gaps[b])))
    rows = scored[best]
    middle, error = clustered_mean(gaps[best], rows["wave"].to_list())
    return {
        "best": BASELINES[best],
        "best_error": float((rows[best] - rows["observed"]).abs().mean()),  # pyright: ignore[reportArgumentType]
        "crps": float(rows["crps"].mean()),  # pyright: ignore[reportArgumentType]
        "best_crps": float(rows[f"{best}_crps"].mean()),  # pyright: ignore[reportArgumentType]
        "difference": middle,
        "difference_low": middle - NINETY * error,
        "difference_high": middle + NINETY * error,
    }


def horizon(days: int | None) -> str:
    """How far ahead, in words.

    Examples
    --------
    >>> horizon(20), horizon(100), horizon(None)
    ('within three months', 'within a year', 'any time')
    """
    return "any time" if days is None else [said for least, said in HORIZONS if days >= least][-1]
