"""Answers of single respondents to experiments: many offers, each judged once or a few times.

They enter the same likelihood as polls, but are not kept one by one in the posterior: a thousand people judge tens of
thousands of different pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import polars as pl
from jax import Array
from jax.scipy.stats import norm
from jaxtyping import Bool, Float, Int

from winset.acceptance.layout import Layout
from winset.evidence import Responses
from winset.evidence.responses import is_single
from winset.study import Study


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
    """

    constituency: Int[np.ndarray, " task"]
    month: Int[np.ndarray, " task"]
    question: Int[np.ndarray, " task"]
    instrument: Int[np.ndarray, " task"]
    offer: Float[np.ndarray, "task option"]
    against: Float[np.ndarray, "task option"]
    settled: Float[np.ndarray, "task issue"]
    differ: Float[np.ndarray, "task issue"]
    compared: Bool[np.ndarray, " task"]
    accepted: Bool[np.ndarray, " task"]
    weight: Float[np.ndarray, " task"]
    date: pl.Series

    def __len__(self) -> int:
        return len(self.weight)


def build_tasks(
    study: Study, responses: Responses, layout: Layout, questions: tuple[str, ...], instruments: tuple[str, ...]
) -> Tasks:
    """Tasks of a responses table; don't-knows are left out, as they are of polls."""
    keys = ["instrument", "question", "side", "constituency", "date", "offer", "against", "category"]
    rows = responses.table.filter(is_single() & pl.col("category").is_in([0, 1]))
    rows = rows.group_by(keys, maintain_order=True).agg(pl.col("weight").sum())
    offers = responses.offers.drop("offer").to_numpy().astype(int).reshape(-1, len(study.space.issues))
    offers = np.concatenate([offers, np.full((1, offers.shape[1]), -1)])
    first = offers[rows["offer"].to_numpy()]
    second = offers[rows["against"].fill_null(len(offers) - 1).to_numpy()]
    order = {f"{s}/{c}": i for i, (s, c) in enumerate(layout.constituencies)}
    who = (rows["side"] + "/" + rows["constituency"]).replace_strict(order, return_dtype=pl.Int64)
    months = rows["date"].unique().to_list()
    return Tasks(
        constituency=who.to_numpy(),
        month=rows["date"].replace_strict({d: layout.month(d) for d in months}, return_dtype=pl.Int64).to_numpy(),
        question=_place(rows["question"], questions),
        instrument=_place(rows["instrument"], instruments),
        offer=_one_hot(first, layout),
        against=_one_hot(second, layout),
        settled=(first >= 0).astype(float),
        differ=(first != second).astype(float),
        compared=rows["against"].is_not_null().to_numpy(),
        accepted=(rows["category"] == 1).to_numpy(),
        weight=rows["weight"].to_numpy(),
        date=rows["date"],
    )


def tested_options(tasks: Tasks, layout: Layout) -> Bool[np.ndarray, "side issue option"]:
    """Options that the tasks showed to people of each side."""
    shown = (tasks.offer + tasks.against) > 0
    side = layout.side_of[tasks.constituency]
    found = [
        shown[side == s].any(0) if (side == s).any() else np.zeros(shown.shape[1], bool)
        for s in range(len(layout.sides))
    ]
    return np.stack(found).reshape(layout.place.shape)


def _place(column: pl.Series, names: tuple[str, ...]) -> Int[np.ndarray, " task"]:
    return column.replace_strict({n: i for i, n in enumerate(names)}, return_dtype=pl.Int64).to_numpy()


def _one_hot(package: Int[np.ndarray, "task issue"], layout: Layout) -> Float[np.ndarray, "task option"]:
    """Options side by side, padded as in the layout; an open issue has none."""
    issues, options = layout.exists.shape
    marks = package[..., None] == np.arange(options)
    return marks.reshape(len(package), issues * options).astype(float)


def task_terms(
    tasks: Tasks,
    loyal: Int[np.ndarray, " task"],
    values: Mapping[str, Array],
    bias: Mapping[str, Array],
    lapse: Array,
    fear: Float[Array, " task"],
) -> Float[Array, " task"]:
    """Log-likelihood of each task's answer, without its weight.

    Utilities are products with one-hot offers: tens of thousands of tasks cost a few small matrix products, forward
    and back.
    """
    c = tasks.constituency
    flat = {k: values[k].reshape(values[k].shape[0], -1) for k in ("worth", "log_kept")}
    gain = _own((tasks.offer - tasks.against) @ flat["worth"].T, c)
    person = values["person_variance"]
    varied = _own(jnp.where(tasks.compared[:, None], tasks.differ, tasks.settled) @ person.T, c)
    imagined = jnp.where(tasks.compared, 0.0, _own((1 - tasks.settled) @ values["open_variance"].T, c))
    level = jnp.where(tasks.compared, 0.0, values["level"][c, tasks.month])
    mean = level + gain + bias["question"][tasks.question] + bias["instrument"][tasks.instrument]
    likes = lapse + (1 - 2 * lapse) * norm.cdf(mean / jnp.sqrt(1 + varied + imagined))
    kept = jnp.exp(_own(tasks.offer @ flat["log_kept"].T, c))
    kept_other = jnp.where(tasks.compared, jnp.exp(_own(tasks.against @ flat["log_kept"].T, c)), 1.0)
    both_refused = 0.5 * (1 - kept) * (1 - kept_other)
    p = kept * kept_other * likes + kept * (1 - kept_other) + both_refused
    odds = jnp.exp(bias["log_odds"][tasks.instrument])
    p = p * odds / (p * odds + 1 - p)
    p = jnp.where(loyal > 0, p + fear * (1 - p), jnp.where(loyal < 0, p * (1 - fear), p))
    p = jnp.clip(p, 1e-9, 1 - 1e-9)
    return jnp.where(tasks.accepted, jnp.log(p), jnp.log1p(-p))


def _own(table: Float[Array | np.ndarray, "task constituency"], c: Int[np.ndarray, " task"]) -> Float[Array, " task"]:
    """Entry of each task's own constituency."""
    mine = np.arange(table.shape[1])[None] == c[:, None]
    return jnp.where(mine, table, 0.0).sum(1)
