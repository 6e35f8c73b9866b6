"""What somebody fills in about a file that was brought -> rows of the study's sheets, or what is still to be said."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.app.brought import Counting, Found
from winset.errors import UsageError
from winset.evidence.dates import read_day
from winset.exports.tabulating import Tabulated
from winset.study import Study
from winset.study.experiment import OPEN_LEVEL
from winset.workbook.entering import Rows, free_id, tree_rows
from winset.workbook.sheets import FIXED, NO_ANSWER

UNSAID = "name-it"
"""What a draft holds where a person has to say."""
LEFT_OUT = "-"
Fields = Mapping[str, str]
INSTRUMENT = ("label", "by", "mode", "population", "selection")
SOURCE = ("publisher", "title")
WORDS = {
    "label": "the name of who asked",
    "by": "the pollster or reporter",
    "mode": "how people were asked",
    "population": "of whom they are a sample",
    "selection": "how they were found",
    "publisher": "who published it",
    "title": "the title of the source",
}


@dataclass
class Entered:
    """Rows as far as they are known.

    Parameters
    ----------
    lacking
        What is still to be said, each as the end of a sentence.
    shared
        Instrument and source that it went under; further parts of the file are from there too.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)

    def lack(self, what: str) -> None:
        """Remember what is missing, once."""
        if what not in self.lacking:
            self.lacking.append(what)

    def add(self, sheet: str, rows: Iterable[dict[str, Any]]) -> None:
        """Add rows to a sheet."""
        self.rows.setdefault(sheet, []).extend(rows)

    @property
    def whole(self) -> Rows:
        """The rows, what is declared before what names it."""
        order = ("Sources", "Instruments", "Questions")
        return {s: self.rows[s] for s in sorted(self.rows, key=lambda s: order.index(s) if s in order else len(order))}


def check_choice(what: str, value: str, there: Collection[Any]) -> None:
    """Refuse what no page of ours offers; nothing chosen is told elsewhere.

    Raises
    ------
    UsageError
        If it is not among what there is.
    """
    if value and value not in there:
        raise UsageError(f"the study has no {what} `{value[:80]}`; choose one of those on the page")


def _common(entered: Entered, fields: Fields, known: Study, file: str, kind: str) -> dict[str, str]:
    """Instrument and source, as the study has them or as new ones."""
    found = {"instrument": fields.get("instrument", ""), "source": fields.get("source", "")}
    check_choice("instrument", found["instrument"], known.instruments)
    check_choice("source", found["source"], known.sources)
    if not found["instrument"]:
        said = _said(entered, fields, INSTRUMENT)
        found["instrument"] = free_id(said["label"], known.instruments, Path(file).stem.lower())
        if said["selection"] and said["selection"] not in FIXED["selection"]:
            raise UsageError(f"`{said['selection']}` is no way of finding people; choose one of those on the page")
        entered.add("Instruments", [said | {"id": found["instrument"], "kind": kind}])
    if not found["source"]:
        said = _said(entered, fields, SOURCE)
        found["source"] = free_id(said["title"], known.sources, Path(file).stem.lower())
        entered.add("Sources", [said | {"id": found["source"]}])
    entered.shared = found
    return found


def _said(entered: Entered, fields: Fields, names: Iterable[str]) -> dict[str, str]:
    said = {n: fields.get(n, "").strip() for n in names}
    for n, text in said.items():
        if not text:
            entered.lack(WORDS[n])
    return said


def _group(entered: Entered, fields: Fields, known: Study, name: str = "constituency") -> tuple[str, str]:
    """Side and id of a constituency that was chosen."""
    side, _, own = fields.get(name, "").partition(".")
    if not own:
        entered.lack("of which constituency the people are")
    else:
        check_choice("constituency", f"{side}.{own}", [f"{s}.{c}" for s, c in known.constituencies()])
    return side, own


def _day(entered: Entered, text: str, what: str) -> dt.date | None:
    if not text.strip():
        entered.lack(what)
        return None
    try:
        return read_day(text.strip(), last=False)
    except ValueError:
        raise UsageError(f"`{text.strip()[:40]}` is no day; write 2025-05-17 or 2025-05") from None


