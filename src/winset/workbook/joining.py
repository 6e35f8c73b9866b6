"""A questionnaire that came back -> what it adds to a study, checked together with all that the study holds."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from winset.errors import Mistake, MistakesError, StudyError, UsageError, relative
from winset.evidence.dates import read_day
from winset.evidence.gathering import gather
from winset.study.study import Study
from winset.workbook.draft import Draft
from winset.workbook.figures import people
from winset.workbook.filling import Filled, fill_sheets
from winset.workbook.folder import lay_out, load_laid_out, read_tables
from winset.workbook.grids import as_text
from winset.workbook.known import INSTRUMENTS, QUESTIONS, own_id
from winset.workbook.questionnaires import PARTS
from winset.workbook.sheets import LATE, SHEETS, Sheet
from winset.workbook.tables import Line, Table, plain

DECLARED = ("Scales", "Questions", "Instruments", "Sources")
"""Sheets whose rows have an id of their own."""
ENTRIES = {
    "Scales": (QUESTIONS, "scales"),
    "Questions": (QUESTIONS, "questions"),
    "Instruments": (INSTRUMENTS, "instruments"),
}
"""File and key of a folder in which a sheet's rows are entries."""
DAYS = ("start", "end", "date")
POLLED = ("question", "instrument", "side", "constituency", "start", "end")
"""What makes a row of sheet Polls another one."""
NAMED_BY = {"question": "Questions", "instrument": "Instruments", "source": "Sources"}
"""Columns of sheet Polls, and the sheet that declares what they name."""


@dataclass(frozen=True)
class Addition:
    """What a questionnaire adds to a study.

    Parameters
    ----------
    rows
        Rows by sheet, as texts by the field that a column fills.
    declared
        The same as entries of YAML files, by file and key: scales, questions, instruments.
    tables
        Rows of polls.csv and sources.csv.
    told
        What was left out, and why.
    """

    rows: Mapping[str, Sequence[Mapping[str, str]]]
    declared: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def join_questionnaire(study: Study, path: Path, as_of: dt.date | None = None) -> Addition:
    """Read a questionnaire that was filled in, and check it as a part of the study.

    Parameters
    ----------
    as_of
        Last day whose evidence counts from now on; the study's own if none is given.

    Raises
    ------
    UsageError
        If it was made for another study, holds more than a questionnaire, is not filled in, or tells of later days than count.
    StudyError, EvidenceError
        With every mistake in it, by sheet and cell.
    """
    draft = Draft(relative(path))
    tables = read_tables(path, draft, needed=("Polls",))
    _check_kind(tables, study, path)
    held = fill_sheets(study.folder)
    new, told = _sort_out(tables, held, draft)
    if draft.mistakes:
        raise StudyError(draft.mistakes)
    if not new["Polls"]:
        if not any(line[h] for line in tables["Polls"] for h in tables["Polls"].extra):
            raise UsageError(
                f"{path}: no row of sheet Polls is filled in; write per cent in the columns of the answers"
            )
        return Addition({}, told=tuple(told))
    last = _last_day(new["Polls"])
    if last and last > (as_of or study.as_of):
        raise UsageError(
            f"{path}: the field work went on to {last}, and the study counts evidence up to {as_of or study.as_of}; "
            f"move that day to {last} or later (--as-of {last})"
        )
    if as_of:
        for row in held["Start"].rows:
            row["value"] = as_of if row["what"] == "As of" else row["value"]
    whole = {
        s.name: _merge(_as_table(s, held.get(s.name, Filled())), tables[s.name], new.get(s.name, [])) for s in SHEETS
    }
    return replace(_check(whole, new, draft, study, path), told=tuple(told))


def _check_kind(tables: Mapping[str, Table], study: Study, path: Path) -> None:
    """Refuse what is no questionnaire of this study."""
    more = [n for n, t in tables.items() if n not in {s.name for s in PARTS} and t.lines]
    if more:
        raise UsageError(
            f"{path} holds a sheet {' and '.join(more)}; from a questionnaire {', '.join(s.name for s in PARTS[1:])} are taken. "
            "Copy the rows of other sheets into the study by hand"
        )
    named = next((line["value"] for line in tables["Start"] if plain(line["what"]) == "study"), "")
    if named and named != study.id:
        raise UsageError(
            f"{path} is of study `{named}`, and this is `{study.id}`; if that is right, change Study on sheet Start"
        )


def _sort_out(
    tables: Mapping[str, Table], held: Mapping[str, Filled], draft: Draft
) -> tuple[dict[str, list[Line]], list[str]]:
    """Rows that are new, and what is said of the others: not filled in, named by none that is, or in the study already."""
    told: list[str] = []
    new: dict[str, list[Line]] = {"Polls": []}
    for line in tables["Polls"]:
        here = f"sheet Polls, row {line.row} (question `{line['question']}`, group `{line['constituency']}`)"
        if not any(line[h] for h in tables["Polls"].extra):
            told.append(f"{here}: no answer is filled in; left out")
        elif (same := _known_poll(line, tables["Polls"], held["Polls"])) is not None:
            if same:
                told.append(f"{here}: the study has it already; left out")
            else:
                said = "the study has another result of this question, group and days; change the days, or mend it in the study"
                draft.wrong(line.cell("question"), said)
        else:
            new["Polls"].append(line)
    scales = {line["scale"] for line in tables["Questions"] if line["id"] in {p["question"] for p in new["Polls"]}}
    used = {s: {line[c] for line in new["Polls"]} for c, s in NAMED_BY.items()} | {"Scales": scales}
    for sheet in DECLARED:
        new[sheet] = [x for x in tables[sheet] if _is_new(x, used[sheet], held[sheet], draft)]
    for column, sheet in NAMED_BY.items():
        named = {line[column] for line in tables["Polls"]}
        idle = [x for x in tables[sheet] if not {own_id(x), x["label"]} & named]
        told += [f"sheet {sheet}, row {x.row} (`{own_id(x)}`): no row of sheet Polls names it; left out" for x in idle]
    return new, told


