"""Study and responses in, acceptance out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool

from winset.acceptance.acceptance import Acceptance
from winset.acceptance.cells import build_cells
from winset.acceptance.diagnostics import judge
from winset.acceptance.draws import make_draws
from winset.acceptance.fit import Fit, Posterior, Problem, Say, sample_laplace, sample_nuts, sample_prior
from winset.acceptance.layout import lay_out
from winset.acceptance.model import read_meaning
from winset.acceptance.priors import PRIORS
from winset.acceptance.tasks import build_tasks, tested_options
from winset.evidence import Responses, gather
from winset.study import Study

DRAWS, WARMUP, FAST_DRAWS, PRIOR_DRAWS = 400, 250, 1000, 500


def measure(
    study: Study,
    responses: Responses | None = None,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    fast: bool = False,
    without: Sequence[str] = (),
    until: dt.date | None = None,
    posterior: Posterior | None = None,
    progress: bool = False,
    say: Say = lambda _: None,
) -> Acceptance:
    """Fit the acceptance model to all evidence of a study.

    Parameters
    ----------
    responses
        Evidence; gathered from the study's folder where absent.
    draws
        Draws per chain of four (NUTS).
    fast
        Use the Laplace approximation instead of NUTS; every output says so.
    without
        Kinds of instrument, instruments or questions to leave out.
    until
        Give evidence dated later no weight: it is predicted, not learned from (a backtest).
    posterior
        What ``prepare`` made of the same evidence, to save compiling it twice.
    progress
        Draw a progress bar with the time left on stderr.
    say
        Called with a line at each stage.

    Raises
    ------
    StudyError, EvidenceError
        If the files hold mistakes.
    FitError
        If no fit is possible.
    """
    responses = gather(study, without=without) if responses is None else responses.without(study, without)
    posterior = prepare(study, responses) if posterior is None else posterior
    dates = posterior.problem.cells.names["date"]
    known = np.ones(len(dates), bool) if until is None else (dates <= until).to_numpy()
    tasks = posterior.problem.tasks.date
    heard = np.ones(len(tasks), bool) if until is None else (tasks <= until).to_numpy()
    variant = posterior.variant(PRIORS, known, keep_tasks=heard)
    if fast:
        say("finding the mode (Laplace approximation)")
        fit = sample_laplace(posterior, variant, seed, FAST_DRAWS)
    else:
        fit = sample_nuts(posterior, variant, seed, draws, WARMUP, progress=progress, say=say)
    used = responses if until is None else responses.until(until)
    return assemble(study, used, posterior, fit, seed, known)


def assume(study: Study, responses: Responses | None = None, *, seed: int = 1) -> Acceptance:
    """What the priors alone say of a study: its ``predictive`` is the prior predictive check.

    Gelman, Simpson & Betancourt (2017): priors are judged by the answers that they foresee.

    Raises
    ------
    StudyError, EvidenceError
        If the files hold mistakes.
    """
    responses = gather(study) if responses is None else responses
    posterior = prepare(study, responses)
    fit = sample_prior(posterior, seed, FAST_DRAWS)
    return assemble(study, responses, posterior, fit, seed, np.zeros(len(posterior.problem.cells), bool))


def prepare(study: Study, responses: Responses) -> Posterior:
    """Compile the posterior of a study's evidence."""
    first = responses.table["date"].min()
    layout = lay_out(study, study.as_of if first is None else first)  # pyright: ignore[reportArgumentType]
    cells = build_cells(study, responses, layout)
    tasks = build_tasks(study, responses, layout, cells.questions, cells.instruments)
    layout = replace(layout, tested=tested_options(tasks, layout))
    return Posterior(Problem(cells, tasks, read_meaning(study, cells, tasks, layout), layout))


def assemble(
    study: Study, responses: Responses, posterior: Posterior, fit: Fit, seed: int, known: Bool[np.ndarray, " cell"]
) -> Acceptance:
    """Put a fit, its verdict and the prior it started from together."""
    layout = posterior.problem.layout
    prior = sample_prior(posterior, seed + 1, PRIOR_DRAWS)
    return Acceptance(
        study=study,
        responses=responses,
        cells=posterior.problem.cells,
        known=known,
        draws=make_draws(layout, flatten(fit), seed),
        prior=make_draws(layout, flatten(prior), seed + 1),
        fit=fit,
        diagnostics=judge(fit),
        seed=seed,
    )


def flatten(fit: Fit) -> dict[str, np.ndarray]:
    """Samples with chains joined."""
    return {k: v.reshape(-1, *v.shape[2:]) for k, v in fit.samples.items()}
