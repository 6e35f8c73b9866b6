"""Patterns of column names: ``F-{task}-{profile}-{slot}``, ``Q4.{task+1}``, ``{attribute}{task}{profile}``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from winset.study.wide import HOLE

WORDS = ("left", "right", "first", "second", "third", "top", "bottom", "upper", "lower")
"""Names of profiles by where they stood, in order."""
LONGEST = 200
"""Characters of a text that decide its place."""
KINDS = {"number": "[0-9]+", "letter": "[A-Za-z]", "word": "|".join(WORDS)}
"""What tasks and profiles are numbered with."""


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern with its parts written in; a task or profile that is counted off is told by its place.

    Examples
    --------
    >>> fill("Q2.{3*task+1}", {"task": "2"}), fill("choice_{task}", {"task": "b"}), fill("Q{task+4}", {"task": "b"})
    ('Q2.7', 'choice_b', 'Q6')
    """

    def write(hole: re.Match[str]) -> str:
        value = values.get(hole["name"])
        if value is None:
            return hole[0]
        if hole["times"] is None and hole["plus"] is None:
            return value
        return str(int(hole["times"] or 1) * place(value) + int(hole["plus"] or 0))

    return HOLE.sub(write, pattern)


def place(label: str) -> int:
    """Place of a task or profile that is told by a number, a letter or a side, from 1.

    Examples
    --------
    >>> place("3"), place("b"), place("right")
    (3, 2, 2)
    """
    if label.isdecimal():
        return int(label)
    if label.lower() in WORDS:
        return {
            "left": 1,
            "right": 2,
            "top": 1,
            "bottom": 2,
            "upper": 1,
            "lower": 2,
            "first": 1,
            "second": 2,
            "third": 3,
        }[label.lower()]
    return ord(label.lower()[0]) - ord("a") + 1


def find(pattern: str, columns: Sequence[str], attributes: Sequence[str] | None = None) -> dict[str, dict[str, str]]:
    """Columns that fit a pattern, and what stands in its parts.

    Parameters
    ----------
    attributes
        Only columns of these, where the pattern has {attribute}.

    Notes
    -----
    Tasks and profiles may be numbers, letters or sides; the reading that fits most columns is taken, numbers first.
    """
    best: dict[str, dict[str, str]] = {}
    for expression in _expressions(pattern):
        fits = ((c, m.groupdict()) for c in columns if (m := expression.fullmatch(c)))
        found = {c: parts for c, parts in fits if attributes is None or parts.get("attribute", "") in {"", *attributes}}
        if len(found) > len(best):
            best = found
    return best


def _expressions(pattern: str) -> Iterator[re.Pattern[str]]:
    varying = [h["name"] for h in HOLE.finditer(pattern) if h["name"] in {"task", "profile"}]
    for kinds in product(KINDS.values(), repeat=len(set(varying))):
        named = dict(zip(dict.fromkeys(varying), kinds, strict=True))
        text, end, seen = "", 0, set[str]()
        for hole in HOLE.finditer(pattern):
            name = hole["name"]
            part = {"attribute": ".+", "slot": "[0-9]+"}.get(name) or named[name]
            text += re.escape(pattern[end : hole.start()])
            text += f"(?P={name})" if name in seen else f"(?P<{name}>{part})"
            seen.add(name)
            end = hole.end()
        yield re.compile(text + re.escape(pattern[end:]))


def in_order(labels: Sequence[str]) -> list[str]:
    """Labels of tasks or profiles in the order in which they were shown."""
    return sorted(dict.fromkeys(labels), key=lambda x: (place(x), x))


def natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key that puts `2 years` before `10 years`.

    Examples
    --------
    >>> sorted(["10 years", "2 years"], key=natural)
    ['2 years', '10 years']
    """
    return [(0, int(x), "") if x.isdecimal() else (1, 0, x) for x in re.findall(r"\d+|\D+", str(text)[:LONGEST])]
