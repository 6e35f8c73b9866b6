"""Coded interviews: which code means which stance on which question."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from winset.study.declared import Declared, Id, Text
from winset.study.experiment import Group


class CodeMeaning(Declared):
    """What a code says: a stance on a question, a reason, both, or nothing that is asked here."""

    question: Id | None = None
    stance: Annotated[int, Field(ge=-2, le=2)] | None = None
    """-2 strongly against the question's offer, -1 against, 0 neither, 1 for, 2 strongly for."""
    theme: str = ""
    """A reason, in a few words; reasons are listed and not weighed."""
    ignore: bool = False

    @model_validator(mode="after")
    def _complete(self) -> CodeMeaning:
        if (self.question is None) != (self.stance is None):
            raise ValueError("a stance needs its question, and a question its stance (-2 to 2)")
        if self.ignore == bool(self.question or self.theme):
            raise ValueError("give question and stance, a theme, or `ignore`")
        return self


def _short(value: object) -> object:
    """Allow ``code: ignore`` for short."""
    return {"ignore": True} if value == "ignore" else value


class Coding(Declared):
    """One body of coded interviews."""

    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Beside study.yaml; several are parts of one corpus, or one coder's each."""
    instrument: Id
    source: Id
    date: dt.date
    """Middle of the field work."""
    constituency: Id | None = None
    constituencies: Group | None = None
    """An attribute of the speakers, and the constituency of each of its values."""
    codes: Annotated[dict[Text, Annotated[CodeMeaning, BeforeValidator(_short)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _people(self) -> Coding:
        if (self.constituency is None) == (self.constituencies is None):
            raise ValueError("give either `constituency` or `constituencies` (an attribute and its values)")
        return self
