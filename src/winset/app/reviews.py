"""Review files of a study's articles, kept beside its versions."""

from __future__ import annotations

import contextlib
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from winset.app.apart import read_apart
from winset.app.workspace import HIDDEN, Workspace, stem_of
from winset.errors import StudyError, UsageError
from winset.runs.atomic import write_text
from winset.statements import Candidate, Review, propose, read_article, read_review, review_text
from winset.workbook import load

ENDING, UNDO = ".review.jsonl", ".undo.jsonl"


class Reviews:
    """Review files of a study: words of speakers never enter the study itself."""

    def __init__(self, place: Workspace, study: str) -> None:
        self.path = place.study(study)
        self.folder = place.folder / HIDDEN / "reviews" / study

    def listed(self) -> list[tuple[str, int, int]]:
        """Name of each, how many statements it holds, and how many of them were read; a damaged one says so when it is opened."""
        found = []
        for own in self._names():
            held: tuple[Candidate, ...] = ()
            with contextlib.suppress(StudyError):
                held = self.read(own).candidates
            found.append((own, len(held), sum(c.status != "open" for c in held)))
        return found

    def _names(self) -> list[str]:
        return sorted(p.name.removesuffix(ENDING) for p in self.folder.glob(f"*{ENDING}"))

    def take(self, name: str, content: bytes) -> str:
        """Read an article that somebody uploads, and draft its review.

        Raises
        ------
        UsageError
            If it cannot be read, says nothing that anybody is reported to think, or was read before.
        """
        own = stem_of(Path(name).stem)
        if own in self._names():
            raise UsageError(f"an article `{own}` is under review here already; give the file another name")
        with tempfile.TemporaryDirectory() as kept:
            file = Path(kept) / f"{own}{Path(name).suffix.lower()}"
            file.write_bytes(content)
            try:
                review = read_apart(name, _draft, file, self.path)
            except UsageError as error:
                raise UsageError(str(error).replace(str(file), name)) from None
        if not review.candidates:
            raise UsageError(f"nobody is reported in {name} to have said or to think anything; nothing was kept")
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(self._file(own, ENDING), review_text(review))
        return own

    def read(self, article: str) -> Review:
        """The review of an article as it stands."""
        if article not in self._names():
            raise UsageError(f"no article `{article[:80]}` is under review here")
        return read_review(self._file(article, ENDING))

    def change(self, article: str, n: int, candidate: Candidate) -> None:
        """Keep what was made of a statement, and what it was before."""
        review, undo = self.read(article), self._file(article, UNDO)
        was = json.dumps({"n": n, "was": asdict(review.candidates[n])}, ensure_ascii=False)
        earlier = undo.read_text(encoding="utf-8") if undo.exists() else ""
        write_text(undo, f"{earlier}{was}\n")
        write_text(self._file(article, ENDING), review_text(review.with_candidate(n, candidate)))

    def undo(self, article: str) -> int:
        """Take the last change back; which statement it was of."""
        review, undo = self.read(article), self._file(article, UNDO)
        lines = undo.read_text(encoding="utf-8").splitlines() if undo.exists() else []
        if not lines:
            raise UsageError("there is nothing to undo")
        last = json.loads(lines.pop())
        write_text(self._file(article, ENDING), review_text(review.with_candidate(last["n"], Candidate(**last["was"]))))
        write_text(undo, "".join(f"{x}\n" for x in lines))
        return int(last["n"])

    def _file(self, article: str, ending: str) -> Path:
        return self.folder / f"{article}{ending}"


def _draft(file: Path, study: Path) -> Review:
    return propose(read_article(file), load(study))