def enter_experiment(found: Found, name: str, fields: Fields, known: Study, file: str) -> Entered:
    """An experiment.

    Parameters
    ----------
    name
        Which of those that were found.
    file
        Name under which the file lies beside the workbook.
    """
    entered, entry = Entered(), copy.deepcopy(found.experiments[name])
    side, group = _group(entered, fields, known)
    entry |= {
        "file": file,
        "constituency": group,
        "date": _day(entered, fields.get("date", ""), "the middle of the field work"),
    }
    for role in ("respondent", "task", "profile", "outcome"):
        if fields.get(f"column-{role}"):
            entry[role] = fields[f"column-{role}"]
        if entry.get(role) == UNSAID:
            entered.lack(f"which column is the {role}")
    own = free_id(Path(file).stem.rpartition(".")[2], [*known.experiments, *known.questions], "experiment")
    entry["attributes"] = _attributes(entered, entry["attributes"], fields, known)
    entry |= _common(entered, fields, known, own, "experiment")
    entry["question"] = _question(entered, entry, fields, known, side, own)
    entered.add("Experiments", tree_rows("Experiments", own, entry))
    return entered


def _question(entered: Entered, entry: dict[str, Any], fields: Fields, known: Study, side: str, own: str) -> str:
    """The question that packages were judged by; for ratings also which value is which answer of its scale."""
    chosen = fields.get("question", "")
    check_choice("question", chosen, known.questions)
    scale = known.questions[chosen].scale if chosen else "yes-no"
    if entry.get("answers"):
        named = [fields.get(f"answer-{n}", "") for n in range(len(entry["answers"]))]
        scales = {s for s, _, a in (x.partition("/") for x in named) if a}
        if not all(named):
            entered.lack("which answer each value is")
        elif len(scales) > 1 or (chosen and scales != {scale}):
            entered.lack("answers of one scale, that of the question")
        entry["answers"] = dict(zip(entry["answers"], (x.partition("/")[2] for x in named), strict=True))
        scale = next(iter(scales), scale)
    if chosen:
        return chosen
    wording = fields.get("wording", "").strip()
    if not wording:
        entered.lack("what people were asked")
    row = {"id": own, "wording": wording, "side": side, "kind": "package"} | (
        {} if scale == "yes-no" else {"scale": scale}
    )
    entered.add("Questions", [row])
    return own


def _attributes(entered: Entered, drafted: dict[str, Any], fields: Fields, known: Study) -> dict[str, Any]:
    """Which option each level is; an attribute whose levels are left out is not part of the study."""
    made: dict[str, Any] = {}
    for a, (attribute, entry) in enumerate(drafted.items()):
        chosen = {level: fields.get(f"level-{a}-{n}", "") for n, level in enumerate(entry["levels"])}
        if set(chosen.values()) in ({LEFT_OUT}, {LEFT_OUT, ""}):
            continue
        issues = {i for i, _, o in (x.partition("=") for x in chosen.values()) if o}
        if not all(chosen.values()) or LEFT_OUT in chosen.values():
            entered.lack(f"what each level of “{attribute}” means (or leave the attribute out, at any of them)")
        elif len(issues) != 1:
            entered.lack(f"options of one issue for all levels of “{attribute}”")
        options = {level: x.partition("=")[2] or OPEN_LEVEL for level, x in chosen.items()}
        made[attribute] = {"issue": next(iter(issues), UNSAID), "levels": options}
        if len(issues) == 1:
            known.space.issue(next(iter(issues)))
    if not made:
        entered.lack("which of the levels are options of the study")
    return made


