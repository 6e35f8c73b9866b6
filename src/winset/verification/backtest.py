"""Printed results and votes that a fit was not shown, foreseen from what it was."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from winset.acceptance import HIGH, LOW, Acceptance, Diagnostics, Posterior, measure, prepare
from winset.evidence import Responses, gather
from winset.room import ratify
from winset.study import Study
from winset.verification.baselines import BASELINES, Guess, Polls, Target, dress
from winset.verification.folds import Fold, cut_at
from winset.verification.scorecard import VOTE, Scorecard, horizon
from winset.verification.scoring import place, score

if TYPE_CHECKING:
    from jaxtyping import Float

HALF = (0.25, 0.75)


@dataclass(frozen=True)
class Trial:
    """A study made ready to be fitted again and again with some of its evidence held back."""

    study: Study
    responses: Responses
    posterior: Posterior
    polls: Polls

    @classmethod
    def of(cls, study: Study) -> Trial:
        """Read the study's evidence and pose it once."""
        responses = gather(study)
        posterior = prepare(study, responses)
        return cls(study, responses, posterior, Polls.of(study, posterior.problem.cells))

    @functools.cached_property
    def scales(self) -> Float[np.ndarray, " parameter"]:
        """Centre of a fit to everything: one term more or less hardly moves a scale, and a day may."""
        fitted = measure(self.study, self.responses, fast=True, posterior=self.posterior)
        assert fitted.fit.mode is not None
        return fitted.fit.mode.centre

    def foresee(self, fold: Fold, seed: int = 1, *, fast: bool = True) -> tuple[pl.DataFrame, Diagnostics]:
        """Fit on what a fold knows; one row for every result that it does not.

        The approximation keeps the scales and shares of a fit to everything where a term is held back, as ``loo`` does.
        """
        fitted = measure(
            self.study,
            self.responses,
            seed=seed,
            fast=fast,
            until=fold.until,
            posterior=self.posterior,
            known=fold.known,
            heard=fold.heard,
            start=self.scales if fast and fold.until is None else None,
        )
        misses = self.polls.misses(fold.known)
        rows = [*self._foresee_polls(fitted, fold, misses), *self._foresee_votes(fitted, fold, misses)]
        return pl.DataFrame(rows, infer_schema_length=None), fitted.diagnostics

    def _foresee_polls(self, fitted: Acceptance, fold: Fold, misses: dict[str, np.ndarray]) -> Iterator[dict[str, Any]]:
        cells, rng = fitted.cells, np.random.default_rng([fitted.seed, 41])
        draws = fitted.replicate()
        said = {r["n"]: r for r in cells.names.with_row_index("n").iter_rows(named=True)}
        asked = {cells.questions[q] for q in cells.question[fold.known]}
        for n in np.flatnonzero(fold.judged):
            row = said[int(n)]
            who = {k: row[k] for k in ("question", "instrument", "side", "constituency", "answers")}
            who["label"] = self.study.label(row["side"], row["constituency"])
            yield {
                "study": self.study.id,
                "fold": fold.name,
                "kind": self.study.questions[row["question"]].kind,
                **who,
                "date": row["end"],
                **_ahead(fold, row["end"]),
                "wave": f"{self.study.id} {row['instrument']} {row['end']}",
                "asked_before": row["question"] in asked,
                "measure": self.polls.measure[n],
                **_judge(float(self.polls.observed[n]), draws[:, n], rng),
                **_beside(
                    float(self.polls.observed[n]), self.polls.guess(self.polls.target(int(n)), fold.known), misses
                ),
            }

    def _foresee_votes(self, fitted: Acceptance, fold: Fold, misses: dict[str, np.ndarray]) -> Iterator[dict[str, Any]]:
        study, until = self.study, fold.until
        later = [r for r in study.results if until is not None and r.day > until]
        if not later:
            return
        room, rng = ratify(fitted), np.random.default_rng([fitted.seed, 43])
        sides, groups = list(study.sides), fitted.draws.layout.groups
        for r in later:
            yes, carried = room.cast(r.proposal, r.day)[r.side, r.constituency]
            offer = np.asarray(study.space.encode(study.proposals[r.proposal].terms))
            target = Target(
                sides.index(r.side), groups.index((r.side, r.constituency)), -1, offer, "for, of those who decided"
            )
            yield {
                "study": study.id,
                "fold": fold.name,
                "kind": VOTE,
                "question": r.proposal,
                "instrument": VOTE,
                "side": r.side,
                "constituency": r.constituency,
                "answers": None,
                "label": study.label(r.side, r.constituency),
                "carried": float(carried.mean()),
                "date": r.day,
                **_ahead(fold, r.day),
                "wave": f"{study.id} {VOTE} {r.day}",
                "asked_before": False,
                "measure": "Yes, of the votes",
                **_judge(r.yes, yes, rng),
                **_beside(r.yes, self.polls.guess(target, fold.known), misses),
            }


def verify(
    study: Study, until: dt.date, *, kind: str | None = "package", seed: int = 1, fast: bool = True
) -> Scorecard:
    """Fit on evidence that had ended by ``until``; foresee the later polls and votes.

    Parameters
    ----------
    kind
        Which kind of question to foresee; None for all of them.

    Raises
    ------
    UsageError
        If nothing lies after the date, or nothing before it.
    """
    trial = Trial.of(study)
    card = foresee(trial, [cut_at(study, trial.posterior.problem, until)], seed=seed, fast=fast)
    return card.of_kind(kind)


def foresee(
    trial: Trial,
    folds: Iterable[Fold],
    *,
    seed: int = 1,
    fast: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Scorecard:
    """Every fold of a study, one after the other."""
    tables, verdicts = [], {}
    for fold in folds:
        table, verdict = trial.foresee(fold, seed, fast=fast)
        tables.append(table)
        verdicts[f"{trial.study.id} {fold.name}"] = verdict
        say(f"{trial.study.id} {fold.name}: {table.height} results foreseen")
    return Scorecard(
        pl.concat(tables, how="diagonal_relaxed") if tables else pl.DataFrame(), verdicts, trial.study.minimum_count
    )


def _ahead(fold: Fold, day: dt.date) -> dict[str, Any]:
    days = None if fold.until is None else (day - fold.until).days
    return {"days_ahead": days, "horizon": horizon(days)}


def _judge(observed: float, draws: Float[np.ndarray, " draw"], rng: np.random.Generator) -> dict[str, Any]:
    low, low_half, high_half, high = (float(q) for q in np.quantile(draws, [LOW, *HALF, HIGH]))
    slack = 1e-9
    return {
        "observed": observed,
        "mean": float(draws.mean()),
        "low": low,
        "high": high,
        "covered": low - slack <= observed <= high + slack,
        "low_half": low_half,
        "high_half": high_half,
        "covered_half": low_half - slack <= observed <= high_half + slack,
        "pit": place(observed, draws, rng),
        **score(observed, draws),
    }


def _beside(observed: float, guesses: Guess, misses: dict[str, np.ndarray]) -> dict[str, float | None]:
    row: dict[str, float | None] = {}
    for b in BASELINES:
        row[b] = guesses.get(b)
        draws = dress(guesses[b], misses[b]) if b in guesses else None
        scores = {} if draws is None else score(observed, draws)
        row |= {f"{b}_{k}": scores.get(k) for k in ("crps", "log_score")}
    return row
