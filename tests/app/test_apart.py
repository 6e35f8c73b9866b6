"""What is uploaded is read in a process of its own, within limits."""

from __future__ import annotations

import time

import pytest

from winset.app.apart import MEMORY, read_apart
from winset.errors import Mistake, MistakesError, UsageError


def swallow() -> int:
    return len(bytearray(MEMORY))


def wrong() -> None:
    raise MistakesError([Mistake("a.html", 3, "this is no date")])


def test_what_is_read_comes_back() -> None:
    assert read_apart("a.html", sorted, [3, 1, 2]) == [1, 2, 3]


def test_what_takes_too_long_is_left() -> None:
    began = time.monotonic()
    with pytest.raises(UsageError, match=r"a\.html took more than 1 s to read"):
        read_apart("a.html", time.sleep, 600, seconds=1)
    assert time.monotonic() - began < 60


def test_what_takes_too_much_memory_is_left() -> None:
    with pytest.raises(UsageError, match=r"a\.html could not be read in 4 GB of memory"):
        read_apart("a.html", swallow)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(UsageError, match=r"a\.html:3: this is no date"):
        read_apart("a.html", wrong)
