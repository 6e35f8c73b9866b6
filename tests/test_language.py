"""Texts that remember how they were made."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from winset.findings.wording import likelihood_word, percent, points
from winset.language import AND, ENGLISH, capital, day, find_language, join, number, tr, trn

FRENCH, UKRAINIAN = find_language("fr"), find_language("uk")


def test_a_text_is_an_english_string_everywhere() -> None:
    said = tr("{side}, no question on: {terms}.", side="North", terms=join(["Land", "Water"], AND))
    assert said == "North, no question on: Land and Water."
    assert isinstance(said, str)
    assert pickle.loads(pickle.dumps(said)) == said
    assert FRENCH.say(pickle.loads(pickle.dumps(said))) == "North, aucune question sur\u00a0: Land et Water."


def test_labels_with_braces_are_not_places() -> None:
    assert FRENCH.say(tr("Wins: {groups}.", groups="{x} and {}")) == "Rallie\u00a0: {x} and {}."


def test_what_was_never_made_of_a_text_stays() -> None:
    assert FRENCH.say("Cease-fire") == "Cease-fire"
    assert FRENCH.say(tr("")) == ""


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "1 пункт"), (2, "2 пункти"), (5, "5 пунктів"), (11, "11 пунктів"), (21, "21 пункт"), (22, "22 пункти")],
)
def test_slavic_plurals_go_by_the_last_digits(n: int, said: str) -> None:
    assert UKRAINIAN.say(points(n / 100)) == said


@pytest.mark.parametrize(("n", "said"), [(0, "0 source"), (1, "1 source"), (2, "2 sources")])
def test_french_counts_nothing_as_one(n: int, said: str) -> None:
    assert FRENCH.say(trn("{n} source", "{n} sources", n)) == said


def test_dates_and_numbers_follow_the_language() -> None:
    date = dt.date(2025, 6, 5)
    assert [x.say(day(date)) for x in (ENGLISH, FRENCH, UKRAINIAN)] == [
        "5 June 2025",
        "5 juin 2025",
        "5 червня 2025\u202fр.",
    ]
    assert [x.say(number(1600)) for x in (ENGLISH, FRENCH, UKRAINIAN)] == ["1,600", "1\u202f600", "1\u00a0600"]
    assert FRENCH.say(number(0.25, 2)) == "0,25"


def test_words_for_chances_are_those_of_the_calibrated_scale() -> None:
    """The French words are those of the reports of the Intergovernmental Panel on Climate Change."""
    said = [FRENCH.say(likelihood_word(p)) for p in (0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999)]
    assert said == [
        "exceptionnellement improbable",
        "très improbable",
        "improbable",
        "à peu près aussi probable qu’improbable",
        "probable",
        "très probable",
        "quasiment certain",
    ]
    assert len({UKRAINIAN.say(likelihood_word(p)) for p in (0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999)}) == 7


def test_the_ends_are_claimed_in_no_language() -> None:
    assert [UKRAINIAN.say(percent(p)) for p in (0.0001, 0.5, 0.9999)] == ["<1\u00a0%", "50\u00a0%", ">99\u00a0%"]


def test_a_sentence_begins_with_a_capital() -> None:
    assert UKRAINIAN.say(capital(tr("without polls"))) == "Без опитувань"


def test_languages_name_themselves() -> None:
    assert (FRENCH.name, UKRAINIAN.name, ENGLISH.name) == ("Français", "Українська", "English")
    assert not FRENCH.right_to_left
