"""Each of the brief's pictures on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from winset.brief import draw_picture, draw_pictures, list_kinds, plot, summarise
from winset.cli.commands import invoke
from winset.runs import Run


def test_every_kind_is_drawn_with_names_and_no_ids(tiny_run: Run) -> None:
    pictures = draw_pictures(tiny_run, summarise(tiny_run))
    assert set(pictures) <= set(list_kinds(tiny_run))
    assert {"summary", "acceptance", "importance", "profile", "map", "predictive", "trend-north"} <= set(pictures)
    for name in ("acceptance", "importance", "predictive"):
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


@pytest.mark.parametrize("kind", ["acceptance", "importance", "profile", "map", "predictive", "trend-north"])
def test_pictures_speak_another_language(tiny_run: Run, kind: str) -> None:
    english, french = (draw_picture(tiny_run, kind, language=x) for x in ("en", "fr"))
    assert french.alt != english.alt
    assert french.table.equals(english.table)
    for word in ("could carry", "would rather", "90 %, from", "share of the win-set", "Proposals on record"):
        assert word not in french.svg


def test_pictures_are_as_wide_as_a_column_and_grey(tiny_run: Run, tmp_path: Path) -> None:
    to = tmp_path / "map.svg"
    assert (
        invoke(["plot", str(tiny_run.folder), "map", "--out", str(to), "--style", "grey-serif", "--width", "8.5"]) == 0
    )
    drawn = to.read_text(encoding="utf-8")
    assert all(x in drawn for x in ('width="8.5cm"', "DejaVu Serif"))
    assert not any(x in drawn for x in ("#0072B2", "#D55E00"))


def test_a_picture_is_an_altair_chart(tiny_run: Run) -> None:
    chart = plot(tiny_run, "importance", style="grey").to_dict()
    assert chart["encoding"]["color"]["scale"]["scheme"] == "greys"


def test_a_page_says_which_language_it_speaks(tiny_run: Run, tmp_path: Path) -> None:
    to = tmp_path / "map.html"
    assert invoke(["plot", str(tiny_run.folder), "map", "--out", str(to), "--language", "fr"]) == 0
    assert '<html lang="fr">' in to.read_text()


@pytest.mark.parametrize("words", [["--style", "gray"], ["--language", "xx"], ["--width", "0"]])
def test_what_is_no_style_or_language_is_said(tiny_run: Run, words: list[str]) -> None:
    assert invoke(["plot", str(tiny_run.folder), "map", *words]) == 2
