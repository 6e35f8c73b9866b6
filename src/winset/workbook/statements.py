"""Reviewed statements and a study's tables: what it has already, and a workbook with them added."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from winset.statements import StatementRows
from winset.study import Study
from winset.workbook.entering import enter_rows

POLLS = "polls.csv"
INTERVIEWS = "interviews.csv"


def add_statements(path: Path, rows: StatementRows) -> bytes:
    """Bytes of a workbook with the rows of both kinds in its sheets; the file itself is left alone.

    Raises
    ------
    UsageError, MistakesError
        If a sheet or a column is missing, or the rows do not fit the study.
    """
    return enter_rows(path, {"Interviews": rows.interviews, "Polls": widened(rows.polls)})


def widened(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Polls a row each, an answer a column, as the sheet has them."""
    polls: dict[str, dict[str, str]] = {}
    for row in rows:
        poll = polls.setdefault(row["poll"], {k: v for k, v in row.items() if k not in {"answer", "share", "count"}})
        poll |= {row["answer"]: row["count"] or row["share"]} | ({"counts": "yes"} if row["count"] else {})
    return [*polls.values()]


def taken_in(study: Study) -> list[str]:
    """Names of statements and polls that a study has."""
    names = [r.get("statement", "") for r in table_rows(study.folder / INTERVIEWS)]
    return [*names, *dict.fromkeys(r.get("poll", "") for r in table_rows(study.folder / POLLS))]


def interview_rows(study: Study) -> list[dict[str, str]]:
    """Rows of a study that tell of interviews."""
    sets = {i for i, x in study.instruments.items() if x.kind == "interviews"}
    rows = [r for name in (INTERVIEWS, POLLS) for r in table_rows(study.folder / name)]
    return [r for r in rows if r.get("instrument") in sets]


def table_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a study's table by column; the checks of the study tell what is wrong in it."""
    return parse_rows(read_text(path))


def parse_rows(text: str) -> list[dict[str, str]]:
    """Rows of a table by column, cells without the blanks around them."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{str(k).strip(): (v or "").strip() for k, v in r.items() if isinstance(v, str) or v is None} for r in rows]


def read_text(path: Path) -> str:
    """Text of a table, empty where there is none."""
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""
