"""Filled sheets -> a workbook that people open: headings, comments, choices, what to write where."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from winset.workbook.filling import Filled
from winset.workbook.folder import IGNORED
from winset.workbook.grids import letter
from winset.workbook.sheets import DECLARED, FACTS, FIXED, LATE, ORDER, REFUSED, SHEETS, START, Column, Sheet

INTRODUCTION = (
    "This workbook is a study: which peace terms could each side's leader carry at home?",
    "1. Here: what the case is about, and the last day whose evidence counts.",
    "2. Terms: the issues on the table and the ways to settle each. Order says what each side likes best.",
    "3. Sides and Groups: who negotiates, whose Yes it takes at home, and the rule that binds them. Parts: groups in a group.",
    "4. Proposals: what is on record. One row each, one column an issue. Pledges: what leaders said they will not give up.",
    "5. Sources and Instruments: where figures were read, and who asked whom.",
    "6. Questions: what people were asked, as terms, and on which scale (Scales). Polls: the figures as printed.",
    "7. Interviews: what single people said, if you have any. Use pseudonyms; no names belong in here.",
    "Rest the pointer on a heading to see what to write. Ids are short names; an arrow in a cell offers those in use.",
    "The rows are an example: write over them, and delete what you do not need.",
    "In the browser, mistakes stand above the sheets, and Quick answer makes the brief. Nothing leaves your computer.",
    "Without it: save, then in a terminal winset check FILE tells every mistake with its cell, winset run FILE writes the brief.",
)
"""The first sheet's lines; they hold in Excel, in LibreOffice and in the browser."""
ROWS = 1000
"""Rows for which cells offer choices."""
WIDEST = 60
"""Characters of a column that is only to be read."""
SPARE = 60
"""Rows beyond the filled ones that are laid out."""
INK, PAPER, LINE, FONT = "1F2A44", "E8ECF4", "B8C1D4", "Calibri"
HEAD, BLANK = PatternFill("solid", fgColor=PAPER), PatternFill("solid", fgColor="FFF2CC")
HEAD_FONT, TITLE_FONT = Font(FONT, bold=True, color=INK), Font(FONT, bold=True, size=14, color=INK)
SAID_FONT = Font(FONT, italic=True, color="5A6478")
EDGE = Border(bottom=Side(style="thin", color=LINE))
WRAP = Alignment(wrap_text=True, vertical="top")
LEFT = Alignment(horizontal="left", vertical="top")
FIGURE = Alignment(horizontal="center", vertical="top")
"""Numbers and days keep clear of the words beside them."""
HEAD_HEIGHT = 32
"""Points of a row of headings: two lines."""
LINE_HEIGHT = 15
"""Points of a line."""
TERM = "(term)"
"""Heading of a column that is worked out: what cells elsewhere offer."""


def write_workbook(
    filled: Mapping[str, Filled],
    path: Path | None = None,
    spare: Collection[str] = (),
    *,
    sheets: Sequence[Sheet] = SHEETS,
    introduction: Sequence[str] = INTRODUCTION,
) -> bytes:
    """Bytes of a workbook; written to ``path`` if one is given.

    Parameters
    ----------
    spare
        Sheets that stand in it though they have no row.
    sheets
        Those that it may have, in their order.
    introduction
        Lines of the first sheet.
    """
    book = Workbook()
    book.remove(book.active)  # pyright: ignore[reportArgumentType]
    lists: list[str] = []
    at: dict[str, dict[str, int]] = {}
    for sheet in sheets:
        held = filled.get(sheet.name, Filled())
        if held.rows or not sheet.optional or sheet.name in spare:
            page = book.create_sheet(sheet.name)
            at[sheet.name] = write_sheet(page, sheet, held, introduction)
    words = book.create_sheet(IGNORED)
    for n, (name, choices) in enumerate(FIXED.items(), 1):
        words.cell(1, n, name)
        for k, choice in enumerate(choices, 2):
            words.cell(k, n, choice)
        lists.append(name)
    words.sheet_state = "hidden"
    for sheet in sheets:
        if sheet.name in at:
            _offer(book[sheet.name], sheet, at, lists, filled.get(sheet.name, Filled()))
    out = io.BytesIO()
    book.save(out)
    if path is not None:
        path.write_bytes(out.getvalue())
    return out.getvalue()


