"""polls.csv: printed shares or counts, one answer a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from winset.errors import Mistake, suggest
from winset.evidence.dates import middle, read_day
from winset.evidence.effective import effective_size
from winset.evidence.responses import NOT_PRINTED, Reading, Response
from winset.study import YES_NO, Question, Scale, Study
from winset.study.rows import Row, read_rows

FILE = "polls.csv"
REQUIRED = ("poll", "question", "instrument", "constituency", "start", "end", "n", "answer", "source")
OPTIONAL = ("share", "count", "n_eff", "margin", "confidence", "note")
PER_POLL = ("question", "instrument", "constituency", "start", "end", "n", "n_eff", "margin")
NO_ANSWER = ("dont-know", "refused", "neither")
ROUNDING = 1.5
"""Points by which printed shares may miss 100 through rounding."""


@dataclass(frozen=True)
class Poll:
    """The rows of one poll question, read."""

    rows: Sequence[Row]
    shares: dict[str, float]
    n: float
    n_eff: float
    start: dt.date
    end: dt.date
    scale: Scale


def read_polls(study: Study) -> Reading:
    """Read a study's polls.csv, if there is one."""
    path = study.folder / FILE
    if not path.exists():
        return Reading()
    rows, mistakes = read_rows(path, REQUIRED, OPTIONAL)
    if rows and not {"share", "count"} & set(rows[0].cells):
        mistakes.append(Mistake(rows[0].file, 1, "column `share` (per cent) or `count` is missing"))
        rows = ()
    known = [r for r in rows if not (wrong := list(_unknown(r, study))) or mistakes.extend(wrong)]
    responses: list[Response] = []
    for _, group in groupby(sorted(known, key=lambda r: r["poll"]), key=lambda r: r["poll"]):
        poll, wrong = _read_poll(sorted(group, key=lambda r: r.line), study)
        mistakes += wrong
        if poll is not None:
            responses += _responses(poll, study)
    return Reading(responses, (), mistakes, (FILE,))


def _unknown(row: Row, study: Study) -> Iterable[Mistake]:
    for column, known in (("question", study.questions), ("instrument", study.instruments), ("source", study.sources)):
        if row[column] not in known:
            yield row.mistake(f"unknown {column} `{row[column]}`{suggest(row[column], known)}")
    if row["question"] in study.questions:
        groups = study.sides[study.questions[row["question"]].side].constituencies
        if row["constituency"] not in groups:
            yield row.mistake(f"unknown constituency `{row['constituency']}`{suggest(row['constituency'], groups)}")
    if not row["poll"]:
        yield row.mistake("`poll` is empty; give the rows of one question in one wave a common name")


def _read_poll(rows: Sequence[Row], study: Study) -> tuple[Poll | None, list[Mistake]]:
    first = rows[0]
    mistakes = [
        row.mistake(f"`{c}` is `{row[c]}` but `{first[c]}` in the same poll (line {first.line})")
        for row in rows
        for c in PER_POLL
        if row[c] != first[c]
    ]
    n, wrong = _number(first, "n", low=1)
    n_eff, wrong_eff = _number(first, "n_eff", low=0.5, optional=True)
    margin, wrong_margin = _number(first, "margin", low=0.01, high=50, optional=True)
    start, end, wrong_dates = _dates(first, study.as_of)
    scale, wrong_answers = _scale(rows, study.questions[first["question"]], study)
    shares, wrong_shares = _shares(rows, n or 1.0)
    mistakes += [*wrong, *wrong_eff, *wrong_margin, *wrong_dates, *wrong_answers, *wrong_shares]
    if not mistakes:
        mistakes += _sums(first, shares, scale)
    if mistakes or n is None or start is None or end is None:
        return None, mistakes
    effect = study.instruments[first["instrument"]].design_effect
    size = effective_size(n, n_eff=n_eff, margin=margin, design_effect=effect)
    return Poll(rows, shares, n, size, start, end, scale), []


