"""What a file was taken for: one experiment that a person has to look over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.exports.layout import Layout
from winset.study import Wide


@dataclass(frozen=True)
class Draft:
    """An experiment as far as its file tells it.

    Parameters
    ----------
    name
        Its id.
    judged
        ``choice``, ``accept`` or ``rating``.
    levels
        Levels by attribute, in order.
    respondent, outcome, task, profile, weight
        Columns; None where none looked like it. A wide file has no outcome of its own.
    answers
        Values of a rating.
    told
        What each column was taken for, and why.
    doubts
        What could not be told, and what to do.
    """

    name: str
    judged: str
    levels: Mapping[str, tuple[str, ...]]
    respondent: str | None
    outcome: str | None = None
    task: str | None = None
    profile: str | None = None
    weight: str | None = None
    wide: Wide | None = None
    answers: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    fill_down: tuple[str, ...] = ()
    partial: bool = False
    names_profile: bool = False
    told: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """How it would be read."""
        return Layout(
            respondent=self.respondent or "",
            outcome=self.outcome or "outcome",
            attributes=tuple(self.levels),
            task=self.task,
            profile=self.profile,
            keep=(self.weight,) if self.weight else (),
            wide=self.wide,
            where=dict(self.where),
            fill_down=self.fill_down,
            partial=self.partial,
            names_profile=self.names_profile,
        )


@dataclass(frozen=True)
class Recognised:
    """What a file was taken for.

    Parameters
    ----------
    make
        Program that wrote it.
    drafts
        Its experiments.
    told
        What holds for the whole file.
    """

    make: str
    drafts: tuple[Draft, ...]
    told: tuple[str, ...] = ()
