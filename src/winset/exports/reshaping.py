"""Wide exports -> one row a profile, with a line for everything that was assumed or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from winset.errors import UsageError
from winset.exports.answers import NONE, Reading, choose, read_answers
from winset.exports.designs import look_up
from winset.exports.headings import take_headings
from winset.exports.packed import unpack
from winset.exports.stacking import Stacked, stack, text_of
from winset.study import NOT_SHOWN, Wide

OUTSIDE = "winset:none"
"""Marks tasks in which none of the profiles was chosen."""


@dataclass(frozen=True)
class Long:
    """One row a profile.

    Parameters
    ----------
    table
        Columns of the respondent, ``task``, ``profile``, ``outcome`` (1 chosen, 0 not; or the answer where each profile
        was judged alone), those kept, ``winset:none`` and one for each attribute.
    repeats
        The same for tasks that came again; their ``task`` is that of the first time.
    notes
        What was assumed, and how much was left out.
    task, profile, outcome
        Names of their columns.
    """

    table: pl.DataFrame
    repeats: pl.DataFrame
    attributes: tuple[str, ...]
    notes: tuple[str, ...]
    task: str | None = "task"
    profile: str | None = "profile"
    outcome: str = "outcome"


def reshape(
    table: pl.DataFrame,
    wide: Wide,
    respondent: str,
    keep: Sequence[str] = (),
    *,
    attributes: Sequence[str] | None = None,
    shown: pl.DataFrame | None = None,
    partial: bool = False,
) -> Long:
    """Make one row a profile of a file with one row a respondent or a task.

    Parameters
    ----------
    keep
        Columns that are carried along.
    attributes
        Attributes that are wanted; all that the pattern finds else.
    shown
        Design of a file that holds answers only.
    partial
        Attributes that a task did not show become the level ``(not shown)``.

    Raises
    ------
    UsageError
        If no column fits a pattern, or an answer names no profile.
    """
    headed = take_headings(table)
    notes = [_headings(headed.lines)] if headed.lines else []
    body = headed.table
    if not body.height:
        raise UsageError("the file holds headings and no answers")
    _check_people(body, wide, respondent)
    stacked, told = _stacked(body, wide, respondent, keep, attributes, shown)
    kept, left_out = _answered(stacked, wide)
    stacked = Stacked(kept, stacked.attributes, stacked.tasks, stacked.profiles, stacked.ordered)
    long, how = _judged(stacked, wide)
    repeats = _repeated(body, stacked, wide, respondent)
    if partial:
        fill = pl.col(stacked.attributes).fill_null(NOT_SHOWN)
        long, repeats = long.with_columns(fill), repeats.with_columns(fill)
    back = {"respondent": respondent}
    return Long(long.rename(back), repeats.rename(back), stacked.attributes, (*notes, *told, *left_out, *how))


def _check_people(body: pl.DataFrame, wide: Wide, respondent: str) -> None:
    """Every row is another person, or another task of a person."""
    keys = list(dict.fromkeys(c for c in (respondent, wide.task) if c))
    if any(c not in body.columns for c in keys):
        return  # told where the column is looked for
    rows = body.select(keys).drop_nulls()
    doubled = rows.filter(rows.is_duplicated()).unique(maintain_order=True)
    if doubled.height:
        what = "tasks of a respondent" if wide.task else "respondents"
        first = " of ".join(str(x) for x in doubled.row(0)[::-1])
        where = " and ".join(f"`{c}`" for c in keys[::-1])
        raise UsageError(
            f"{doubled.height:,} {what} stand in several rows (the first is {first} in {where}); "
            "keep one row of each, or name a column that tells the rows apart"
        )


def _stacked(
    body: pl.DataFrame,
    wide: Wide,
    respondent: str,
    keep: Sequence[str],
    attributes: Sequence[str] | None,
    shown: pl.DataFrame | None,
) -> tuple[Stacked, list[str]]:
    if wide.packed is not None:
        return unpack(body, wide, respondent, keep)
    if wide.design is not None:
        if shown is None:
            raise UsageError(f"what was shown stands in {wide.design.file}, which was not read")
        return look_up(body, shown, wide, respondent, keep)
    return stack(body, wide, respondent, keep, attributes), []


def _answered(stacked: Stacked, wide: Wide) -> tuple[pl.DataFrame, list[str]]:
    """Profiles that were shown in tasks that were answered, and how many were not."""
    table, notes = stacked.table, []
    if not stacked.attributes:
        raise UsageError("no attribute is named in any row: the columns that name them are empty")
    seen = pl.any_horizontal(pl.col(stacked.attributes).is_not_null())
    blind = table.filter(~seen)
    lost = _tasks(blind.filter(pl.col("outcome").is_not_null()))
    table = table.filter(seen)
    if lost:
        notes.append(f"{lost} answers belong to tasks that show no profile and are left out")
    nobody = table.filter(pl.col("respondent").is_null()).height
    if nobody:
        notes.append(f"{nobody} profiles stand in rows without a respondent and are left out")
        table = table.drop_nulls("respondent")
    answered = table.drop_nulls("outcome")
    if not answered.height:
        raise UsageError("no task was answered: all columns of answers are empty")
    gone, all_ = (table.height - answered.height, table.height)
    silent = table["respondent"].n_unique() - answered["respondent"].n_unique()
    if gone:
        if wide.judged_alone:
            said = f"{gone:,} of {all_:,} profiles have no answer"
        else:
            said = f"{_tasks(table) - _tasks(answered):,} of {_tasks(table):,} tasks have no answer"
        notes.append(
            f"{said} and are left out"
            + (f"; {silent} {'people' if silent > 1 else 'person'} answered none" if silent else "")
        )
    return answered, notes


def _tasks(table: pl.DataFrame) -> int:
    return table.select("respondent", "task").unique().height


def _judged(stacked: Stacked, wide: Wide) -> tuple[pl.DataFrame, list[str]]:
    if wide.judged_alone:
        return stacked.table.with_columns(pl.lit(value=False).alias(OUTSIDE)), []
    reading = _reading(stacked, wide, stacked.table["outcome"])
    who = choose(stacked.table, reading, stacked.attributes)
    notes = [reading.how] if reading.how else []
    table = stacked.table.with_columns(who.alias("winset:who")).with_columns(
        outcome=(pl.col("winset:who") == pl.col("profile")).cast(pl.Int8), **{OUTSIDE: pl.col("winset:who") == NONE}
    )
    unknown = table.filter(pl.col("winset:who").is_null())
    if unknown.height == table.height:
        raise UsageError("no answer names one profile of its task; write `chosen` or `none` under `wide:`")
    if unknown.height:
        notes.append(f"{_tasks(unknown):,} answers fit several profiles of their task, or none, and are left out")
    none = _tasks(table.filter(OUTSIDE))
    if none:
        notes.append(f"in {none:,} of {_tasks(table):,} tasks none of the profiles was chosen")
    return table.drop_nulls("winset:who").drop("winset:who"), notes


def _reading(stacked: Stacked, wide: Wide, answers: pl.Series) -> Reading:
    levels = stacked.table.select(pl.col(stacked.attributes)).unpivot()["value"].drop_nulls().unique()
    outside = [*wide.none]
    if wide.design is not None:  # Sawtooth numbers none of them after the last profile
        outside.append(str(len(stacked.profiles) + 1))
    return read_answers(
        answers.drop_nulls().unique().sort().to_list(),
        stacked.profiles,
        chosen=wide.chosen,
        none=outside,
        ordered=stacked.ordered,
        levels=frozenset(levels.str.to_lowercase().to_list()),
    )


def _repeated(body: pl.DataFrame, stacked: Stacked, wide: Wide, respondent: str) -> pl.DataFrame:
    """Rows of tasks that came again, judged by the second answer."""
    parts = [stacked.table.clear().with_columns(pl.col("outcome").cast(pl.Int8))]
    for again in wide.repeated:
        if again.outcome not in body.columns:
            raise UsageError(f"no column `{again.outcome}` for the answer to the repeated task")
        if again.task > len(stacked.tasks):
            raise UsageError(f"task {again.task} is said to come again; there are {len(stacked.tasks)}")
        answer = body.select(pl.col(respondent).alias("respondent"), text_of(pl.col(again.outcome)).alias("outcome"))
        rows = stacked.table.filter(pl.col("task") == stacked.tasks[again.task - 1]).drop("outcome")
        rows = rows.join(answer.drop_nulls().unique("respondent"), on="respondent", how="inner", maintain_order="left")
        order = stacked.profiles[::-1] if again.flipped else stacked.profiles
        turned = rows.with_columns(profile=pl.col("profile").replace_strict(list(stacked.profiles), list(order)))
        turned = turned.select(stacked.table.columns)
        if turned.height:
            who = choose(turned, _reading(stacked, wide, turned["outcome"]), stacked.attributes)
            chosen = turned.with_columns(outcome=(who == turned["profile"]).cast(pl.Int8)).filter(who.is_not_null())
            parts.append(chosen)
    return pl.concat(parts)


def _headings(lines: int) -> str:
    return f"{lines} row{'s' if lines > 1 else ''} under the header hold{'' if lines > 1 else 's'} question texts and no answers"
