"""Files of experiments, long or wide -> one row a profile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from winset.errors import UsageError, suggest
from winset.evidence.tablefile import read_table
from winset.exports import OUTSIDE, Layout, Long, reshape
from winset.exports.headings import with_numbers
from winset.exports.opening import TEXTS, check_kind, is_plain, read_text_table, tell_encoding
from winset.exports.recognising import is_design
from winset.exports.rows import fill_down, keep_where, name_profiles
from winset.study import NOT_SHOWN, Wide

ROW = "winset:row"
"""Row of a long file, as a spreadsheet numbers it."""
STREAMED = (".csv", ".tsv")
"""Endings of text tables of which single columns are streamed."""
MOST_BYTES = 50_000_000
"""Larger files beside are no design."""


def read_export(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a table as a survey program left it: UTF-16, semicolons and tabs too.

    Parameters
    ----------
    columns
        Read only these.

    Raises
    ------
    UsageError
        If it is missing, a workbook, empty, damaged, or has a heading twice.
    """
    check_kind(path)
    suffix = path.suffix.lower()
    if suffix not in TEXTS or (columns is not None and suffix in STREAMED and is_plain(path)):
        return read_table(path, columns)
    table = read_text_table(path)
    for c in columns or ():
        if c not in table.columns:
            raise UsageError(f"{path}: no column `{c}`{suggest(c, table.columns)}")
    return with_numbers(table if columns is None else table.select(list(dict.fromkeys(columns))))


def read_judged(path: Path, layout: Layout) -> Long:
    """Judged packages of a file, one row a profile, with a line for everything that was assumed or left out.

    Raises
    ------
    UsageError
        If the file cannot be read, or its columns are not what the layout says.
    """
    table = read_export(path, None if layout.wide else layout.columns)
    if layout.wide is None:
        table = table.with_row_index(ROW, offset=2)
    notes = [] if _streamed(path, layout) else tell_encoding(path)
    table, kept = keep_where(table, layout.where)
    table, told = fill_down(table, layout.fill_down)
    notes += [*kept, *told]
    if layout.wide is None:
        return _long(table, layout, notes)
    design = layout.wide.design
    shown = read_export(path.parent / design.file) if design else None
    wanted = None if layout.wide.names or layout.wide.packed or design else layout.attributes
    long = reshape(
        table, layout.wide, layout.respondent, layout.keep, attributes=wanted, shown=shown, partial=layout.partial
    )
    for a in layout.attributes:
        if a not in long.attributes:
            raise UsageError(f"{path}: no attribute `{a}`{suggest(a, long.attributes)}")
    return Long(long.table, long.repeats, long.attributes, (*notes, *long.notes))


def _streamed(path: Path, layout: Layout) -> bool:
    return layout.wide is None and path.suffix.lower() in STREAMED and is_plain(path)


def _long(table: pl.DataFrame, layout: Layout, notes: list[str]) -> Long:
    told: list[str] = []
    if layout.names_profile and layout.task and layout.profile:
        table, told = name_profiles(table, layout.respondent, layout.task, layout.profile, layout.outcome)
        chosen = pl.col(layout.outcome).sum().over(layout.respondent, layout.task)
        table = table.with_columns((chosen == 0).alias(OUTSIDE))
    if layout.partial:
        filled = [pl.col(a).cast(pl.String).fill_null(NOT_SHOWN) for a in layout.attributes]
        table = table.with_columns(filled)
    notes = [*notes, *told]
    return Long(table, table.clear(), layout.attributes, tuple(notes), layout.task, layout.profile, layout.outcome)


def reshape_wide(table: pl.DataFrame, wide: Wide, respondent: str, keep: Sequence[str] = ()) -> pl.DataFrame:
    """One row a profile: columns ``respondent``, task, profile, outcome, ``keep`` and one for each attribute.

    Where the outcome has no {profile} it names the chosen one: its number, letter or side, its own text, or its place in order.

    Raises
    ------
    UsageError
        If no column fits a pattern, or an answer names no profile.
    """
    return reshape(table, wide, respondent, keep).table.drop(OUTSIDE)


def read_labels(path: Path) -> dict[str, str]:
    """Texts of questions by column, where SPSS or Stata keeps them beside the table."""
    suffix = path.suffix.lower()
    if suffix not in {".sav", ".zsav", ".dta"}:
        return {}
    import pyreadstat

    read = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
    _, meta = read(str(path), metadataonly=True)
    return {c: text for c, text in meta.column_names_to_labels.items() if text}


def find_designs(path: Path) -> dict[str, pl.DataFrame]:
    """Tables beside a file that may say what was shown: version, task, concept."""
    found = {}
    for beside in sorted(path.parent.glob("*.csv")):
        if beside == path or beside.stat().st_size > MOST_BYTES:
            continue
        try:
            table = read_export(beside)
        except UsageError:
            continue  # whatever else lies there is no mistake of this file
        if is_design(table):
            found[beside.name] = table
    return found
