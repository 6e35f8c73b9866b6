"""A study: everything that was declared, as one frozen value."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from winset.errors import UsageError, suggest
from winset.language import tr
from winset.study.coding import Coding
from winset.study.composition import Composition, compose, find_named
from winset.study.experiment import Experiment
from winset.study.history import History
from winset.study.instrument import Instrument
from winset.study.question import YES_NO, Question, Scale
from winset.study.ratification import Clause, Rule, clauses, rule_in_words, spell_parts
from winset.study.results import Result
from winset.study.side import Side, Whole
from winset.study.source import Source
from winset.study.speakers import Speaker, list_speakers
from winset.study.war import War
from winset.terms import AnyConstraint, Package, Proposal, Space, parse_package


@dataclass(frozen=True)
class Study:
    """The declared world of one conflict at one date.

    Parameters
    ----------
    space
        Issues and options, and what no package may combine.
    folder
        Where the files lie; evidence is read from there.
    """

    id: str
    title: str
    question: str
    as_of: dt.date
    space: Space
    sides: Mapping[str, Side]
    proposals: Mapping[str, Proposal]
    scales: Mapping[str, Scale]
    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]
    sources: Mapping[str, Source]
    folder: Path
    notes: tuple[str, ...] = ()
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    codings: Mapping[str, Coding] = field(default_factory=dict)
    minimum_count: int = 5
    quotations: bool = False
    war: War | None = None
    history: History = field(default_factory=History)
    wholes: Mapping[str, Whole] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    asked: tuple[str, ...] = ()

    def __repr__(self) -> str:
        issues, proposals = len(self.space.issues), len(self.proposals)
        return f"<Study {self.id} as of {self.as_of}: {len(self.sides)} sides, {issues} issues, {proposals} proposals>"

    @property
    def constraints(self) -> tuple[AnyConstraint, ...]:
        """What no package may combine."""
        return self.space.constraints

    def constituencies(self) -> tuple[tuple[str, str], ...]:
        """All (side, constituency) pairs in the order declared."""
        return tuple((s, c) for s, side in self.sides.items() for c in side.constituencies)

    @functools.cached_property
    def composition(self) -> Composition:
        """Who makes up whom."""
        return compose(self.sides, self.wholes)

    def rule(self, side: str) -> Rule:
        """A side's rule of ratification over constituencies that have no parts, at mean shares; see ``place``."""
        return spell_parts(
            self.sides[side].ratification,
            lambda c: {
                part if own == side else f"{own}.{part}": share
                for (own, part), share in self.composition.shares((side, c)).items()
            },
        )

    def place(self, side: str, name: str) -> tuple[str, str]:
        """(side, constituency) that a name in a side's rule means; see ``find_named``."""
        return find_named(side, name, self.constituencies())

    def clauses(self) -> tuple[tuple[str, Clause], ...]:
        """(side, clause) of every side's rule, in the order of a ballot's thresholds."""
        return tuple((s, c) for s, side in self.sides.items() for c in clauses(side.ratification))

    @functools.cached_property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who may speak for or against an offer."""
        return list_speakers(self.sides)

    def rule_in_words(self, side: str) -> str:
        """A side's rule as a phrase, constituencies by their labels."""
        return rule_in_words(self.sides[side].ratification, lambda c: self.label(side, c))

    def label(self, side: str, constituency: str) -> str:
        """Name of a constituency for tables; a whole of several sides has the side ``""``."""
        if not side:
            return self.wholes[constituency].label
        return self.sides[side].constituencies[constituency].label

    def scale_of(self, question: str, categories: int) -> Scale:
        """Scale that a printed result is on: its question's, or for and against where the print collapsed that."""
        scale = self.scales[self.questions[question].scale]
        return scale if len(scale.answers) == categories else YES_NO

    def on_record(self) -> tuple[str, ...]:
        """Ids of the proposals that the study is about: those it names, or all that are not later than its date."""
        return self.asked or tuple(p.id for p in self.proposals.values() if p.date <= self.as_of)

    def repeats(self, side: str, constituency: str) -> bool:
        """Whether a constituency is an electorate of several sides that stands at an earlier side already."""
        return side != self.stands_at(side, constituency)

    def stands_at(self, side: str, constituency: str) -> str:
        """Side at which a constituency is listed: of an electorate of several sides the first."""
        if constituency not in self.wholes:
            return side
        return next((s for s, x in self.sides.items() if constituency in x.constituencies), side)

    def asked_as(self, side: str, constituency: str) -> tuple[str, str]:
        """Side and constituency under which answers are listed: an electorate of several sides is of none of them."""
        return ("" if constituency in self.wholes else side, constituency)

    def sides_of(self, side: str, constituency: str) -> set[str]:
        """Sides that people asked as this constituency belong to."""
        return {side} if side else {s for s, _ in self.composition.shares(("", constituency))}

    def in_words(self, package: Mapping[str, str]) -> str:
        """A (partial) package by the labels of its issues and options."""
        named = [(i, package[i.id]) for i in self.space.issues if i.id in package]
        return "; ".join(f"{i.label}: {i.options[i.index(o)].label}" for i, o in named) or "nothing settled"

    def beside_record(self, package: Mapping[str, str]) -> str:
        """A package in words: as the proposal that it is, or as the nearest (of those alike the latest) but for some terms.

        Its own words where half of its terms or more differ from every proposal on record.
        """
        record = {p: self.proposals[p] for p in self.on_record()}
        differs = {p: {i: o for i, o in package.items() if x.terms.get(i) != o} for p, x in record.items()}
        near = {p: d for p, d in differs.items() if set(record[p].terms) <= set(package) and not record[p].not_read}
        if near:
            p = min(near, key=lambda p: (len(near[p]), -record[p].date.toordinal()))
            if not near[p]:
                return tr("{proposal} as it stands", proposal=record[p].label)
            if 2 * len(near[p]) < len(package):
                return tr("{proposal}, but {terms}", proposal=record[p].label, terms=self.in_words(near[p]))
        return self.in_words(package)

    def full_label(self, side: str, constituency: str) -> str:
        """Name of a constituency with its side's, where it does not say it."""
        label = self.label(side, constituency)
        named = not side or constituency in self.wholes or self.sides[side].label in label
        return label if named else f"{label} ({self.sides[side].label})"

    def find(self, what: str | Mapping[str, str]) -> tuple[Package, tuple[str, ...]]:
        """Package and unread issues of a proposal's id, of ``issue=option`` text, or of a mapping.

        Raises
        ------
        UsageError
            If it names nothing in the study.
        """
        if isinstance(what, str):
            if what in self.proposals:
                return self.proposals[what].terms, self.proposals[what].not_read
            if "=" not in what:
                raise UsageError(
                    f"`{what}` is neither a proposal nor issue=option{suggest(what, self.proposals)}",
                )
            what = parse_package(what)
            if not what:
                raise UsageError("an empty package says nothing; name at least one issue=option")
        return self.space.read(what), ()
