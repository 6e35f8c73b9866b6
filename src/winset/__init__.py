"""winset tells which peace terms each side's leader could carry at home, and what would change that."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winset.acceptance import measure
    from winset.brief import write_brief
    from winset.evidence import gather
    from winset.findings import describe
    from winset.room import ratify
    from winset.runs import make_run, open_run
    from winset.talks import simulate
    from winset.verification import verify
    from winset.workbook import build, load

_WHERE = {
    "build": "workbook",
    "load": "workbook",
    "gather": "evidence",
    "measure": "acceptance",
    "ratify": "room",
    "simulate": "talks",
    "verify": "verification",
    "describe": "findings",
    "make_run": "runs",
    "open_run": "runs",
    "write_brief": "brief",
}

__all__ = [
    "build",
    "describe",
    "gather",
    "load",
    "make_run",
    "measure",
    "open_run",
    "ratify",
    "simulate",
    "verify",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    """Import a verb when it is first used, so that ``import winset`` costs nothing."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"winset.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'winset' has no attribute {name!r}")
