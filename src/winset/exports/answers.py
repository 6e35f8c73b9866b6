"""Which profile an answer chose: ``Community A``, 2, ``left``, or what the profile itself says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from winset.errors import UsageError, suggest
from winset.exports.patterns import WORDS, place

NONE = ""
"""What stands for an answer that chose none of the profiles."""
SHOWN = 4
"""Answers that are named in one sentence."""


@dataclass(frozen=True)
class Reading:
    """How answers name profiles.

    Parameters
    ----------
    chosen
        Profile by answer; ``NONE`` for none of them.
    how
        What was taken for the name of a profile, in words; empty where nothing was assumed.
    own_text
        Answers say what the profile says, and are to be compared with its levels.
    """

    chosen: Mapping[str, str]
    how: str = ""
    own_text: bool = False


def read_answers(
    answers: Sequence[str],
    profiles: Sequence[str],
    *,
    chosen: Mapping[str, str] | None = None,
    none: Sequence[str] = (),
    ordered: Sequence[str] = (),
    levels: frozenset[str] = frozenset(),
) -> Reading:
    """Profile that each answer names; one rule must explain all of them.

    Parameters
    ----------
    profiles
        Labels of the profiles of a task, in the order in which they were shown.
    ordered
        Answers in the order of their codes, where the file has one.
    levels
        Texts that profiles are made of.

    Raises
    ------
    UsageError
        If no rule explains all answers.

    Examples
    --------
    >>> read_answers(["Community A", "Community B"], ["1", "2"]).chosen
    {'Community A': '1', 'Community B': '2'}
    """
    declared = {**_declared(chosen or {}, profiles), **dict.fromkeys(none, NONE)}
    rest = [a for a in dict.fromkeys(answers) if a not in declared]
    partly = False
    for rule in (_number, _letter, _side):
        named = {a: p for a in rest if (p := rule(a, profiles))}
        if len(named) == len(rest):
            return Reading({**declared, **named})
        partly = partly or bool(named)
    if levels and all(_says(a, levels) for a in rest):
        return Reading(declared, "answers say what the profiles say", own_text=True)
    codes = [x for x in ordered if x not in declared]
    if len(codes) == len(profiles) and set(rest) <= set(codes):
        return Reading(
            {**declared, **dict(zip(codes, profiles, strict=True))}, _listed(codes, "the order of their codes")
        )
    if len(rest) == len(profiles) and not partly:
        rest = sorted(rest)
        return Reading({**declared, **dict(zip(rest, profiles, strict=True))}, _listed(rest, "alphabetical order"))
    shown = ", ".join(f"`{a}`" for a in rest[:SHOWN])
    raise UsageError(
        f"answers {shown} do not name one of {len(profiles)} profiles; say under `wide:` which they are, "
        f"`chosen: {{{_quoted(rest[0])}: '{profiles[0]}'}}`, or `none: [{_quoted(rest[-1])}]` for none of them"
    )


def choose(long: pl.DataFrame, reading: Reading, attributes: Sequence[str]) -> pl.Series:
    """Label of the profile that the answer of each row's task chose; null where it cannot be told.

    Parameters
    ----------
    long
        One row a profile, with ``respondent``, ``task``, ``profile``, ``outcome`` and columns of levels.
    """
    answer = long["outcome"].cast(pl.String)
    told = answer.replace_strict(dict(reading.chosen), default=None, return_dtype=pl.String)
    if not reading.own_text:
        return told
    alike = pl.any_horizontal(pl.col(attributes).str.to_lowercase() == pl.col("outcome").str.to_lowercase())
    inside = pl.all_horizontal(
        pl.col("outcome").str.to_lowercase().str.contains(pl.col(a).str.to_lowercase(), literal=True).fill_null(True)
        for a in attributes
    )
    marked = long.select("respondent", "task", "profile", (alike | inside).fill_null(False).alias("own"))
    who = pl.when(pl.col("own").sum().over("respondent", "task") == 1).then(
        pl.col("profile").filter(pl.col("own")).first().over("respondent", "task")
    )
    return pl.select(pl.coalesce(told, marked.select(who.alias("x"))["x"])).to_series()


def _declared(chosen: Mapping[str, str], profiles: Sequence[str]) -> dict[str, str]:
    for answer, profile in chosen.items():
        if profile not in profiles:
            raise UsageError(f"`chosen` says that `{answer}` is profile `{profile}`{suggest(profile, profiles)}")
    return dict(chosen)


def _number(answer: str, profiles: Sequence[str]) -> str | None:
    answer = re.sub(r"\.0+$", "", answer)  # a number of a file that keeps numbers as decimals
    found = re.fullmatch(r"(?:.*?\D)?(\d+)", answer) or re.fullmatch(r"(\d+)\b\D*", answer)
    return _at(int(found[1]), profiles) if found and len(found[1]) < 5 else None


def _letter(answer: str, profiles: Sequence[str]) -> str | None:
    found = re.fullmatch(r"(?:.*[\s_.(-])?([A-Za-z])\)?", answer)
    return _at(place(found[1]), profiles) if found else None


def _side(answer: str, profiles: Sequence[str]) -> str | None:
    said = [w for w in re.findall(r"[a-z]+", answer.lower()) if w in WORDS]
    return _at(place(said[0]), profiles) if len(set(said)) == 1 else None


def _at(n: int, profiles: Sequence[str]) -> str | None:
    return next((p for p in profiles if place(p) == n), None)


def _says(answer: str, levels: frozenset[str]) -> bool:
    low = answer.lower()
    return low in levels or sum(x in low for x in levels) > 1


def _listed(answers: Sequence[str], order: str) -> str:
    named = ", ".join(f"`{a}` for profile {n}" for n, a in enumerate(answers, start=1))
    return f"answers taken in {order}: {named}"


def _quoted(text: str) -> str:
    return "'" + text[:40].replace("'", "''") + "'"
