"""What of YAML has no use in a study is refused in a sentence, before anything is made of it."""

from __future__ import annotations

import pytest

from winset.study.yamlsubset import UnsupportedError, parse_yaml


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            "a: 1\nb: !!python/object/apply:os.system ['true']\n",
            2,
            "tags (!python/object/apply:os.system) are not supported",
        ),
        ("a: !!binary abcd\n", 1, "tags (!binary)"),
        ("a: !!bool maybe\n", 1, "tags (!bool)"),
        ("a: !!str 5\n", 1, "tags (!str)"),
        ("a: !!str '5'\n", 1, "tags (!str)"),
        ("a: !!map {b: 1}\n", 1, "tags (!map)"),
        ("a: !Important\n", 1, "in quotes where its text begins with !"),
        ("a: 1\nb: {<<: {c: 1}}\n", 2, "merged keys (<<) are not supported"),
        ("a: &x [1]\nb: *x\n", 1, "anchors (&name) are not supported"),
        ("a: &x [*x]\n", 1, "anchors (&name) are not supported"),
        ("a: 1\n? [b]\n: 2\n", 2, "a list or map stands where a name is meant"),
        ("a: 2025-02-30\n", 1, "`2025-02-30` is no day of the calendar"),
        (f"a: {'9' * 5000}\n", 1, "a number of 5000 digits"),
        (f"a: {'[' * 50}{']' * 50}\n", 1, "nested too deeply"),
    ],
)
def test_what_has_no_use_in_a_study_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        parse_yaml(text)
    assert caught.value.found[0][0] == line
    assert said in caught.value.found[0][1]


def test_values_that_are_written_out_are_read_as_they_stand() -> None:
    text = "a: no\nb: 0.5\nc: 'x, y'\nd: '5'\ne: &who north\nf: *who\ng: [1, ~]\n"
    assert dict(parse_yaml(text)) == {
        "a": "no",
        "b": 0.5,
        "c": "x, y",
        "d": "5",
        "e": "north",
        "f": "north",
        "g": [1, None],
    }
