"""Small exports of every make, with invented answers: 24 people, 4 tasks, 2 plans, people like the river and the joint dam."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

LEVELS = {
    "Border": ("old line", "ridge", "river"),
    "Dam": ("ours", "theirs", "joint"),
    "Guards": ("none", "neighbours", "UN"),
}
PEOPLE, TASKS = 24, 4
SHAPE = (PEOPLE, TASKS, 2, len(LEVELS))
_draw = np.random.default_rng(11)
SHOWN = _draw.integers(0, 3, SHAPE)
"""Level of every attribute: person, task, plan, attribute."""
CHOSEN = (SHOWN.sum(-1) + _draw.normal(scale=0.7, size=SHAPE[:3])).argmax(-1)
"""Plan that was chosen, 0 or 1: person, task."""
RATED = np.clip(SHOWN.sum(-1) + 1, 1, 7)
ORDER = np.stack([_draw.permutation(len(LEVELS)) for _ in range(PEOPLE)])
"""Attribute in every slot, shuffled for each person."""

Columns = dict[str, list[Any]]


def level(person: int, task: int, plan: int, attribute: int) -> str:
    return list(LEVELS.values())[attribute][SHOWN[person, task, plan, attribute]]


def text(columns: Columns, separator: str = ",", quoted: bool = False) -> str:
    """A CSV of columns."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def designer(letter: str = "F") -> Columns:
    """Columns of the designer of Strezhnev and others: names of slots, then levels."""
    names = list(LEVELS)
    found: Columns = {}
    for t in range(TASKS):
        for s in range(len(names)):
            found[f"{letter}-{t + 1}-{s + 1}"] = [names[ORDER[p, s]] for p in range(PEOPLE)]
            for k in range(2):
                found[f"{letter}-{t + 1}-{k + 1}-{s + 1}"] = [level(p, t, k, ORDER[p, s]) for p in range(PEOPLE)]
    return found


def qualtrics(letter: str = "F") -> Columns:
    """With the designer, choices in questions that are counted off, a rating of either plan, the first task again."""
    own: Columns = {
        "StartDate": ["2025-03-01 10:00:00"] * PEOPLE,
        "Finished": ["True"] * PEOPLE,
        "ResponseId": [f"R_{p:03}" for p in range(PEOPLE)],
        "Q1.2": ["Yes"] * PEOPLE,
    }
    for t in range(TASKS):
        own[f"Q4.{t + 2}"] = [f"Plan {'AB'[CHOSEN[p, t]]}" for p in range(PEOPLE)]
    for t in range(TASKS):
        for k in range(2):
            own[f"Q5.{t + 2}_{k + 1}"] = [str(RATED[p, t, k]) for p in range(PEOPLE)]
    again = [1 - CHOSEN[p, 0] if p % 6 else CHOSEN[p, 0] for p in range(PEOPLE)]
    own["Q6.1"] = [f"Plan {'AB'[c]}" for c in again]
    own["Q4.4"][3] = ""
    asked = {
        c: "Which plan would you rather have?"
        if c.startswith(("Q4", "Q6"))
        else f"How good is either plan? - Plan {c[-1]}"
        if c.startswith("Q5")
        else c
        for c in own
    }
    table = own | designer(letter)
    return {c: [asked.get(c, ""), json.dumps({"ImportId": c}), *v] for c, v in table.items()}


def old_qualtrics() -> Columns:
    """As Qualtrics wrote before: V1 ... and one row of names and question texts; answers in no order that can be counted off."""
    answers = {f"Q2.{n}": t for t, n in enumerate((3, 7, 10, 15))}
    found: Columns = {"V1": ["ResponseID", *(f"R_{p:03}" for p in range(PEOPLE))]}
    found |= {c: [c, *v] for c, v in designer().items()}
    for c, t in answers.items():
        found[f"{c}_9"] = ["Timing-First Click", *(f"{3.5 + p}" for p in range(PEOPLE))]
        found[c] = ["Review the two plans, then say which.", *(str(CHOSEN[p, t] + 1) for p in range(PEOPLE))]
    return found


def plain_qualtrics() -> Columns:
    """Without the designer: embedded data ``choice1_Border2``, answers with the plan's number, no extra row."""
    found: Columns = {"ResponseId": [f"R_{p:03}" for p in range(PEOPLE)], "age": [20 + p for p in range(PEOPLE)]}
    for t in range(TASKS):
        found[f"A{t + 1}_pref"] = [f"Plan {CHOSEN[p, t] + 1}" for p in range(PEOPLE)]
    for t in range(TASKS):
        for a, name in enumerate(LEVELS):
            for k in range(2):
                found[f"choice{t + 1}_{name.lower()}{k + 1}"] = [f" {level(p, t, k, a)}" for p in range(PEOPLE)]
    return found


def letters() -> Columns:
    """Attribute in the column's name, task a letter, plan a number, choice and ratings beside."""
    found: Columns = {"respondent": list(range(1, PEOPLE + 1))}
    for a, name in enumerate(LEVELS):
        for k in range(2):
            for t in range(TASKS):
                found[f"{name.lower()}{'abcd'[t]}{k + 1}"] = [level(p, t, k, a) for p in range(PEOPLE)]
    for t in range(TASKS):
        found[f"choice_{'abcd'[t]}"] = [CHOSEN[p, t] + 1 for p in range(PEOPLE)]
    for t in range(TASKS):
        for k in range(2):
            found[f"rating_{'abcd'[t]}{k + 1}"] = [RATED[p, t, k] for p in range(PEOPLE)]
    return found


