"""Study -> run folder: evidence, posterior, packages, findings, provenance."""

from __future__ import annotations

import contextlib
import functools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from winset.acceptance import Acceptance, from_tree, pose
from winset.errors import RunError, UsageError
from winset.evidence import Responses, gather
from winset.evidence.interviews import FILE as STATEMENTS
from winset.evidence.pseudonyms import KEY, mask_statements
from winset.findings import (
    Finding,
    describe,
    describe_best,
    describe_evidence,
    describe_interviews,
    describe_pivots,
    describe_selection,
    describe_sensitivity,
    describe_solutions,
    describe_support,
    describe_without,
)
from winset.room import Repair, Room, ratify
from winset.runs.atomic import write_table, write_text, write_whole
from winset.runs.dependence import FIT, PROPOSALS, hash_parts, list_changes, name_changes
from winset.runs.evidence import load_evidence, save_evidence
from winset.runs.provenance import input_files, provenance
from winset.runs.told import (
    BARGAIN,
    EVERYTHING,
    PACKAGES,
    PIVOTS,
    SUPPORT,
    Verdict,
    keep_findings,
    load_findings,
)
from winset.runs.unfinished import Unfinished
from winset.study import Study, load

if TYPE_CHECKING:
    from winset.acceptance import Posterior, Problem

Say = Callable[[str], None]
FORMAT = 2
"""Changes whenever a run folder is laid out anew."""
SETTINGS = ("seed", "draws", "fast", "without")
"""What one chooses for a run besides its study."""


@dataclass(frozen=True)
class Run:
    """A finished run, ready to be asked and told.

    Parameters
    ----------
    repair
        Mending of the likeliest proposal on record; None where there is none.
    without_costs
        The room when broken commitments cost nothing.
    sensitivity
        Acceptance under varied assumptions; None where there is no evidence or no proposal.
    selection
        Acceptance under fixed selection odds of interviews; None where there are none.
    whole
        Whether all that a brief needs was worked out, or one room only.
    """

    folder: Path
    study: Study
    responses: Responses
    room: Room
    without_costs: Room
    repair: Repair | None
    sensitivity: pl.DataFrame | None
    selection: pl.DataFrame | None
    seconds: dict[str, float]
    whole: bool = True

    @property
    def acceptance(self) -> Acceptance:
        """Measured acceptance."""
        return self.room.acceptance

    def findings(self) -> list[Finding]:
        """Everything that the run has to say."""
        return self._findings

    @functools.cached_property
    def _findings(self) -> list[Finding]:
        """Worked out once, and kept: JSON, brief, app and console print the same."""
        if not self.whole:
            return self._work_out()
        found = load_findings(self.folder)
        if found is None:
            found = self._work_out()
            fit = self.acceptance.diagnostics
            kept = {EVERYTHING: found, **self._answer_usual()}
            keep_findings(self.folder, kept, Verdict(fit.method, fit.passed, fit.sentence))
        return found

    def _answer_usual(self) -> dict[str, list[Finding]]:
        """Answers as the console gives them where nothing else is asked for: they are then read in half the time."""
        (told, every), room, named = self.room.listed, self.room, self.study.proposals
        proven = every.found.proven and (told is None or told.found.proven)
        found = {PACKAGES: describe_best(told, every, {})} if proven else {}
        narrowing = describe_without(room)
        found |= {BARGAIN: describe_solutions(self.study, room.solve())}
        found |= {SUPPORT.format(p): describe_support(room, p) for p in named}
        return found | {PIVOTS.format(p): [*describe_pivots(room, p), *narrowing] for p in named}

    def _work_out(self) -> list[Finding]:
        found = [*describe(self.room), *describe(self.acceptance), *describe_evidence(self.study, self.responses)]
        found += describe(self.repair) if self.repair else []
        found += describe_interviews(self.study, self.responses, self.acceptance)
        found += [describe_sensitivity(self.study, self.sensitivity)] if self.sensitivity is not None else []
        found += [describe_selection(self.study, self.selection)] if self.selection is not None else []
        return found + self._explored()

    def _explored(self) -> list[Finding]:
        """What the likeliest proposal's fate hangs on and what to ask next; nothing where the fit failed or nothing varies."""
        from winset.exploration import ask_next, find_headline, hang

        if not self.acceptance.diagnostics.passed or not any(
            p.date <= self.study.as_of for p in self.study.proposals.values()
        ):
            return []
        try:
            likeliest = find_headline(self.room)
            hanging = hang(self.room, likeliest, seed=self.acceptance.seed)
            return [*describe(hanging[0]), *describe(ask_next(self.room, likeliest, seed=self.acceptance.seed))]
        except UsageError:
            return []


