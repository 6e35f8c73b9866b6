"""polls.csv: printed shares or counts, one answer a row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from winset.errors import Mistake, suggest
from winset.evidence.asking import find_side
from winset.evidence.dates import LONGEST, middle, read_day
from winset.evidence.effective import UNPRINTED, effective_size, range_size
from winset.evidence.responses import NOT_PRINTED, Reading, Response
from winset.study import YES_NO, Question, Scale, Study
from winset.study.rows import Row, read_rows

FILE = "polls.csv"
REQUIRED = ("poll", "question", "instrument", "constituency", "start", "end", "n", "answer", "source")
OPTIONAL = ("share", "count", "n_eff", "margin", "side", "sample", "confidence", "note")
PER_POLL = ("question", "instrument", "constituency", "side", "sample", "start", "end", "n", "n_eff", "margin")
NO_ANSWER = ("dont-know", "refused", "neither")
ROUNDING = 1.5
"""Points by which printed shares may miss 100 through rounding."""

MOST_RANGES = 2
MOST_PEOPLE = 1e9
"""More than any poll asks."""
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)")
"""A range as it is printed: 60-70, or 60 to 70."""

UNPRINTED_N = "?"
"""What stands in the column n where nobody printed it."""


@dataclass(frozen=True)
class Poll:
    """The rows of one poll question, read.

    Parameters
    ----------
    shares
        Per cent by answer; the middle of a printed range.
    ranges
        Low and high per cent of answers of which only a range was printed.
    n_eff, doubt
        Effective number of people (its median where n was not printed) and its log standard deviation.
    """

    rows: Sequence[Row]
    side: str
    shares: dict[str, float]
    ranges: dict[str, tuple[float, float]]
    n_eff: float
    doubt: float
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
    known = [r for r in rows if not (wrong := list(_unknown(r, study))) or mistakes.extend([*wrong, *_alone(r, study)])]
    responses: list[Response] = []
    told: dict[tuple, Row] = {}
    for _, group in groupby(sorted(known, key=lambda r: r["poll"]), key=lambda r: r["poll"]):
        poll, wrong = _read_poll(sorted(group, key=lambda r: r.line), study)
        mistakes += wrong
        if poll is not None:
            mistakes += _repeats(poll, told)
            responses += _responses(poll, study)
    return Reading(responses, (), mistakes, (FILE,))


def _unknown(row: Row, study: Study) -> Iterable[Mistake]:
    for column, known in (("question", study.questions), ("instrument", study.instruments), ("source", study.sources)):
        if row[column] not in known:
            yield row.mistake(f"unknown {column} `{row[column]}`{suggest(row[column], known)}", column)
    if row["question"] in study.questions:
        try:
            find_side(study, row["question"], row["constituency"], row["side"])
        except ValueError as error:
            yield row.mistake(str(error), "constituency")
    elif row["constituency"] not in (groups := sorted({c for _, c in study.constituencies()} | set(study.wholes))):
        said = f"unknown constituency `{row['constituency']}`{suggest(row['constituency'], groups)}"
        yield row.mistake(said, "constituency")
    if not row["poll"]:
        yield row.mistake("`poll` is empty; give the rows of one question in one wave a common name")


def _alone(row: Row, study: Study) -> Iterable[Mistake]:
    """What is wrong in the cells of a row that names something unknown: one mistake hides no other."""
    if said := misread_people(row["n"]):
        yield row.mistake(said, "n")
    for column, low, high in (("n_eff", 0.5, MOST_PEOPLE), ("margin", 0.01, 50)):
        yield from _number(row, column, low=low, high=high, optional=True)[1]
    yield from _dates(row, study.as_of)[2]
    yield from _shares([row], None if said or row["n"] == UNPRINTED_N else MOST_PEOPLE)[2]


def _read_poll(rows: Sequence[Row], study: Study) -> tuple[Poll | None, list[Mistake]]:
    first = rows[0]
    mistakes = [
        row.mistake(f"`{c}` is `{row[c]}` but `{first[c]}` in the same poll ({first.locate()})", c)
        for row in rows
        for c in PER_POLL
        if row[c] != first[c]
    ]
    n, doubt, wrong = _people(first, study)
    n_eff, wrong_eff = _number(first, "n_eff", low=0.5, optional=True)
    margin, wrong_margin = _number(first, "margin", low=0.01, high=50, optional=True)
    start, end, wrong_dates = _dates(first, study.as_of)
    scale, wrong_answers = _scale(rows, study.questions[first["question"]], study)
    shares, ranges, wrong_shares = _shares(rows, n if n and not doubt else None)
    mistakes += [*wrong, *wrong_eff, *wrong_margin, *wrong_dates, *wrong_answers, *wrong_shares]
    if not mistakes:
        mistakes += _sums(first, shares, ranges, scale)
    if mistakes or n is None or start is None or end is None:
        return None, mistakes
    known = n_eff is not None or margin is not None
    effect = study.instruments[first["instrument"]].design_effect
    size = effective_size(n, n_eff=n_eff, margin=margin, design_effect=effect)
    base = study.questions[first["question"]].base
    size *= base.share if base and base.share else 1.0
    side = find_side(study, first["question"], first["constituency"], first["side"])
    return Poll(rows, side, shares, ranges, size, 0.0 if known else doubt, start, end, scale), []


def _repeats(poll: Poll, told: dict[tuple, Row]) -> Iterable[Mistake]:
    """A poll whose every figure another one told already: the same people would count twice."""
    first = poll.rows[0]
    what = tuple(first[c] for c in PER_POLL), tuple(sorted(poll.shares.items()))
    before = told.setdefault(what, first)
    if before is not first:
        said = f"says the same as {before.locate()}, and its people would count twice; delete one"
        yield first.mistake(f"{said} (if other people gave the same answers, name each sample in `sample`)")


def _people(row: Row, study: Study) -> tuple[float | None, float, list[Mistake]]:
    """Number of people asked and its log standard deviation: 0 where it was printed."""
    text = row["n"]
    if text == UNPRINTED_N:
        median, doubt = UNPRINTED[study.instruments[row["instrument"]].published]
        group = find_side(study, row["question"], row["constituency"], row["side"]), row["constituency"]
        return median * study.composition.share_of(group), doubt, []  # the n of a whole sample
    if found := RANGE.fullmatch(text):
        low, high = float(found[1]), float(found[2])
        if not 1 <= low < high:
            return None, 0.0, [row.mistake(f"`n` is {text}; write the lower end first, 1 at least", "n")]
        return *range_size(low, high), []
    n, wrong = _number(row, "n", low=1)
    if wrong and (said := misread_people(text)):
        wrong = [row.mistake(said, "n")]
    return n, 0.0, wrong


def misread_people(text: str) -> str:
    """What is wrong with a number of people; empty where it is a number, a range, or a mark that it was not printed.

    Examples
    --------
    >>> misread_people("400-600"), misread_people("ca. 500")
    ('', '`n` is `ca. 500`; write a number, a range such as 400-600, or ? if it was not printed')
    """
    if text == UNPRINTED_N or RANGE.fullmatch(text) or re.fullmatch(r"\d+(\.\d+)?", text):
        return ""
    found = f"`{text}`" if text else "empty"
    return f"`n` is {found}; write a number, a range such as 400-600, or ? if it was not printed"


def _responses(poll: Poll, study: Study) -> Iterable[Response]:
    """Rows of the table: printed answers, don't-knows, and what is not printed."""
    first = poll.rows[0]
    question = study.questions[first["question"]]
    printed = {a: s for a, s in poll.shares.items() if a not in NO_ANSWER}
    missing = max(round(100.0 - sum(poll.shares.values()), 9), 0.0)  # free of the noise of adding up
    complete = set(printed) == set(poll.scale.answers)
    rows = {row["answer"]: row for row in poll.rows}
    entries: list[tuple[int | None, float, Row]] = [
        (n, printed[a], rows[a]) for n, a in enumerate(poll.scale.answers) if a in printed
    ]
    people = {"doubt": poll.doubt, "n": first["n"], "sample": first["sample"] or None, "end": poll.end}
    undecided = sum(poll.shares.get(a, 0.0) for a in NO_ANSWER) + (missing if complete else 0.0)
    if undecided > 0:
        entries.append((None, undecided, poll.rows[-1]))
    if not complete and missing > 0:
        entries.append((NOT_PRINTED, missing, poll.rows[-1]))
    for category, share, row in entries:
        answer = row["answer"] if category is not None and category >= 0 else ""
        least, most = poll.ranges.get(answer, (None, None))
        yield Response(
            instrument=first["instrument"],
            question=first["question"],
            side=poll.side,
            constituency=first["constituency"],
            date=middle(poll.start, poll.end),
            offer=question.offer,
            against=question.against,
            category=category,
            categories=len(poll.scale.answers),
            weight=share / 100 * poll.n_eff,
            share=share,
            least=None if least is None else least / 100 * poll.n_eff,
            most=None if most is None else most / 100 * poll.n_eff,
            source=row["source"],
            locator=row.locate("answer"),
            **people,
        )


