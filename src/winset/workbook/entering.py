"""Rows, and files of answers, entered into the workbook of a study: all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from winset.errors import Mistake, MistakesError, StudyError, UsageError
from winset.evidence import gather
from winset.workbook.adding import add_rows
from winset.workbook.cells import add_sheet, missing_sheets
from winset.workbook.draft import make_id
from winset.workbook.filling import leaves
from winset.workbook.folder import load
from winset.workbook.grids import Value
from winset.workbook.sheets import CODINGS, EXPERIMENTS

Rows = Mapping[str, Sequence[Mapping[str, Value]]]
"""Rows by sheet, values by the field that a column fills."""
TREES = {EXPERIMENTS.name: "experiments", CODINGS.name: "codings"}


def enter_rows(path: Path, rows: Rows, files: Mapping[str, Path] | None = None) -> bytes:
    """Bytes of a workbook with rows below those of its sheets; the file itself is left alone.

    Parameters
    ----------
    files
        Files of answers that come beside it with the rows, by the name that the rows call them.

    Raises
    ------
    UsageError, MistakesError
        If a sheet or a column is missing, or the rows do not fit the study.
    """
    with tempfile.TemporaryDirectory() as kept:
        tried = Path(kept) / path.name
        tried.write_bytes(path.read_bytes())
        for name, file in {**{n: path.parent / n for n in _beside(path)}, **(files or {})}.items():
            shutil.copyfile(file, Path(kept) / name)
        try:
            for sheet, added in rows.items():
                if added and sheet in missing_sheets(tried):
                    tried.write_bytes(add_sheet(tried, sheet))
                if added:
                    tried.write_bytes(add_rows(tried, sheet, added))
            gather(load(tried))
        except UsageError as error:
            raise UsageError(str(error).replace(str(tried), path.name)) from None
        except MistakesError as error:
            raise StudyError([_placed(m, str(kept)) for m in error.mistakes]) from None
        return tried.read_bytes()


def _placed(mistake: Mistake, folder: str) -> Mistake:
    """The same without the folder in which it was tried."""
    said = mistake.message.replace(f"{folder}/", "")
    return Mistake(mistake.file.rpartition("/")[2], mistake.line, said, mistake.cell)


def _beside(path: Path) -> list[str]:
    """Files beside a workbook that its study reads."""
    study = load(path)
    named = [f for e in study.experiments.values() for f in e.files]
    return [*named, *(f for c in study.codings.values() for f in c.files)]


def tree_rows(sheet: str, name: str, entry: Mapping[str, Any]) -> list[dict[str, Value]]:
    """An experiment or a body of coded interviews as rows of the sheet that holds them.

    Examples
    --------
    >>> tree_rows("Experiments", "pairs", {"file": "pairs.sav", "wide": {"task": "t"}})
    [{'path': 'experiments/pairs/file', 'value': 'pairs.sav'}, {'path': 'experiments/pairs/wide/task', 'value': 't'}]
    """
    return [{"path": p, "value": v} for p, v in leaves({TREES[sheet]: {name: entry}})]


def free_id(words: str, taken: Collection[str], otherwise: str) -> str:
    """An id of words that nothing has yet.

    Parameters
    ----------
    otherwise
        What it is made of where the words hold no Latin letter or digit.

    Examples
    --------
    >>> free_id("The pairs", ["the-pairs"], "survey"), free_id("Опрос", [], "survey")
    ('the-pairs-2', 'survey')
    """
    plain = make_id(words)[:40].strip("-._") or otherwise
    return next(n for n in (plain, *(f"{plain}-{k}" for k in range(2, 1000))) if n not in taken)
