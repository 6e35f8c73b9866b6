"""results.csv: votes as they came out, after the as-of date. Never evidence: what a fit is tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from winset.errors import Mistake, suggest
from winset.study.files import StudyFile
from winset.study.ratification import Vote, clauses
from winset.study.rows import Row, read_rows
from winset.study.source import Source

FILE = "results.csv"


@dataclass(frozen=True)
class Result:
    """How a constituency voted on a proposal.

    Parameters
    ----------
    yes, turnout
        Yes among the votes, and who voted, as shares; no turnout where none was printed.
    """

    day: dt.date
    side: str
    constituency: str
    proposal: str
    yes: float
    turnout: float | None
    source: str


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
        return row.mistake(f"unknown side `{row['side']}`{suggest(row['side'], study.sides)}", "side")
    rule = study.sides[row["side"]].ratification
    voting = [c.vote.of for c in clauses(rule) if isinstance(c, Vote)]
    if row["constituency"] not in voting:
        known = f"its votes are of {', '.join(voting)}" if voting else "write its rule as a `vote`"
        return row.mistake(f"no rule of `{row['side']}` is a vote of `{row['constituency']}`; {known}", "constituency")
    if row["proposal"] not in study.proposals:
        return row.mistake(
            f"unknown proposal `{row['proposal']}`{suggest(row['proposal'], study.proposals)}", "proposal"
        )
    if row["source"] not in sources:
        return row.mistake(f"unknown source `{row['source']}`{suggest(row['source'], sources)}", "source")
    return None


def _result(row: Row, study: StudyFile) -> Result | Mistake:
    try:
        day = dt.date.fromisoformat(row["day"])
    except ValueError:
        return row.mistake(f"`{row['day']}` is no day; write 2004-04-24", "day")
    if day <= study.as_of:
        return row.mistake(
            f"a vote of {day} is not after the study's as_of ({study.as_of}); results are what came later: set as_of before it"
        )
    yes, turnout = _per_cent(row, "yes"), _per_cent(row, "turnout") if row["turnout"] else None
    for found in (yes, turnout):
        if isinstance(found, Mistake):
            return found
    return Result(day, row["side"], row["constituency"], row["proposal"], yes, turnout, row["source"])  # pyright: ignore[reportArgumentType]


def _per_cent(row: Row, column: str) -> float | Mistake:
    """A printed per cent as a share."""
    try:
        value = float(row[column])
    except ValueError:
        return row.mistake(f"{column} `{row[column]}` is no number; write it in per cent", column)
    if not 0.0 <= value <= 100.0:
        return row.mistake(f"{column} {row[column]} is no per cent; write a number from 0 to 100", column)
    return value / 100
