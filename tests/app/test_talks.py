"""The talks in the browser: the digits of the command line, pictures, stories."""

from __future__ import annotations

import html
import shutil

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, opened
from winset.findings import describe, describe_scenarios
from winset.runs import Run
from winset.talks import simulate

FEW = 200


@pytest.fixture
def at(place: Workspace, tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(opened, "RUNS", FEW)
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "tiny")
    return "/runs/tiny/talks"


def test_the_page_offers_every_scenario(client: TestClient, at: str, tiny_run: Run) -> None:
    page = client.get(at).text
    assert tiny_run.study.war is not None
    assert all(f'value="{s}"' in page for s in ("as-it-is", *tiny_run.study.war.scenarios))
    assert "Talks while the war goes on" in client.get("/runs/tiny").text


def test_its_digits_are_those_of_the_library(client: TestClient, at: str, tiny_run: Run) -> None:
    paths = simulate(tiny_run.room, runs=FEW)
    part = html.unescape(client.get(f"{at}/told", params={"scenario": "as-it-is"}).text)
    assert describe(paths)[0].sentence in part
    assert part.count("<svg") == 3
    assert tiny_run.study.war is not None
    every = {s: simulate(tiny_run.room, runs=FEW, scenario=s) for s in ("as-it-is", *tiny_run.study.war.scenarios)}
    assert describe_scenarios(every)[0].sentence in html.unescape(client.get(f"{at}/compared").text)


def test_one_run_is_told_week_by_week(client: TestClient, at: str) -> None:
    part = client.get(f"{at}/story", params={"scenario": "as-it-is", "number": 3}).text
    assert "What happened in run 3?" in part


@pytest.mark.parametrize(
    ("part", "asked"),
    [("told", {"scenario": "asitis"}), ("story", {"scenario": "as-it-is", "number": FEW}),
     ("story", {"scenario": "as-it-is", "number": -1})],
)  # fmt: skip
def test_what_there_is_not_is_a_sentence(client: TestClient, at: str, part: str, asked: dict[str, str]) -> None:
    answer = client.get(f"{at}/{part}", params=asked)
    assert answer.status_code == 422
