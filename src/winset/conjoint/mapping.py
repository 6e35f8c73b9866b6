"""A first draft of experiments.yaml: which column is what, which level is which option."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import polars as pl

from winset.conjoint.matching import closest_issue, closest_option
from winset.errors import UsageError
from winset.exports.draft import Draft, Recognised
from winset.exports.longs import FEW
from winset.exports.makes import UNKNOWN
from winset.exports.recognising import recognise_export
from winset.study import NOT_SHOWN, Study, Wide

HEAD = "# Drafted from the file's columns. Put right what stands behind `#`; `winset check` tells what is missing."


def draft_mapping(
    table: pl.DataFrame,
    file: str,
    study: Study | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    designs: Mapping[str, pl.DataFrame] | None = None,
) -> str:
    """Text of an experiments.yaml to be checked by a person; a guess is marked by a comment, never silent.

    Parameters
    ----------
    labels
        Texts of questions by column, where the file holds them.
    designs
        Tables beside the file that may say what was shown, by name.

    Raises
    ------
    UsageError
        If no column looks like an attribute.
    """
    found = recognise_export(table, labels, designs)
    if not found.drafts:
        raise UsageError(_nothing(table, file, found.make))
    return "\n".join([HEAD, *_told(found, file), "experiments:", *_experiments(found, file, study)]) + "\n"


def _nothing(table: pl.DataFrame, file: str, make: str) -> str:
    seen = f"{file}: written by {make}; " if make != UNKNOWN else f"{file}: "
    if any(re.match(r"sys_CBCVersion", c, re.IGNORECASE) for c in table.columns):
        return f"{seen}what was shown stands in the design (Version, Task, Concept, ...): export it as CSV beside this file"
    return (
        f"{seen}no column looks like an attribute: neither text or labels of 2 to {FEW} levels in long files, nor names with "
        f"tasks and profiles such as F-1-1-1, border_t1_p2 or choice1_border2; columns are {', '.join(table.columns[:8])} ..."
    )


def _told(found: Recognised, file: str) -> Iterator[str]:
    yield f"# {file}: written by {found.make}."
    for text in found.told:
        yield f"# {_line(text)}."
    for d in found.drafts:
        for text in d.told:
            yield f"# {d.name}: {_line(text)}."
        for text in d.doubts:
            yield f"# {d.name}, to be looked at: {_line(text)}."
    yield f"# Next: winset conjoint amce {json.dumps(file)} --mapping experiments.yaml"


def _line(text: str) -> str:
    """A text that stays within its comment."""
    return " ".join(text.split()).rstrip(".")


def _experiments(found: Recognised, file: str, study: Study | None) -> Iterator[str]:
    for d in found.drafts:
        yield f"  {d.name}:"
        yield f"    file: {_quoted(file)}"
        yield "    instrument: name-it  # an id of instruments.yaml (kind: experiment)"
        yield "    question: name-it    # an id of questions.yaml (offer: {})"
        yield "    source: name-it      # an id of sources.csv"
        yield "    date: 2025-01-01     # middle of the field work"
        yield "    constituency: name-it"
        yield f"    judged: {d.judged}  # choice, accept or rating"
        yield from _columns(d)
        yield "    attributes:"
        for a, levels in d.levels.items():
            yield from _attribute(a, levels, study)


def _columns(d: Draft) -> Iterator[str]:
    if d.judged == "rating":
        values = ", ".join(f"{_text(x)}: name-it" for x in d.answers)
        yield f"    answers: {{{values}}}  # an answer of the question's scale for each value"
    for role in ("respondent", "task", "profile", "outcome", "weight"):
        value = getattr(d, role)
        if value:
            yield f"    {role}: {_quoted(value)}"
        elif role == "respondent" or (role == "outcome" and d.wide is None):
            yield f"    {role}: name-it  # no column looked like it"
    for c, value in d.where.items():
        yield f"    where: {{{_text(c)}: {_text(value)}}}"
    if d.fill_down:
        yield f"    fill_down: [{', '.join(_text(c) for c in d.fill_down)}]"
    for flag in ("partial", "names_profile"):
        if getattr(d, flag):
            yield f"    {flag}: true"
    if d.wide:
        yield "    wide:"
        yield from _wide(d.wide)


def _wide(wide: Wide) -> Iterator[str]:
    for key in ("columns", "names", "packed", "task"):
        if getattr(wide, key):
            yield f"      {key}: {_text(getattr(wide, key))}"
    if wide.design:
        written = ", ".join(f"{k}: {_text(v)}" for k, v in wide.design.model_dump().items())
        yield f"      design: {{{written}}}"
    if isinstance(wide.outcome, tuple):
        yield f"      outcome: [{', '.join(_text(o) for o in wide.outcome)}]"
    elif wide.outcome:
        yield f"      outcome: {_text(wide.outcome)}"
    if wide.none:
        yield f"      none: [{', '.join(_text(x) for x in wide.none)}]"
    if wide.repeated:
        yield "      repeated:"
        for r in wide.repeated:
            yield f"        - {{outcome: {_text(r.outcome)}, task: {r.task}, flipped: {'true' if r.flipped else 'false'}}}"


def _attribute(name: str, levels: tuple[str, ...], study: Study | None) -> Iterator[str]:
    issue = closest_issue(name, levels, study) if study else None
    yield f"      {_quoted(name)}:"
    yield f"        issue: {issue.id if issue else 'name-it'}{'  # guessed' if issue else ''}"
    yield "        levels:"
    for level in levels:
        option = "open" if level == NOT_SHOWN else closest_option(level, issue) if issue else None
        mark = "" if level == NOT_SHOWN else "  # guessed" if option else "  # an option, or open"
        yield f"          {_quoted(level)}: {_quoted(option or 'name-it', ID)}{mark}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _quoted(text: str, plain: str = r"[A-Za-z][A-Za-z0-9_.]*") -> str:
    """A text as YAML reads it as one: 29 would be a number; ``plain`` says what needs no quotes, which in ids is more."""
    return text if re.fullmatch(plain, text) and text.lower() not in WORDS else _text(text)


ID = r"[A-Za-z][\w.-]*"
"""Ids that need no quotes."""
WORDS = {"yes", "no", "true", "false", "on", "off", "null", "y", "n"}
"""Texts that YAML readers take for something else."""
