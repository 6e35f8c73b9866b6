"""Parts of a long work, made here or by the workers of a Dask cluster; each is written by whoever made it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Protocol

from winset.errors import UsageError

RETRIES = 50
"""Times that a part may be given to another worker because its own died."""


class Job(Protocol):
    """What a worker needs to make any part."""

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
                client = stack.enter_context(distributed.Client(scheduler, timeout=20))
            except (OSError, ValueError) as error:
                raise UsageError(f"no Dask scheduler answers at {scheduler} ({error})") from error
        else:
            here = distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
            client = stack.enter_context(distributed.Client(stack.enter_context(here)))
        shared = client.scatter(job, broadcast=True)

        def done(parts: list[int]) -> Iterator[int]:
            futures = [client.submit(type(job).make, shared, n, pure=False, retries=RETRIES) for n in parts]
            for future in distributed.as_completed(futures):
                yield future.result()

        yield done


def _here(pool: ThreadPoolExecutor, job: Job, parts: list[int]) -> Iterator[int]:
    """Parts as they are done; those not begun are given up where the reader stops."""
    futures = [pool.submit(job.make, n) for n in parts]
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()
