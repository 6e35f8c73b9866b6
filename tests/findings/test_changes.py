"""What changed between two runs."""

from __future__ import annotations

import dataclasses
import json

import polars as pl
import pytest

from winset.cli.commands import invoke
from winset.findings.changes import describe_changes
from winset.room import Room, ratify
from winset.runs import Run
from winset.study import Study, load


@pytest.fixture
def easier(tiny_run: Run, edit) -> Room:
    """The same answers under a rule that asks less of the public of North, and a pledge that costs nothing."""
    folder = edit("study.yaml", "{support: public, at_least: 0.5}", "{support: public, at_least: 0.3}")
    study = dataclasses.replace(tiny_run.study, sides=load(folder).sides)
    return ratify(dataclasses.replace(tiny_run.acceptance, study=study))


def named(old: Room, new: Room) -> dict[str, pl.DataFrame]:
    return {f.id: f.table for f in describe_changes(old, new)}


def test_a_run_is_like_itself(tiny_run: Run) -> None:
    found = {f.id: f for f in describe_changes(tiny_run.room, tiny_run.room)}
    assert found["changes-evidence"].table.is_empty()
    assert found["changes-declared"].table.is_empty()
    assert "No proposal" in found["changes-answer"].sentence
    table = found["changes-answer"].table
    assert table["before"].to_list() == table["with_rules"].to_list() == table["after"].to_list()


def test_another_rule_is_told_and_has_done_all_of_the_change(tiny_run: Run, easier: Room) -> None:
    found = named(tiny_run.room, easier)
    row = found["changes-answer"].filter(what="All at once").row(0, named=True)
    assert row["before"] == tiny_run.room.carry("mediator-2025-01")["probability"][-1]
    assert row["with_rules"] == row["after"] > row["before"]
    told = found["changes-declared"].row(0, named=True)
    assert (told["what"], "50%" in told["before"], "30%" in told["after"]) == ("Rule of North", True, True)


def test_a_poll_that_came_and_one_that_was_read_otherwise_are_told(tiny_run: Run) -> None:
    from winset.findings.answers import list_answers

    count = list_answers(tiny_run.acceptance).height
    table = tiny_run.responses.table
    gone = tiny_run.responses.table["question"][0]
    fewer = dataclasses.replace(tiny_run.responses, table=table.filter(pl.col("question") != gone))
    cells = dataclasses.replace(tiny_run.acceptance, responses=fewer)
    old = dataclasses.replace(tiny_run.room, acceptance=cells)
    changed = named(old, tiny_run.room)["changes-evidence"]
    assert set(changed["change"]) == {"new"}
    assert 0 < changed.height < count


def test_studies_of_other_groups_are_compared_as_far_as_they_agree(tiny_run: Run, study: Study) -> None:
    """A group that one study lacks: the rules cannot be laid on the other run's people."""
    sides = dict(study.sides)
    north = sides["north"]
    sides["north"] = north.model_copy(update={"constituencies": {"public": north.constituencies["public"]}})
    other = dataclasses.replace(tiny_run.room, acceptance=dataclasses.replace(tiny_run.acceptance, study=study))
    assert named(other, tiny_run.room)["changes-answer"]["with_rules"].null_count() == 0
    smaller = dataclasses.replace(study, sides=sides)
    lone = dataclasses.replace(tiny_run.acceptance, study=smaller)
    from winset.findings.changes import _under_rules

    assert _under_rules(dataclasses.replace(tiny_run.room, acceptance=lone), tiny_run.room) is None


def test_the_command_tells_it(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["compare", str(tiny_run.folder), str(tiny_run.folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [f["id"] for f in found] == ["changes-answer", "changes-acceptance", "changes-evidence", "changes-declared"]
