"""The run folder: written atomically, resumed by the same command, traceable."""

from winset.runs.folder import Run, make_run, open_run
from winset.runs.paths import save_paths
from winset.runs.provenance import fingerprint
from winset.runs.scores import Scores, open_scores, score_everything

__all__ = ["Run", "Scores", "fingerprint", "make_run", "open_run", "open_scores", "save_paths", "score_everything"]