def _columns(sheet: Sheet, held: Filled) -> list[Column]:
    """Columns of a sheet, with those that the study adds where they belong, and those that are only to be read beside them."""
    found = []
    for column in _own_columns(sheet, held):
        found.append(column)
        for heading in (h for h, key in held.beside.items() if key == column.key):
            longest = max((len(str(r.get(heading, ""))) for r in held.rows), default=0)
            found.append(
                Column(heading, heading, "Only to be read; it is left alone", width=min(max(longest, 14), WIDEST))
            )
    return found


def _own_columns(sheet: Sheet, held: Filled) -> list[Column]:
    added = [Column(k, k, _says(sheet, k), width=14 if sheet.name != "Proposals" else 18) for k in held.extra]
    if sheet.name == "Questions":
        added = [c for c in LATE[sheet.name] if c.key in held.extra]
        n = sheet.columns.index(sheet.column("not_read"))
        return [*sheet.columns[:n], *added, *sheet.columns[n:]]
    late = () if held.beside else LATE.get(sheet.name, ())  # whoever reads beside has enough before him
    if sheet.name == "Terms":
        return [*sheet.columns, Column(TERM, "term", "Worked out; other sheets offer it", width=20), *added, *late]
    source = [c for c in sheet.columns if c.key == "source"] if sheet.name == "Polls" else []
    return [*(c for c in sheet.columns if c not in source), *added, *source, *late]


def _says(sheet: Sheet, key: str) -> str:
    if key.startswith(ORDER):
        return f"What {key.removeprefix(ORDER)} likes best: 1, then 2, ...; ? where nobody knows"
    if key.startswith(REFUSED):
        return f"x where part of {key.removeprefix(REFUSED)} would refuse this at any price"
    return (
        "Per cent that gave this answer"
        if sheet.name == "Polls"
        else f"How the proposal settles {key}; empty: left open; ?: not read"
    )


def write_sheet(
    page: Worksheet, sheet: Sheet, held: Filled, introduction: Sequence[str] = INTRODUCTION
) -> dict[str, int]:
    """Title, headings and rows; returns the column of each key, and the row of headings under ``""``."""
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet is START:
        page["A1"] = "winset"
        for n, said in enumerate(introduction, 2):
            page.cell(n, 1, said)
        row = len(introduction) + 3
    else:
        page["A1"] = sheet.name
        page["A2"] = sheet.says + (f"; {sheet.open_ended}" if sheet.open_ended else "")
        page["A2"].font = SAID_FONT
        row = 4
    page["A1"].font = TITLE_FONT
    columns = _columns(sheet, held)
    for n, column in enumerate(columns, 1):
        cell = page.cell(row, n, column.heading)
        cell.font, cell.fill, cell.border, cell.alignment = HEAD_FONT, HEAD, EDGE, WRAP
        cell.comment = Comment(
            column.says + ("" if column.needed else "\n(may stay empty)"), "winset", width=260, height=110
        )
        page.column_dimensions[letter(n)].width = column.width
    page.row_dimensions[row].height = HEAD_HEIGHT
    keys = {c.key: n for n, c in enumerate(columns, 1)}
    for n, values in enumerate(held.rows, row + 1):
        for key, value in values.items():
            if value is not None and value != "" and key in keys:
                cell = page.cell(n, keys[key], value)
                cell.alignment = WRAP if isinstance(value, str) else FIGURE if sheet is not START else LEFT
                if isinstance(value, dt.date):
                    cell.number_format = "yyyy-mm-dd"
                elif isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = is no formula
    if held.beside:
        _fit_paper(page, columns, held, row)
    for n, key in held.blank:
        page.cell(row + 1 + n, keys[key]).fill = BLANK
    if sheet.name == "Terms":
        _term_formulas(page, keys, row, len(held.rows))
    if sheet is START:
        _comment_facts(page, row)
        page.column_dimensions["A"].width = START.columns[0].width
    page.freeze_panes = f"{'A' if sheet is START else 'B'}{row + 1}"
    return keys | {"": row}


