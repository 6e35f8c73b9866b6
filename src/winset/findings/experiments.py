"""Estimates from experiments -> findings; needs no sampler, so that a table of effects is there at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from winset.conjoint import (
    Check,
    Design,
    Estimates,
    Hierarchy,
    Holdout,
    LogitFit,
    Reliability,
    WaldTest,
    ask_attributes,
    rank_attributes,
)
from winset.findings.finding import Finding, describe
from winset.findings.wording import span

QUESTIONS = {
    "amce": "How much does each term move the answer?",
    "mm": "How are packages with each term judged?",
    "acie": "Which terms matter more together than alone?",
}
SHOWN = 3
"""Rows named in a sentence."""


@describe.register
def _(noun: Estimates) -> list[Finding]:
    about = f"{noun.respondents:,} respondents, {noun.rows:,} profiles; {noun.robust} standard errors by respondent"
    question = QUESTIONS.get(noun.kind, f"What differs between groups ({noun.kind})?")
    several = noun.table["group"].n_unique() > 1 or "difference" in noun.kind
    shown = ["attribute", "level", *(["group"] if several else []), "estimate", "se", "low", "high", "p", "n"]
    table = noun.table.select(shown)
    return [
        Finding(
            noun.kind.replace(" ", "-"), question, _estimates_in_words(noun), table, f"{about}{_source(noun.source)}"
        )
    ]


def _estimates_in_words(noun: Estimates) -> str:
    """The rows farthest from what they are compared with, each with its interval, and what a reader must know."""
    told = noun.table.filter(pl.col("se").is_not_null()).sort(pl.col("z").abs(), descending=True).head(SHOWN)
    sign = "" if noun.kind == "mm" else "+"
    parts = [
        f"{r['attribute']}: {r['level']}{' (' + r['group'] + ')' if r['group'] else ''} {r['estimate']:{sign}.3f} "
        f"[{r['low']:{sign}.3f}, {r['high']:{sign}.3f}]"
        for r in told.iter_rows(named=True)
    ]
    said = f"Farthest from {'their reference' if noun.kind != 'mm' else 'the middle'} on {noun.outcome}: {'; '.join(parts)}."
    return " ".join([said if parts else "Nothing could be estimated.", *noun.notes])


def _source(source: str) -> str:
    return f"; source {source}" if source else ""


def describe_tests(estimates: Estimates, everything: WaldTest) -> Finding:
    """Does an attribute matter at all? Tests of the models without it."""
    table = ask_attributes(estimates)
    silent = table.filter(pl.col("p") >= 0.05)["attribute"].unique(maintain_order=True).to_list()
    said = f"All at once: F({everything.df}, {everything.df_error}) = {everything.f:.2f}, p = {everything.p:.2g}. " + (
        f"No visible effect of {', '.join(silent)}." if silent else "Every attribute matters."
    )
    return Finding(
        "tests", "Which attributes matter at all?", said, table, f"Wald tests, {estimates.robust} by respondent"
    )


def describe_checks(checks: Sequence[Check], source: str = "") -> Finding:
    """What was looked at, and what is odd."""
    table = pl.DataFrame(
        [{"check": c.name, "finding": c.sentence, "p": c.p} for c in checks],
        schema={"check": pl.String, "finding": pl.String, "p": pl.Float64},
    )
    odd = [c for c in checks if c.p is not None and c.p < 0.01]
    said = f"{len(odd)} of {len(checks)} checks are odd at 1 %" + (f": {odd[0].sentence}" if odd else ".")
    return Finding(
        "checks", "Was the experiment run as it was meant?", said, table, f"the columns at hand{_source(source)}"
    )


def describe_reliability(noun: Reliability) -> Finding:
    """How many answers people would not give again."""
    said = (
        f"{noun.respondents} respondents saw a task twice and agreed with themselves in {noun.agreement:.1%}: "
        f"{noun.swaps:.1%} of answers are swapped."
    )
    return Finding("reliability", "Would people answer so again?", said, pl.DataFrame([vars(noun)]), "a repeated task")


@describe.register
def _(noun: LogitFit) -> list[Finding]:
    table = noun.table()
    fit = (
        f"log-likelihood {noun.log_likelihood:.3f} (all alike {noun.null_log_likelihood:.3f}), {noun.tasks:,} tasks, "
        f"{noun.respondents:,} respondents, {noun.robust} standard errors"
    )
    said = " ".join([f"{noun.kind.capitalize()}: {fit}.", *noun.notes])
    basis = f"{fit}{_source(noun.source)}"
    return [Finding("coefficients", "What does each term weigh in a choice?", said, table, basis), *_importance(noun)]


def _importance(noun: LogitFit | Hierarchy) -> list[Finding]:
    """Importance of attributes; none where features are plain numbers."""
    if not noun.choices.levels:
        return []
    basis = "share of each person's range of utility, averaged"
    return [Finding("importance", "Which issues decide?", "", rank_attributes(noun), basis)]


@describe.register
def _(noun: Hierarchy) -> list[Finding]:
    said = (
        f"Part-worths of {noun.respondents:,} people about their mean, {noun.draws:,} draws of {noun.chains} chains; largest "
        f"R-hat {noun.rhat:.3f}, fewest effective draws {noun.ess:.0f}"
        f"{'' if noun.passed else ': NOT fit for use, take more draws'}."
    )
    question = "What does each term weigh, and for how many?"
    return [Finding("part-worths", question, said, noun.table(), "hierarchical logit, NUTS"), *_importance(noun)]


def describe_packages(table: pl.DataFrame, *, alone: bool) -> Finding:
    """What the model foresees of packages."""
    best = table.sort("mean", descending=True).row(0, named=True)
    said = f"{best['package']}: {span(best['mean'], best['low'], best['high'])} per cent."
    if alone:
        return Finding("acceptance", "Who would accept each package?", said, table, "against no deal; 90 % intervals")
    return Finding(
        "shares", "Which package would people take?", said, table, "one of these had to be taken; 90 % intervals"
    )


def describe_holdout(noun: Holdout) -> Finding:
    """How well tasks are foreseen that the model had not seen."""
    said = (
        f"Of {noun.tasks:,} tasks held out, {noun.hits:.1%} are foreseen (guessing: {noun.chance_hits:.1%}); mean log-likelihood "
        f"{noun.log_likelihood:.3f} (all alike: {noun.chance_log_likelihood:.3f})."
    )
    return Finding(
        "holdout", "Are unseen tasks foreseen?", said, pl.DataFrame([vars(noun)]), "the last tasks of everybody"
    )


@describe.register
def _(noun: Design) -> list[Finding]:
    return [describe_design(noun)]


def describe_design(noun: Design) -> Finding:
    """What an experiment of this size could see."""
    worst = noun.power.sort("detectable", descending=True).row(0, named=True)
    said = (
        f"{noun.respondents:,} respondents, {noun.tasks} tasks of {noun.profiles} profiles: with {noun.asked:.0%} power at 5 %, "
        f"the smallest visible effect is {100 * worst['detectable']:.1f} points ({worst['attribute']}: {worst['level']}, "
        f"the level shown least)."
    )
    basis = (
        f"{noun.simulations} simulated experiments, {noun.correlation:.2f} of an answer's variance owed to its giver"
    )
    return Finding("power", "What could the experiment see?", said, noun.power, basis)
