"""experiments.yaml on its own: what the columns of a file mean, without a study around it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from winset.errors import StudyError, UsageError, suggest
from winset.study.experiment import Experiment
from winset.study.files import ExperimentsFile
from winset.study.yamlfile import read_yaml


def load_mapping(path: Path, name: str | None = None) -> Mapping[str, Experiment]:
    """Experiments that a mapping declares, or the one of that name.

    Raises
    ------
    UsageError
        If there is no such file, or it declares no such experiment.
    StudyError
        With every mistake in the file.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; `winset conjoint map FILE --out {path.name}` drafts one")
    file, _, mistakes = read_yaml(path, ExperimentsFile)
    if mistakes or file is None:
        raise StudyError(mistakes)
    found = file.experiments
    if not found:
        raise UsageError(f"{path}: declares no experiment")
    if name is None:
        return found
    if name not in found:
        raise UsageError(f"{path}: no experiment `{name}`{suggest(name, found)}")
    return {name: found[name]}
