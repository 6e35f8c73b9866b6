"""The acceptance model: one likelihood over all responses.

Latent utility of a person in constituency c at month t for an offer x::

    u = level_c(t) + sum_k worth_{c,k}[x_k] + question + instrument + person + eps

Part-worths are total range x importance x ordered shares (conjoint practice; importances sum to one), so an
issue nobody was asked about has a direction and little weight. Answers are an ordered probit with the
accept/reject border at 0; a share refuses red lines at any price; counts are Dirichlet-multinomial. Sets of people
who are no random sample have selection odds: those who accept are r times as likely to be reached (logit q = logit p + log r).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array
from jaxtyping import Float
from numpyro.distributions import Distribution

from winset.acceptance import kernels
from winset.acceptance.cells import WIDEST, Cells, marks
from winset.acceptance.layout import Layout
from winset.acceptance.priors import Prior
from winset.acceptance.tasks import Tasks, task_terms
from winset.acceptance.voices import confusion, voice_terms
from winset.study import Study

FAR = 60.0
"""Cutpoint beyond every scale, in probit units; finite, so that gradients are."""

CENTRED = 0.5
"""How far deviations of questions and steps of the walk are centred (Papaspiliopoulos, Roberts & Skold 2007)."""

KINDS = ("mood", "vague", "clause", "term", "package")


@dataclass(frozen=True)
class Meaning:
    """What the study says of each question and instrument, as arrays beside the cells."""

    kind: np.ndarray
    clause: np.ndarray
    deference: np.ndarray
    loyal: np.ndarray
    listed: np.ndarray
    side: np.ndarray
    interviews: np.ndarray
    direct: np.ndarray
    selections: tuple[str, ...]
    instrument_side: np.ndarray


def read_meaning(study: Study, cells: Cells, tasks: Tasks, layout: Layout) -> Meaning:
    """Look up the declared meaning of the questions and instruments in ``cells`` and ``tasks``."""
    questions = [study.questions[q] for q in cells.questions]
    instruments = [study.instruments[i] for i in cells.instruments]
    sides = [layout.sides.index(q.side) for q in questions]
    asked = [*zip(cells.instrument, cells.question, strict=True), *zip(tasks.instrument, tasks.question, strict=True)]
    first = {int(i): sides[int(q)] for i, q in asked}
    return Meaning(
        kind=np.array([KINDS.index(q.kind) for q in questions], int),
        clause=np.array([q.kind == "clause" for q in questions], bool),
        deference=np.array([q.deference for q in questions], bool),
        loyal=np.array([{"accept": 1, "reject": -1, None: 0}[q.loyal] for q in questions], int),
        listed=np.array([q.asked == "list" for q in questions], bool),
        side=np.array(sides, int),
        interviews=np.array([i.kind == "interviews" for i in instruments], bool),
        direct=np.array([i.direct for i in instruments], bool),
        selections=tuple(i.selection for i in instruments),
        instrument_side=np.array([first[i] for i in range(len(instruments))], int),
    )


def draw(prior: Prior) -> Distribution:
    """Distribution of a prior."""
    match prior.family:
        case "normal":
            return dist.Normal(prior.first, prior.second)
        case "half-normal":
            return dist.HalfNormal(prior.first)
        case "log-normal":
            return dist.LogNormal(jnp.log(prior.first), prior.second)
        case "beta":
            return dist.Beta(prior.first, prior.second)
        case "uniform":
            return dist.Uniform(prior.first, prior.second)
    raise ValueError(f"unknown family {prior.family}")


def _standard(name: str, *shape: int) -> Array:
    """Independent standard normals under a raw name; scaled where they are used (non-centred)."""
    return numpyro.sample(f"{name}_raw", dist.Normal(0.0, 1.0).expand(shape).to_event(len(shape)))  # pyright: ignore[reportReturnType]


def _half_centred(name: str, scale: Array) -> Array:
    """Normals of a given scale, partly centred: data pins most, not all, of them down."""
    raw = numpyro.sample(f"{name}_raw", dist.Normal(0.0, scale**CENTRED).to_event(scale.ndim))
    return scale ** (1 - CENTRED) * raw  # pyright: ignore[reportOperatorIssue]


def _scattered(name: str, where: np.ndarray) -> Array:
    """Standard normals where ``where`` holds, 0 elsewhere: padding costs no parameters."""
    if not where.any():
        return jnp.zeros(where.shape)
    flat = _standard(name, int(where.sum()))
    return jnp.zeros(where.shape).at[np.nonzero(where)].set(flat)


def _sample(name: str, prior: Prior) -> Array:
    return numpyro.sample(name, draw(prior))  # pyright: ignore[reportReturnType]


def worths(layout: Layout, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample part-worths, their spread among people, and refusing shares of every constituency."""
    sides, groups = len(layout.sides), len(layout.constituencies)
    issues, options = layout.exists.shape
    exists, side = jnp.asarray(layout.exists), layout.side_of
    p = priors
    total = jnp.exp(
        (jnp.log(p["total_range"].first) + p["total_range"].second * _standard("total_range", sides))[side]
        + p["range_spread"].second * _standard("range_spread", groups)
    )
    logits = p["importance"].second * _standard("importance", sides, issues)
    own = p["importance_spread"].second * _standard("importance_spread", groups, issues)
    importance = jax.nn.softmax(logits[side] + own, axis=-1)
    count = layout.exists.sum(1)
    stepped = np.arange(max(options - 1, 1))[None, :] < (count - 1)[:, None]
    steps = p["step"].second * _scattered("step", np.broadcast_to(stepped, (sides, *stepped.shape)))
    shares = kernels.ordered_shares(steps, jnp.asarray(layout.place), exists)
    width = jnp.where(layout.tested, p["wobble_tested"].second, p["wobble"].second)
    wobble = width * _scattered("wobble", np.broadcast_to(layout.exists, (sides, issues, options)))
    wobble = kernels.centred(wobble, exists)
    worth = (total[:, None] * importance)[..., None] * shares[side] + wobble[side]
    person = _sample("person_spread", p["person_spread"])
    rungs = np.arange(1, max(int(layout.refused.max()), 1) + 1)
    laddered = layout.refused.max(-1)[..., None] >= rungs
    refusal = (
        p["refusal"].first
        + p["refusal"].second * _scattered("refusal", laddered)[side]
        + p["refusal_spread"].second * _scattered("refusal_spread", laddered[side])
    )
    return {
        "total": total,
        "importance": kernels.range_shares(worth, exists),
        "worth": worth,
        "person_variance": (person * total[:, None] * importance) ** 2,
        "open_variance": kernels.option_variance(worth, exists),
        "log_kept": kernels.refusing(refusal, jnp.asarray(layout.refused[side])),
    }


