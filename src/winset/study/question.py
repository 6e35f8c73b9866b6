"""A question as an offer, and the ordered scale of its answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from winset.study.declared import Declared, Id, Terms, Text

LEADER = "leader"
"""How a question names the leader of the side that was asked."""

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

PLAIN = "yes-no"
READY_SCALES: dict[str, Scale] = {
    PLAIN: YES_NO,
    "peace-poll": Scale(
        answers=("unacceptable", "tolerable", "acceptable", "desirable", "essential"), accepts_from="tolerable"
    ),
}
"""Scales that a question may name though the study declares none of that name. Peace polls (Irwin 2012): what is at least
tolerable is a term that one could live with."""


class Base(Declared):
    """Who was asked, where it was not everybody."""

    refused: Id | None = None
    """Only people who refused the offer of this other question (incentives)."""
    accepted: Id | None = None
    """Only people who accepted the offer of this other question."""
    voters: bool = False
    """Only people who say that they will vote."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Share of the printed sample that was asked (0.5: a random half)."""

    @model_validator(mode="after")
    def _one(self) -> Base:
        if self.refused is not None and self.accepted is not None:
            raise ValueError("a base is people who refused one question, or who accepted one, not both")
        if self.refused is None and self.accepted is None and not self.voters and self.share is None:
            raise ValueError("an empty base says nothing; write refused, accepted, voters or share, or leave base out")
        return self

    @property
    def question(self) -> str | None:
        """The other question that says who was asked."""
        return self.refused or self.accepted


Stand = Literal["for", "against"]
"""How somebody speaks of an offer."""


class Question(Declared):
    """What somebody asked, as an offer against no deal or against another package."""

    side: Id | Annotated[tuple[Id, ...], Field(min_length=1)]
    """Side whose people were asked; several where one question was put to the publics of several sides."""
    kind: Kind
    scale: Id
    offer: Terms
    against: Terms | None = None
    """Another package; absent means no deal."""
    wording: Text
    not_read: tuple[Id, ...] = ()
    """Issues that the offer, or its plan, settles in words that nobody could read; they are named beside the question."""
    endorsed: dict[Id, Stand] = Field(default_factory=dict)
    """Who speaks for or against the offer: ``leader`` (of the own side), a voice, or the id of another side (its leader)."""
    base: Base | None = None
    """Who was asked, where it was not everybody."""
    asked: Literal["direct", "list"] = "direct"
    """How: directly, or by a list experiment, whose printed share goes into polls.csv with its margin."""
    loyal: Literal["accept", "reject"] | None = None
    """Answer that a frightened person would give, if there is one."""

    @model_validator(mode="before")
    @classmethod
    def _deference(cls, value: object) -> object:
        """``deference: true`` is short for the own leader speaking for the offer."""
        if isinstance(value, dict) and isinstance(value.get("deference"), bool):
            rest = {k: v for k, v in value.items() if k != "deference"}
            if value["deference"] and "endorsed" not in rest:
                rest["endorsed"] = {LEADER: "for"}
            return rest
        return value

    @property
    def sides(self) -> tuple[str, ...]:
        """Sides whose people were asked."""
        return (self.side,) if isinstance(self.side, str) else self.side
