"""Files with one row a respondent, or one row a task: how their columns are named."""

from __future__ import annotations

import re

from pydantic import Field, ValidationError, model_validator

from winset.errors import UsageError
from winset.study.declared import Declared, Text

HOLE = re.compile(r"\{(?:(?P<times>[0-9]+)\*)?(?P<name>[a-z]+)(?P<plus>[+-][0-9]+)?\}")
"""A part of a pattern that varies: ``{task}``, or counted off, ``{task+1}``, ``{3*task+1}``."""
HOLES = ("task", "profile", "slot", "attribute")


class Repeated(Declared):
    """A task that came again, its answer in a column of its own; used for reliability, never for effects."""

    outcome: Text
    """Column of the answer."""
    task: int = Field(default=1, ge=1)
    """Which task came again, counted from 1."""
    flipped: bool = False
    """The second time its profiles stood in the opposite order."""


class Design(Declared):
    """A table of what each version of the questionnaire showed, one row a profile, as Sawtooth writes it."""

    file: Text
    """Beside the file of answers."""
    version: Text
    """Column of the answers that says which version a respondent saw."""
    versions: Text = "Version"
    """Column of versions in the table."""
    task: Text = "Task"
    profile: Text = "Concept"


class Wide(Declared):
    """How columns of a file with one row a respondent are named, for instance ``F-{task}-{profile}-{slot}``."""

    columns: Text | None = None
    """Pattern of the columns of levels, with {profile}, either {attribute} or {slot}, and {task} unless a row is a task."""
    names: Text | None = None
    """Pattern of the columns that name the attribute of a slot (Qualtrics shuffles them), with {slot} and maybe {task}."""
    outcome: Text | tuple[Text, ...] | None = None
    """Pattern of the columns of answers, with {task}, counted off as {task+1} or {3*task+1} where the numbers run so; or all of
    them in the order of tasks; with {profile} where each profile was judged alone."""
    task: Text | None = None
    """Column that numbers tasks, where a row is a task."""
    packed: Text | None = None
    """Column, or pattern with {task}, of cells that hold a whole task (SurveyCTO: ``1,3,6|2,3,5|2``)."""
    design: Design | None = None
    """Table of what was shown, where the file of answers holds none of it."""
    chosen: dict[Text, Text] = Field(default_factory=dict)
    """Profile by answer, where its number, its letter or its side is not in the answer's words."""
    none: tuple[Text, ...] = ()
    """Answers that chose none of the profiles."""
    repeated: tuple[Repeated, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Wide:
        given = [x for x in ("columns", "packed", "design") if getattr(self, x) is not None]
        if len(given) != 1:
            raise ValueError(
                "give one of `columns`, `packed` (a cell holds a task) and `design` (a table of what was shown)"
            )
        self._check_levels()
        self._check_outcome()
        return self

    def _check_levels(self) -> None:
        for pattern in (self.columns, self.names, self.packed, *self.outcomes):
            for hole in HOLE.finditer(pattern or ""):
                if hole["name"] not in HOLES:
                    raise ValueError(f"`{pattern}` holds {hole[0]}; known: {', '.join(f'{{{x}}}' for x in HOLES)}")
        if self.packed is not None and self.task is None and "task" not in holes(self.packed):
            raise ValueError("`packed` cells need `task`, the column that numbers them, or {task} in their names")
        if self.columns is None:
            return
        for part in ("{profile}",) if self.task else ("{task}", "{profile}"):
            if part not in self.columns:
                raise ValueError(f"columns `{self.columns}` must hold {part}")
        if ("{slot}" in self.columns) == ("{attribute}" in self.columns):
            raise ValueError(f"columns `{self.columns}` must hold either {{attribute}} or {{slot}}")
        if "{slot}" in self.columns and self.names is None:
            raise ValueError("slots need `names`, the columns that say which attribute stands in a slot")

    def _check_outcome(self) -> None:
        if self.packed is not None:
            return  # the answer stands in the cell
        if not self.outcomes:
            raise ValueError("`outcome` is missing, the columns of answers")
        if not isinstance(self.outcome, tuple) and self.task is None and "task" not in holes(self.outcomes[0]):
            raise ValueError(f"outcome `{self.outcome}` must hold {{task}}, or list a column for every task")
        if len({"profile" in holes(o) for o in self.outcomes}) > 1:
            raise ValueError("either all outcomes hold {profile}, or none")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Patterns of answers as they were written: one, or one a task."""
        if self.outcome is None:
            return ()
        return self.outcome if isinstance(self.outcome, tuple) else (self.outcome,)

    @property
    def judged_alone(self) -> bool:
        """Whether each profile has an answer of its own."""
        return any("profile" in holes(o) for o in self.outcomes)


def holes(pattern: str) -> set[str]:
    """Names of the parts of a pattern that vary.

    Examples
    --------
    >>> sorted(holes("Q{task+1}_{profile}"))
    ['profile', 'task']
    """
    return {m["name"] for m in HOLE.finditer(pattern)}


def declare_wide(
    columns: str, names: str | None, outcome: str, task: str | None = None, repeated: tuple[Repeated, ...] = ()
) -> Wide:
    """Patterns given on a command line; several outcomes are separated by commas.

    Raises
    ------
    UsageError
        If a pattern lacks a part.
    """
    listed = tuple(x.strip() for x in outcome.split(",") if x.strip())
    answers = listed if len(listed) > 1 else outcome
    try:
        return Wide(columns=columns, names=names, outcome=answers, task=task, repeated=repeated)
    except ValidationError as error:
        raise UsageError(f"--wide: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
