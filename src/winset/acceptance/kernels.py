"""The arithmetic of acceptance: utilities, answers, counts. Arrays in, arrays out; no labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from winset.acceptance.backend import jax, jnp, stats

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Bool, Float, Int


def _library(values: object) -> Any:
    """NumPy for its own arrays, so that draws can be told without JAX; JAX for the rest."""
    return np if isinstance(values, np.ndarray) else jnp


def ordered_shares(
    logits: Float[Array, "side issue step"],
    place: Int[Array, "side issue option"],
    exists: Bool[Array, "issue option"],
) -> Float[Array, "side issue option"]:
    """Shares from 0 (worst option of a side) to 1 (best), centred over the issue's options.

    Steps between neighbouring options are positive and sum to one (softmax of ``logits``).
    """
    count = exists.sum(-1)
    steps = jnp.arange(logits.shape[-1])
    used = steps[None, None, :] < (count - 1)[None, :, None]
    weights = jnp.where(used, jnp.exp(logits), 0.0)
    increments = weights / jnp.maximum(weights.sum(-1, keepdims=True), 1e-12)
    climbed = jnp.concatenate([jnp.zeros_like(increments[..., :1]), jnp.cumsum(increments, axis=-1)], axis=-1)
    shares = jnp.take_along_axis(climbed, place, axis=-1)
    return centred(shares, exists)


def centred(values: Float[Array, "*side issue option"], exists: Bool[Array, "issue option"]) -> Float[Array, ...]:
    """Values minus their mean over an issue's options; zero where there is no option."""
    mean = jnp.where(exists, values, 0.0).sum(-1, keepdims=True) / exists.sum(-1, keepdims=True)
    return jnp.where(exists, values - mean, 0.0)


def option_variance(
    worths: Float[Array, "*group issue option"], exists: Bool[Array, "issue option"]
) -> Float[Array, "*group issue"]:
    """Variance of an issue's part-worths over its options: what an open issue leaves to the imagination."""
    return (_library(worths).where(exists, worths, 0.0) ** 2).sum(-1) / exists.sum(-1)


def range_shares(
    worths: Float[Array, "*group issue option"], exists: Bool[Array, "issue option"]
) -> Float[Array, "*group issue"]:
    """Each issue's share of the range of utility: its importance, whatever the order of its options."""
    where = _library(worths).where
    top = where(exists, worths, -np.inf).max(-1)
    span = top - where(exists, worths, np.inf).min(-1) + 1e-9
    return span / span.sum(-1, keepdims=True)


def refusing(
    step_logits: Float[Array, "*group issue rung"], refused: Int[Array, "*group issue option"]
) -> Float[Array, "*group issue option"]:
    """Log share that does *not* refuse each option.

    Red lines form a ladder: who refuses a milder option refuses the worse ones too.
    """
    kept = jnp.cumsum(-jax.nn.softplus(step_logits), axis=-1)
    ladder = jnp.concatenate([jnp.zeros_like(kept[..., :1]), kept], axis=-1)
    return jnp.take_along_axis(ladder, refused, axis=-1)


def pick(
    values: Float[Array, "... issue option"], package: Int[Array | np.ndarray, "... issue"]
) -> Float[Array, "... issue"]:
    """Value of the chosen option of each issue, 0 where the issue is open."""
    package = jnp.asarray(package)
    chosen = jnp.take_along_axis(values, jnp.maximum(package, 0)[..., None], axis=-1)[..., 0]
    return jnp.where(package >= 0, chosen, 0.0)


def own(table: Float[Array | np.ndarray, "row leaf"], leaf: Int[np.ndarray, " row"]) -> Float[Array, " row"]:
    """Entry of each row's own leaf: with products over one-hot offers far faster, back too, than picking and scattering."""
    mine = np.arange(table.shape[1])[None] == leaf[:, None]
    return jnp.where(mine, table, 0.0).sum(1)


def answers(
    mean: Float[Array, " cell"],
    spread: Float[Array, " cell"],
    cuts: Float[Array, "cell cut"],
) -> Float[Array, "cell category"]:
    """Probability of each answer of an ordered probit; cuts beyond the scale lie far out."""
    below = stats.norm.cdf((cuts - mean[:, None]) / spread[:, None])
    ends = jnp.zeros_like(mean)[:, None], jnp.ones_like(mean)[:, None]
    return jnp.diff(jnp.concatenate([ends[0], below, ends[1]], axis=1), axis=1)


def lapsed(
    p: Float[Array, "cell category"],
    lapse: Float[Array, ""],
    rejects: Float[Array, "cell category"],
    accepts: Float[Array, "cell category"],
) -> Float[Array, "cell category"]:
    """Answers when a share ``lapse`` answers each way at random."""
    careless = 0.5 * (rejects / rejects.sum(1, keepdims=True) + accepts / accepts.sum(1, keepdims=True))
    return (1 - 2 * lapse) * p + 2 * lapse * careless


def moved(
    p: Float[Array, "cell category"],
    share: Float[Array, " cell"],
    source: Float[Array, "cell category"],
    target: Float[Array, "cell category"],
) -> Float[Array, "cell category"]:
    """Answers when a share of those in ``source`` answer in ``target`` instead (deference, falsification)."""
    leaving = share[:, None] * p * source
    there = p * target + 1e-9 * target
    return p - leaving + leaving.sum(1, keepdims=True) * there / there.sum(1, keepdims=True)


