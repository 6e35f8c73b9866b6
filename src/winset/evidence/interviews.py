"""interviews.csv: one coded statement a row, aggregates included."""

from __future__ import annotations

from collections.abc import Iterable

from winset.errors import Mistake, suggest
from winset.evidence.dates import middle, read_day
from winset.evidence.responses import Reading, Response, Statement
from winset.study import Scale, Study
from winset.study.rows import Row, read_rows

FILE = "interviews.csv"
REQUIRED = ("statement", "instrument", "speaker", "constituency", "date", "question", "stance", "count", "source")
OPTIONAL = ("coder", "how", "part_of", "theme", "locator", "note")
STANCES = (-2, -1, 0, 1, 2)


def read_interviews(study: Study) -> Reading:
    """Read a study's interviews.csv, if there is one."""
    path = study.folder / FILE
    if not path.exists():
        return Reading()
    rows, mistakes = read_rows(path, REQUIRED, OPTIONAL)
    ids = [r["statement"] for r in rows]
    responses: list[Response] = []
    context: list[Statement] = []
    for row in rows:
        wrong = list(_wrong(row, study, ids))
        mistakes += wrong
        if wrong:
            continue
        if row["question"]:
            context += [_statement(row, f"counted within {row['part_of']}")] if row["part_of"] else []
            responses += [] if row["part_of"] else [_response(row, study)]
        else:
            context.append(_statement(row, "names no offer"))
    return Reading(responses, context, mistakes, (FILE,))


def _wrong(row: Row, study: Study, ids: list[str]) -> Iterable[Mistake]:
    if ids.count(row["statement"]) > 1:
        yield row.mistake(f"statement `{row['statement']}` stands twice")
    if row["part_of"] and row["part_of"] not in ids:
        yield row.mistake(f"part_of names unknown statement `{row['part_of']}`{suggest(row['part_of'], ids)}")
    for column, known in (("instrument", study.instruments), ("source", study.sources)):
        if row[column] not in known:
            yield row.mistake(f"unknown {column} `{row[column]}`{suggest(row[column], known)}")
    groups = {c for _, c in study.constituencies()}
    if row["question"]:
        if row["question"] not in study.questions:
            yield row.mistake(f"unknown question `{row['question']}`{suggest(row['question'], study.questions)}")
        else:
            groups = set(study.sides[study.questions[row["question"]].side].constituencies)
    if row["constituency"] not in groups:
        yield row.mistake(f"unknown constituency `{row['constituency']}`{suggest(row['constituency'], sorted(groups))}")
    if row["stance"] not in {str(s) for s in STANCES} | {"+1", "+2"}:
        yield row.mistake(f"stance is `{row['stance']}`; write -2, -1, 0, 1 or 2")
    if not row["count"].isdigit() or int(row["count"]) < 1:
        yield row.mistake(f"count is `{row['count']}`; write how many people say so, 1 for one voice")
    try:
        if read_day(row["date"]) > study.as_of:
            yield row.mistake(f"date {row['date']} is after the study's as-of date {study.as_of}")
    except ValueError as error:
        yield row.mistake(str(error))


def _response(row: Row, study: Study) -> Response:
    question = study.questions[row["question"]]
    scale = study.scales[question.scale]
    return Response(
        instrument=row["instrument"],
        question=row["question"],
        side=question.side,
        constituency=row["constituency"],
        date=min(middle(read_day(row["date"]), read_day(row["date"], last=True)), study.as_of),
        offer=question.offer,
        against=question.against,
        category=_category(int(row["stance"]), row["how"], scale),
        categories=2 if _collapses(row["how"], scale) else len(scale.answers),
        weight=float(row["count"]),
        source=row["source"],
        locator=f"{FILE}:{row.line}",
    )


def _collapses(how: str, scale: Scale) -> bool:
    """Aggregates ("72 for, 22 against") say for or against, not how strongly."""
    return how == "aggregate" or len(scale.answers) != len(STANCES)


def _category(stance: int, how: str, scale: Scale) -> int | None:
    if _collapses(how, scale):
        return None if stance == 0 else int(stance > 0)
    return stance + 2


def _statement(row: Row, why: str) -> Statement:
    return Statement(
        statement=row["statement"],
        instrument=row["instrument"],
        constituency=row["constituency"],
        theme=row["theme"],
        stance=int(row["stance"]),
        why=why,
        source=row["source"],
        locator=f"{FILE}:{row.line}",
        note=row["note"],
    )
