"""Fearon (1994), Domestic political audiences and the escalation of international disputes, APSR 88(3)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from winset.errors import UsageError
from winset.theory import play_attrition

PRIZE, WORST = 1.0, 2.0


def uniform(value: float) -> float:
    return min(max(1 + value / WORST, 0.0), 1.0)


@pytest.mark.parametrize("growth", [(1.0, 1.0), (2.0, 1.0), (0.3, 0.9)])
def test_uniform_values_have_a_closed_form(growth: tuple[float, float]) -> None:
    """The horizon solves a b t^2 + v max(a, b) t = v c; the side of smaller costs may quit at once, the other does not."""
    a, b, strong = *growth, max(growth)
    found = play_attrition(PRIZE, growth, (uniform, uniform))
    horizon = (-PRIZE * strong + np.sqrt((PRIZE * strong) ** 2 + 4 * a * b * PRIZE * WORST)) / (2 * a * b)
    assert found.horizon == pytest.approx(horizon)
    weak = int(np.argmin(growth))
    assert found.quits_at_once[1 - weak] == pytest.approx(0, abs=1e-9)
    assert (found.quits_at_once[weak] > 1e-6) == (a != b)
    for side in (0, 1):
        assert found.quit_by(side, found.horizon) == pytest.approx(uniform(-growth[side] * horizon))


def test_while_both_wait_neither_gains_nor_loses_by_quitting_later() -> None:
    growth = (2.0, 1.0)
    found = play_attrition(PRIZE, growth, (uniform, uniform))
    for side in (0, 1):
        rival, a = 1 - side, growth[side]

        def pays(time: float, rival: int = rival, a: float = a) -> float:
            step = 1e-6
            density = lambda t: (found.quit_by(rival, t + step) - found.quit_by(rival, t - step)) / (2 * step)  # noqa: E731
            won = found.quits_at_once[rival] + quad(density, step, time)[0]
            return PRIZE * won - a * time * (1 - found.quit_by(rival, time))

        early, late = pays(0.1 * found.horizon), pays(0.9 * found.horizon)
        assert early == pytest.approx(PRIZE * found.quits_at_once[rival], abs=1e-4)
        assert late == pytest.approx(early, abs=1e-4)


def test_who_can_tie_his_hands_faster_is_likelier_to_stand() -> None:
    """Fearon's main result: the side of the stronger audience backs down less often."""
    stands = [1 - play_attrition(PRIZE, (a, 1.0), (uniform, uniform)).quit_by(0, 99) for a in (0.5, 1.0, 2.0, 4.0)]
    at_once = [play_attrition(PRIZE, (a, 1.0), (uniform, uniform)).quits_at_once[1] for a in (1.0, 2.0, 4.0)]
    assert stands == sorted(stands)
    assert at_once == sorted(at_once)


def test_the_stakes_must_make_sense() -> None:
    with pytest.raises(UsageError, match="above 0"):
        play_attrition(0.0, (1.0, 1.0), (uniform, uniform))
    with pytest.raises(UsageError, match="gain from war"):
        play_attrition(1.0, (1.0, 1.0), (uniform, lambda _w: 0.5))
