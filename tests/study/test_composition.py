"""Wholes, parts, bases, words and orders that contradict themselves are told with their line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance.small import poll, question, side, write_small

from winset.errors import EvidenceError, StudyError
from winset.evidence import gather
from winset.study import load

ASKED = {"q": question()}


def told(folder: Path, sides: dict[str, Any], questions: dict[str, Any] = ASKED, *polls: str, **more: Any) -> str:
    """What is said of a small study with a mistake in it."""
    with pytest.raises((StudyError, EvidenceError)) as caught:
        gather(write_small(folder, sides, questions, list(polls), **more))
    return str(caught.value)


def parts(**shares: Any) -> dict[str, Any]:
    groups = {"all": {"label": "All", "parts": shares}, "jews": {"label": "Jews"}, "arabs": {"label": "Arabs"}}
    return {"a": side(constituencies=groups)}


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            {"jews": 0.8, "arabs": 0.1},
            "shares of the parts of `all` add up to 0.9 (90 %), not 1; add a part for the rest",
        ),
        ({"all": 0.5, "arabs": 0.5}, "`all` is a part of itself (all > all)"),
        ({"jews": 0.8, "arbas": 0.2}, "unknown part `arbas` of `all`; did you mean `arabs`?"),
        ({"jews": 1.0}, "`all` has one part; name two or more"),
        ({"jews": {"uniform": [0.9, 0.6]}, "arabs": 0.2}, "runs backwards"),
    ],
)
def test_parts_that_make_no_whole_are_told(tmp_path: Path, shares: dict[str, Any], said: str) -> None:
    text = told(tmp_path, parts(**shares))
    assert said in text
    assert "study.yaml:" in text


def test_a_ring_of_parts_is_told(tmp_path: Path) -> None:
    groups = {
        "one": {"label": "One", "parts": {"two": 0.5, "rest": 0.5}},
        "two": {"label": "Two", "parts": {"one": 0.5, "rest": 0.5}},
        "rest": {"label": "Rest"},
    }
    assert "`one` is a part of itself (one > two > one)" in told(tmp_path, {"a": side(constituencies=groups)})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"base": {"refused": "q"}}, "the base of `q` is `q` itself"),
        ({"base": {"refused": "p"}}, "unknown question `p`"),
        ({"base": {}}, "an empty base says nothing; write refused, accepted, voters or share"),
        ({"base": {"refused": "q", "accepted": "q"}}, "not both"),
        ({"endorsed": {"presidnet": "for"}}, "nobody named `presidnet` is declared"),
        ({"endorsed": {"leader": "maybe"}}, "'for' or 'against'"),
        ({"side": ["a", "z"]}, "unknown side `z`"),
    ],
)
def test_a_question_to_nobody_is_told(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    assert said in told(tmp_path, {"a": side()}, {"q": question(**changed)})


def test_a_voice_must_have_an_id_of_its_own(tmp_path: Path) -> None:
    sides = {"a": side(voices={"b": {"label": "Unity"}}), "b": side()}
    assert "the voice `b` has the id of a side" in told(tmp_path, sides)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"land": ["keep", "give"]}, "order of `land` lacks option `split`"),
        ({"land": ["keep", "split", "give", "keep"]}, "an option of `land` stands twice"),
        ({"lend": "unordered"}, "unknown issue `lend`; did you mean `land`?"),
    ],
)
def test_an_order_of_a_constituency_must_be_whole(tmp_path: Path, order: dict[str, Any], said: str) -> None:
    groups = {"public": {"label": "Public", "order": order}}
    assert said in told(tmp_path, {"a": side(constituencies=groups)})


@pytest.mark.parametrize(
    ("n", "share", "dates", "said"),
    [
        ("0", "40", {}, "`n` is 0; it must be 1 at least"),
        ("", "40", {}, "`n` is empty; write a number, a range such as 400-600, or ? if it was not printed"),
        ("600-400", "40", {}, "`n` is 600-400; write the lower end first"),
        ("1000", "70-60", {}, "`share` is 70-60; write the lower end first"),
        ("1000", "40", {"start": "2012-01-01", "end": "2022-01-01"}, "takes more than three years"),
        ("1000", "about 40", {}, "`share` is `about 40`; write a number (per cent), or a range such as 60-70"),
    ],
)
def test_prints_that_cannot_be_are_told(tmp_path: Path, n: str, share: str, dates: dict[str, str], said: str) -> None:
    rows = poll("q", "public", n, f"accept {share}", "reject 60", **dates)
    text = told(tmp_path, {"a": side()}, ASKED, rows)
    assert said in text
    assert "polls.csv:" in text


def test_a_constituency_of_two_sides_needs_the_side(tmp_path: Path) -> None:
    asked = {"q": question(side=["a", "b"])}
    text = told(tmp_path, {"a": side(), "b": side()}, asked, poll("q", "public", 900, "accept 40", "reject 60"))
    assert "`public` is a constituency of a and of b; say which in a column `side`" in text


def test_a_whole_of_sides_that_were_not_asked_is_told(tmp_path: Path) -> None:
    whole = {"cyprus": {"label": "Cyprus", "parts": {"a.public": 0.7, "b.public": 0.3}}}
    rows = poll("q", "cyprus", 900, "accept 40", "reject 60")
    text = told(tmp_path, {"a": side(), "b": side()}, {"q": question()}, rows, wholes=whole)
    assert "question `q` was not put to all sides of `cyprus`" in text


def test_a_collapsed_answer_beside_the_words_of_the_scale_is_told(tmp_path: Path) -> None:
    scale = {"four": {"answers": ["never", "no", "yes", "gladly"], "accepts_from": "yes"}}
    rows = poll("q", "public", 900, "accept 40", "never 30")
    study = write_small(tmp_path, {"a": side()}, {"q": question()}, [rows])
    text = (study.folder / "questions.yaml").read_text().replace('"yes-no"', '"four"')
    (study.folder / "questions.yaml").write_text(
        text.replace('"questions"', f'"scales": {json.dumps(scale)}, "questions"')
    )
    with pytest.raises(EvidenceError, match="`accept` and `reject` collapse a scale: write all answers of the poll so"):
        gather(load(study.folder))
