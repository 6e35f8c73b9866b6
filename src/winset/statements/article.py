"""An article on disk -> its text, with the hash that says which file it was. Nothing is fetched."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import logging
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.coding.archive import UnreadableError, decode, open_archive, parse_xml
from winset.errors import UsageError

LARGEST = 200 * 2**20
SHORT = 0.8
"""Part of the longest line of a page below which a full stop ends a paragraph."""

HEADING = 0.6
"""Part of it below which a line before a capital or a quotation mark is a heading or the end of a paragraph."""

OPENERS = "“\"«„‘'"

FEW = 40
"""Words below which the language of a text is not judged."""

PAGE = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html)", re.IGNORECASE)
ENGLISH = frozenset(
    """
    the of and to that for with they would not by from have had are were this which their has been but who
    """.split()  # noqa: SIM905
)
LEAST_ENGLISH = 0.12
"""Share of these words below which a text is not English: a third of English news, next to none of any other language's."""

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

EXTRA = "install what reads articles with `pip install 'winset[statements]'`"


@dataclass(frozen=True)
class Article:
    """Text of an article.

    Parameters
    ----------
    text
        Paragraphs separated by an empty line.
    digest
        SHA-256 of the file.
    """

    file: str
    digest: str
    title: str
    date: str
    text: str

    @property
    def paragraphs(self) -> list[tuple[int, str]]:
        """Offset and text of every paragraph."""
        found, at = [], 0
        for part in self.text.split("\n\n"):
            if part.strip():
                found.append((at, part))
            at += len(part) + 2
        return found


def read_article(path: Path) -> Article:
    """Read a saved page (.html), a text (.txt, .md), a Word file (.docx) or a .pdf.

    Raises
    ------
    UsageError
        If the file is missing, of another kind, unreadable, without text, or in another language than English.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; save the page first, nothing is fetched from the web")
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST // 2**20} MB")
    raw = path.read_bytes()
    pages = dict.fromkeys((".html", ".htm", ".xhtml"), _page)
    kinds = {**pages, ".txt": _plain, ".md": _plain, ".pdf": _pdf, ".docx": _word}
    read = kinds.get(path.suffix.lower())
    if read is None:
        raise UsageError(f"{path}: unknown kind `{path.suffix}`; one of {', '.join(kinds)}")
    title, date, text = read(path, raw)
    if not text.strip():
        raise UsageError(f"{path}: holds no text{' (a scan? it needs text recognition first)' if read is _pdf else ''}")
    if not is_english(text):
        raise UsageError(
            f"{path}: seems not to be English; only English is read so far. Translate it, or code it by hand"
        )
    return Article(path.name, hashlib.sha256(raw).hexdigest(), title or path.stem, date, text)


def need(module: str) -> Any:
    """Import what reading articles needs, or say how to get it.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UsageError(f"reading articles needs `{module}`; {EXTRA}") from None


def is_english(text: str) -> bool:
    """Whether a text reads as English; true of a text too short to tell.

    Examples
    --------
    >>> is_english("Der Sprecher sagte, dass die Truppen bleiben. " * 9), is_english("They said that the troops would stay. " * 9)
    (False, True)
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    return len(words) < FEW or sum(w in ENGLISH for w in words) >= LEAST_ENGLISH * len(words)


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return decode(raw)[0]
    except UnreadableError as error:
        raise UsageError(f"{path}: {error}") from None


def _plain(path: Path, raw: bytes) -> tuple[str, str, str]:
    text = _decoded(path, raw).replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise UsageError(f"{path}: is no text, whatever its name says")
    if PAGE.match(text):
        return _page(path, raw)
    if "\n\n" not in text:
        text = text.replace("\n", "\n\n")
    return "", "", text


def _page(path: Path, raw: bytes) -> tuple[str, str, str]:
    trafilatura = need("trafilatura")
    found = trafilatura.bare_extraction(raw, include_comments=False, with_metadata=True, favor_recall=True)
    if found is None:
        raise UsageError(f"{path}: no article was found in the page; save its text as .txt")
    known = found.as_dict() if hasattr(found, "as_dict") else dict(found)
    text = (known.get("text") or "").replace("\n", "\n\n")
    return known.get("title") or "", known.get("date") or "", text


def _word(path: Path, raw: bytes) -> tuple[str, str, str]:
    if not zipfile.is_zipfile(path):
        raise UsageError(
            f"{path}: is no .docx (an old .doc, or locked?); save it as .docx without a password, or as .txt"
        )
    try:
        archive = open_archive(path)
        body = parse_xml(archive.read("word/document.xml"))
    except (UnreadableError, KeyError) as error:
        raise UsageError(f"{path}: cannot be read as a Word file ({error})") from None
    paragraphs = []
    for paragraph in body.iter(f"{WORD}p"):
        parts = [
            t.text or "" if t.tag == f"{WORD}t" else " " for t in paragraph.iter(f"{WORD}t", f"{WORD}br", f"{WORD}tab")
        ]
        paragraphs.append("".join(parts).strip())
    return "", "", "\n\n".join(p for p in paragraphs if p)


def _pdf(path: Path, raw: bytes) -> tuple[str, str, str]:
    import io

    pypdf = need("pypdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it prints every oddity of a file; ours is one sentence
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        pages = [page.extract_text() or "" for page in reader.pages]
        meta = reader.metadata
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, OSError) as error:
        raise UsageError(f"{path}: cannot be read as PDF ({error})") from None
    made = getattr(meta, "creation_date", None)
    date = made.date().isoformat() if isinstance(made, dt.datetime) else ""
    return getattr(meta, "title", None) or "", date, "\n\n".join(_rejoined(p) for p in pages)


def _rejoined(page: str) -> str:
    """Lines of a page put together again; a paragraph ends where a line ends short."""
    out: list[str] = []
    lines = [line.strip() for line in page.splitlines()]
    width = max((len(x) for x in lines), default=0)
    before = ""
    for line in lines:
        stopped = before.endswith((".", "”", '"', "?", "!")) and len(before) < SHORT * width
        heading = len(before) < HEADING * width and line[:1] in OPENERS + line[:1].upper()
        ended = stopped or heading
        if not before or not line or ended:
            out.append(line)
        elif before.endswith("-") and line[:1].islower():
            out[-1] = out[-1][:-1] + line
        else:
            out[-1] += " " + line
        before = line
    return "\n\n".join(x for x in out if x)
