"""A first draft of experiments.yaml: which column is what, which level is which option."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence

import polars as pl

from winset.conjoint.profiles import MOST_LEVELS, read_levels
from winset.errors import UsageError
from winset.study import Study
from winset.terms import Issue

ROLES = {
    "respondent": r"(respondent|case|resp|person|participant|user|subject)?_?(id|num|number)$|^respondent|^caseid|responseid",
    "task": r"task|contest|screen|choice_?set|question_?no|round",
    "profile": r"^profile|alternative|^alt$|option_?no|position",
    "outcome": r"chosen|^choice|selected|accept|outcome|rating|vote|prefer",
    "weight": r"weight|^wt$|^wgt",
}
"""Names that columns usually have, by what they hold."""
LIKELY = 0.55
"""Likeness from which an option is proposed for a level."""
FEW = 30


def draft_mapping(table: pl.DataFrame, file: str, study: Study | None = None) -> str:
    """Text of an experiments.yaml to be checked by a person; a guess is marked by a comment, never silent.

    Raises
    ------
    UsageError
        If no column looks like an attribute.
    """
    roles = _roles(table)
    attributes = _attributes(table, set(roles.values()))
    if not attributes:
        raise UsageError(f"{file}: no column looks like an attribute (text or labels, 2 to {FEW} levels)")
    known = {k: roles.get(k, "") for k in ROLES}
    lines = [
        "# Drafted from the file's columns. Put right what stands behind `#`; `winset check` tells what is missing.",
        "experiments:",
        "  experiment-1:",
        f"    file: {_quoted(file)}",
        "    instrument: name-it  # an id of instruments.yaml (kind: experiment)",
        "    question: name-it    # an id of questions.yaml (offer: {})",
        "    source: name-it      # an id of sources.csv",
        "    date: 2025-01-01     # middle of the field work",
        "    constituency: name-it",
        f"    judged: {'rating' if _rated(table, known['outcome']) else 'choice'}  # choice, accept or rating",
    ]
    for role in ("respondent", "task", "profile", "outcome", "weight"):
        if known[role]:
            lines.append(f"    {role}: {_quoted(known[role])}")
        elif role in {"respondent", "outcome"}:
            lines.append(f"    {role}: name-it  # no column looked like it")
    lines.append("    attributes:")
    for a in attributes:
        lines += _attribute(table[a], study)
    return "\n".join(lines) + "\n"


def _roles(table: pl.DataFrame) -> dict[str, str]:
    found: dict[str, str] = {}
    for role, pattern in ROLES.items():
        for c in table.columns:
            if c not in found.values() and re.search(pattern, c.lower()):
                found[role] = c
                break
    return found


def _attributes(table: pl.DataFrame, taken: set[str]) -> list[str]:
    """Columns of text or labels with a few levels."""
    found = []
    for c in table.columns:
        text = not table.schema[c].is_numeric() and table.schema[c] != pl.Boolean and not table.schema[c].is_temporal()
        if c not in taken and text and 2 <= table[c].drop_nulls().n_unique() <= FEW:
            found.append(c)
    return found


def _rated(table: pl.DataFrame, outcome: str) -> bool:
    return bool(outcome) and 2 < table[outcome].drop_nulls().n_unique() <= MOST_LEVELS


def _attribute(column: pl.Series, study: Study | None) -> list[str]:
    levels = read_levels(column.drop_nulls(), None)[0]
    issue = _closest_issue(column.name, levels, study) if study else None
    lines = [
        f"      {_quoted(column.name)}:",
        f"        issue: {issue.id if issue else 'name-it'}{'  # guessed' if issue else ''}",
        "        levels:",
    ]
    for level in levels:
        option = _closest_option(level, issue) if issue else None
        lines.append(
            f"          {_quoted(level)}: {option or 'name-it'}{'  # guessed' if option else '  # an option, or open'}"
        )
    return lines


def _closest_issue(name: str, levels: Sequence[str], study: Study) -> Issue | None:
    """Issue whose name is most alike; ties are broken by how well the levels fit its options."""

    def fit(issue: Issue) -> float:
        own = max(_alike(name, issue.id), _alike(name, issue.label))
        inside = sum(max(_alike(x, t) for o in issue.options for t in (o.id, o.label)) for x in levels) / len(levels)
        return own + 2 * inside

    best = max(study.space.issues, key=fit)
    return best if fit(best) > 3 * LIKELY else None


def _closest_option(level: str, issue: Issue) -> str | None:
    scored = [(max(_alike(level, o.id), _alike(level, o.label)), o.id) for o in issue.options]
    likeness, option = max(scored)
    return option if likeness >= LIKELY else None


def _alike(a: str, b: str) -> float:
    """Likeness of two names, from 0 to 1; one that holds all words of the other is close."""
    a, b = (x.lower().replace("-", " ") for x in (a, b))
    words = set(a.split()), set(b.split())
    inside = 0.8 if words[0] <= words[1] or words[1] <= words[0] else 0.0
    return max(inside, difflib.SequenceMatcher(None, a, b).ratio())


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", text) else json.dumps(text, ensure_ascii=False)
