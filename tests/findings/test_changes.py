"""What changed between two runs."""

from __future__ import annotations

import dataclasses
import json

import polars as pl
import pytest

from winset.acceptance import measure
from winset.cli.commands import invoke
from winset.findings.changes import describe_changes
from winset.findings.steps import match_results, result_steps, tell_steps
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


def test_rules_are_applied_one_after_the_other(tiny_run: Run, easier: Room) -> None:
    """Each step begins where the one before ended, and the last ends at the second run, which has the same evidence."""
    found = {f.id: f for f in describe_changes(tiny_run.room, easier)}
    steps = found["changes-steps"].table
    assert set(steps["kind"]) == {"rule"}
    assert steps["before"].to_list()[1:] == steps["after"].to_list()[:-1]
    row = found["changes-answer"].table.filter(what="All at once").row(0, named=True)
    assert (steps["before"][0], steps["after"][-1]) == (row["before"], row["after"])
    assert "Rule of North" in found["changes-steps"].sentence


def test_a_result_moves_the_chance_as_a_fit_without_it_would(tiny_run: Run, study: Study) -> None:
    """Known answer: weighing the draws as if a poll had not been there against fits that never saw it."""
    fewer = tiny_run.responses
    asked = fewer.table.filter(question=fewer.table["question"][0], constituency=fewer.table["constituency"][0])
    earlier = (pl.col("date", "end").dt.offset_by("-90d"), pl.col("weight") * 0.05)
    more = dataclasses.replace(fewer, table=pl.concat([fewer.table, asked.with_columns(*earlier)]))
    old, new = (ratify(measure(study, r, fast=True, draws=1000)) for r in (fewer, more))
    was, now = (float(r.carried("mediator-2025-01").mean()) for r in (old, new))
    differing = match_results(old, new)
    (told,) = result_steps(old, new, "mediator-2025-01", differing)
    assert (told["change"][:4], told["after"]) == ("New:", now)
    assert told["before"] == pytest.approx(was, abs=0.04)
    alone = tell_steps(old, old, new, "mediator-2025-01", differing).row(
        0, named=True
    )  # the only change: no weights are needed
    assert (alone["change"], alone["before"], alone["after"]) == (told["change"], was, now)


def test_only_answers_without_a_side_in_common_are_told_apart(tiny_run: Run) -> None:
    def named(names: dict[str, str]) -> Room:
        study = tiny_run.study
        sides = {names.get(s, s): x for s, x in study.sides.items()}
        return dataclasses.replace(
            tiny_run.room,
            acceptance=dataclasses.replace(tiny_run.acceptance, study=dataclasses.replace(study, sides=sides)),
        )

    (apart,) = describe_changes(tiny_run.room, named({"north": "east", "south": "west"}))
    assert "about two conflicts" in apart.sentence
    assert apart.table.is_empty()
