"""Tables from the files that survey people have: CSV, Parquet, Arrow, SPSS, Stata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from winset.errors import UsageError, suggest
from winset.exports.opening import EMPTY

KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".sav": "sav",
    ".zsav": "sav",
    ".dta": "dta",
}


def read_table(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a table, value labels of SPSS and Stata in place of their codes.

    Parameters
    ----------
    columns
        Read only these: a file of gigabytes is streamed through.

    Returns
    -------
    Labelled columns as ``Enum`` in the order of their codes.

    Raises
    ------
    UsageError
        If the file is missing, of no known kind, damaged, or has labels that collide.

    Examples
    --------
    >>> read_table(Path("answers.doc"))
    Traceback (most recent call last):
    winset.errors.UsageError: answers.doc: no such file
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    suffixes = [s.lower() for s in path.suffixes]
    plain = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    kind = KINDS.get(plain)
    if kind is None:
        raise UsageError(f"{path}: unknown kind of table `{plain}`; one of {', '.join(KINDS)} (CSV may be .gz)")
    try:
        if kind in {"sav", "dta"}:
            return _labelled(path, kind, columns)
        return _plain(path, kind, columns)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as {kind} ({str(error).splitlines()[0]})") from None


def from_frame(frame: Any) -> pl.DataFrame:
    """A Polars table of any data frame that narwhals knows (pandas, Arrow, Modin, DuckDB ...).

    Raises
    ------
    UsageError
        If it is no data frame.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    try:
        known = nw.from_native(frame)
    except TypeError:
        raise UsageError(f"a {type(frame).__name__} is no data frame") from None
    eager = known.collect() if isinstance(known, nw.LazyFrame) else known
    try:
        return eager.to_polars()
    except ImportError:  # pandas hands text over by way of pyarrow, which need not be there
        return pl.DataFrame(eager.to_dict(as_series=False), strict=False)


def _plain(path: Path, kind: str, columns: Sequence[str] | None) -> pl.DataFrame:
    scans = {
        "csv": lambda: pl.scan_csv(path, null_values=EMPTY, infer_schema_length=10_000),
        "tsv": lambda: pl.scan_csv(path, separator="\t", null_values=EMPTY, infer_schema_length=10_000),
        "parquet": lambda: pl.scan_parquet(path),
        "arrow": lambda: pl.scan_ipc(path),
    }
    scan = scans[kind]()
    if columns is None:
        return scan.collect(engine="streaming")
    return scan.select(_known(path, columns, scan.collect_schema().names())).collect(engine="streaming")


def _labelled(path: Path, kind: str, columns: Sequence[str] | None) -> pl.DataFrame:
    import pyreadstat

    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    try:
        _, head = read(str(path), metadataonly=True)
        wanted = None if columns is None else _known(path, columns, head.column_names)
        frame, meta = read(str(path), usecols=wanted, output_format="polars", apply_value_formats=False)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise UsageError(f"{path}: cannot be read as {kind} ({error})") from None
    data = from_frame(frame)
    return data.with_columns(
        [label_values(path, data[c], labels) for c, labels in meta.variable_value_labels.items() if c in data.columns]
    )


def label_values(path: Path, column: pl.Series, labels: dict[Any, str]) -> pl.Series:
    """A column with labels in place of codes; codes without a label stay as they are written."""
    texts = {value: str(text).strip() for value, text in labels.items()}
    double = {t for t in texts.values() if list(texts.values()).count(t) > 1}
    if double:
        raise UsageError(
            f"{path}: two values of `{column.name}` carry the label `{sorted(double)[0]}`; tell them apart"
        )
    bare = [v for v in column.unique().drop_nulls().to_list() if v not in texts]
    if column.dtype.is_numeric() and len(bare) > len(texts):
        return column  # a number with a label or two, such as 99 = refused
    order = sorted([*texts, *bare], key=lambda v: (isinstance(v, str), v))
    names = [texts.get(v, f"{v:g}" if isinstance(v, float) else str(v)) for v in order]
    return column.replace_strict(order, names, return_dtype=pl.Enum(names))


def _known(path: Path, wanted: Sequence[str], present: Sequence[str]) -> list[str]:
    for c in wanted:
        if c not in present:
            raise UsageError(f"{path}: no column `{c}`{suggest(c, present)}")
    return list(dict.fromkeys(wanted))
