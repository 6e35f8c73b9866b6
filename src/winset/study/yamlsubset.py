"""The part of YAML that a study may use: keys, lists, and values written out."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.resolver import VersionedResolver

DEEPEST = 20
KEPT = 8
"""Texts of which the reading is kept: a study whose polls are edited is looked at after each cell."""
LONGEST_NUMBER = 100
"""Digits; a number with more is a slip, and costs a reader much time."""
KIND = "tag:yaml.org,2002:"
PLAIN = {KIND + k for k in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
RESOLVER = VersionedResolver()


class UnsupportedError(Exception):
    """A file uses what has no use in a study; one line and sentence for each."""

    def __init__(self, found: list[tuple[int, str]]) -> None:
        self.found = found
        super().__init__(found[0][1])


class _Constructor(RoundTripConstructor):
    def construct_document(self, node: Node) -> Any:
        """Objects of a document that was looked through before."""
        found = list(_unsupported(node, 0))
        if found:
            raise UnsupportedError(found)
        return super().construct_document(node)


@functools.lru_cache(maxsize=KEPT)
def parse_yaml(text: str) -> Any:
    """Maps and lists of a text, with their lines; kept for the next time, so that nobody may change them.

    Raises
    ------
    UnsupportedError
        For anchors of whole pieces, tags, merged and composed keys, deep nesting: they have no use in a study and can
        blow up a reader. Errors of the YAML reader itself are passed on.
    """
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    yaml.composer.warn_double_anchors = False
    return yaml.load(text)


def _unsupported(node: Node, depth: int) -> Iterator[tuple[int, str]]:
    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode):
        said = _wrong_scalar(node)
        if said:
            yield line, said
        return
    if node.anchor is not None:
        yield line, "anchors (&name) are not supported; write the value out"
        return
    if depth > DEEPEST:
        yield line, "nested too deeply"
        return
    if node.ctag.handle or node.tag not in PLAIN:
        yield line, _tagged(node)
        return
    for child in node.value:
        if isinstance(node, MappingNode):
            key, value = child
            yield from _wrong_key(key)
            yield from _unsupported(value, depth + 1)
        else:
            yield from _unsupported(child, depth + 1)


def _wrong_key(key: Node) -> Iterator[tuple[int, str]]:
    line = key.start_mark.line + 1
    if not isinstance(key, ScalarNode):
        yield line, "a list or map stands where a name is meant; a text with brackets or braces needs quotes"
    elif key.tag == KIND + "merge":
        yield line, "merged keys (<<) are not supported; write the fields out"
    else:
        yield from _unsupported(key, 0)


def _wrong_scalar(node: ScalarNode) -> str:
    plain = node.style is None
    if node.ctag.handle or node.tag != RESOLVER.resolve(ScalarNode, node.value, (plain, not plain)):
        return _tagged(node)
    if node.tag in {KIND + "int", KIND + "float"} and len(node.value) > LONGEST_NUMBER:
        return f"a number of {len(node.value)} digits; put it in quotes where it is text"
    day = DAY.match(node.value) if node.tag == KIND + "timestamp" else None
    if day is not None:
        try:
            dt.date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return f"`{node.value}` is no day of the calendar"
    return ""


def _tagged(node: Node) -> str:
    name = str(node.tag).removeprefix(KIND).lstrip("!")
    return f"tags (!{name}) are not supported; write the value alone, or in quotes where its text begins with !"