def _is_new(line: Line, used: set[str], held: Filled, draft: Draft) -> bool:
    """Whether a row that declares something has to be added; the same id for something else is a mistake."""
    name = own_id(line)
    before = next((_texts(r) for r in held.rows if r["id"] == name), None)
    if before is not None:
        now = _texts(line.values) | {"id": name}
        wrong = next((k for k in dict.fromkeys([*now, *before]) if now.get(k) != before.get(k)), "")
        if wrong and name in used:
            said = f"the study has another `{name}`, with {wrong} `{before.get(wrong, '')}`; give this row another id"
            draft.wrong(line.cell(wrong), said)
        return False
    return bool({name, line["label"]} & used)


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row says, without what goes without saying."""
    told = {k: as_text(v) for k, v in row.items()}
    return {k: v for k, v in told.items() if v and (k, v) != ("scale", "yes-no")}


def _known_poll(line: Line, table: Table, held: Filled) -> bool | None:
    """Whether the study has just this result; None where it has none of this question, group and days."""
    for row in held.rows:
        before = _texts(row)
        days = {k: line.day(k) or line.day("start") for k in ("start", "end")}
        own = {k: line[k] for k in POLLED} | days
        if all(before.get(k, "") == own[k] or (k == "side" and not (own[k] and before.get(k))) for k in POLLED):
            return all(_number(line[a]) == _number(before.get(a, "")) for a in table.extra) and before["n"] == people(
                line["n"]
            )
    return None


def _number(text: str) -> float | str:
    try:
        return float(text.replace("%", ""))
    except ValueError:
        return text


def _last_day(lines: Sequence[Line]) -> dt.date | None:
    """Last day of any field work; a day that cannot be read is told where all others are."""
    days = []
    for line in lines:
        try:
            days.append(read_day(line.day("end") or line.day("start"), last=True))
        except ValueError:
            continue
    return max(days, default=None)


def _as_table(sheet: Sheet, held: Filled) -> Table:
    """Rows of the study as if they had been read from a sheet."""
    late = [c.key for c in LATE.get(sheet.name, ()) if any(c.key in r for r in held.rows)]
    keys = dict.fromkeys([*(c.key for c in sheet.columns), *held.extra, *late])
    columns = {k: n for n, k in enumerate(keys, 1)}
    rows = ({k: v for k, v in r.items() if v is not None and v != ""} for r in held.rows)
    lines = tuple(Line(sheet.name, n, values, columns) for n, values in enumerate(rows, 2))
    known = {c.key for c in (*sheet.columns, *LATE.get(sheet.name, ()))}
    return Table(sheet, lines, tuple(k for k in keys if k not in known), 1, columns)


def _merge(study: Table, came: Table, new: Sequence[Line]) -> Table:
    """The study's rows, then the new ones; mistakes are told by the columns of what came."""
    columns = came.columns | {k: n for k, n in study.columns.items() if k not in came.columns}
    extra = tuple(dict.fromkeys([*study.extra, *came.extra]))
    return replace(
        study,
        lines=(*study.lines, *new),
        extra=extra,
        columns=columns,
        heading_row=came.heading_row or study.heading_row,
    )


def _check(
    tables: Mapping[str, Table], new: Mapping[str, Sequence[Line]], draft: Draft, study: Study, path: Path
) -> Addition:
    """Study and questionnaire as the files of one folder, read and gathered: all that any study is checked for."""
    with tempfile.TemporaryDirectory() as kept:
        try:
            lay_out(tables, draft, study.folder, Path(kept))
            gather(load_laid_out(path, Path(kept), draft, tables))
        except MistakesError as error:
            raise type(error)([_place(m, study) for m in error.mistakes]) from None
    ids = {s: [own_id(line) for line in new[s]] for s in DECLARED}
    figures = sum(bool(line[h]) for line in new["Polls"] for h in tables["Polls"].extra)
    counts = {"polls.csv": figures, "sources.csv": len(ids["Sources"])}
    entries = {(f, k): {i: draft.get(f, (k, i)) for i in ids[s]} for s, (f, k) in ENTRIES.items() if ids[s]}
    rows = {name: draft.tables[name][1][-n:] for name, n in counts.items() if n}
    for row in rows["polls.csv"]:
        if isinstance(draft.get(QUESTIONS, ("questions", row["question"], "side")), str):
            row["side"] = ""  # goes without saying, and not every table has the column
    return Addition({s: [_as_row(line) for line in lines] for s, lines in new.items()}, entries, rows)


def _place(mistake: Mistake, study: Study) -> Mistake:
    """A mistake of a sheet that the questionnaire has not is one that the study gets by it."""
    sheet = mistake.file.rpartition(", ")[2]
    if not mistake.cell or sheet in {s.name for s in PARTS}:
        return mistake
    return Mistake(
        f"{relative(study.folder)}, {sheet}",
        0,
        f"{mistake.message} (of the study itself, once these answers are in it)",
    )


def _as_row(line: Line) -> dict[str, str]:
    """A row as texts, days written out."""
    return {k: line.day(k) if k in DAYS else line[k] for k in line.values}
