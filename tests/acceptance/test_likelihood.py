"""What was printed, and of whom it was asked, against closed forms, numerical integrals and enumeration."""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, betabinom, multivariate_normal, norm
from tests.acceptance.small import poll, question, side, write_small

from winset.acceptance import PRIORS, draw_truth, pose
from winset.acceptance.kernels import both_below, leant, log_counts
from winset.acceptance.prints import NODES, log_constant, spell_out
from winset.evidence import gather
from winset.study import Study


def density(share: float, n: float, p: float, correlation: float) -> float:
    """Density of a printed share of one answer, Dirichlet-multinomial with n people (multinomial terms by gamma functions)."""
    counts = np.array([[share * n, (1 - share) * n]])
    constant = log_constant(counts)[0]
    return float(
        np.exp(constant + log_counts([(jnp.asarray(counts), jnp.array([[p, 1 - p]]), jnp.array([correlation]))])[0][0])
    )


def test_counts_with_their_constant_are_the_beta_binomial() -> None:
    """Mosimann (1962); scipy's betabinom is the same law in another notation."""
    n, k, p, rho = 40, 13, 0.41, 0.02
    a = (1 / rho - 1) * np.array([p, 1 - p])
    exact = betabinom.pmf(k, n, *a)
    assert density(k / n, n, p, rho) / n == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("p", [0.38, 0.45])
def test_an_n_that_nobody_printed_is_summed_out(p: float) -> None:
    median, doubt, share, rho = 850.0, 0.4, 0.42, 0.004
    row = {"doubt": doubt, "ranges": {}, "undecided": 0.0, "hidden": 0.125, "exists": [True, True]}
    prints = spell_out(np.array([[share * median, (1 - share) * median]]), [row])
    bins = jnp.repeat(jnp.array([[p, 1 - p]]), NODES, axis=0)
    terms = log_counts([(jnp.asarray(prints.counts[0]), bins, jnp.full(NODES, rho))])[0] + prints.constant[0]
    ours = float(np.exp(np.asarray(terms)).mean())
    exact, _ = quad(lambda z: norm.pdf(z) * density(share, median * np.exp(doubt * z), p, rho), -6, 6)
    assert ours == pytest.approx(exact, rel=2e-3)


@pytest.mark.parametrize("p", [0.5, 0.66])
def test_a_range_is_the_mean_over_what_it_holds(p: float) -> None:
    n, low, high, rho = 700.0, 0.6, 0.7, 0.004
    row = {"doubt": 0.0, "ranges": {0: (low * n, high * n)}, "undecided": 0.0, "hidden": 0.125, "exists": [True, True]}
    prints = spell_out(np.array([[0.65 * n, 0.35 * n]]), [row])
    bins = jnp.repeat(jnp.array([[p, 1 - p]]), NODES, axis=0)
    terms = log_counts([(jnp.asarray(prints.counts[0]), bins, jnp.full(NODES, rho))])[0] + prints.constant[0]
    exact, _ = quad(lambda s: density(s, n, p, rho) / (high - low), low, high)
    assert float(np.exp(np.asarray(terms)).mean()) == pytest.approx(exact, rel=1e-2)


def test_both_below_is_the_bivariate_normal() -> None:
    for h, k, r in [(0.3, -0.7, 0.5), (-1.2, 0.4, 0.9), (1.5, 1.1, 0.0), (0.1, 60.0, 0.7)]:
        ours = float(both_below(jnp.array([[h]]), jnp.array([[k]]), jnp.array([[r]]))[0, 0])
        exact = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([h, min(k, 8.0)])
        assert ours == pytest.approx(float(exact), abs=2e-5)


def test_everybody_is_the_mean_of_those_who_decided_and_those_who_lean() -> None:
    share, undecided, lean = 0.3, 0.25, -1.0
    p = jnp.array([[1 - share, share]])
    rejects, accepts = jnp.array([[1.0, 0.0]]), jnp.array([[0.0, 1.0]])
    decided = float(leant(p, jnp.array([undecided]), jnp.array([lean]), rejects, accepts)[0, 1])
    odds = share / (1 - share) * np.exp(lean)
    assert (1 - undecided) * decided + undecided * odds / (1 + odds) == pytest.approx(share)
    same = leant(p, jnp.array([undecided]), jnp.array([0.0]), rejects, accepts)
    assert np.asarray(same) == pytest.approx(np.asarray(p))


def parted(folder: Path, *polls: str, **shares: object) -> Study:
    groups = {c: {"label": c} for c in ("jews", "arabs")}
    whole = {"label": "Public", "parts": shares or {"jews": 0.8, "arabs": 0.2}}
    return write_small(folder, {"a": side(constituencies={"public": whole, **groups})}, {"q": question()}, list(polls))


def test_a_whole_answers_as_its_parts_in_their_shares(tmp_path: Path) -> None:
    polls = [
        poll("q", c, 1000, "accept 40", "reject 60", start=f"2025-01-0{n + 1}")
        for n, c in enumerate(["public", "jews", "arabs"])
    ]
    study = parted(tmp_path, *polls)
    problem = pose(study, gather(study))
    _, values = draw_truth(problem, 3)
    who = list(problem.cells.names["constituency"])
    whole, jews, arabs = (values["answers"][who.index(c)][1] for c in ("public", "jews", "arabs"))
    assert whole == pytest.approx(0.8 * jews + 0.2 * arabs, abs=1e-9)
    assert len(problem.layout.leaves) == 2


