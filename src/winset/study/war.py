"""talks.yaml: what is known of the war that goes on beside the talks, and the scenarios to try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from winset.study.declared import Declared, Id, Text
from winset.study.ratification import Share

Factor = Annotated[float, Field(ge=0.0, le=20.0)]
Week = Annotated[int, Field(ge=0)]


class Region(Declared):
    """A contested region that the attacker claims."""

    label: Text
    area: Annotated[float, Field(gt=0.0)]
    held: Share
    """Share that the attacker holds at the as-of date."""
    effort: Annotated[float, Field(ge=0.0)] | None = None
    """Its part of the front's movement, against the other regions'; in proportion to what the attacker lacks if none is given."""
    source: Id | None = None
    note: str = ""


class Front(Declared):
    """How far the attacker has come towards its aim, and how fast it has moved."""

    attacker: Id
    regions: dict[Id, Region] = Field(min_length=1)
    terms: dict[Id, Id] = Field(min_length=1)
    """Options that hold without any deal once all regions are taken."""
    per_week: float
    per_week_sd: Annotated[float, Field(gt=0.0)]
    unit: Text
    source: Id | None = None
    note: str = ""

    @model_validator(mode="after")
    def _has_an_aim(self) -> Front:
        efforts = [r.effort for r in self.regions.values()]
        if not self.aim > 0:
            raise ValueError("regions: the attacker holds all of them; an aim that is reached leaves no front to move")
        if any(e is not None for e in efforts) and (None in efforts or not sum(e or 0.0 for e in efforts)):
            raise ValueError("regions: give every region an effort, one above 0 at least, or none of them")
        return self

    @property
    def aim(self) -> float:
        """What the attacker lacks of its declared aim at the as-of date."""
        return sum(r.area * (1 - r.held) for r in self.regions.values())


class WarLeader(Declared):
    """What the war may cost the leader himself."""

    regime: Literal["democratic", "mixed", "repressive"]
    """Goemans (2000): mixed regimes punish small losses like large ones, repressive ones survive small losses."""
    culpable: bool
    """Whether he, or his side's government before him, began the war (Croco 2011)."""
    note: str = ""


class Change(Declared):
    """What an analyst changes from a week on."""

    from_week: Week = 0
    terms: dict[Id, Id] = Field(default_factory=dict)
    """Options that every package on the table then holds: guarantees offered, sanctions relief."""
    framing: tuple[Id, ...] = ()
    """Sides whose leader reframes what he pledged: going back on it costs less, by a drawn factor."""
    commitments: dict[Id, Factor] = Field(default_factory=dict)
    """By side: factor on what going back on its commitments costs, where the analyst knows better than to draw it."""
    losses: dict[Id, Factor] = Field(default_factory=dict)
    """By side: factor on losses."""
    aid: dict[Id, Factor] = Field(default_factory=dict)
    """By side: factor on outside aid, which moves the drift of the front."""
    front: Factor = 1.0
    """Factor on all movement of the front; 0 freezes it."""
    referendum: dict[Id, Id] = Field(default_factory=dict)
    """By side: the constituency whose majority ratifies instead of the side's rule."""
    mobilise: tuple[Id, ...] = ()
    """Sides that announce a mobilisation in that week."""
    exchange: bool = False
    """Whether every round of talks then ends with an exchange of prisoners at least."""
    limited_ceasefire: Annotated[int, Field(ge=0, le=52)] = 0
    """Weeks that a limited cease-fire lasts from that week on."""


def read_change(fields: Mapping[str, Any]) -> Change:
    """A change from its fields.

    Raises
    ------
    ValueError
        What is wrong with the first field that does not fit.
    """
    try:
        return Change.model_validate(fields)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from None


class Scenario(Change):
    """A named change, and what may follow it."""

    label: Text
    then: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, by week."""
        return tuple(sorted((self, *self.then), key=lambda c: c.from_week))


class WarPrior(Declared):
    """A study's own prior of a parameter of the moving model."""

    family: Literal["normal", "half-normal", "uniform"]
    first: float
    """Centre; scale of a half-normal; lower end."""
    second: float = 0.0
    """Standard deviation; upper end."""
    source: Text

    @model_validator(mode="after")
    def _proper(self) -> WarPrior:
        if self.family == "normal" and self.second < 0:
            raise ValueError(f"second: a standard deviation of {self.second:g} is negative; write {-self.second:g}")
        if self.family == "half-normal" and self.first < 0:
            raise ValueError(f"first: a scale of {self.first:g} is negative; write {-self.first:g}")
        if self.family == "uniform" and self.first > self.second:
            raise ValueError(f"first: {self.first:g} is above {self.second:g}; write the lower end first")
        return self


class War(Declared):
    """The war beside the talks."""

    began: dt.date
    front: Front
    intensity: dict[Id, Annotated[float, Field(gt=0.0)]]
    """By side: recent losses a week over their mean since the war began."""
    leaders: dict[Id, WarLeader] = Field(default_factory=dict)
    """By side; a leader who is not named pays nothing with his own fate."""
    guarantees: Id | None = None
    """The issue whose options guard against renewed war, strongest first in the order of the side that was attacked."""
    bear_losses: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    """By side: constituencies that fight or lose their own; sunk sacrifice weighs more with them."""
    listens: dict[Id, dict[Id, dict[Id, Annotated[float, Field(gt=0.0)]]]] = Field(default_factory=dict)
    """By side and constituency: to whom it listens, as weights; to all of its side alike if absent."""
    without_deal: dict[Id, Id] = Field(min_length=1)
    """Options that hold while the war goes on; an issue left out counts one half for both sides."""
    truces: tuple[Id, ...] = ()
    """Proposals that stop the fighting and leave the rest to talks."""
    not_settlements: tuple[Id, ...] = ()
    """Proposals that end nothing if they are signed, such as an offer to talk: they do not come to the table."""
    series: dict[Id, Id] = Field(default_factory=dict)
    """By side: the question whose polls over the years the attitudes are fitted to."""
    priors: dict[str, WarPrior] = Field(default_factory=dict)
    scenarios: dict[Id, Scenario] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> War:
        if "as-it-is" in self.scenarios:
            raise ValueError("scenarios: `as-it-is` is the name of no change at all; choose another name")
        return self


class TalksFile(Declared):
    """talks.yaml as it is written; empty where nothing is known of the war."""

    war: War | None = None
