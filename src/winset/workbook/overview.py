"""What was understood of a study, in a few lines: whoever filled it in sees at once what is missing or was read otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import get_args

import polars as pl

from winset.evidence.coverage import silent_groups
from winset.evidence.responses import RESULT, Responses
from winset.evidence.wholes import outside_parts
from winset.study.question import Kind
from winset.study.study import Study

SHOWN = 8
"""Names that a line lists."""


def tell_study(study: Study, evidence: Responses) -> tuple[str, ...]:
    """Lines on what a study declares, what evidence it brings, and what has none."""
    return (
        *_tell_declared(study),
        *_tell_evidence(study, evidence.table),
        *_tell_doubts(study, evidence),
        *_tell_gaps(study, evidence),
    )


def _tell_declared(study: Study) -> Iterator[str]:
    yield f"{study.title} (`{study.id}`): evidence up to {study.as_of}"
    own = {s: [g.label for c, g in x.constituencies.items() if not study.repeats(s, c)] for s, x in study.sides.items()}
    groups = [f"{study.sides[s].label}: {_listed(labels)}" for s, labels in own.items()]
    yield f"{_count(len(study.sides), 'side')}: {'; '.join(groups)}"
    options = sum(len(i.options) for i in study.space.issues)
    issues = [i.label for i in study.space.issues]
    yield f"{_count(len(issues), 'issue')} with {_count(options, 'option')}: {_listed(issues)}"
    record = [p for p in study.proposals.values() if p.date <= study.as_of]
    later = [p.id for p in study.proposals.values() if p.date > study.as_of]
    yield f"{_count(len(record), 'proposal')} on record" + (
        f"; later than the study: {_listed(later)}" if later else ""
    )
    kinds = Counter(q.kind for q in study.questions.values())
    by_kind = ", ".join(f"{kinds[k]} {k}" for k in get_args(Kind) if kinds[k])
    yield f"{_count(len(study.questions), 'question')}" + (f" ({by_kind})" if by_kind else "")


def _tell_evidence(study: Study, table: pl.DataFrame) -> Iterator[str]:
    kinds = {i: x.kind for i, x in study.instruments.items()}
    for kind, words in (("poll", "poll figure"), ("experiment", "experiment"), ("interviews", "set of interviews")):
        rows = table.filter(pl.col("instrument").is_in([i for i, k in kinds.items() if k == kind]))
        if not rows.height:
            continue
        units = rows.unique(RESULT if kind == "poll" else ("instrument",), maintain_order=True)
        by = "" if kind != "poll" else f" by {_count(units['instrument'].n_unique(), 'instrument')}"
        people = rows["respondent"].drop_nulls().n_unique()
        asked = f", {people} {'person' if people == 1 else 'people'} one by one" if people else ""
        doubtful = units.filter(pl.col("doubt") > 0).height
        unprinted = f"; n not printed, or as a range, for {doubtful}" if doubtful else ""
        first, last = (f"{day:%Y-%m}" for day in (rows["date"].min(), rows["end"].max()))
        days = first if first == last else f"{first} to {last}"
        plural = "sets of interviews" if kind == "interviews" else f"{words}s"
        yield f"{units.height} {words if units.height == 1 else plural}{by}{asked}, {days}{unprinted}"


def _tell_doubts(study: Study, evidence: Responses) -> Iterator[str]:
    """Figures that cannot all be right."""
    for row in outside_parts(study, evidence):
        label = study.full_label(row.side, row.constituency)
        least, most = (f"{100 * x:.0f}" for x in (row.least, row.most))
        said = f"{row.where}: {100 * row.share:.0f} % of {label} are for it, and its parts in the same sample leave room for"
        yield f"worth a second look: {said} {least} to {most}"


def _tell_gaps(study: Study, evidence: Responses) -> Iterator[str]:
    """Groups and questions without a figure, sources that nothing names."""
    silent = [study.full_label(s, c) for s, c in silent_groups(study, evidence) if not study.repeats(s, c)]
    unasked = [q for q in study.questions if q not in set(evidence.table["question"])]
    for words, names in (("nothing was asked of", silent), ("no figure answers", unasked)):
        if names:
            yield f"{words}: {_listed(names)}"


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _listed(names: Collection[str]) -> str:
    shown: Sequence[str] = list(names)[:SHOWN]
    return ", ".join(shown) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
