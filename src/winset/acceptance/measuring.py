"""Study and responses in, acceptance out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.acceptance import Acceptance
from winset.acceptance.chains import Memory, Say, Store
from winset.acceptance.diagnostics import judge
from winset.acceptance.draws import AcceptanceDraws, make_draws
from winset.acceptance.fit import Posterior, find_mode, sample_laplace, sample_prior
from winset.acceptance.fitted import Fit, flatten
from winset.acceptance.nuts import CAREFUL, sample_nuts
from winset.acceptance.printed import printed_numbers
from winset.acceptance.problem import Problem, pose
from winset.evidence import Responses, gather
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool, Float

DRAWS, FAST_DRAWS, PRIOR_DRAWS = 400, 1000, 500


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
    known: Bool[np.ndarray, " cell"] | None = None,
    heard: Bool[np.ndarray, " task"] | None = None,
    start: Float[np.ndarray, " parameter"] | None = None,
    store: Store | None = None,
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
        Give evidence that had not ended by then no weight: it is predicted, not learned from (a backtest).
    posterior
        What ``prepare`` made of the same evidence, to save compiling it twice.
    known, heard
        Printed results, and answers to experiments, to learn from; absent: all that ``until`` allows.
    start
        Centre of another fit whose scales and shares are kept; with ``fast`` only.
    store
        Where a fit with NUTS keeps what it has done after every block of draws, and takes up what an earlier call left.
    say
        Called with a line at each stage, and every ten seconds with the time that is left.

    Raises
    ------
    StudyError, EvidenceError
        If the files hold mistakes.
    FitError
        If no fit is possible.
    """
    responses = gather(study, without=without) if responses is None else responses.without(study, without)
    posterior = prepare(study, responses) if posterior is None else posterior
    dates = posterior.problem.cells.names["end"]
    tasks = posterior.problem.tasks.end
    if known is None:
        known = np.ones(len(dates), bool) if until is None else (dates <= until).to_numpy()
    if heard is None:
        heard = np.ones(len(tasks), bool) if until is None else (tasks <= until).to_numpy()
    variant = posterior.variant(keep=known, keep_tasks=heard)
    used = responses if until is None else responses.until(until)
    if fast:
        say("finding the mode (Laplace approximation)")
        mode = None if start is None else find_mode(posterior, variant, start)
        return assemble(study, used, posterior, sample_laplace(posterior, variant, seed, FAST_DRAWS, mode), seed, known)
    store = Memory() if store is None else store
    fit = sample_nuts(posterior, variant, seed, draws, store=store, say=say)
    found = assemble(study, used, posterior, fit, seed, known)
    if found.diagnostics.too_few_draws:
        say(f"{_failing(found)} Sampling goes on for as many draws again.")
        fit = sample_nuts(posterior, variant, seed, draws * 2, store=store, say=say)
        found = assemble(study, used, posterior, fit, seed, known)
    if found.diagnostics.passed:
        return found
    say(f"{_failing(found)} It is fitted again, longer and more carefully.")
    fit = sample_nuts(posterior, variant, seed + 1, draws * 3 // 2, CAREFUL, fit.mode, store=store, say=say)
    return assemble(study, used, posterior, fit, seed, known)


def _failing(found: Acceptance) -> str:
    return found.diagnostics.sentence.split(" Try ")[0]


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
    """The posterior of a study's evidence, ready to be compiled."""
    return Posterior(pose(study, responses))


def draw_truth(problem: Problem, seed: int, draws: int = 1) -> tuple[AcceptanceDraws, dict[str, np.ndarray]]:
    """Draws of everything from the priors: acceptance, and the first draw of every site of the model."""
    samples = flatten(sample_prior(Posterior(problem), seed, draws))
    return make_draws(problem, samples, seed), {k: v[0] for k, v in samples.items()}


def assemble(
    study: Study, responses: Responses, posterior: Posterior, fit: Fit, seed: int, known: Bool[np.ndarray, " cell"]
) -> Acceptance:
    """Put a fit, its verdict and the prior it started from together."""
    prior = sample_prior(posterior, seed + 1, PRIOR_DRAWS)
    samples, instruments = flatten(fit), posterior.problem.cells.instruments
    drawn = make_draws(posterior.problem, samples, seed, known)
    return Acceptance(
        study=study,
        responses=responses,
        cells=posterior.problem.cells,
        known=known,
        draws=drawn,
        prior=make_draws(posterior.problem, flatten(prior), seed + 1, known),
        fit=fit,
        diagnostics=judge(fit, printed_numbers(study, drawn, samples, instruments)),
        seed=seed,
        hearing=posterior.problem.meaning.hearing,
    )
