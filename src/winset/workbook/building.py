"""A study built in code, for notebooks: values in, the same checks as of files."""

from __future__ import annotations

import atexit
import csv
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from winset.errors import Mistake, MistakesError
from winset.evidence.gathering import gather
from winset.evidence.tablefile import from_frame
from winset.study.loading import load
from winset.study.study import Study
from winset.study.yamlfile import dump_yaml, paths_by_line

Values = Mapping[str, Any]
Rows = Any
"""Maps, one a row, or a data frame of any library."""


def build(
    study: Values,
    *,
    questions: Values | None = None,
    scales: Values | None = None,
    instruments: Values | None = None,
    sources: Rows = (),
    polls: Rows = (),
    interviews: Rows = (),
) -> Study:
    """Build a study from values in the shape of its files.

    Parameters
    ----------
    study
        As in study.yaml.
    questions, scales, instruments
        By id, as in questions.yaml and instruments.yaml.
    sources, polls, interviews
        Rows with the columns of sources.csv, polls.csv and interviews.csv.

    Raises
    ------
    StudyError, EvidenceError
        With every mistake, each with the field or row in which it is.

    Examples
    --------
    >>> side = {"label": "North", "leader": {"label": "Premier"}, "constituencies": {"public": {"label": "Public"}},
    ...         "ratification": {"support": "public", "at_least": 0.5}, "order": {"land": ["all", "half"]}}
    >>> build({"study": "s", "title": "Land", "question": "How much?", "as_of": "2025-01-31", "sides": {"north": side},
    ...        "issues": {"land": {"label": "Land", "options": {"all": "All", "half": "Half"}}}})
    <Study s as of 2025-01-31: 1 sides, 1 issues, 0 proposals>
    """
    folder = Path(tempfile.mkdtemp(prefix="winset-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = {
        "study.yaml": dict(study),
        "questions.yaml": {"scales": dict(scales or {}), "questions": dict(questions or {})},
        "instruments.yaml": {"instruments": dict(instruments or {})},
    }
    for name, root in files.items():
        (folder / name).write_text(dump_yaml(_plain(root)), encoding="utf-8")
    for name, rows in (("sources", sources), ("polls", polls), ("interviews", interviews)):
        _write_rows(folder / f"{name}.csv", rows)
    try:
        made = load(folder)
        gather(made)
    except MistakesError as error:
        raise type(error)(_place(m, folder) for m in error.mistakes) from None
    return made


def _plain(value: Any) -> Any:
    """Maps, lists and scalars, in the place of whatever behaves like them."""
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump(exclude_defaults=True))
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _write_rows(path: Path, rows: Rows) -> None:
    listed = _listed(rows)
    if not listed:
        return
    columns = list(dict.fromkeys(c for r in listed for c in r))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in r.items()} for r in listed)


def _listed(rows: Rows) -> list[dict[str, Any]]:
    if isinstance(rows, Iterable) and not hasattr(rows, "columns"):
        return [dict(r) for r in rows]
    return from_frame(rows).to_dicts()


def _place(mistake: Mistake, folder: Path) -> Mistake:
    """A mistake with the field or row that it is in, in the place of a line."""
    path = Path(mistake.file)
    if path.suffix == ".yaml":
        found = paths_by_line(folder / path.name).get(mistake.line, ())
        return Mistake(": ".join([path.stem, ".".join(map(str, found))] if found else [path.stem]), 0, mistake.message)
    return Mistake(f"{path.stem}, row {mistake.line - 1}" if mistake.line > 1 else path.stem, 0, mistake.message)
