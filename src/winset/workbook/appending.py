"""What a questionnaire adds, written into a workbook that holds a study."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from winset.workbook.adding import add_rows
from winset.workbook.cells import add_sheet, change_cells, missing_sheets, read_sheet
from winset.workbook.joining import Addition


def add_joined(path: Path, joined: Addition, as_of: dt.date | None = None) -> bytes:
    """A workbook with the rows that a questionnaire adds; the file itself stays as it is.

    Parameters
    ----------
    as_of
        Last day whose evidence counts from now on; None leaves it.
    """
    with tempfile.TemporaryDirectory() as kept:
        copy = Path(kept) / path.name
        shutil.copyfile(path, copy)
        for sheet, rows in joined.rows.items():
            if rows and sheet in missing_sheets(copy):
                copy.write_bytes(add_sheet(copy, sheet))
            if rows:
                copy.write_bytes(add_rows(copy, sheet, rows))
        if as_of:
            copy.write_bytes(change_cells(copy, "Start", {_day_cell(copy): as_of.isoformat()}))
        return copy.read_bytes()


def _day_cell(path: Path) -> str:
    """Where a workbook says which evidence counts."""
    rows = read_sheet(path, "Start")
    row, column = next(
        (n, k) for n, r in enumerate(rows, 1) for k, text in enumerate(r) if text.strip().lower() == "as of"
    )
    return f"{chr(ord('A') + column + 1)}{row}"
