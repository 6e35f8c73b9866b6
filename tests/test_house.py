"""Rules of the house that a reader should be able to rely on."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

from tests.scripts import load_script

import winset
from winset.acceptance import PRIORS

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(m.name for m in pkgutil.iter_modules(winset.__path__) if m.ispkg)


def test_no_exported_name_is_a_module_beside_it() -> None:
    for name in ("", *PACKAGES):
        module = importlib.import_module(f"winset.{name}".rstrip("."))
        beside = {m.name for m in pkgutil.iter_modules(module.__path__)}
        assert not beside & set(getattr(module, "__all__", ())), name


def test_the_map_of_the_house_names_every_package() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert [p for p in PACKAGES if f"`{p}`" not in text] == []


def test_every_command_is_documented() -> None:
    from winset.cli.commands import app

    text = (ROOT / "docs" / "reference" / "commands.md").read_text()
    names = [c.name or c.callback.__name__.replace("_", "-") for c in app.registered_commands if c.callback]
    assert [n for n in names if f"winset {n}" not in text] == []


def test_every_prior_is_documented() -> None:
    text = (ROOT / "docs" / "reference" / "priors.md").read_text()
    assert [p for p in PRIORS if f"`{p}`" not in text] == []


def test_nothing_is_called_utils() -> None:
    bad = {"utils", "util", "helpers", "common", "misc", "manager", "core"}
    assert [p for p in (ROOT / "src").rglob("*.py") if p.stem in bad] == []


def test_the_scorecard_is_of_this_code_and_these_studies() -> None:
    from winset.runs.scorecards import page_hash

    first = (ROOT / "docs" / "background" / "scorecard.md").read_text().splitlines()[0]
    assert page_hash() in first, "the scorecard is of other code or studies; run `python benchmarks/scorecard.py`"


def test_pictures_show_what_there_is() -> None:
    pictures = load_script("pictures")
    told = json.loads(pictures.MADE_OF.read_text())
    old = [name for name, shown in pictures.hash_shown().items() if told.get(name) != shown]
    assert old == [], "these show what has changed since; run `python docs/pictures.py RUN` on a run of istanbul-2025"


def test_generated_pages_are_up_to_date() -> None:
    generate = load_script("generate")
    assert (ROOT / "docs" / "reference" / "priors.md").read_text() == generate.priors_page()
    assert (ROOT / "docs" / "reference" / "commands.md").read_text() == generate.commands_page()
    for path, text in generate.schemas().items():
        assert path.read_text() == text
