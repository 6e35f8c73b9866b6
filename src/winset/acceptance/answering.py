"""From utility to answers: what people of each leaf would say to each question, as it was put to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import logit
from jax.scipy.stats import norm
from scipy.special import ndtri

from winset.acceptance import kernels
from winset.acceptance.cells import WIDEST, Cells, answer_scores, marks
from winset.acceptance.hearing import cue_shares
from winset.acceptance.layout import Layout, one_hot
from winset.acceptance.meaning import EVERYBODY, KINDS, REFUSED, Meaning
from winset.acceptance.priors import Prior
from winset.acceptance.sampling import NOTHING, centred_effect, sample, standard
from winset.study import Scale

if TYPE_CHECKING:
    from jaxtyping import Float, Int

FAR = 60.0
"""Cutpoint beyond every scale, in probit units; finite, so that gradients are."""

SPREAD = 1.3
"""Spread of people about their group's mean, in probits, for telling how far a question's deviation is centred."""

Values = Mapping[str, Array]


def biases(meaning: Meaning, layout: Layout, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample what instruments add to the truth, and how far people who will vote differ from all."""
    selected = [priors.get(f"selection_{s}") for s in meaning.selections]
    random = jnp.array([s is None for s in selected])
    centre = jnp.array([s.first if s else 0.0 for s in selected])
    width = jnp.array([s.second if s else 0.0 for s in selected])
    raw = standard("instrument", len(selected))
    shared = priors["shared"].second * standard("shared", len(layout.sides))
    polled = jnp.where(meaning.interviews, 0.0, shared[meaning.instrument_side])
    voters = jnp.zeros(len(layout.leaves))
    if meaning.voters.any():
        voters = priors["voters"].second * standard("voters", len(layout.leaves))
    return {
        "instrument": jnp.where(random, priors["house"].second * raw, 0.0) + polled,
        "log_odds": jnp.where(random, 0.0, centre + width * raw),
        "voters": voters,
    }


def asked_utility(
    cells: Cells, meaning: Meaning, layout: Layout, values: Values, priors: Mapping[str, Prior]
) -> tuple[Float[Array, " row"], Float[Array, " row"]]:
    """Mean and spread, by row, of the utility of each cell's offer over its reversion point."""
    at, c = meaning.rows.cell, meaning.rows.leaf
    kind = meaning.kind[cells.question[at]]
    share, focus = _loom(kind, priors)
    offer, against, compared = cells.offer[at], cells.against[at], cells.compared[at]
    worth = values["worth"].reshape(len(layout.leaves), -1).T
    difference = one_hot(offer, layout) - np.where(compared[:, None], one_hot(against, layout), 0.0)
    gain = kernels.own(difference @ worth, c)
    touched = ((offer >= 0) | (against >= 0)) & (offer != against)
    varied = np.where(compared[:, None], touched, offer >= 0).astype(float)
    imagined = np.where(compared[:, None], 0.0, offer < 0).astype(float)
    spread = focus**2 * kernels.own(varied @ values["person_variance"].T, c)
    spread = spread + share**2 * kernels.own(imagined @ values["open_variance"].T, c)
    level = jnp.where(compared, 0.0, share * values["level"][c, cells.knot[at]])
    return level + focus * gain, jnp.sqrt(1.0 + spread)


def _loom(kind: Int[np.ndarray, " row"], priors: Mapping[str, Prior]) -> tuple[Array, Array]:
    """By row: how far the level counts, and how much heavier the terms weigh than in a whole plan."""
    share = focus = jnp.ones(len(kind))
    clause, alone = kind == KINDS.index("clause"), np.isin(kind, [KINDS.index(k) for k in ("vague", "term")])
    if clause.any():
        share = jnp.where(clause, sample("clause_level", priors["clause_level"]), share)
        focus = jnp.where(clause, sample("clause_focus", priors["clause_focus"]), focus)
    if alone.any():
        focus = jnp.where(alone, sample("term_focus", priors["term_focus"]), focus)
    return share, focus


