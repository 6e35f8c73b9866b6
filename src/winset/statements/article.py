"""An article on disk -> its text, with the hash that says which file it was. Nothing is fetched."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.coding.archive import UnreadableError, decode
from winset.errors import UsageError

LARGEST = 200 * 2**20
SHORT = 0.8
"""Part of the longest line of a page below which a full stop ends a paragraph."""

HEADING = 0.6
"""Part of it below which a line before a capital or a quotation mark is a heading or the end of a paragraph."""

OPENERS = "“\"«„‘'"

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
    """Read a saved page (.html), a text (.txt, .md) or a .pdf.

    Raises
    ------
    UsageError
        If the file is missing, of another kind, unreadable or without text.
    """
    if not path.is_file():
        raise UsageError(f"{path}: no such file; save the page first, nothing is fetched from the web")
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST // 2**20} MB")
    raw = path.read_bytes()
    kinds = {".html": _page, ".htm": _page, ".xhtml": _page, ".txt": _plain, ".md": _plain, ".pdf": _pdf}
    read = kinds.get(path.suffix.lower())
    if read is None:
        raise UsageError(f"{path}: unknown kind `{path.suffix}`; one of {', '.join(kinds)}")
    title, date, text = read(path, raw)
    if not text.strip():
        raise UsageError(f"{path}: holds no text{' (a scan? it needs text recognition first)' if read is _pdf else ''}")
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


def _decoded(path: Path, raw: bytes) -> str:
    try:
        return decode(raw)[0]
    except UnreadableError as error:
        raise UsageError(f"{path}: {error}") from None


def _plain(path: Path, raw: bytes) -> tuple[str, str, str]:
    text = _decoded(path, raw).replace("\r\n", "\n").replace("\r", "\n")
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
