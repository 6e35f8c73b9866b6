"""Entries go into files of people without touching a line of theirs."""

from __future__ import annotations

import pytest

from winset.errors import UsageError
from winset.study.additions import add_entries

ENTRY = {"b": {"kind": "term", "wording": "Yes: or no?"}}


@pytest.mark.parametrize(
    "text",
    [
        "questions:\n  a: {kind: mood}  # first\n  # last words\n",
        "questions:\n    a:\n        kind: mood\nscales:\n    x: {answers: [no-way, yes-please]}\n",
        "# empty yet\nquestions: {}\n",
        "scales: {}",
        "",
    ],
)
def test_every_line_stays_and_the_entry_is_there(text: str) -> None:
    from winset.study.yamlsubset import parse_yaml

    new = add_entries(text, "questions", ENTRY)
    assert [x for x in text.splitlines() if x != "questions: {}" and x not in new.splitlines()] == []
    assert parse_yaml(new)["questions"]["b"] == ENTRY["b"]


def test_a_map_in_braces_cannot_be_added_to() -> None:
    with pytest.raises(UsageError, match="each of its entries on a line of its own"):
        add_entries("questions: {a: {kind: mood}}\n", "questions", ENTRY)
