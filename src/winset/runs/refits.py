"""Refits of a run in its folder, a file each: what was broken off goes on where it stopped."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from winset.exploration.refitting import Plan, Refits
from winset.room import Room
from winset.runs.atomic import write_text
from winset.runs.cluster import open_workers


class KeptFits(MutableMapping[str, dict[str, list[float]]]):
    """Draws of finished refits by key, kept in ``refits`` of a run folder; files that cannot be read are made again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "refits"

    def __getitem__(self, key: str) -> dict[str, list[float]]:
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise KeyError(key) from error

    def __setitem__(self, key: str, value: dict[str, list[float]]) -> None:
        write_text(self.folder / f"{key}.json", json.dumps(value))

    def __delitem__(self, key: str) -> None:
        (self.folder / f"{key}.json").unlink()

    def __iter__(self) -> Iterator[str]:
        return (p.stem for p in sorted(self.folder.glob("*.json")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class _Job:
    """What a worker needs to make any fit: it opens the run for itself."""

    folder: Path
    about: str | Mapping[str, str]
    plans: Sequence[Plan]

    def make(self, part: int) -> int:
        """Fit, and keep what came out in the run folder."""
        Refits(_open(self.folder), self.about, KeptFits(self.folder)).fit(self.plans[part])
        return part


@functools.lru_cache(maxsize=1)
def _open(folder: Path) -> Room:
    """The room of a run, opened once by each worker."""
    from winset.runs.folder import open_run

    return open_run(folder, with_rooms=False).room


def fit_ahead(
    room: Room,
    folder: Path,
    about: str | Mapping[str, str],
    plans: Sequence[Plan],
    *,
    workers: int = 0,
    scheduler: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Make fits on a Dask cluster and keep them in the run folder, where whoever asks for them finds them.

    Raises
    ------
    UsageError
        If Dask is not there, or no scheduler answers.
    RunError
        If a worker does not see the folder.
    """
    known, refits = KeptFits(folder), Refits(room, about, {})
    missing = [n for n, p in enumerate(plans) if refits.key(p) not in known]
    if not missing:
        return
    job = _Job(folder.resolve(), about, plans)
    with open_workers(job, workers=workers, scheduler=scheduler) as make:
        for done, _ in enumerate(make(missing)):
            say(f"{done + 1} of {len(missing)} fits on the cluster")
