"""What every declared object has in common: frozen, strict, no unknown fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", strict=True)]
"""Stable id: lower-case letters, digits, dot, dash and underscore."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, strict=True)]
"""Words for people; quoted in YAML where they look like a number."""


class Declared(BaseModel):
    """Base of all that a person declares in a study."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
