"""What a word for or against an offer is worth: shares of people who follow.

Somebody who speaks for an offer moves a share of those who would reject it; somebody who speaks against it a share of those
who would accept. A word from another side works the other way (reactive devaluation: Maoz, Ward, Katz & Ross 2002).
Nobody who refuses a red line at any price follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance.backend import jax, jnp
from winset.acceptance.layout import Layout
from winset.acceptance.priors import PRIORS, Prior
from winset.acceptance.sampling import scattered, standard
from winset.study import Study, find_speaker

if TYPE_CHECKING:
    from jax import Array
    from jaxtyping import Bool, Float, Int

RELATIONS = ("leader", "voice", "other")
STANDS = ("for", "against")
FOR = STANDS.index("for")


@dataclass(frozen=True)
class Hearing:
    """Who spoke in which question, as arrays.

    Parameters
    ----------
    relation
        What each speaker is to each leaf, a place in ``RELATIONS``.
    cues
        By question and slot: number of the speaker as heard by each side, -1 where there is none.
    stands
        0 for, 1 against.
    heard
        Which leaf was asked a question in which a speaker stood for, or against.
    """

    speakers: tuple[str, ...]
    relation: Int[np.ndarray, "leaf speaker"]
    cues: Int[np.ndarray, "question slot side"]
    stands: Int[np.ndarray, "question slot"]
    heard: Bool[np.ndarray, "leaf speaker stand"]


def list_hearing(
    study: Study, layout: Layout, questions: tuple[str, ...], asked: Int[np.ndarray, "row pair"]
) -> Hearing:
    """Who spoke, from the questions; ``asked`` are pairs of question and leaf that there is evidence for."""
    known = [study.questions[q] for q in questions]
    slots = max((len(q.endorsed) for q in known), default=0)
    cues = np.full((len(known), slots, len(layout.sides)), -1)
    stands = np.zeros((len(known), slots), int)
    for n, q in enumerate(known):
        for slot, (name, stand) in enumerate(q.endorsed.items()):
            stands[n, slot] = STANDS.index(stand)
            for s, side in enumerate(layout.sides):
                cues[n, slot, s] = find_speaker(name, side, study.speakers)
    sides = [layout.sides[s] for s in layout.leaf_side]
    relation = np.array([[RELATIONS.index(x.relation(s)) for x in study.speakers] for s in sides])
    heard = np.zeros((len(sides), len(study.speakers), 2), bool)
    for q, leaf in asked:
        for slot in range(slots):
            if (speaker := cues[q, slot, layout.leaf_side[leaf]]) >= 0:
                heard[leaf, speaker, stands[q, slot]] = True
    return Hearing(tuple(x.id for x in study.speakers), relation, cues, stands, heard)


def following(hearing: Hearing, layout: Layout, priors: Mapping[str, Prior]) -> Float[Array, "leaf speaker stand"]:
    """Sample the share that follows each speaker, as log odds; pooled by what he is to those who hear, then by side.

    Effects of words that nobody was asked about are left at their mean here: ``complete_following`` draws them.
    """
    if not hearing.heard.any():
        return jnp.zeros(hearing.heard.shape) + _centres(priors)[hearing.relation][..., None]
    mean = _centres(priors)[:, None] + _widths(priors)[:, None] * standard("cue", len(RELATIONS), 2)
    first = np.zeros_like(hearing.heard)
    for s in range(len(layout.sides)):
        own = layout.leaf_side == s
        first[np.flatnonzero(own)[0]] = hearing.heard[own].any(0)
    by_side = scattered("cue_speaker", first)
    leader = np.array([int(np.flatnonzero(layout.leaf_side == s)[0]) for s in layout.leaf_side])
    own = scattered("cue_group", hearing.heard)
    deviation = priors["cue_spread"].second * by_side[leader] + priors["cue_group"].second * own
    return mean[hearing.relation] + deviation


def _centres(priors: Mapping[str, Prior]) -> Array:
    return jnp.stack([jnp.asarray(priors[f"cue_{r}"].first) for r in RELATIONS])


def _widths(priors: Mapping[str, Prior]) -> Array:
    return jnp.stack([jnp.asarray(priors[f"cue_{r}"].second) for r in RELATIONS])


def complete_following(
    known: Float[np.ndarray, "draw leaf speaker stand"], hearing: Hearing, layout: Layout, seed: int
) -> Float[np.ndarray, "draw leaf speaker stand"]:
    """Shares that follow, words that nobody was asked about drawn from what is known of others (or from the prior)."""
    rng = np.random.default_rng([seed, 23])
    draws, (leaves, speakers, stands) = len(known), hearing.heard.shape
    spread = PRIORS["cue_spread"].second * rng.standard_normal((draws, len(layout.sides), speakers, stands))
    own = PRIORS["cue_group"].second * rng.standard_normal((draws, leaves, speakers, stands))
    new = spread[:, layout.leaf_side] + own
    if not hearing.heard.any():
        width = np.array([PRIORS[f"cue_{r}"].second for r in RELATIONS])
        new = new + (width[:, None] * rng.standard_normal((draws, len(RELATIONS), 2)))[:, hearing.relation]
    logits = np.where(hearing.heard, known, known + new)
    return 1 / (1 + np.exp(-logits))


def follow_words(
    endorsed: Mapping[str, str], study: Study, layout: Layout
) -> list[tuple[Int[np.ndarray, " leaf"], int, Bool[np.ndarray, " leaf"]]]:
    """For each word on an offer: its speaker by leaf, the stand, and whether it moves people towards the offer."""
    found = []
    for name, stand in endorsed.items():
        numbers = [find_speaker(name, s, study.speakers) for s in layout.sides]
        speaker = np.array([numbers[s] for s in layout.leaf_side])
        other = np.array(
            [study.speakers[n].side != layout.sides[s] for n, s in zip(speaker, layout.leaf_side, strict=True)]
        )
        found.append((speaker, STANDS.index(stand), other ^ (stand == "for")))
    return found


def cue_shares(
    follow: Float[Array, "leaf speaker stand"],
    hearing: Hearing,
    layout: Layout,
    question: Int[np.ndarray, " row"],
    leaf: Int[np.ndarray, " row"],
) -> list[tuple[Float[Array, " row"], Bool[np.ndarray, " row"]]]:
    """By slot: share of people who follow in each row, and whether they move towards the offer."""
    shares = jax.nn.sigmoid(follow)
    found = []
    for slot in range(hearing.cues.shape[1]):
        speaker = hearing.cues[question, slot, layout.leaf_side[leaf]]
        stand = hearing.stands[question, slot]
        share = jnp.where(speaker >= 0, shares[leaf, np.maximum(speaker, 0), stand], 0.0)
        other = hearing.relation[leaf, np.maximum(speaker, 0)] == RELATIONS.index("other")
        found.append((share, other ^ (stand == FOR)))
    return found
