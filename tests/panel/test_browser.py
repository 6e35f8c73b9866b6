"""The panel as a reader uses it: mouse, keyboard, links, a telephone; in the machine's own Chromium."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from winset.brief import write_brief
from winset.findings.wording import percent
from winset.language import find_language
from winset.runs import Run

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine")

expect.set_options(timeout=60_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tiny_run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_brief(tiny_run, tmp_path_factory.mktemp("page") / "brief.html").as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.goto(address)
    expect(page.locator("#panel .verdict")).to_contain_text(re.compile("all leaders at once", re.I))
    yield page
    page.close()
    assert wrong == []


def choose(page: Page, label: str) -> None:
    page.locator(f"#panel .option:has(.name:text-is('{label}')) input").first.check()


def test_a_click_on_an_option_tells_what_the_library_says(page: Page, tiny_run: Run) -> None:
    choose(page, "All to North")
    package = {"land": "north", "water": "joint"}
    expect(page.locator("#panel .verdict")).to_contain_text(percent(tiny_run.room.carry(package)["probability"][-1]))
    for text in (r["label"] for r in tiny_run.acceptance.support(package).iter_rows(named=True)):
        expect(page.locator("#panel svg.bars")).to_contain_text(text)


def test_what_each_option_would_do_stands_on_it(page: Page, tiny_run: Run) -> None:
    would = percent(tiny_run.room.carry({"land": "north", "water": "joint"})["probability"][-1])
    expect(page.locator("#panel .option:has(.name:text-is('All to North')) .would")).to_have_text(would)


def test_undo_and_redo_go_back_and_forth(page: Page) -> None:
    verdict = page.locator("#panel .verdict")
    before = verdict.inner_text()
    choose(page, "All to South")
    after = verdict.inner_text()
    page.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text(before)
    page.get_by_role("button", name="Redo").click()
    expect(verdict).to_have_text(after)
    page.get_by_role("button", name="Reset").click()
    expect(verdict).to_have_text(before)


def test_arrow_keys_move_among_the_options_of_an_issue(page: Page) -> None:
    first = page.locator("#panel fieldset").first.locator("input:checked")
    first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel fieldset").first.locator("input:checked").get_attribute("value") != "1"


def test_the_address_brings_the_package_back(page: Page, browser: Browser) -> None:
    choose(page, "All to South")
    page.locator("#panel select[data-word]").first.select_option("against")
    said = page.locator("#panel .verdict").inner_text()
    other = browser.new_page()
    other.goto(page.url)
    expect(other.locator("#panel .verdict")).to_have_text(said)
    assert other.locator("#panel select[data-word]").first.input_value() == "against"
    other.close()


def test_an_address_that_makes_no_sense_is_passed_over(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + "#build:9.9.9;77;nobody:for;1;5.5:2")
    expect(page.locator("#panel .verdict")).to_contain_text(re.compile("all leaders at once", re.I))
    page.close()


def test_pinned_packages_are_compared(page: Page) -> None:
    page.get_by_role("button", name="Pin").click()
    choose(page, "All to North")
    expect(page.locator("#panel .side h4").first).to_have_text(re.compile(r"\([+−±]\d+\)"))
    page.get_by_role("button", name="open").click()
    page.get_by_role("button", name="remove").click()
    expect(page.locator("#panel .pins")).to_contain_text("Pin a package")


def test_a_click_on_the_map_takes_a_package_from_there(page: Page) -> None:
    before = page.url
    page.locator("#panel .map .square").last.click(force=True)
    page.locator("#panel .map .square").first.click(force=True)
    assert page.url != before


def test_a_threshold_moves_and_goes_back_to_what_was_declared(page: Page) -> None:
    slider = page.locator("#panel .clause input").first
    slider.fill("100")
    expect(page.locator("#panel .clause output").first).to_have_text("100 %")
    page.get_by_role("button", name="as declared").first.click()
    expect(page.locator("#panel .clause output").first).to_have_text("as declared")


def test_the_picture_is_saved_with_its_package(page: Page) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    saved = Path(download.value.path()).read_text()
    assert "All leaders" in saved or "all leaders" in saved
    assert "Along the river" in saved


def test_a_telephone_shows_it_without_scrolling_sideways(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 380, "height": 800})
    page.goto(address)
    expect(page.locator("#panel .verdict")).to_contain_text(re.compile("all leaders at once", re.I))
    assert page.evaluate(
        "document.getElementById('panel').scrollWidth <= document.getElementById('panel').clientWidth + 1"
    )
    page.close()


def test_the_panel_speaks_the_language_of_its_page(browser: Browser, tiny_run: Run, tmp_path: Path) -> None:
    language = find_language("uk")
    page = browser.new_page()
    page.goto(write_brief(tiny_run, tmp_path / "brief.html", language).as_uri())
    chance = language.say(percent(tiny_run.room.carry("mediator-2025-01")["probability"][-1]))
    expect(page.locator("#panel .verdict")).to_contain_text(
        f"усі лідери разом змогли б домогтися схвалення вдома з імовірністю {chance}"
    )
    choose(page, "All to South")
    expect(page.locator("#panel .notes")).to_contain_text("(відмінність: 1 умова)")
    assert not re.search("leaders|chance|asked|Undo", page.locator("#panel").inner_text())
    page.close()


def test_nothing_on_the_page_bars_a_reader(page: Page) -> None:
    """axe-core's rules of WCAG 2 A and AA."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    serious = [v for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
