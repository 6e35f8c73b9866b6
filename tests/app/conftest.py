"""A workspace, and a browser's view of it without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, create_app
from winset.app.guard import Guard

HOST = "127.0.0.1:8321"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "space").mkdir()
    return Workspace(tmp_path / "space")


@pytest.fixture
def guard() -> Guard:
    return Guard(frozenset({HOST}))


@pytest.fixture
def stranger(place: Workspace, guard: Guard) -> Iterator[TestClient]:
    """Somebody who has not opened the address that the terminal printed."""
    with TestClient(create_app(place, guard), base_url=f"http://{HOST}", follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, guard: Guard) -> TestClient:
    stranger.get("/", params={"token": guard.token})
    stranger.follow_redirects = True
    return stranger
