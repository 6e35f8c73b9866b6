"""A study as one workbook: written, read, checked cell by cell."""

from winset.workbook.adding import add_rows
from winset.workbook.building import build
from winset.workbook.filling import fill_sheets
from winset.workbook.folder import load, unpack
from winset.workbook.grids import is_workbook
from winset.workbook.starting import convert, write_starter
from winset.workbook.writing import write_workbook

__all__ = [
    "add_rows",
    "build",
    "convert",
    "fill_sheets",
    "is_workbook",
    "load",
    "unpack",
    "write_starter",
    "write_workbook",
]
