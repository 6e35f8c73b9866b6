"""Processes that read and write workbooks for a server of many people: whoever types keeps nobody else waiting."""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from winset.app.looking import settle
from winset.errors import UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Found = TypeVar("Found")


@dataclass
class Hand:
    """One process, and our end of the pipe to it."""

    process: BaseProcess
    pipe: Connection


@dataclass
class Hands:
    """Some processes; none, and everything is done where it is asked for, as one person's machine needs no more.

    Parameters
    ----------
    count
        How many.
    """

    count: int = 0
    free: queue.SimpleQueue[Hand | None] = field(default_factory=queue.SimpleQueue)
    """Those that have nothing to do; None stands for one that is to be started."""

    def __post_init__(self) -> None:
        for _ in range(self.count):
            self.free.put(None)

    def do(self, work: Callable[..., Found], *given: Any) -> Found:
        """What a function of a module makes of something, by whichever process is free first.

        Raises
        ------
        UsageError
            If the function says so.
        """
        if not self.count:
            return work(*given)
        hand = self.free.get()
        try:
            hand = hand or _start()
            hand.pipe.send((work, given))
            well, found = hand.pipe.recv()
        except (EOFError, OSError):  # it was killed: nothing was written by it, and the next call starts another
            hand = None
            return work(*given)
        finally:
            self.free.put(hand)
        if not well:
            raise found
        return found

    def stop(self) -> None:
        """End those that are free; one that works ends with the pipe."""
        with contextlib.suppress(queue.Empty):
            while True:
                hand = self.free.get_nowait()
                if hand is not None:
                    hand.pipe.close()
                    hand.process.join(1)


def _start() -> Hand:
    fresh = multiprocessing.get_context("spawn")  # a copy of a server with threads may hang
    ours, theirs = fresh.Pipe()
    process = fresh.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return Hand(process, ours)


def _work(pipe: Connection) -> None:
    """The other process: until the server closes the pipe, or is gone."""
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        settle()
        while True:
            work, given = pipe.recv()
            try:
                answer = True, work(*given)
            except UsageError as error:
                answer = False, error
            pipe.send(answer)
