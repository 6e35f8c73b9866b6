"""The two pages, typeset: PDF and picture by Typst; Word stands beside."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from winset.brief.summary import Summary
from winset.errors import UsageError
from winset.figures import dress
from winset.figures.charts import Chart
from winset.figures.summary import draw_summary, to_png
from winset.language import Language, tr

PAPERS = {"a4": ("a4", 21.0, 29.7), "letter": ("us-letter", 21.59, 27.94)}
"""Name in Typst, width and height in centimetres."""
FONTS = (
    "Libertinus Serif",
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Serif CJK SC",
    "DejaVu Sans",
)
"""The first ships with Typst and holds Latin, Greek, Cyrillic and Hebrew; the others serve where the machine has them."""
SCRIPTS = {
    "ARABIC": ("Noto Naskh Arabic", "Noto Sans Arabic", "DejaVu Sans"),
    "CJK": ("Noto Serif CJK SC",),
}
"""Scripts that no font of Typst's own holds, as Unicode names their letters, and the fonts of ours that do."""
WORDS = {
    "picture": tr("What each proposal would meet at home"),
    "alt": tr("Acceptance of each proposal by constituency, with 90 % intervals and what the rules ask for"),
    "legend": tr(
        "Per cent that would rather have the proposal than no deal: mark the mean, line the 90 % interval. Shaded or "
        "dashed: what the rule asks of that group alone. Square: the group on which its side's rule most often fails. Open "
        "circle: never asked about this proposal."
    ),
    "chances": tr("Could each leader carry it at home, if willing?"),
    "proposal": tr("Proposal"),
    "all": tr("All at once"),
    "hangs": tr("Part of the doubt that would go if one thing were known, per cent [90 % interval]"),
    "willing": tr("Chance that the rule at home is met, whether or not the leader has said Yes."),
}
PIXELS = 150
"""Dots per inch of pictures of the pages."""
PAGES, COUNTING = 2, 20
"""How many there are, and dots per inch that are enough to count them."""


def picture_of(summary: Summary) -> Chart | None:
    """The picture of a summary; None where there is no proposal."""
    if not summary.picture.height:
        return None
    asked = {f"{g.side}: {g.label}": (g.least, g.most) for g in summary.groups}
    return dress(draw_summary(summary.picture, asked), summary.language)


def words_of(language: Language) -> dict[str, str]:
    """Headings and legends of the two pages."""
    return {k: language.say(x) for k, x in WORDS.items()}


def to_pdf(summary: Summary, *, paper: str = "a4") -> bytes:
    """Two pages as PDF.

    Raises
    ------
    UsageError
        If Typst is not installed, or the paper is unknown.
    """
    return _typeset(summary, paper, "pdf")[0]


def to_pictures(summary: Summary, *, paper: str = "a4") -> list[bytes]:
    """Each page as a PNG picture."""
    return _typeset(summary, paper, "png")


def _typeset(summary: Summary, paper: str, form: str) -> list[bytes]:
    values = _values(summary, paper)
    if summary.hangs and len(_compile(values, "png", COUNTING)) > PAGES:
        values["hangs"] = ()  # the words say it too; two pages are two pages
    return _compile(values, form, PIXELS)


def _compile(values: dict[str, Any], form: str, pixels: int) -> list[bytes]:
    source, inputs = files("winset.brief") / "templates" / "pages.typ", {"summary": json.dumps(values)}
    made = typst().compile(source.read_bytes(), format=form, ppi=pixels, sys_inputs=inputs)  # pyright: ignore[reportArgumentType]
    pages: Sequence[bytes] = made if isinstance(made, list) else [made]  # pyright: ignore[reportAssignmentType]
    return list(pages)


def typst() -> Any:
    """The typesetter.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    try:
        import typst as made
    except ImportError:
        raise UsageError("PDF and pictures need Typst; install it with `pip install 'winset[print]'`") from None
    return made


def _values(summary: Summary, paper: str) -> dict[str, Any]:
    """What the template reads."""
    chart = picture_of(summary)
    return _told(summary) | {
        "paper": size_of(paper)[0],
        "fonts": FONTS,
        "lang": summary.language.code.partition("-")[0],
        "rtl": summary.language.right_to_left,
        "words": words_of(summary.language),
        "kicker": kicker(summary),
        "foot": f"winset · {summary.title}",
        "picture": None if chart is None else list(to_png(chart)),
    }


def _told(summary: Summary) -> dict[str, Any]:
    """All words of the two pages."""
    return {
        f.name: getattr(summary, f.name) for f in fields(summary) if f.name not in {"picture", "groups", "language"}
    }


def size_of(name: str) -> tuple[str, float, float]:
    """Name in Typst, width and height of a paper.

    Raises
    ------
    UsageError
        If there is no paper of that name.
    """
    if name not in PAPERS:
        raise UsageError(f"unknown paper `{name}`; one of {', '.join(PAPERS)}")
    return PAPERS[name]


def kicker(summary: Summary) -> str:
    """The line above the title."""
    text = tr(
        "Brief · evidence up to {day} · acceptance is measured against no deal; it is not a forecast of what leaders will do",
        day=summary.as_of,
    )
    return summary.language.say(text)


def missing_scripts(summary: Summary) -> tuple[str, ...]:
    """Scripts of the two pages that no font on this machine holds: their letters would be boxes in print.

    Raises
    ------
    UsageError
        If Typst is not installed.
    """
    typesetter = typst()
    letters = {unicodedata.name(c, "").partition(" ")[0] for c in json.dumps(_told(summary), ensure_ascii=False)}
    wanted = {script: fonts for script, fonts in SCRIPTS.items() if script in letters}
    held = set(typesetter.Fonts().families()) if wanted else set()
    return tuple(script.capitalize() for script, fonts in wanted.items() if not held.intersection(fonts))


def write_pages(summary: Summary, folder: Path, kinds: Sequence[str], *, paper: str = "a4") -> list[Path]:
    """Write the two pages beside each other: ``pdf``, ``docx``, ``png`` (a file a page)."""
    from winset.brief.word import to_docx
    from winset.runs.atomic import write_whole

    made: dict[str, bytes] = {}
    if "pdf" in kinds:
        made[name_file(summary.language, ".pdf")] = to_pdf(summary, paper=paper)
    if "docx" in kinds:
        made[name_file(summary.language, ".docx")] = to_docx(summary, paper=paper)
    if "png" in kinds:
        pages = enumerate(to_pictures(summary, paper=paper), 1)
        made |= {name_file(summary.language, f"-{n}.png"): page for n, page in pages}
    for name, content in made.items():
        write_whole(folder / name, content)
    return [folder / name for name in made]


def name_file(language: Language, ending: str) -> str:
    """``brief.pdf``, ``brief-fr.pdf``: languages lie beside each other.

    Examples
    --------
    >>> name_file(Language("en", "en"), ".pdf"), name_file(Language("fr", "fr"), "-1.png")
    ('brief.pdf', 'brief-fr-1.png')
    """
    return f"brief{'' if language.code == 'en' else f'-{language.code}'}{ending}"
