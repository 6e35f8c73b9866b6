"""Coded passages: who said what where, and which coder called it what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

CODINGS = pl.Schema(
    {
        "document": pl.String(),
        "start": pl.Int64(),
        "end": pl.Int64(),
        "quotation": pl.String(),
        "code": pl.String(),
        "coder": pl.String(),
        "speaker": pl.String(),
    },
)
"""Columns of codings. Offsets count code points from 0, the end is not included; a coding of a whole document has
neither. ``code`` is a path of nested codes joined by ``::``; ``speaker`` is the case, else the document."""

CASES = pl.Schema({"speaker": pl.String(), "attribute": pl.String(), "value": pl.String()})
"""Attributes of speakers, one a row."""

JOINT = "::"
"""Between a code and its parent."""

ONE_CODER = "coder"
"""Name where a file does not say who coded."""


@dataclass(frozen=True)
class Passage:
    """One coding, fields as in ``CODINGS``."""

    document: str
    start: int | None
    end: int | None
    quotation: str
    code: str
    coder: str
    speaker: str


@dataclass(frozen=True)
class Coded:
    """What was read from one or more files of coded interviews.

    Parameters
    ----------
    table
        Schema ``CODINGS``; equal passages coded alike by the same coder stand once.
    cases
        Schema ``CASES``.
    codes
        Every code of the codebook, used or not, with its description.
    documents
        Every document, coded or not.
    notes
        What was read how, and what could not be read; for people.
    """

    table: pl.DataFrame
    cases: pl.DataFrame
    codes: Mapping[str, str]
    documents: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        coders = self.table["coder"].n_unique()
        return f"<Coded: {self.table.height} codings of {len(self.documents)} documents by {coders} coders>"

    @property
    def coders(self) -> tuple[str, ...]:
        """Everybody who coded at least one passage."""
        return tuple(sorted(self.table["coder"].unique()))


def gather_codings(
    passages: Sequence[Passage],
    cases: Sequence[tuple[str, str, str]] = (),
    codes: Mapping[str, str] | None = None,
    documents: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Coded:
    """Put passages together; the same passage coded alike twice by one coder (a file exported twice) counts once.

    Ids are not compared: programs give new ones at every export.
    """
    table = pl.DataFrame([vars(p) for p in passages], schema=CODINGS)
    table = table.unique(
        ["document", "start", "end", "quotation", "code", "coder", "speaker"], keep="first", maintain_order=True
    )
    known = dict(codes or {}) | {c: "" for c in table["code"].unique(maintain_order=True) if c not in (codes or {})}
    listed = tuple(dict.fromkeys([*documents, *table["document"].unique(maintain_order=True)]))
    attributes = pl.DataFrame(list(dict.fromkeys(cases)), schema=CASES, orient="row")
    return Coded(table, attributes, known, listed, tuple(dict.fromkeys(notes)))


def join_codings(several: Sequence[Coded]) -> Coded:
    """One value of several files, a coder's own each, or parts of one corpus."""
    codes: dict[str, str] = {}
    for c in several:
        codes |= {k: v or codes.get(k, "") for k, v in c.codes.items()}
    return gather_codings(
        [Passage(**row) for c in several for row in c.table.iter_rows(named=True)],
        [row for c in several for row in c.cases.iter_rows()],
        codes,
        [d for c in several for d in c.documents],
        [n for c in several for n in c.notes],
    )
