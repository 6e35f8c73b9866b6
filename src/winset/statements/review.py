"""The review file: candidates found in an article, and what a person made of each. JSON lines, one a candidate."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from winset.errors import Mistake, StudyError, UsageError, relative

VERSION = 1
UNTOLD = "?"
"""Stands for a number of people that nobody told."""

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
    sentence
        The sentence around it.
    count, of
        Of a group: k and n of "k of n", and ``of`` alone where that is told; ``count`` 0 for none of them.
    quantifier, least, most
        Words such as "most", and the per cent that they may mean.
    people
        How many people a quantifier speaks of: a number, or a range that somebody declares.
    turned
        Whether count and quantifier name those who think otherwise ("few", "none of"): the stance is the others'.
    base
        The people who were counted, as they were named.
    about
        What an attitude is about.
    same_as
        Ids of earlier candidates that tell of the same people.
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
    sentence: str = ""
    about: str = ""
    count: int | None = None
    of: int | None = None
    quantifier: str = ""
    least: int | None = None
    most: int | None = None
    people: str = ""
    turned: bool = False
    base: str = ""
    same_as: str = ""

    @property
    def complete(self) -> bool:
        """Whether it can be accepted: somebody of a constituency, saying something."""
        return bool(self.speaker and self.constituency and self.stance is not None and (self.question or self.theme))

    @property
    def how_many(self) -> str:
        """How many people hold it, in the words that a person may type.

        Examples
        --------
        >>> Candidate("q1", "attitude", "", 0, 0, "", "the widows", "", count=6, of=8).how_many
        '6 of 8'
        """
        if self.count is not None:
            return f"{self.count} of {self.of}" if self.of is not None else f"{self.count}"
        if self.least is None:
            return "1"
        share = f"{self.least}" if self.least == self.most else f"{self.least}-{self.most}"
        return f"{share} % of {self.people or UNTOLD}"


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