def question_deviations(
    cells: Cells,
    meaning: Meaning,
    mean: Float[Array, " row"],
    spread: Float[Array, " row"],
    kept: Float[Array, " row"],
    information: Float[Array, " cell"],
    priors: Mapping[str, Prior],
) -> Float[Array, " question"]:
    """Sample what each wording adds, centred on what its answers tell.

    Parameters
    ----------
    kept
        Log share that refuses nothing.
    information
        What each cell tells of its question; 0 leaves a cell out.

    Notes
    -----
    Answers pin down the utility of a question's offer with the deviation in it, far more sharply than its parts. That
    sum, in units of its spread, is what the sampler sees where there are many answers; the deviation itself where there
    are few. A refusing share lowers answers as a lower utility does: p = kept Phi(z) has d z / d log kept = Phi / phi.
    """
    size = jnp.stack([sample(f"question_{k}", priors[f"question_{k}"]) for k in KINDS])[meaning.kind]
    count, rows = len(meaning.kind), meaning.rows
    told = information[rows.cell] * rows.inside + NOTHING
    question = jnp.asarray(cells.question[rows.cell])
    summed = lambda x: jax.ops.segment_sum(told * x, question, count)  # noqa: E731
    total = summed(jnp.ones(len(rows)))
    asked = np.isin(np.arange(count), cells.question)
    share = np.clip(cells.decided_share(), 0.03, 0.97)[rows.cell]
    slope = share / (np.exp(-0.5 * ndtri(share) ** 2) / np.sqrt(2 * np.pi))
    width = jnp.where(asked, summed(spread) / jnp.where(asked, total, 1.0), 1.0)
    middle = jnp.where(asked, summed(mean + spread * slope * kept) / jnp.where(asked, total, 1.0), 0.0)
    steady = total / (1 + total * priors["house"].second ** 2)
    told_of = steady * (jnp.array([priors[f"question_{k}"].first for k in KINDS])[meaning.kind] / SPREAD) ** 2
    return width * centred_effect("question", size / width, told_of / (1 + told_of), middle / width)


def _kind_means(meaning: Meaning, priors: Mapping[str, Prior]) -> Float[Array, " question"]:
    """What all questions of a kind share; whole plans are what the others are held against."""
    shared = priors["kind_mean"].second * standard("kind_mean", len(KINDS) - 1)
    return jnp.concatenate([shared, jnp.zeros(1)])[meaning.kind]


def cutpoints(cells: Cells, priors: Mapping[str, Prior]) -> Float[Array, "cell cut"]:
    """Cutpoints by cell, the accept/reject border at 0 (or astride it where a scale has a neutral answer)."""
    p = priors["cutpoint"]
    gaps = jnp.exp(jnp.log(p.first) + p.second * standard("cutpoint", len(cells.scales), WIDEST))
    sums, beyond = (np.stack(x) for x in zip(*map(_cuts_of, cells.scales), strict=True))
    return (jnp.einsum("scg,sg->sc", sums, gaps) + beyond)[cells.scale]


def _cuts_of(scale: Scale) -> tuple[Float[np.ndarray, "cut gap"], Float[np.ndarray, " cut"]]:
    """Which gaps between answers add up to each cutpoint of a scale, and ``FAR`` where it has no such cutpoint."""
    border, count = scale.border, len(scale.answers) - 1
    neutral = scale.neutral is not None
    sums, beyond = np.zeros((WIDEST - 1, WIDEST)), np.zeros(WIDEST - 1)
    beyond[count:] = FAR
    for cut in range(count):
        above = cut >= border - 1
        if above:
            sums[cut, border : cut + 1] = 1.0
        else:
            sums[cut, : border - 1 - neutral - cut] = -1.0
        if neutral:
            sums[cut, border - 1] = 0.5 if above else -0.5
    return sums, beyond


