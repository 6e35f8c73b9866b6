"""A question as an offer, and the ordered scale of its answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from winset.study.declared import Declared, Id, Terms, Text

Kind = Literal["mood", "vague", "clause", "term", "package"]
"""How close a question is to a whole deal: no term named; a term loosely named; a term judged as one clause of a treaty
whose other terms are not named; one or two terms offered as the way to end the war; a whole plan."""


class Scale(Declared):
    """Ordered answers from least to most accepting."""

    answers: tuple[Id, ...] = Field(min_length=2, max_length=7)
    accepts_from: Id
    """First answer that counts as accepting."""
    neutral: Id | None = None
    """Answer in the middle that is neither; it must come right before ``accepts_from``."""

    @model_validator(mode="after")
    def _consistent(self) -> Scale:
        if self.accepts_from not in self.answers[1:]:
            raise ValueError(f"accepts_from `{self.accepts_from}` must be one of the answers after the first")
        if self.neutral is not None and self.neutral not in self.answers[: self.border][-1:]:
            raise ValueError(f"neutral `{self.neutral}` must stand right before `{self.accepts_from}`")
        if len(set(self.answers)) < len(self.answers):
            raise ValueError("an answer stands twice")
        return self

    @property
    def border(self) -> int:
        """Index of the first accepting answer."""
        return self.answers.index(self.accepts_from)


YES_NO = Scale(answers=("reject", "accept"), accepts_from="accept")
"""For or against: every study has it, and prints that collapse a finer scale are read on it."""


class Question(Declared):
    """What somebody asked, as an offer against no deal or against another package."""

    side: Id
    kind: Kind
    scale: Id
    offer: Terms
    against: Terms | None = None
    """Another package; absent means no deal."""
    wording: Text
    deference: bool = False
    """Whether the question asks to follow the leader's decision."""
    asked: Literal["direct", "list"] = "direct"
    """How: directly, or by a list experiment, whose printed share goes into polls.csv with its margin."""
    loyal: Literal["accept", "reject"] | None = None
    """Answer that a frightened person would give, if there is one."""
