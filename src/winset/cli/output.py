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

    from winset.acceptance import Diagnostics
    from winset.figures import Chart
    from winset.findings import Finding

SCHEMA_VERSION = 1
MOST_ROWS = 40
NARROW = 24
"""Characters that a column of text gets at least before a table is given up."""

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


def say(text: str) -> None:
    """Print progress or a warning; stop here if Ctrl-C was pressed and something swallowed it."""
    if _pressed:
        raise KeyboardInterrupt
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def read_day(text: str) -> dt.date:
    """A day that somebody typed."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"`{text}` is no date; write 2025-09-01") from None


def draw(path: Path, make: Callable[[], Chart]) -> None:
    """Write a chart to the file that --plot names."""
    kinds = (".svg", ".png", ".html")
    if path.suffix not in kinds:
        raise UsageError(f"--plot {path}: end the name in {', '.join(kinds)}")
    from winset.figures import picture
    from winset.runs.atomic import write_whole

    write_whole(path, picture(make(), path.suffix))
    say(f"drawn: {path}")


def out_json(content: dict[str, Any]) -> None:
    """Print a result for programs."""
    out(json.dumps({"schema_version": SCHEMA_VERSION, **content}, default=str, ensure_ascii=False, indent=1))


def out_findings(findings: Sequence[Finding], *, as_json: bool, fit: Diagnostics | None = None) -> None:
    """Print findings, as JSON or as sentences and tables; first of all that the fit behind them failed, if it did."""
    if as_json:
        told = {"fit": {"method": fit.method, "passed": fit.passed, "sentence": fit.sentence}} if fit else {}
        out_json({**told, "findings": [f.as_dict() for f in findings]})
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
        for line in table_lines(f.table.to_dicts()[:MOST_ROWS], width):
            out(line)
        if f.table.height > MOST_ROWS:
            out(f"... {f.table.height - MOST_ROWS} more rows; --json prints all")
        out(f"({f.rests_on})")
        out()


def table_lines(rows: Sequence[dict[str, Any]], width: int) -> list[str]:
    """Plain table; text is wrapped in its cell, and where even that is too wide, each row is a block of its own."""
    if not rows:
        return []
    cells = [[_cell(v) for v in r.values()] for r in rows]
    head = list(rows[0])
    if len(head) == 1:
        return [line for (c,) in cells for line in textwrap.wrap(c, width, subsequent_indent="  ")]
    widths = _fit_columns(head, cells, width)
    if widths is None:
        return [
            line
            for c in cells
            for line in textwrap.wrap(
                "; ".join(f"{h} {v}" for h, v in zip(head, c, strict=True)), width, subsequent_indent="  "
            )
        ]
    lines = []
    for row in [[h.replace("_", " ") for h in head], *cells]:
        parts = [textwrap.wrap(v, w) or [""] for v, w in zip(row, widths, strict=True)]
        for n in range(max(map(len, parts))):
            line = (p[n] if n < len(p) else "" for p in parts)
            lines.append("  ".join(v.ljust(w) for v, w in zip(line, widths, strict=True)).rstrip())
    return lines


def _fit_columns(head: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Widths of columns: heads may break at a low line, text between words; None where numbers alone are too wide."""
    words = [max(map(len, h.split("_"))) for h in head]
    wanted = [max(len(h), *(len(c[i]) for c in cells)) for i, h in enumerate(head)]
    least = [max(w, min(NARROW, max(len(c[i]) for c in cells))) for i, w in enumerate(words)]
    numbers = [all(" " not in c[i] and ";" not in c[i] for c in cells) for i in range(len(head))]
    least = [max(w, *(len(c[i]) for c in cells)) if number else v
             for i, (w, v, number) in enumerate(zip(words, least, numbers, strict=True))]  # fmt: skip
    spare = width - 2 * (len(head) - 1) - sum(least)
    if spare < 0:
        return None
    widths = list(least)
    for i in sorted(range(len(head)), key=lambda i: wanted[i] - least[i]):
        more = min(spare, wanted[i] - least[i])
        widths[i] += more
        spare -= more
    return widths


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}" if not 1e-5 <= abs(value) < 1e-3 else f"{value:.1e}"
    return str(value)
