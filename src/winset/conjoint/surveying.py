"""A conjoint experiment as a survey that Qualtrics imports, and the list of people that carries what each is shown.

The survey is a text in Qualtrics' Advanced Format (Qualtrics support, "Import and Export Surveys", section on TXT files): tags in
double brackets, `[[ED:field]]` for embedded data, and piped text, `${e://Field/field}`, where a field is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np
import polars as pl

from winset.conjoint.designing import Design
from winset.errors import UsageError
from winset.terms import Issue

AGAIN = "again"
"""End of the name of the question that shows the first task once more: readers know it by this word."""


@dataclass(frozen=True)
class Survey:
    """What a survey program needs.

    Parameters
    ----------
    text
        The survey, to be imported.
    people
        One row a respondent: fields of embedded data, to be uploaded as contacts.
    """

    text: str
    people: pl.DataFrame


def label_levels(issues: Sequence[Issue]) -> dict[str, tuple[str, dict[str, str]]]:
    """Words in which people are shown each issue and its options, by id; where two have the same words, ids stand behind them."""
    words = _distinct({i.id: i.label for i in issues})
    return {i.id: (words[i.id], _distinct({o.id: o.label for o in i.options})) for i in issues}


def _distinct(labels: Mapping[str, str]) -> dict[str, str]:
    plain = {k: " ".join(v.split()) for k, v in labels.items()}
    told = [*plain.values()]
    return {k: v if told.count(v) == 1 else f"{v} ({k})" for k, v in plain.items()}


def make_survey(design: Design, seed: int = 1) -> Survey:
    """A page a task, each a choice between profiles in a table; a repeated task is a question of its own.

    Attributes stand in an order drawn for each respondent, the same on all pages, so that none is always read first
    (as Hainmueller, Hopkins & Yamamoto 2014).

    Raises
    ------
    UsageError
        If there is one profile a task, so that nothing can be chosen, or more than there are letters; or no task beside the
        repeated one.

    Examples
    --------
    >>> from winset.conjoint import design_experiment
    >>> made = design_experiment({"Land": ["All", "Half"]}, tasks=1, respondents=2, simulations=1)
    >>> make_survey(made).text.splitlines()[0]
    '[[AdvancedFormat]]'
    """
    if not 2 <= design.profiles <= len(ascii_uppercase):
        raise UsageError(
            "a survey asks which of several agreements people would rather have; write --profiles 2, or more"
        )
    shown = design
    if design.repeated:
        shown = replace(design, table=design.table.filter(pl.col("task") < design.tasks), tasks=design.tasks - 1)
    people = _shuffle(shown, seed)
    return Survey("\n".join(_lines(shown, people.columns)) + "\n", people)


def _shuffle(design: Design, seed: int) -> pl.DataFrame:
    """What each respondent is shown, attributes in an order of his own."""
    wide, slots = design.wide(), range(1, len(design.table.columns) - 2)
    order = np.random.default_rng(seed).permuted(np.tile(np.arange(len(slots)), (wide.height, 1)), axis=1)
    tasks, profiles = range(1, design.tasks + 1), range(1, design.profiles + 1)
    for stem in (*(f"F-{t}-" for t in tasks), *(f"F-{t}-{p}-" for t in tasks for p in profiles)):
        names = [f"{stem}{n}" for n in slots]
        told = np.take_along_axis(wide.select(names).to_numpy().astype(object), order, axis=1)
        wide = wide.with_columns(pl.Series(c, told[:, n], dtype=pl.String) for n, c in enumerate(names))
    return wide


def _lines(design: Design, fields: Sequence[str]) -> Iterator[str]:
    tasks = design.tasks + design.repeated
    yield from ("[[AdvancedFormat]]", "")
    yield from (f"[[ED:{f}]]" for f in fields)
    yield from ("", "[[Block:Agreements]]", "", "[[Question:DB]]", "[[ID:introduction]]")
    yield (
        f"On each of the next {tasks} pages you see {_count(design.profiles)} possible agreements. Some of their terms differ. "
        "Please say each time which one you would rather have, even if you like none of them. No answer is right or wrong."
    )
    for task in range(1, design.tasks + 1):
        yield from _question(design, task, f"choice_{task}", turned=False)
    if design.repeated:
        yield from _question(design, 1, f"choice_1_{AGAIN}", turned=True)


def _question(design: Design, task: int, name: str, *, turned: bool) -> Iterator[str]:
    """A task on a page of its own."""
    order = range(design.profiles, 0, -1) if turned else range(1, design.profiles + 1)
    yield from ("", "[[PageBreak]]", "", "[[Question:MC:SingleAnswer:Horizontal]]", f"[[ID:{name}]]")
    yield f"Which of these {_count(design.profiles)} agreements would you rather have?{_table(design, task, order)}"
    yield "[[Choices]]"
    yield from (f"Agreement {ascii_uppercase[k]}" for k in range(design.profiles))


def _table(design: Design, task: int, order: Sequence[int]) -> str:
    """Terms one below the other, agreements side by side; in one line, as the importer would keep breaks."""
    heads = "".join(f"<th>Agreement {ascii_uppercase[k]}</th>" for k in range(design.profiles))
    rows = ""
    for slot in range(1, len(design.table.columns) - 2):
        cells = "".join(f"<td>{_field(f'F-{task}-{p}-{slot}')}</td>" for p in order)
        rows += f"<tr><td>{_field(f'F-{task}-{slot}')}</td>{cells}</tr>"
    return f'<br><table border="1" cellpadding="6"><tr><th></th>{heads}</tr>{rows}</table>'


def _field(name: str) -> str:
    return f"${{e://Field/{name}}}"


def _count(n: int) -> str:
    return "two" if n == 2 else str(n)
