"""The labelled paragraphs are what they say: halves by a fixed rule, spans that lead back to the words."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

LABELS = json.loads((Path(__file__).parent / "reported_attitudes.json").read_text(encoding="utf-8"))


FIRST = 38
"""Paragraphs of a style that were written before the rules; those after it, when the unseen half had been judged."""


def test_every_second_paragraph_of_a_style_is_held_back():
    styles = Counter(p["style"] for p in LABELS)
    assert len(LABELS) >= 120
    assert len(styles) == 4
    for p in LABELS:
        place = int(p["id"].rpartition("-")[2])
        assert p["half"] == ("later" if place > FIRST else "seen" if place % 2 else "unseen")


def test_labelled_words_stand_where_they_say():
    for p in LABELS:
        for a in p["attitudes"]:
            assert p["text"][a["start"] :].startswith(a["words"])
            assert a["about"] is None or p["text"][a["about_start"] :].startswith(a["about"])
            assert a["holder"].lower() in p["text"].lower()
            assert (a["direction"] is None) == a["denied"]
