"""The run folder: written atomically, resumed by the same command, traceable."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winset.runs.folder import Run, make_run, open_run
    from winset.runs.paths import load_attitudes, save_attitudes, save_paths, simulate_to_disk
    from winset.runs.scorecards import keep_scorecard
    from winset.runs.scores import Scores, open_scores, score_everything

_WHERE = {
    "folder": ("Run", "make_run", "open_run"),
    "paths": ("load_attitudes", "save_attitudes", "save_paths", "simulate_to_disk"),
    "scorecards": ("keep_scorecard",),
    "scores": ("Scores", "open_scores", "score_everything"),
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names}

__all__ = [
    "Run",
    "Scores",
    "keep_scorecard",
    "load_attitudes",
    "make_run",
    "open_run",
    "open_scores",
    "save_attitudes",
    "save_paths",
    "score_everything",
    "simulate_to_disk",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: a run is opened without what simulates talks."""
    if name in _MODULE:
        return getattr(importlib.import_module(f"winset.runs.{_MODULE[name]}"), name)
    raise AttributeError(f"module 'winset.runs' has no attribute {name!r}")
