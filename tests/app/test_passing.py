"""A case handed on and received, runs put away and brought back, in the app."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyrage
import pytest
from starlette.testclient import TestClient

from winset.app import Workspace
from winset.app.guard import Guard
from winset.evidence import gather
from winset.runs import Run
from winset.workbook import load


@pytest.fixture
def run(place: Workspace, tiny_run: Run) -> str:
    shutil.copytree(tiny_run.folder, place.folder / "runs" / "River-case")
    return "River-case"


@pytest.fixture
def study(client: TestClient, guard: Guard) -> str:
    client.post("/new", data={"form": guard.form, "name": "River case", "sides": 2})
    return "River-case.xlsx"


def test_a_case_is_passed_on_and_received_under_a_free_name(
    client: TestClient, guard: Guard, place: Workspace, study: str, run: str
) -> None:
    page = client.get("/pass-on", params={"study": study, "run": run}).text
    assert "It holds the study" in page
    assert "it passed its checks" in page
    word = "four unrelated words"
    asked = {"form": guard.form, "study": study, "run": run, "passphrase": word}
    sent = client.post("/pass-on", data=asked)
    assert "River-case.winset.age" in sent.headers["content-disposition"]
    sealed = {"file": ("case.winset.age", sent.content)}
    refused = client.post("/receive", data={"form": guard.form, "passphrase": "three other words"}, files=sealed)
    assert refused.status_code == 422
    assert "the passphrase does not open this file" in refused.text
    opened = client.post("/receive", data={"form": guard.form, "passphrase": word}, files=sealed)
    assert opened.url.path == "/studies/River-case-2.xlsx"
    assert (
        gather(load(place.study("River-case-2.xlsx"))).printed == gather(load(place.study(study))).printed - 1
    )  # the voice
    assert {r.name for r in place.runs()} == {"River-case", "River-case-2"}
    short = client.post("/pass-on", data=asked | {"passphrase": "short"})
    assert "12 characters at least" in short.text


def test_a_case_is_sealed_to_a_key_and_opened_with_it(client: TestClient, guard: Guard, study: str) -> None:
    mine = pyrage.x25519.Identity.generate()
    asked = {"form": guard.form, "study": study}
    sent = client.post("/pass-on", data=asked | {"key": str(mine.to_public())})
    sealed = {"file": ("case.winset.age", sent.content)}
    assert "secret key is missing" in client.post("/receive", data={"form": guard.form}, files=sealed).text
    opened = client.post(
        "/receive", data={"form": guard.form}, files=sealed | {"secret": ("key.txt", str(mine).encode())}
    )
    assert opened.url.path == "/studies/River-case-2.xlsx"
    both = client.post("/pass-on", data=asked | {"key": str(mine.to_public()), "passphrase": "four unrelated words"})
    assert "not both" in both.text
    assert "no public key" in client.post("/pass-on", data=asked | {"key": "/etc/hostname"}).text


def test_what_was_not_packed_is_refused_and_nothing_is_left(
    client: TestClient, guard: Guard, place: Workspace, study: str
) -> None:
    before = sorted(p.name for p in place.folder.rglob("*"))
    for content in (b"hello", place.study(study).read_bytes()):
        said = client.post("/receive", data={"form": guard.form}, files={"file": ("x.winset", content)})
        assert "no file that `winset pack` wrote" in said.text
    assert sorted(p.name for p in place.folder.rglob("*")) == before
    assert "nothing is chosen" in client.get("/pass-on").text


def test_a_run_is_put_away_and_brought_back(client: TestClient, guard: Guard, place: Workspace, run: str) -> None:
    client.post(f"/runs/{run}/archive", data={"form": guard.form})
    assert place.runs() == []
    page = client.get("/").text
    assert "answer River-case" in page
    client.post("/runs/unarchive", data={"form": guard.form, "name": run})
    assert [r.name for r in place.runs()] == [run]
    again = client.post("/runs/unarchive", data={"form": guard.form, "name": run})
    assert "no answer `River-case` is in the archive" in again.text
    assert Path(place.folder, "runs", run, "posterior.nc").exists()
