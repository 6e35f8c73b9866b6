"""What coders judged that single people said: coders err, and the true stance is summed out.

Dawid & Skene (1979) inside the acceptance model. Every person's stance is a latent class whose prior is the model's
own probability of each answer; every coder has a confusion matrix, pooled towards the others'. Disagreement therefore
widens what is learned, and one coder alone leaves the prior on error as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from winset.acceptance import kernels
from winset.acceptance.backend import jax, jnp, special
from winset.evidence import Responses
from winset.evidence.responses import is_judged

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Bool, Float, Int

Keys = list[str]


@dataclass(frozen=True)
class Voices:
    """People whose words were coded, equal patterns of judgements counted together, which is exact.

    Parameters
    ----------
    cell
        Cell (question, instrument, constituency, date) of each pattern.
    judged
        Category that each coder gave, -1 for none.
    people
        How many people share the pattern.
    counted
        The same people in the counts of their cells, one vote shared by those who judged.
    """

    cell: Int[np.ndarray, " pattern"]
    judged: Int[np.ndarray, "pattern coder"]
    people: Float[np.ndarray, " pattern"]
    counted: Float[np.ndarray, "cell category"]
    coders: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.people)

    @property
    def checked(self) -> Bool[np.ndarray, " coder"]:
        """Coders who judged somebody whom another coder judged too: only of them can errors be learned."""
        double = (self.judged >= 0).sum(1) >= 2
        return np.asarray((self.judged[double] >= 0).any(0))

    @property
    def cells(self) -> Int[np.ndarray, " few"]:
        """Cells that hold coded people."""
        return np.unique(self.cell)


def build_voices(responses: Responses, names: pl.DataFrame, keys: Keys, widest: int) -> Voices:
    """Patterns of judgements; ``names`` has one row a cell, with ``keys`` as in the responses."""
    rows = responses.table.filter(is_judged() & pl.col("category").is_not_null())
    numbered = names.select(keys).with_row_index("cell")
    rows = rows.join(numbered, on=keys, how="left", nulls_equal=True)
    coders = tuple(rows["coder"].unique().sort())
    counted = np.zeros((names.height, widest))
    cells, categories = rows["cell"].to_numpy(), rows["category"].to_numpy()
    np.add.at(counted, (cells, categories), rows["weight"].to_numpy())
    patterns: dict[tuple[int, str], np.ndarray] = {}
    places = {c: n for n, c in enumerate(coders)}
    for cell, who, coder, category in rows.select("cell", "respondent", "coder", "category").iter_rows():
        pattern = patterns.setdefault((cell, who), np.full(len(coders), -1))
        pattern[places[coder]] = category
    keyed = np.array([[k[0], *p] for k, p in patterns.items()], int).reshape(-1, 1 + len(coders))
    unique, people = np.unique(keyed, axis=0, return_counts=True)
    return Voices(unique[:, 0], unique[:, 1:], people.astype(float), counted, coders)


def confusion(
    error: Float[Array, "*coder klass"],
    step: Float[Array, ""],
    tilt: Float[Array, "*coder klass label"],
    lengths: Int[np.ndarray, " scale"],
) -> Float[Array, "scale *coder klass label"]:
    """Probability of each label given the true class, for scales of so many answers (padded).

    Parameters
    ----------
    error
        Chance of any other label than the true one.
    step
        How much rarer a label is with each further step from the true one; 1 makes all errors alike (nominal).
    tilt
        Log odds by which a label is given more often than that.
    """
    place = np.arange(tilt.shape[-1])
    distance = np.abs(place[:, None] - place[None, :])
    inside = place < lengths[:, None]
    other = (distance > 0) & inside[:, :, None] & inside[:, None, :]
    other = other.reshape(len(lengths), *(1,) * (tilt.ndim - 2), *distance.shape)
    weight = jnp.where(other, jnp.exp(jnp.log(step) * (distance - 1) + tilt), 0.0)
    wrong = weight / jnp.maximum(weight.sum(-1, keepdims=True), 1e-30)
    return jnp.where(jnp.asarray(distance == 0), 1 - error[..., None], error[..., None] * wrong)


def voice_terms(
    voices: Voices,
    p: Float[Array, "cell category"],
    leaning: Float[Array, " cell"],
    scores: Float[np.ndarray, "cell category"],
    scale: Int[np.ndarray, " cell"],
    confusions: Float[Array, "scale coder klass label"],
    people: Float[Array, " pattern"],
) -> Float[Array, " cell"]:
    """Log-likelihood of all judgements, by cell; ``leaning`` is what people of one cell share beyond chance."""
    own = kernels.reached(p, leaning, jnp.asarray(scores))[voices.cell]
    log_own = jnp.log(jnp.maximum(own, 1e-12))
    for j in range(len(voices.coders)):
        given = voices.judged[:, j]
        table = confusions[:, j][scale[voices.cell], :, np.maximum(given, 0)]
        log_own = log_own + jnp.where((given >= 0)[:, None], jnp.log(jnp.maximum(table, 1e-12)), 0.0)
    terms = special.logsumexp(log_own, axis=1) * people
    return jax.ops.segment_sum(terms, jnp.asarray(voices.cell), num_segments=p.shape[0])
