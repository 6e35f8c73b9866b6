"""YAML files that people wrote, checked against a model, with the line of every mistake."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from winset.errors import Mistake, relative
from winset.study.complaint import word_error
from winset.study.places import Places, read_places
from winset.study.rows import read_text
from winset.study.salvage import salvage
from winset.study.yamlsubset import KEPT, UnsupportedError, parse_yaml

M = TypeVar("M", bound=BaseModel)
HINTS = {
    "mapping values are not allowed here": "a text with `: ` in it needs quotes, and keys of one map stand one below the other",
    "expected ',' or '}'": "look for a missing comma or brace; a text with `: `, a bracket or a brace in it needs quotes",
    "expected ',' or ']'": "look for a missing comma or bracket; a text with `: `, a bracket or a brace in it needs quotes",
    "found character '\\t'": "indent with spaces, not tabs",
    "that cannot start any token": "a text that begins with this character needs quotes",
    "could not find expected ':'": "a key needs a colon and a space after it",
    "expected <block end>": "lines of one map or list begin in the same column",
    "expected '<document start>'": "lines of one map or list begin in the same column",
    "sequence entries are not allowed": "a list begins on a line of its own; a text that begins with a dash needs quotes",
    "expected the node content": "a value is missing here",
    "undefined alias": "a text that begins with * needs quotes",
}
"""What people mostly did where the YAML reader stopped."""


@dataclass(frozen=True)
class _Step:
    """A node of a document, what holds it, and the line on which it begins."""

    path: tuple[Any, ...]
    parent: Any
    node: Any
    line: int


class Lines:
    """Line of any place in a YAML document.

    ``rest`` is what of a file with mistakes can still be looked at, ``dropped`` the ids that are missing from it.
    """

    def __init__(self, file: str, root: Any, places: Places | None = None) -> None:
        self.file, self.root, self.places = file, root, places
        self.rest: Any = None
        self.dropped: tuple[str, ...] = ()

    def mistake(self, loc: tuple[Any, ...], message: str) -> Mistake:
        """A mistake at a path of keys and positions; steps that are not in the file are skipped."""
        *_, last = self._walk(loc)
        missing = bool(loc) and list(map(str, loc[:-1])) == list(map(str, last.path))
        path = loc if missing else last.path  # a field that is missing has a cell as well, though an empty one
        cell = self.places.of_value(Path(self.file).name, path) if self.places else None
        return self.places.mistake(cell, message) if self.places and cell else Mistake(self.file, last.line, message)

    def where(self, loc: tuple[Any, ...]) -> str:
        """Where the end of a path stands, in the middle of a sentence: ``line 12``, or a cell of a workbook."""
        found = self.mistake(loc, "")
        return f"{found.file.split(', ')[-1]}!{found.cell}" if found.cell else f"line {found.line}"

    def follow(self, loc: tuple[Any, ...]) -> tuple[Any, str]:
        """The node that holds the end of a path, and the name of that end: the last key on the way."""
        *_, last = self._walk(loc)
        names = [step for step in last.path if isinstance(step, str)]
        return last.parent, names[-1] if names else "file"

    def _walk(self, loc: tuple[Any, ...]) -> Iterator[_Step]:
        """The document, then each step of a path that is in it."""
        here = _Step((), self.root, self.root, 1)
        yield here
        for step, after in zip(loc, (*loc[1:], None), strict=False):
            node = here.node
            if isinstance(node, CommentedMap) and step in node:
                if isinstance(after, str) and after in node and not _holds(node[step], after):
                    continue  # the kind of a rule, which is the name of one of its fields as well
                line = node.lc.key(step)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0] + 1
            else:
                continue
            here = _Step((*here.path, step if isinstance(step, int) else str(step)), node, node[step], line)
            yield here


def _holds(node: Any, step: str) -> bool:
    return isinstance(node, CommentedMap) and step in node


def read_yaml(path: Path, model: type[M]) -> tuple[M | None, Lines, list[Mistake]]:
    """Read a file as ``model``; on mistakes the value is None and all of them are told."""
    name = relative(path)
    text, mistakes = read_text(path)
    if mistakes:
        return None, Lines(name, None), mistakes
    try:
        root = parse_yaml(text)
    except UnsupportedError as error:
        return None, Lines(name, None), [Mistake(name, line, said) for line, said in error.found]
    except DuplicateKeyError as error:
        key = str(error.problem).removeprefix('found duplicate key "').split('" with value')[0]
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, Lines(name, None), [Mistake(name, line, f"`{key}` stands twice here; keep one (ids are unique)")]
    except RecursionError:
        return None, Lines(name, None), [Mistake(name, 1, "nested too deeply; look for brackets that are not closed")]
    except (YAMLError, ValueError) as error:
        return None, Lines(name, None), [_yaml_mistake(name, error)]
    lines = Lines(name, root, read_places(path.parent))
    if not isinstance(root, CommentedMap):
        return None, lines, [Mistake(name, 1, "must be a mapping of keys and values")]
    try:
        return model.model_validate(root), lines, []
    except ValidationError as error:
        found = error.errors(include_url=False)
        lines.rest, lines.dropped = salvage(root, model, found)
        return None, lines, [_mistake(lines, model, e) for e in found]


@dataclass(frozen=True)
class _Said:
    """What is to be written; two are the same if they look the same."""

    looks: str
    root: Any = field(compare=False)


def dump_yaml(root: Any) -> str:
    """Maps, lists, texts, numbers and dates as YAML that ``read_yaml`` reads back as they are."""
    return _dump(_Said(repr(root), root))


@functools.lru_cache(maxsize=KEPT)
def _dump(said: _Said) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.width, yaml.allow_unicode, yaml.default_flow_style = 10_000, True, False
    yaml.sort_base_mapping_type_on_output = False  # pyright: ignore[reportAttributeAccessIssue]
    out = io.StringIO()
    yaml.dump(said.root, out)
    return out.getvalue()


def paths_by_line(path: Path) -> dict[int, tuple[Any, ...]]:
    """The way of keys to what begins on each line of a file that can be read."""
    found: dict[int, tuple[Any, ...]] = {}

    def look(node: Any, here: tuple[Any, ...]) -> None:
        if isinstance(node, CommentedMap | CommentedSeq):
            for key in node if isinstance(node, CommentedMap) else range(len(node)):
                place = node.lc.key(key) if isinstance(node, CommentedMap) else node.lc.item(key)
                found[place[0] + 1] = (*here, key)
                look(node[key], (*here, key))

    look(parse_yaml(path.read_text(encoding="utf-8")), ())
    return found


def _yaml_mistake(name: str, error: Exception) -> Mistake:
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    problem = (getattr(error, "problem", None) or str(error).splitlines()[0]).strip()
    hint = next((f"; {h}" for fragment, h in HINTS.items() if fragment in problem), "")
    return Mistake(name, mark.line + 1 if mark else 1, f"not valid YAML ({problem}){hint}")


def _mistake(lines: Lines, model: type[BaseModel], error: Any) -> Mistake:
    parent, name = lines.follow(error["loc"])
    return lines.mistake(error["loc"], word_error(error, model, parent, name))
