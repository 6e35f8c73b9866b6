"""A small commented study that runs as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

from winset.errors import UsageError

STUDIES = Path(__file__).parent.parent / "studies"
TEMPLATE, WAR = STUDIES / "_new", STUDIES / "_war"


def write_new(folder: str | Path, *, war: bool = False) -> tuple[Path, ...]:
    """Write a small study to start from, with the schemas that help an editor to help.

    Parameters
    ----------
    war
        Also write talks.yaml, which only ``winset simulate`` needs; it names sides and options, too.

    Raises
    ------
    UsageError
        If the folder exists and is not empty: nothing is overwritten.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not empty; name a new folder")
    try:
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
        shutil.copytree(STUDIES / "_schema", folder / "_schema")
        if war:
            shutil.copytree(WAR, folder, dirs_exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written ({error.strerror or error})") from error
    return tuple(sorted(p for p in folder.iterdir() if p.is_file()))
