"""The run folder: written atomically, resumed by the same command, traceable."""

from winset.runs.folder import Run, make_run, open_run
from winset.runs.provenance import fingerprint

__all__ = ["Run", "fingerprint", "make_run", "open_run"]
