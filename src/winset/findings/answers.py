"""Every answer that the numbers rest on, with where it was printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from winset.acceptance import Acceptance
from winset.evidence.responses import NOT_PRINTED, RESULT, is_single
from winset.findings.protection import protect
from winset.study import Study

KEYS = list(RESULT)


def list_answers(acceptance: Acceptance) -> pl.DataFrame:
    """One row per printed result: what was asked of whom, what they said, what the model makes of it.

    Returns
    -------
    Columns side, constituency, date, instrument, question, wording, answers (effective; ``n_printed`` says whether n was
    printed or is a guess), n (as it was printed), said (in words; hidden for groups under the study's minimum count), measure
    (which share is scored), observed, mean, low, high, lower, upper (Manski bounds), source, locator.
    """
    study = acceptance.study
    table = acceptance.responses.table.filter(~is_single())
    printed = table.group_by(KEYS, maintain_order=True).agg(
        "category",
        "weight",
        "least",
        "most",
        "share",
        pl.col("source").first(),
        pl.col("locator").first(),
        pl.col("n").first(),
        answers=pl.col("weight").sum(),
        n_printed=pl.col("doubt").max() == 0,
    )
    rows = [
        {k: r[k] for k in ("side", "constituency", "date", "end", "sample", "instrument", "question")}
        | {"wording": _worded(study, r["question"]), "answers": r["answers"], "said": _said(study, r)}
        | {
            "n": _people(r["n"], r["answers"], study.minimum_count),
            "n_printed": r["n_printed"],
            "against": r["against"],
            "categories": r["categories"],
            "source": r["source"],
        }
        | {"locator": r["locator"].split("#")[0]}  # a document's name may lead to a person
        for r in printed.iter_rows(named=True)
    ]
    rows += _experiments(study, acceptance.responses.table.filter(is_single()))
    judged = ["measure", "observed", "mean", "low", "high", "lower", "upper"]
    predicted = acceptance.predictive().filter(pl.col("answers") >= study.minimum_count).select(*KEYS, *judged)
    table = pl.DataFrame(rows, infer_schema_length=None).join(
        predicted, on=KEYS, how="left", nulls_equal=True, maintain_order="left"
    )
    table = protect(table, study.minimum_count)
    return table.drop("against", "categories", "end", "sample").sort(
        "side", "constituency", "question", "date", maintain_order=True
    )


def say_result(row: Mapping[str, Any] | None) -> str:
    """What a printed result says, and of how many, as it was printed; empty where there is none."""
    if row is None:
        return ""
    return f"{row['said']}; n {row['n'] if row['n_printed'] else 'not printed'}" if row["said"] else ""


def _said(study: Study, row: Mapping[str, Any]) -> str:
    """Answers in per cent, in the words of their scale, as they were printed where they were."""
    if row["answers"] < study.minimum_count:
        return "too few to show"
    names = study.scale_of(row["question"], row["categories"]).answers
    words = {None: "undecided or no answer", NOT_PRINTED: "not printed", **dict(enumerate(names))}
    parts = zip(row["category"], row["weight"], row["least"], row["most"], strict=True)
    printed = None not in row["share"]
    per_cent = (sum(row["share"]) if printed else 100) / row["answers"]

    def show(people: float) -> str:
        return f"{round(people * per_cent, 1):g}" if printed else f"{people * per_cent:.0f}"

    said = [
        f"{words[c].replace('-', ' ')} {f'{show(least)} to {show(most)}' if least is not None else show(w)} %"
        for c, w, least, most in parts
    ]
    return ", ".join(said)


def _people(n: str | None, answers: float, minimum: int) -> str:
    """How many were asked, as it was printed; people who were heard one by one are counted."""
    if answers < minimum:
        return f"<{minimum}"
    if n is None:
        return f"{answers:,.0f}"
    return "not printed" if n == "?" else f"{float(n):,.0f}" if n.replace(".", "").isdigit() else n


def _experiments(study: Study, table: pl.DataFrame) -> list[dict[str, Any]]:
    """One row an experiment and constituency: nobody reads tens of thousands of single answers."""
    keys = ["instrument", "question", "side", "constituency"]
    grouped = table.group_by(keys, maintain_order=True).agg(
        pl.col("date", "source", "locator").first(),
        answers=pl.col("weight").sum(),
        people=pl.col("respondent").n_unique(),
        judged=pl.len(),
    )
    return [
        {k: r[k] for k in ("side", "constituency", "date", "instrument", "question")}
        | {"wording": _worded(study, r["question"]), "answers": r["answers"], "n_printed": True}
        | {"n": _people(None, r["people"], study.minimum_count)}
        | {"end": r["date"], "sample": None}
        | {
            "said": f"{r['people']:,} people judged {r['judged']:,} times"
            if r["people"] >= study.minimum_count
            else "too few to show"
        }
        | {"against": None, "categories": None, "source": r["source"], "locator": r["locator"].split(":")[0]}
        for r in grouped.iter_rows(named=True)
    ]


def _worded(study: Study, question: str) -> str:
    """A question's wording, and what of its offer nobody could read."""
    asked = study.questions[question]
    unread = ", ".join(i.label for i in study.space.issues if i.id in asked.not_read)
    return f"{asked.wording} (in the text, but not read: {unread})" if unread else asked.wording