def enter_coding(found: Found, fields: Fields, known: Study, file: str) -> Entered:
    """A body of coded interviews."""
    entered, entry = Entered(), copy.deepcopy(found.coding)
    entry |= {"files": [file], "date": _day(entered, fields.get("date", ""), "the middle of the field work")}
    if (groups := entry.pop("constituencies", None)) and not fields.get("constituency"):
        values = {v: _group(entered, fields, known, f"group-{n}")[1] for n, v in enumerate(groups["values"])}
        entry["constituencies"] = groups | {"values": values}
        entry.pop("constituency", None)
    else:
        entry["constituency"] = _group(entered, fields, known)[1]
    codes: dict[str, Any] = {}
    for n, code in enumerate(entry["codes"]):
        means, theme = fields.get(f"means-{n}", ""), fields.get(f"theme-{n}", "").strip()
        if means == LEFT_OUT:
            codes[code] = "ignore"
        elif means in known.questions:
            stance = fields.get(f"stance-{n}", "")
            if stance not in FIXED["stance"]:
                entered.lack(f"the stance of “{code}”")
            else:
                codes[code] = {"question": means, "stance": int(stance)} | ({"theme": theme} if theme else {})
        elif means == "theme" and theme:
            codes[code] = {"theme": theme}
        else:
            entered.lack(f"what “{code}” means")
    if not any(isinstance(c, dict) for c in codes.values()):
        entered.lack("what at least one code means")
    own = free_id(Path(file).stem.rpartition(".")[2], known.codings, "interviews")
    entry = entry | _common(entered, fields, known, own, "interviews") | {"codes": codes}
    entered.add("Codings", tree_rows("Codings", own, entry))
    return entered


def enter_answers(found: Found, fields: Fields, known: Study, file: str) -> tuple[Entered, Counting, dict[str, Any]]:
    """Answers to one question: what is still to be said, what to count, and what all rows have in common."""
    entered, column = Entered(), fields.get("column", "")
    asked = {a["column"]: a for a in found.asked}
    if column not in asked or fields.get("asked", "") not in known.questions:
        raise UsageError("choose a column and the question of the study that it puts")
    question, by = known.questions[fields["asked"]], fields.get("groups", "")
    allowed = {*known.scales[question.scale].answers, "accept", "reject", *NO_ANSWER}
    answers = {v: fields.get(f"answer-{n}", "") for n, v in enumerate(asked[column]["values"])}
    if not all(answers.values()):
        entered.lack("what each value means")
    said = {v: a for v, a in answers.items() if a not in {LEFT_OUT, ""}}
    if not said:
        entered.lack("which values are answers")
    if set(said.values()) - allowed:
        raise UsageError(f"`{min(set(said.values()) - allowed)}` is no answer of the question's scale")
    if by and by not in asked:
        raise UsageError(f"`{by[:40]}` is no column that tells groups apart; choose one of those on the page")
    if by:
        chosen = {v: fields.get(f"group-{n}", "") for n, v in enumerate(asked[by]["values"])}
        for n, value in enumerate(chosen.values()):
            if value != LEFT_OUT:
                _group(entered, fields, known, f"group-{n}")
        groups = {v: g for v, g in chosen.items() if g not in {LEFT_OUT, ""}}
        if not groups:
            entered.lack("of which constituency the people are")
    else:
        groups = {"": ".".join(_group(entered, fields, known))}
    days = {k: fields.get(k, "").strip() for k in ("start", "end")}
    for k, text in days.items():
        _day(entered, text, f"the {k} of the field work")
    weight = fields.get("weight", "")
    if weight and weight not in found.columns:
        raise UsageError(f"the file has no column `{weight[:40]}`")
    common = _common(entered, fields, known, Path(file).stem, "poll")
    common |= days | {"question": fields["asked"], "sample": free_id(Path(file).stem, (), "survey")}
    return entered, Counting(column, said, weight, by, groups), common


def poll_rows(counted: Mapping[str, Tabulated], counting: Counting, common: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row for each group."""
    made = []
    for key, told in counted.items():
        side, _, group = (key or counting.groups.get("", "")).partition(".")
        row = {**common, "side": side, "constituency": group, "n": told.n, **dict(told.shares)}
        made.append(row | ({} if told.n_eff is None else {"n_eff": told.n_eff}))
    return made
