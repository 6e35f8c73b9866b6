"""history.csv: what the war did month by month, beside the polls of those months."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from winset.errors import Mistake, suggest
from winset.study.rows import Row, read_rows

FILE = "history.csv"
WHAT = ("losses", "front", "mobilisation")
"""Losses of a side in a month; gain of the attacker in a month; a mobilisation announced on a day."""


@dataclass(frozen=True)
class Event:
    """One figure or event of a side."""

    day: dt.date
    side: str
    what: str
    value: float


@dataclass(frozen=True)
class History:
    """All of history.csv."""

    events: tuple[Event, ...] = ()

    def monthly(self, side: str, what: str) -> Mapping[dt.date, float]:
        """A side's figures by the first of the month."""
        return {e.day.replace(day=1): e.value for e in self.events if (e.side, e.what) == (side, what)}

    def days(self, side: str, what: str) -> tuple[dt.date, ...]:
        """Days of a side's events."""
        return tuple(sorted(e.day for e in self.events if (e.side, e.what) == (side, what)))

    def cumulated(self, side: str, until: dt.date) -> float | None:
        """A side's losses up to a day, the last month in part; None where there is no series."""
        known = self.monthly(side, "losses")
        if not known:
            return None
        total = sum(v for day, v in known.items() if day < until.replace(day=1))
        last = known.get(until.replace(day=1), known[max(known)])
        return total + last * until.day / 31


def read_history(folder: Path, sides: Collection[str], sources: Collection[str]) -> tuple[History, list[Mistake]]:
    """Read history.csv where there is one."""
    path = folder / FILE
    if not path.exists():
        return History(), []
    rows, mistakes = read_rows(path, ("day", "side", "what", "value"), ("source", "note"))
    events = []
    for row in rows:
        event = _event(row, sides, sources)
        if isinstance(event, Mistake):
            mistakes.append(event)
        else:
            events.append(event)
    return History(tuple(events)), mistakes


def _event(row: Row, sides: Collection[str], sources: Collection[str]) -> Event | Mistake:
    if row["side"] not in sides:
        return row.mistake(f"unknown side `{row['side']}`{suggest(row['side'], sides)}", "side")
    if row["what"] not in WHAT:
        return row.mistake(f"unknown `{row['what']}`{suggest(row['what'], WHAT)}", "what")
    if row["source"] and row["source"] not in sources:
        return row.mistake(f"unknown source `{row['source']}`{suggest(row['source'], sources)}", "source")
    text = row["day"] if len(row["day"]) > 7 else f"{row['day']}-01"
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return row.mistake(f"`{row['day']}` is no month or day; write 2025-03 or 2025-03-17", "day")
    try:
        value = float(row["value"] or (1 if row["what"] == "mobilisation" else "none"))
    except ValueError:
        return row.mistake(f"value `{row['value']}` is no number", "value")
    if not math.isfinite(value):
        return row.mistake(f"value `{row['value']}` is no number", "value")
    if row["what"] == "losses" and value < 0:
        return row.mistake(f"losses of {value:g} are below zero", "value")
    return Event(day, row["side"], row["what"], value)
