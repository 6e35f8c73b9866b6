"""Dates of field work: ISO days, months or years, nothing ambiguous."""

from __future__ import annotations

import calendar
import datetime as dt
import re

LONGEST = 3 * 366
"""Days that the field work of one entry may take: waves of two years are printed pooled, ten years are a slip."""


def read_day(text: str, *, last: bool = False) -> dt.date:
    """Day of ``2025-05-22``, or the first (or last) day of ``2025-05`` or of ``2025``.

    Raises
    ------
    ValueError
        If the text is none of them.

    Examples
    --------
    >>> read_day("2025-02", last=True), read_day("2025")
    (datetime.date(2025, 2, 28), datetime.date(2025, 1, 1))
    """
    if year := re.fullmatch(r"\d{4}", text):
        return dt.date(int(year[0]), 12, 31) if last else dt.date(int(year[0]), 1, 1)
    if month := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year_, number = int(month[1]), int(month[2])
        if 1 <= number <= 12:
            return dt.date(year_, number, calendar.monthrange(year_, number)[1] if last else 1)
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"`{text}` is no date: {error}") from None
    raise ValueError(f"`{text}` is no date; write 2025-05-22, 2025-05 or 2025")


def middle(start: dt.date, end: dt.date) -> dt.date:
    """Day half way through the field work."""
    return start + (end - start) // 2
