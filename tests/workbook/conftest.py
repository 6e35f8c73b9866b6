"""The small example as a workbook, and cells of it changed by heading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from winset.workbook import check_study, write_starter

Change = Callable[[str, str, int, Any], Cell]


class Book:
    """A workbook that is opened, changed and saved."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)

    def sheet(self, name: str) -> Worksheet:
        return self.book[name]

    def cell(self, sheet: str, heading: str, row: int) -> Cell:
        """Cell of a heading, in the first row of figures (1) or a later one."""
        page = self.book[sheet]
        at = next(c for cells in page.iter_rows(max_row=20) for c in cells if c.value == heading)
        return page.cell(at.row + row, at.column)

    def put(self, sheet: str, heading: str, row: int, value: Any, form: str = "") -> str:
        """Set a cell; returns where it stands."""
        cell = self.cell(sheet, heading, row)
        cell.value = value
        if form:
            cell.number_format = form
        return f"{sheet}!{cell.coordinate}"

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path

    def mistakes(self) -> list[str]:
        """What is said of the workbook as it stands, each sentence from its sheet on."""
        return self.mistakes_of(self.save())

    @staticmethod
    def mistakes_of(path: Path) -> list[str]:
        """What is said of a workbook, each sentence from its sheet on."""
        return [str(m).partition(path.name)[2].lstrip(",: ") for m in check_study(path)]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    (path,) = write_starter(tmp_path / "case.xlsx")
    return Book(path)
