"""Who negotiates, who signs, and whose acceptance matters at home."""

from __future__ import annotations

from pydantic import Field

from winset.study.commitment import Commitment
from winset.study.declared import Declared, Id, Named, Text
from winset.study.ratification import Rule


class Leader(Declared):
    """Who signs for a side."""

    label: Text
    regime: str = ""
    note: str = ""


class Constituency(Declared):
    """A domestic group whose acceptance matters."""

    label: Text
    size: str = ""
    known: str = ""
    """What is known of the group, in a phrase."""


class Side(Declared):
    """A party to the talks."""

    label: Text
    leader: Leader
    constituencies: dict[Id, Constituency] = Field(min_length=1)
    ratification: Rule
    ratification_basis: str = ""
    order: dict[Id, tuple[Id, ...]]
    """Options of each issue from best to worst for this side, as declared in public; where an issue takes several options, `none`
    stands between those that are welcome and those that are not."""
    red_lines: Named = Field(default_factory=dict)
    """Options that part of each constituency may refuse at any price."""
    commitments: tuple[Commitment, ...] = ()
    repressive: bool = False
    """Whether people asked directly have reason to give the loyal answer."""
