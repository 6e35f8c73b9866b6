"""results.csv: votes as they came out, after the as-of date. Never evidence: what a fit is tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from winset.errors import Mistake, suggest
from winset.study.files import StudyFile
from winset.study.ratification import Vote, clauses
from winset.study.result import Result
from winset.study.rows import Row, read_rows
from winset.study.source import Source

FILE = "results.csv"


def read_results(
    folder: Path, study: StudyFile, sources: Mapping[str, Source]
) -> tuple[tuple[Result, ...], list[Mistake]]:
    """Read results.csv where there is one."""
    path = folder / FILE
    if not path.exists():
        return (), []
    rows, mistakes = read_rows(path, ("day", "side", "constituency", "proposal", "yes", "source"), ("turnout", "note"))
    results = []
    for row in rows:
        wrong = _unknown(row, study, sources)
        found = _result(row, study) if wrong is None else wrong
        if isinstance(found, Mistake):
            mistakes.append(found)
        else:
            results.append(found)
    return tuple(results), mistakes


def _unknown(row: Row, study: StudyFile, sources: Mapping[str, Source]) -> Mistake | None:
    if row["side"] not in study.sides:
        return row.mistake(f"unknown side `{row['side']}`{suggest(row['side'], study.sides)}")
    rule = study.sides[row["side"]].ratification
    voting = [c.vote.of for c in clauses(rule) if isinstance(c, Vote)]
    if row["constituency"] not in voting:
        known = f"its votes are of {', '.join(voting)}" if voting else "write its rule as a `vote`"
        return row.mistake(f"no rule of `{row['side']}` is a vote of `{row['constituency']}`; {known}")
    if row["proposal"] not in study.proposals:
        return row.mistake(f"unknown proposal `{row['proposal']}`{suggest(row['proposal'], study.proposals)}")
    if row["source"] not in sources:
        return row.mistake(f"unknown source `{row['source']}`{suggest(row['source'], sources)}")
    return None


def _result(row: Row, study: StudyFile) -> Result | Mistake:
    try:
        day = dt.date.fromisoformat(row["day"])
    except ValueError:
        return row.mistake(f"`{row['day']}` is no day; write 2004-04-24")
    if day <= study.as_of:
        return row.mistake(
            f"a vote of {day} is not after the study's as_of ({study.as_of}); results are what came later: set as_of before it"
        )
    try:
        yes = float(row["yes"])
    except ValueError:
        return row.mistake(f"yes `{row['yes']}` is no number; write the per cent of Yes among the votes")
    if not 0.0 <= yes <= 100.0:
        return row.mistake(f"yes {yes:g} is no per cent; write a number from 0 to 100")
    return Result(day, row["side"], row["constituency"], row["proposal"], yes / 100, row["source"])
