"""Coded segments as a table: what Taguette, MAXQDA and NVivo write beside their projects, and people by hand."""

from __future__ import annotations

import polars as pl

from winset.coding.archive import UnreadableError
from winset.coding.coded import ONE_CODER, Coded, Passage, gather_codings
from winset.errors import suggest

NAMES = {
    "document": ("document", "document name", "doc", "file", "source", "interview"),
    "start": ("start", "begin", "beginning", "start position", "startposition"),
    "end": ("end", "end position", "endposition"),
    "code": ("code", "tag", "codes", "label", "node"),
    "coder": ("coder", "created by", "author", "user", "annotator", "rater"),
    "quotation": ("quotation", "segment", "content", "quote", "text", "coverage text"),
    "speaker": ("speaker", "case", "respondent", "participant", "person"),
}
"""Headings of each column, in lower case."""
NEEDED = ("document", "code")
LAST = 10**9
"""Largest offset; no text is longer."""


def read_segments(table: pl.DataFrame) -> Coded:
    """Read one coded segment a row; columns that are none of ``NAMES`` are attributes of the speaker.

    Raises
    ------
    UnreadableError
        If there is no document or no code.
    """
    found = {c.strip().lower(): c for c in table.columns}
    columns = {k: next((found[n] for n in names if n in found), None) for k, names in NAMES.items()}
    for k in NEEDED:
        if columns[k] is None:
            raise UnreadableError(
                f"has no column `{k}`{suggest(k, table.columns)}; codings need at least document and code"
            )
    extra = [c for c in table.columns if c not in columns.values()]
    passages, cases = [], []
    for n, row in enumerate(table.iter_rows(named=True), 2):
        values = {k: row[c] if c else None for k, c in columns.items()}
        if values["document"] is None or values["code"] is None:
            raise UnreadableError(f"row {n} lacks a document or a code")
        span = _span(values["start"], values["end"], n)
        document = str(values["document"])
        speaker = str(values["speaker"] if values["speaker"] is not None else document)
        coder = str(values["coder"]) if values["coder"] is not None else ONE_CODER
        passages.append(Passage(document, *span, str(values["quotation"] or ""), str(values["code"]), coder, speaker))
        cases += [(speaker, c, str(row[c])) for c in extra if row[c] is not None]
    return gather_codings(
        passages, cases, {}, (), ["offsets as they stand in the table; there is no text to check them against"]
    )


def _span(start: object, end: object, row: int) -> tuple[int | None, int | None]:
    if start is None or end is None:
        return None, None
    try:
        span = int(str(start)), int(str(end))
    except ValueError:
        raise UnreadableError(f"row {row}: offsets `{start}` and `{end}` are no whole numbers") from None
    if not 0 <= span[0] <= span[1] <= LAST:
        raise UnreadableError(f"row {row}: a passage cannot run from {span[0]} to {span[1]}")
    return span