def make_run(
    study: Study,
    folder: Path,
    *,
    seed: int = 1,
    draws: int = 400,
    fast: bool = False,
    without: Sequence[str] = (),
    probability: float = 0.5,
    say: Say = lambda _: None,
) -> Run:
    """Run a study into a folder; a posterior that is already there is used again if all that it depends on is the same.

    Parameters
    ----------
    probability
        Asked probability of the repair.

    Raises
    ------
    RunError
        If the folder cannot be written.
    """
    from winset.acceptance import measure, prepare, to_tree

    settings = {"seed": seed, "draws": draws, "fast": fast, "without": list(without)}
    seconds: dict[str, float] = {}
    clock = time.perf_counter()
    responses = gather(study, without=without)
    parts = hash_parts(study, settings)
    changed = _changed(folder, parts)
    save_evidence(folder, responses, quotations=study.quotations)
    if PROPOSALS in changed:
        (folder / "sensitivity.parquet").unlink(missing_ok=True)
    _copy_study(study, folder)
    posterior = prepare(study, responses)
    acceptance = None if FIT in changed else _resumed(folder, study, responses, posterior)
    if acceptance is None:
        unfinished = Unfinished(folder, f"{parts[FIT]} {package_version('winset')} {posterior.dimension}")
        acceptance = measure(
            study, responses, seed=seed, draws=draws, fast=fast, posterior=posterior, store=unfinished, say=say
        )
        for name in ("sensitivity", "selection"):
            (folder / f"{name}.parquet").unlink(missing_ok=True)
        write_whole(folder / "posterior.nc", bytes(to_tree(acceptance).to_netcdf(None, engine="h5netcdf")))
        unfinished.clear()
    elif changed:
        say(f"only {_listed(name_changes(changed, study))} changed: the fit of the earlier run is used again")
    else:
        say("posterior of an earlier run on the same inputs is used again")
    write_text(folder / "settings.json", json.dumps(settings | {"parts": parts, "format": FORMAT}))
    seconds["measure"] = time.perf_counter() - clock
    run = _finish(folder, acceptance, lambda: posterior, probability, seconds, say)
    write_table(folder / "packages.parquet", run.room.scores.table())
    write_text(folder / "findings.json", json.dumps([f.as_dict() for f in run.findings()], default=str, indent=1))
    record = provenance(study.folder, settings, parts, seconds) | {"diagnostics": vars(acceptance.diagnostics)}
    write_text(folder / "provenance.json", json.dumps(record, indent=1))
    return run


def open_run(folder: str | Path, *, with_rooms: bool = True, endorsed: Mapping[str, str] | None = None) -> Run:
    """Open a finished run.

    Parameters
    ----------
    with_rooms
        Work out all that a brief needs; otherwise one room only.
    endorsed
        Whose words are heard in that one room; see ``ratify``.

    Raises
    ------
    RunError
        If something is missing; the message names the command that makes it.
    """
    folder = Path(folder)
    if (folder / "study.yaml").exists():
        raise RunError(
            f"{folder} is a study, and no run of one; make one with `winset run {folder} --out RUN`, and name RUN"
        )
    for name in ("study/study.yaml", "settings.json", "posterior.nc"):
        if not (folder / name).exists():
            raise RunError(
                f"{folder} is no finished run ({name} is missing); make it with `winset run STUDY --out {folder}`"
            )
    study = load(folder / "study")
    try:
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunError(f"{folder / 'settings.json'} is damaged ({error}); run again to write it anew") from error
    if settings.get("format") != FORMAT:
        raise RunError(
            f"{folder} was made by another version of winset (format {settings.get('format', 'unknown')}, this one reads "
            f"{FORMAT}); make it again with `winset run STUDY --out {folder}`"
        )
    responses = load_evidence(folder, settings["without"])
    problem = pose(study, responses)
    acceptance = from_tree(folder / "posterior.nc", study, responses, problem)
    if with_rooms:
        return _finish(folder, acceptance, lambda: _posterior(problem), 0.5, {}, lambda _: None)
    room = ratify(acceptance, endorsed=endorsed)
    return Run(folder, study, responses, room, room, None, None, None, {}, whole=False)


