"""How far answers move when a kind of evidence is left out, or an assumed bias doubles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance.acceptance import Acceptance, interval
from winset.acceptance.backend import jnp
from winset.acceptance.draws import AcceptanceDraws, acceptance, make_draws
from winset.acceptance.fit import Mode, Posterior, Variant, find_mode, sample_laplace
from winset.acceptance.fitted import flatten
from winset.acceptance.measuring import prepare
from winset.acceptance.priors import DOUBLED, PRIORS, scale_priors
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Float, Int

DRAWS = 500
ODDS = (1.0, 2.0, 3.0, 5.0)
"""How many times as likely people who reject are to be reached as people who accept."""

FIXED = 1e-3
"""Width of a prior that leaves no doubt."""


def vary(
    study: Study, posterior: Posterior, proposals: Sequence[str], seed: int, mode: Mode | None = None
) -> pl.DataFrame:
    """Acceptance of proposals under each variation, all by the Laplace approximation from the same ``mode``.

    The undecided lean to either end of the range that is declared; where one number is, none or all of them accept.
    Every variant starts at the same mode, keeps its scales and shares, and uses the same random numbers, so
    that differences between rows are owed to the variation alone.
    """
    cells = posterior.problem.cells
    kind_of = np.array([study.instruments[i].kind for i in cells.instruments])
    kinds, task_kinds = kind_of[cells.instrument], kind_of[posterior.problem.tasks.instrument]
    variants = {"as it stands": posterior.base()}
    variants |= {
        f"without {k}s" if not k.endswith("s") else f"without {k}": posterior.variant(
            keep=kinds != k, keep_tasks=task_kinds != k
        )
        for k in np.unique(kind_of)
    }
    variants |= {
        f"{name} doubled": posterior.variant(scale_priors(names, 2.0))
        for name, names in DOUBLED.items()
        if name != "deflation" or posterior.problem.meaning.listed.any()
    }
    ends = posterior.problem.meaning.lean
    if np.isfinite(ends).any():
        some = ends[:, 1] > ends[:, 0]
        for name, end, all_of_them in (("low", 0, 0.0), ("high", 1, 1.0)):
            lean = np.nan_to_num(np.where(some, ends[:, end], all_of_them), nan=0.5)
            variants[f"undecided lean {name}"] = replace(posterior.base(), lean=jnp.asarray(np.stack([lean, lean], 1)))
    start = (mode or find_mode(posterior, posterior.base())).centre
    rows = []
    for name, variant in variants.items():
        _, draws = _refit(posterior, variant, seed, start)
        for p in proposals:
            proposal = study.proposals[p]
            unread = tuple(k for k, i in enumerate(study.space.issues) if i.id in proposal.not_read)
            shares = acceptance(draws, study.space.encode(proposal.terms), draws.level_at(study.as_of), unread)
            rows += [
                {"variant": name, "proposal": p, "side": s, "constituency": c, **interval(shares[:, j])}
                for j, (s, c) in enumerate(study.constituencies())
            ]
    return pl.DataFrame(rows)


def vary_selection(
    study: Study, posterior: Posterior, seed: int, mode: Mode | None = None, odds: Sequence[float] = ODDS
) -> pl.DataFrame:
    """Acceptance of what interviews spoke to, with people who reject ``r`` times as likely to be reached.

    Returns
    -------
    Columns r, question, side, constituency, mean, low, high; empty where there are no interviews.
    """
    cells = posterior.problem.cells
    interviewed = [n for n, i in enumerate(cells.instruments) if study.instruments[i].kind == "interviews"]
    asked = cells.names.filter(pl.Series(np.isin(cells.instrument, interviewed))).select(
        "question", "side", "constituency"
    )
    asked = asked.filter(
        pl.col("question").is_in([q for q, x in study.questions.items() if x.against is None and x.offer])
    )
    if not asked.height:
        return pl.DataFrame()
    start = (mode or find_mode(posterior, posterior.base())).centre
    rows = []
    for r in odds:
        fixed = {n: replace(PRIORS[n], first=-float(np.log(r)), second=FIXED) for n in DOUBLED["selection"]}
        variant = posterior.variant({**posterior.priors, **fixed})
        start, draws = _refit(posterior, variant, seed, start)
        places = {pair: j for j, pair in enumerate(study.constituencies())}
        for q, s, c in asked.unique(maintain_order=True).iter_rows():
            shares = acceptance(draws, study.space.encode(study.questions[q].offer), draws.level_at(study.as_of))
            rows.append(
                {"r": float(r), "question": q, "side": s, "constituency": c, **interval(shares[:, places[s, c]])}
            )
    return pl.DataFrame(rows)


def _refit(
    posterior: Posterior, variant: Variant, seed: int, start: Float[np.ndarray, " parameter"]
) -> tuple[Float[np.ndarray, " parameter"], AcceptanceDraws]:
    """Mode and draws of a variant by the Laplace approximation, scales and shares kept at ``start``."""
    found = find_mode(posterior, variant, start)
    fit = sample_laplace(posterior, variant, seed, DRAWS, found)
    return found.centre, make_draws(posterior.problem, flatten(fit), seed)


def predict_without(fitted: Acceptance, cells: Int[np.ndarray, " cell"]) -> Float[np.ndarray, " cell"]:
    """Mean share of acceptance in each of some cells, fitted without that cell (Laplace approximation)."""
    if not len(cells):
        return np.empty(0)
    posterior = prepare(fitted.study, fitted.responses)
    start = find_mode(posterior, posterior.variant(keep=fitted.known)).centre
    predicted = []
    for n in cells:
        keep = fitted.known.copy()
        keep[n] = False
        variant = posterior.variant(keep=keep)
        fit = sample_laplace(posterior, variant, fitted.seed, DRAWS, find_mode(posterior, variant, start))
        predicted.append(float(fitted.cells.share_of(flatten(fit)["bins"])[:, n].mean()))
    return np.array(predicted)
