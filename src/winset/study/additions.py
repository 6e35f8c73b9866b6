"""Entries added to a YAML file that a person wrote; every line that stands in it stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from winset.errors import UsageError
from winset.study.yamlfile import dump_yaml
from winset.study.yamlsubset import parse_yaml


def add_entries(text: str, key: str, entries: Mapping[str, Any]) -> str:
    r"""A file with entries added at the end of the map below a key.

    Raises
    ------
    UsageError
        If the map is written in a form to which no line can be added.

    Examples
    --------
    >>> add_entries("questions:  # ours\n    a: {kind: mood}\nscales: {}\n", "questions", {"b": {"kind": "term"}}).splitlines()
    ['questions:  # ours', '    a: {kind: mood}', '    b:', '      kind: term', 'scales: {}']
    """
    if not entries:
        return text
    lines = [re.sub(rf"^{key}:\s*\{{\s*\}}", f"{key}:", line) for line in text.splitlines()]
    if not any(re.match(rf"{key}:", line) for line in lines):
        lines.append(f"{key}:")
    start = next(n for n, line in enumerate(lines) if re.match(rf"{key}:", line))
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"[^\s#]", lines[n])), len(lines))
    own = [n for n in range(start + 1, end) if lines[n].strip() and not lines[n].lstrip().startswith("#")]
    indent = re.match(r" *", lines[own[0]])[0] if own else "  "  # pyright: ignore[reportOptionalSubscript]
    after = own[-1] + 1 if own else start + 1
    new = (
        "\n".join([*lines[:after], *(indent + x for x in dump_yaml(dict(entries)).splitlines()), *lines[after:]]) + "\n"
    )
    if not _adds(text, new, key, entries):
        said = f"`{key}` is written in a form to which nothing can be added; write each of its entries on a line of its own"
        raise UsageError(said)
    return new


def replace_fact(text: str, key: str, value: str) -> str:
    r"""A file with the value of a key of one line changed; a comment behind it stays.

    Examples
    --------
    >>> replace_fact("as_of: 2025-01-31   # last day\n", "as_of", "2025-03-02")
    'as_of: 2025-03-02   # last day\n'
    """
    return re.sub(rf"(?m)^({key}:\s*)[^\s#]+", lambda m: m[1] + value, text, count=1)


def _adds(old: str, new: str, key: str, entries: Mapping[str, Any]) -> bool:
    """Whether a text says what another one said, and the entries."""
    try:
        before, now = parse_yaml(old) or {}, parse_yaml(new)
    except Exception:  # the reader has many kinds of errors; each means that the line stands in the wrong place
        return False
    wanted = {**before, key: {**(before.get(key) or {}), **entries}}
    return now == wanted
