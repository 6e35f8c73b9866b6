"""How a fit finds its way: where the density is, and how wide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from winset.acceptance.fit import Mode, explore, widen
from winset.acceptance.nuts import learn_shape


@dataclass
class Known:
    """A density of normals whose width is not what a mode's curvature says."""

    width: np.ndarray
    middle: np.ndarray
    seen: list[int] = field(default_factory=list)

    def look(self, points: np.ndarray, variant: object) -> tuple[np.ndarray, np.ndarray]:
        """Potential and slope; infinite beyond 30."""
        self.seen.append(len(points))
        away = (points - self.middle) / self.width
        outside = np.abs(points).max(1) > 30
        value = np.where(outside, np.inf, 0.5 * (away**2).sum(1))
        return value, np.where(outside[:, None], np.nan, away / self.width)


def _mode(size: int) -> Mode:
    nothing: Any = None
    return Mode(np.zeros(size), np.eye(size), nothing)


def test_exploring_finds_a_density_that_is_wider_and_elsewhere() -> None:
    """Three of twelve normals are four times as wide as the curvature says, and one lies five widths away."""
    width, middle = np.ones(12), np.zeros(12)
    width[:3], middle[0] = 4.0, 5.0
    posterior: Any = Known(width, middle)
    found, draws = explore(posterior, _mode(12))
    sd = np.sqrt(np.diag(found.root @ found.root.T))
    assert sd[:3] == pytest.approx(width[:3], rel=0.35)
    assert sd[3:] == pytest.approx(width[3:], rel=0.35)
    assert draws[:, 0].mean() == pytest.approx(5.0, abs=2.0)


def test_widening_takes_the_covariance_of_wide_coordinates_alone() -> None:
    """Two coordinates that move together keep their correlation; narrow ones keep the curvature."""
    rng = np.random.default_rng(0)
    draws = rng.standard_normal((4000, 3)) @ np.array([[3.0, 2.4, 0], [0, 1.8, 0], [0, 0, 0.5]])
    found = widen(_mode(3), draws, 1000)
    covariance = found.root @ found.root.T
    assert covariance[:2, :2] == pytest.approx(np.array([[9.0, 7.2], [7.2, 9.0]]), rel=0.1)
    assert covariance[2] == pytest.approx([0, 0, 1])


def test_a_sampling_teaches_the_few_directions_that_stick_out() -> None:
    """Sixty coordinates, one direction across all of them with variance 50: found in 200 draws, the rest left alone."""
    rng, many = np.random.default_rng(2), 60
    along = np.ones(many) / np.sqrt(many)
    draws = rng.standard_normal((200, many)) + np.sqrt(49.0) * rng.standard_normal((200, 1)) * along + 3.0
    found = learn_shape(_mode(many), draws)
    assert found.centre == pytest.approx(draws.mean(0))
    covariance = found.root @ found.root.T
    assert along @ covariance @ along == pytest.approx(50.0, rel=0.25)
    across = np.linalg.svd(np.eye(many) - np.outer(along, along))[0][:, 0]
    assert across @ covariance @ across == pytest.approx(1.0, abs=0.4)


def test_noise_is_not_taken_for_a_direction() -> None:
    draws = np.random.default_rng(3).standard_normal((200, 60))
    found = learn_shape(_mode(60), draws)
    assert np.abs(found.root @ found.root.T - np.diag(draws.var(0))).max() < 1e-9
