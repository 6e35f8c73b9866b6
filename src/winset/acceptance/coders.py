"""What coders make of what people say, as parameters; the likelihood of single voices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from winset.acceptance.cells import WIDEST, Cells, answer_scores
from winset.acceptance.priors import Prior
from winset.acceptance.sampling import sample, scattered, standard
from winset.acceptance.voices import confusion, voice_terms

if TYPE_CHECKING:
    from jaxtyping import Float


def coders(cells: Cells, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample what coders make of each true answer: a matrix for coders at large, and one for each known coder.

    Returns
    -------
    ``pooled`` (scale, klass, label), and ``own`` (scale, coder, klass, label) where people were coded one by one.
    A coder whom no other coder checked has the matrix of coders at large, with all its doubt.
    """
    lengths = np.array([len(s.answers) for s in cells.scales])
    error, step = sample("coder_error", priors["coder_error"]), sample("coder_step", priors["coder_step"])
    found = {"pooled": confusion(jnp.full((WIDEST,), error), step, jnp.zeros((WIDEST, WIDEST)), lengths)}
    voices = cells.voices
    if not len(voices):
        return found
    used = lengths[cells.scale[voices.cells]].max()
    several = voices.checked[:, None] & (np.arange(WIDEST) < used)
    lean = priors["coder_spread"].second * scattered("coder_spread", voices.checked)[:, None]
    lean = lean + priors["confusion_spread"].second * scattered("coder_class", several)
    off = several[:, :, None] & several[:, None, :] & ~np.eye(WIDEST, dtype=bool)
    tilt = priors["confusion_spread"].second * scattered("confusion", off)
    own = jax.nn.sigmoid(jax.scipy.special.logit(error) + lean)
    found["own"] = confusion(own, step, tilt, lengths)
    return found


def spoken(
    cells: Cells, p: Array, together: Array, own: Array, people: Float[Array, " pattern"] | None
) -> Float[Array, " cell"]:
    """Log-likelihood of single people's coded words, by cell.

    Voices of one cell share a deviation on the log-odds scale whose size gives even answers the correlation
    ``together``: var(q) = (p (1 - p))^2 s^2 = together p (1 - p) at p = 1/2.
    """
    voices = cells.voices
    shared = 2 * jnp.sqrt(together / (1 - together)) * standard("voices", len(voices.cells))
    leaning = jnp.zeros(len(cells)).at[voices.cells].set(shared)
    count = jnp.asarray(voices.people) if people is None else people
    return voice_terms(voices, p, leaning, answer_scores(cells), cells.scale, own, count)
