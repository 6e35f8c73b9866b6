"""A fit is judged by the numbers that are printed of it, and one that fails is fitted again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.acceptance.small import poll, question, side, write_small

from winset.acceptance import Diagnostics, measure, measuring, sample_laplace
from winset.acceptance.diagnostics import judge
from winset.acceptance.fit import Fit

CHAINS, DRAWS = 4, 400


def fit(diverging: int = 0, method: str = "NUTS") -> Fit:
    marks = np.zeros((CHAINS, DRAWS), bool)
    marks.flat[:diverging] = True
    return Fit(method, {}, marks, np.ones(marks.shape), {})


def steady(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal(CHAINS * DRAWS)


def stuck(rng: np.random.Generator) -> np.ndarray:
    """Chains that stay apart: R-hat far above one, few effective draws."""
    return (rng.standard_normal((CHAINS, DRAWS)) + np.arange(CHAINS)[:, None]).ravel()


def test_steady_numbers_pass(rng: np.random.Generator) -> None:
    found = judge(fit(8), {"acceptance of Plan": steady(rng)})
    assert found.passed
    assert found.sentence.startswith("The fit passed its checks (8 divergences, largest R-hat ")


def test_a_number_on_which_chains_disagree_is_named_with_what_to_try(rng: np.random.Generator) -> None:
    found = judge(fit(), {"acceptance of Plan: North, Public": stuck(rng), "importance of Land": steady(rng)})
    assert not found.passed
    assert found.touched == ("acceptance of Plan: North, Public",)
    assert "Touched: acceptance of Plan: North, Public. Try `--draws 1600`" in found.sentence
    assert "allowed: 0.5% of draws, R-hat 1.03, no fewer than 200 effective draws" in found.sentence


def test_more_than_one_divergence_in_two_hundred_fails(rng: np.random.Generator) -> None:
    found = judge(fit(9), {"acceptance of Plan": steady(rng)})
    assert not found.passed
    assert "9 of 1600 draws diverged" in found.sentence


def test_numbers_that_cannot_vary_are_not_judged() -> None:
    """The only issue of a study has all the importance, in every draw."""
    assert judge(fit(), {"importance of Land": np.ones(CHAINS * DRAWS)}).passed


@pytest.mark.parametrize(
    ("divergences", "rhat", "effective", "asked"),
    [
        (0, 1.02, 120.0, [("usual", 400), ("usual", 800)]),
        (0, 1.02, 60.0, [("usual", 400), ("NUTS, more careful", 600)]),
        (0, 1.20, 120.0, [("usual", 400), ("NUTS, more careful", 600)]),
        (40, 1.02, 120.0, [("usual", 400), ("NUTS, more careful", 600)]),
    ],
)
def test_where_only_draws_are_lacking_more_are_drawn(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    divergences: int,
    rhat: float,
    effective: float,
    asked: list[tuple[str, int]],
) -> None:
    study = write_small(
        tmp_path, {"a": side()}, {"q": question()}, [poll("q", "public", 900, "accept 40", "reject 60")]
    )
    paces, said = [], []

    def sampled(posterior, variant, seed, draws, pace=None, mode=None, **_: object) -> Fit:
        paces.append((pace.method if pace else "usual", draws))
        return replace(sample_laplace(posterior, variant, seed, draws, mode), method="NUTS")

    def verdict(_: Fit, printed: dict[str, np.ndarray]) -> Diagnostics:
        return Diagnostics("NUTS", 1600, divergences, rhat, effective, len(paces) > 1, "It FAILED. Try this.")

    monkeypatch.setattr(measuring, "sample_nuts", sampled)
    monkeypatch.setattr(measuring, "judge", verdict)
    assert measure(study, say=said.append).diagnostics.passed
    assert paces == asked
    assert ("It FAILED. Sampling goes on for as many draws again." in said) == (asked[1][0] == "usual")


def test_a_fit_that_fails_is_fitted_again_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = write_small(
        tmp_path, {"a": side()}, {"q": question()}, [poll("q", "public", 900, "accept 40", "reject 60")]
    )
    paces, said = [], []

    def sampled(posterior, variant, seed, draws, pace=None, mode=None, **_: object) -> Fit:
        paces.append((pace.method if pace else "usual", draws, mode is not None))
        return replace(sample_laplace(posterior, variant, seed, draws, mode), method="NUTS")

    def verdict(_: Fit, printed: dict[str, np.ndarray]) -> Diagnostics:
        passed = len(paces) > 1
        return Diagnostics("NUTS", 400, 9, 1.1, 20.0, passed, "It FAILED. Try this.", () if passed else tuple(printed))

    monkeypatch.setattr(measuring, "sample_nuts", sampled)
    monkeypatch.setattr(measuring, "judge", verdict)
    assert measure(study, say=said.append).diagnostics.passed
    assert paces == [("usual", 400, False), ("NUTS, more careful", 600, True)]
    assert "It FAILED. It is fitted again, longer and more carefully." in said
