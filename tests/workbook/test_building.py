"""A study of values, without any file: the example of the documentation runs, and the same checks hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import winset as ws
from winset.errors import MistakesError

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "fill-in-a-workbook.md"
CODE = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run_page(change: str = "", to: str = "") -> Any:
    """The study that the page builds, after some of its words were changed."""
    assert not change or change in CODE[0]
    names: dict[str, Any] = {}
    exec(CODE[0].replace(change, to) if change else CODE[0], names)
    return names["study"]


def test_the_example_of_the_page_runs() -> None:
    study = run_page()
    assert repr(study) == "<Study valley as of 2025-01-31: 1 sides, 1 issues, 0 proposals>"
    assert ws.gather(study).table["weight"].to_list() == [410.0, 470.0, 120.0]


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ('"land": ["all", "half"]', '"land": ["all", "most"]', "study: sides.north.order.land: unknown option `most`"),
        ('"kind": "term"', '"kind": "terms"', "questions: questions.half.kind: "),
        ('"n": 1000', '"n": "many"', "polls, row 1: `n` is `many`"),
    ],
)
def test_mistakes_name_the_field_or_the_row(change: str, to: str, said: str) -> None:
    with pytest.raises(MistakesError) as told:
        run_page(change, to)
    assert said in str(told.value)
