"""What every declared object has in common: frozen, strict, no unknown fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", strict=True)]
"""Stable id: lower-case letters, digits, dot, dash and underscore."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, strict=True)]
"""Words for people; quoted in YAML where they look like a number."""

Choice = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*(\+[a-z0-9][a-z0-9._-]*)*$", strict=True)]
"""An option, or several with a plus between."""


PLAN = "plan"
"""Among terms: the proposal whose terms hold, except for what stands beside it."""


def _join(value: object) -> object:
    """Allow ``issue: [option, option]``, ``[]`` for none, and the id of a proposal for all of its terms."""
    if isinstance(value, str):
        return {PLAN: value}
    if not isinstance(value, dict):
        return value
    return {k: ("+".join(map(str, v)) or "none") if isinstance(v, list | tuple) else v for k, v in value.items()}


def _listed(value: object) -> object:
    """Allow ``issue: option`` for one."""
    if not isinstance(value, dict):
        return value
    return {k: (v,) if isinstance(v, str) else v for k, v in value.items()}


Written = dict[Id, Id | tuple[Id, ...]]
Terms = Annotated[dict[Id, Choice], BeforeValidator(_join, json_schema_input_type=Written | Id)]
"""What a text settles: an option by issue; a list of options where an issue takes several at once. The id of a proposal
stands for all its terms; ``plan: ID`` among terms, for all that the others do not change."""

Named = Annotated[dict[Id, tuple[Id, ...]], BeforeValidator(_listed, json_schema_input_type=Written)]
"""Options by issue."""


class Declared(BaseModel):
    """Base of all that a person declares in a study."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
