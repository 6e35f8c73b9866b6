"""A file as it comes -> the experiments in it, which column is what, and what could not be told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from winset.errors import UsageError
from winset.exports.draft import Draft, Recognised
from winset.exports.families import Family, find_designers, find_named
from winset.exports.finding import Answers, find_choices, find_ratings, guess_repeats, outcome_of, sort_members
from winset.exports.headings import take_headings
from winset.exports.longs import PARTIAL, recognise_long
from winset.exports.makes import UNKNOWN, find_respondent, recognise
from winset.exports.patterns import natural
from winset.exports.reshaping import reshape
from winset.study import NOT_SHOWN, Design, Wide

PACKED = re.compile(r"[^|,]+(,[^|,]+){2,4}(\|[^|,]+(,[^|,]+){2,4})*\|[^|,]+")
"""A cell that holds a task: attributes with their levels, last the answer."""
RANDOM = re.compile(r"(?P<stem>.+_Random)\d+")
VERSION = re.compile(r"sys_CBCVersion.*", re.IGNORECASE)
"""Column of Sawtooth that tells what a respondent was shown."""
MOST_TRIED = 12
"""Ways to cut names that are tried, those that explain most columns first."""
DESIGN = {"versions": r"version", "task": r"task|question|set", "profile": r"concept|profile|alternative|choice"}
"""First three columns of a design."""


def recognise_export(
    table: pl.DataFrame, labels: Mapping[str, str] | None = None, designs: Mapping[str, pl.DataFrame] | None = None
) -> Recognised:
    """Experiments in a table.

    Parameters
    ----------
    labels
        Texts of questions by column, where the file holds them beside the table.
    designs
        Tables that lie beside the file, by name: one of them may hold what was shown.

    Raises
    ------
    UsageError
        If nothing in it looks like an experiment.
    """
    headed = take_headings(table)
    labels = {**(labels or {}), **headed.labels}
    body = headed.table
    make = recognise(body.columns, labels)
    respondent = find_respondent(body, labels, make)
    drafts = _of_families(body, labels, respondent)
    if make == UNKNOWN and any(d.wide and d.wide.names for d in drafts):
        make = "Qualtrics, by the columns of its conjoint designer"
    if not drafts and (packed := _packed(body)):
        drafts = [_of_packed(body, packed, respondent)]
    if not drafts and designs:
        drafts = _with_design(body, designs, respondent)
    if not drafts and not any(VERSION.fullmatch(c) for c in body.columns):  # what was shown is not in the file
        drafts = recognise_long(body, respondent, make)
    told = [f"lines under the header that hold question texts: {headed.lines}"] if headed.lines else []
    if respondent is None:
        told.append("no column numbers respondents: name one, or add one to the file")
    return Recognised(make, tuple(drafts), tuple(told))


def is_design(table: pl.DataFrame) -> bool:
    """Whether a table is a design of Sawtooth: version, task, concept, then attributes.

    Examples
    --------
    >>> is_design(pl.DataFrame({"Version": [1], "Task": [1], "Concept": [1], "Att 1 - Land": [2]}))
    True
    """
    return table.width > 3 and all(
        re.match(p, c, re.IGNORECASE) for p, c in zip(DESIGN.values(), table.columns, strict=False)
    )


def _of_families(table: pl.DataFrame, labels: Mapping[str, str], respondent: str | None) -> list[Draft]:
    """Experiments of every designer; else of the family of names that explains most columns, answers included."""
    designers = find_designers(table)
    if designers:
        drafts: list[Draft] = []
        for family in designers:
            drafts += _of_family(table, family, labels, respondent, len(drafts))
        return drafts
    repeats = respondent is not None and table[respondent].drop_nulls().is_duplicated().any()
    tried = [
        (f, _of_family(table, f, labels, respondent, 0)) for f in find_named(table, by_row=bool(repeats))[:MOST_TRIED]
    ]
    found = [(f, drafts) for f, drafts in tried if drafts]
    return max(found, key=lambda x: _worth(*x))[1] if found else []


def _worth(family: Family, drafts: Sequence[Draft]) -> tuple[float, ...]:
    """A family by its columns, then by answers that run with its tasks and leave nothing over."""
    wide = drafts[0].wide
    assert wide is not None
    counted = isinstance(wide.outcome, str)
    chosen = drafts[0].judged == "choice"
    return (len(family.members), chosen, counted, not wide.repeated, len(drafts), -len(family.profiles))


def _of_family(
    table: pl.DataFrame, family: Family, labels: Mapping[str, str], respondent: str | None, made: int
) -> list[Draft]:
    """Its choices and its ratings; nothing where no column answers."""
    task = None if family.tasks else _task_column(table, respondent)
    if not family.tasks and task is None:
        return []
    tasks = family.tasks or ("1",)
    taken = {*family.members, *([task] if task else []), *([respondent] if respondent else [])}
    inside = sort_members(table, family)
    choices, again = find_choices(table, labels, tasks, family.profiles, taken)
    chosen = inside.chosen or choices
    ratings = find_ratings(table, labels, tasks, family.profiles, taken) or inside.rated
    drafts = []
    for name, answers in (("", chosen), ("-rating", ratings)):
        if answers is None:
            continue
        repeated, told = guess_repeats(table, answers, again, family.profiles) if answers is choices else ((), [])
        wide = Wide(
            columns=family.columns,
            names=family.names,
            outcome=answers.outcome,
            task=task,
            none=answers.none,
            repeated=repeated,
        )
        draft = Draft(
            f"experiment-{made + 1}{name if drafts else ''}",
            "rating" if name else "choice",
            dict.fromkeys(inside.attributes, ()),
            respondent,
            wide=wide,
            told=(_said(family, answers), *told),
            doubts=(family.doubt,) if family.doubt and not isinstance(answers.outcome, str) else (),
        )
        if (tried := _try(table, draft)) is not None:
            drafts.append(tried)
    return drafts


def _try(table: pl.DataFrame, draft: Draft) -> Draft | None:
    """The draft with the levels that a reading by it finds; None where it cannot be read."""
    try:
        return _read(table, draft)
    except UsageError as error:
        wide = draft.wide
        if wide is None or not wide.repeated:
            return None
        doubt = f"the repeated task could not be read ({error})"
        again = wide.model_copy(update={"repeated": ()})
        return _try(table, replace(draft, wide=again, doubts=(*draft.doubts, doubt)))


def _read(table: pl.DataFrame, draft: Draft, shown: pl.DataFrame | None = None) -> Draft:
    wide = draft.wide
    assert wide is not None
    named = None if wide.names or wide.packed or wide.design else tuple(draft.levels)
    long = reshape(table, wide, draft.respondent or table.columns[0], attributes=named, shown=shown)
    gaps = bool(long.table.select(pl.any_horizontal(pl.col(long.attributes).is_null()).any()).item())
    levels = {a: _levels(long.table[a], partial=gaps) for a in long.attributes}
    told = (*draft.told, *long.notes, *([PARTIAL] if gaps else []))
    rated = sorted(long.table["outcome"].unique().to_list(), key=natural) if draft.judged == "rating" else []
    return replace(draft, levels=levels, told=told, partial=gaps, answers=tuple(str(x) for x in rated))


def _levels(column: pl.Series, *, partial: bool) -> tuple[str, ...]:
    own = sorted(column.drop_nulls().unique().to_list(), key=natural)
    return (*own, NOT_SHOWN) if partial and column.null_count() else tuple(own)


def _task_column(table: pl.DataFrame, respondent: str | None) -> str | None:
    for c in table.columns:
        if c != respondent and re.search(r"task|contest|round|screen|set_?no|index|choice_?set", c, re.IGNORECASE):
            text = table[c].drop_nulls().cast(pl.String)
            if 2 <= text.n_unique() <= 40 and text.cast(pl.Float64, strict=False).null_count() == 0:
                return c
    return None


def _packed(table: pl.DataFrame) -> tuple[str, ...]:
    """Columns whose cells hold tasks."""
    found = []
    for c in table.columns:
        if table.schema[c] == pl.String:
            cells = table[c].drop_nulls()
            fits = sum(bool(PACKED.fullmatch(x)) for x in cells.head(50).to_list())
            if fits and fits >= 0.8 * min(len(cells), 50):
                found.append(c)
    return tuple(found)


def _of_packed(table: pl.DataFrame, packed: Sequence[str], respondent: str | None) -> Draft:
    tasks = [str(n) for n in range(1, len(packed) + 1)]
    pattern = outcome_of(packed, tasks) if len(packed) > 1 else packed[0]
    column = pattern if isinstance(pattern, str) else packed[0]
    task = _task_column(table, respondent) if "{task}" not in column else None
    if "{task}" not in column and task is None:
        raise UsageError(f"cells of `{column}` hold tasks, and no column numbers the tasks of a respondent; add one")
    told = f"cells of `{column}` hold tasks (attribute, its levels, ..., the answer); attributes and levels are told by number"
    draft = Draft(
        "experiment-1",
        "choice",
        {},
        respondent,
        wide=Wide(packed=column, task=task),
        told=(told,),
    )
    return _read(table, draft)


def _with_design(table: pl.DataFrame, designs: Mapping[str, pl.DataFrame], respondent: str | None) -> list[Draft]:
    """Exercises of Sawtooth, each with the design beside them that it can be read with; one that has none is told.

    Raises
    ------
    UsageError
        If no design fits any of them.
    """
    stems = list(dict.fromkeys(m["stem"] for c in table.columns if (m := RANDOM.fullmatch(c))))
    versions = [c for c in table.columns if VERSION.fullmatch(c)]
    drafts: list[Draft] = []
    without: list[str] = []
    for stem in stems:
        exercise = stem.removesuffix("_Random")
        version = next((c for c in versions if c.endswith(exercise)), versions[0] if versions else None)
        if version is not None:
            own = sorted(designs.items(), key=lambda d, e=exercise: (e.lower() not in d[0].lower(), d[0]))
            try:
                drafts += _with_one(table, stem, version, own, respondent, len(drafts))
            except UsageError as error:
                without.append(str(error))
    if without and not drafts:
        raise UsageError("; ".join(without))
    return [replace(d, doubts=(*d.doubts, *without)) if not n else d for n, d in enumerate(drafts)]


def _with_one(
    table: pl.DataFrame,
    stem: str,
    version: str,
    designs: Sequence[tuple[str, pl.DataFrame]],
    respondent: str | None,
    made: int,
) -> list[Draft]:
    """One exercise with the first design that it can be read with; others that would do as well are told.

    Raises
    ------
    UsageError
        If none of the designs fits.
    """
    found, refused = [], []
    for name, shown in designs:
        if not is_design(shown):
            refused.append(f"{name}: does not begin with version, task and concept")
            continue
        design = Design(file=name, version=version, **dict(zip(DESIGN, shown.columns, strict=False)))
        told = f"what was shown stands in {name}, by version (`{version}`); levels are told by number"
        draft = Draft(
            f"experiment-{made + 1}",
            "choice",
            {},
            respondent,
            wide=Wide(design=design, outcome=f"{stem}{{task}}"),
            told=(told,),
        )
        try:
            found.append(_read(table, draft, shown))
        except UsageError as error:
            refused.append(f"{name}: {error}")
    if not found and refused:
        raise UsageError(f"no design fits `{stem}1` and those after it: {'; '.join(refused)}")
    others = [d.wide.design.file for d in found[1:] if d.wide and d.wide.design]
    doubts = (f"{', '.join(others)} could be the design too; keep the right one beside the file",) if others else ()
    return [replace(found[0], doubts=doubts)] if found else []


def _said(family: Family, answers: Answers) -> str:
    what = (
        f"{len(family.tasks)} tasks of {len(family.profiles)} profiles"
        if family.tasks
        else f"{len(family.profiles)} profiles a row"
    )
    named = f", named by `{family.names}`" if family.names else ""
    outcome = answers.outcome if isinstance(answers.outcome, str) else ", ".join(answers.outcome)
    return f"`{family.columns}`{named}: {what}; answers in `{outcome}`"
