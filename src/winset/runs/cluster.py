"""Parts of a long work, made here or by the workers of a Dask cluster; each is written by whoever made it."""

from __future__ import annotations

import contextlib
import functools
import pickle
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Protocol

from winset.errors import RunError, UsageError
from winset.runs.atomic import write_whole

ANSWER = 20
"""Seconds in which a scheduler must answer."""

DEATHS = 50
"""Workers that may die over one part before the part is given up."""


class Job(Protocol):
    """What a worker needs to make any part."""

    @property
    def folder(self) -> Path:
        """Where parts are kept."""
        ...

    def make(self, part: int) -> int:
        """Make a part, keep it, and return its number."""
        ...


@contextlib.contextmanager
def open_workers(
    job: Job, *, workers: int = 0, scheduler: str = "", threads: int = 1
) -> Iterator[Callable[[list[int]], Iterator[int]]]:
    """Something that makes parts and yields each when it is done.

    Parameters
    ----------
    workers, scheduler
        A Dask cluster of some processes here, or one that runs at an address and sees the same folder.
    threads
        Parts made side by side here where there is no cluster.

    Raises
    ------
    UsageError
        If Dask is not there, or no scheduler answers.
    """
    if not workers and not scheduler:
        with ThreadPoolExecutor(threads) as pool:
            yield lambda parts: _here(pool, job, parts) if threads > 1 else map(job.make, parts)
        return
    try:
        import distributed
    except ImportError as error:
        raise UsageError("--workers and --scheduler need Dask: pip install 'winset[cluster]'") from error
    with contextlib.ExitStack() as stack:
        if scheduler:
            try:
                client = stack.enter_context(distributed.Client(scheduler, timeout=ANSWER))
            except (OSError, ValueError) as error:
                raise UsageError(f"no Dask scheduler answers at {scheduler} ({error})") from error
        else:
            here = distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
            client = stack.enter_context(distributed.Client(stack.enter_context(here)))
            here.adapt(minimum=workers, maximum=workers)  # replaces those that cannot be started again
        yield functools.partial(_there, distributed, client, job)


def _there(distributed, client, job: Job, parts: list[int]) -> Iterator[int]:
    """Parts as workers have made them; what a dead worker leaves undone is given to another.

    The job lies in the folder, not in the memory of workers, who may all die.
    """
    content = pickle.dumps(job)
    kept = job.folder / "job.pickle"
    write_whole(kept, content)
    submit = functools.partial(client.submit, _make_from, str(kept), zlib.crc32(content), pure=False)
    given = {submit(n): n for n in parts}
    done = distributed.as_completed(given, raise_errors=False)
    deaths = dict.fromkeys(parts, 0)
    for future in done:
        part = given.pop(future)
        if future.status == "finished":  # the block is on disk; the worker that made it may be dead by now
            yield part
            continue
        error = future.exception() if future.status == "error" else None
        if error is not None and not isinstance(error, distributed.KilledWorker):
            raise error
        deaths[part] += 1
        if deaths[part] > DEATHS:
            raise RunError(f"block {part} killed {DEATHS} workers; have they enough memory?")
        again = submit(part)
        given[again] = part
        done.add(again)
    kept.unlink(missing_ok=True)


def _make_from(kept: str, stamp: int, part: int) -> int:
    """On a worker: one part of the job that lies in a file."""
    return _read_job(kept, stamp).make(part)


@functools.lru_cache(maxsize=1)
def _read_job(kept: str, stamp: int) -> Job:
    """The job, read once by each worker.

    Raises
    ------
    RunError
        If a worker does not see the folder, or sees another job there.
    """
    try:
        content = Path(kept).read_bytes()
    except OSError as error:
        raise RunError(f"a worker cannot read {kept} ({error}); workers must see the same folder") from error
    if zlib.crc32(content) != stamp:
        raise RunError(f"a worker sees another {kept}; workers must see the same folder")
    return pickle.loads(content)  # noqa: S301 our own file, written a moment ago


def _here(pool: ThreadPoolExecutor, job: Job, parts: list[int]) -> Iterator[int]:
    """Parts as they are done; those not begun are given up where the reader stops."""
    futures = [pool.submit(job.make, n) for n in parts]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()