def _number(
    row: Row, column: str, *, low: float, high: float = MOST_PEOPLE, optional: bool = False
) -> tuple[float | None, list[Mistake]]:
    text = row[column]
    if not text and optional:
        return None, []
    try:
        value = float(text)
    except ValueError:
        return None, [row.mistake(f"`{column}` is {f'`{text}`' if text else 'empty'}; write a number", column)]
    if not low <= value <= high:
        limits = f"lie between {low:g} and {high:g}" if high < MOST_PEOPLE else f"be {low:g} at least"
        return None, [row.mistake(f"`{column}` is {text}; it must {limits}", column)]
    return value, []


def _dates(row: Row, as_of: dt.date) -> tuple[dt.date | None, dt.date | None, list[Mistake]]:
    try:
        start, end = read_day(row["start"]), read_day(row["end"], last=True)
    except ValueError as error:
        return None, None, [row.mistake(str(error), "start" if str(error).startswith(f"`{row['start']}`") else "end")]
    if end.strftime("%Y-%m") == as_of.strftime("%Y-%m") and len(row["end"]) == 7:
        end = min(end, as_of)
    if len(row["end"]) == 4 and end.year == as_of.year:
        end = min(end, as_of)
    if (end - start).days > LONGEST:
        said = f"field work from {row['start']} to {row['end']} takes more than three years; write each wave as a poll"
        return None, None, [row.mistake(said, "end")]
    if start > end:
        return None, None, [row.mistake(f"field work starts {row['start']} after it ends {row['end']}", "start")]
    if end > as_of:
        return None, None, [row.mistake(f"field work ends {end}, after the study's as-of date {as_of}", "end")]
    return start, end, []


