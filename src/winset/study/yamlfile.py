"""YAML files that people wrote, checked against a model, with the line of every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from winset.errors import Mistake, relative
from winset.study.complaint import word_error
from winset.study.rows import read_text

M = TypeVar("M", bound=BaseModel)
DEEPEST = 20


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
        for step, after in zip(loc, (*loc[1:], None), strict=True):
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
        root = YAML(typ="rt").load(text)
    except DuplicateKeyError as error:
        return None, Lines(name, None), [_yaml_mistake(name, error, "stands twice here; keep one (ids are unique)")]
    except (YAMLError, ValueError, RecursionError) as error:
        return None, Lines(name, None), [_yaml_mistake(name, error, "not valid YAML")]
    lines = Lines(name, root)
    if not isinstance(root, CommentedMap):
        return None, lines, [Mistake(name, 1, "must be a mapping of keys and values")]
    refused = list(_refused(root, lines, ()))
    if refused:
        return None, lines, refused
    try:
        return model.model_validate(root), lines, []
    except ValidationError as error:
        return None, lines, [_mistake(lines, model, e) for e in error.errors(include_url=False)]


def _yaml_mistake(name: str, error: Exception, what: str) -> Mistake:
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Mistake(name, mark.line + 1 if mark else 1, f"{what} ({problem.strip()})")


def _refused(node: Any, lines: Lines, path: tuple[Any, ...]) -> Iterator[Mistake]:
    """Anchors and deep nesting have no use in a study and can blow up a reader."""
    if isinstance(node, CommentedMap | CommentedSeq):
        if node.anchor.value is not None:
            yield lines.mistake(path, "anchors (&name) are not supported; write the value out")
            return
        if len(path) > DEEPEST:
            yield lines.mistake(path, "nested too deeply")
            return
        steps = node.items() if isinstance(node, CommentedMap) else enumerate(node)
        for step, child in steps:
            yield from _refused(child, lines, (*path, step))


def _mistake(lines: Lines, model: type[BaseModel], error: Any) -> Mistake:
    parent, line, name = lines.follow(error["loc"])
    return Mistake(lines.file, line, word_error(error, model, parent, name))
