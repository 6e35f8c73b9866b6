"""Every answer that the numbers rest on, with where it was printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from winset.acceptance import Acceptance
from winset.evidence.responses import NOT_PRINTED, is_single
from winset.findings.protection import protect
from winset.study import YES_NO, Study

KEYS = ["instrument", "question", "side", "constituency", "date", "against", "categories"]


def list_answers(acceptance: Acceptance) -> pl.DataFrame:
    """One row per printed result: what was asked of whom, what they said, what the model makes of it.

    Returns
    -------
    Columns side, constituency, date, instrument, question, wording, answers (effective), said (in words;
    hidden for groups under the study's minimum count), observed, mean, low, high (shares for, among those for or against; null
    where the print does not give both), lower, upper (Manski bounds), source, locator.
    """
    study = acceptance.study
    table = acceptance.responses.table.filter(~is_single())
    printed = table.group_by(KEYS, maintain_order=True).agg(
        "category", "weight", pl.col("source").first(), pl.col("locator").first(), answers=pl.col("weight").sum()
    )
    rows = [
        {k: r[k] for k in ("side", "constituency", "date", "instrument", "question")}
        | {"wording": study.questions[r["question"]].wording, "answers": r["answers"], "said": _said(study, r)}
        | {"against": r["against"], "categories": r["categories"], "source": r["source"]}
        | {"locator": r["locator"].split("#")[0]}  # a document's name may lead to a person
        for r in printed.iter_rows(named=True)
    ]
    rows += _experiments(study, acceptance.responses.table.filter(is_single()))
    judged = ["observed", "mean", "low", "high", "lower", "upper"]
    predicted = acceptance.predictive().filter(pl.col("answers") >= study.minimum_count).select(*KEYS, *judged)
    table = pl.DataFrame(rows, infer_schema_length=None).join(
        predicted, on=KEYS, how="left", nulls_equal=True, maintain_order="left"
    )
    table = protect(table, study.minimum_count)
    return table.drop("against", "categories").sort("side", "constituency", "question", "date", maintain_order=True)


def _said(study: Study, row: Mapping[str, Any]) -> str:
    """Answers in per cent, in the words of their scale."""
    if row["answers"] < study.minimum_count:
        return "too few to show"
    scale = study.scales[study.questions[row["question"]].scale]
    names = (scale if len(scale.answers) == row["categories"] else YES_NO).answers
    words = {None: "don't know", NOT_PRINTED: "not printed", **dict(enumerate(names))}
    parts = zip(row["category"], row["weight"], strict=True)
    return ", ".join(f"{words[c].replace('-', ' ')} {100 * w / row['answers']:.0f} %" for c, w in parts)


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
        | {"wording": study.questions[r["question"]].wording, "answers": r["answers"]}
        | {
            "said": f"{r['people']:,} people judged {r['judged']:,} times"
            if r["people"] >= study.minimum_count
            else "too few to show"
        }
        | {"against": None, "categories": None, "source": r["source"], "locator": r["locator"].split(":")[0]}
        for r in grouped.iter_rows(named=True)
    ]
