"""Bring every catalogue of texts up to date: ``python docs/texts.py``, or ``python docs/texts.py de`` to begin another one.

A text that changed in the code stands in the catalogues with an empty translation; one that is gone is gone.
"""

from __future__ import annotations

import io
import sys

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from winset.language import CATALOGUES

WHERE = [("**.py", "python"), ("brief/templates/**.j2", "jinja2.ext:babel_extract"), ("panel/**.js", "javascript")]
HOW = {"panel/**.js": {"parse_template_string": "yes"}}
KEYWORDS = {"tr": None, "trn": (1, 2)}
TEMPLATE = CATALOGUES / "texts.pot"


def collect() -> Catalog:
    """All texts of the code, where they stand."""
    found = Catalog(project="winset", header_comment="# Texts of the brief and of the panel.", fuzzy=False)
    root = CATALOGUES.parent
    for file, _, text, _, _ in extract_from_dir(root, method_map=WHERE, options_map=HOW, keywords=KEYWORDS):
        found.add(text, locations=[(f"src/winset/{file}", 1)], user_comments=())
    return found


def write(catalogue: Catalog) -> str:
    """A catalogue as a file that tells no dates, so that it changes only where texts do."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(x for x in lines if not x.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')))


def update(code: str, texts: Catalog) -> str:
    """A language's catalogue with today's texts."""
    path = CATALOGUES / f"{code}.po"
    catalogue = Catalog(locale=Locale.parse(code, sep="-"), fuzzy=False, header_comment=texts.header_comment)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file)
    catalogue.update(texts, no_fuzzy_matching=True)
    return write(catalogue)


def main() -> None:
    """Write them."""
    texts = collect()
    TEMPLATE.write_text(write(texts), encoding="utf-8")
    for code in {*(p.stem for p in CATALOGUES.glob("*.po")), *sys.argv[1:]}:
        (CATALOGUES / f"{code}.po").write_text(update(code, texts), encoding="utf-8")


if __name__ == "__main__":
    main()
