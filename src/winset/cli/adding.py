"""Reviewed statements into a study's files: all of them or none, the files as they were stay beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from winset.cli.output import out, warn
from winset.statements import StatementRows
from winset.workbook.statements import INTERVIEWS, POLLS, add_statements, read_text, widened


def add_to_folder(folder: Path, rows: StatementRows) -> None:
    """Add rows to interviews.csv and polls.csv; if they do not fit the study, both are as they were."""
    from winset.evidence import gather
    from winset.evidence.interviews import append_statements
    from winset.evidence.polls import OPTIONAL, REQUIRED
    from winset.runs.atomic import write_text
    from winset.workbook import load

    new = {}
    if rows.interviews:
        new[INTERVIEWS] = append_statements(folder, rows.interviews)[0]
    if rows.polls:
        new[POLLS] = append_polls(read_text(folder / POLLS), rows.polls, [*REQUIRED, *OPTIONAL])
    before = {name: read_text(folder / name) for name in new}
    for name, text in new.items():
        if before[name]:
            write_text(folder / f"{name}.before", before[name])
        write_text(folder / name, text)
    try:
        gather(load(folder))
    except Exception:
        for name, text in before.items():
            if text:
                write_text(folder / name, text)
            else:
                (folder / name).unlink()
        warn("nothing was added: the rows do not fit the study")
        raise
    for name, added in ((INTERVIEWS, rows.interviews), (POLLS, rows.polls)):
        if added:
            kept = f"; {name}.before is the file as it was" if before[name] else ""
            out(f"{len(added)} statements added to {folder / name}{kept}")


def append_polls(text: str, rows: Sequence[Mapping[str, str]], known: Sequence[str]) -> str:
    r"""A table with rows added; a column that it lacks and a row fills is added on the right.

    Examples
    --------
    >>> known = ["poll", "n", "count"]
    >>> append_polls("poll,n\na,9\n", [{"poll": "b", "n": "8", "count": "6"}], known).split()
    ['poll,n,count', 'a,9,', 'b,8,6']
    """
    table = [*csv.reader(io.StringIO(text, newline=""))]
    old = [h.strip() for h in table[0]] if table else []
    header = old or [c for c in known if c not in {"n_eff", "margin", "sample", "confidence"}]
    lacking = [c for c in known if c not in header and any(r.get(c) for r in rows)]
    new = io.StringIO(newline="")
    writer = csv.DictWriter(new, [*header, *lacking], extrasaction="ignore", lineterminator="\n")
    writer.writerows(rows)
    if old and not lacking:
        return (text if text.endswith("\n") else f"{text}\n") + new.getvalue()
    whole = io.StringIO(newline="")
    plain = csv.writer(whole, lineterminator="\n")
    plain.writerow([*header, *lacking])
    plain.writerows([*line, *[""] * len(lacking)] if line else line for line in table[1:])
    return whole.getvalue() + new.getvalue()


def add_to_workbook(path: Path, rows: StatementRows) -> None:
    """Add rows to the sheets; the workbook as it was stays beside it, and nothing is written if the rows do not fit."""
    from winset.runs.atomic import write_whole

    try:
        content = add_statements(path, rows)
    except Exception:
        warn("nothing was added: the rows do not fit the study")
        raise
    before = path.with_name(f"{path.stem}.before{path.suffix}")
    write_whole(before, path.read_bytes())
    write_whole(path, content)
    for sheet, added in {"Interviews": rows.interviews, "Polls": widened(rows.polls)}.items():
        if added:
            out(f"{len(added)} statements added to {path}, sheet {sheet}; {before.name} is the workbook as it was")