def test_whole_and_part_of_one_sample_weigh_as_the_two_parts_do(tmp_path: Path) -> None:
    """All 42 = .8 x 35 + .2 x 70: beside the Arabs' 70 the whole says what Jews say, 35, and no more."""
    study = parted(
        tmp_path, poll("q", "public", 1000, "accept 42", "reject 58"), poll("q", "arabs", 200, "accept 70", "reject 30")
    )
    cells = pose(study, gather(study)).cells
    who = list(cells.names["constituency"])
    left = cells.remainder.bins[who.index("public")]
    assert left[1] / left.sum() == pytest.approx(0.35)
    assert left.sum() == pytest.approx(800)
    assert cells.remainder.inside[who.index("public")].tolist() == [True, False]


def test_two_samples_are_told_from_one(tmp_path: Path) -> None:
    rows = (
        poll("q", "public", 1000, "accept 42", "reject 58"),
        poll("q", "arabs", 200, "accept 70", "reject 30", sample="other"),
    )
    cells = pose(study := parted(tmp_path, *rows), gather(study)).cells
    assert cells.remainder.bins.sum() == pytest.approx(1200)


def test_a_whole_all_of_whose_parts_were_printed_says_nothing_more(tmp_path: Path) -> None:
    rows = [poll("q", c, n, "accept 40", "reject 60") for c, n in (("public", 1000), ("jews", 800), ("arabs", 200))]
    cells = pose(study := parted(tmp_path, *rows), gather(study)).cells
    assert cells.remainder.said.tolist() == [c != "public" for c in cells.names["constituency"]]


def test_uncertain_shares_move_the_whole_between_its_parts(tmp_path: Path) -> None:
    study = parted(tmp_path, poll("q", "jews", 900, "accept 20", "reject 80"), jews={"uniform": [0.7, 0.9]}, arabs=0.2)
    problem = pose(study, gather(study))
    shares = draw_truth(problem, 3, 200)[0].mix[:, 0]
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert 0.78 < shares[:, 0].mean() < 0.82
    assert shares[:, 0].std() > 0.008


def test_people_who_refused_answer_as_simulated_people_do(tmp_path: Path, rng: np.random.Generator) -> None:
    """P(yes to the second | no to the first), red lines included, beside a million persons drawn one by one."""
    sides = {"a": side(red_lines={"land": ["give"]})}
    asked = {
        "plan": question(offer={"land": "give"}),
        "sweet": question(offer={"land": "give", "water": "own"}, base={"refused": "plan"}),
    }
    rows = [poll(q, "public", 500, "accept 30", "reject 70") for q in asked]
    study = write_small(tmp_path, sides, asked, rows)
    problem = pose(study, gather(study))
    _, v = draw_truth(problem, 5)
    bias = dict(zip(problem.cells.questions, v["question_bias"], strict=True))
    level = v["level"][0, -1] + v["instrument_bias"][0]
    one = level + v["worth"][0, 0, 2] + bias["plan"]
    two = level + v["worth"][0, 0, 2] + v["worth"][0, 1, 0] + bias["sweet"]
    people, stable = 1_000_000, float(v["stability"])
    person = np.sqrt(v["person_variance"][0, 0]) * rng.standard_normal(people)
    own = np.sqrt(stable) * rng.standard_normal(people)
    noise = np.sqrt(1 - stable) * rng.standard_normal((2, people))
    imagined = np.sqrt(v["open_variance"][0, 1]) * rng.standard_normal(people)
    water = np.sqrt(v["person_variance"][0, 1]) * rng.standard_normal(people)
    refuses = rng.random(people) > np.exp(v["log_kept"][0, 0, 2])
    first = (one + person + imagined + own + noise[0] > 0) & ~refuses
    second = (two + person + water + own + noise[1] > 0) & ~refuses
    lapse = float(v["lapse"])
    exact = lapse + (1 - 2 * lapse) * second[~first].mean()
    ours = v["answers"][list(problem.cells.names["question"]).index("sweet")][1]
    assert ours == pytest.approx(exact, abs=0.004)


@pytest.mark.parametrize("p", [0.4, 0.46])
def test_dont_knows_hidden_in_one_printed_answer_are_summed_out(p: float) -> None:
    """Only 38 for was printed: 38 = (1 - h) p, with h from its prior."""
    n, share, rho = 700.0, 0.38, 0.004
    row = {"doubt": 0.0, "ranges": {}, "undecided": 0.0, "hidden": 0.125, "exists": [True, True]}
    prints = spell_out(np.array([[share * n, (1 - share) * n]]), [row])
    seen = (1 - prints.hidden[0]) * p
    bins = jnp.asarray(np.stack([seen, 1 - seen], axis=1))
    terms = log_counts([(jnp.asarray(prints.counts[0]), bins, jnp.full(NODES, rho))])[0] + prints.constant[0]
    prior = PRIORS["undecided"]
    exact, _ = quad(lambda h: beta.pdf(h, prior.first, prior.second) * density(share, n, (1 - h) * p, rho), 0, 1)
    assert float(np.exp(np.asarray(terms)).mean()) == pytest.approx(exact, rel=2e-2)
