"""Part-worths and the mixing of parts into wholes: what acceptance of a package is made of, but for its level."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.stats import norm

from winset.acceptance import kernels
from winset.acceptance.layout import Layout
from winset.acceptance.priors import Prior
from winset.acceptance.sampling import sample, scattered, standard
from winset.study import Normal, Threshold, Uniform, mean_share

SPAN = (1.0, 1.0, 1.1284, 1.6926, 2.0588, 2.3259, 2.5344, 2.7044, 2.8472, 2.9700, 3.0775)
"""Mean range of so many standard normals (Tippett 1925; Harter 1960, table 1): unordered options spread as ordered ones do."""


def worths(layout: Layout, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample part-worths, their spread among people, and refusing shares of every leaf."""
    sides, groups = len(layout.sides), len(layout.leaves)
    issues, options = layout.exists.shape
    exists, side = jnp.asarray(layout.exists), layout.leaf_side
    p = priors
    total = jnp.exp(
        (jnp.log(p["total_range"].first) + p["total_range"].second * standard("total_range", sides))[side]
        + p["range_spread"].second * standard("range_spread", groups)
    )
    logits = p["importance"].second * scattered("importance", _weighed(layout))
    own = p["importance_spread"].second * standard("importance_spread", groups, issues)
    issue = np.arange(issues)[None]
    known = layout.ordered[layout.order_of, issue]  # of an unordered issue the spread of options is the importance
    importance = jax.nn.softmax(jnp.where(known, logits[side], 0.0) + own, axis=-1)
    shares = _shares(layout, priors)
    width = jnp.where(layout.tested, p["wobble_tested"].second, p["wobble"].second)
    wobble = width * scattered("wobble", np.broadcast_to(layout.exists, (sides, issues, options)))
    wobble = kernels.centred(wobble, exists)
    worth = (total[:, None] * importance)[..., None] * shares[layout.order_of, issue] + wobble[side]
    person = sample("person_spread", p["person_spread"])
    rungs = np.arange(1, max(int(layout.refused.max()), 1) + 1)
    laddered = layout.refused.max(-1)[..., None] >= rungs
    own_ladder = laddered[layout.order_of, issue]
    refusal = (
        p["refusal"].first
        + p["refusal"].second * scattered("refusal", laddered)[layout.order_of, issue]
        + p["refusal_spread"].second * scattered("refusal_spread", own_ladder)
    )
    return {
        "total": total,
        "importance": kernels.range_shares(worth, exists),
        "worth": worth,
        "person_variance": (person * total[:, None] * importance) ** 2,
        "open_variance": kernels.option_variance(worth, exists),
        "log_kept": kernels.refusing(refusal, jnp.asarray(layout.refused[layout.order_of, issue])),
    }


def _weighed(layout: Layout) -> np.ndarray:
    """Issues of each side that have an order there: where none is known, the spread of options is the importance."""
    ordered = (layout.order_side >= 0) & layout.ordered
    return np.stack([(ordered & (layout.order_side == s)).any(0) for s in range(len(layout.sides))])


def _shares(layout: Layout, priors: Mapping[str, Prior]) -> Array:
    """Shares of an issue's range by option, for each distinct order: ordered, or free where nobody knows an order."""
    exists = jnp.asarray(layout.exists)
    count = layout.exists.sum(1)
    here = (layout.order_side >= 0) & layout.ordered
    stepped = np.arange(max(layout.exists.shape[1] - 1, 1)) < (count - 1)[:, None]
    steps = priors["step"].second * scattered("step", stepped[None] & here[..., None])
    shares = kernels.ordered_shares(steps, jnp.asarray(layout.orders), exists)
    unknown = (layout.order_side >= 0) & ~layout.ordered
    if not unknown.any():
        return shares
    free = priors["unordered"].second * scattered("unordered", unknown[..., None] & layout.exists[None])
    free = kernels.centred(free, exists) / np.array(SPAN)[np.minimum(count, len(SPAN) - 1)][None, :, None]
    return jnp.where(unknown[..., None], free, shares)


def mixing(layout: Layout) -> Array:
    """Share of each leaf in each group, uncertain shares drawn."""
    mixed: list[Array | np.ndarray] = [np.zeros(len(layout.leaves)) for _ in layout.groups]
    for i, leaf in enumerate(layout.leaves):
        mixed[int(leaf)] = np.eye(len(layout.leaves))[i]
    for n, (whole, parts) in enumerate(layout.parts):
        if n in layout.uncertain:
            at = standard(f"parts_{n}", len(parts))
            drawn = jnp.stack([_share(x, at[i]) for i, (_, x) in enumerate(parts)])
        else:
            drawn = np.array([mean_share(x) for _, x in parts])
        mixed[whole] = sum(x * mixed[p] for x, (p, _) in zip(drawn / drawn.sum(), parts, strict=True))  # pyright: ignore[reportCallIssue, reportArgumentType]
    return jnp.stack(mixed)


def _share(declared: Threshold, at: Array) -> Array:
    """A share at so many standard normal deviations of its declared distribution."""
    match declared:
        case Uniform():
            low, high = declared.uniform
            return low + (high - low) * norm.cdf(at)
        case Normal():
            return jnp.clip(declared.normal[0] + declared.normal[1] * at, 1e-3, 1.0)
        case _:
            return jnp.asarray(float(declared))


def of_groups(values: Mapping[str, Array], mixed: Array, groups: int) -> dict[str, Array]:
    """Values of leaves as values of constituencies: of a whole, the mean of its parts."""
    if groups == len(values["total"]):
        return dict(values)
    own = mixed[:groups]
    found = {k: jnp.tensordot(own, v, 1) for k, v in values.items() if k not in {"log_kept", "drift"}}
    kept = jnp.log(jnp.tensordot(own, jnp.exp(values["log_kept"]), 1))
    return {**found, "log_kept": kept, "drift": values["drift"]}
