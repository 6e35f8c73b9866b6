"""Each of the brief's pictures on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.brief import draw_pictures, list_kinds, summarise
from winset.cli.commands import invoke
from winset.runs import Run


def test_every_kind_is_drawn_with_names_and_no_ids(tiny_run: Run) -> None:
    pictures = draw_pictures(tiny_run, summarise(tiny_run))
    assert set(pictures) <= set(list_kinds(tiny_run))
    assert {"summary", "proposals", "importance", "shape", "map", "predictive", "time-north"} <= set(pictures)
    for name in ("proposals", "importance", "predictive"):
        assert set(pictures[name].table["side"]) <= {"North", "South"}
    assert "General public" in pictures["importance"].svg


def test_proposals_on_the_map_have_a_number_and_a_list(tiny_run: Run) -> None:
    assert "1  Mediator" in draw_pictures(tiny_run, summarise(tiny_run))["map"].svg.replace("&nbsp;", " ")


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<svg"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("html", b"<!doctype")]
)
def test_the_command_draws_it(tiny_run: Run, tmp_path: Path, ending: str, start: bytes) -> None:
    to = tmp_path / f"map.{ending}"
    assert invoke(["plot", str(tiny_run.folder), "map", "--out", str(to)]) == 0
    assert to.read_bytes().startswith(start)


def test_a_picture_that_does_not_exist_is_a_sentence(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["plot", str(tiny_run.folder), "mapp"]) == 2
    assert "did you mean `map`" in capsys.readouterr().err
