"""The talks in the browser: the digits of the command line, pictures, stories."""

from __future__ import annotations

import html
import shutil

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, opened
from winset.findings import describe, describe_scenarios
from winset.runs import Run
from winset.talks import find_scenario, simulate
from winset.talks.levers import offer_levers, say_lever

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


def test_a_lever_is_pulled_and_let_go(client: TestClient, at: str, tiny_run: Run) -> None:
    lever = "losses=south:2@8"
    page = client.get(f"{at}/pull", params={"what": "losses=south:{}", "number": "2", "week": "8"})
    assert "Pulled besides: losses of South, times 2, from week 8 on" in page.text
    part = html.unescape(client.get(f"{at}/told", params={"scenario": "as-it-is", "lever": lever}).text)
    assert describe(simulate(tiny_run.room, runs=FEW, levers=[lever]))[0].sentence in part
    compared = client.get(f"{at}/compared", params={"scenario": "as-it-is", "lever": lever}).text
    assert "losses of South, times 2, from week 8 on" in compared
    api = client.get("/api/runs/tiny/talks", params={"lever": lever}).json()
    assert api[0]["sentence"] in part
    for wrong in ("losess=south:2", "losses=nobody:2"):
        assert client.get(at, params={"lever": wrong}).status_code == 422


def test_every_lever_that_is_offered_can_be_pulled(tiny_run: Run) -> None:
    for typed, said in offer_levers(tiny_run.study).items():
        lever = f"{typed.replace('{}', '2')}@3"
        find_scenario(tiny_run.study, "as-it-is", [lever])
        assert say_lever(tiny_run.study, lever).startswith(said)
