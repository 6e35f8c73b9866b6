"""What is kept of a study is what its files say."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, looking
from winset.app.guard import Guard
from winset.app.looked import Looked
from winset.workbook import change_cells, read_whole


@pytest.fixture
def name(place: Workspace) -> str:
    return place.start("River case", 2)


def test_a_study_is_read_once_and_again_when_it_changes(
    place: Workspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(looking, "read_whole", lambda path: read.append(path) or read_whole(path))
    seen = Looked(place)
    assert [seen.look(name).mistakes for _ in range(3)] == [()] * 3
    assert len(read) == 1
    place.study(name).write_bytes(change_cells(place.study(name), "Polls", {"D5": "nobody"}))  # from outside
    assert "nobody" in str(seen.look(name).mistakes)
    assert seen.rows(name, "Polls")[4][3] == "nobody"
    assert len(read) == 2


def test_what_changed_while_it_was_read_is_not_kept(place: Workspace, name: str) -> None:
    seen, path = Looked(place), place.study(name)
    content = change_cells(path, "Polls", {"D5": "nobody"})

    def slow(path: Path) -> str:
        path.write_bytes(content)
        return "as it was"

    assert seen._keep(name, "x", slow) == "as it was"
    assert seen._keep(name, "x", lambda _: "as it is") == "as it is"


def test_two_people_who_type_at_once_lose_nothing(
    client: TestClient, guard: Guard, place: Workspace, name: str
) -> None:
    here = f"/studies/{name}/sheets/Sources"
    seen = client.get(here).json()
    rows = range(20, 32)
    asked = {"form": guard.form, "tag": seen["tag"], "before": {}}
    ask = lambda n: client.post(here, json={**asked, "cells": {f"C{n}": f"typed {n}"}})  # noqa: E731
    people = [threading.Thread(target=ask, args=(n,)) for n in rows]
    for p in people:
        p.start()
    for p in people:
        p.join()
    found = client.get(here).json()["rows"]
    assert [found[n - 1][2] for n in rows] == [f"typed {n}" for n in rows]
    assert len(place.versions(name)) == len(rows)
