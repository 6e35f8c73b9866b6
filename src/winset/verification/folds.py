"""What to learn from and what to foresee: days that cut the evidence in two, terms that nobody is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from winset.acceptance import Problem
from winset.errors import UsageError
from winset.study import Study

if TYPE_CHECKING:
    from jaxtyping import Bool


@dataclass(frozen=True)
class Fold:
    """One way to hold evidence back.

    Parameters
    ----------
    name
        A day, or a term (``issue=option``).
    known, heard
        Printed results and answers to experiments that are learned from.
    judged
        Printed results that are foreseen.
    until
        Last day of what is known, where a day cuts.
    """

    name: str
    known: Bool[np.ndarray, " cell"]
    heard: Bool[np.ndarray, " task"]
    judged: Bool[np.ndarray, " cell"]
    until: dt.date | None = None


def cut_at(study: Study, problem: Problem, until: dt.date) -> Fold:
    """Everything that had ended by a day, and everything that ended later.

    Raises
    ------
    UsageError
        If nothing had ended by then, or nothing came later.
    """
    known = (problem.cells.names["end"] <= until).to_numpy()
    heard = (problem.tasks.end <= until).to_numpy() if len(problem.tasks) else np.zeros(0, bool)
    later = not known.all() or any(r.day > until for r in study.results)
    if not (known.any() or heard.any()) or not later:
        first, last = problem.cells.names["end"].min(), problem.cells.names["end"].max()
        raise UsageError(
            f"there must be evidence before {until}, and evidence or results of votes after it; "
            f"field work of `{study.id}` ended between {first} and {last}"
        )
    return Fold(until.isoformat(), known, heard, ~known & worth_foreseeing(study, problem), until)


def worth_foreseeing(study: Study, problem: Problem) -> Bool[np.ndarray, " cell"]:
    """Printed results of enough people: a voice or two may say anything."""
    enough = (problem.cells.names["answers"] >= study.minimum_count).to_numpy()
    return enough & np.isfinite(problem.cells.observed())


def cut_often(study: Study, problem: Problem, cuts: int) -> list[Fold]:
    """Days that cut a study's printed results into equal parts, and its as-of date where votes came after it.

    Raises
    ------
    UsageError
        If all field work ended on one day and no vote came later.
    """
    ends = problem.cells.names["end"].sort()
    days = [ends[len(ends) * k // (cuts + 1)] for k in range(1, cuts + 1)] if len(ends) else []
    days = {d for d in days if d < ends[-1]}
    if any(r.day > study.as_of for r in study.results):
        days.add(study.as_of)
    if not days:
        raise UsageError(f"the evidence of `{study.id}` ends on one day, so that nothing came before anything else")
    return [cut_at(study, problem, d) for d in sorted(days)]


def leave_terms_out(study: Study, problem: Problem) -> list[Fold]:
    """For every option that somebody asked about: all questions that hold it are foreseen from all that do not.

    An option that every question holds is left out of the list: nothing would be known.
    """
    cells, tasks, folds = problem.cells, problem.tasks, []
    scored = worth_foreseeing(study, problem)
    for k, issue in enumerate(study.space.issues):
        for n, option in enumerate(issue.options):
            holds = (cells.offer[:, k] == n) | (cells.against[:, k] == n)
            column = k * problem.layout.exists.shape[1] + n  # one-hot options are padded to the longest issue
            told = (tasks.offer[:, column] > 0) | (tasks.against[:, column] > 0) if len(tasks) else np.zeros(0, bool)
            if (holds & scored).any() and not holds.all():
                folds.append(Fold(f"{issue.id}={option.id}", ~holds, ~told, holds & scored))
    return folds


def leave_packages_out(study: Study, problem: Problem) -> list[Fold]:
    """Whole packages foreseen from terms, clauses and moods alone: are they more than their parts."""
    whole = {q for q, x in study.questions.items() if x.kind == "package"}
    return _leave_questions_out("packages", whole, study, problem)


def leave_refusers_out(study: Study, problem: Problem) -> list[Fold]:
    """What those who refused would say to an offer with something added, foreseen from all other questions."""
    based = {q for q, x in study.questions.items() if x.base is not None and x.base.refused is not None}
    return _leave_questions_out("refusers", based, study, problem)


def _leave_questions_out(name: str, questions: set[str], study: Study, problem: Problem) -> list[Fold]:
    cells = problem.cells
    held = np.array([q in questions for q in cells.questions], bool)[cells.question]
    judged = held & worth_foreseeing(study, problem)
    if not judged.any() or held.all():
        return []
    return [Fold(name, ~held, np.ones(len(problem.tasks), bool), judged)]


LATER = "later"
HELD: Mapping[str, Callable[[Study, Problem], list[Fold]]] = {
    "terms": leave_terms_out,
    "packages": leave_packages_out,
    "refusers": leave_refusers_out,
}
"""What can be held back in place of what came later."""
