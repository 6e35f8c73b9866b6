"""Runs of the talks on disk: blocks while they are made, resumed by the same command, then one labelled tree."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from winset.errors import RunError, UsageError
from winset.room.scoring import cores
from winset.runs.atomic import write_text, write_whole
from winset.runs.cluster import open_workers
from winset.talks import TALK_PRIORS, Ensemble, Fitted, Paths
from winset.talks.paths import STATES
from winset.talks.simulation import Block, check_runs, cut_blocks
from winset.talks.week import HELD_SCALE

EVENTS = (
    "rounds", "rounds_without_text", "refusals_a", "refusals_b", "breakdowns", "package", "week_signed", "failed_a",
    "failed_b", "exchanges", "limited_ceasefires", "first_kind", "first_week",
)  # fmt: skip
ATTITUDES = "attitudes.json"
"""Where a run folder keeps what was fitted to poll series."""

WEEKLY = ("state", "front", "held", "mood", "carried", "news", "tabled")
PACKED = {"zlib": True, "complevel": 1, "shuffle": True}


@dataclass(frozen=True)
class _Blocks:
    """What a worker needs to make any block of any scenario, numbered through."""

    ensembles: Mapping[str, Ensemble]
    cuts: tuple[tuple[int, int], ...]
    folder: Path

    def path(self, part: int) -> Path:
        name, n = self._find(part)
        return self.folder / name / f"block-{n:05d}.npz"

    def make(self, part: int) -> int:
        """Make one block and write it, whole or not at all."""
        name, n = self._find(part)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **self.ensembles[name].make(*self.cuts[n]))
        write_whole(self.path(part), buffer.getvalue())
        return part

    def read(self, part: int) -> Block | None:
        """A block from disk; None where it is missing or damaged."""
        _, n = self._find(part)
        try:
            with np.load(io.BytesIO(self.path(part).read_bytes())) as kept:
                block = {k: kept[k] for k in kept.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None
        return block if len(block.get("events", ())) == self.cuts[n][1] else None

    def _find(self, part: int) -> tuple[str, int]:
        return list(self.ensembles)[part // len(self.cuts)], part % len(self.cuts)


def simulate_to_disk(
    ensembles: Mapping[str, Ensemble],
    file: Path,
    runs: int,
    *,
    workers: int = 0,
    scheduler: str = "",
    threads: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[str, Paths]:
    """Make runs of some scenarios, block by block, then write them as one NetCDF file.

    Blocks lie in a folder beside the file until all are done; the same command goes on from those that are there. A file of
    earlier runs is kept beside as ``NAME.before.nc``.

    Parameters
    ----------
    workers, scheduler
        A Dask cluster of some processes here, or one that runs at an address and sees the same folder.
    progress
        Told the number of blocks done, and of all blocks.

    Raises
    ------
    RunError
        If blocks of other runs lie there, or nothing can be written.
    """
    check_runs(runs)
    folder = file.with_name(f".{file.name}.blocks")
    job = _Blocks(ensembles, tuple(cut_blocks(runs)), folder)
    _claim(folder, ensembles)
    every = range(len(ensembles) * len(job.cuts))
    missing = [n for n in every if job.read(n) is None]
    progress(len(every) - len(missing), len(every))
    with open_workers(job, workers=workers, scheduler=scheduler, threads=threads or cores()) as done:
        for n, _ in enumerate(done(missing), 1):
            progress(len(every) - len(missing) + n, len(every))
    paths = {}
    for place, (name, ensemble) in enumerate(ensembles.items()):
        blocks = [job.read(place * len(job.cuts) + n) for n in range(len(job.cuts))]
        whole = [b for b in blocks if b is not None]
        if len(whole) < len(blocks):
            raise RunError(f"{folder}: {len(blocks) - len(whole)} blocks vanished; the same command makes them again")
        paths[name] = ensemble.gather(whole)
    save_paths(file, paths)
    shutil.rmtree(folder, ignore_errors=True)
    return paths


def save_paths(path: Path, paths: Mapping[str, Paths]) -> None:
    """Write runs of some scenarios as one NetCDF file, a group each, every parameter drawn beside them.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written; the old file stays.
    """
    tree = xr.DataTree.from_dict({f"/{name}": _dataset(p) for name, p in paths.items()})
    packed = {f"/{name}": dict.fromkeys(WEEKLY, PACKED) for name in paths}
    content = bytes(tree.to_netcdf(None, engine="h5netcdf", encoding=packed))
    if path.exists():
        with contextlib.suppress(OSError):
            shutil.copyfile(path, path.with_name(f"{path.stem}.before{path.suffix}"))
    write_whole(path, content)


def save_attitudes(folder: Path, fitted: Fitted) -> Path:
    """Keep what was fitted to poll series beside a run."""
    kept = {"names": list(fitted.names), "mean": fitted.mean.tolist(), "covariance": fitted.covariance.tolist()}
    write_text(folder / ATTITUDES, json.dumps(kept, indent=1))
    return folder / ATTITUDES


def load_attitudes(folder: Path) -> Fitted | None:
    """What was fitted to poll series, None where nothing was.

    Raises
    ------
    RunError
        If the file cannot be read.
    """
    path = folder / ATTITUDES
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        fitted = Fitted(tuple(kept["names"]), np.array(kept["mean"], float), np.array(kept["covariance"], float))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path} cannot be read ({error}); make it again with `winset calibrate {folder}`") from error
    unknown = [n for n in fitted.names if n not in TALK_PRIORS]
    if unknown:
        raise RunError(f"{path} names parameters that do not exist ({', '.join(unknown)}); make it again")
    return fitted


def _claim(folder: Path, ensembles: Mapping[str, Ensemble]) -> None:
    """Say whose blocks these are, or refuse to mix them with others."""
    first = next(iter(ensembles.values()))
    ours = {"study": first.study.id, "seed": first.seed, "weeks": first.weeks,
            "scenarios": {name: e.fingerprint() for name, e in ensembles.items()}}  # fmt: skip
    path = folder / "blocks.json"
    if path.exists():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        differs = [
            f"{k} {kept.get(k)} there, {ours[k]} asked" for k in ("study", "seed", "weeks") if kept.get(k) != ours[k]
        ]
        for name, fingerprint in ours["scenarios"].items():
            if not differs and kept.get("scenarios", {}).get(name) not in (None, fingerprint):
                differs.append(f"scenario `{name}`, or the posterior or priors under it, has changed")
        if differs:
            raise UsageError(
                f"{folder} holds blocks of runs that were cut off ({'; '.join(differs)}); go on with the same command, "
                f"name another file with --out, or remove the folder to begin anew"
            )
        ours["scenarios"] = {**kept.get("scenarios", {}), **ours["scenarios"]}
    write_text(path, json.dumps(ours, indent=1))


def _dataset(paths: Paths) -> xr.Dataset:
    sides = list(paths.study.sides)
    front = paths.study.war.front if paths.study.war else None
    return xr.Dataset(
        {
            "state": (("run", "week"), paths.state, {"meaning": "; ".join(f"{n} {s}" for n, s in enumerate(STATES))}),
            "front": (("run", "week"), paths.front, {"unit": front.unit if front else ""}),
            "held": (("run", "week", "region"), paths.held, {"unit": f"share, times {HELD_SCALE:g}"}),
            "mood": (("run", "week", "side"), paths.mood, {"unit": "probit"}),
            "carried": (
                ("run", "week", "who"),
                paths.carried,
                {"meaning": "packages on the table that could be carried"},
            ),
            "news": (("run", "week"), paths.news, {"meaning": "bits; see winset.talks.week"}),
            "tabled": (("run", "week"), paths.tabled, {"meaning": "last text of the week, -1: none"}),
            "events": (("run", "event"), paths.events),
            "parameters": (("run", "parameter"), paths.parameters),
        },
        coords={
            "week": np.arange(1, paths.state.shape[1] + 1),
            "side": sides,
            "who": [*sides, "both"],
            "region": list(front.regions) if front else [],
            "event": list(EVENTS),
            "parameter": list(TALK_PRIORS),
        },
        attrs={"scenario": paths.scenario.label, "seed": paths.seed, "packages": " | ".join(map(str, paths.packages))},
    )
