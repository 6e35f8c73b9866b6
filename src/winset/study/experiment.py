"""A conjoint or factorial experiment: which columns of its file mean what."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from winset.study.declared import Declared, Id, Text
from winset.study.wide import Wide

OPEN_LEVEL = "open"
"""What a level maps to when it leaves the issue open."""
NOT_SHOWN = "(not shown)"
"""Level of an attribute that a task did not show."""


class Attribute(Declared):
    """A column of levels, read as options of an issue."""

    issue: Id
    levels: dict[Text, Id] = Field(min_length=1)
    """Option by level, as it is written in the file; `open` for a level that settles nothing."""


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
    """Leave tasks with an empty cell out instead of refusing them; where profiles were judged alone, rows."""
    where: dict[Text, Text] = Field(default_factory=dict)
    """Read only rows with these values: one of several sub-studies that stand one below the other."""
    fill_down: tuple[Text, ...] = ()
    """Columns whose empty cells repeat the cell above."""
    partial: bool = False
    """Tasks may leave attributes out: an empty cell is the level ``(not shown)``, which maps to ``open``."""
    names_profile: bool = False
    """The outcome repeats the number of the profile that was chosen in all rows of a task (Sawtooth), instead of 1 and 0."""
    attributes: Annotated[dict[Text, Attribute], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Experiment:
        if (self.constituency is None) == (self.constituencies is None):
            raise ValueError("give either `constituency` or `constituencies` (a column and its values)")
        if self.judged == "choice" and self.task is None and self.wide is None:
            raise ValueError("a choice needs `task`, the column that tells which profiles were judged together")
        if (self.judged == "rating") != bool(self.answers):
            raise ValueError("`answers` (answer of the scale by value) belongs to ratings, and ratings need it")
        if self.names_profile and (self.task is None or self.profile is None):
            raise ValueError("`names_profile` needs `task` and `profile`, the columns that number them")
        return self

    @property
    def files(self) -> tuple[str, ...]:
        """Files that it is read from."""
        design = self.wide.design if self.wide else None
        return (self.file, design.file) if design else (self.file,)
