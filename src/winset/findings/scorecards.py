"""What a scorecard says, where the model loses first."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from winset.findings.finding import Finding, describe
from winset.findings.protection import protect
from winset.findings.wording import percent, span
from winset.verification import ANY, Coverage, LeftOut, Scorecard

BASIS = (
    "every result foreseen from a fit that had not seen it; rows of one wave (instrument and last day) count together in every "
    "error; a baseline's distribution is its guess with the misses it made before"
)

SHOWN = ("rows", "inside_90", "inside_50", "width", "error", "best_error", "crps", "best_crps", "best")
"""Of a summary, what fits on a line."""


@describe.register
def _(noun: Scorecard) -> list[Finding]:
    failed = [_failed(noun)] if noun.failed else []
    return [*failed, *(_polls(noun) if noun.polls.height else []), *_votes(noun), *_summaries(noun)]


def _failed(noun: Scorecard) -> Finding:
    named = ", ".join(noun.failed)
    said = f"{len(noun.failed)} of {len(noun.diagnostics)} fits behind these figures FAILED their checks: {named}."
    table = pl.DataFrame([{"fit": name, **vars(d)} for name, d in noun.diagnostics.items() if not d.passed])
    return Finding("backtest-fits", "Did the fits work?", said, table, "the sampler's own checks")


def _polls(noun: Scorecard) -> list[Finding]:
    errors = noun.errors()
    each = ", ".join(
        f"{100 * r['mean_absolute_error']:.1f} points ({r['prediction']}{_of(r, errors)})"
        for r in errors.iter_rows(named=True)
        if r["rows"]
    )
    said = (
        f"Of {noun.polls.height} printed results {noun.polls['covered'].sum()} lie inside their 90 % interval; "
        f"mean absolute error {each}."
    )
    return [
        Finding("backtest", "Were polls foreseen?", said, _shown(noun, noun.polls), BASIS),
        Finding("backtest-errors", "Beside naive predictions?", said, errors, "the same held-out polls"),
    ]


def _of(row: dict[str, Any], errors: pl.DataFrame) -> str:
    """Where a baseline could guess only some, the model's error on those."""
    if row["rows"] == errors["rows"][0]:
        return ""
    return f", on the {row['rows']} it can guess; the model {100 * row['model']:.1f} on those"


def _votes(noun: Scorecard) -> list[Finding]:
    table = noun.votes
    if not table.height:
        return []
    many = table["fold"].n_unique() > 1
    each = "; ".join(
        f"{r['label']} ({r['side']}{', from ' + r['fold'] if many else ''}) voted {100 * r['observed']:.1f}, "
        f"foreseen {span(r['mean'], r['low'], r['high'])}{'' if r['covered'] else ': MISSED'}"
        for r in table.iter_rows(named=True)
    )
    said = f"Yes in per cent of the votes, 90 % interval: {each}."
    basis = "`last` and `group_mean`: the last poll of the same text, and the mean of all polls, of those who decided"
    return [
        Finding(
            "backtest-votes",
            "Were votes foreseen?",
            said,
            _shown(noun, table, ("carried", "last", "group_mean")),
            basis,
        )
    ]


def _shown(noun: Scorecard, table: pl.DataFrame, more: tuple[str, ...] = ()) -> pl.DataFrame:
    """Rows for people to read: what was foreseen, by whom it was asked, and what came."""
    several = [c for c in ("study", "fold") if noun.table[c].n_unique() > 1]
    shown = (*several, "label", "question", "date", "observed", "mean", "low", "high", "covered")
    return protect(table.select("answers", *shown, *more), noun.minimum_count).drop("answers")


def _summaries(noun: Scorecard) -> list[Finding]:
    """By kind and by how far ahead; with one fold the rows say it all."""
    if noun.table["fold"].n_unique() < 2 and noun.table["study"].n_unique() < 2:
        return []
    found = []
    for by, question in (
        ("kind", "Which kinds of question?"),
        ("horizon", "How far ahead?"),
        ("study", "In which conflict?"),
    ):
        if by == "kind" or noun.table[by].n_unique() > 1:
            table = noun.summary(by)
            found.append(Finding(f"scorecard-{by}", question, _compared(table, by), table.select(by, *SHOWN), BASIS))
    return found


def _compared(table: pl.DataFrame, by: str) -> str:
    """Where the best naive guess wins, and where the model does; CRPS in points."""
    known = table.filter(pl.col("difference").is_not_null(), pl.col(by) != ANY)
    loses = [_difference(r, by) for r in known.filter(pl.col("difference") > 0).iter_rows(named=True)]
    wins = [_difference(r, by) for r in known.filter(pl.col("difference") <= 0).iter_rows(named=True)]
    every = table.filter(pl.col(by) == ANY).row(0, named=True)
    said = f"Loses to the best naive guess: {'; '.join(loses) or 'nowhere'}. Wins: {'; '.join(wins) or 'nowhere'}."
    return (
        f"{said} Of all {every['rows']} results {percent(every['inside_90'])} lie inside 90 % intervals and "
        f"{percent(every['inside_50'])} inside 50 % ones."
    )


def _difference(row: dict[str, Any], by: str) -> str:
    low, high = 100 * row["difference_low"], 100 * row["difference_high"]
    doubt = "one wave only" if math.isnan(low) else f"difference [{low:+.1f}, {high:+.1f}]"
    return f"{row[by]} by {100 * abs(row['difference']):.1f} points of CRPS ({row['best']}; {doubt})"


@describe.register
def _(noun: LeftOut) -> list[Finding]:
    model, mean = noun.errors()
    again = int(noun.table["refitted"].sum())
    said = (
        f"Each of {noun.table.height} polls and sets of voices, left out in turn, is predicted with a mean absolute error "
        f"of {100 * model:.1f} points (model), {100 * mean:.1f} points (mean of the constituency's other polls)."
    )
    basis = f"draws reweighted by importance sampling; {again} fitted again (Laplace approximation)"
    return [
        Finding(
            "leave-one-out",
            "Is each poll foreseen from the others?",
            said,
            protect(noun.table, noun.minimum_count),
            basis,
        )
    ]


@describe.register
def _(noun: Coverage) -> list[Finding]:
    covered, error = noun.coverage()
    fits = noun.table["fit"].n_unique()
    said = (
        f"{noun.method}: {100 * covered:.1f} % of {noun.table.height} known truths lie inside their 90 % interval "
        f"(standard error {100 * error:.1f} over {fits} simulated studies)."
    )
    return [
        Finding("calibration", "Do the intervals hold the truth?", said, noun.table, "truths drawn from the priors")
    ]
