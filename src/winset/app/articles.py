"""Articles: what people are reported to have said is read by a person, one statement at a time, before it is evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from winset.app.entries import check_choice
from winset.app.pages import show
from winset.app.reviews import Reviews
from winset.app.studies import Key, allow, with_words
from winset.errors import MistakesError, UsageError
from winset.statements import Candidate, declare_many, offer_instruments, statement_rows
from winset.study import Study
from winset.workbook import load
from winset.workbook.statements import add_statements, interview_rows, taken_in

routes = APIRouter()
STANCES = {-2: "strongly against", -1: "against", 0: "neither", 1: "for", 2: "strongly for"}
Typed = Annotated[str, Form(max_length=2000)]


@routes.post("/studies/{name}/articles")
def take(request: Request, name: str, form: Key, file: UploadFile) -> Response:
    """An article to be read."""
    reviews = Reviews(allow(request, form), name)
    return _to(name, reviews.take(file.filename or "", file.file.read()))


@routes.get("/studies/{name}/articles/{article}")
def look(request: Request, name: str, article: str, at: int | None = None, *, lacking: bool = False) -> Response:
    """One statement in its paragraph, and what may be said of it."""
    reviews = Reviews(with_words(request), name)
    review, known = reviews.read(article), load(reviews.path)
    held = review.candidates
    n = min(max(_next_open(held, 0) if at is None else at, 0), len(held) - 1)
    before, said, after = _around(held[n])
    return show(
        request, "review.html", name=name, article=article, title=review.article["title"] or article, c=held[n], n=n,
        count=len(held), read=sum(c.status != "open" for c in held), accepted=sum(c.status == "accepted" for c in held),
        lacking=_lacking(held[n]) if lacking else [],
        before=before, said=said, after=after, stances=STANCES, negated=held[n].kind.startswith("negated"),
        constituencies=_constituencies(known), questions={q: x.wording for q, x in known.questions.items()},
        instruments={i: x.label for i, x in known.instruments.items() if x.kind == "interviews"}, sources=sorted(known.sources),
        same=list(offer_instruments(review, interview_rows(known)).items()), date=review.article["date"][:10],
    )  # fmt: skip


@routes.post("/studies/{name}/articles/{article}")
def decide(
    request: Request,
    name: str,
    article: str,
    form: Key,
    act: Key,
    at: Annotated[int, Form(ge=0)],
    speaker: Typed = "",
    how_many: Typed = "",
    constituency: Typed = "",
    question: Typed = "",
    stance: Typed = "",
    theme: Typed = "",
) -> Response:
    """Accept, correct, skip or open a statement again; or take the last of these back."""
    reviews = Reviews(allow(request, form), name)
    if act == "undo":
        return _to(name, article, reviews.undo(article))
    held = reviews.read(article).candidates
    if at >= len(held):
        raise UsageError(f"the article has {len(held)} statements, and no number {at + 1}")
    c, known = held[at], load(reviews.path)
    typed: dict[str, Any] = {"speaker": speaker.strip(), "theme": theme.strip(), "question": question}
    typed |= {"constituency": constituency, "stance": _read_stance(stance, c)}
    _check(typed, known)
    changed = replace(c, **typed)
    if how_many.strip() and how_many.strip() != c.how_many:
        changed = declare_many(changed, how_many)
    by_hand = {f"{k}_why": "by hand" for k in ("speaker", "stance") if typed[k] != getattr(c, k)}
    changed = replace(
        changed, **by_hand, status={"accept": "accepted", "skip": "skipped", "open": "open"}.get(act, c.status)
    )
    if act == "accept" and not changed.complete:
        reviews.change(article, at, replace(changed, status=c.status))  # what was typed is kept
        return _to(name, article, at, "&lacking=true")
    reviews.change(article, at, changed)
    return _to(name, article, at if act in {"keep", "open"} else _next_open(reviews.read(article).candidates, at))


@routes.post("/studies/{name}/articles/{article}/add")
def add(
    request: Request, name: str, article: str, form: Key, instrument: Key, source: Key, date: Typed, coder: Typed
) -> Response:
    """What was accepted, into the study's sheets; the workbook as it was stays a version."""
    place = allow(request, form)
    reviews = Reviews(place, name)
    review, known = reviews.read(article), load(reviews.path)
    if instrument not in known.instruments or source not in known.sources:
        raise UsageError("choose a set of interviews and a source that the study has; its sheets declare them")
    if not coder.strip() or not date.strip():
        raise UsageError("say when it was said (2025-05 or 2025-05-17) and who read it, by a pseudonym")
    given = instrument, source, date.strip(), coder.strip()
    rows = statement_rows(review, *given, taken_in(known), interview_rows(known))
    if not (rows.interviews or rows.polls):
        raise UsageError(f"every accepted statement of {article} is in the study already; nothing was changed")
    try:
        content = add_statements(reviews.path, rows)
    except MistakesError as error:
        raise UsageError(
            f"the statements do not fit: {'; '.join(place.say(error.mistakes))}. Nothing was changed"
        ) from None
    count = len(rows.interviews) + len({r["poll"] for r in rows.polls})
    what = "statement" if count == 1 else "statements"
    said = f"before {count} {what} of {article} {'was' if count == 1 else 'were'} taken in"
    place.save(name, content, "; ".join([said, *rows.told]))
    return RedirectResponse(f"/studies/{quote(name)}", status_code=303)


def _to(study: str, article: str, at: int | None = None, more: str = "") -> Response:
    asked = "" if at is None else f"?at={at}{more}"
    return RedirectResponse(f"/studies/{quote(study)}/articles/{quote(article)}{asked}", status_code=303)


def _next_open(held: tuple[Candidate, ...], at: int) -> int:
    """The next statement that nobody decided on, from one on and round; the same where there is none."""
    return next((n % len(held) for n in range(at, at + len(held)) if held[n % len(held)].status == "open"), at)


def _around(c: Candidate) -> tuple[str, str, str]:
    """The paragraph before the sentence that was found, the sentence, and the paragraph after it."""
    said = c.sentence if c.sentence and c.sentence in c.context else c.text
    before, found, after = c.context.partition(said)
    return (before, found, after) if found else ("", c.text, "")


def _constituencies(known: Study) -> dict[str, str]:
    return {c: known.label(s, c) for s, c in known.constituencies()}


def _read_stance(text: str, c: Candidate) -> int | None:
    if not text:
        return None
    if text not in {str(s) for s in STANCES}:
        raise UsageError(f"`{text}` is no stance; choose one of those on the page")
    if c.kind.startswith("negated"):
        raise UsageError("denied or negated words: no stance can be read off them")
    return int(text)


def _check(typed: dict[str, Any], known: Study) -> None:
    for what, there in (("constituency", _constituencies(known)), ("question", known.questions)):
        check_choice(what, typed[what], there)


def _lacking(c: Candidate) -> list[str]:
    given = {
        "who speaks": bool(c.speaker),
        "for which constituency": bool(c.constituency),
        "how they stand to it": c.stance is not None,
        "to which question, or for which reason": bool(c.question or c.theme),
    }
    return [what for what, there in given.items() if not there]
