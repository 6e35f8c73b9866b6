"""YAML files that people wrote, checked against a model, with the line of every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from winset.errors import Mistake, relative
from winset.study.complaint import word_error
from winset.study.rows import read_text
from winset.study.yamlsubset import UnsupportedError, parse_yaml

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


class Lines:
    """Line of any place in a YAML document."""

    def __init__(self, file: str, root: Any) -> None:
        self.file, self.root = file, root

    def mistake(self, loc: tuple[Any, ...], message: str) -> Mistake:
        """A mistake at a path of keys and positions; steps that are not in the file are skipped."""
        return Mistake(self.file, self.follow(loc)[1], message)

    def follow(self, loc: tuple[Any, ...]) -> tuple[Any, int, str]:
        """The node that holds the end of a path, the line of that end, and its name: the last key on the way."""
        parent = node = self.root
        line, name = 1, "file"
        for step, after in zip(loc, (*loc[1:], None), strict=False):
            if isinstance(node, CommentedMap) and step in node:
                if isinstance(after, str) and after in node and not _holds(node[step], after):
                    continue  # the kind of a rule, which is the name of one of its fields as well
                line, name = node.lc.key(step)[0] + 1, str(step)
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0] + 1
            else:
                continue
            parent, node = node, node[step]
        return parent, line, name


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
    lines = Lines(name, root)
    if not isinstance(root, CommentedMap):
        return None, lines, [Mistake(name, 1, "must be a mapping of keys and values")]
    try:
        return model.model_validate(root), lines, []
    except ValidationError as error:
        return None, lines, [_mistake(lines, model, e) for e in error.errors(include_url=False)]


def _yaml_mistake(name: str, error: Exception) -> Mistake:
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    problem = (getattr(error, "problem", None) or str(error).splitlines()[0]).strip()
    hint = next((f"; {h}" for fragment, h in HINTS.items() if fragment in problem), "")
    return Mistake(name, mark.line + 1 if mark else 1, f"not valid YAML ({problem}){hint}")


def _mistake(lines: Lines, model: type[BaseModel], error: Any) -> Mistake:
    parent, line, name = lines.follow(error["loc"])
    return Mistake(lines.file, line, word_error(error, model, parent, name))