def _posterior(problem: Problem) -> Posterior:
    from winset.acceptance import Posterior

    return Posterior(problem)


def _finish(
    folder: Path,
    acceptance: Acceptance,
    posterior: Callable[[], Posterior],
    probability: float,
    seconds: dict[str, float],
    say: Say,
) -> Run:
    clock = time.perf_counter()
    say("scoring every package")
    room = ratify(acceptance)
    for sentence in room.never_holds():
        say(sentence)
    free = ratify(acceptance, audience_costs_on=False)
    likeliest = room.likeliest()
    say("looking for the least change that unblocks")
    repair = room.repair(likeliest, probability) if likeliest else None
    seconds["room"] = time.perf_counter() - clock
    clock = time.perf_counter()
    sensitivity = _kept(folder, "sensitivity", lambda: _sensitivity(acceptance, posterior(), say))
    selection = _kept(folder, "selection", lambda: _selection(acceptance, posterior(), say))
    seconds["sensitivity"] = time.perf_counter() - clock
    return Run(folder, acceptance.study, acceptance.responses, room, free, repair, sensitivity, selection, seconds)


def _kept(folder: Path, name: str, make: Callable[[], pl.DataFrame | None]) -> pl.DataFrame | None:
    """A table that stands beside the posterior it is of, else a new one; None if it has no rows.

    A new posterior takes the tables of the one before away, so that their times say nothing: a copied run opens as fast.
    """
    path, table = folder / f"{name}.parquet", None
    with contextlib.suppress(OSError, pl.exceptions.PolarsError):  # it is not there, or half of it was copied
        table = pl.read_parquet(path)
    if table is None:
        made = make()
        table = pl.DataFrame() if made is None else made
        write_table(path, table)
    return table if table.height else None


def _selection(acceptance: Acceptance, posterior: Posterior, say: Say) -> pl.DataFrame:
    from winset.acceptance import vary_selection

    say("trying other selection odds")
    return vary_selection(acceptance.study, posterior, acceptance.seed, acceptance.fit.mode)


def _sensitivity(acceptance: Acceptance, posterior: Posterior, say: Say) -> pl.DataFrame | None:
    from winset.acceptance import vary

    study = acceptance.study
    named = [p.id for p in study.proposals.values() if p.date <= study.as_of]
    if not len(acceptance.responses) or not named:
        return None
    say("trying other assumptions")
    return vary(study, posterior, named, acceptance.seed, acceptance.fit.mode)


def _copy_study(study: Study, folder: Path) -> None:
    """Keep the study beside its results, so that a run can be opened anywhere; interviews, names and keys stay at home."""
    inside = folder / "study"
    if inside.resolve() == study.folder.resolve():
        return
    private = {f for c in study.codings.values() for f in c.files}
    for path in input_files(study.folder):
        if path.name in private or path.name.endswith(KEY):
            continue
        content = mask_statements(path).encode() if path.name == STATEMENTS else path.read_bytes()
        write_whole(inside / path.name, content)


def list_changed(folder: str | Path, study: Study) -> list[str]:
    """What is otherwise in a study than in the one that a finished run was made of, in words.

    Raises
    ------
    RunError
        If the run cannot be read.
    """
    try:
        saved = json.loads((Path(folder) / "settings.json").read_text(encoding="utf-8"))
        settings = {k: saved[k] for k in SETTINGS}
    except (OSError, ValueError, KeyError) as error:
        raise RunError(f"{folder} cannot be read ({error}); run again to write it anew") from error
    return name_changes(list_changes(saved.get("parts", {}), hash_parts(study, settings)), study)


def _changed(folder: Path, parts: Mapping[str, str]) -> list[str]:
    """Parts that differ from those of the run that is in the folder; all of them where there is none."""
    try:
        saved = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        return list_changes(saved.get("parts", {}), parts)
    except (OSError, ValueError, AttributeError):
        return list(parts)


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _resumed(folder: Path, study: Study, responses: Responses, posterior: Posterior) -> Acceptance | None:
    if not (folder / "posterior.nc").exists():
        return None
    try:
        return from_tree(folder / "posterior.nc", study, responses, posterior.problem)
    except RunError:
        return None
