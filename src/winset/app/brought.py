"""Files that somebody brings to a study, surveys and coded interviews: what was found in each, before it is evidence."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from winset.app.apart import read_apart
from winset.app.workspace import HIDDEN, Workspace, stem_of
from winset.coding import read_coded
from winset.conjoint.mapping import draft_mapping
from winset.errors import MistakesError, UsageError
from winset.evidence.mapping_codes import draft_codings
from winset.evidence.wide import read_export, read_labels
from winset.exports.opening import tell_encoding
from winset.exports.recognising import recognise_export
from winset.exports.tabulating import Tabulated, list_asked, list_weights, tabulate
from winset.runs.atomic import write_text
from winset.study import Study
from winset.study.yamlsubset import parse_yaml
from winset.workbook import load

TABLES = (".sav", ".zsav", ".dta", ".csv", ".tsv")
CODED = (".qdpx", ".qde", ".zip", ".json", ".jsonl", ".tsv", ".csv")
KINDS = tuple(dict.fromkeys([*TABLES, *CODED]))
FOUND, TYPED = "found.json", "typed.json"
SHARED = (
    *("instrument", "label", "by", "mode", "population", "selection"),
    *("source", "publisher", "title", "start", "end", "weight", "groups"),
)
"""Fields that are filled in once for all questions of a file."""


@dataclass(frozen=True)
class Found:
    """What was found in a file.

    Parameters
    ----------
    told
        What holds for the whole file.
    experiments
        Experiments as far as the file tells them, by name: fields as in experiments.yaml, `name-it` where a person has to say.
    notes, doubts
        What was taken for what in each experiment, and what could not be told.
    coding
        Coded interviews in the same way, as in codings.yaml; empty where there are none.
    codes
        Passages and speakers of each code.
    asked
        Columns that may be questions put one by one: name, wording, and how many people gave each value.
    """

    told: list[str] = field(default_factory=list)
    experiments: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    coding: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, list[int]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    @property
    def ways(self) -> dict[str, str]:
        """Ways in which the file may be taken, the likeliest first."""
        long = any(e.get("wide") or "task" in e for e in self.experiments.values())
        order = ["experiment", "answers"] if long else ["answers", "experiment"]
        has = {"experiment": self.experiments, "answers": self.asked, "coding": self.coding}
        return {w: WAYS[w] for w in ["coding", *order] if has[w]}


@dataclass(frozen=True)
class Counting:
    """What is to be counted of a question that was put by itself: what each value means, and whose each group is."""

    column: str
    answers: dict[str, str]
    weight: str
    by: str
    groups: dict[str, str]


WAYS = {
    "experiment": "People judged packages (a conjoint or factorial experiment)",
    "answers": "Questions put one by one",
    "coding": "Coded interviews",
}


class Brought:
    """Files brought to a study; they stay outside of it until somebody says what they mean."""

    def __init__(self, place: Workspace, study: str) -> None:
        self.place, self.study, self.path = place, study, place.study(study)
        self.folder = place.folder / HIDDEN / "files" / study

    def listed(self) -> list[str]:
        """Names of the files."""
        return sorted(p.parent.name for p in self.folder.glob(f"*/{FOUND}"))

    def take(self, name: str, content: bytes) -> str:
        """Read a file that somebody uploads, and remember what was found in it.

        Raises
        ------
        UsageError
            If it is of a kind that is not read, or holds nothing that could be evidence, or one of its name is here.
        """
        suffix = Path(name).suffix.lower()
        if suffix not in KINDS:
            raise UsageError(
                f"{name} is none of the kinds that are read here: {', '.join(KINDS)}. Save the sheet of a workbook as CSV; bring "
                "an article under what people are reported to have said"
            )
        own = f"{stem_of(Path(name).stem)}{suffix}"
        if own in self.listed():
            if self._file(own).read_bytes() == content:  # the same once more: what was found in it is here
                return own
            raise UsageError(f"another file `{own}` is here already; give this one another name")
        with tempfile.TemporaryDirectory() as kept:
            file = Path(kept) / own
            file.write_bytes(content)
            try:
                found = read_apart(name, read_brought, file, self.path)
            except UsageError as error:
                raise UsageError(str(error).replace(f"{kept}/", "")) from None
            (self.folder / own).mkdir(parents=True, exist_ok=True)
            shutil.move(file, self._file(own))
        write_text(self.folder / own / FOUND, json.dumps(asdict(found), ensure_ascii=False))
        return own

    def found(self, name: str) -> Found:
        """What was found in one of them."""
        return Found(**json.loads((self._known(name) / FOUND).read_text(encoding="utf-8")))

    def typed(self, name: str, part: str) -> dict[str, str]:
        """What was filled in so far: for all parts of a file, and for one of them."""
        kept = self._typed(name)
        return kept.get("", {}) | kept.get(part, {})

    def keep(self, name: str, part: str, fields: Mapping[str, str]) -> None:
        """Remember what was filled in; who asked and where it is from hold for all parts."""
        kept = self._typed(name)
        for k, text in fields.items():
            kept.setdefault("" if k in SHARED else part, {})[k] = text
        write_text(self._known(name) / TYPED, json.dumps(kept, ensure_ascii=False))

    def _typed(self, name: str) -> dict[str, dict[str, str]]:
        kept = self._known(name) / TYPED
        return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}

    def file(self, name: str) -> Path:
        """The file itself."""
        self._known(name)
        return self._file(name)

    def remove(self, name: str) -> None:
        """Forget a file; what was taken in from it stays."""
        shutil.rmtree(self._known(name))

    def beside(self, name: str) -> str:
        """Name under which a file lies beside the workbook that reads it: of the study, and taken by no other."""
        content, plain = self.file(name).read_bytes(), f"{Path(self.study).stem}.{name}"
        for n in range(1, 1000):
            free = plain if n == 1 else f"{Path(plain).stem}-{n}{Path(plain).suffix}"
            there = self.place.folder / free
            if not there.exists() or there.read_bytes() == content:
                return free
        raise UsageError(f"`{name}` is taken; give the file another name")

    def count(self, name: str, counting: Counting) -> dict[str, Tabulated]:
        """Answers to a question by group; see ``tabulate``."""
        return read_apart(name, _count, self.file(name), counting)

    def _known(self, name: str) -> Path:
        if name not in self.listed():
            raise UsageError(f"no file `{name[:80]}` was brought here")
        return self.folder / name

    def _file(self, name: str) -> Path:
        return self.folder / name / f"file{Path(name).suffix}"


def read_brought(file: Path, study: Path) -> Found:
    """What a file holds.

    Raises
    ------
    UsageError
        If it holds nothing that could be evidence.
    """
    known, why = load(study), []
    parts: dict[str, Any] = {}
    for kinds, read in ((TABLES, _read_table), (CODED, _read_codings)):
        if file.suffix in kinds:
            try:
                parts |= read(file, known)
            except MistakesError as error:
                why.append("; ".join(m.message for m in error.mistakes))
            except UsageError as error:
                why.append(str(error).replace(f"{file}: ", ""))
    found = Found(**parts)
    if not found.ways:
        raise UsageError(
            f"nothing in {file.name} can be taken as answers: {'; '.join(why) or 'no column has few values'}"
        )
    return found


def _read_table(file: Path, known: Study) -> dict[str, Any]:
    table, labels = read_export(file), read_labels(file)
    seen: dict[str, Any] = {
        "told": tell_encoding(file),
        "asked": [asdict(a) | {"values": dict(a.values)} for a in list_asked(table, labels)],
        "weights": list_weights(table),
        "columns": table.columns,
    }
    try:
        recognised = recognise_export(table, labels)
        drafted = parse_yaml(draft_mapping(table, file.name, known, labels=labels))["experiments"]
    except UsageError:
        return seen
    of_file = [f"written by {recognised.make}", *recognised.told]
    return seen | {
        "told": [*seen["told"], *of_file],
        "experiments": json.loads(json.dumps(drafted, default=str)),
        "notes": {d.name: list(d.told) for d in recognised.drafts},
        "doubts": {d.name: list(d.doubts) for d in recognised.drafts},
    }


def _read_codings(file: Path, known: Study) -> dict[str, Any]:
    coded = read_coded(file)
    drafted = parse_yaml(draft_codings(coded, [file.name], known))["codings"]
    counts = {code: [0, 0] for code in coded.codes}
    for (code,), rows in coded.table.group_by("code"):
        counts[str(code)] = [rows.height, rows["speaker"].n_unique()]
    told = [*coded.notes, f"{len(coded.documents)} documents, coded by {', '.join(coded.coders) or 'nobody named'}"]
    return {"coding": json.loads(json.dumps(drafted["interviews-1"], default=str)), "codes": counts, "told": told}


def _count(file: Path, counting: Counting) -> dict[str, Tabulated]:
    told = {"weight": counting.weight or None, "groups": (counting.by, counting.groups) if counting.by else None}
    return tabulate(read_export(file), counting.column, counting.answers, **told)
