"""Sheets of figures -> the tables of a study folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from winset.errors import suggest
from winset.evidence.dates import read_day
from winset.evidence.polls import misread_people
from winset.study.places import Cell
from winset.study.question import READY_SCALES
from winset.workbook.draft import Draft, make_id
from winset.workbook.known import Declared, own_id, read_flag
from winset.workbook.sheets import HISTORY, INTERVIEWS, NO_ANSWER, POLLS, RESULTS, SOURCES, TABLES, Sheet
from winset.workbook.tables import Line, Table
from winset.workbook.wording import say_empty

POLL = ("poll", "question", "instrument", "side", "constituency", "start", "end", "n", "answer", "share", "count", "n_eff",
        "margin", "sample", "confidence", "source", "note")  # fmt: skip
DAYS = ("date", "day")
WORDS = {"yes": "accept", "no": "reject", "for": "accept", "against": "reject", "dk": "dont-know", "don-t-know": "dont-know",
         "undecided": "dont-know", "na": "refused", "no-answer": "refused"}  # fmt: skip
"""What reports call answers, and what they are called here; an answer of a scale of the study goes before."""
MAY_BE_EMPTY = {("Interviews", "question"), ("Sources", "id"), ("History", "value")}
"""Columns that have to stand in a sheet, though not every row fills them; an id that is missing is told where it is read."""


def fill_tables(tables: Mapping[str, Table], draft: Draft, known: Declared) -> None:
    """Fill the tables of a study folder from the sheets that hold figures."""
    for sheet in (POLLS, INTERVIEWS, SOURCES, RESULTS, HISTORY):
        _tell_empty(tables[sheet.name], draft)
    _polls(tables["Polls"], draft, known)
    for sheet in (INTERVIEWS, SOURCES, RESULTS, HISTORY):
        _copy(tables[sheet.name], sheet, draft, known)


def _tell_empty(table: Table, draft: Draft) -> None:
    """Cells that a row cannot do without."""
    wanted = [
        c
        for c in table.sheet.columns
        if c.needed and c.key in table.columns and (table.sheet.name, c.key) not in MAY_BE_EMPTY
    ]
    for line in table:
        for column in wanted:
            if not line[column.key]:
                draft.wrong(line.cell(column.key), say_empty(column))


def _copy(table: Table, sheet: Sheet, draft: Draft, known: Declared) -> None:
    """Rows as they stand, names in the place of words."""
    columns = [c.key for c in sheet.columns]
    tell: dict[str, Callable[[str], str]] = {
        "question": known.questions.find,
        "instrument": known.instruments.find,
        "source": known.sources.find,
        "side": known.sides.find,
        "proposal": known.proposals.find,
    }
    for line in table:
        row = {c: tell[c](line[c]) if c in tell and line[c] else line[c] for c in columns}
        row |= {c: line.day(c) for c in DAYS if c in row}
        if "constituency" in row:
            row |= _group(line, known)
        if sheet is SOURCES:
            row["id"] = own_id(line)
        if sheet is RESULTS:
            row |= {c: figure(line[c]) for c in ("yes", "turnout")}
        draft.add_row(
            TABLES[sheet.name], columns, row, {"": line.cell(columns[0])} | {c: line.cell(c) for c in columns}
        )


def _group(line: Line, known: Declared) -> dict[str, str]:
    """Side and group, where a cell names both or only one."""
    side, group = known.group(line["constituency"])
    side = side or known.sides.find(line["side"])
    if not side:
        return {"constituency": group}
    names = known.groups.get(side)
    return {
        "side": side if line["side"] or "." in line["constituency"] else "",
        "constituency": names.find(group) if names else group,
    }


def _polls(table: Table, draft: Draft, known: Declared) -> None:
    answers = {h: a for h in table.extra if (a := _answer(h, table, draft))}
    taken: set[str] = set()
    for line in table:
        side_group = _group(line, known)
        poll = {c: line[c] for c in ("n_eff", "margin", "sample", "confidence", "note")}
        poll |= {
            "question": known.questions.find(line["question"]),
            "instrument": known.instruments.find(line["instrument"]),
        }
        poll |= {"source": known.sources.find(line["source"]), "n": people(line["n"]), "start": line.day("start")}
        if re.fullmatch(r"\d+\.\d+", poll["n"]):
            draft.wrong(line.cell("n"), f"`n` is {line['n']}; people are counted whole: write 1600, without a point")
        poll |= {"end": line.day("end") or line.day("start")} | side_group
        _tell_misread(line, poll, draft)
        name = line["poll"] or _name(poll, taken)
        taken.add(name)
        given = [h for h in answers if line[h]]
        if not given and not any(line[h] for h in table.extra):  # an answer that is unknown is told at its heading
            draft.wrong(line.cell("question"), "no answer is filled in; write per cent in the columns of the answers")
        kind = "count" if read_flag(line, "counts", draft) else "share"
        at: dict[str, Cell] = {c: line.cell(c) for c in POLL if c in line.columns or c in line.absent} if given else {}
        at |= {"": line.cell("question")} | ({} if line["end"] else {"end": line.cell("start")})
        for heading in given:
            row = poll | {"poll": name, "answer": answers[heading], kind: figure(line[heading])}
            of_answer = dict.fromkeys(("answer", "share", "count"), line.cell(heading))
            draft.add_row("polls.csv", POLL, row, at | of_answer)


def _tell_misread(line: Line, poll: Mapping[str, str], draft: Draft) -> None:
    """Days and numbers of people that cannot be read; told here so that nothing else wrong in the study hides them."""
    for key, last in (("start", False), ("end", True)):
        if line[key]:
            try:
                read_day(poll[key], last=last)
            except ValueError as error:
                draft.wrong(line.cell(key), str(error))
    if poll["n"] and (said := misread_people(poll["n"])):
        draft.wrong(line.cell("n"), said)


def _name(poll: Mapping[str, str], taken: set[str]) -> str:
    """A name for the figures of one question, group and wave."""
    name = make_id(
        "-".join(poll.get(c, "") for c in ("question", "instrument", "side", "constituency", "start") if poll.get(c))
    )
    numbers = (f"{name}-{n}" for n in range(2, 10_000))
    return name if name not in taken else next(n for n in numbers if n not in taken)


def _answer(heading: str, table: Table, draft: Draft) -> str:
    """The answer that a heading means; empty, and told, where it is none."""
    name = make_id(heading)
    scales = draft.get("questions.yaml", ("scales",)) or {}
    ready = [a for scale in READY_SCALES.values() for a in scale.answers]
    own = list(dict.fromkeys([*ready, *(a for s in scales.values() for a in s.get("answers", ()))]))
    if name in own or name in NO_ANSWER:
        return name
    if name not in WORDS:
        known = suggest(name, dict.fromkeys([*own, *NO_ANSWER]))
        said = f"`{heading}` is neither a column of this sheet nor an answer of a scale{known}"
        draft.wrong(table.heading(heading), f"{said} (put a heading of your own in brackets)")
    return WORDS.get(name, "")


def figure(text: str) -> str:
    """A printed per cent without its sign, a decimal comma as a point.

    Examples
    --------
    >>> figure("48,5 %"), figure("60-70%"), figure("<1")
    ('48.5', '60-70', '<1')
    """
    return re.sub(r"(?<=\d),(?=\d)", ".", text.replace("%", "")).strip()


def people(text: str) -> str:
    """A number of people without the marks between thousands.

    Examples
    --------
    >>> people("1,600"), people("1 600"), people("1.600"), people("400 - 600"), people("?")
    ('1600', '1600', '1600', '400 - 600', '?')
    """
    return re.sub(r"(?<=\d)[ ,.'’](?=\d{3}(?:\D|$))", "", text).removesuffix(".0")