def _responses(poll: Poll, study: Study) -> Iterable[Response]:
    """Rows of the table: printed answers, don't-knows, and what is not printed."""
    first = poll.rows[0]
    question = study.questions[first["question"]]
    printed = {a: s for a, s in poll.shares.items() if a not in NO_ANSWER}
    missing = max(100.0 - sum(poll.shares.values()), 0.0)
    complete = set(printed) == set(poll.scale.answers)
    entries: list[tuple[int | None, float, Row]] = [
        (poll.scale.answers.index(a), share, row)
        for row in poll.rows
        for a, share in ((row["answer"], poll.shares[row["answer"]]),)
        if a in printed
    ]
    undecided = sum(poll.shares.get(a, 0.0) for a in NO_ANSWER) + (missing if complete else 0.0)
    if undecided > 0:
        entries.append((None, undecided, poll.rows[-1]))
    if not complete and missing > 0:
        entries.append((NOT_PRINTED, missing, poll.rows[-1]))
    for category, share, row in entries:
        yield Response(
            instrument=first["instrument"],
            question=first["question"],
            side=question.side,
            constituency=first["constituency"],
            date=middle(poll.start, poll.end),
            offer=question.offer,
            against=question.against,
            category=category,
            categories=len(poll.scale.answers),
            weight=share / 100 * poll.n_eff,
            source=row["source"],
            locator=f"{FILE}:{row.line}",
        )


def _number(
    row: Row, column: str, *, low: float, high: float = 1e9, optional: bool = False
) -> tuple[float | None, list[Mistake]]:
    text = row[column]
    if not text and optional:
        return None, []
    try:
        value = float(text)
    except ValueError:
        return None, [row.mistake(f"`{column}` is {f'`{text}`' if text else 'empty'}; write a number")]
    if not low <= value <= high:
        return None, [row.mistake(f"`{column}` is {text}; it must lie between {low:g} and {high:g}")]
    return value, []


def _dates(row: Row, as_of: dt.date) -> tuple[dt.date | None, dt.date | None, list[Mistake]]:
    try:
        start, end = read_day(row["start"]), read_day(row["end"], last=True)
    except ValueError as error:
        return None, None, [row.mistake(str(error))]
    if end.strftime("%Y-%m") == as_of.strftime("%Y-%m") and len(row["end"]) == 7:
        end = min(end, as_of)
    if start > end:
        return None, None, [row.mistake(f"field work starts {row['start']} after it ends {row['end']}")]
    if end > as_of:
        return None, None, [row.mistake(f"field work ends {end}, after the study's as-of date {as_of}")]
    return start, end, []


def _scale(rows: Sequence[Row], question: Question, study: Study) -> tuple[Scale, list[Mistake]]:
    """The question's own scale, or accept against reject where the print collapses it."""
    scale = study.scales[question.scale]
    answers = [r["answer"] for r in rows if r["answer"] not in NO_ANSWER]
    if answers and all(a in YES_NO.answers for a in answers):
        return YES_NO, []
    known = [*scale.answers, *NO_ANSWER]
    wrong = [
        r.mistake(f"unknown answer `{r['answer']}` (scale `{question.scale}`){suggest(r['answer'], known)}")
        for r in rows
        if r["answer"] not in known
    ]
    if not answers:
        wrong.append(rows[0].mistake("no answer for or against is printed; drop the poll"))
    return scale, wrong


def _shares(rows: Sequence[Row], n: float) -> tuple[dict[str, float], list[Mistake]]:
    shares: dict[str, float] = {}
    mistakes: list[Mistake] = []
    for row in rows:
        column = "count" if row["count"] else "share"
        if row["count"] and row["share"]:
            mistakes.append(row.mistake("has both `share` and `count`; keep one"))
        value, wrong = _number(row, column, low=0.0, high=n if column == "count" else 100.0)
        if wrong and column == "share" and not row["share"]:
            wrong = [row.mistake("neither `share` (per cent) nor `count` is given")]
        mistakes += wrong
        if row["answer"] in shares:
            mistakes.append(row.mistake(f"answer `{row['answer']}` stands twice in poll `{row['poll']}`"))
        if value is not None:
            shares[row["answer"]] = value / n * 100 if column == "count" else value
    return shares, mistakes


def _sums(first: Row, shares: dict[str, float], scale: Scale) -> list[Mistake]:
    total = sum(shares.values())
    if total > 100 + ROUNDING:
        return [first.mistake(f"shares of poll `{first['poll']}` add up to {total:g} per cent")]
    if len(shares) > 1 and 0.5 < total <= 1.02:
        return [first.mistake(f"shares of poll `{first['poll']}` add up to {total:g}; write per cent, not fractions")]
    if set(scale.answers) <= set(shares) and "dont-know" in shares and total < 100 - 2 * ROUNDING:
        return [
            first.mistake(f"shares of poll `{first['poll']}` add up to {total:g} per cent though every answer is given")
        ]
    return []
