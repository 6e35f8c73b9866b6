"""Who asked, how, and whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from winset.study.declared import Declared, Text

Selection = Literal["random", "respondent-driven", "self-identified", "journalist", "public-voices", "vetted"]


NO_SELECTION = ("quota", "panel", "online", "online-panel", "representative", "convenience")
"""How people are drawn that pollsters print, and that has no prior of its own."""


class Instrument(Declared):
    """A poll, an experiment or a set of interviews."""

    label: Text
    by: Text
    mode: Text
    kind: Literal["poll", "experiment", "interviews"]
    selection: Selection
    """How people came into the sample; each kind has its own prior on bias."""
    population: Text
    direct: bool = False
    """Whether people answer a stranger in person, so that fear can bend the answer."""
    published: Literal["institute", "press"] = "institute"
    """Who printed its figures: which n to expect where none was printed."""
    design_effect: Annotated[float, Field(ge=1.0)] = 1.0
    """Printed n divided by the effective n."""
    design_effect_basis: str = ""

    @field_validator("selection", mode="before")
    @classmethod
    def _drawn(cls, value: Any) -> Any:
        if isinstance(value, str) and value.lower() in NO_SELECTION:
            said = "write random for a quota sample, a panel or a web poll: a bias that all polls share and one of each house"
            raise ValueError(f"{said} are in the model; a larger `design_effect` makes its figures count for less")
        return value
