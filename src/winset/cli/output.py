"""Results on stdout, everything else on stderr."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
import signal
import sys
import textwrap
import threading
from typing import TYPE_CHECKING, Any

from winset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import FrameType

    import polars as pl

    from winset.acceptance import Diagnostics
    from winset.figures import Chart
    from winset.findings import Finding
    from winset.runs.told import Verdict
    from winset.study import Study

SCHEMA_VERSION = 1
MOST_ROWS = 40
LONG = 100
"""Characters from which on a text is given lines of its own, under what is short."""

EVERYWHERE = {"--csv": "tables alone, as CSV", "--quiet": "no progress"}
"""What every command takes, at any place."""

_asked: set[str] = set()
_tables: list[bool] = []
_pressed: list[int] = []
_held: list[bool] = []


def watch_ctrl_c() -> None:
    """Remember Ctrl-C: an interrupt that falls into an import or a callback of a library is easily lost."""

    def note(number: int, _: FrameType | None) -> None:
        _pressed.append(number)
        if not _held:
            raise KeyboardInterrupt

    _pressed.clear()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, note)


@contextlib.contextmanager
def hold_ctrl_c() -> Iterator[None]:
    """Put Ctrl-C off until the block is done: compiled libraries crash when an interrupt cuts their import short."""
    _held.append(True)
    try:
        yield
    finally:
        _held.pop()
    if _pressed:
        raise KeyboardInterrupt


def forget_ctrl_c() -> None:
    """Go on as if Ctrl-C had not been pressed, to say the last words."""
    _pressed.clear()


def out(text: str = "") -> None:
    """Print a result."""
    sys.stdout.write(text + "\n")


def take_everywhere(arguments: Sequence[str]) -> list[str]:
    """What is left of a command line without the options that every command takes, which are remembered."""
    _asked.clear()
    _tables.clear()
    end = arguments.index("--") if "--" in arguments else len(arguments)
    if {"--csv", "--json"} <= set(arguments[:end]):
        raise UsageError("--csv and --json are two forms of one answer; choose one")
    _asked.update(a for a in arguments[:end] if a in EVERYWHERE)
    return [a for n, a in enumerate(arguments) if n >= end or a not in EVERYWHERE]


def tell_unheard() -> None:
    """That a command had no table to print as CSV, where somebody asked for it."""
    if "--csv" in _asked and not _tables:
        warn("--csv changed nothing: this command prints no tables; look for --json in its --help")


def say(text: str) -> None:
    """Print progress, unless somebody wants quiet; stop here if Ctrl-C was pressed and something swallowed it."""
    if _pressed:
        raise KeyboardInterrupt
    if "--quiet" not in _asked:
        warn(text)


def warn(text: str) -> None:
    """Print a mistake or a warning, which nobody can switch off."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def read_day(text: str) -> dt.date:
    """A day that somebody typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"`{text}` is no date; write 2025-09-01") from None


def draw(path: Path, make: Callable[[], Chart], width: float | None = None, dots: float | None = None) -> None:
    """Write a chart to the file that somebody named; ``width`` in centimetres, ``dots`` per inch."""
    kinds = (".svg", ".pdf", ".png", ".html")
    if path.suffix not in kinds:
        raise UsageError(f"{path}: end the name of the picture in {', '.join(kinds)}")
    from winset.figures import DOTS, picture
    from winset.runs.atomic import write_whole

    write_whole(path, picture(make(), path.suffix, width, dots or DOTS))
    say(f"drawn: {path}")


def out_json(content: dict[str, Any]) -> None:
    """Print a result for programs."""
    out(json.dumps({"schema_version": SCHEMA_VERSION, **content}, default=str, ensure_ascii=False, indent=1))


def out_findings(
    findings: Sequence[Finding], *, as_json: bool, fit: Diagnostics | Verdict | None = None, study: Study | None = None
) -> None:
    """Print findings, as JSON or as sentences and tables; first of all that the fit behind them failed, if it did.

    Parameters
    ----------
    study
        Whose labels stand in the tables in place of ids.
    """
    if as_json:
        told = {"fit": {"method": fit.method, "passed": fit.passed, "sentence": fit.sentence}} if fit else {}
        out_json({**told, "findings": [f.as_dict() for f in findings]})
        return
    if wants_csv():
        _out_csv(findings, fit)
        return
    width = shutil.get_terminal_size((100, 24)).columns
    if fit is not None and not fit.passed:
        for line in textwrap.wrap(fit.sentence, width):
            out(line)
        out()
    for f in findings:
        out(f.question)
        for line in textwrap.wrap(f.sentence, width):
            out(line)
        _draw_table(f.table, study, width)
        if f.table.height > MOST_ROWS:
            out(f"... {f.table.height - MOST_ROWS} more rows; --json prints all")
        for line in textwrap.wrap(f"({f.rests_on})", width):
            out(line)
        out()


def _out_csv(findings: Sequence[Finding], fit: Diagnostics | Verdict | None) -> None:
    """The tables; above each its id where there are several, so that a program can tell them apart."""
    if fit is not None and not fit.passed:
        warn(fit.sentence)
    tables = [f for f in findings if f.table.width]
    for n, f in enumerate(tables):
        if len(tables) > 1:
            out(f"{chr(10) if n else ''}# {f.id}")
        out_csv(f.table)


def wants_csv() -> bool:
    """Whether tables alone are asked for."""
    return "--csv" in _asked


def out_csv(table: pl.DataFrame) -> None:
    """Print a table as CSV, without columns that hold lists."""
    _tables.append(True)
    flat = [c for c, kind in table.schema.items() if not kind.is_nested()]
    out(table.select(flat).write_csv().rstrip("\n"))


def _draw_table(table: pl.DataFrame, study: Study | None, width: int) -> None:
    """A table that wraps at words; where its columns do not fit, each row is a block of its own."""
    if not table.height:
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from winset.findings.labelling import label_table, plain_table

    rows = label_table(table.head(MOST_ROWS), study) if study else plain_table(table.head(MOST_ROWS))
    heads = list(rows[0])
    least = {h: max(_longest_word(h), *(_longest_word(r[h]) for r in rows)) for h in heads}
    long = [h for h in heads if max(len(r[h]) for r in rows) > LONG]
    if long or sum(least.values()) + 2 * len(heads) > width:
        for row in rows:
            _print_block(row, long, width)
        return
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for head in heads:
        number = all(r[head][:1].isdigit() or r[head][:1] in "<>-" for r in rows)
        drawn.add_column(head, min_width=least[head], justify="right" if number else "left")
    for row in rows:
        drawn.add_row(*row.values())
    Console(width=width, highlight=False).print(drawn)


def _print_block(row: dict[str, str], long: Sequence[str], width: int) -> None:
    """A row that is too wide for a table: what is short in one paragraph, each long text in its own."""
    short = "; ".join(f"{h} {v}" for h, v in row.items() if h not in long)
    for text in (short, *(f"  {row[h]}" for h in long)):
        out("\n".join(textwrap.wrap(text, width, subsequent_indent="    ")))


def _longest_word(text: str) -> int:
    return max((len(w) for w in text.split()), default=0)
