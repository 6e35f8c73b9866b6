"""The page of all studies: what each holds, without reading it again."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, looking
from winset.app.cards import Card, list_cards
from winset.app.looked import Looked
from winset.workbook import change_cells


def test_a_card_says_what_was_understood_or_what_is_to_be_mended(place: Workspace) -> None:
    name = place.start("River case", 2)
    assert list_cards(place) == [Card(name)]
    known = Looked(place).look(name).known
    assert known is not None
    assert list_cards(place) == [Card(name, known["title"], known["as_of"], known["printed"])]
    place.study(name).write_bytes(change_cells(place.study(name), "Polls", {"D5": "nobody"}))
    assert list_cards(place) == [Card(name)]  # changed outside: nothing is told that may be wrong
    Looked(place).look(name)
    assert list_cards(place)[0].mistakes == 1


def test_two_hundred_studies_are_listed_without_reading_one(
    client: TestClient, place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = place.start("Case", 2)
    Looked(place).look(first)
    content = place.study(first).read_bytes()
    for n in range(199):
        (place.folder / f"other {n}.xlsx").write_bytes(content)
    monkeypatch.setattr(looking, "read_whole", None)
    page = client.get("/").text
    assert page.count("/studies/") == 200
    assert 'type="search"' in page
    assert "printed results" in page
