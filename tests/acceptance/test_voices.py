"""Coders inside the model: exact on small cases, wider where they disagree."""

from __future__ import annotations

import itertools

import jax.numpy as jnp
import numpy as np
import pytest

from winset.acceptance import measure
from winset.acceptance.kernels import reached
from winset.acceptance.voices import Voices, confusion, voice_terms
from winset.study import load

HEAD = "statement,instrument,speaker,constituency,date,question,stance,count,coder,how,source"


def matrices(rng, coders, length, wide=4):
    error = jnp.asarray(rng.uniform(0.05, 0.3, (coders, wide)))
    tilt = jnp.asarray(rng.normal(0, 0.5, (coders, wide, wide)))
    return confusion(error, jnp.asarray(0.5), tilt, np.array([length]))[0]


@pytest.mark.parametrize("length", [2, 3, 4])
def test_rows_of_a_confusion_matrix_sum_to_one_and_stay_on_the_scale(rng, length):
    table = np.asarray(matrices(rng, 3, length))
    assert table[:, :length].sum(-1) == pytest.approx(1)
    assert (table[:, :length, length:] == 0).all()


def test_a_step_of_one_makes_all_errors_alike():
    table = np.asarray(confusion(jnp.full((1, 4), 0.3), jnp.asarray(1.0), jnp.zeros((1, 4, 4)), np.array([4])))[0, 0]
    assert table[0] == pytest.approx([0.7, 0.1, 0.1, 0.1])


def test_the_likelihood_of_judgements_is_the_sum_over_true_stances(rng):
    """Enumerated by hand: sum over classes of p(class) times what every coder makes of it."""
    own = matrices(rng, 2, 3)
    p = jnp.asarray([[0.2, 0.3, 0.5, 0.0], [0.6, 0.1, 0.3, 0.0]])
    judged = np.array([[0, 1], [2, -1], [2, 2]])
    voices = Voices(np.array([0, 0, 1]), judged, np.array([1.0, 2.0, 1.0]), np.zeros((2, 4)), ("a", "b"))
    zero, scores = jnp.zeros(2), np.tile([0, 0.5, 1.0, 0.5], (2, 1))
    terms = voice_terms(voices, p, zero, scores, np.zeros(2, int), own[None], jnp.asarray(voices.people))
    expected = np.zeros(2)
    for cell, labels, people in zip(voices.cell, judged, voices.people, strict=True):
        total = 0.0
        for z in range(3):
            chance = float(p[cell, z])
            for j, label in enumerate(labels):
                chance *= 1.0 if label < 0 else float(own[j, z, label])
            total += chance
        expected[cell] += people * np.log(total)
    assert np.asarray(terms) == pytest.approx(expected, rel=1e-6)


def test_all_judgements_together_have_probability_one(rng):
    own, p = matrices(rng, 2, 2, wide=2), jnp.asarray([[0.3, 0.7]])
    patterns = np.array(list(itertools.product([0, 1], [0, 1])))
    chances = []
    for pattern in patterns:
        voices = Voices(np.zeros(1, int), pattern[None], np.ones(1), np.zeros((1, 2)), ("a", "b"))
        scores = np.array([[0.0, 1.0]])
        chances.append(
            float(jnp.exp(voice_terms(voices, p, jnp.zeros(1), scores, np.zeros(1, int), own[None], jnp.ones(1))[0]))
        )
    assert sum(chances) == pytest.approx(1)


@pytest.mark.parametrize("r", [0.5, 1.0, 3.0])
def test_selection_odds_add_to_the_logit(r):
    p = jnp.asarray([[0.4, 0.6]])
    q = np.asarray(reached(p, jnp.log(jnp.asarray([r])), jnp.asarray([[0.0, 1.0]])))[0]
    assert np.log(q[1] / q[0]) == pytest.approx(np.log(0.6 / 0.4) + np.log(r))


def with_voices(folder, rows):
    """The tiny study with what a reporter heard from soldiers; rows are (soldier, stance, coder)."""
    told = [
        f"s{n},reporter,soldier {who},army,2025-01,river-border,{stance},1,{coder},quotation,release"
        for n, (who, stance, coder) in enumerate(rows)
    ]
    (folder / "interviews.csv").write_text("\n".join([HEAD, *told]) + "\n")
    instruments = folder / "instruments.yaml"
    mine = "  reporter: {label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, population: y}\n"
    if "reporter" not in instruments.read_text():
        instruments.write_text(instruments.read_text() + mine)
    return load(folder)


def leaning(study):
    """The army's acceptance, and the fit."""
    fitted = measure(study, fast=True)
    army = fitted.support("land=split").filter(side="north", constituency="army").row(0, named=True)
    return army, fitted


@pytest.mark.slow
def test_coders_who_disagree_tell_less_and_a_poor_coder_is_found_out(folder):
    people, coders = range(24), ("anna", "ben", "cara")
    poor = [(n, 2 if c == "cara" and n % 2 else -2, c) for n in people for c in coders]
    split = [(n, 2 if (n + c) % 2 else -2, coders[c]) for n in people for c in (0, 1)]
    unheard, _ = leaning(load(folder))
    torn, _ = leaning(with_voices(folder, split))
    found, fitted = leaning(with_voices(folder, poor))
    assert fitted.cells.voices.people.sum() == 24
    errors = fitted.coder_errors().filter(stance="reject")
    by_coder = dict(errors.select("coder", "mean").iter_rows())
    assert by_coder["cara"] > 2 * max(by_coder["anna"], by_coder["ben"])
    assert found["mean"] < torn["mean"]
    assert abs(torn["mean"] - unheard["mean"]) < 0.5 * abs(found["mean"] - unheard["mean"])


def test_a_list_beside_a_direct_question_informs_the_loyal_answer(folder):
    """Asked directly 70 % profess the loyal answer, by list 50 %: more fear is inferred than from the direct one alone."""
    study, questions = folder / "study.yaml", folder / "questions.yaml"
    study.write_text(study.read_text().replace("  north:\n", "  north:\n    repressive: true\n", 1))
    instruments = folder / "instruments.yaml"
    instruments.write_text(instruments.read_text().replace("mode: telephone,", "mode: telephone, direct: true,", 1))
    asked = questions.read_text().replace("river-border: {", "river-border: {loyal: reject, ", 1)
    listed = asked.split("river-border: {", 1)[1].split("\n")[0]
    questions.write_text(f"{asked.rstrip()}\n  river-list: {{asked: list, {listed}\n")
    polls = folder / "polls.csv"
    direct = polls.read_text().replace("accept,41", "accept,30").replace("reject,48", "reject,70")
    row = "list-2025-01,river-list,north-poll,public,2025-01-05,2025-01-10,1000,{},50,release\n"
    feared = []
    for text in (direct, direct + row.format("accept") + row.format("reject")):
        polls.write_text(text)
        feared.append(measure(load(folder), fast=True).fit.samples["falsification"].mean())
    assert feared[1] > feared[0] + 0.02


def test_one_coder_leaves_the_prior_on_errors_as_it_is(folder):
    _, fitted = leaning(with_voices(folder, [(n, -2, "anna") for n in range(12)]))
    assert not fitted.cells.voices.checked.any()
    assert "coder_spread_raw" not in fitted.fit.samples


def test_the_same_voice_twice_by_one_coder_is_a_mistake(folder):
    from winset.errors import EvidenceError
    from winset.evidence import gather

    with pytest.raises(EvidenceError, match="`soldier 1` answers `river-border` twice by the same coder"):
        gather(with_voices(folder, [(1, -2, "anna"), (1, -1, "anna")]))