def surveycto() -> Columns:
    """A row a task of a repeat group, the task in one cell: attribute, its levels by number; last the choice."""
    rows = [(p, t) for p in range(PEOPLE) for t in range(TASKS)]
    cell = lambda p, t: "|".join(  # noqa: E731
        [*(f"{a + 1},{SHOWN[p, t, 0, a] + 1},{SHOWN[p, t, 1, a] + 1}" for a in range(3)), str(CHOSEN[p, t] + 1)]
    )
    return {
        "contest_no": [t + 1 for _, t in rows],
        "conjoint_response": [cell(p, t) for p, t in rows],
        "PARENT_KEY": [f"uuid:{p:04}" for p, _ in rows],
        "KEY": [f"uuid:{p:04}/plans[{t + 1}]" for p, t in rows],
        "SET-OF-plans": [f"uuid:{p:04}/plans" for p, _ in rows],
    }


def limesurvey() -> Columns:
    """Question codes as headings; drawn levels in hidden equations, answers by code."""
    found: Columns = {
        "id": list(range(1, PEOPLE + 1)),
        "submitdate": ["2025-03-01 10:00:00"] * PEOPLE,
        "lastpage": [5] * PEOPLE,
        "startlanguage": ["en"] * PEOPLE,
        "seed": [1000003 * (p + 7) for p in range(PEOPLE)],
    }
    for t in range(TASKS):
        for k in range(2):
            for a, name in enumerate(LEVELS):
                found[f"t{t + 1}p{k + 1}{name.lower()}"] = [level(p, t, k, a) for p in range(PEOPLE)]
        found[f"choice{t + 1}"] = [f"A{CHOSEN[p, t] + 1}" for p in range(PEOPLE)]
    return found


def sawtooth_answers() -> Columns:
    """Answers by task; what was shown is told by the version."""
    found: Columns = {"sys_RespNum": [100 + p for p in range(PEOPLE)], "sys_ElapsedTime": ["0h 4m 0s"] * PEOPLE}
    for t in range(TASKS):
        found[f"PlansCBC_Random{t + 1}"] = [3 if (p + t) % 12 == 0 else CHOSEN[p, t] + 1 for p in range(PEOPLE)]
    found["PlansCBC_Fixed1"] = [1] * PEOPLE
    found["sys_CBCVersion_PlansCBC"] = [p + 1 for p in range(PEOPLE)]
    found["sys_pagetime_1"] = [20 + p for p in range(PEOPLE)]
    return found


def sawtooth_design() -> Columns:
    """Version, task, concept and levels by number; version 0 is a task that all people saw."""
    rows = [(p, t, k) for p in range(PEOPLE) for t in range(TASKS) for k in range(2)]
    found: Columns = {
        "Version (0 = Fixed Task)": [0, 0, *(p + 1 for p, _, _ in rows)],
        "Task": [1, 1, *(t + 1 for _, t, _ in rows)],
        "Concept": [1, 2, *(k + 1 for _, _, k in rows)],
    }
    for a, name in enumerate(LEVELS):
        found[f"Att {a + 1} - {name}"] = [1, 2, *(int(SHOWN[p, t, k, a]) + 1 for p, t, k in rows)]
    return found


def sawtooth_long() -> Columns:
    """CBC as one long table: the number of the chosen concept in every row of its task."""
    rows = [(p, t, k) for p in range(PEOPLE) for t in range(TASKS) for k in range(2)]
    found: Columns = {
        "sys_RespNum": [100 + p for p, _, _ in rows],
        "Task": [t + 1 for _, t, _ in rows],
        "Concept": [k + 1 for _, _, k in rows],
    }
    for a, name in enumerate(LEVELS):
        found[name] = [int(SHOWN[p, t, k, a]) + 1 for p, t, k in rows]
    return found | {"Response": [int(CHOSEN[p, t]) + 1 for p, t, _ in rows]}


def write_spss(folder: Path) -> Path:
    """One row a person, levels as codes with value labels."""
    import pandas as pd
    import pyreadstat

    data: Columns = {"caseid": [float(p + 1) for p in range(PEOPLE)]}
    labels: dict[str, dict[float, str]] = {}
    for t in range(TASKS):
        for k in range(2):
            for a, name in enumerate(LEVELS):
                c = f"{name.lower()}_t{t + 1}_p{k + 1}"
                data[c] = [float(SHOWN[p, t, k, a]) for p in range(PEOPLE)]
                labels[c] = {float(n): x for n, x in enumerate(LEVELS[name])}
        data[f"choice_t{t + 1}"] = [float(CHOSEN[p, t] + 1) for p in range(PEOPLE)]
        labels[f"choice_t{t + 1}"] = {1.0: "The left plan", 2.0: "The right plan"}
    path = folder / "plans.sav"
    pyreadstat.write_sav(pd.DataFrame(data), str(path), variable_value_labels=labels)
    return path


def write(columns: Columns, path: Path, **how: Any) -> Path:
    path.write_text(text(columns, **how), encoding="utf-8")
    return path


def expected() -> pl.DataFrame:
    """What every make says: one row a plan."""
    rows = [(p, t, k) for p in range(PEOPLE) for t in range(TASKS) for k in range(2)]
    levels = {name: [level(p, t, k, a) for p, t, k in rows] for a, name in enumerate(LEVELS)}
    return pl.DataFrame(
        {"person": [p for p, _, _ in rows], **levels, "chosen": [int(CHOSEN[p, t] == k) for p, t, k in rows]}
    )
