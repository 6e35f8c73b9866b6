"""The review file: candidates found in an article, and what a person made of each. JSON lines, one a candidate."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from winset.errors import Mistake, StudyError, UsageError, relative
from winset.statements.article import Article
from winset.statements.quotations import Quotation, find_quotations
from winset.statements.suggesting import Suggestion, suggest_coding
from winset.study import Study

VERSION = 1
OFTEN = 500
"""Paragraphs after which progress is told."""
Status = Literal["open", "accepted", "skipped"]


@dataclass(frozen=True)
class Candidate:
    """One reported statement, and its coding so far.

    Parameters
    ----------
    start, end
        Offsets in the article's text.
    context
        The paragraph it stands in.
    by
        Who suggested: ``rules``, or the name of a model, which the screen marks.
    """

    id: str
    kind: str
    text: str
    start: int
    end: int
    context: str
    speaker: str
    speaker_why: str
    side: str = ""
    constituency: str = ""
    question: str = ""
    stance: int | None = None
    stance_why: str = ""
    theme: str = ""
    by: str = "rules"
    status: Status = "open"

    @property
    def complete(self) -> bool:
        """Whether it can be accepted: somebody of a constituency, saying something."""
        return bool(self.speaker and self.constituency and self.stance is not None and (self.question or self.theme))


@dataclass(frozen=True)
class Review:
    """An article's candidates."""

    article: dict[str, str]
    candidates: tuple[Candidate, ...]

    def __repr__(self) -> str:
        done = sum(c.status != "open" for c in self.candidates)
        return f"<Review of {self.article['file']}: {done} of {len(self.candidates)} read>"

    def with_candidate(self, n: int, candidate: Candidate) -> Review:
        """The review with one candidate changed."""
        changed = [*self.candidates]
        changed[n] = candidate
        return replace(self, candidates=tuple(changed))


def propose(article: Article, study: Study | None = None, *, say: Callable[[str], None] = lambda _: None) -> Review:
    """Candidates of an article in the order of the text, nothing decided; ``say`` is called now and then."""
    found: list[Candidate] = []
    before = ""
    paragraphs = article.paragraphs
    for n, (offset, paragraph) in enumerate(paragraphs, 1):
        if n % OFTEN == 0:
            say(f"{n:,} of {len(paragraphs):,} paragraphs read, {len(found):,} statements found")
        for q in find_quotations(paragraph, before):
            coded = suggest_coding(q, study)
            found.append(_candidate(len(found) + 1, q, coded, offset, paragraph))
            before = q.speaker or before
    about = {"file": article.file, "digest": article.digest, "title": article.title, "date": article.date}
    return Review(about, tuple(found))


def _candidate(n: int, q: Quotation, coded: Suggestion, offset: int, paragraph: str) -> Candidate:
    kind = q.kind if not q.doubted else f"{q.kind}, doubted"
    return Candidate(
        id=f"q{n:03d}",
        kind=kind,
        text=q.text,
        start=offset + q.start,
        end=offset + q.end,
        context=paragraph,
        speaker=q.speaker,
        speaker_why=q.why or "nobody is named",
        side=coded.side,
        constituency=coded.constituency,
        question=coded.question,
        stance=coded.stance,
        stance_why=coded.why,
    )


def review_text(review: Review) -> str:
    """The review as JSON lines."""
    head = {"winset": "statements", "version": VERSION, **review.article}
    return "\n".join(json.dumps(x, ensure_ascii=False) for x in [head, *map(asdict, review.candidates)]) + "\n"


def read_review(path: Path) -> Review:
    """Read a review file.

    Raises
    ------
    UsageError
        If there is none.
    StudyError
        With the line that is no candidate.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; `winset statements read ARTICLE` writes one")
    name = relative(path)
    lines = [(n, x) for n, x in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if x.strip()]
    parsed: list[dict[str, Any]] = []
    for n, line in lines:
        try:
            parsed.append(json.loads(line))
        except json.JSONDecodeError as error:
            raise StudyError(
                [Mistake(name, n, f"no valid JSON ({error.msg}); take it out or read the article again")]
            ) from None
    if not parsed or parsed[0].get("winset") != "statements":
        raise StudyError([Mistake(name, 1, "is no review file; `winset statements read ARTICLE` writes one")])
    if parsed[0].get("version") != VERSION:
        raise StudyError([Mistake(name, 1, "was written by another version; read the article again")])
    candidates = []
    for (n, _), content in zip(lines[1:], parsed[1:], strict=True):
        try:
            candidates.append(Candidate(**content))
        except TypeError as error:
            raise StudyError([Mistake(name, n, f"is no candidate ({error})")]) from None
    about = {k: str(v) for k, v in parsed[0].items() if k not in {"winset", "version"}}
    return Review(about, tuple(candidates))


def statement_rows(
    review: Review, instrument: str, source: str, date: str, coder: str, taken: Sequence[str]
) -> list[dict[str, str]]:
    """Accepted candidates as rows of interviews.csv; quotations stay out, the locator leads back to them.

    Raises
    ------
    UsageError
        If nothing was accepted.
    """
    accepted = [c for c in review.candidates if c.status == "accepted"]
    if not accepted:
        raise UsageError(f"no statement of {review.article['file']} was accepted; `winset statements review` first")
    stem = Path(review.article["file"]).stem
    rows = []
    for c in accepted:
        name = f"{stem}-{c.id}"
        if name in taken:
            continue
        rows.append(
            {
                "statement": name, "instrument": instrument, "speaker": c.speaker, "constituency": c.constituency, "date": date,
                "question": c.question, "stance": str(c.stance), "count": "1", "coder": coder,
                "how": "quotation" if c.kind.startswith("direct") else "paraphrase", "part_of": "", "theme": c.theme,
                "source": source, "locator": f"{review.article['file']}:{c.start}-{c.end}", "note": "",
            }
        )  # fmt: skip
    return rows
