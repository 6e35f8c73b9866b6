"""Surveys and coded interviews, brought in the browser: what is in them, what somebody says of it, and rows of the study."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from starlette.testclient import TestClient
from tests.coding.projects import project_xml, write_project

from winset.app import Workspace, brought
from winset.app.guard import Guard
from winset.evidence import gather
from winset.workbook import load, read_sheet

STUDY = "/studies/Case.xlsx"
WHO = {
    "label": "Winter survey",
    "by": "A pollster",
    "mode": "online",
    "population": "adults of North",
    "selection": "random",
}
FROM = {"publisher": "A pollster", "title": "Winter survey, data"}
CAME = WHO | FROM


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the test's own process; one test reads as the server does."""
    if "apart" not in request.node.name:
        monkeypatch.setattr(brought, "read_apart", lambda _named, read, *given: read(*given))


@pytest.fixture
def case(client: TestClient, guard: Guard, place: Workspace) -> Path:
    client.post("/new", data={"form": guard.form, "name": "Case", "sides": 2})
    return place.study("Case.xlsx")


def bring(client: TestClient, guard: Guard, path: Path):
    return client.post(f"{STUDY}/files", data={"form": guard.form}, files={"file": (path.name, path.read_bytes())})


def say(client: TestClient, guard: Guard, file: str, **fields: str):
    return client.post(f"{STUDY}/files/{quote(file)}", data={"form": guard.form} | fields)


def write_pairs(path: Path) -> Path:
    rng = np.random.default_rng(8)
    border, dam = rng.integers(0, 3, (60, 4, 2)), rng.integers(0, 2, (60, 4, 2))
    utility = -0.75 * border + 0.5 * dam + rng.normal(size=border.shape)
    who, task, shown = np.indices(border.shape).reshape(3, -1)
    table = {
        "case_id": who,
        "task": task,
        "profile": shown,
        "chosen": (utility == utility.max(-1, keepdims=True)).ravel(),
    }
    table = {k: v.astype(int) for k, v in table.items()} | {"border": border.ravel() * 1.0, "dam": dam.ravel() * 1.0}
    labels = {
        "border": {0.0: "All to North", 1.0: "Along the river", 2.0: "All to South"},
        "dam": {0.0: "Each its own", 1.0: "Joint board"},
    }
    pyreadstat.write_sav(pd.DataFrame(table), str(path), variable_value_labels=labels)
    return path


def write_survey(path: Path) -> Path:
    """Ten people: six of eight civilians say Yes, one No and one does not know; both soldiers No, of whom one counts double."""
    table = pd.DataFrame(
        {"river": [1.0] * 6 + [2.0, 9.0] + [2.0] * 2, "job": [1.0] * 8 + [2.0] * 2, "w": [1.0] * 9 + [2.0]}
    )
    table["w"] += np.arange(10) / 1e6  # more values than a question has
    labels = {"river": {1.0: "Yes", 2.0: "No", 9.0: "Don't know"}, "job": {1.0: "Civilian", 2.0: "Soldier"}}
    columns = {"river": "Would you accept the river as the border?", "job": "What do you do?", "w": "Weight"}
    pyreadstat.write_sav(table, str(path), variable_value_labels=labels, column_labels=columns)
    return path


def write_interviews(path: Path) -> Path:
    """Six soldiers who would not take the river, one of them tired."""
    text = "I would not take the river, and I am tired."
    marks = [(f"i{n}", 0, 26, "against", "anna", "") for n in range(6)] + [("i0", 33, 43, "fatigue", "anna", "")]
    texts = {f"i{n}": text for n in range(6)}
    write_project(path, project_xml(texts, marks), {d: text.encode() for d in texts})
    return path


def test_pairs_of_packages_become_an_experiment_beside_the_workbook(
    client: TestClient, guard: Guard, place: Workspace, case: Path, tmp_path: Path
) -> None:
    seen = bring(client, guard, write_pairs(tmp_path / "pairs.sav")).text
    assert '<option value="land=split" selected>Along the river</option>' in seen  # guessed from the words
    before, printed = case.read_bytes(), gather(load(case)).printed
    levels = {f"level-0-{n}": f"land={o}" for n, o in enumerate(("north", "split", "south"))}
    levels |= {f"level-1-{n}": f"water={o}" for n, o in enumerate(("own", "joint"))}
    fields = {"way": "experiment", "n": "experiment-1", "constituency": "north.public", "date": "2025-01"} | levels
    short = say(client, guard, "pairs.sav", **fields).text
    assert "It cannot be taken in yet; say the name of who asked" in short
    assert "what people were asked" in short
    assert case.read_bytes() == before
    done = say(client, guard, "pairs.sav", **fields, **CAME, wording="Which would you rather have?")
    assert done.url.path == STUDY, done.text
    assert set(load(case).experiments["pairs"].attributes) == {"border", "dam"}
    assert "before pairs.sav was taken in" in done.text
    study = load(case)
    responses = gather(study)
    assert study.questions["pairs"].wording == "Which would you rather have?"
    assert responses.table.filter(instrument="winter-survey")["respondent"].n_unique() == 60
    assert responses.printed == printed + 1
    assert (place.folder / "Case.pairs.sav").read_bytes() == (tmp_path / "pairs.sav").read_bytes()
    version = place.versions("Case.xlsx")[0].id
    client.post(f"{STUDY}/restore", data={"form": guard.form, "version": version})
    assert not load(case).experiments


