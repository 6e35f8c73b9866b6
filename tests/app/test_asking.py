"""One package, asked everything in the browser: the sentences of the command line, and addresses that can be sent."""

from __future__ import annotations

import html
import json
import shutil

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace
from winset.app.asking import ASKED, OF_PACKAGE
from winset.cli.commands import invoke
from winset.findings import (
    describe,
    describe_best,
    describe_blocks,
    describe_heard,
    describe_pivots,
    describe_prices,
    describe_solutions,
)
from winset.room import ratify
from winset.runs import Run

AT, TEXT = "/runs/tiny/package", "mediator-2025-01"


@pytest.fixture(autouse=True)
def _run(place: Workspace, tiny_run: Run) -> None:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "tiny")


def part(client: TestClient, kind: str, **asked: str | float) -> str:
    answer = client.get(f"{AT}/{kind}", params=asked)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def test_its_sentences_are_those_of_the_library(client: TestClient, tiny_run: Run) -> None:
    room, study = tiny_run.room, tiny_run.study
    assert describe(room.repair(TEXT, 0.8))[0].sentence in part(client, "repair", what=TEXT, probability=0.8)
    assert describe_prices(room, TEXT)[0].sentence in part(client, "repair", what=TEXT)
    assert describe_pivots(room, TEXT)[0].sentence in part(client, "pivots", what=TEXT)
    blocked = describe_blocks(room, TEXT)
    assert blocked.sentence in part(client, "blocks", what=TEXT)
    assert blocked.table["fails"].to_list() == sorted(room.blocks(TEXT)["fails"], reverse=True)
    given = {"land": "split"}
    assert describe_best(*room.guarded(10, given=given), given)[0].sentence in part(client, "room", given="land=split")
    assert describe_solutions(study, room.solve())[0].sentence in part(client, "solve")


def test_the_same_over_the_api(client: TestClient, tiny_run: Run) -> None:
    room, given = tiny_run.room, {"water": "joint"}
    best = describe_best(*room.guarded(10, given=given), given)
    for path, asked, sentence in (
        ("runs/tiny/repair", {"what": TEXT}, describe(room.repair(TEXT, 0.5))[0].sentence),
        ("runs/tiny/pivots", {"what": TEXT}, describe_pivots(room, TEXT)[0].sentence),
        ("runs/tiny/room", {"given": "water=joint"}, best[0].sentence),
        ("runs/tiny/solve", {}, describe_solutions(tiny_run.study, room.solve())[0].sentence),
    ):  # fmt: skip
        found = client.get(f"/api/{path}", params=asked).json()
        assert found[0]["sentence"] == sentence
    assert client.get("/api/compare", params={"before": "tiny", "after": "tiny"}).json()


@pytest.mark.parametrize(
    ("kind", "options", "asked"),
    [
        ("support", ["--date", "2025-01-05"], {"date": "2025-01-05"}),
        ("support", ["--endorsed", "leader"], {"endorsed": "leader"}),
        ("repair", ["--endorsed", "leader:against"], {"endorsed": "leader:against"}),
        ("pivots", ["--endorsed", "leader"], {"endorsed": "leader"}),
        ("room", ["--top", "3", "--for", "north"], {"top": "3", "for": "north"}),
        ("solve", ["--power", "north=3"], {"power": "north=3"}),
    ],
)
def test_options_are_those_of_the_command_line(
    client: TestClient,
    tiny_run: Run,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    options: list[str],
    asked: dict[str, str],
) -> None:
    about = [TEXT] if kind in OF_PACKAGE else []
    assert invoke([kind, str(tiny_run.folder), *about, *options, "--json"]) == 0
    told = client.get(f"/api/runs/tiny/{kind}", params=asked | ({"what": TEXT} if about else {}))
    assert told.json() == json.loads(capsys.readouterr().out)["findings"]


