"""The acceptance model: one likelihood over all responses.

Latent utility of a person in constituency c at time t for an offer x::

    u = level_c(t) + sum_k worth_{c,k}[x_k] + question + instrument + person + eps

Part-worths are total range x importance x ordered shares (conjoint practice; importances sum to one), so an
issue nobody was asked about has a direction and little weight. Answers are an ordered probit with the
accept/reject border at 0; a share follows who speaks for or against; a share refuses red lines at any price; counts are
Dirichlet-multinomial. Sets of people who are no random sample have selection odds: those who accept are r times as likely
to be reached (logit q = logit p + log r). A whole answers as its parts do, in their shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from jax import Array
from jax.scipy.special import logsumexp

from winset.acceptance import kernels
from winset.acceptance.answering import biases, fearful, row_answers
from winset.acceptance.cells import Cells
from winset.acceptance.coders import coders, spoken
from winset.acceptance.hearing import cue_shares, following
from winset.acceptance.meaning import KINDS
from winset.acceptance.priors import Prior
from winset.acceptance.problem import Problem
from winset.acceptance.sampling import centred_effect, sample, standard
from winset.acceptance.tasks import task_terms
from winset.acceptance.walks import levels, step_centring, wander_centring
from winset.acceptance.worths import mixing, of_groups, worths

if TYPE_CHECKING:
    from jaxtyping import Float

SHOWN = ("worth", "level", "importance", "total", "person_variance", "open_variance", "log_kept")
"""What is kept of every constituency."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Variant:
    """What may change without a new compilation.

    Parameters
    ----------
    numbers
        Both parameters of every prior.
    weight, task_weight
        Weight of each cell (0 leaves it out) and of each task.
    counts
        Effective answers by cell and bin.
    nodes, constant
        Exact prints of vague cells, and their log constant.
    people
        How many people share each pattern of coded words.
    information, drift, wander
        What each cell tells, and about how far each side drifts and questions wander: how far effects are centred follows.
    lean
        Ends of the share of each side's undecided that would accept; of no account where the study declares none.
    """

    numbers: Float[Array, "prior 2"]
    weight: Float[Array, " cell"]
    counts: Float[Array, "cell bin"]
    nodes: Float[Array, "vague node bin"]
    constant: Float[Array, "vague node"]
    task_weight: Float[Array, " task"]
    people: Float[Array, " pattern"]
    information: Float[Array, " cell"]
    drift: Float[Array, " side"]
    wander: Float[Array, ""]
    lean: Float[Array, "side end"]


def acceptance_model(problem: Problem, priors: Mapping[str, Prior], variant: Variant) -> None:
    """NumPyro model of a problem."""
    cells, tasks, meaning, layout = problem.cells, problem.tasks, problem.meaning, problem.layout
    mixed = mixing(layout)
    told = variant.information, variant.drift, variant.wander
    centring = step_centring(problem.walk, cells, meaning, layout, *told, priors)
    leaves = {**worths(layout, priors), **levels(problem.walk, layout, centring, priors)}
    groups = of_groups(leaves, mixed, len(layout.constituencies))
    for name in SHOWN:
        numpyro.deterministic(name, groups[name])
    numpyro.deterministic("mix", mixed)
    shares = {"lapse": sample("lapse", priors["lapse"])}
    leaves["follow"] = following(meaning.hearing, layout, priors)
    numpyro.deterministic("follow", leaves["follow"])
    if not len(cells) and not len(tasks):
        return
    shares["falsification"] = sample("falsification", priors["falsification"])
    if len(cells):
        terms, bias = _cell_terms(problem, leaves, mixed, shares, priors, variant)
        numpyro.factor("evidence", (terms * variant.weight).sum())
    else:
        bias = biases(meaning, layout, priors)
        size = jnp.stack([sample(f"question_{k}", priors[f"question_{k}"]) for k in KINDS])[meaning.kind]
        bias["question"] = centred_effect("question", size, jnp.zeros(len(size)))
    numpyro.deterministic("question_bias", bias["question"])
    numpyro.deterministic("instrument_bias", bias["instrument"])
    numpyro.deterministic("log_odds", bias["log_odds"])
    if len(tasks):
        question = tasks.question[tasks.row]
        side = layout.leaf_side[tasks.leaf]
        fear = fearful(shares["falsification"], side, tasks.instrument[tasks.row], meaning, layout)
        cues = cue_shares(leaves["follow"], meaning.hearing, layout, question, tasks.leaf)
        answers = task_terms(tasks, meaning.loyal[question], leaves, bias, shares["lapse"], fear, mixed, cues)
        numpyro.factor("experiments", (answers * variant.task_weight).sum())