def levels(layout: Layout, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample the level of every constituency by month: a random walk per side and a fixed offset."""
    sides, groups = len(layout.sides), len(layout.constituencies)
    start = priors["level"].first + priors["level"].second * _standard("level", sides)
    drift = numpyro.sample("drift", draw(priors["drift"]).expand((sides,)).to_event(1))
    steps = _half_centred("walk", jnp.broadcast_to(drift[:, None], (sides, max(layout.months - 1, 1))))  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
    walk = jnp.concatenate([jnp.zeros((sides, 1)), jnp.cumsum(steps, axis=1)], axis=1)[:, : layout.months]
    offset = priors["offset"].second * _standard("offset", groups)
    return {"level": start[layout.side_of, None] + walk[layout.side_of] + offset[:, None], "drift": drift}  # pyright: ignore[reportReturnType]


def biases(cells: Cells, meaning: Meaning, layout: Layout, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample what questions and instruments add to the truth."""
    size = jnp.stack([_sample(f"question_{k}", priors[f"question_{k}"]) for k in KINDS])
    question = _half_centred("question", size[meaning.kind])
    selected = [priors.get(f"selection_{s}") for s in meaning.selections]
    random = jnp.array([s is None for s in selected])
    centre = jnp.array([s.first if s else 0.0 for s in selected])
    width = jnp.array([s.second if s else 0.0 for s in selected])
    raw = _standard("instrument", len(cells.instruments))
    shared = priors["shared"].second * _standard("shared", len(layout.sides))
    polled = jnp.where(meaning.interviews, 0.0, shared[meaning.instrument_side])
    instrument = jnp.where(random, priors["house"].second * raw, 0.0) + polled
    return {"question": question, "instrument": instrument, "log_odds": jnp.where(random, 0.0, centre + width * raw)}


def _cuts(cells: Cells, priors: Mapping[str, Prior]) -> Float[Array, "cell cut"]:
    """Cutpoints by cell, the accept/reject border at 0 (or astride it where a scale has a neutral answer)."""
    p = priors["cutpoint"]
    gaps = jnp.exp(jnp.log(p.first) + p.second * _standard("cutpoint", len(cells.scales), WIDEST))
    rows = []
    for s, scale in enumerate(cells.scales):
        border, n = scale.border, len(scale.answers)
        half = 0.5 * gaps[s, border] if scale.neutral else 0.0
        above = half + jnp.concatenate([jnp.zeros(1), jnp.cumsum(gaps[s, border : n - 1])])[: n - border]
        lower = border - 1 if scale.neutral else border
        below = -half - jnp.concatenate([jnp.zeros(1), jnp.cumsum(gaps[s, : lower - 1])])[:lower][::-1]
        cuts = jnp.concatenate([below, above] if scale.neutral else [below[:-1], above])
        rows.append(jnp.concatenate([cuts, jnp.full(WIDEST - 1 - len(cuts), FAR)]))
    return jnp.stack(rows)[cells.scale]


def answer_probabilities(
    cells: Cells,
    meaning: Meaning,
    layout: Layout,
    values: Mapping[str, Array],
    bias: Mapping[str, Array],
    shares: Mapping[str, Array],
    priors: Mapping[str, Prior],
) -> Float[Array, "cell category"]:
    """Probability of each answer in each cell, biases of the instrument included."""
    c, side = cells.constituency, layout.side_of[cells.constituency]
    rejects, accepts = (jnp.asarray(m[cells.scale]) for m in marks(cells.scales))
    mean, spread = _utility(cells, meaning, values, priors)
    mean = mean + bias["question"][cells.question] + bias["instrument"][cells.instrument]
    p = kernels.lapsed(kernels.answers(mean, spread, _cuts(cells, priors)), shares["lapse"], rejects, accepts)
    follow = numpyro.sample("deference", draw(priors["deference"]).expand((len(layout.sides),)).to_event(1))
    p = kernels.moved(p, jnp.where(meaning.deference[cells.question], follow[side], 0.0), rejects, accepts)  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
    kept = jnp.exp(kernels.pick(values["log_kept"][c], cells.offer).sum(-1))
    kept_other = jnp.where(cells.compared, jnp.exp(kernels.pick(values["log_kept"][c], cells.against).sum(-1)), 1.0)
    p = kernels.moved(p, 1 - kept, jnp.ones_like(p), rejects)
    p = kernels.moved(p, 1 - kept_other, jnp.ones_like(p), accepts)
    p = kernels.reached(p, bias["log_odds"][cells.instrument], jnp.asarray(answer_scores(cells)))
    loyal, listed = meaning.loyal[cells.question], meaning.listed[cells.question]
    fear = jnp.where(listed, 0.0, _fear(shares["falsification"], side, cells.instrument, meaning, layout))
    if listed.any():
        p = _deflated(p, jnp.where(listed, _sample("deflation", priors["deflation"]), 0.0), loyal, rejects, accepts)
    p = kernels.moved(p, jnp.where(loyal < 0, fear, 0.0), accepts, rejects)
    return kernels.moved(p, jnp.where(loyal > 0, fear, 0.0), rejects, accepts)


def _deflated(
    p: Float[Array, "cell category"], lost: Float[Array, " cell"], loyal: np.ndarray, rejects: Array, accepts: Array
) -> Float[Array, "cell category"]:
    """Answers by list, which lose part of every agreement with the item: the loyal answer, or else acceptance."""
    item = jnp.where((loyal < 0)[:, None], rejects, accepts)
    share = jnp.clip(lost / jnp.maximum((p * item).sum(1), 1e-6), 0.0, 0.9)
    return kernels.moved(p, share, item, jnp.where((loyal < 0)[:, None], accepts, rejects))


def answer_scores(cells: Cells) -> Float[np.ndarray, "cell category"]:
    """1 for accepting answers, 0 for rejecting ones, one half between."""
    rejects, accepts = (m[cells.scale] for m in marks(cells.scales))
    return 0.5 + 0.5 * (accepts - rejects)


def _fear(share: Array, side: np.ndarray, instrument: np.ndarray, meaning: Meaning, layout: Layout) -> Array:
    """Share that gives the loyal answer out of fear, by cell or task."""
    return jnp.where(jnp.asarray(layout.repressive[side] & meaning.direct[instrument]), jnp.minimum(share, 0.9), 0.0)


def coders(cells: Cells, priors: Mapping[str, Prior]) -> dict[str, Array]:
    """Sample what coders make of each true answer: a matrix for coders at large, and one for each known coder.

    Returns
    -------
    ``pooled`` (scale, klass, label), and ``own`` (scale, coder, klass, label) where people were coded one by one.
    A coder whom no other coder checked has the matrix of coders at large, with all its doubt.
    """
    lengths = np.array([len(s.answers) for s in cells.scales])
    error, step = _sample("coder_error", priors["coder_error"]), _sample("coder_step", priors["coder_step"])
    found = {"pooled": confusion(jnp.full((WIDEST,), error), step, jnp.zeros((WIDEST, WIDEST)), lengths)}
    voices = cells.voices
    if not len(voices):
        return found
    used = lengths[cells.scale[voices.cells]].max()
    several = voices.checked[:, None] & (np.arange(WIDEST) < used)
    lean = priors["coder_spread"].second * _scattered("coder_spread", voices.checked)[:, None]
    lean = lean + priors["confusion_spread"].second * _scattered("coder_class", several)
    off = several[:, :, None] & several[:, None, :] & ~np.eye(WIDEST, dtype=bool)
    tilt = priors["confusion_spread"].second * _scattered("confusion", off)
    own = jax.nn.sigmoid(jax.scipy.special.logit(error) + lean)
    found["own"] = confusion(own, step, tilt, lengths)
    return found


def _utility(
    cells: Cells, meaning: Meaning, values: Mapping[str, Array], priors: Mapping[str, Prior]
) -> tuple[Float[Array, " cell"], Float[Array, " cell"]]:
    """Mean and spread of the utility of each cell's offer over its reversion point."""
    c, clause = cells.constituency, meaning.clause[cells.question]
    share = jnp.where(clause, _sample("clause_level", priors["clause_level"]), 1.0)
    focus = jnp.where(clause, _sample("clause_focus", priors["clause_focus"]), 1.0)
    gain = kernels.pick(values["worth"][c], cells.offer).sum(-1)
    other = kernels.pick(values["worth"][c], cells.against).sum(-1)
    person, imagined = values["person_variance"][c], values["open_variance"][c]
    settled = jnp.asarray(cells.offer >= 0)
    touched = jnp.asarray((cells.offer >= 0) | (cells.against >= 0))
    differ = jnp.where(touched & (cells.offer != cells.against), person, 0.0).sum(-1) * focus**2
    own = jnp.where(settled, person, 0.0).sum(-1) * focus**2 + jnp.where(settled, 0.0, imagined).sum(-1) * share**2
    level = values["level"][c, cells.month]
    mean = jnp.where(cells.compared, focus * (gain - other), share * level + focus * gain)
    return mean, jnp.sqrt(1.0 + jnp.where(cells.compared, differ, own))


def _unsaid(cells: Cells, priors: Mapping[str, Prior]) -> Float[Array, " cell"]:
    """Don't-knows hidden in what was not printed; 0 where the print is complete."""
    where = np.nonzero(cells.partial)[0]
    if not len(where):
        return jnp.zeros(len(cells))
    hidden = numpyro.sample("undecided", draw(priors["undecided"]).expand((len(where),)).to_event(1))
    return jnp.zeros(len(cells)).at[where].set(hidden)


def acceptance_model(
    cells: Cells,
    tasks: Tasks,
    meaning: Meaning,
    layout: Layout,
    priors: Mapping[str, Prior],
    weight: Float[Array, " cell"] | None = None,
    counts: Float[Array, "cell bin"] | None = None,
    task_weight: Float[Array, " task"] | None = None,
    people: Float[Array, " pattern"] | None = None,
) -> None:
    """NumPyro model; weight 0 leaves a cell or task out, ``counts`` and ``people`` stand in for those observed."""
    values = {**worths(layout, priors), **levels(layout, priors)}
    for name in ("worth", "level", "importance", "total", "person_variance", "open_variance", "log_kept"):
        numpyro.deterministic(name, values[name])
    lapse = _sample("lapse", priors["lapse"])
    if not len(cells) and not len(tasks):
        return
    bias = biases(cells, meaning, layout, priors)
    numpyro.deterministic("question_bias", bias["question"])
    numpyro.deterministic("instrument_bias", bias["instrument"])
    numpyro.deterministic("log_odds", bias["log_odds"])
    shares = {"lapse": lapse, "falsification": _sample("falsification", priors["falsification"])}
    if len(cells):
        terms = _cell_terms(cells, meaning, layout, values, bias, shares, priors, counts, people)
        numpyro.factor("evidence", (terms if weight is None else terms * weight).sum())
    if len(tasks):
        fear = _fear(shares["falsification"], layout.side_of[tasks.constituency], tasks.instrument, meaning, layout)
        answers = task_terms(tasks, meaning.loyal[tasks.question], values, bias, lapse, fear)
        numpyro.factor("experiments", (answers * (tasks.weight if task_weight is None else task_weight)).sum())


def _cell_terms(
    cells: Cells,
    meaning: Meaning,
    layout: Layout,
    values: Mapping[str, Array],
    bias: Mapping[str, Array],
    shares: Mapping[str, Array],
    priors: Mapping[str, Prior],
    counts: Float[Array, "cell bin"] | None,
    people: Float[Array, " pattern"] | None,
) -> Float[Array, " cell"]:
    """Log-likelihood of each cell: its counts, and the people in it who were coded one by one."""
    p = answer_probabilities(cells, meaning, layout, values, bias, shares, priors)
    matrices = coders(cells, priors)
    interviewed = jnp.asarray(meaning.interviews[cells.instrument])
    written = jnp.where(interviewed[:, None], jnp.einsum("cz,czl->cl", p, matrices["pooled"][cells.scale]), p)
    numpyro.deterministic("answers", written)
    seen = (1 - _unsaid(cells, priors))[:, None] * written * cells.printed
    bins = jnp.concatenate([seen, jnp.where(cells.partial, 1 - seen.sum(1), 0.0)[:, None]], axis=1)
    together = jnp.clip(_sample("cluster_interviews", priors["cluster_interviews"]), 1e-4, 0.9)
    apart = jnp.clip(_sample("cluster_polls", priors["cluster_polls"]), 1e-5, 0.5)
    correlation = jnp.where(interviewed, together, apart)
    numpyro.deterministic("correlation", correlation)
    numpyro.deterministic("bins", bins)
    terms = kernels.log_counts(jnp.asarray(cells.summed) if counts is None else counts, bins, correlation)
    if len(cells.voices):
        numpyro.deterministic("confusion", matrices["own"])
        terms = terms + _spoken(cells, p, together, matrices["own"], people)
    numpyro.deterministic("log_likelihood", terms)
    return terms


def _spoken(
    cells: Cells, p: Array, together: Array, own: Array, people: Float[Array, " pattern"] | None
) -> Float[Array, " cell"]:
    """Log-likelihood of single people's coded words, by cell.

    Voices of one cell share a deviation on the log-odds scale whose size gives even answers the correlation
    ``together``: var(q) = (p (1 - p))^2 s^2 = together p (1 - p) at p = 1/2.
    """
    voices = cells.voices
    shared = 2 * jnp.sqrt(together / (1 - together)) * _standard("voices", len(voices.cells))
    leaning = jnp.zeros(len(cells)).at[voices.cells].set(shared)
    count = jnp.asarray(voices.people) if people is None else people
    return voice_terms(voices, p, leaning, answer_scores(cells), cells.scale, own, count)
