"""Who asked, how, and whom."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from winset.study.declared import Declared, Text

Selection = Literal["random", "respondent-driven", "self-identified", "journalist", "public-voices", "vetted"]


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
