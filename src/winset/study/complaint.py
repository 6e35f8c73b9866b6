"""What a check of a YAML file found wrong -> one sentence that says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap

from winset.errors import suggest
from winset.study.ratification import KINDS

SHOWN = 60
"""Characters of a wrong value that a sentence repeats."""
ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
NOT_A_NUMBER = ("float_type", "float_parsing", "int_type", "int_parsing", "int_from_float", "finite_number")
NOT_A_DATE = ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact")


def word_error(error: Any, model: type[BaseModel], parent: Any, field: str) -> str:
    """One error of pydantic as a sentence.

    Parameters
    ----------
    error
        As in ``ValidationError.errors()``.
    model
        Of the whole file.
    parent
        The node that holds the wrong value.
    field
        Key of the wrong value, or of the list that holds it.
    """
    loc, found = error["loc"], error["input"]
    key = next((s for s in reversed(loc) if s != "[key]"), None)
    known = _fields_at(model, loc) if error["type"] == "extra_forbidden" else []
    if _is_cut_text(parent, key, error["type"]) and "did you mean" not in suggest(str(key), known):
        return _word_cut_text(parent, key)
    match error["type"]:
        case "extra_forbidden":
            return f"unknown field `{_short(key)}`{suggest(str(key), known)}"
        case "missing":
            return f"`{key}` is missing"
        case "invalid_key":
            return f"`{_short(found)}` is no name of a field; put it in quotes where it is text"
        case "string_pattern_mismatch":
            where = "" if loc[-1] == "[key]" else f"`{field}`: "
            return f"{where}`{_short(found)}` is no id; use lower-case letters, digits and dashes"
        case "too_short":
            return f"`{field}` is empty; write one entry at least"
        case "value_error":
            return f"`{field}`: {error['msg'].removeprefix('Value error, ')}"
        case "rule":
            return _word_rule(field, found)
    wanted = _wanted(error, model)
    if wanted:
        return f"`{field}` is {'empty' if found in (None, '') else _shown(found)}; {wanted}"
    said = error["msg"].removeprefix("Input should be ")
    return f"`{field}`: {'must be ' if said != error['msg'] else ''}{said[0].lower()}{said[1:]} (found {_shown(found)})"


def _is_cut_text(parent: Any, key: Any, kind: str) -> bool:
    """Whether a key is the rest of a text that a comma inside braces cut in two."""
    if not isinstance(parent, CommentedMap) or not parent.fa.flow_style() or key not in parent:
        return False
    no_field = kind in {"extra_forbidden", "invalid_key"} or not ID.fullmatch(str(key))
    return no_field and (parent[key] is None or " " in str(key))


def _word_cut_text(parent: CommentedMap, key: Any) -> str:
    keys = list(parent)
    before = keys[keys.index(key) - 1] if keys.index(key) else None
    where = f'; write {before}: "..."' if before is not None else ""
    return f"`{_short(key)}` is no field: a text with a comma inside braces needs quotes{where}"


def _word_rule(field: str, found: Any) -> str:
    example = "{support: public, at_least: 0.5}"
    if found is None:
        return f"`{field}` holds an empty clause; write a rule such as {example}, or delete the line"
    if isinstance(found, list):
        return f"`{field}` holds a list where one rule is meant; write all_of: or any_of: before the list"
    return f"`{field}`: {_shown(found)} is no rule; write one of {', '.join(KINDS)}, for instance {example}"


def _wanted(error: Any, model: type[BaseModel]) -> str:
    """What to write; empty where the check itself says it."""
    kind, found = error["type"], error["input"]
    if kind in NOT_A_NUMBER:
        whole = "whole " if kind.startswith("int") else ""
        return f"write a {whole}number, for instance {'5' if whole else '0.5'}"
    if kind in NOT_A_DATE:
        return "write a date, for instance 2025-01-31"
    match kind:
        case "string_type":
            scalar = found is not None and not isinstance(found, list | dict)
            return "put it in quotes where it is text" if scalar else "write a text"
        case "string_too_short":
            return "write a text"
        case "tuple_type":
            return "write a list in brackets, for instance [a, b]"
        case "bool_type" | "bool_parsing":
            return "write true or false"
        case "model_type" | "dict_type":
            fields = _fields_at(model, (*error["loc"], "")) if kind == "model_type" else []
            return f"write its fields ({', '.join(fields)})" if fields else "write keys and values, for instance {a: b}"
    return ""


def _shown(value: Any) -> str:
    """A wrong value, short enough for a sentence."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return f"a map of {', '.join(map(str, list(value)[:4]))}" if value else "an empty map"
    return f'"{_short(value)}"' if isinstance(value, str) else _short(value)


def _short(value: Any) -> str:
    return str(value) if len(str(value)) <= SHOWN else f"{str(value)[:SHOWN]} ..."


def _fields_at(model: type[BaseModel], loc: Sequence[Any]) -> list[str]:
    return [f for m in _models_at(model, loc) for f in m.model_fields]


def _models_at(model: type[BaseModel], loc: Sequence[Any]) -> list[type[BaseModel]]:
    """Models that may stand where the last step of ``loc`` is a field."""
    here = [model]
    for step in loc[:-1]:
        fields = [m.model_fields[step] for m in here if step in m.model_fields]
        here = [m for f in fields for m in _models_in(f.annotation)] or here
    return list(dict.fromkeys(here))


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