def _cell_terms(
    problem: Problem,
    leaves: Mapping[str, Array],
    mixed: Float[Array, "group leaf"],
    shares: dict[str, Array],
    priors: Mapping[str, Prior],
    variant: Variant,
) -> tuple[Float[Array, " cell"], dict[str, Array]]:
    """Log-likelihood of each cell: its counts, and the people in it who were coded one by one."""
    cells, meaning, rows = problem.cells, problem.meaning, problem.meaning.rows
    hidden = np.where(cells.partial, cells.hidden, 0.0)
    asked = cells.total + cells.undecided
    seen_undecided = np.where(cells.partial, 0.0, cells.undecided / np.maximum(asked, 1e-9))
    shares = {**shares, "undecided": jnp.asarray(np.minimum(np.where(cells.partial, hidden, seen_undecided), 0.95))}
    if (meaning.lean[:, 1] > meaning.lean[:, 0]).any():
        where = priors["undecided_lean"]
        place = jax.scipy.stats.norm.cdf(where.first + where.second * standard("lean", len(meaning.lean)))
        shares["lean"] = variant.lean[:, 0] + (variant.lean[:, 1] - variant.lean[:, 0]) * place
    else:
        shares["lean"] = variant.lean.mean(1)
    centring = wander_centring(meaning.wandering, variant.information, variant.drift, variant.wander)
    p, bias = row_answers(cells, meaning, problem.layout, leaves, shares, variant.information, centring, priors)
    share = rows.shares(mixed)
    whole, inside = (p, p) if rows.plain else (rows.join(p, share), rows.join(p, share * rows.inside))
    matrices = coders(cells, priors)
    interviewed = jnp.asarray(meaning.interviews[cells.instrument])
    written, counted = (_written(x, interviewed, matrices["pooled"][cells.scale]) for x in (whole, inside))
    numpyro.deterministic("answers", written)
    numpyro.deterministic("bins", _bins(written, hidden, cells))
    bins = _bins(counted, hidden, cells)
    numpyro.deterministic("counted", bins)
    together = jnp.clip(sample("cluster_interviews", priors["cluster_interviews"]), 1e-4, 0.9)
    apart = jnp.clip(sample("cluster_polls", priors["cluster_polls"]), 1e-5, 0.5)
    correlation = jnp.where(interviewed, together, apart)
    numpyro.deterministic("correlation", correlation)
    terms = _log_counts(cells, counted, bins, correlation, variant)
    terms = terms * cells.remainder.said
    if len(cells.voices):
        numpyro.deterministic("confusion", matrices["own"])
        terms = terms + spoken(cells, whole, together, matrices["own"], variant.people)
    numpyro.deterministic("log_likelihood", terms)
    return terms, bias


def _written(p: Array, interviewed: Array, matrix: Array) -> Array:
    """What is written down of answers: coders err, pollsters do not."""
    return jnp.where(interviewed[:, None], jnp.einsum("cz,czl->cl", p, matrix), p)


def _bins(written: Array, hidden: Float[np.ndarray, " cell"], cells: Cells) -> Float[Array, "cell bin"]:
    """Probability of each printed answer, and of none of them."""
    seen = (1 - hidden)[:, None] * written * cells.printed
    return jnp.concatenate([seen, jnp.where(cells.partial, 1 - seen.sum(1), 0.0)[:, None]], axis=1)


def _log_counts(
    cells: Cells, counted: Array, bins: Array, correlation: Array, variant: Variant
) -> Float[Array, " cell"]:
    """Log-likelihood of the counts of each cell; of a vague print, the mean over the exact prints it may stand for."""
    put = []
    for b in cells.batches:
        p, together = bins[b.cell[:, None], b.used], correlation[b.cell]
        if not len(b.vague):
            put.append((variant.counts[b.cell[:, None], b.used], p, together))
            continue
        if b.hides:
            seen = (counted * cells.printed)[b.cell[:, None], b.used[:, :-1]]
            seen = seen[:, None] * (1 - cells.prints.hidden[b.vague])[:, :, None]
            p = jnp.concatenate([seen, 1 - seen.sum(2, keepdims=True)], axis=2)
        else:
            p = p[:, None]
        put.append((jnp.take_along_axis(variant.nodes[b.vague], b.used[:, None], axis=2), p, together[:, None]))
    found = kernels.log_counts(put)
    for n, b in enumerate(cells.batches):
        if len(b.vague):
            found[n] = logsumexp(found[n] + variant.constant[b.vague], axis=1) - jnp.log(found[n].shape[1])
    return jnp.concatenate(found)[np.argsort(np.concatenate([b.cell for b in cells.batches]))]
