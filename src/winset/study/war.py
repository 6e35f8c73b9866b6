"""What is known of the war that goes on beside the talks, and the scenarios to try."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, model_validator

from winset.study.declared import Declared, Id, Text

Factor = Annotated[float, Field(ge=0.0, le=20.0)]


class Front(Declared):
    """How the attacker's share of its aim has moved."""

    attacker: Id
    aim: Annotated[float, Field(gt=0.0)]
    """What the attacker lacks of its declared aim at the as-of date."""
    terms: dict[Id, Id] = Field(min_length=1)
    """Options that hold without any deal once the aim is reached."""
    per_week: float
    per_week_sd: Annotated[float, Field(gt=0.0)]
    unit: Text
    source: Id | None = None
    note: str = ""


class Scenario(Declared):
    """What an analyst changes from a week on."""

    label: Text
    from_week: Annotated[int, Field(ge=0)] = 0
    terms: dict[Id, Id] = Field(default_factory=dict)
    """Options that every package on the table then holds."""
    commitments: dict[Id, Factor] = Field(default_factory=dict)
    """By side: factor on what going back on its commitments costs (a leader who prepares his public lowers it)."""
    losses: dict[Id, Factor] = Field(default_factory=dict)
    """By side: factor on losses."""
    front: Factor = 1.0
    """Factor on all movement of the front; 0 freezes it."""


class War(Declared):
    """talks.yaml: the war beside the talks."""

    began: dt.date
    front: Front
    intensity: dict[Id, Annotated[float, Field(gt=0.0)]]
    """By side: recent losses a week over their mean since the war began."""
    without_deal: dict[Id, Id] = Field(min_length=1)
    """Options that hold while the war goes on; an issue left out counts one half for both sides."""
    truces: tuple[Id, ...] = ()
    """Proposals that stop the fighting and leave the rest to talks."""
    not_settlements: tuple[Id, ...] = ()
    """Proposals that end nothing if they are signed, such as an offer to talk: they do not come to the table."""
    scenarios: dict[Id, Scenario] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> War:
        if "as-it-is" in self.scenarios:
            raise ValueError("scenarios: `as-it-is` is the name of no change at all; choose another name")
        return self


class TalksFile(Declared):
    """talks.yaml as it is written; empty where nothing is known of the war."""

    war: War | None = None
