"""A workbook file -> its sheets, or a sentence that says why it is none that can be read."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from winset.errors import Mistake, StudyError, relative
from winset.workbook.grids import MOST_COLUMNS, MOST_ROWS, Grid, TooLargeError, letter

LARGEST_FILE, LARGEST_INSIDE = 32 * 2**20, 64 * 2**20
"""Bytes of a workbook, and of what is packed in it; the largest study that ships packs 3 MiB."""
OLD = b"\xd0\xcf\x11\xe0"
"""First bytes of an .xls, and of an .xlsx with a password."""
LOCKED, LOCKED_ODS = "EncryptedPackage".encode("utf-16-le"), b"encryption-data"
KEPT = 16
"""Workbooks of which the sheets are kept."""
KINDS = (".xlsx", ".xlsm", ".ods")
"""Endings of workbooks that are read."""


def is_workbook(path: Path) -> bool:
    """Whether a path is a file that may be a workbook."""
    return path.suffix.lower() in {*KINDS, ".xls", ".xlsb", ".numbers", ".fods"} and not path.is_dir()


def read_grids(path: Path) -> dict[str, Grid]:
    """All sheets of a workbook.

    Raises
    ------
    StudyError
        If the file is none that can be read: missing, too large, with a password, of an old or another kind.
    """
    said = _unreadable(path)
    if said:
        raise StudyError([Mistake(relative(path), 0, said)])
    try:
        return dict(_KEPT.get(_key(path, path.read_bytes()), lambda: _read(path)))
    except TooLargeError as error:
        raise StudyError([_too_large(path, error)]) from None
    except Exception as error:  # the readers raise whatever a damaged file makes them stumble over
        why = (str(error).splitlines() or [""])[0][:120] or type(error).__name__
        raise StudyError([Mistake(relative(path), 0, f"is damaged or no workbook ({why}); save it again")]) from None


def keep_grids(path: Path, content: bytes, grids: dict[str, Grid]) -> None:
    """Say what a workbook of some content holds, for whoever knows it without reading it."""
    _KEPT.put(_key(path, content), grids)


def _key(path: Path, content: bytes) -> tuple[str, bytes]:
    return path.suffix.lower(), hashlib.sha256(content).digest()


@dataclass
class _Kept:
    """Sheets by content: a workbook that was read just now, by whatever asked before, is not read again."""

    held: dict[tuple[str, bytes], dict[str, Grid]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[str, bytes], read: Callable[[], dict[str, Grid]]) -> dict[str, Grid]:
        with self.lock:
            known = self.held.get(key)
        if known is None:
            known = read()
        self.put(key, known)
        return known

    def put(self, key: tuple[str, bytes], grids: dict[str, Grid]) -> None:
        with self.lock:
            self.held.pop(key, None)
            self.held[key] = grids
            while len(self.held) > KEPT:
                self.held.pop(next(iter(self.held)))


_KEPT = _Kept()


def _read(path: Path) -> dict[str, Grid]:
    from winset.workbook.odsfile import read_ods  # a folder is read without the libraries that read workbooks
    from winset.workbook.xlsxfile import read_xlsx

    return read_ods(path) if path.suffix.lower() == ".ods" else read_xlsx(path)


def _too_large(path: Path, error: TooLargeError) -> Mistake:
    """A cell far away: nearly always one that somebody touched by mistake, or a sheet of single answers."""
    said = f"rows up to {MOST_ROWS} and columns up to {letter(MOST_COLUMNS)} are read"
    more = "delete this row and what lies beyond it, or write several studies"
    cell = f"{letter(error.column)}{error.row}"
    return Mistake(f"{relative(path)}, {error.name}", error.row, f"{said}; {more}", cell)


def _unreadable(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if size > LARGEST_FILE:
        return f"larger than {LARGEST_FILE // 2**20} MiB; delete pictures and empty rows"
    if start[:4] == OLD:
        if LOCKED in path.read_bytes():
            return "has a password; open it and save it without one"
        return "is an .xls of the old kind; open it and save it as .xlsx"
    if start[:2] != b"PK":
        return f"is no workbook, whatever its name says; save it as one of {', '.join(KINDS)}"
    if path.suffix.lower() not in KINDS:
        return f"is of a kind that is not read; save it as one of {', '.join(KINDS)}"
    return _packed_wrong(path)


def _packed_wrong(path: Path) -> str:
    """What is wrong with the parts of a package: more than it says it holds, cut, locked."""
    try:
        with zipfile.ZipFile(path) as inside:
            if sum(i.file_size for i in inside.infolist()) > LARGEST_INSIDE:
                return f"holds more than {LARGEST_INSIDE // 2**20} MiB when unpacked; this is no study"
            if any(i.flag_bits & 1 for i in inside.infolist()):
                return "has a password; open it and save it without one"
            if (cut := inside.testzip()) is not None:  # unpacks no more of a part than its head promised
                return f"is damaged (its part {cut} is cut or changed); save it again"
            names = inside.namelist()
            if path.suffix.lower() == ".ods" and "META-INF/manifest.xml" in names:
                return _locked(inside.read("META-INF/manifest.xml"))
            if path.suffix.lower() != ".ods" and "content.xml" in names:
                return "is an .ods by what it holds; give it that ending"
            if path.suffix.lower() == ".ods" and "[Content_Types].xml" in names:
                return "is an .xlsx by what it holds; give it that ending"
    except Exception as error:  # zipfile raises a dozen kinds for bytes that are none of a package
        return f"is damaged ({str(error)[:100] or type(error).__name__}); save it again"
    return ""


def _locked(manifest: bytes) -> str:
    return "has a password; open it and save it without one" if LOCKED_ODS in manifest else ""
