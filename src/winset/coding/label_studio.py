"""Label Studio's JSON export: spans of labels, choices for a whole text, the coder in ``completed_by``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from winset.coding.archive import UnreadableError
from winset.coding.coded import ONE_CODER, Coded, Passage, gather_codings

TEXT_TYPES = ("labels", "hypertextlabels", "choices")
NAMES = ("document", "title", "name", "id", "file", "filename")
SPEAKERS = ("speaker", "case", "respondent", "participant", "interviewee")


def read_tasks(tasks: Sequence[Mapping[str, Any]]) -> Coded:
    """Read the list of tasks of an export.

    Raises
    ------
    UnreadableError
        If a task lacks what every export has.
    """
    passages: list[Passage] = []
    cases: list[tuple[str, str, str]] = []
    documents: list[str] = []
    skipped = 0
    for n, task in enumerate(tasks):
        if not isinstance(task, Mapping) or "data" not in task:
            raise UnreadableError(f"task {n + 1} has no `data`; export as JSON (not JSON-MIN) from Label Studio")
        data = task["data"]
        name = str(next((data[k] for k in NAMES if k in data), task.get("id", n + 1)))
        speaker = str(next((data[k] for k in SPEAKERS if k in data), name))
        documents.append(name)
        cases += [(speaker, k, v) for k, v in data.items() if isinstance(v, str) and len(v) < 80 and k not in NAMES]
        texts = [v for v in data.values() if isinstance(v, str)]
        for annotation in task.get("annotations", task.get("completions", [])):
            if annotation.get("was_cancelled"):
                continue
            coder = _coder(annotation.get("completed_by"))
            for result in annotation.get("result", []):
                found = list(_passages(result, name, speaker, coder, texts))
                skipped += not found
                passages += found
    notes = ["offsets count code points, end not included, as Label Studio writes them"]
    notes += [f"{skipped} results that are neither labels nor choices were not read"] if skipped else []
    return gather_codings(passages, cases, {}, documents, notes)


def _coder(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("email") or value.get("username") or value.get("id") or ONE_CODER)
    return ONE_CODER if value is None else str(value)


def _passages(
    result: Mapping[str, Any], document: str, speaker: str, coder: str, texts: Sequence[str]
) -> Iterator[Passage]:
    kind, value = result.get("type"), result.get("value", {})
    if kind not in TEXT_TYPES:
        return
    offsets = value.get("globalOffsets", value)
    start, end = offsets.get("start"), offsets.get("end")
    if kind == "choices":
        start = end = None
    elif not (isinstance(start, int) and isinstance(end, int)):
        raise UnreadableError(f"a label in `{document}` has no character offsets (start {start!r})")
    said = value.get("text") or ""
    if start is not None and said and not any(_same(t[start:end], said) for t in texts):
        raise UnreadableError(
            f"`{document}` {start}-{end} says `{texts[0][start:end][:40] if texts else ''}` and is called `{said[:40]}`: "
            "shifted; export again"
        )
    for label in value.get(kind, []):
        yield Passage(document, start, end, said, str(label), coder, speaker)


def _same(a: str, b: str) -> bool:
    return "".join(a.split()) == "".join(b.split())
