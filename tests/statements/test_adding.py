"""From an article that counts people to rows that `check` accepts; the same people count once."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

pytest.importorskip("spacy")

from winset.cli.commands import invoke
from winset.errors import UsageError
from winset.evidence import gather
from winset.statements import Candidate, declare_many, read_review, review_text
from winset.study import load

ARTICLE = (
    "Of fourteen soldiers who were interviewed, nine oppose a border along the river. "
    "Four of the fourteen soldiers support it.\n\n"
    "The nine oppose the river border because of the dead. Most of the drivers want the river border. "
    "None of the twelve sappers asked was willing to accept the river as the border.\n\n"
    "The army denied that eleven gunners reject the border.\n\n"
    "“I would accept the river,” a medic said. Eleven soldiers reject the river as the border.\n"
)
REPORTERS = (
    "  {}: {{label: Reporter, by: Paper, mode: telephone, kind: interviews, selection: journalist, "
    "population: soldiers}}\n"
)


@pytest.fixture
def study(folder):
    path = folder / "instruments.yaml"
    path.write_text(path.read_text() + REPORTERS.format("reporter") + REPORTERS.format("second"))
    sources = folder / "sources.csv"
    first = next(x for x in sources.read_text().splitlines() if x.startswith("release"))
    sources.write_text(f"{sources.read_text().rstrip()}\n{first.replace('release', 'story')}\n")
    return folder


@pytest.fixture
def article(tmp_path):
    (path := tmp_path / "voices.txt").write_text(ARTICLE)
    return path


def accept(path, **changes):
    """A person accepts all that has a stance."""
    review = read_review(path)
    for n, c in enumerate(review.candidates):
        if c.stance is not None:
            done = replace(c, constituency="army", question="river-border", side="north", status="accepted", **changes)
            review = review.with_candidate(n, done)
    path.write_text(review_text(review))
    return review


def add(path, study, *, instrument="reporter", source="release"):
    given = ["--instrument", instrument, "--source", source, "--date", "2025-01", "--coder", "anna"]
    return invoke(["statements", "add", str(path), "--study", str(study), *given])


def rows(study, name):
    return [*csv.DictReader((study / name).read_text().splitlines())]


def test_read_review_add_check(article, study, capsys):
    assert invoke(["statements", "read", str(article), "--study", str(study)]) == 0
    path = article.with_name("voices.txt.review.jsonl")
    accept(path)
    assert add(path, study) == 0
    said = capsys.readouterr()
    assert invoke(["check", str(study)]) == 0
    polls = [r for r in rows(study, "polls.csv") if r["instrument"] == "reporter"]
    told = [(r["answer"], r["count"], r["n"], r["share"]) for r in polls]
    assert ("reject", "9", "14", "") in told
    assert ("accept", "4", "14", "") in told
    assert ("accept", "", "4-40", "50-95") in told
    assert ("accept", "0", "12", "") in told
    by_people = {r["count"]: r["poll"] for r in polls if r["n"] == "14"}
    assert by_people["9"] == by_people["4"], "two answers of the same fourteen are one poll"
    assert "counted once" in said.err
    assert sum(r["count"] == "9" for r in polls) == 1
    interviews = rows(study, "interviews.csv")
    assert [(r["how"], r["count"], r["stance"]) for r in interviews] == [
        ("quotation", "1", "1"),
        ("aggregate", "11", "-1"),
    ]
    assert "gunners" not in (study / "polls.csv").read_text() + (study / "interviews.csv").read_text()
    assert gather(load(study)).table.filter(instrument="reporter").height >= 6


def test_adding_again_adds_nothing(article, study, capsys):
    assert invoke(["statements", "read", str(article)]) == 0
    path = article.with_name("voices.txt.review.jsonl")
    accept(path)
    assert add(path, study) == 0
    before = (study / "polls.csv").read_text(), (study / "interviews.csv").read_text()
    assert add(path, study) == 0
    assert "already" in capsys.readouterr().out
    assert ((study / "polls.csv").read_text(), (study / "interviews.csv").read_text()) == before


def test_two_articles_on_the_same_interviews_are_offered_as_one_instrument(article, study, capsys):
    assert invoke(["statements", "read", str(article)]) == 0
    path = article.with_name("voices.txt.review.jsonl")
    accept(path)
    assert add(path, study) == 0
    (again := article.with_name("retold.txt")).write_text("Nine of the fourteen soldiers oppose the river border.\n")
    capsys.readouterr()
    assert invoke(["statements", "read", str(again), "--study", str(study)]) == 0
    assert "--instrument reporter" in capsys.readouterr().err
    retold = again.with_name("retold.txt.review.jsonl")
    accept(retold)
    assert add(retold, study, source="story") == 0
    assert "counted once" in capsys.readouterr().err
    assert not [r for r in rows(study, "polls.csv") if r["poll"].startswith("retold")]
    assert add(retold, study, source="story", instrument="second") == 0
    assert "so that people count once" in capsys.readouterr().err


def test_rows_that_do_not_fit_leave_both_tables_as_they_were(article, study, capsys):
    assert invoke(["statements", "read", str(article)]) == 0
    path = article.with_name("voices.txt.review.jsonl")
    accept(path, people="9-3")
    before = (study / "polls.csv").read_text()
    assert add(path, study) == 2
    assert "nothing was added" in capsys.readouterr().err
    assert (study / "polls.csv").read_text() == before
    assert not (study / "interviews.csv").exists()


def test_counts_go_into_a_workbook_too(article, study, tmp_path):
    book = tmp_path / "case.xlsx"
    assert invoke(["convert", str(study), str(book)]) == 0
    assert invoke(["statements", "read", str(article)]) == 0
    path = article.with_name("voices.txt.review.jsonl")
    accept(path)
    assert add(path, book) == 0
    assert invoke(["check", str(book)]) == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9 of 4", "no count of people"),
        ("0", "no count of people"),
        ("most", "does not say how many"),
        ("95-50 % of 9", "wrong way round"),
        ("50-120 % of 9", "wrong way round"),
        ("50 % of 9-3", "wrong way round"),
    ],
)
def test_a_number_of_people_that_cannot_be_is_told(typed, said):
    with pytest.raises(UsageError, match=said):
        declare_many(Candidate("q1", "attitude", "", 0, 0, "", "the widows", ""), typed)
