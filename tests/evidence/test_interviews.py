from __future__ import annotations

from pathlib import Path

import pytest

from winset.errors import EvidenceError
from winset.evidence import Reading, Response, gather
from winset.evidence.gathering import readers
from winset.study import Study, load

HEADER = "statement,instrument,speaker,constituency,date,question,stance,count,source,how,part_of\n"


def write(folder: Path, *rows: str) -> Study:
    (folder / "interviews.csv").write_text(HEADER + "\n".join(rows) + "\n")
    return load(folder)


def test_an_aggregate_counts_its_people_once(folder: Path) -> None:
    study = write(
        folder,
        "a,north-poll,eleven,army,2025-01,river-border,-2,11,release,aggregate,",
        "b,north-poll,one of them,army,2025-01,river-border,-2,1,release,quotation,a",
    )
    responses = gather(study)
    assert responses.table.filter(responses.table["constituency"] == "army")["weight"].to_list() == [11.0]
    assert responses.context["why"].to_list() == ["counted within a"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,north-poll,x,army,2025-01,river-border,3,1,release,,", "write -2, -1, 0, 1 or 2"),
        ("a,north-poll,x,army,2025-01,river-border,-2,0,release,,", "how many people"),
        ("a,north-poll,x,army,2026-01,river-border,-2,1,release,,", "after the study's as-of date"),
        ("a,north-pol,x,army,2025-01,river-border,-2,1,release,,", "did you mean `north-poll`"),
        ("a,north-poll,x,navy,2025-01,river-border,-2,1,release,,", "unknown constituency"),
        (
            "a,north-poll,x,army,2025-01,river-boarder,-2,1,release,,",
            "question `river-boarder`; did you mean `river-border`",
        ),
        ("a,north-poll,x,army,2025-01,river-border,-2,1,release,,z", "unknown statement"),
    ],
)
def test_a_bad_statement_is_told(folder: Path, row: str, said: str) -> None:
    with pytest.raises(EvidenceError, match=said):
        gather(write(folder, row))


def test_a_reader_that_a_user_adds_works_the_same_way(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_mine(study: Study) -> Reading:
        mine = Response(
            "north-poll",
            "river-border",
            "north",
            "army",
            study.as_of,
            {"land": "split"},
            None,
            1,
            2,
            7.0,
            "release",
            "mine:1",
        )
        return Reading([mine])

    class Mine:
        name = "mine"

        def load(self):
            return read_mine

    from winset.evidence import gathering

    ours = gathering.entry_points(group=gathering.GROUP)
    monkeypatch.setattr(gathering, "entry_points", lambda group: [*ours, Mine()])
    assert "mine" in readers()
    table = gather(study).table
    assert table.filter(table["locator"] == "mine:1")["weight"].to_list() == [7.0]
