"""The run folder: written atomically, resumed by the same command, traceable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.runs.folder import Run, list_changed, make_run, open_run
    from winset.runs.paths import load_attitudes, save_attitudes, save_paths, simulate_to_disk
    from winset.runs.refits import KeptFits, fit_ahead
    from winset.runs.scorecards import keep_hindsight, keep_scorecard
    from winset.runs.scores import Scores, open_scores, score_everything


__all__ = [
    "KeptFits",
    "Run",
    "Scores",
    "fit_ahead",
    "keep_hindsight",
    "keep_scorecard",
    "list_changed",
    "load_attitudes",
    "make_run",
    "open_run",
    "open_scores",
    "save_attitudes",
    "save_paths",
    "score_everything",
    "simulate_to_disk",
]

__getattr__ = late(
    __name__,
    {
        "folder": ("Run", "list_changed", "make_run", "open_run"),
        "paths": ("load_attitudes", "save_attitudes", "save_paths", "simulate_to_disk"),
        "refits": ("KeptFits", "fit_ahead"),
        "scorecards": ("keep_hindsight", "keep_scorecard"),
        "scores": ("Scores", "open_scores", "score_everything"),
    },
)
