"""A workbook -> a folder of files that everything else reads."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from winset.errors import Mistake, StudyError, relative
from winset.study.loading import load as load_folder
from winset.study.study import Study
from winset.workbook.declaring import declare_all
from winset.workbook.draft import Draft
from winset.workbook.figures import fill_tables
from winset.workbook.grids import Grid, as_text, used
from winset.workbook.opening import is_workbook, read_grids
from winset.workbook.sheets import LATE, MORE, SHEETS, TREES
from winset.workbook.tables import Line, Table, plain, read_table
from winset.workbook.wording import word_in_sheets

NEEDED = ("Start", "Terms", "Sides", "Groups")
IGNORED = "Lists"
"""Sheet of choices that we write; and sheets whose name is put in brackets are the analyst's own."""
LEAVES = {"{}": {}, "[]": []}


def load(path: str | Path) -> Study:
    """Read a study: a folder, a workbook (.xlsx, .xlsm, .ods), or the name of a study that ships with the package.

    Raises
    ------
    StudyError
        With every mistake in it, each with its file and line, or its sheet and cell, and what to write instead.

    Examples
    --------
    >>> load("istanbul-2025")
    <Study istanbul-2025 as of 2025-06-05: 2 sides, 14 issues, 17 proposals>
    """
    path = Path(path)
    return load_folder(path) if not is_workbook(path) else _load_workbook(path)


