"""What is left of a file after its wrong entries are taken out: enough to look for mistakes elsewhere, never to be used."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
STANDING = {"study": "unnamed", "title": "Untitled", "question": "None", "as_of": dt.date(9999, 12, 31)}
"""Stand for fields without which nothing else can be looked at."""
ENTRIES = ("issues", "proposals", "questions", "scales", "instruments", "experiments", "codings")
"""Maps whose entries can be taken out one by one."""
ROUNDS = 3
NO_GROUP = "no-group-yet"
"""Stands for the groups of a side that has none, so that the rest can be looked at."""


def salvage(root: Any, model: type[M], errors: Iterable[Any]) -> tuple[M | None, tuple[str, ...]]:
    """A model of what is right in a file, and the ids of entries that were taken out.

    Returns
    -------
    None where a mistake sits so deep that nothing can be said of the rest.
    """
    rest, dropped = copy.deepcopy(root), []
    for _ in range(ROUNDS):
        for error in errors:
            if not _take_out(rest, error["loc"], dropped):
                return None, ()
        try:
            return model.model_validate(rest), tuple(dropped)
        except ValidationError as error:
            errors = error.errors(include_url=False)
    return None, ()


def _take_out(rest: Any, loc: Sequence[Any], dropped: list[str]) -> bool:
    """Take out, or stand something in for, what is wrong at a place; False where that cannot be done."""
    if not loc:
        return False
    if loc[0] in STANDING:
        rest[loc[0]] = STANDING[loc[0]]
        return True
    if len(loc) > 1 and loc[0] not in rest:
        return True  # another mistake took all of it out
    inside = rest.get(loc[0])
    if loc[0] in ENTRIES and len(loc) > 1 and isinstance(inside, dict):
        dropped.append(str(loc[1]))
        return inside.pop(loc[1], None) is not None or dropped.count(str(loc[1])) > 1
    if loc[0] == "sides" and len(loc) > 2 and isinstance(inside, dict):
        side = inside.get(loc[1])
        return isinstance(side, dict) and _mend_side(side, loc[2], dropped)
    return rest.pop(loc[0], None) is not None


def _mend_side(side: dict[str, Any], field: str, dropped: list[str]) -> bool:
    known = side.get("constituencies")
    groups = list(known) if isinstance(known, dict) else []
    if field == "constituencies" and not groups:
        side[field] = {NO_GROUP: {"label": "No group yet"}}
        dropped.append(NO_GROUP)
        return True
    if field == "ratification" and groups:
        side["ratification"] = {"support": groups[0], "at_least": 0.5}
    elif field == "leader":
        side["leader"] = {"label": "Unnamed"}
    elif field == "label":
        side["label"] = "Unnamed"
    elif field == "order":
        side["order"] = {}
    else:
        return field != "constituencies" and side.pop(field, None) is not None
    return True