def test_a_parameter_that_no_question_knows_is_told(client: TestClient) -> None:
    """It would be answered as though it were not there."""
    told = client.get("/api/runs/tiny/support", params={"what": TEXT, "dat": "2025-01-05"})
    assert (told.status_code, told.json()["error"]) == (422, "this question knows no `dat`; did you mean `date`?")
    assert client.get("/api/runs/tiny/support", params={"what": TEXT, "date": "2025-13"}).status_code == 422
    assert client.get("/api/runs/tiny/room", params={"for": "nobody"}).status_code == 422
    assert client.get("/api/runs/tiny/solve", params={"power": "north"}).status_code == 422
    assert client.get(AT, params={"what": TEXT, "endorsed": "nobody"}).status_code == 422
    nowhere = client.get("/nowhere", headers={"accept": "text/html"})
    assert (nowhere.status_code, "there is no page at this address" in nowhere.text) == (404, True)


def test_words_that_were_heard_in_the_panel_are_heard_here(client: TestClient, tiny_run: Run) -> None:
    page = client.get(f"{AT}/build", params={"built": "1.0", "says.leader": "for"})
    assert page.url.params["endorsed"] == "leader:for"
    room = ratify(tiny_run.acceptance, endorsed={"leader": "for"})
    assert describe_heard(room, TEXT)[0].sentence in part(client, "support", what=TEXT, endorsed="leader:for")


def test_a_form_leads_to_an_address_that_can_be_sent(client: TestClient, tiny_run: Run) -> None:
    asked = {"is.land": "split", "is.water": "own", "keep.land": "yes", "probability": "0.6"}
    page = client.get(f"{AT}/build", params=asked)
    assert dict(page.url.params) == {"what": "land=split;water=own", "given": "land=split", "probability": "0.6"}
    assert '<h1>A package</h1><p class="lead">The valley: Along the river; Water: Each its own</p>' in page.text
    spoken = any(f.id == "selection" for f in tiny_run.findings())
    assert page.text.count("data-part=") == len(ASKED) + spoken
    known = client.get(f"{AT}/build", params={"is.land": "split", "is.water": "joint"})
    assert known.url.params["what"] == TEXT
    assert "Mediator&#39;s text" in known.text
    assert client.get(f"{AT}/build", params={"built": "1.0"}).url.params["what"] == TEXT  # as the panel writes it


def test_nothing_named_is_the_headline(client: TestClient) -> None:
    assert f'value="{TEXT}" selected' in client.get(AT).text


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (f"{AT}/build", {}),
        (f"{AT}/build", {"built": "1.0.2"}),
        (f"{AT}/build", {"is.land": "nowhere"}),
        (f"{AT}/build", {"is.land": "split", "keep.water": "yes"}),
        (AT, {"what": TEXT, "probability": "60"}),
        (AT, {"what": "nobody"}),
        (f"{AT}/repair", {"what": TEXT, "probability": "1.5"}),
        (f"{AT}/repair", {"what": "land=nowhere"}),
        (f"{AT}/room", {"given": "land=nowhere"}),
        (f"{AT}/nothing", {"what": TEXT}),
        *((f"{AT}/{kind}", {"what": ""}) for kind in OF_PACKAGE),
    ],
)
def test_what_there_is_not_is_a_sentence(client: TestClient, path: str, asked: dict[str, str]) -> None:
    answer = client.get(path, params=asked)
    assert answer.status_code == 422, answer.text
    assert "Traceback" not in answer.text


def test_a_group_leads_to_the_answers_behind_its_numbers(client: TestClient, tiny_run: Run) -> None:
    page = part(client, "support", what=TEXT)
    assert 'href="/runs/tiny/evidence?of=north.public"' in page
    behind = client.get("/runs/tiny/evidence", params={"of": "north.public"}).text
    study, row = tiny_run.study, tiny_run.responses.table.filter(side="north", constituency="public").row(0, named=True)
    assert study.questions[row["question"]].wording in html.unescape(behind)
    source = study.sources[row["source"]]
    assert f"{source.publisher}: {source.title}" in html.unescape(behind)
    assert row["locator"] in behind
    assert "1 printed result<" in behind
    assert "Nobody of this group was asked" in client.get("/runs/tiny/evidence", params={"of": "north.army"}).text
    assert client.get("/runs/tiny/evidence", params={"of": "north.nobody"}).status_code == 404