def _load_workbook(path: Path) -> Study:
    folder = Path(tempfile.mkdtemp(prefix="winset-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return load_laid_out(path, folder, *_lay_out(path, folder))


def load_laid_out(path: Path, folder: Path, draft: Draft, tables: Mapping[str, Table]) -> Study:
    """Read the files of a workbook; mistakes are told of its cells.

    Raises
    ------
    StudyError
        With every mistake in the cells, and in what they say.
    """
    mistakes = draft.mistakes
    told = {(m.file, m.cell) for m in mistakes}
    try:
        study = load_folder(folder)
    except StudyError as error:
        found = word_in_sheets((m for m in error.mistakes if (m.file, m.cell) not in told), mistakes, tables)
        named = [*mistakes, *(_named(m, path, folder) for m in found)]
        raise StudyError(named, error.rest, error.doubtful) from None
    if mistakes:
        raise StudyError(mistakes, study)
    return study


def _named(mistake: Mistake, path: Path, folder: Path) -> Mistake:
    """A mistake that belongs to no cell, told of the workbook."""
    return mistake if not mistake.file.startswith(str(folder)) else Mistake(relative(path), 0, mistake.message)


def unpack(path: Path, folder: Path) -> list[Mistake]:
    """Lay a workbook out as the files of a study folder.

    Returns
    -------
    What is wrong in the cells; what can be read is written all the same, so that its mistakes are told as well.

    Raises
    ------
    StudyError
        If the workbook cannot be read, or lacks a sheet without which there is no study.
    """
    return _lay_out(path, folder)[0].mistakes


def _lay_out(path: Path, folder: Path) -> tuple[Draft, dict[str, Table]]:
    draft = Draft(relative(path))
    tables = read_tables(path, draft)
    lay_out(tables, draft, path.parent, folder)
    return draft, tables


def lay_out(tables: Mapping[str, Table], draft: Draft, beside: Path, folder: Path) -> None:
    """Write tables as the files of a study folder, with the files of answers and codings that they name from ``beside``."""
    known = declare_all(tables, draft)
    fill_tables(tables, draft, known)
    for sheet, file in TREES.items():
        _put_tree(tables[sheet], draft, file)
    _put_more(tables[MORE.name], draft)
    _copy_data(beside, draft, folder)
    draft.write(folder)


def read_tables(path: Path, draft: Draft, needed: Sequence[str] = NEEDED) -> dict[str, Table]:
    """Every sheet of a workbook; what cannot be read is remembered in the draft.

    Raises
    ------
    StudyError
        If the workbook cannot be read, or lacks a sheet on which all else hangs.
    """
    grids = read_grids(path)
    known = {plain(s.name): s for s in SHEETS}
    tables = {s.name: Table(s) for s in SHEETS}
    for name, grid in grids.items():
        sheet = known.get(plain(name))
        if sheet is None:
            if _is_ours(name, grid):
                near = get_close_matches(plain(name), list(known), 1, 0.75)
                guess = f"; did you mean `{known[near[0]].name}`?" if near else ""
                said = f"unknown sheet `{name}`{guess} (put the name of a sheet of your own in brackets)"
                draft.mistakes.append(Mistake(draft.workbook, 0, said))
        elif tables[sheet.name].heading_row:
            draft.mistakes.append(Mistake(draft.workbook, 0, f"sheet `{sheet.name}` stands twice; keep one"))
        else:
            if grid.hidden and any(used(grid)):
                said = f"sheet `{name}` is hidden; show it if it counts, delete it if not"
                draft.mistakes.append(Mistake(draft.workbook, 0, said))
            tables[sheet.name], wrong = read_table(grid, sheet, LATE.get(sheet.name, ()), draft.places)
            draft.mistakes += wrong
            draft.absent |= {cell for line in tables[sheet.name].lines[:1] for cell in line.absent.values()}
    missing = [n for n in needed if not tables[n].heading_row]
    if missing:
        said = (
            f"sheet {', '.join(missing)} is missing or empty; `winset new FILE.xlsx` writes a workbook with every sheet"
        )
        draft.mistakes.append(Mistake(draft.workbook, 0, said))
    if not {"Terms", "Sides"}.isdisjoint(missing):  # all else hangs on these two
        raise StudyError(draft.mistakes)
    return tables


def own_sheets(path: Path) -> list[str]:
    """Sheets of a workbook that are the analyst's own: of a name that is none of ours, and without our headings."""
    known = {plain(s.name) for s in SHEETS}
    named = [(n, g) for n, g in read_grids(path).items() if n != IGNORED and plain(n) not in known and any(used(g))]
    return [n for n, g in named if not _is_ours(n, g)]


def _is_ours(name: str, grid: Grid) -> bool:
    """Whether a sheet of unknown name seems to be one of ours, misspelt or renamed."""
    if name == IGNORED or name.startswith("(") or not any(used(grid)):
        return False
    headings = [{plain(c.heading) for c in s.columns} for s in SHEETS]
    alike = max(len(h & {plain(as_text(v)) for v in row}) for _, row in used(grid) for h in headings)
    return alike > 2 or bool(get_close_matches(plain(name), [plain(s.name) for s in SHEETS], 1, 0.75))


def _put_tree(table: Table, draft: Draft, file: str) -> None:
    for line in table:
        path = [_step(p) for p in line["path"].split("/")]
        _put_leaf(line, path, draft, file)


def _step(text: str) -> str | int:
    if text.startswith("[") and text.endswith("]") and text[1:-1].isdigit():
        return int(text[1:-1])
    return text.replace("~1", "/").replace("~0", "~")


def _put_leaf(line: Line, path: list[str | int], draft: Draft, file: str) -> None:
    """Set a value on a way of keys and places in lists."""
    if "value" not in line.values or not path:
        draft.wrong(line.cell("value"), "the value is missing; write it, or delete the row")
        return
    node: Any = draft.files.setdefault(file, {})
    value = LEAVES.get(line["value"], line.values["value"])
    for step, after in zip(path, [*path[1:], None], strict=True):
        empty: Any = value if after is None else [] if isinstance(after, int) else {}
        if isinstance(node, list) and isinstance(step, int):
            if step > len(node):
                draft.wrong(line.cell("path"), f"`[{step}]` stands before `[{len(node)}]`; count on without gaps")
                return
            if step == len(node):
                node.append(empty)
        elif isinstance(node, dict) and isinstance(step, str):
            node.setdefault(step, empty)
        else:
            draft.wrong(line.cell("path"), f"`{line['path']}`: `{step}` cannot stand here; rows above say otherwise")
            return
        node = node[step]  # pyright: ignore[reportArgumentType,reportCallIssue]
    draft.mark(file, path, line.cell("value"))


def _put_more(table: Table, draft: Draft) -> None:
    for line in table:
        file, *path = [_step(p) for p in line["path"].split("/")]
        if str(file) not in draft.files:
            draft.wrong(line.cell("path"), f"`{file}` is no file; begin with one of {', '.join(draft.files)}")
        else:
            _put_leaf(line, path, draft, str(file))


def _copy_data(beside: Path, draft: Draft, folder: Path) -> None:
    """Files of answers and codings that the workbook names, from beside it."""
    experiments: Mapping[str, Any] = draft.files.get("experiments.yaml", {}).get("experiments", {})
    codings: Mapping[str, Any] = draft.files.get("codings.yaml", {}).get("codings", {})
    names = [e.get("file") for e in experiments.values() if isinstance(e, dict)]
    wide = [e.get("wide") for e in experiments.values() if isinstance(e, dict)]
    designs = [w.get("design") for w in wide if isinstance(w, dict)]
    names += [d.get("file") for d in designs if isinstance(d, dict)]
    names += [f for c in codings.values() if isinstance(c, dict) for f in c.get("files", [])]
    for name in names:
        if isinstance(name, str) and Path(name).name == name and (beside / name).is_file():
            shutil.copyfile(beside / name, folder / name)
