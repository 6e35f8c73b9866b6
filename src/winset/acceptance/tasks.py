"""Answers of single respondents to experiments: many offers, each judged once or a few times.

They enter the same likelihood as polls, but are not kept one by one in the posterior: a thousand people judge tens of
thousands of different pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import kernels
from winset.acceptance.backend import jax, jnp, stats
from winset.acceptance.layout import Layout, one_hot
from winset.evidence import Responses
from winset.evidence.responses import is_single
from winset.study import Study

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True)
class Tasks:
    """Judged offers as arrays; equal answers to equal offers are added up, which is exact.

    Parameters
    ----------
    offer, against
        One-hot options, issues side by side; ``against`` is all zero for no deal.
    settled
        Issues that the offer settles.
    differ
        Issues on which the two packages of a pair differ, one of them perhaps leaving it open.
    accepted
        Whether the offer was accepted or preferred.
    weight
        Effective answers.
    row, leaf, group
        Pairs of a task and a leaf that answered it, and the group that the leaf is a share of.
    """

    knot: Int[np.ndarray, " task"]
    question: Int[np.ndarray, " task"]
    instrument: Int[np.ndarray, " task"]
    offer: Float[np.ndarray, "task option"]
    against: Float[np.ndarray, "task option"]
    settled: Float[np.ndarray, "task issue"]
    differ: Float[np.ndarray, "task issue"]
    compared: Bool[np.ndarray, " task"]
    accepted: Bool[np.ndarray, " task"]
    weight: Float[np.ndarray, " task"]
    end: pl.Series
    row: Int[np.ndarray, " row"]
    leaf: Int[np.ndarray, " row"]
    group: Int[np.ndarray, " row"]

    def __len__(self) -> int:
        return len(self.weight)


def build_tasks(
    study: Study, responses: Responses, layout: Layout, questions: tuple[str, ...], instruments: tuple[str, ...]
) -> Tasks:
    """Tasks of a responses table; don't-knows are left out, as they are of polls."""
    keys = ["instrument", "question", "side", "constituency", "date", "end", "offer", "against", "category"]
    rows = responses.table.filter(is_single() & pl.col("category").is_in([0, 1]))
    rows = rows.group_by(keys, maintain_order=True).agg(pl.col("weight").sum())
    offers = responses.offers.drop("offer").to_numpy().astype(int).reshape(-1, len(study.space.issues))
    offers = np.concatenate([offers, np.full((1, offers.shape[1]), -1)])
    first = offers[rows["offer"].to_numpy()]
    second = offers[rows["against"].fill_null(len(offers) - 1).to_numpy()]
    order = {f"{s}/{c}": i for i, (s, c) in enumerate(layout.groups)}
    who = (rows["side"] + "/" + rows["constituency"]).replace_strict(order, return_dtype=pl.Int64).to_numpy()
    days = rows["date"].unique().to_list()
    row, leaf = np.nonzero(layout.mixing[who].reshape(len(who), len(layout.leaves)) > 0)
    return Tasks(
        knot=rows["date"].replace_strict({d: layout.knot(d) for d in days}, return_dtype=pl.Int64).to_numpy(),
        question=_place(rows["question"], questions),
        instrument=_place(rows["instrument"], instruments),
        offer=one_hot(first, layout),
        against=one_hot(second, layout),
        settled=(first >= 0).astype(float),
        differ=(first != second).astype(float),
        compared=rows["against"].is_not_null().to_numpy(),
        accepted=(rows["category"] == 1).to_numpy(),
        weight=rows["weight"].to_numpy(),
        end=rows["end"],
        row=row,
        leaf=leaf,
        group=who[row],
    )


def tested_options(tasks: Tasks, layout: Layout) -> Bool[np.ndarray, "side issue option"]:
    """Options that the tasks showed to people of each side."""
    shown = (tasks.offer + tasks.against) > 0
    shown, side = shown[tasks.row], layout.leaf_side[tasks.leaf]
    found = [
        shown[side == s].any(0) if (side == s).any() else np.zeros(shown.shape[1], bool)
        for s in range(len(layout.sides))
    ]
    return np.stack(found).reshape(layout.tested.shape)


def _place(column: pl.Series, names: tuple[str, ...]) -> Int[np.ndarray, " task"]:
    return column.replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64).to_numpy().astype(int)


def task_terms(
    tasks: Tasks,
    loyal: Int[np.ndarray, " row"],
    values: Mapping[str, Array],
    bias: Mapping[str, Array],
    lapse: Array,
    fear: Float[Array, " row"],
    mixed: Float[Array, "group leaf"],
    cues: Sequence[tuple[Float[Array, " row"], Bool[np.ndarray, " row"]]] = (),
) -> Float[Array, " task"]:
    """Log-likelihood of each task's answer, without its weight; ``values`` are those of leaves.

    Utilities are products with one-hot offers: tens of thousands of tasks cost a few small matrix products, forward
    and back.
    """
    c, at = tasks.leaf, tasks.row
    compared, question, instrument = tasks.compared[at], tasks.question[at], tasks.instrument[at]
    flat = {k: values[k].reshape(values[k].shape[0], -1) for k in ("worth", "log_kept")}
    gain = kernels.own((tasks.offer - tasks.against)[at] @ flat["worth"].T, c)
    person = values["person_variance"]
    varied = kernels.own(jnp.where(compared[:, None], tasks.differ[at], tasks.settled[at]) @ person.T, c)
    imagined = jnp.where(compared, 0.0, kernels.own((1 - tasks.settled[at]) @ values["open_variance"].T, c))
    level = jnp.where(compared, 0.0, values["level"][c, tasks.knot[at]])
    mean = level + gain + bias["question"][question] + bias["instrument"][instrument]
    likes = lapse + (1 - 2 * lapse) * stats.norm.cdf(mean / jnp.sqrt(1 + varied + imagined))
    for share, towards in cues:
        likes = jnp.where(towards, likes + share * (1 - likes), likes * (1 - share))
    kept = jnp.exp(kernels.own(tasks.offer[at] @ flat["log_kept"].T, c))
    kept_other = jnp.where(compared, jnp.exp(kernels.own(tasks.against[at] @ flat["log_kept"].T, c)), 1.0)
    both_refused = 0.5 * (1 - kept) * (1 - kept_other)
    p = kept * kept_other * likes + kept * (1 - kept_other) + both_refused
    odds = jnp.exp(bias["log_odds"][instrument])
    p = p * odds / (p * odds + 1 - p)
    p = jnp.where(loyal > 0, p + fear * (1 - p), jnp.where(loyal < 0, p * (1 - fear), p))
    if len(at) > len(tasks):
        p = jax.ops.segment_sum(p * mixed[tasks.group, c], jnp.asarray(at), len(tasks))
    p = jnp.clip(p, 1e-9, 1 - 1e-9)
    return jnp.where(tasks.accepted, jnp.log(p), jnp.log1p(-p))
