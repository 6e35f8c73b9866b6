"""interviews.csv: one coded statement a row, aggregates included."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from winset.coding.coded import ONE_CODER
from winset.errors import Mistake, suggest
from winset.evidence.asking import find_side
from winset.evidence.dates import middle, read_day
from winset.evidence.responses import Reading, Response, Statement
from winset.evidence.stances import STANCES, collapses, place_stance, share_weights
from winset.study import Study
from winset.study.rows import Row, read_rows

FILE = "interviews.csv"
REQUIRED = ("statement", "instrument", "speaker", "constituency", "date", "question", "stance", "count", "source")
OPTIONAL = ("side", "coder", "how", "part_of", "theme", "locator", "note")


def read_interviews(study: Study) -> Reading:
    """Read a study's interviews.csv, if there is one."""
    path = study.folder / FILE
    if not path.exists():
        return Reading()
    rows, mistakes = read_rows(path, REQUIRED, OPTIONAL)
    ids = Counter(r["statement"] for r in rows)
    responses: list[Response] = []
    seen: set[tuple[str, ...]] = set()
    context: list[Statement] = []
    for row in rows:
        wrong = [*_wrong(row, study, ids), *_twice(row, seen)]
        mistakes += wrong
        if wrong:
            continue
        if row["question"]:
            context += [_statement(row, f"counted within {row['part_of']}")] if row["part_of"] else []
            responses += [] if row["part_of"] else [_response(row, study)]
        else:
            context.append(_statement(row, "names no offer"))
    return Reading(share_weights(responses), context, mistakes, (FILE,))


def append_statements(folder: Path, rows: Sequence[Mapping[str, str]]) -> tuple[str, list[str]]:
    """Text of a study's interviews.csv with rows added, and the statements in it; a new file has every column."""
    path = folder / FILE
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    header = next(csv.reader(io.StringIO(text, newline=""))) if text else [*REQUIRED, *OPTIONAL]
    taken = [r["statement"] for r in read_rows(path, REQUIRED, OPTIONAL)[0]] if text else []
    if not rows:
        return text, taken
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [h.strip() for h in header], extrasaction="ignore", lineterminator="\n")
    if not text:
        writer.writeheader()
    writer.writerows(rows)
    return (text if not text or text.endswith("\n") else text + "\n") + out.getvalue(), taken


def _wrong(row: Row, study: Study, ids: Counter[str]) -> Iterable[Mistake]:
    if ids[row["statement"]] > 1:
        yield row.mistake(f"statement `{row['statement']}` stands twice", "statement")
    if row["part_of"] and row["part_of"] not in ids:
        yield row.mistake(
            f"part_of names unknown statement `{row['part_of']}`{suggest(row['part_of'], ids)}", "part_of"
        )
    for column, known in (("instrument", study.instruments), ("source", study.sources)):
        if row[column] not in known:
            yield row.mistake(f"unknown {column} `{row[column]}`{suggest(row[column], known)}", column)
    yield from _asked(row, study)
    if row["stance"] not in {str(s) for s in STANCES} | {"+1", "+2"}:
        yield row.mistake(f"stance is `{row['stance']}`; write -2, -1, 0, 1 or 2", "stance")
    if not (row["count"].isascii() and row["count"].isdigit()) or int(row["count"]) < 1:
        yield row.mistake(f"count is `{row['count']}`; write how many people say so, 1 for one voice", "count")
    try:
        if read_day(row["date"]) > study.as_of:
            yield row.mistake(f"date {row['date']} is after the study's as-of date {study.as_of}", "date")
    except ValueError as error:
        yield row.mistake(str(error), "date")


def _asked(row: Row, study: Study) -> Iterable[Mistake]:
    """The question, and the group that was asked, must be declared."""
    groups = sorted({c for _, c in study.constituencies()})
    if not row["question"]:
        if row["constituency"] not in groups:
            yield row.mistake(
                f"unknown constituency `{row['constituency']}`{suggest(row['constituency'], groups)}", "constituency"
            )
    elif row["question"] not in study.questions:
        yield row.mistake(
            f"unknown question `{row['question']}`{suggest(row['question'], study.questions)}", "question"
        )
    else:
        try:
            find_side(study, row["question"], row["constituency"], row["side"])
        except ValueError as error:
            yield row.mistake(str(error), "constituency")


def _twice(row: Row, seen: set[tuple[str, ...]]) -> Iterable[Mistake]:
    """One coder's second row about the same person and question would count the person twice."""
    key = tuple(row[c] for c in ("instrument", "speaker", "question", "coder"))
    if row["question"] and not row["part_of"] and row["how"] != "aggregate" and row["count"] == "1":
        if key in seen:
            said = f"`{row['speaker']}` answers `{row['question']}` twice by the same coder"
            yield row.mistake(f"{said}; name the first statement in part_of, or another speaker", "speaker")
        seen.add(key)


def _response(row: Row, study: Study) -> Response:
    question = study.questions[row["question"]]
    scale = study.scales[question.scale]
    summed = row["how"] == "aggregate"
    alone = not summed and row["count"] == "1"
    return Response(
        instrument=row["instrument"],
        question=row["question"],
        side=find_side(study, row["question"], row["constituency"], row["side"]),
        constituency=row["constituency"],
        date=min(middle(read_day(row["date"]), read_day(row["date"], last=True)), study.as_of),
        end=min(read_day(row["date"], last=True), study.as_of),
        offer=question.offer,
        against=question.against,
        respondent=f"{row['instrument']}:{row['speaker']}" if alone else None,
        coder=(row["coder"] or ONE_CODER) if alone else None,
        category=place_stance(int(row["stance"]), scale, aggregate=summed),
        categories=2 if collapses(scale, aggregate=summed) else len(scale.answers),
        weight=float(row["count"]),
        source=row["source"],
        locator=row.locate(),
    )


def _statement(row: Row, why: str) -> Statement:
    return Statement(
        statement=row["statement"],
        instrument=row["instrument"],
        speaker=row["speaker"],
        constituency=row["constituency"],
        theme=row["theme"],
        stance=int(row["stance"]),
        why=why,
        source=row["source"],
        locator=row.locate(),
        note=row["note"],
    )
