"""A study as one workbook: written, read, checked cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from winset.late import late

if TYPE_CHECKING:
    from winset.workbook.adding import add_rows
    from winset.workbook.appending import add_joined
    from winset.workbook.building import build
    from winset.workbook.cells import (
        add_sheet,
        change_cells,
        find_text,
        list_sheets,
        mark,
        missing_sheets,
        read_mark,
        read_sheet,
        say_change,
        tell_columns,
    )
    from winset.workbook.checking import check_study, every_mistake, look_at, read_whole
    from winset.workbook.filling import fill_sheets
    from winset.workbook.folder import load, unpack
    from winset.workbook.joining import Addition, join_questionnaire
    from winset.workbook.opening import is_workbook
    from winset.workbook.questionnaires import check_place, questionnaire_bytes
    from winset.workbook.starting import convert, write_starter
    from winset.workbook.writing import write_workbook

__getattr__ = late(
    __name__,
    {
        "adding": ("add_rows",),
        "appending": ("add_joined",),
        "building": ("build",),
        "cells": (
            "add_sheet",
            "change_cells",
            "find_text",
            "list_sheets",
            "mark",
            "missing_sheets",
            "read_mark",
            "read_sheet",
            "say_change",
            "tell_columns",
        ),
        "checking": (
            "check_study",
            "every_mistake",
            "look_at",
            "read_whole",
        ),
        "filling": ("fill_sheets",),
        "folder": (
            "load",
            "unpack",
        ),
        "joining": (
            "Addition",
            "join_questionnaire",
        ),
        "opening": ("is_workbook",),
        "questionnaires": (
            "check_place",
            "questionnaire_bytes",
        ),
        "starting": (
            "convert",
            "write_starter",
        ),
        "writing": ("write_workbook",),
    },
)

__all__ = [
    "Addition",
    "add_joined",
    "add_rows",
    "add_sheet",
    "build",
    "change_cells",
    "check_place",
    "check_study",
    "convert",
    "every_mistake",
    "fill_sheets",
    "find_text",
    "is_workbook",
    "join_questionnaire",
    "list_sheets",
    "load",
    "look_at",
    "mark",
    "missing_sheets",
    "questionnaire_bytes",
    "read_mark",
    "read_sheet",
    "read_whole",
    "say_change",
    "tell_columns",
    "unpack",
    "write_starter",
    "write_workbook",
]
