"""Scorecards in a folder: every fold is kept as it is done, and taken up again by the same model on the same evidence."""

from __future__ import annotations

import ast
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from winset.acceptance import Diagnostics
from winset.errors import UsageError
from winset.exploration import Hindsight, judge_hindsight, list_days, look_from
from winset.exploration.hindsight import CUTS
from winset.runs.atomic import write_text
from winset.runs.provenance import input_files
from winset.study import Study, load
from winset.study.loading import shipped
from winset.verification import HELD, LATER, Fold, Scorecard, Trial, cut_often

COMPUTED = ("acceptance", "evidence", "verification")
"""Rooms whose code decides what is foreseen."""
RANKED = (*COMPUTED, "room", "exploration")
"""Rooms whose code decides how questions are ranked."""
ELSEWHERE = ("random_studies.py",)
"""Files of theirs that foresee nothing: studies drawn at random have tables of their own."""
NUTS = ("chains.py", "nuts.py")
"""Files of theirs that what is made by the approximation does not rest on."""

SAID = {
    LATER: "what came later",
    "terms": "one term after the other",
    "packages": "whole packages",
    "refusers": "questions to those who refused",
}


def keep_scorecard(
    studies: Iterable[Study],
    folder: Path,
    *,
    cuts: int = 5,
    hold: str = LATER,
    seed: int = 1,
    fast: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Scorecard:
    """Foresee every fold of some studies; folds that the folder holds are read, not fitted again.

    Parameters
    ----------
    cuts
        Days that cut each study's evidence.
    hold
        What is held back: ``later``, or one of ``HELD`` instead (each term in turn, all packages, incentives).

    Raises
    ------
    UsageError
        If a study has nothing to hold back.
    RunError
        If the folder cannot be written.
    """
    tables, verdicts, least = [], {}, 1
    for study in studies:
        trial = Trial.of(study)
        problem = trial.posterior.problem
        folds = cut_often(study, problem, cuts) if hold == LATER else HELD[hold](study, problem)
        key = f"{fingerprint(study, nuts=not fast)} seed {seed} {'Laplace' if fast else 'NUTS'}"
        least = max(least, study.minimum_count)
        start = folder / f"{study.id}-{'fast' if fast else 'nuts'}"
        for fold, kept in _each(folds, start, key, lambda f, t=trial: _foresee(t, f, seed, fast=fast), say):
            if kept["rows"]:
                tables.append(pl.DataFrame(kept["rows"], infer_schema_length=None))
            verdicts[f"{study.id} {fold.name}"] = Diagnostics(**kept["verdict"])
    if not tables:
        raise UsageError(
            f"nothing is left to foresee: {SAID[hold]} cannot be held back where nothing or everything printed holds it, "
            "or too few were asked"
        )
    table = pl.concat(tables, how="diagonal_relaxed").with_columns(pl.col("date").cast(pl.String).str.to_date())
    return Scorecard(table, verdicts, least)


def keep_hindsight(
    studies: Iterable[Study],
    folder: Path,
    *,
    cuts: int = CUTS,
    seed: int = 1,
    say: Callable[[str], None] = lambda _: None,
) -> Hindsight:
    """Rank the questions of the past, day by day; days that the folder holds are read, not fitted again.

    Raises
    ------
    UsageError
        If no day has enough questions after it.
    RunError
        If the folder cannot be written.
    """
    rows = []
    for study in studies:
        trial = Trial.of(study)
        days, key = list_days(trial, cuts), f"{fingerprint(study, RANKED)} seed {seed} cuts {cuts}"
        until = {fold.name: then for fold, then in days}
        look = lambda f, t=trial, u=until: {"rows": look_from(t, f, u[f.name], seed)}  # noqa: E731
        for _, kept in _each([fold for fold, _ in days], folder / f"{study.id}-questions", key, look, say):
            rows += kept["rows"]
    return judge_hindsight(rows)


def _each(
    folds: Sequence[Fold], start: Path, key: str, make: Callable[[Fold], dict], say: Callable[[str], None]
) -> Iterator[tuple[Fold, dict]]:
    """Every fold with what comes of it: read from a file whose name begins so, or made and kept there."""
    study, _, _ = start.name.rpartition("-")
    began, made = time.perf_counter(), 0
    for n, fold in enumerate(folds):
        path = start.with_name(f"{start.name}-{fold.name.replace('=', '-')}.json")
        kept = _read(path, key)
        if kept is None:
            kept = make(fold)
            write_text(path, json.dumps({"key": key, **kept}, default=str))
            made += 1
            left = (time.perf_counter() - began) / made * (len(folds) - n - 1)
            say(f"{study}, {fold.name}: {n + 1} of {len(folds)}, about {left / 60:.0f} min left for this study")
        yield fold, kept


def fingerprint(study: Study, rooms: tuple[str, ...] = COMPUTED, *, nuts: bool = False) -> str:
    """Hash of a study's files and of all code that decides what is foreseen; comments and docstrings do not count."""
    digest = hashlib.sha256(code_hash(rooms, nuts=nuts).encode())
    for path in input_files(study.folder):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def page_hash() -> str:
    """Hash of all shipped studies and of the code: the page of the docs carries it."""
    return hashlib.sha256("".join(fingerprint(load(s)) for s in shipped()).encode()).hexdigest()[:16]


def code_hash(rooms: tuple[str, ...] = COMPUTED, *, nuts: bool = False) -> str:
    """Hash of the syntax of the code behind a scorecard, without docstrings."""
    root, digest = Path(__file__).parent.parent, hashlib.sha256()
    every = (p for room in rooms for p in (root / room).glob("*.py"))
    for path in sorted(p for p in every if p.name not in (ELSEWHERE if nuts else ELSEWHERE + NUTS)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [  # pyright: ignore[reportAttributeAccessIssue]
                    x for x in body if not (isinstance(x, ast.Expr) and isinstance(x.value, ast.Constant))
                ]
        digest.update(ast.dump(tree).encode())
    return digest.hexdigest()


def _foresee(trial: Trial, fold: Fold, seed: int, *, fast: bool) -> dict:
    table, verdict = trial.foresee(fold, seed, fast=fast)
    return {"rows": table.to_dicts(), "verdict": vars(verdict)}


def _read(path: Path, key: str) -> dict | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if kept.get("key") == key else None
