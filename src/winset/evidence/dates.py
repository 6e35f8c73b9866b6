"""Dates of field work: ISO days or months, nothing ambiguous."""

from __future__ import annotations

import calendar
import datetime as dt
import re


def read_day(text: str, *, last: bool = False) -> dt.date:
    """Day of ``2025-05-22``, or the first (or last) day of ``2025-05``.

    Raises
    ------
    ValueError
        If the text is neither.

    Examples
    --------
    >>> read_day("2025-02", last=True)
    datetime.date(2025, 2, 28)
    """
    if month := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year, number = int(month[1]), int(month[2])
        if 1 <= number <= 12:
            return dt.date(year, number, calendar.monthrange(year, number)[1] if last else 1)
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text)
    raise ValueError(f"`{text}` is no date; write 2025-05-22 or 2025-05")


def middle(start: dt.date, end: dt.date) -> dt.date:
    """Day half way through the field work."""
    return start + (end - start) // 2
