"""What the evidence speaks to, and what nobody was asked about."""

from __future__ import annotations

import polars as pl

from winset.evidence.responses import Responses
from winset.study import Study


def count_coverage(study: Study, responses: Responses) -> dict[str, pl.DataFrame]:
    """Count rows and effective answers by instrument, constituency, issue and period.

    Returns
    -------
    Tables by name: ``instrument``, ``constituency``, ``issue``, ``period``, ``silent`` (constituencies and
    issues that no evidence speaks to).
    """
    table = responses.table.with_columns(period=pl.col("date").dt.strftime("%Y-%m"))
    counted = (pl.len().alias("rows"), pl.col("weight").sum().round(0).cast(pl.Int64).alias("answers"))
    by_issue = _by_issue(study, responses)
    return {
        "instrument": table.group_by("instrument").agg(*counted).sort("instrument"),
        "constituency": table.group_by("side", "constituency").agg(*counted).sort("side", "constituency"),
        "issue": by_issue,
        "period": table.group_by("period").agg(*counted).sort("period"),
        "silent": _silent(study, responses, by_issue),
    }


def silent_groups(study: Study, responses: Responses) -> list[tuple[str, str]]:
    """Constituencies of whose people nobody was asked anything, alone, as a part or as a whole."""
    people = study.composition.shares
    asked = responses.table.select("side", "constituency").unique().iter_rows()
    heard = {leaf for s, c in asked for leaf in people((s, c))}
    return [(s, c) for s, c in study.constituencies() if heard.isdisjoint(people((s, c)))]


def _by_issue(study: Study, responses: Responses) -> pl.DataFrame:
    counts = []
    asked = {
        (s, c): study.sides_of(s, c) for s, c in responses.table.select("side", "constituency").unique().iter_rows()
    }
    for issue in study.space.issues:
        speaks = responses.offers.filter(pl.col(issue.id) >= 0)["offer"].to_list()
        rows = responses.table.filter(pl.col("offer").is_in(speaks) | pl.col("against").is_in(speaks))
        for side in study.sides:
            of = [c for (_, c), sides in asked.items() if side in sides]
            part = rows.filter(pl.col("side").is_in([side, ""]) & pl.col("constituency").is_in(of))
            counts.append((side, issue.id, part.height, round(part["weight"].sum())))
    return pl.DataFrame(counts, schema=["side", "issue", "rows", "answers"], orient="row")


def _silent(study: Study, responses: Responses, by_issue: pl.DataFrame) -> pl.DataFrame:
    silent = [(s, "constituency", c) for s, c in silent_groups(study, responses)]
    silent += [(s, "issue", i) for s, i, rows, _ in by_issue.iter_rows() if rows == 0]
    return pl.DataFrame(silent, schema={"side": pl.String, "what": pl.String, "id": pl.String}, orient="row")
