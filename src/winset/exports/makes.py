"""Which program wrote a file, by the columns that only it writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

UNKNOWN = "no survey program that we know of"


@dataclass(frozen=True)
class Make:
    """A program by its traces.

    Parameters
    ----------
    name
        For people.
    traces
        Columns, in lower case, of which only this program writes two or more; a star ends a beginning.
    respondents
        Columns that number people, the best first.
    """

    name: str
    traces: tuple[str, ...]
    respondents: tuple[str, ...]


MAKES = (
    Make(
        "Qualtrics",
        (
            "responseid",
            "startdate",
            "enddate",
            "finished",
            "recordeddate",
            "distributionchannel",
            "responseset",
            "q_recaptchascore",
        ),
        ("responseid", "response id"),
    ),
    Make(
        "SurveyCTO",
        (
            "submissiondate",
            "formdef_version",
            "parent_key",
            "key",
            "instanceid",
            "set-of-*",
            "setof*",
            "deviceid",
            "starttime",
            "endtime",
        ),
        ("parent_key", "key", "instanceid"),
    ),
    Make(
        "LimeSurvey",
        (
            "submitdate",
            "lastpage",
            "startlanguage",
            "seed",
            "datestamp",
            "date submitted",
            "last page",
            "start language",
        ),
        ("id", "response id"),
    ),
    Make(
        "Sawtooth",
        ("sys_respnum", "sys_cbcversion*", "sys_cbcdesignid*", "sys_elapsedtime", "sys_pagetime*", "concept", "task"),
        ("sys_respnum",),
    ),
)
"""Recognised by two traces or more; the most traces win."""
USUAL = (
    "responseid",
    "respondent",
    "respondent_id",
    "resp_id",
    "respid",
    "caseid",
    "case_id",
    "uuid",
    "participant",
    "person",
    "id",
)


def recognise(names: Collection[str], labels: Mapping[str, str]) -> str:
    """Name of the program, or that none is known.

    Parameters
    ----------
    names
        Columns of the file.
    labels
        Text under the header by column, where the file has such a row.

    Examples
    --------
    >>> recognise(["id", "submitdate", "lastpage", "startlanguage"], {})
    'LimeSurvey'
    """
    low = {n.lower() for n in (*names, *labels.values())}
    counts = {m.name: sum(any(_fits(n, t) for n in low) for t in m.traces) for m in MAKES}
    best = max(counts, key=lambda k: counts[k])
    return best if counts[best] > 1 else UNKNOWN


def find_respondent(table: pl.DataFrame, labels: Mapping[str, str], make: str) -> str | None:
    """Column that numbers people: the program's own, or one with a usual name; one that is never empty is preferred."""
    own = next((m.respondents for m in MAKES if m.name == make), ())
    for wanted in (*own, *USUAL):
        for c in table.columns:
            if wanted in (c.lower(), labels.get(c, "").lower()):
                return c
    ids = [c for c in table.columns if c.lower().endswith(("_id", "id", "respnum")) and table[c].null_count() == 0]
    return ids[0] if ids else None


def _fits(name: str, trace: str) -> bool:
    return name.startswith(trace[:-1]) if trace.endswith("*") else name == trace
