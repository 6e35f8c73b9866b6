"""Who negotiates, who signs, and whose acceptance matters at home."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from winset.study.commitment import Commitment
from winset.study.declared import Declared, Id, Named, Text
from winset.study.ratification import Rule, Threshold

UNORDERED: Literal["unordered"] = "unordered"
Order = Literal["unordered"] | tuple[Id, ...]
"""Options from best to worst, or ``unordered``."""


class Leader(Declared):
    """Who signs for a side."""

    label: Text
    regime: str = ""
    note: str = ""


class Voice(Declared):
    """A party or a further leader, who may speak for or against an offer without signing it."""

    label: Text
    note: str = ""


class Constituency(Declared):
    """A domestic group whose acceptance matters."""

    label: Text
    size: str = ""
    known: str = ""
    """What is known of the group, in a phrase."""
    parts: dict[Id, Threshold] | None = None
    """Constituencies of the side that make up this one, with their shares of it (a number or a distribution)."""
    order: dict[Id, Order] = Field(default_factory=dict)
    """Options from best to worst where they differ from the side's order; ``unordered`` where nobody knows."""
    red_lines: Named = Field(default_factory=dict)
    """Options that part of this group may refuse, where they differ from the side's."""


class Whole(Declared):
    """People of several sides whom a poll printed in sum only."""

    label: Text
    parts: dict[Text, Threshold]
    """Share of each ``side.constituency``."""


class Side(Declared):
    """A party to the talks."""

    label: Text
    leader: Leader
    constituencies: dict[Id, Constituency] = Field(min_length=1)
    ratification: Rule
    ratification_basis: str = ""
    voices: dict[Id, Voice] = Field(default_factory=dict)
    """Parties and further leaders who may speak for or against an offer."""
    order: dict[Id, Order]
    """Options of each issue from best to worst for this side, as declared in public, ``unordered`` where nobody knows; where an
    issue takes several options, `none` stands between those that are welcome and those that are not."""
    red_lines: Named = Field(default_factory=dict)
    """Options that part of each constituency may refuse at any price."""
    commitments: tuple[Commitment, ...] = ()
    repressive: bool = False
    """Whether people asked directly have reason to give the loyal answer."""
    undecided: Threshold | None = None
    """Share of the undecided that would accept in the end; absent: as those who decided."""

    def order_of(self, constituency: str, issue: str) -> tuple[str, ...] | None:
        """Options from best to worst for a constituency; None where they have no known order."""
        order = self.constituencies[constituency].order.get(issue, self.order[issue])
        return None if order == UNORDERED else order

    def red_lines_of(self, constituency: str, issue: str) -> tuple[str, ...]:
        """Options of an issue that part of a constituency may refuse at any price."""
        own = self.constituencies[constituency].red_lines
        return own.get(issue, ()) if issue in own else self.red_lines.get(issue, ())
