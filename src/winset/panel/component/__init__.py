"""The component: plain modules of JavaScript, joined into one script for a page that a strict content policy guards."""

from __future__ import annotations

import functools
import re
from importlib.resources import files

MODULES = (
    "normal",
    "draws",
    "shares",
    "rules",
    "answer",
    "words",
    "phrases",
    "state",
    "element",
    "options",
    "bars",
    "verdict",
    "hearers",
    "map",
    "pins",
    "panel",
)
"""Each imports only from those before it, and no name is declared twice."""

_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./\w+\.js\";\n", re.M)
_EXPORT = re.compile(r"^export (?=async function|function|const|class)", re.M)


@functools.cache
def read_script() -> str:
    """All modules as one script; it looks for ``<script id="panel-data">`` and builds the panel where ``id="panel"`` stands."""
    texts = [files("winset.panel.component").joinpath(f"{m}.js").read_text(encoding="utf-8") for m in MODULES]
    joined = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return '(() => {\n"use strict";\n' + joined + "\nstart(document);\n})();\n"


@functools.cache
def read_style() -> str:
    """The component's style sheet; colours are the page's variables."""
    return files("winset.panel.component").joinpath("panel.css").read_text(encoding="utf-8")
