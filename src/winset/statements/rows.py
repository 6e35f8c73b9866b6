"""Accepted candidates -> rows of interviews.csv and polls.csv; the words stay out, locators lead back to them.

One voice, or people counted alone, is a row of interviews.csv. A part of a whole (six of eight, most) is what a printed poll
is too, an answer with the rest unknown, so it goes to polls.csv under the same instrument.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from winset.errors import UsageError
from winset.statements.amounts import read_number
from winset.statements.drafting import same_people
from winset.statements.review import UNTOLD, Candidate, Review

FOR, AGAINST = "accept", "reject"


@dataclass(frozen=True)
class StatementRows:
    """Rows for a study's evidence.

    Parameters
    ----------
    told
        Sentences on what was not counted again, and why.
    """

    interviews: list[dict[str, str]] = field(default_factory=list)
    polls: list[dict[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


def statement_rows(
    review: Review,
    instrument: str,
    source: str,
    date: str,
    coder: str,
    taken: Sequence[str],
    earlier: Sequence[Mapping[str, str]] = (),
) -> StatementRows:
    """Accepted candidates as rows.

    Parameters
    ----------
    taken
        Statements and polls that the study has already.
    earlier
        Rows of interviews that the study has: the same people told in another article count once.

    Raises
    ------
    UsageError
        If nothing was accepted.
    """
    accepted = [c for c in review.candidates if c.status == "accepted"]
    if not accepted:
        raise UsageError(f"no statement of {review.article['file']} was accepted; `winset statements review` first")
    file = review.article["file"]
    given = {"instrument": instrument, "source": source}
    rows = StatementRows()
    polled: list[tuple[Candidate, str]] = []
    for c in accepted:
        name = f"{Path(file).stem}-{c.id}"
        if name in taken:
            polled += [(c, name)] if _is_share(c) else []
            continue
        again = _again(c, [p for p, _ in polled])
        before = _told_before(c, instrument, source, earlier)
        if again is not None:
            rows.told.append(f"{c.id} tells of the same people as {again.id} on the same question: counted once")
        elif before is not None:
            rows.told.append(
                f"{c.id} tells what `{_name_of(before)}` of source `{before['source']}` tells: counted once"
            )
        elif _is_share(c):
            poll = next((n for p, n in polled if _other_answer(c, p)), name)
            fresh = poll == name or poll not in taken
            rows.polls.append(_poll(c, poll, file, date, coder) | given) if fresh else None
            polled.append((c, poll))
        else:
            rows.interviews.append(_interview(c, name, file, date, coder) | given)
    return rows


def _is_share(c: Candidate) -> bool:
    """Whether a candidate tells a part of a whole about an offer."""
    return bool(c.question) and (c.of is not None or c.least is not None)


def _again(c: Candidate, before: Sequence[Candidate]) -> Candidate | None:
    """The candidate that told of the same people on the same question with the same answer."""
    if not _is_share(c):
        return None
    return next(
        (p for p in before if _same_question(c, p) and same_people(c, p) and answer_of(c) == answer_of(p)), None
    )


def _other_answer(c: Candidate, before: Candidate) -> bool:
    """Whether two candidates are two answers of one count: six for, four against of the same ten."""
    whole = c.of is not None and c.count is not None and before.count is not None
    if not (whole and _same_question(c, before) and same_people(c, before)):
        return False
    return answer_of(c) != answer_of(before) and (c.count or 0) + (before.count or 0) <= (c.of or 0)


def _same_question(a: Candidate, b: Candidate) -> bool:
    return (a.question, a.constituency) == (b.question, b.constituency)


def answer_of(c: Candidate) -> str:
    """What the people counted answer: where "few" or "none" are counted, the opposite of what the sentence tells."""
    return FOR if ((c.stance or 0) > 0) != c.turned else AGAINST


def _poll(c: Candidate, poll: str, file: str, date: str, coder: str) -> dict[str, str]:
    n, share, count = c.people or UNTOLD, "", ""
    if c.of is not None:
        n, count = str(c.of), str(c.count)
    else:
        share = f"{c.least}" if c.least == c.most else f"{c.least}-{c.most}"
    words = f"{c.quantifier}, " if c.quantifier else ""
    return {
        "poll": poll, "question": c.question, "constituency": c.constituency, "side": c.side, "start": date, "end": date, "n": n,
        "answer": answer_of(c), "share": share, "count": count,
        "note": f"{words}{c.speaker}; {file}:{c.start}-{c.end}; read by {coder}",
    }  # fmt: skip


def _interview(c: Candidate, name: str, file: str, date: str, coder: str) -> dict[str, str]:
    people = c.count if c.of is None else c.of if c.count == 0 else c.count
    summed = people is not None and people > 1
    how = "aggregate" if summed else "quotation" if c.kind.startswith("direct") else "paraphrase"
    return {
        "statement": name, "speaker": c.speaker, "constituency": c.constituency, "date": date, "question": c.question,
        "stance": str(c.stance), "count": str(people) if summed else "1", "coder": coder, "how": how, "part_of": "",
        "theme": c.theme, "locator": f"{file}:{c.start}-{c.end}", "note": c.how_many if c.of is not None else "",
    }  # fmt: skip


def _told_before(
    c: Candidate, instrument: str, source: str, earlier: Sequence[Mapping[str, str]]
) -> Mapping[str, str] | None:
    """The row of another article on the same interviews that counts these people on this question."""
    return next(
        (
            r
            for r in similar_rows(c, earlier)
            if r["instrument"] == instrument and r["source"] != source and r["question"] == c.question and c.question
        ),
        None,
    )


def offer_instruments(review: Review, earlier: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Instruments under which a study counts people of this article already, each with a sentence that says whom."""
    found: dict[str, str] = {}
    for c in review.candidates:
        for row in similar_rows(c, earlier):
            said = f"{c.id} tells of {c.of or c.count} {_people_of(c)}, and so does `{_name_of(row)}` (source {row['source']})"
            found.setdefault(row["instrument"], said)
    return found


def _people_of(c: Candidate) -> str:
    words = [w for w in (c.base or c.speaker).split() if not (w.lower() in {"the", "of"} or read_number(w) is not None)]
    return " ".join(words) or "people"


def _name_of(row: Mapping[str, str]) -> str:
    return row.get("statement") or row.get("poll") or ""


def similar_rows(c: Candidate, rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Rows of a study that may tell of the same people: as many of them, named by the same word."""
    n = c.of or c.count
    if n is None or n < 2:
        return []
    return [r for r in rows if _told_number(r) == n and same_people(c, _as_candidate(r, n))]


def _told_number(row: Mapping[str, str]) -> int | None:
    text = row.get("n") or row.get("count") or ""
    return int(text) if text.isdigit() else None


def _as_candidate(row: Mapping[str, str], n: int) -> Candidate:
    """A row, as far as it says whom it counts."""
    people = row.get("speaker") or row.get("note", "").split(";")[0]
    whole = n if row.get("n") else None
    return Candidate("", "attitude", "", 0, 0, "", people, "", count=n, of=whole)