def row_answers(
    cells: Cells,
    meaning: Meaning,
    layout: Layout,
    values: Values,
    shares: Values,
    information: Float[Array, " cell"],
    centring: Float[Array, " step"],
    priors: Mapping[str, Prior],
) -> tuple[Float[Array, "row category"], dict[str, Array]]:
    """Probability of each answer of each leaf in each cell, and the biases that went into it.

    Parameters
    ----------
    shares
        ``lapse`` and ``falsification``; ``undecided`` by cell.
    centring
        How far each step between the waves of a question is centred.
    """
    at, c = meaning.rows.cell, meaning.rows.leaf
    question, instrument = cells.question[at], cells.instrument[at]
    rejects, accepts = (jnp.asarray(m[cells.scale[at]]) for m in marks(cells.scales))
    bias = biases(meaning, layout, priors)
    mean, spread = asked_utility(cells, meaning, layout, values, priors)
    mean = mean + bias["instrument"][instrument] + jnp.where(meaning.voters[question], bias["voters"][c], 0.0)
    if len(meaning.wandering.months):
        scale = sample("wander", priors["wander"]) * np.sqrt(meaning.wandering.months)
        mean = mean + (meaning.wandering.reach @ centred_effect("wandered", scale, centring))[at]
    refused = values["log_kept"].reshape(len(layout.leaves), -1).T
    log_kept = kernels.own(one_hot(cells.offer[at], layout) @ refused, c)
    kinds = _kind_means(meaning, priors)
    own = question_deviations(cells, meaning, mean + kinds[question], spread, log_kept, information, priors)
    bias["question"] = own + kinds
    mean = mean + bias["question"][question]
    cuts = cutpoints(cells, priors)[at]
    p = kernels.answers(mean, spread, cuts)
    kept = jnp.exp(log_kept)
    based = np.flatnonzero(meaning.base[question] != EVERYBODY)
    if len(based):
        stable = sample("stability", priors["stability"])
        second = mean[based], spread[based], cuts[based], p[based]
        p = p.at[based].set(based_answers(based, second, rejects, cells, meaning, values, bias, stable))
        kept = kept.at[based].set(1.0)
    p = kernels.lapsed(p, shares["lapse"], rejects, accepts)
    for share, towards in cue_shares(values["follow"], meaning.hearing, layout, question, c):
        p = _swayed(p, share, towards, rejects, accepts)
    p = kernels.moved(p, 1 - kept, jnp.ones_like(p), rejects)
    if (compared := cells.compared[at]).any():
        kept_other = jnp.exp(kernels.own(one_hot(cells.against[at], layout) @ refused, c))
        p = kernels.moved(p, jnp.where(compared, 1 - kept_other, 0.0), jnp.ones_like(p), accepts)
    if np.isfinite(meaning.lean).any():
        p = kernels.leant(p, shares["undecided"][at], _leaning(cells, meaning, layout, shares), rejects, accepts)
    if any(f"selection_{s}" in priors for s in meaning.selections):
        p = kernels.reached(p, bias["log_odds"][instrument], jnp.asarray(answer_scores(cells)[at]))
    return _feared(p, cells, meaning, layout, shares, rejects, accepts, priors), bias


def based_answers(
    based: Int[np.ndarray, " few"],
    second: tuple[Array, Array, Array, Array],
    rejects: Float[Array, "row category"],
    cells: Cells,
    meaning: Meaning,
    values: Values,
    bias: Values,
    stable: Float[Array, ""],
) -> Float[Array, "few category"]:
    """Answers to an offer of people who refused, or accepted, another one before.

    The same person's utilities for both offers are bivariate normal: what both offers settle alike, what both leave open,
    and a part of the noise are the person's own. Who refuses a red line at any price in the first offer refuses it in the second.
    """
    mean, spread, cuts, p = second
    at, c = meaning.rows.cell[based], meaning.rows.leaf[based]
    question = cells.question[at]
    first, offer = meaning.base_offer[question], cells.offer[at]
    worth, log_kept = values["worth"][c], values["log_kept"][c]
    person, imagined = values["person_variance"][c], values["open_variance"][c]
    asked = meaning.base_question[question]
    deviation = jnp.where(asked >= 0, bias["question"][np.maximum(asked, 0)], 0.0)
    before = values["level"][c, cells.knot[at]] + kernels.pick(worth, first).sum(-1) + deviation
    before = before + bias["instrument"][cells.instrument[at]]
    before_spread = jnp.sqrt(1 + jnp.where(first >= 0, person, imagined).sum(-1))
    common = stable + jnp.where(first != offer, 0.0, jnp.where(first >= 0, person, imagined)).sum(-1)
    r = jnp.clip(common / (spread * before_spread), 0.0, 0.98)
    edge = -before / before_spread
    cut = jnp.concatenate([(cuts - mean[:, None]) / spread[:, None], jnp.full((len(based), 1), FAR)], axis=1)
    below = kernels.both_below(edge[:, None], cut, r[:, None])
    both_no = jnp.diff(jnp.concatenate([jnp.zeros((len(based), 1)), below], axis=1), axis=1)
    no = norm.cdf(edge)
    one, two = (kernels.pick(log_kept, o) for o in (first, offer))
    keeps_first, keeps, keeps_both = (jnp.exp(x.sum(-1))[:, None] for x in (one, two, jnp.minimum(one, two)))
    refuses = p * rejects[based] / (p * rejects[based]).sum(1, keepdims=True)
    refused = keeps_both * both_no + (keeps - keeps_both) * p
    refused = refused + (1 - keeps - (keeps_first - keeps_both) * (1 - no[:, None])) * refuses
    accepted = keeps_both * (p - both_no) + (keeps_first - keeps_both) * (1 - no[:, None]) * refuses
    found = jnp.where((meaning.base[question] == REFUSED)[:, None], refused, accepted)
    found = jnp.maximum(found, 1e-9) * (p > 0)
    return found / found.sum(1, keepdims=True)


