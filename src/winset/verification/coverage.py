"""Does a 90 % interval hold the truth nine times in ten? Truths drawn from the prior, answers simulated, fits judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import (
    AcceptanceDraws,
    Posterior,
    acceptance_of,
    flatten,
    interval,
    make_draws,
    prepare,
    sample_laplace,
    sample_nuts,
    sample_prior,
)
from winset.acceptance.prints import draw_answers, hide_some
from winset.errors import UsageError
from winset.evidence import gather
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Float

DRAWS = 250


@dataclass(frozen=True)
class Coverage:
    """How often intervals held the truth.

    Parameters
    ----------
    table
        One row per fit, proposal and constituency: truth, mean, low, high, covered, and the rank of the
        truth among the draws as a share (uniform where the fit is right).
    """

    method: str
    table: pl.DataFrame

    def coverage(self) -> tuple[float, float]:
        """Share of truths inside their 90 % interval, and its standard error over fits."""
        by_fit = self.table.group_by("fit").agg(pl.col("covered").mean())["covered"].to_numpy()
        return float(by_fit.mean()), float(by_fit.std(ddof=1) / np.sqrt(len(by_fit))) if len(by_fit) > 1 else np.nan


def check_coverage(
    study: Study, fits: int = 40, *, fast: bool = False, seed: int = 1, say: Callable[[str], None] = lambda _: None
) -> Coverage:
    """Fit simulated answers to a study's own questions, whose truth is known; experiments stay out.

    Parameters
    ----------
    fits
        Simulated studies. Ctrl-C ends early with those that are done.
    fast
        Judge the Laplace approximation instead of NUTS.

    Raises
    ------
    UsageError
        If the study has no evidence or no proposal.

    Notes
    -----
    Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018).
    """
    posterior = prepare(study, gather(study))
    experiments = np.zeros(len(posterior.problem.tasks), bool)
    if not len(posterior.problem.cells) or not study.proposals:
        raise UsageError("a study without evidence or without a proposal cannot be calibrated")
    truths = flatten(sample_prior(posterior, seed, fits))
    truth = make_draws(posterior.problem, truths, seed)
    known = _shares(study, truth)
    rng = np.random.default_rng([seed, 17])
    rows: list[dict] = []
    for n in range(fits):
        variant = posterior.variant(counts=_simulate(posterior, truths, n, rng), keep_tasks=experiments)
        try:
            if fast:
                fit = sample_laplace(posterior, variant, seed + n, 4 * DRAWS)
            else:
                fit = sample_nuts(posterior, variant, seed + n, DRAWS)
        except KeyboardInterrupt:
            if not rows:
                raise
            break
        shares = _shares(study, make_draws(posterior.problem, flatten(fit), seed + n))
        rows += _judge(study, n, known[:, n], shares)
        say(f"fit {n + 1} of {fits}: {np.mean([r['covered'] for r in rows]):.0%} of truths inside so far")
    return Coverage("Laplace approximation" if fast else "NUTS", pl.DataFrame(rows))


def _shares(study: Study, draws: AcceptanceDraws) -> Float[np.ndarray, "proposal draw constituency"]:
    level = draws.level_at(study.as_of)
    return np.stack([acceptance_of(draws, study.space.encode(p.terms), level) for p in study.proposals.values()])


def _simulate(posterior: Posterior, truths: dict, n: int, rng: np.random.Generator) -> Float[np.ndarray, "cell bin"]:
    """Answers of every cell under truth ``n``: as many as were given, Dirichlet-multinomial."""
    cells = posterior.problem.cells
    totals = np.maximum(np.round(cells.summed.sum(1)), 1).astype(int)
    chances = hide_some(cells.partial, cells.hidden, truths["counted"][n], rng)
    asked = zip(chances, truths["correlation"][n].astype(float), totals.tolist(), strict=True)
    drawn = [draw_answers(p, correlation, people, rng) for p, correlation, people in asked]
    return np.array(drawn).reshape(chances.shape)


def _judge(study: Study, n: int, truth: np.ndarray, shares: np.ndarray) -> list[dict]:
    rows = []
    for k, proposal in enumerate(study.proposals):
        for j, (side, constituency) in enumerate(study.constituencies()):
            draws, true = shares[k, :, j], float(truth[k, j])
            low_high = interval(draws)
            rows.append(
                {"fit": n, "proposal": proposal, "side": side, "constituency": constituency, "truth": true, **low_high}
                | {"covered": low_high["low"] <= true <= low_high["high"], "rank": float((draws < true).mean())}
            )
    return rows
