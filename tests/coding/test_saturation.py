"""Saturation by hand."""

import polars as pl
import pytest

from winset.coding import count_saturation


def test_three_speakers_and_three_reasons_by_hand():
    """a gives x, y; b gives x; c gives x, z. One speaker: (2 + 1 + 2) / 3; two: pairs ab 2, ac 3, bc 2, mean 7/3."""
    heard = pl.DataFrame({"speaker": ["a", "a", "b", "c", "c"], "reason": ["x", "y", "x", "x", "z"]})
    found = count_saturation(heard)
    assert found.curve["reasons"].to_list() == pytest.approx([5 / 3, 7 / 3, 3])
    assert (found.found, found.once) == (3, 2)
    assert found.next_new == pytest.approx(2 / 3)
    assert found.unheard == pytest.approx(2 / 3 * 2 * 1 / 2)  # Chao (1987) without pairs: (n - 1) / n x Q1 (Q1 - 1) / 2


def test_a_speaker_without_a_reason_is_an_interview_that_brought_nothing():
    heard = pl.DataFrame({"speaker": ["a", "b"], "reason": ["x", None]})
    assert count_saturation(heard).curve["reasons"].to_list() == [0.5, 1.0]


def test_no_interviews_have_no_curve():
    empty = pl.DataFrame(schema={"speaker": pl.String, "reason": pl.String})
    assert count_saturation(empty).curve.height == 0