def _leaning(cells: Cells, meaning: Meaning, layout: Layout, shares: Values) -> Float[Array, " row"]:
    """Log odds by which the undecided of each row lean to acceptance, against everybody."""
    side, at = layout.leaf_side[meaning.rows.leaf], meaning.rows.cell
    declared = np.isfinite(meaning.lean[side, 0])
    lean = jnp.clip(shares["lean"][side], 0.005, 0.995)
    undecided = shares["undecided"][at]
    decided = np.clip(cells.decided_share(), 0.01, 0.99)[at]
    everybody = (1 - undecided) * decided + undecided * lean
    return jnp.where(declared, logit(lean) - logit(everybody), 0.0)


def _feared(
    p: Float[Array, "row category"],
    cells: Cells,
    meaning: Meaning,
    layout: Layout,
    shares: Values,
    rejects: Array,
    accepts: Array,
    priors: Mapping[str, Prior],
) -> Float[Array, "row category"]:
    """Loyal answers given out of fear, and what list experiments lose."""
    at, c = meaning.rows.cell, meaning.rows.leaf
    question = cells.question[at]
    loyal, listed = meaning.loyal[question], meaning.listed[question]
    fear = fearful(shares["falsification"], layout.leaf_side[c], cells.instrument[at], meaning, layout)
    fear = jnp.where(listed, 0.0, fear)
    if listed.any():
        p = _deflated(p, jnp.where(listed, sample("deflation", priors["deflation"]), 0.0), loyal, rejects, accepts)
    return _swayed(p, jnp.where(loyal != 0, fear, 0.0), loyal > 0, rejects, accepts) if loyal.any() else p


def _swayed(
    p: Float[Array, "row category"], share: Float[Array, " row"], towards: np.ndarray, rejects: Array, accepts: Array
) -> Float[Array, "row category"]:
    """Answers when a share of those who would refuse accept instead, or the other way round, by row."""
    towards = towards[:, None]
    return kernels.moved(p, share, jnp.where(towards, rejects, accepts), jnp.where(towards, accepts, rejects))


def _deflated(
    p: Float[Array, "row category"], lost: Float[Array, " row"], loyal: np.ndarray, rejects: Array, accepts: Array
) -> Float[Array, "row category"]:
    """Answers by list, which lose part of every agreement with the item: the loyal answer, or else acceptance."""
    item = jnp.where((loyal < 0)[:, None], rejects, accepts)
    share = jnp.clip(lost / jnp.maximum((p * item).sum(1), 1e-6), 0.0, 0.9)
    return kernels.moved(p, share, item, jnp.where((loyal < 0)[:, None], accepts, rejects))


def fearful(share: Array, side: np.ndarray, instrument: np.ndarray, meaning: Meaning, layout: Layout) -> Array:
    """Share that gives the loyal answer out of fear, by row."""
    return jnp.where(jnp.asarray(layout.repressive[side] & meaning.direct[instrument]), jnp.minimum(share, 0.9), 0.0)
