"""doccano's JSON lines: ``{"text": ..., "label": [[start, end, tag], ...]}``, one file a coder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from winset.coding.archive import UnreadableError
from winset.coding.coded import Coded, Passage, gather_codings

SPEAKERS = ("speaker", "case", "respondent", "participant")


def read_lines(lines: Sequence[Mapping[str, Any]], coder: str) -> Coded:
    """Read the parsed lines of an export; doccano names the coder in the file's name only.

    Raises
    ------
    UnreadableError
        If a line has no text, or a label leaves the text.
    """
    passages: list[Passage] = []
    documents: list[str] = []
    for n, line in enumerate(lines, 1):
        if not isinstance(line.get("text"), str):
            raise UnreadableError(f"line {n} has no `text`")
        meta = line.get("meta") if isinstance(line.get("meta"), Mapping) else {}
        known = {**line, **(meta or {})}
        name = str(known.get("document") or known.get("filename") or known.get("id") or n)
        speaker = str(next((known[k] for k in SPEAKERS if known.get(k)), name))
        documents.append(name)
        for start, end, tag in _labels(line, n):
            said = "" if start is None else line["text"][start:end]
            passages.append(Passage(name, start, end, said, tag, coder, speaker))
    return gather_codings(
        passages, (), {}, documents, ["offsets count code points, end not included; nothing to check them against"]
    )


def _labels(line: Mapping[str, Any], n: int) -> Iterator[tuple[int | None, int | None, str]]:
    for given in line.get("label") or line.get("labels") or line.get("entities") or []:
        if isinstance(given, str):
            yield None, None, given
            continue
        named = isinstance(given, Mapping)
        start, end, tag = (given.get(k) for k in ("start_offset", "end_offset", "label")) if named else given
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(line["text"])):
            raise UnreadableError(
                f"line {n}: label {[start, end, tag]} leaves the text of {len(line['text'])} characters"
            )
        yield start, end, str(tag)