def _scale(rows: Sequence[Row], question: Question, study: Study) -> tuple[Scale, list[Mistake]]:
    """The question's own scale, or accept against reject where the print collapses it."""
    scale = study.scales[question.scale]
    answers = [r["answer"] for r in rows if r["answer"] not in NO_ANSWER]
    if answers and all(a in YES_NO.answers for a in answers):
        return YES_NO, []
    collapsed = [r for r in rows if r["answer"] in YES_NO.answers and r["answer"] not in scale.answers]
    if collapsed and len(collapsed) < len(answers):
        said = (
            "`accept` and `reject` collapse a scale: write all answers of the poll so, or all in the words of the scale"
        )
        return scale, [collapsed[0].mistake(said, "answer")]
    known = [*scale.answers, *NO_ANSWER]
    wrong = [
        r.mistake(f"unknown answer `{r['answer']}` (scale `{question.scale}`){suggest(r['answer'], known)}", "answer")
        for r in rows
        if r["answer"] not in known
    ]
    if not answers:
        wrong.append(rows[0].mistake("no answer for or against is printed; drop the poll"))
    return scale, wrong


def _shares(
    rows: Sequence[Row], n: float | None
) -> tuple[dict[str, float], dict[str, tuple[float, float]], list[Mistake]]:
    """Per cent by answer, and low and high per cent where a range was printed; counts need a printed ``n``."""
    shares: dict[str, float] = {}
    ranges: dict[str, tuple[float, float]] = {}
    mistakes: list[Mistake] = []
    for row in rows:
        if row["answer"] in shares:
            mistakes.append(row.mistake(f"answer `{row['answer']}` stands twice in poll `{row['poll']}`", "answer"))
        if row["count"] and row["share"]:
            mistakes.append(row.mistake("has both `share` and `count`; keep one"))
        if found := RANGE.fullmatch(row["share"]):
            low, high = float(found[1]), float(found[2])
            if not low < high <= 100:
                mistakes.append(
                    row.mistake(f"`share` is {row['share']}; write the lower end first, 100 at most", "share")
                )
            ranges[row["answer"]], shares[row["answer"]] = (low, high), (low + high) / 2
            continue
        value, wrong = _share(row, n)
        mistakes += wrong
        if value is not None:
            shares[row["answer"]] = value
    return shares, ranges, mistakes


def _share(row: Row, n: float | None) -> tuple[float | None, list[Mistake]]:
    if row["count"] and n is None:
        return None, [row.mistake("`count` needs a printed n; write a share in per cent", "count")]
    if row["count"]:
        value, wrong = _number(row, "count", low=0.0, high=n or 1.0)
        return (None if value is None else value / (n or 1.0) * 100), wrong
    value, wrong = _number(row, "share", low=0.0, high=100.0)
    if wrong and row["share"] and not row["share"][0].isdigit():
        wrong = [
            row.mistake(f"`share` is `{row['share']}`; write a number (per cent), or a range such as 60-70", "share")
        ]
    if wrong and not row["share"]:
        wrong = [row.mistake("neither `share` (per cent, or a range such as 60-70) nor `count` is given", "share")]
    return value, wrong


def _sums(first: Row, shares: dict[str, float], ranges: dict[str, tuple[float, float]], scale: Scale) -> list[Mistake]:
    if len(ranges) > MOST_RANGES:
        return [
            first.mistake(
                f"poll `{first['poll']}` has {len(ranges)} ranges; print {MOST_RANGES} at most, the rest follows"
            )
        ]
    if ranges:
        least = sum(ranges[a][0] if a in ranges else s for a, s in shares.items())
        total = least if least > 100 else min(sum(shares.values()), 100.0)
    else:
        total = sum(shares.values())
    if total > 100 + ROUNDING:
        return [first.mistake(f"shares of poll `{first['poll']}` add up to {total:g} per cent", "share")]
    if len(shares) > 1 and 0.5 < total <= 1.02:
        said = f"shares of poll `{first['poll']}` add up to {total:g}; write per cent, not fractions"
        return [first.mistake(said, "share")]
    if len(shares) == 1 and 0 < total < 1:
        said = f"the only share of poll `{first['poll']}` is {total:g} per cent; write {100 * total:g} if a fraction was meant"
        return [first.mistake(f"{said}, else give the other answers too", "share")]
    if set(scale.answers) <= set(shares) and "dont-know" in shares and total < 100 - 2 * ROUNDING:
        return [
            first.mistake(f"shares of poll `{first['poll']}` add up to {total:g} per cent though every answer is given")
        ]
    return []
