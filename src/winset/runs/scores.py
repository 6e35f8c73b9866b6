"""Scores of every package of a large space: Parquet parts, resumed by the same command, on one machine or on many."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from winset.errors import RunError, UsageError
from winset.room import Room, restrict
from winset.room.scoring import Halves, count_outer, cut
from winset.room.search import rules_that_never_hold
from winset.room.tables import tabulate
from winset.runs.atomic import write_text, write_whole
from winset.runs.cluster import open_workers
from winset.study.ratification import clauses, rule_in_words
from winset.terms import Issue, Option, Space, parse_any

PART = 2**24
"""Packages that a part of three columns holds, about; with more columns it holds fewer, for the memory it takes."""

MOST = 20_000_000_000
RATE = 2.8e9
"""Packages times draws that two cores count and write in a second: 4^15 x 200 took 76 s."""

BYTES = 4
"""On disk, a package: 4^15 took 4.0 GB."""


@dataclass(frozen=True)
class Scores:
    """Scores on disk.

    Parameters
    ----------
    space
        Issues in the order of the files: the last changes fastest.
    parts
        Files, in order.
    """

    folder: Path
    space: Space
    columns: tuple[str, ...]
    parts: tuple[Path, ...]

    def scan(self) -> pl.LazyFrame:
        """All scores; ``package`` is the number of a package in ``space``. Null where it combines what excludes each other."""
        return pl.scan_parquet(list(self.parts), row_index_name="package")

    def package(self, number: int) -> str:
        """A package by its number."""
        return str(self.space.package(self.space.unrank(number)))

    def top(self, count: int, column: str = "p_all") -> pl.DataFrame:
        """The best packages by a column, in words."""
        ranked = self.scan().sort(column, descending=True, nulls_last=True, maintain_order=True)
        best = ranked.head(min(count, self.space.count)).collect(engine="streaming")
        return best.with_columns(terms=pl.Series([self.package(n) for n in best["package"]], dtype=pl.String))


@dataclass(frozen=True)
class _Job:
    """What a worker needs to make any part."""

    halves: Halves
    folder: Path
    step: int
    columns: tuple[str, ...]
    clauses: bool
    acceptance: bool
    threads: int

    def path(self, part: int) -> Path:
        return self.folder / f"part-{part:05d}.parquet"

    def make(self, part: int) -> int:
        """Count one part and write it, whole or not at all."""
        outer = self.halves.size(self.halves.outer)
        digits = self.halves.outer_digits(part * self.step, min((part + 1) * self.step, outer))
        counted = count_outer(
            self.halves, digits, clauses=self.clauses, acceptance=self.acceptance, threads=self.threads
        )
        draws = self.halves.tables.draws
        sides = len(self.halves.tables.rules.programs)
        share = counted.holds.astype(np.float32) / np.float32(draws)
        rows = [*share[: sides + 1], *(1 - share[sides + 1 :]), *counted.acceptance]
        table = pl.DataFrame(dict(zip(self.columns, rows, strict=True)))
        if self.halves.tables.space.pairs:
            table = table.select(pl.when(pl.Series(self.halves.keeps(digits))).then(pl.all()))
        buffer = io.BytesIO()
        table.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=2**20)
        write_whole(self.path(part), buffer.getvalue())
        return part


def score_everything(
    room: Room,
    folder: Path,
    *,
    draws: int = 200,
    given: Mapping[str, str] | None = None,
    every_issue: bool = False,
    with_clauses: bool = False,
    with_acceptance: bool = False,
    workers: int = 0,
    scheduler: str = "",
    threads: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _parts: None,
) -> Scores:
    """Score every package of a space into a folder; parts that are there already are kept.

    Parameters
    ----------
    every_issue
        Settle issues and options too that the study leaves out of the search.
    with_clauses, with_acceptance
        Also how often each clause fails; also expected acceptance of each constituency that a rule names.
    workers, scheduler
        A Dask cluster of some processes here, or one that runs at an address and sees the same folder.
    progress
        Told the number of parts done, and of all parts.

    Raises
    ------
    UsageError
        If the space is too large, or a rule can never hold.
    RunError
        If the folder holds scores of something else.
    """
    study = room.acceptance.study
    space = restrict(study.space if every_issue else study.space.searched(), given or {})
    ballot = room.ballot.thin(draws)
    tables = tabulate(ballot, space)
    never = rules_that_never_hold(tables)
    if never:
        raise UsageError("; ".join(never))
    if space.size > MOST:
        raise UsageError(too_large(space.size, len(ballot.draws)))
    halves = cut(tables)
    columns = _columns(room, tables.names, clauses_too=with_clauses, acceptance_too=with_acceptance)
    each = halves.size(halves.inner) * halves.size(halves.column)
    step = max(1, PART * 3 // len(columns) // each)
    parts = math.ceil(halves.size(halves.outer) / step)
    order = [space.issues[k] for k in (*halves.outer, *halves.inner, *halves.column)]
    job = _Job(halves, folder, step, columns, with_clauses, with_acceptance, threads)
    _claim(folder, ballot.fingerprint(), Space(tuple(order), space.constraints), columns, parts, step * each)
    missing = [n for n in range(parts) if not _is_whole(job.path(n))]
    progress(parts - len(missing), parts)
    with open_workers(job, workers=workers, scheduler=scheduler) as done:
        for n, _ in enumerate(done(missing), 1):
            progress(parts - len(missing) + n, parts)
    return open_scores(folder)


def too_large(size: int, draws: int) -> str:
    """Why a space is too large to score one and all, and what to ask instead."""
    hours = size * draws / RATE / 3600
    return (
        f"{size:,} packages x {draws} draws would take about {hours:,.0f} hours on two cores and {size * BYTES / 1e9:,.0f} GB "
        "of disk, in less than 2 GB of memory; ask for the best (winset room RUN --top 20), or settle some issues (--given "
        "issue=option)"
    )


def open_scores(folder: Path) -> Scores:
    """Scores that were written before.

    Raises
    ------
    RunError
        If parts are missing.
    """
    kept = _read_claim(folder)
    space = Space(
        tuple(
            Issue(i["id"], i["label"], tuple(Option(o["id"], o["label"]) for o in i["options"])) for i in kept["issues"]
        ),
        tuple(parse_any(c) for c in kept.get("constraints", ())),
    )
    parts = tuple(folder / f"part-{n:05d}.parquet" for n in range(kept["parts"]))
    missing = sum(not _is_whole(p) for p in parts)
    if missing:
        raise RunError(
            f"{folder}: {missing} of {len(parts)} parts are missing or damaged; the same `winset score` makes them"
        )
    return Scores(folder, space, tuple(kept["columns"]), parts)


def _read_claim(folder: Path) -> dict[str, Any]:
    """What the folder says of its scores."""
    try:
        return json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError(f"{folder} holds no scores ({error}); make them with `winset score RUN`") from error
    except ValueError as error:
        raise RunError(f"{folder / 'scores.json'} is damaged ({error}); remove {folder} and score again") from error


def _is_whole(path: Path) -> bool:
    """Whether a part is there and ends as it should."""
    try:
        pl.read_parquet_schema(path)
    except (OSError, pl.exceptions.ComputeError):
        return False
    return True


def _columns(room: Room, names: tuple, *, clauses_too: bool, acceptance_too: bool) -> tuple[str, ...]:
    sides = room.acceptance.study.sides
    columns = [*(f"p_{s}" for s in sides), "p_all"]
    if clauses_too:
        columns += [f"fails: {s}: {rule_in_words(c)}" for s, side in sides.items() for c in clauses(side.ratification)]
    if acceptance_too:
        columns += [f"accept_{s}_{c}" for s, c in names]
    return tuple(columns)


def _claim(folder: Path, fingerprint: str, space: Space, columns: tuple[str, ...], parts: int, packages: int) -> None:
    """Say whose scores these are, or refuse a folder that holds others."""
    issues: list[dict[str, Any]] = [
        {"id": i.id, "label": i.label, "options": [{"id": o.id, "label": o.label} for o in i.options]}
        for i in space.issues
    ]
    ours = {"fingerprint": fingerprint, "issues": issues, "constraints": [str(c) for c in space.constraints],
            "columns": list(columns), "parts": parts, "packages_a_part": packages}  # fmt: skip
    path = folder / "scores.json"
    if path.exists():
        kept = _read_claim(folder)
        differs = [k for k in ours if kept.get(k, []) != ours[k]]
        if differs:
            raise RunError(
                f"{folder} holds scores of another run or another question ({', '.join(differs)} differ); "
                "name another folder with --out, or remove it"
            )
    else:
        write_text(path, json.dumps(ours, indent=1))
