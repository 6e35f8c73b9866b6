"""What the fit does not depend on may change without a new fit; everything else asks for one."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from winset.runs import Run, make_run, open_run
from winset.runs.dependence import FIT, hash_parts, list_changes
from winset.study import load

Edit = Callable[[str, str, str], Path]
SETTINGS = {"seed": 1}
RULE = "{support: public, at_least: 0.5}\n        - {veto"
TERMS = "terms: {land: split, water: joint}"


def changes(folder: Path, edit: Edit, file: str, old: str, new: str) -> list[str]:
    before = hash_parts(load(folder), SETTINGS)
    edit(file, old, new)
    return list_changes(before, hash_parts(load(folder), SETTINGS))


@pytest.mark.parametrize(
    ("file", "old", "new", "part"),
    [
        ("study.yaml", RULE, RULE.replace("0.5", "0.9"), "the rule of north"),
        ("study.yaml", "below: {uniform: [0.2, 0.4]}", "below: 0.3", "the rule of north"),
        ("study.yaml", "ratification: {support: public", "ratification: {veto: public, below: 0.1}\n    #", "the rule of south"),
        ("study.yaml", "rung: medium", "rung: high", "the commitments of north"),
        ("study.yaml", TERMS, "terms: {land: split}", "proposals"),
        ("study.yaml", "date: 2025-01-15", "date: 2025-01-16", "proposals"),
        ("study.yaml", "label: Mediator's text", "label: The text", "labels and notes"),
        ("study.yaml", "label: The valley", "label: Valley", "labels and notes"),
        ("study.yaml", "label: All to North", "label: Everything", "labels and notes"),
        ("study.yaml", "label: General public", "label: Everybody", "labels and notes"),
        ("study.yaml", "question: Which", "notes: [a note]\nquestion: Which", "labels and notes"),
        ("study.yaml", "proposals:", "never: [land=north and water=joint]\nproposals:", "what no package may combine"),
        ("study.yaml", "meaning: North withdraws}", "meaning: North withdraws, searched: false}", "what is searched"),
        ("study.yaml", "proposals:", "minimum_count: 6\nproposals:", "what is shown"),
        ("questions.yaml", "wording: Would you", "wording: Would one", "labels and notes"),
        ("instruments.yaml", "by: A pollster", "by: Another", "labels and notes"),
        ("study.yaml", "sides:", "# a remark\nsides:", ""),
    ],
)  # fmt: skip
def test_what_the_fit_does_not_depend_on(folder: Path, edit: Edit, file: str, old: str, new: str, part: str) -> None:
    assert changes(folder, edit, file, old, new) == ([part] if part else [])


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("study.yaml", "land: [north, split, south]", "land: [split, north, south]"),
        ("study.yaml", "as_of: 2025-01-31", "as_of: 2025-02-28"),
        ("study.yaml", "      army: {label: Army}", "      army: {label: Army}\n      navy: {label: Navy}"),
        ("study.yaml", "    commitments:", "    red_lines: {land: [south]}\n    commitments:"),
        ("study.yaml", "    commitments:", "    repressive: true\n    commitments:"),
        ("questions.yaml", "kind: term", "kind: package"),
        ("questions.yaml", "offer: {land: split}", "offer: {land: south}"),
        ("instruments.yaml", "design_effect: 1.3", "design_effect: 1.4"),
        ("polls.csv", "accept,41", "accept,42"),
    ],
)
def test_what_the_fit_depends_on(folder: Path, edit: Edit, file: str, old: str, new: str) -> None:
    assert FIT in changes(folder, edit, file, old, new)


def test_settings_and_unknown_files_ask_for_a_new_fit(folder: Path) -> None:
    study = load(folder)
    before = hash_parts(study, SETTINGS)
    assert list_changes(before, hash_parts(study, {"seed": 2})) == [FIT]
    (folder / "more.yaml").write_text("a: 1")
    assert list_changes(before, hash_parts(study, SETTINGS)) == [FIT]


def test_a_field_that_nobody_thought_of_counts(folder: Path) -> None:
    study = load(folder)
    more = dataclasses.make_dataclass("More", [("mood", float, 0.5)], bases=(type(study),), frozen=True)
    grown = more(**vars(study))
    assert list_changes(hash_parts(study, SETTINGS), hash_parts(grown, SETTINGS)) == [FIT]


def test_a_study_may_move(folder: Path, tmp_path: Path) -> None:
    moved = load(Path(shutil.copytree(folder, tmp_path / "elsewhere")))
    assert hash_parts(moved, SETTINGS) == hash_parts(load(folder), SETTINGS)


@pytest.fixture
def run_folder(tiny_run: Run, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_run.folder, tmp_path / "run", copy_function=shutil.copy2))


def test_another_rule_needs_no_new_fit(tiny_run: Run, folder: Path, edit: Edit, run_folder: Path) -> None:
    posterior = (run_folder / "posterior.nc").stat()
    sensitivity = (run_folder / "sensitivity.parquet").stat().st_mtime_ns
    edit("study.yaml", RULE, RULE.replace("0.5", "0.3"))
    edit("study.yaml", "title: River valley", "title: The valley")
    said: list[str] = []
    changed = make_run(load(folder), run_folder, fast=True, say=said.append)
    assert said[0] == "only labels and notes and the rule of North changed: the fit of the earlier run is used again"
    assert (run_folder / "posterior.nc").stat().st_mtime_ns == posterior.st_mtime_ns
    assert (run_folder / "sensitivity.parquet").stat().st_mtime_ns == sensitivity
    before, after = (r.room.carry("mediator-2025-01")["probability"][0] for r in (tiny_run, changed))
    assert after > before
    assert open_run(run_folder).room.carry("mediator-2025-01")["probability"][0] == pytest.approx(after)
    again: list[str] = []
    make_run(load(folder), run_folder, fast=True, say=again.append)
    assert "on the same inputs" in again[0]


def test_other_proposals_are_tried_under_other_assumptions(folder: Path, edit: Edit, run_folder: Path) -> None:
    edit("study.yaml", TERMS, "terms: {land: north, water: own}")
    said: list[str] = []
    before = pl.read_parquet(run_folder / "sensitivity.parquet")
    make_run(load(folder), run_folder, fast=True, say=said.append)
    assert said[0] == "only proposals changed: the fit of the earlier run is used again"
    assert not pl.read_parquet(run_folder / "sensitivity.parquet").equals(before)


def test_a_copied_run_is_opened_without_fitting_again(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies are as old as the copying: what was worked out of a posterior may be older than its copy."""
    (run_folder / "posterior.nc").touch()
    os.utime(run_folder / "sensitivity.parquet", (0, 0))
    monkeypatch.setattr("winset.runs.folder._posterior", None)
    assert open_run(run_folder).sensitivity is not None


def test_half_a_table_of_a_copied_run_is_made_anew(tiny_run: Run, run_folder: Path) -> None:
    path = run_folder / "sensitivity.parquet"
    path.write_bytes(path.read_bytes()[:500])
    opened = open_run(run_folder).sensitivity
    assert opened is not None
    assert tiny_run.sensitivity is not None
    assert opened.height == tiny_run.sensitivity.height == pl.read_parquet(path).height


def test_scores_of_another_rule_are_not_taken_for_these(tiny_run: Run, folder: Path, edit: Edit) -> None:
    edit("study.yaml", "all_of:", "any_of:")
    ballot = tiny_run.room.ballot
    assert dataclasses.replace(ballot, study=load(folder)).fingerprint() != ballot.fingerprint()


def test_other_evidence_asks_for_a_new_fit(folder: Path, edit: Edit, run_folder: Path) -> None:
    edit("polls.csv", "accept,41", "accept,42")
    said: list[str] = []
    make_run(load(folder), run_folder, fast=True, say=said.append)
    assert "used again" not in said[0]
    assert json.loads((run_folder / "settings.json").read_text())["parts"] == hash_parts(
        load(folder), {"seed": 1, "draws": 400, "fast": True, "without": []}
    )
