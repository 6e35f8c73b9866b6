"""Reading what somebody uploads in a process of its own, which may take no more than so much time and memory."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from winset.errors import MistakesError, UsageError, list_mistakes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 60.0
MEMORY = 4 * 1024**3
"""A hundred times the largest upload; a file that needs more is no study and no article."""

Found = TypeVar("Found")


def read_apart(named: str, read: Callable[..., Found], *given: Any, seconds: float = SECONDS) -> Found:
    """What a function of a module makes of what was uploaded.

    Parameters
    ----------
    named
        What the file is called, for the sentence.

    Raises
    ------
    UsageError
        If it takes too long or too much memory, or the function says what is wrong.
    """
    fresh = multiprocessing.get_context("spawn")  # a copy of a server with threads may hang
    ours, theirs = fresh.Pipe(duplex=False)
    process = fresh.Process(target=_work, args=(theirs, read, given), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise UsageError(f"{named} took more than {seconds:.0f} s to read and was left; nothing was changed")
        well, found = ours.recv()
    except EOFError:
        raise UsageError(
            f"{named} could not be read in {MEMORY // 1024**3} GB of memory, or crashed what reads it; nothing was changed"
        ) from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if not well:
        raise found
    return found


def _work(out: Connection, read: Callable[..., Any], given: tuple[Any, ...]) -> None:
    """The other process."""
    with contextlib.suppress(ImportError):  # no such limits on Windows, where the time alone is limited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        out.send((True, read(*given)))
    except MemoryError:
        pass
    except MistakesError as error:
        out.send((False, UsageError("; ".join(list_mistakes(error.mistakes)))))
    except UsageError as error:
        out.send((False, error))