def test_an_attribute_that_is_no_issue_is_left_out(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    bring(client, guard, write_pairs(tmp_path / "pairs.sav"))
    fields = {"way": "experiment", "n": "experiment-1", "constituency": "north.public", "date": "2025-01"} | CAME
    fields |= {f"level-0-{n}": f"land={o}" for n, o in enumerate(("north", "split", "south"))} | {"level-1-0": "-"}
    done = say(client, guard, "pairs.sav", **fields, wording="Which would you rather have?")
    assert done.url.path == STUDY, done.text
    assert set(load(case).experiments["pairs"].attributes) == {"border"}


def test_a_question_put_by_itself_is_counted_by_group(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    seen = bring(client, guard, write_survey(tmp_path / "winter.sav"))
    assert "river: Would you accept the river as the border?" in seen.text
    asked = {"way": "answers", "column": "river", "asked": "river-border", "groups": "job"}
    page = client.get(f"{STUDY}/files/winter.sav", params=asked).text
    assert "Yes (6)" in page
    assert "<option selected>accept</option>" in page  # guessed from the word
    means = {f"answer-{n}": a for n, a in enumerate(("accept", "reject", "dont-know"))}
    groups = {
        "group-0": "north.public",
        "group-1": "north.army",
        "weight": "w",
        "start": "2025-01-10",
        "end": "2025-01",
    }
    done = say(client, guard, "winter.sav", **asked, **means, **groups, **CAME)
    assert done.url.path == STUDY, done.text
    rows = [r for r in read_sheet(case, "Polls") if "winter-survey" in r]
    assert len(rows) == 2
    table = gather(load(case)).table.filter(instrument="winter-survey")
    army = table.filter(constituency="army")
    assert army["weight"].sum() == pytest.approx(1.8)  # (1 + 2)^2 / (1^2 + 2^2)
    public = table.filter(constituency="public", category=1)
    assert public["weight"].sum() == pytest.approx(6.0, abs=0.01)
    again = client.get(
        f"{STUDY}/files/winter.sav", params={"way": "answers", "column": "job", "asked": "river-border"}
    ).text
    assert '<option value="winter-survey" selected>Winter survey</option>' in again  # who asked is known by now
    next_one = client.get(f"{STUDY}/files/winter.sav", params=asked | {"column": "w"}).text
    assert '<option value="north.army" selected>' in next_one  # and whose the soldiers are, and when they were asked
    assert 'value="2025-01-10"' in next_one
    other = client.get(f"{STUDY}/files/winter.sav", params=asked | {"column": "w", "groups": "river"}).text
    assert '<option value="north.army" selected>' not in other


def test_people_who_signed_up_themselves_are_no_random_sample(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    bring(client, guard, write_survey(tmp_path / "winter.sav"))
    means = {f"answer-{n}": a for n, a in enumerate(("accept", "reject", "dont-know"))}
    of_whom = {"constituency": "north.public", "start": "2025-01-10", "end": "2025-01"}
    given = {"way": "answers", "column": "river", "asked": "river-border"} | means | of_whom | CAME
    refused = say(client, guard, "winter.sav", **given | {"end": "2035-01"})
    assert "does not fit the study: Polls: " in refused.text
    assert "What you filled in is kept" in refused.text
    say(client, guard, "winter.sav", **given | {"selection": "self-identified"})
    assert load(case).instruments["winter-survey"].selection == "self-identified"


def test_coded_interviews_are_told_what_their_codes_mean(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    write_interviews(tmp_path / "soldiers.qdpx")
    seen = bring(client, guard, tmp_path / "soldiers.qdpx").text
    codes = list(brought.read_brought(tmp_path / "soldiers.qdpx", case).coding["codes"])
    assert all(c in seen for c in codes)
    means = {
        "cease-fire": {"means": "-"},
        "for": {"means": "-"},
        "against": {"means": "river-border", "stance": "-1"},
        "fatigue": {"means": "theme", "theme": "fatigue"},
    }
    fields = {f"{k}-{n}": v for n, c in enumerate(codes) for k, v in means[c.rpartition(":")[2]].items()}
    common = {"way": "coding", "constituency": "north.army", "date": "2025-01-12"} | CAME
    done = say(
        client,
        guard,
        "soldiers.qdpx",
        **fields,
        **common | {"selection": "journalist", "label": "A reporter's soldiers"},
    )
    assert done.url.path == STUDY, done.text
    heard = gather(load(case)).table.filter(instrument="a-reporter-s-soldiers")
    assert heard["respondent"].n_unique() == 6
    assert set(heard["category"]) == {0}


def test_groups_that_are_all_left_out_leave_nobody(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    bring(client, guard, write_survey(tmp_path / "winter.sav"))
    fields = {
        "way": "answers",
        "column": "river",
        "asked": "river-border",
        "groups": "job",
        "start": "2025-01",
        "end": "2025-01",
    }
    fields |= {f"answer-{n}": "-" for n in range(3)} | {f"group-{n}": "-" for n in range(2)} | CAME
    said = say(client, guard, "winter.sav", **fields).text
    assert "say which values are answers; of which constituency the people are" in said


def test_tables_as_this_program_writes_them_are_rows_at_once(
    client: TestClient, guard: Guard, case: Path, tmp_path: Path
) -> None:
    study = load(case)
    source, instrument = next(iter(study.sources)), next(i for i, x in study.instruments.items() if x.kind == "poll")
    table = pl.DataFrame(
        [
            {"poll": "june", "question": "river-border", "instrument": instrument, "side": "north", "constituency": "public",
             "start": "2025-01-20", "end": "2025-01-22", "n": "900", "answer": a, "share": s, "source": source}
            for a, s in (("accept", "44"), ("reject", "40"))
        ]
    )  # fmt: skip
    table.write_csv(tmp_path / "june.csv")
    before = gather(study).printed
    done = bring(client, guard, tmp_path / "june.csv")
    assert "before june.csv was taken in (1 of sheet Polls)" in done.text
    assert gather(load(case)).printed == before + 1
    table.with_columns(question=pl.lit("nobody-asked")).write_csv(tmp_path / "wrong.csv")
    kept = case.read_bytes()
    wrong = bring(client, guard, tmp_path / "wrong.csv")
    assert "unknown question `nobody-asked`" in wrong.text
    assert case.read_bytes() == kept


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("survey.xlsx", b"PK\x03\x04", "none of the kinds that are read here"),
        ("names.csv", b"name\nA\nA\n", "nothing in names.csv can be taken as answers"),
        ("broken.sav", b"$FL2 and nothing else", "cannot be read as sav"),
        ("broken.qdpx", b"no zip", "broken.qdpx"),
        ("../../up.csv", b"q\n1\n2\n", "up.csv"),
    ],
)
def test_what_holds_no_answers_is_a_sentence_and_nothing_is_kept(
    client: TestClient, guard: Guard, place: Workspace, case: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    answer = client.post(f"{STUDY}/files", data={"form": guard.form}, files={"file": (name, content)})
    assert said in answer.text
    assert str(tmp_path) not in answer.text
    assert sorted(p.name for p in place.folder.iterdir()) == [".winset", "Case.xlsx"]


def test_a_file_is_read_apart_and_forgotten_when_one_asks(
    client: TestClient, guard: Guard, place: Workspace, case: Path, tmp_path: Path
) -> None:
    bring(client, guard, write_survey(tmp_path / "winter.sav"))
    assert (
        "One question at a time" in bring(client, guard, tmp_path / "winter.sav").text
    )  # the same once more: its page
    (tmp_path / "winter.sav").write_bytes((tmp_path / "winter.sav").read_bytes() + b" ")
    assert "another file `winter.sav` is here already" in bring(client, guard, tmp_path / "winter.sav").text
    say(client, guard, "winter.sav", act="remove")
    assert "no file `winter.sav` was brought here" in client.get(f"{STUDY}/files/winter.sav").text


def test_what_no_page_of_ours_sends_is_refused(client: TestClient, guard: Guard, case: Path, tmp_path: Path) -> None:
    bring(client, guard, write_survey(tmp_path / "winter.sav"))
    kept = case.read_bytes()
    given = {"way": "answers", "column": "river", "asked": "river-border"} | CAME
    unknown = ("column", "asked", "groups", "weight", "answer-0", "source", "instrument")
    for wrong in (*({k: "no"} for k in unknown), {"way": "coding"}, {"constituency": "north.no"}, {"start": "in May"}):
        answer = say(client, guard, "winter.sav", **given | wrong)
        assert answer.status_code == 422, wrong
    assert case.read_bytes() == kept