def _fit_paper(page: Worksheet, columns: Sequence[Column], held: Filled, row: int) -> None:
    """Rows as high as their longest text; printed are the columns to be read or filled in, and what stands before them."""
    for n, values in enumerate(held.rows, row + 1):
        lines = max(-(-len(str(values.get(c.key) or "")) // max(c.width - 4, 1)) for c in columns)
        page.row_dimensions[n].height = LINE_HEIGHT * max(lines, 1)
    wanted = {*held.beside, *(key for _, key in held.blank)}
    last = max(n for n, c in enumerate(columns, 1) if c.key in wanted)
    page.print_area = f"A1:{letter(last)}{row + len(held.rows)}"


def _term_formulas(page: Worksheet, keys: Mapping[str, int], row: int, count: int) -> None:
    """issue=option for each row, the issue carried down from the last row that names one."""
    issue, option, words = (letter(keys[k]) for k in ("issue", "option", "option_label"))
    for n in range(row + 1, row + count + SPARE):
        names = f"{issue}${row + 1}:{issue}{n}"
        given = f'IF({option}{n}<>"",{option}{n},{words}{n})'
        page.cell(
            n, keys["term"], f'=IF({given}="","",IFERROR(LOOKUP(2,1/({names}<>""),{names}),"")&"="&{given})'
        ).font = SAID_FONT


def _comment_facts(page: Worksheet, row: int) -> None:
    said = {words: text for words, _, text in FACTS}
    for cells in page.iter_rows(min_row=row + 1, max_col=1):
        if cells[0].value in said:
            cells[0].comment = Comment(said[str(cells[0].value)], "winset", width=260, height=80)
            cells[0].font = HEAD_FONT


def _offer(page: Worksheet, sheet: Sheet, at: Mapping[str, Mapping[str, int]], lists: list[str], held: Filled) -> None:
    """Choices of each column: fixed words, or what other sheets declare."""
    row = at[sheet.name][""]
    for column in _columns(sheet, held):
        where = _range(column.choices, at, lists)
        if where:
            check = DataValidation(type="list", formula1=where, allow_blank=True, showErrorMessage=False)
            page.add_data_validation(check)
            name = letter(at[sheet.name][column.key])
            check.add(f"{name}{row + 1}:{name}{row + ROWS}")
    if sheet.name == "Proposals":
        _offer_options(page, at, held)


def _range(choices: str, at: Mapping[str, Mapping[str, int]], lists: list[str]) -> str:
    if choices in FIXED:
        column = letter(lists.index(choices) + 1)
        return f"{IGNORED}!${column}$2:${column}${len(FIXED[choices]) + 1}"
    sheet, key = DECLARED.get(choices, ("", ""))
    if sheet not in at:
        return ""
    column, row = letter(at[sheet][key]), at[sheet][""]
    return f"{sheet}!${column}${row + 1}:${column}${row + ROWS}"


def _offer_options(page: Worksheet, at: Mapping[str, Mapping[str, int]], held: Filled) -> None:
    """Options of an issue under its heading, as they stand together on the sheet of terms."""
    row = at["Proposals"][""]
    for issue in held.extra:
        where = _where_issue(page.parent["Terms"], at["Terms"], issue)  # pyright: ignore[reportOptionalSubscript,reportIndexIssue]
        if where:
            column = letter(at["Terms"]["option"])
            check = DataValidation(
                type="list",
                formula1=f"Terms!${column}${min(where)}:${column}${max(where)}",
                allow_blank=True,
                showErrorMessage=False,
            )
            page.add_data_validation(check)
            name = letter(at["Proposals"][issue])
            check.add(f"{name}{row + 1}:{name}{row + ROWS}")


def _where_issue(terms: Worksheet, keys: Mapping[str, int], issue: str) -> list[int]:
    """Rows of an issue's options."""
    first, last = keys[""] + 1, terms.max_row
    return [n for n in range(first, last + 1) if terms.cell(n, keys["issue"]).value == issue]
