"""A whole workspace in one file, while it is served; and back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from winset.app.accounts import ACCOUNTS, Accounts
from winset.app.workspace import HIDDEN
from winset.errors import UsageError

BASES = (".sqlite",)
PASSING = (".sqlite-wal", ".sqlite-shm", ".sqlite-journal", ".part", ".tmp")
"""Endings of what only lives while something is being written."""
MOST = 200_000
"""Files of a backup that is brought back."""


def keep_backup(folder: Path, to: Path) -> int:
    """Keep every file of a workspace in one .zip, accounts and versions included; how many.

    Databases are copied by SQLite's own backup, so that none is caught in the middle of a change; every other file is
    written whole by whoever writes it.

    Raises
    ------
    UsageError
        If the folder is no workspace, or the file would lie inside it.
    """
    if not (folder / HIDDEN).is_dir():
        raise UsageError(f"{folder} is no folder that `winset serve` made")
    if folder.resolve() in to.resolve().parents:
        raise UsageError(f"{to} lies in the folder that is to be kept; name a file elsewhere")
    count = 0
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as kept:
            draft.chmod(0o600)
            for path in _files(folder):
                name = path.relative_to(folder).as_posix()
                with contextlib.suppress(FileNotFoundError):  # taken away meanwhile
                    if path.suffix in BASES:
                        kept.writestr(name, _copy_base(path))
                    else:
                        kept.write(path, name)
                    count += 1
        os.replace(draft, to)
    except OSError as error:
        raise UsageError(f"{to} cannot be written ({error.strerror or error})") from None
    finally:
        draft.unlink(missing_ok=True)
    return count


def restore_backup(file: Path, folder: Path) -> int:
    """Bring a backup back into an empty folder, all of it or nothing; how many files.

    Raises
    ------
    UsageError
        If the file is no backup or damaged, or something lies in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder, and serve that one instead")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft, _opened(file) as kept:
        names = kept.namelist()
        if not any(n.startswith(f"{HIDDEN}/") for n in names) or len(names) > MOST:
            raise UsageError(f"{file} is no backup of `winset serve --backup`")
        for info in kept.infolist():
            inside = (Path(draft) / info.filename).resolve()
            if Path(draft).resolve() not in inside.parents or stat.S_ISLNK(info.external_attr >> 16):
                raise UsageError(f"{file} holds `{info.filename}`, which would lie elsewhere; nothing was brought back")
        kept.extractall(draft)
        for info in kept.infolist():
            written = time.mktime((*info.date_time, 0, 0, -1))
            os.utime(Path(draft) / info.filename, (written, written))  # answers say when they were made
        for base in Path(draft).rglob("*.sqlite"):
            base.chmod(0o600)
        if (known := Path(draft) / HIDDEN / ACCOUNTS).exists():
            Accounts(known).forget()
        if folder.exists():
            folder.rmdir()
        os.replace(draft, folder)
        Path(draft).mkdir()  # for the context, which takes it away
    folder.chmod(0o700)
    return len(names)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as kept:
            wrong = kept.testzip()
            if wrong is not None:
                raise UsageError(f"{file} is damaged at `{wrong}`; nothing was brought back")
            yield kept
    except (OSError, zipfile.BadZipFile) as error:
        raise UsageError(f"{file} cannot be read ({error}); nothing was brought back") from None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(PASSING):
            yield path


def _copy_base(path: Path) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / path.name
        one, other = sqlite3.connect(path), sqlite3.connect(copy)
        try:
            one.backup(other)
        finally:
            one.close()
            other.close()
        return copy.read_bytes()
