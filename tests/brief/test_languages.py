"""The two pages and the panel in other languages: nothing English is left, the digits stay, and another needs no code."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pytest
from babel.messages.pofile import read_po
from lxml import html
from tests.scripts import load_script

from winset.brief import missing_scripts, render_brief, summarise, to_docx, to_pdf, to_pictures, write_pages
from winset.cli.commands import invoke
from winset.errors import UsageError
from winset.language import CATALOGUES, ENGLISH, find_language, list_languages, list_places
from winset.panel import describe_panel
from winset.runs import Run
from winset.study import Study

ROOT = Path(__file__).parents[2]
OTHERS = [code for code in list_languages() if code != "en"]
PLACE = re.compile(r"\{\w+\}")


def entries(code: str) -> list[Any]:
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        return [m for m in read_po(file) if m.id]


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def texts() -> ModuleType:
    return load_script("texts")


def test_french_and_ukrainian_ship() -> None:
    assert {"fr", "uk"} <= set(OTHERS)


def test_catalogues_hold_just_the_texts_of_the_code(texts: ModuleType) -> None:
    found = texts.collect()
    fresh = "run `python docs/texts.py`"
    assert texts.TEMPLATE.read_text(encoding="utf-8") == texts.write(found), fresh
    for code in OTHERS:
        assert {m.id for m in entries(code)} == {m.id for m in found if m.id}, fresh


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_in_all_its_forms(code: str) -> None:
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        count = read_po(file).num_plurals
    for m in entries(code):
        assert not m.fuzzy, m.id
        assert all(forms(m.string)), m.id
        assert len(forms(m.string)) == (1 if isinstance(m.id, str) else count), m.id


@pytest.mark.parametrize("code", OTHERS)
def test_every_translation_has_the_places_of_its_text(code: str) -> None:
    for m in entries(code):
        asked = sorted(PLACE.findall(forms(m.id)[-1]))
        for form in forms(m.string):
            assert sorted(PLACE.findall(form)) in (asked, [p for p in asked if p != "{n}"]), m.id


def long_texts() -> list[re.Pattern[str]]:
    """Texts of more than three words, as patterns that any value fits."""
    found = []
    for text in (t for m in entries("fr") for t in forms(m.id)):
        if len(PLACE.sub(" ", text).split()) > 3:
            found.append(re.compile(".{1,400}?".join(re.escape(part) for part in PLACE.split(text))))
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_no_english_sentence_is_left_on_the_pages(code: str, tiny_run: Run) -> None:
    language = find_language(code)
    page = html.fromstring(render_brief(tiny_run, language))
    assert page.get("lang") == code
    (annex,) = page.find_class("annex")
    assert [d.get("lang") for d in annex.findall("div")] == ["en"]
    assert language.catalogue.gettext("The annex is in English.") in annex.text_content()
    annex.drop_tree()
    for script in page.findall(".//script"):
        script.drop_tree()
    said = [page.text_content(), *(e.get("aria-label", "") for e in page.iter("figure"))]
    word = docx.Document(io.BytesIO(to_docx(summarise(tiny_run).told(language))))
    said += [p.text for p in word.paragraphs]
    said += [c.text for t in word.tables for row in t.rows for c in row.cells]
    for english in long_texts():
        assert not [x for x in said if english.search(x)]


@pytest.mark.parametrize("code", OTHERS)
def test_digits_are_the_same_in_all_languages(code: str, tiny_run: Run) -> None:
    english = summarise(tiny_run)
    told = english.told(find_language(code))

    def digits(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[,.\s\u00a0\u202f](?=\d)", "", text)))

    for one, other in zip(english.answer, told.answer, strict=True):
        assert digits(one) == digits(other)
    assert [row[1:] for row in english.chances] == [
        tuple(x.replace("\u00a0", " ") for x in row[1:]) for row in told.chances
    ]
    for (_, one), (_, other) in zip(english.sections, told.sections, strict=True):
        assert [digits(x) for x in one] == [digits(x) for x in other]


def test_findings_stay_english_whatever_the_pages_speak(tiny_run: Run) -> None:
    before = json.dumps([f.as_dict() for f in tiny_run.findings()], default=str)
    render_brief(tiny_run, find_language("fr"))
    assert json.dumps([f.as_dict() for f in tiny_run.findings()], default=str) == before
    assert "No proposal" in before or "proposal" in before


@pytest.mark.parametrize("code", OTHERS)
def test_the_panel_speaks_the_language(code: str, tiny_run: Run) -> None:
    told = describe_panel(tiny_run.room, language=find_language(code))
    english = describe_panel(tiny_run.room)
    assert english["language"] == {"code": "en", "rtl": False, "texts": {}, "plural": []}
    assert told["language"]["code"] == code
    assert {"Undo", "Start from", "Never asked: {terms}."} <= set(told["language"]["texts"])
    assert told["phrases"] != english["phrases"]
    assert told["sides"][0]["clauses"][0]["words"] != english["sides"][0]["clauses"][0]["words"]
    assert told["proposals"] == english["proposals"]


def test_the_command_writes_beside_the_english_pages(tiny_run: Run, tmp_path: Path) -> None:
    asked = ["brief", str(tiny_run.folder), "--pdf", "--docx", "--png", "--html", "--out", str(tmp_path)]
    assert invoke([*asked, "--language", "fr"]) == 0
    made = {p.name for p in tmp_path.iterdir()}
    assert {"brief-fr.pdf", "brief-fr.docx", "brief-fr-1.png", "brief-fr.html"} <= made
    assert not [n for n in made if not n.startswith("brief-fr")]


def test_a_language_that_does_not_exist_is_a_sentence(tiny_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["brief", str(tiny_run.folder), "--language", "fra"]) == 2
    assert "did you mean `fr`" in capsys.readouterr().err


HEAD = 'msgid ""\nmsgstr ""\n"Language: {code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n{plural}\n'
HEBREW = {
    "What it takes at home, and what blocks": "מה נדרש, ומה חוסם",
    "Proposal": "הצעה",
    "All at once": "כולם יחד",
    "Build a package": "הרכבת חבילה",
    "{side}: {rule}.": "{side}. מה נדרש: {rule}.",
}


def write_catalogue(path: Path, said: dict[str, str], plural: str = "") -> Path:
    entry = "".join(f"msgid {json.dumps(k)}\nmsgstr {json.dumps(v, ensure_ascii=False)}\n\n" for k, v in said.items())
    path.write_text(HEAD.format(code=path.stem, plural=plural) + entry, encoding="utf-8")
    return path


def test_a_catalogue_dropped_in_is_another_language(tiny_run: Run, tmp_path: Path) -> None:
    said = {m.id: f"¡{m.id}!" for m in entries("fr") if isinstance(m.id, str)}
    path = write_catalogue(tmp_path / "es.po", said)
    assert list_languages(tmp_path) == ("en", "es")
    assert find_language("es", tmp_path).name == "Español"
    assert invoke(["brief", str(tiny_run.folder), "--language", str(path), "--out", str(tmp_path)]) == 0
    page = html.fromstring((tmp_path / "brief-es.html").read_text(encoding="utf-8"))
    assert page.get("lang") == "es"
    assert "¡What it takes at home, and what blocks!" in page.text_content()


def test_what_a_catalogue_lacks_stays_english(tiny_run: Run, tmp_path: Path) -> None:
    language = find_language(
        str(write_catalogue(tmp_path / "de.po", {"What it takes at home, and what blocks": "Was blockiert"}))
    )
    headings = [h for h, _ in summarise(tiny_run).told(language).sections]
    assert headings[0] == "Was blockiert"
    assert "How sure this is" in headings


def test_a_translation_that_lost_a_place_is_told(tmp_path: Path) -> None:
    path = write_catalogue(tmp_path / "de.po", {"{side}: {rule}.": "{seite}. Es braucht: {rule}."})
    with pytest.raises(UsageError, match=r"must hold \{rule\}, \{side\}"):
        find_language(str(path))


def test_what_is_no_catalogue_is_told(tmp_path: Path) -> None:
    path = tmp_path / "de.po"
    path.write_text("this is no catalogue", encoding="utf-8")
    with pytest.raises(UsageError, match="no catalogue of texts"):
        find_language(str(path))


@pytest.mark.parametrize("code", ["he", "ar"])
def test_right_to_left_holds_in_every_shape(code: str, tiny_run: Run, tmp_path: Path) -> None:
    language = find_language(str(write_catalogue(tmp_path / f"{code}.po", HEBREW)))
    page = html.fromstring(render_brief(tiny_run, language))
    assert (page.get("lang"), page.get("dir")) == (code, "rtl")
    assert [d.get("dir") for d in page.find_class("annex")[0].findall("div")] == ["ltr"]
    told = summarise(tiny_run).told(language)
    assert to_pdf(told).startswith(b"%PDF")
    book = docx.Document(io.BytesIO(to_docx(told)))
    assert len(book.element.xpath(".//w:pPr/w:bidi")) == len(book.element.xpath(".//w:p"))
    assert book.element.xpath(".//w:bidiVisual")
    assert "\u2068" in told.sections[0][1][0]  # labels stand apart, so that they do not turn a sentence round


def test_labels_in_other_scripts_hold_on_english_pages(tiny_run: Run) -> None:
    told = dataclasses.replace(
        summarise(tiny_run), title="هدنة في الوادي", question="Чи приймуть перемир'я?", answer=("שביתת נשק: 40 %",)
    )
    assert len(to_pictures(told)) <= 2
    book = docx.Document(io.BytesIO(to_docx(told)))
    assert {"هدنة في الوادي", "Чи приймуть перемир'я?"} <= {p.text for p in book.paragraphs}


def test_letters_that_no_font_holds_are_named(tiny_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    class Bare:
        def families(self) -> list[str]:
            return ["Libertinus Serif"]

    pages = summarise(tiny_run)
    assert missing_scripts(pages) == ()
    monkeypatch.setattr(typst, "Fonts", Bare)
    assert missing_scripts(dataclasses.replace(pages, title="هدنة")) == ("Arabic",)


def test_english_pages_are_what_they_were(tiny_run: Run, tmp_path: Path) -> None:
    english = summarise(tiny_run)
    assert english.told(ENGLISH) == english
    assert [p.name for p in write_pages(english, tmp_path, ["docx"])] == ["brief.docx"]


def test_rules_are_said_in_english_as_the_study_says_them(tiny_study_rules: list[tuple[str, str]]) -> None:
    assert [a for a, _ in tiny_study_rules] == [b for _, b in tiny_study_rules]


@pytest.fixture
def tiny_study_rules() -> list[tuple[str, str]]:
    from winset.study.loading import shipped
    from winset.workbook import load

    studies: list[Study] = [load(name) for name in shipped()]
    return [(ENGLISH.tell(x.rule_in_words(s)), str(x.rule_in_words(s))) for x in studies for s in x.sides]


def test_names_of_single_numbers_are_their_priors() -> None:
    from winset.acceptance import PRIORS
    from winset.exploration.things import ANSWERING

    assert {n: PRIORS[n].what.lower() for n in ANSWERING} == {n: x.lower() for n, x in ANSWERING.items()}


def test_places_are_found() -> None:
    assert list_places("{n} of {all}") == {"n", "all"}
