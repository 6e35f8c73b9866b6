"""Votes told beside acceptance, wherever a rule of ratification is a vote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from winset.acceptance import PRIORS
from winset.findings.finding import Finding
from winset.findings.groups import list_once
from winset.findings.wording import percent, span
from winset.room import Room
from winset.study import Study

QUESTION = "What would a vote bring?"


def describe_votes(room: Room, what: str | Mapping[str, str], date: dt.date | None = None) -> list[Finding]:
    """Votes on one package."""
    table = list_once(room.votes(what, date), room.acceptance.study)
    if not table.height:
        return []
    return [Finding("votes", QUESTION, f"{_said(table, room.acceptance.study)}.", table, _basis(room))]


def list_votes(room: Room) -> list[Finding]:
    """Votes on every proposal on record at the study's date."""
    study = room.acceptance.study
    on_record = [p for p in study.proposals.values() if p.date <= study.as_of]
    tables = [
        list_once(room.votes(p.id), study).with_columns(proposal=pl.lit(p.id), text=pl.lit(p.label)) for p in on_record
    ]
    if not tables or not tables[0].height:  # whether a rule is a vote is the same for all of them
        return []
    last = max(on_record, key=lambda p: p.date)
    table = pl.concat(tables).select("proposal", "text", pl.exclude("proposal", "text"))
    said = f"{last.label}: {_said(table.filter(pl.col('proposal') == last.id), study)}."
    return [Finding("votes", QUESTION, said, table, _basis(room))]


def _said(table: pl.DataFrame, study: Study) -> str:
    rows = [(study.full_label(r["side"], r["constituency"]), r) for r in table.iter_rows(named=True)]
    each = "; ".join(
        f"{who} {span(r['mean'], r['low'], r['high'])}, carried {percent(r['carried'])}" for who, r in rows
    )
    return f"Yes in per cent of the votes, 90 % interval: {each}"


def _basis(room: Room) -> str:
    swing = PRIORS["vote_swing"]
    price = ", the price of broken pledges taken off" if room.with_costs else ""
    return (
        f"Would accept: share of everybody{price}; the vote adds who turns out, and a swing of "
        f"{swing.first} probit give or take {swing.second} from the last polls to the day (priors vote_gap, vote_swing)"
    )