def reached(
    p: Float[Array, "cell category"],
    log_odds: Float[Array, " cell"],
    score: Float[Array, "cell category"],
) -> Float[Array, "cell category"]:
    """Answers of those who were reached, when accepters are reached more often than rejecters.

    Parameters
    ----------
    log_odds
        Log of the selection odds r: accepters are r times as likely to be reached and printed as rejecters.
    score
        1 for accepting answers, 0 for rejecting ones, one half between.

    Notes
    -----
    With two answers, logit q = logit p + log r.
    """
    weighed = p * jnp.exp(log_odds[:, None] * (score - 0.5))
    return weighed / weighed.sum(1, keepdims=True)


SHIFT = 8
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)


def log_gamma(x: Array) -> Array:
    """Log of the gamma function of positive numbers, to 14 digits.

    Notes
    -----
    Stirling's series (Abramowitz & Stegun 1964, 6.1.41) of x + 8, and eight factors taken off. JAX's own serves any
    argument; with its derivative it took most of the time of a fit.
    """
    factors = x
    for k in range(1, SHIFT):
        factors = factors * (x + k)
    far = x + SHIFT
    inverse, series = 1 / far**2, jnp.zeros_like(far)
    for term in reversed(STIRLING):
        series = term + inverse * series
    return (far - 0.5) * jnp.log(far) - far + 0.5 * np.log(2 * np.pi) + series / far - jnp.log(factors)


def log_counts(batches: Sequence[tuple[Array, Array, Array]]) -> list[Array]:
    """Dirichlet-multinomial log-likelihood of effective counts, by batch of one shape.

    All log-gammas are taken in one go, which compiles and runs faster.

    Parameters
    ----------
    batches
        Of each: effective counts, which need not be whole, shape (..., bin); the probability of each bin, 0 where it does
        not exist; the intra-cluster correlation, shape (...): near 0 the multinomial, the concentration is its inverse less 1.

    Notes
    -----
    Mosimann (1962). Without the multinomial coefficient, which holds no parameter.
    """
    needed = []
    for counts, p, correlation in batches:
        exists = p > 0
        a = jnp.where(exists, (1.0 / correlation - 1.0)[..., None] * p, 1.0)
        total, sum_a = counts.sum(-1), jnp.where(exists, a, 0.0).sum(-1)
        needed.append((counts + a, a, sum_a, sum_a + total))
    flat = [x for arrays in needed for x in arrays]
    parts = jax.lax.split(log_gamma(jnp.concatenate([x.ravel() for x in flat])), [x.size for x in flat])
    told = iter(y.reshape(x.shape) for x, y in zip(flat, parts, strict=True))
    found = []
    for _, p, _ in batches:
        risen, without, sum_without, sum_risen = next(told), next(told), next(told), next(told)
        found.append(jnp.where(p > 0, risen - without, 0.0).sum(-1) + sum_without - sum_risen)
    return found


NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


def both_below(
    h: Float[Array, "row 1"], k: Float[Array, "row cut"], correlation: Float[Array, "row 1"]
) -> Float[Array, "row cut"]:
    """Chance that two standard normals of some correlation lie below ``h`` and ``k``.

    Notes
    -----
    Plackett's (1954) integral over the correlation, in the form of Drezner & Wesolowsky (1990, eq. 3), by Gauss-Legendre
    quadrature: Phi(h) Phi(k) + (1 / 2 pi) int_0^asin(r) exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) dt.
    """
    top = jnp.arcsin(correlation)[..., None]
    angle = 0.5 * top * (1 + NODES)
    h, k = h[..., None], k[..., None]
    power = -(h**2 + k**2 - 2 * h * k * jnp.sin(angle)) / (2 * jnp.cos(angle) ** 2)
    integral = (0.5 * top * WEIGHTS * jnp.exp(power)).sum(-1) / (2 * jnp.pi)
    return stats.norm.cdf(h[..., 0]) * stats.norm.cdf(k[..., 0]) + integral


def leant(
    p: Float[Array, "row category"],
    undecided: Float[Array, " row"],
    lean: Float[Array, " row"],
    rejects: Float[Array, "row category"],
    accepts: Float[Array, "row category"],
) -> Float[Array, "row category"]:
    """Answers of those who decided, when a share is undecided and leans to acceptance in its own way.

    Parameters
    ----------
    lean
        Log odds of acceptance among the undecided, less those of everybody: 0 if they are like the rest.

    Notes
    -----
    Everybody's acceptance S is the mean of both: S = (1 - u) q + u L with logit L = logit S + lean; solved for q.
    """
    yes, no = (p * accepts).sum(1), (p * rejects).sum(1)
    share = jnp.clip(yes / (yes + no), 1e-6, 1 - 1e-6)
    odds = jnp.exp(lean) * share / (1 - share)
    decided = jnp.clip((share - undecided * odds / (1 + odds)) / (1 - undecided), 1e-4, 1 - 1e-4)
    return p * jnp.where(
        accepts > 0, (decided / share)[:, None], jnp.where(rejects > 0, ((1 - decided) / (1 - share))[:, None], 1.0)
    )
