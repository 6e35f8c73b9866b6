"""A fit under way, beside the run that it will make: a killed one goes on from its last block of draws."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from winset.runs.atomic import write_whole

FOLDER = ".unfinished"


class Unfinished:
    """Arrays of a fit by name, for one set of inputs; what was kept for others does not count.

    Parameters
    ----------
    run
        The run's folder.
    inputs
        What the fit depends on, in one word.
    """

    def __init__(self, run: Path, inputs: str) -> None:
        self.folder, self.inputs = run / FOLDER, inputs

    def load(self, name: str) -> dict[str, np.ndarray] | None:
        """What was kept under a name; None if it is damaged or belongs to other inputs."""
        try:
            with self._file(name).open("rb") as file, np.load(file, allow_pickle=False) as kept:
                arrays = {k: kept[k] for k in kept.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None
        return arrays if str(arrays.pop("inputs", "")) == self.inputs else None

    def save(self, name: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep arrays under a name, whole or not at all."""
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, inputs=np.array(self.inputs), **arrays)
        write_whole(self._file(name), out.getvalue())

    def clear(self) -> None:
        """The fit is done."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{re.sub(r'[^a-z]+', '-', name.lower())}.npz"
