"""Wholes of which people of several groups, or sides, were asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.small import poll, question, side, write_small

from winset.evidence import gather
from winset.evidence.coverage import silent_groups
from winset.evidence.wholes import outside_parts
from winset.study import Study
from winset.workbook.overview import tell_study

ASKED = {"q": question()}


def study(folder: Path, whole: int, jews: int) -> Study:
    groups: dict[str, Any] = {"jews": {"label": "Jews"}, "arabs": {"label": "Arabs"}, "others": {"label": "Others"}}
    groups["all"] = {"label": "Everybody", "parts": {"jews": 0.8, "arabs": 0.1, "others": 0.1}}
    rows = [poll("q", g, 1000, f"accept {n}", f"reject {100 - n}") for g, n in (("all", whole), ("jews", jews))]
    return write_small(folder, {"a": side(constituencies=groups)}, ASKED, rows)


@pytest.mark.parametrize(
    ("whole", "jews", "outside"), [(50, 50, False), (59, 50, False), (66, 50, True), (30, 50, True)]
)
def test_a_whole_outside_its_parts_is_told(tmp_path: Path, whole: int, jews: int, *, outside: bool) -> None:
    """Jews at 50 per cent leave 40 to 60 for everybody, by hand: .8 x 50, and .2 of whom nothing is known."""
    made = study(tmp_path, whole, jews)
    found = list(outside_parts(made, gather(made)))
    assert bool(found) == outside
    if outside:
        assert (found[0].least, found[0].most) == pytest.approx((0.4, 0.6))
        assert any(
            f"{whole} % of Everybody" in line and "leave room for 40 to 60" in line
            for line in tell_study(made, gather(made))
        )


def test_part_of_a_whole_that_was_asked_is_not_silent(tmp_path: Path) -> None:
    made = study(tmp_path, 50, 50)
    assert silent_groups(made, gather(made)) == []
    assert gather(made).printed == 2
