"""What an answer hangs on, on the tiny study."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from winset.cli import run_cli
from winset.errors import UsageError
from winset.exploration import find_headline, hang, hang_change, weigh
from winset.exploration.hanging import hang_number
from winset.exploration.things import Thing, list_things

PLAN = "mediator-2025-01"


@pytest.mark.parametrize("what", [PLAN, "land=split", "land=north;water=own"])
def test_a_weighed_package_has_the_digits_of_the_room(tiny_run, what):
    room, weighed = tiny_run.room, weigh(tiny_run.room, what)
    shares = weighed.shares()
    assert shares == pytest.approx(room.shares(what))
    carried = [*weighed.held(shares).mean(0), weighed.carried(shares).mean()]
    assert carried == room.carry(what)["probability"].to_list()
    assert ((weighed.margin(shares) >= 0) == weighed.carried(shares)).all()


def test_things_have_names_that_a_reader_understands(tiny_run):
    labels = [t.label for t in list_things(weigh(tiny_run.room, PLAN))]
    assert len(labels) == len(set(labels))
    assert "Liking of “The valley: Along the river”: North" in labels
    assert "Acceptance that Army (North) must reach" in labels
    assert "Readiness for any deal: General public (North), against Army (North)" in labels
    assert not [x for x in labels if "mediator-2025-01" in x or "at_least" in x]


def test_what_moves_the_answer_stands_first(tiny_run, rng):
    wanted, other = rng.normal(size=(2, 1000))
    things = [Thing("other", "a", other), Thing("wanted", "b", wanted)]
    found = hang_number(things, wanted + 0.1 * other, (wanted > 1).astype(float), ("carried", "x", "y", "z"))
    assert found.table["thing"][0] == "wanted"
    assert found.table["swing"][0] == pytest.approx(3 * np.mean(wanted > 1), abs=0.02)
    assert found.kinds["kind"].to_list() == ["b", "a"]


def test_every_estimate_lies_in_its_interval(tiny_run):
    for found in hang(tiny_run.room, PLAN):
        t = found.table
        assert t.filter((t["low"] > t["share"]) | (t["share"] > t["high"])).is_empty()
        assert found.outcome[1] <= found.outcome[0] <= found.outcome[2]


def test_what_the_least_change_adds_hangs_on_the_terms_that_it_changes(tiny_run):
    room = tiny_run.room
    mended = room.repair("land=split;water=joint").package
    found = hang_change(room, "land=split;water=joint")
    assert found is not None
    rise = room.carry(dict(mended))["probability"][-1] - room.carry("land=split;water=joint")["probability"][-1]
    assert found.outcome[0] == pytest.approx(rise)
    assert found.table.filter(found.table["thing"].str.contains("Water|valley")).height
    assert hang_change(room, dict(mended)) is None  # nothing to mend


def test_the_command_prints_labels_and_no_ids(tiny_run, capsys):
    assert run_cli(["hangs-on", str(tiny_run.folder)]) == 0
    said = capsys.readouterr().out
    assert "Mediator's text" in said
    assert PLAN not in said
    assert run_cli(["hangs-on", str(tiny_run.folder), "--about", "land=split", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    always = [f["id"] for f in told["findings"] if "changed" not in f["id"]]  # a change may mend it or not
    assert always == [
        "hangs-on-carried", "hangs-on-carried-kinds", "hangs-on-accepted", "hangs-on-accepted-kinds", "hangs-on-together",
    ]  # fmt: skip


def test_pictures_are_drawn_and_another_kind_of_file_is_refused(tiny_run, tmp_path, capsys):
    for command in ("hangs-on", "tip", "ask"):
        file = tmp_path / f"{command}.svg"
        assert run_cli([command, str(tiny_run.folder), "--plot", str(file)]) == 0
        assert file.read_text().startswith("<svg")
        assert run_cli([command, str(tiny_run.folder), "--plot", str(tmp_path / "x.doc")]) == 2
        assert "end the name of the picture in" in capsys.readouterr().err


def test_an_unknown_proposal_is_answered_with_a_close_name(tiny_run, capsys):
    assert run_cli(["hangs-on", str(tiny_run.folder), "--about", "mediator-2025-02"]) == 2
    assert f"did you mean `{PLAN}`" in capsys.readouterr().err


def test_a_failed_fit_is_refused_unless_asked_for(tiny_run, capsys, monkeypatch):
    from winset.runs import folder as runs

    opened = runs.open_run(tiny_run.folder, with_rooms=False)
    verdict = dataclasses.replace(opened.acceptance.diagnostics, passed=False, sentence="The fit failed its checks.")
    room = dataclasses.replace(opened.room, acceptance=dataclasses.replace(opened.acceptance, diagnostics=verdict))
    monkeypatch.setattr("winset.runs.open_run", lambda *_, **__: dataclasses.replace(opened, room=room))
    assert run_cli(["hangs-on", str(tiny_run.folder)]) == 2
    assert "The fit failed its checks." in capsys.readouterr().err
    assert run_cli(["hangs-on", str(tiny_run.folder), "--anyway"]) == 0


def test_without_proposals_one_must_be_named(tiny_run):
    study = dataclasses.replace(tiny_run.study, proposals={})
    room = dataclasses.replace(tiny_run.room, acceptance=dataclasses.replace(tiny_run.acceptance, study=study))
    with pytest.raises(UsageError, match="--about"):
        find_headline(room)


def test_exploring_imports_nothing_that_fits(tiny_run):
    import subprocess
    import sys

    code = (
        "import sys; from winset.cli import run_cli; "
        f"assert run_cli(['hangs-on', {str(tiny_run.folder)!r}]) == 0; "
        "print([m for m in ('jax', 'numpyro', 'scipy.stats', 'altair', 'sklearn') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("[]")
    assert Path(tiny_run.folder).exists()
