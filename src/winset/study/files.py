"""What may stand in a study's YAML files."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, field_validator

from winset.study.coding import Coding
from winset.study.declared import Declared, Id, Terms, Text
from winset.study.experiment import Experiment
from winset.study.instrument import Instrument
from winset.study.question import Question, Scale
from winset.study.side import Side, Whole
from winset.study.war import TalksFile


class OptionEntry(Declared):
    """One possible settlement of an issue."""

    label: Text
    meaning: str = ""
    searched: bool = True
    """Whether the search over whole packages may choose it."""


class IssueEntry(Declared):
    """An item on the table."""

    label: Text
    options: dict[Id, OptionEntry] = Field(min_length=1)
    searched: bool = True
    """Whether the search over whole packages settles it; otherwise it stays open there."""
    several: bool = False
    """Whether a package may hold several of its options at once, or none: each is then an issue of its own, with or without."""

    @field_validator("options", mode="before")
    @classmethod
    def _labels(cls, value: object) -> object:
        """Allow ``option: Label`` for short."""
        if isinstance(value, dict):
            return {k: {"label": v} if isinstance(v, str) else v for k, v in value.items()}
        return value


class ProposalEntry(Declared):
    """A package that somebody put on record."""

    label: Text
    sponsor: Text
    date: dt.date
    source: Id
    status: str = ""
    terms: Terms
    not_read: tuple[Id, ...] = ()
    """Issues that the text may settle but that were not read; any other absent issue is open."""


class StudyFile(Declared):
    """study.yaml: the declared world of one conflict at one date."""

    study: Id
    title: Text
    question: Text
    as_of: dt.date
    """Last day whose evidence counts."""
    notes: tuple[Text, ...] = ()
    minimum_count: Annotated[int, Field(ge=3, le=50)] = 5
    """Groups of fewer people are not shown anywhere."""
    quotations: bool = False
    """Whether speakers agreed that their words are quoted in briefs."""
    issues: dict[Id, IssueEntry] = Field(min_length=1)
    never: tuple[Text, ...] = ()
    """Pairs of options that no package may combine: `land=north and water=joint`."""
    only_with: tuple[Text, ...] = ()
    """Options that stand only beside others: `land=split only with water=joint|own`."""
    sides: dict[Id, Side] = Field(min_length=1)
    wholes: dict[Id, Whole] = Field(default_factory=dict)
    """People of several sides whom polls printed in sum only."""
    proposals: dict[Id, ProposalEntry] = Field(default_factory=dict)
    asked: tuple[Id, ...] = ()
    """Proposals that the study is about; the answer leads with them. All that are on record, if none is named."""


class QuestionsFile(Declared):
    """questions.yaml: every question that somebody asked, read as an offer."""

    scales: dict[Id, Scale] = Field(default_factory=dict)
    questions: dict[Id, Question] = Field(default_factory=dict)


class InstrumentsFile(Declared):
    """instruments.yaml: who asked, how, whom."""

    instruments: dict[Id, Instrument] = Field(default_factory=dict)


class ExperimentsFile(Declared):
    """experiments.yaml: files of judged packages, and what their columns mean."""

    experiments: dict[Id, Experiment] = Field(default_factory=dict)


class CodingsFile(Declared):
    """codings.yaml: files of coded interviews, and what their codes mean."""

    codings: dict[Id, Coding] = Field(default_factory=dict)


MODELS = {
    "study": StudyFile,
    "questions": QuestionsFile,
    "instruments": InstrumentsFile,
    "experiments": ExperimentsFile,
    "codings": CodingsFile,
    "talks": TalksFile,
}
"""The files by their names."""
