"""A conjoint or factorial experiment: which columns of its file mean what."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from winset.errors import UsageError
from winset.study.declared import Declared, Id, Text

OPEN_LEVEL = "open"
"""What a level maps to when it leaves the issue open."""


class Attribute(Declared):
    """A column of levels, read as options of an issue."""

    issue: Id
    levels: dict[Text, Id] = Field(min_length=1)
    """Option by level, as it is written in the file; `open` for a level that settles nothing."""


class Wide(Declared):
    """How columns of a file with one row a respondent are named, for instance ``F-{task}-{profile}-{slot}``."""

    columns: Text
    """Pattern of the columns of levels, with {task}, {profile} and either {attribute} or {slot}."""
    names: Text | None = None
    """Pattern of the columns that name the attribute of a slot (Qualtrics shuffles them), with {slot} and maybe {task}."""
    outcome: Text
    """Pattern of the columns of answers, with {task}; with {profile} too where each profile was judged alone."""

    @model_validator(mode="after")
    def _complete(self) -> Wide:
        for part in ("{task}", "{profile}"):
            if part not in self.columns:
                raise ValueError(f"columns `{self.columns}` must hold {part}")
        if ("{slot}" in self.columns) == ("{attribute}" in self.columns):
            raise ValueError(f"columns `{self.columns}` must hold either {{attribute}} or {{slot}}")
        if "{slot}" in self.columns and self.names is None:
            raise ValueError("slots need `names`, the columns that say which attribute stands in a slot")
        if "{task}" not in self.outcome:
            raise ValueError(f"outcome `{self.outcome}` must hold {{task}}")
        return self


def declare_wide(columns: str, names: str | None, outcome: str) -> Wide:
    """Patterns given on a command line.

    Raises
    ------
    UsageError
        If a pattern lacks a part.
    """
    try:
        return Wide(columns=columns, names=names, outcome=outcome)
    except ValidationError as error:
        raise UsageError(f"--wide: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None


class Group(Declared):
    """A column that tells constituencies apart."""

    column: Text
    values: dict[Text, Id] = Field(min_length=1)
    """Constituency by value; people with other values are left out, and counted."""


class Experiment(Declared):
    """One file of judged packages."""

    file: Text
    """Relative to the study's folder."""
    instrument: Id
    question: Id
    source: Id
    date: dt.date
    constituency: Id | None = None
    constituencies: Group | None = None
    judged: Literal["choice", "accept", "rating"] = "choice"
    """One profile of a task chosen; each accepted or not; or each rated on the question's scale."""
    answers: dict[Text, Id] = Field(default_factory=dict)
    """For ratings: answer of the question's scale, by value."""
    respondent: Text
    task: Text | None = None
    profile: Text | None = None
    outcome: Text = "outcome"
    weight: Text | None = None
    wide: Wide | None = None
    drop_missing: bool = False
    """Leave rows with an empty cell out instead of refusing them."""
    attributes: Annotated[dict[Text, Attribute], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Experiment:
        if (self.constituency is None) == (self.constituencies is None):
            raise ValueError("give either `constituency` or `constituencies` (a column and its values)")
        if self.judged == "choice" and self.task is None and self.wide is None:
            raise ValueError("a choice needs `task`, the column that tells which profiles were judged together")
        if (self.judged == "rating") != bool(self.answers):
            raise ValueError("`answers` (answer of the scale by value) belongs to ratings, and ratings need it")
        return self
