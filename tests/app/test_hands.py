"""Workbooks read and written by processes of their own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from winset.app.hands import Hands
from winset.app.looking import look_into
from winset.errors import UsageError
from winset.workbook import change_cells, write_starter


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands(1)
    yield made
    made.stop()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "case.xlsx"
    write_starter(path, sides=2)
    return path


def test_another_process_says_the_same(hands: Hands, book: Path) -> None:
    assert hands.do(os.getpid) not in {os.getpid(), 0}
    assert hands.do(look_into, book) == look_into(book)
    book.write_bytes(hands.do(change_cells, book, "Polls", {"D5": "nobody"}))
    assert "nobody" in str(hands.do(look_into, book).mistakes)


def test_a_mistake_is_told_here(hands: Hands, book: Path) -> None:
    with pytest.raises(UsageError, match="no sheet `Nothing`"):
        hands.do(change_cells, book, "Nothing", {"A1": "x"})


def test_one_that_is_killed_is_replaced(hands: Hands, book: Path) -> None:
    first = hands.do(os.getpid)
    os.kill(first, signal.SIGKILL)
    assert hands.do(look_into, book) == look_into(book)
    assert hands.do(os.getpid) not in {first, os.getpid()}


def test_without_any_it_is_done_here() -> None:
    assert Hands().do(os.getpid) == os.getpid()
