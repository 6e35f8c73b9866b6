"""What people are reported to have said, read in the browser before it is evidence."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from winset.app import Workspace, reviews
from winset.app.guard import Guard
from winset.evidence import gather
from winset.workbook import load, read_sheet

SAID = (
    "<p>“We want the border along the river and nothing else,” said Petro, a soldier of the north who has served two years.</p>"
    "<p>Three of the eight soldiers said they would accept the plan.</p>"
)
WEATHER = "The weather was cold in the morning and the road was long, as it is every year."
ARTICLE = f"<html><body><h1>At the front</h1>{SAID}<p>{WEATHER}</p></body></html>"
HERE = "/studies/River-case.xlsx/articles/front"


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the test's own process, which has the language model already; one test reads as the server does."""
    if "apart" not in request.node.name:
        monkeypatch.setattr(reviews, "read_apart", lambda _named, read, *given: read(*given))


@pytest.fixture
def article(client: TestClient, guard: Guard) -> str:
    client.post("/new", data={"form": guard.form, "name": "River case", "sides": 2})
    files = {"file": ("front.html", ARTICLE.encode())}
    taken = client.post("/studies/River-case.xlsx/articles", data={"form": guard.form}, files=files)
    assert taken.url.path == HERE, taken.text
    return taken.text


def decide(client: TestClient, guard: Guard, at: int, act: str, **fields: str) -> str:
    return client.post(HERE, data={"form": guard.form, "at": at, "act": act} | fields).text


def test_what_is_accepted_becomes_a_version_of_the_study(
    client: TestClient, guard: Guard, place: Workspace, article: str
) -> None:
    assert "<mark>" in article
    study = load(place.study("River-case.xlsx"))
    group = study.constituencies()[0][1]
    question = next(q for q, x in study.questions.items() if "north" in x.sides or len(x.sides) == 1)
    short = decide(client, guard, 0, "accept", speaker="Petro")
    assert "It cannot be accepted yet; say for which constituency" in short
    assert 'name="speaker" value="Petro"' in short
    fields = {"speaker": "Petro", "constituency": group, "question": question, "stance": "2", "theme": "river"}
    assert "1 accepted" in decide(client, guard, 0, "accept", **fields)
    before = gather(study).printed
    sets = [i for i, x in study.instruments.items() if x.kind == "interviews"]
    given = {"instrument": sets[0], "source": sorted(study.sources)[0], "date": "2025-01", "coder": "reader-a"}
    added = client.post(f"{HERE}/add", data={"form": guard.form} | given)
    assert added.url.path == "/studies/River-case.xlsx", added.text
    assert "before 1 statement of front was taken in" in added.text
    assert gather(load(place.study("River-case.xlsx"))).printed == before + 1
    sheet = str(read_sheet(place.study("River-case.xlsx"), "Interviews"))
    assert "nothing else" not in sheet
    again = client.post(f"{HERE}/add", data={"form": guard.form} | given)
    assert "in the study already; nothing was changed" in again.text


def test_an_article_is_read_apart_from_the_server(article: str) -> None:
    assert "<mark>" in article


def test_a_decision_is_taken_back(client: TestClient, guard: Guard, article: str) -> None:
    assert "1 read" in decide(client, guard, 0, "skip")
    assert "0 read" in decide(client, guard, 0, "undo")
    assert "nothing to undo" in decide(client, guard, 0, "undo")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("front.html", ARTICLE, "is under review here already"),
        ("other.exe", "x", "unknown kind"),
        (
            "empty.txt",
            "The weather was cold in the morning and the road was long, as it is every year.",
            "nobody is reported",
        ),
        ("../../x.txt", "", "holds no text"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_nothing_is_kept(
    client: TestClient, guard: Guard, place: Workspace, article: str, file: str, content: str, said: str
) -> None:
    before = sorted(p.name for p in place.folder.rglob("*"))
    answer = client.post(
        "/studies/River-case.xlsx/articles", data={"form": guard.form}, files={"file": (file, content.encode())}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert "/tmp" not in answer.text
    assert sorted(p.name for p in place.folder.rglob("*")) == before


@pytest.mark.parametrize("fields", [{"stance": "9"}, {"constituency": "nobody"}, {"question": "none"}, {"at": "99"}])
def test_what_is_not_on_the_page_is_refused(
    client: TestClient, guard: Guard, article: str, fields: dict[str, str]
) -> None:
    answer = client.post(HERE, data={"form": guard.form, "at": "0", "act": "keep"} | fields)
    assert answer.status_code == 422


def test_a_damaged_review_is_told_where_it_is_opened(
    client: TestClient, guard: Guard, place: Workspace, article: str
) -> None:
    next(place.folder.rglob("front.review.jsonl")).write_text('{"winset": "statements", "vers', encoding="utf-8")
    assert client.get("/studies/River-case.xlsx").status_code == 200
    opened = client.get(HERE)
    assert opened.status_code == 422
    assert "no valid JSON" in opened.text


def test_an_article_that_is_not_here_is_a_sentence(client: TestClient, guard: Guard, article: str) -> None:
    assert "no article" in client.get("/studies/River-case.xlsx/articles/elsewhere").text
    assert client.post(HERE, data={"form": "wrong", "at": 0, "act": "skip"}).status_code == 422
