"""An analyst who has never seen a terminal: from an empty workspace to two pages, in the machine's own Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from tests.app.test_files import write_interviews, write_pairs

from winset.findings.wording import percent
from winset.runs import open_run
from winset.workbook import read_sheet
from winset.workbook.grids import letter

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium on this machine")
PATIENCE = 240_000
"""Milliseconds that a fit may take on a busy machine."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    order = [sys.executable, "-m", "winset", "serve", str(tmp_path / "space"), "--no-browser"]
    server = subprocess.Popen(order, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stderr is not None
    said = server.stderr.readline() + server.stderr.readline()
    found = re.search(r"http://\S+", said)
    assert found is not None, said
    yield found.group(0)
    server.terminate()
    server.communicate(timeout=20)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        wrong: list[str] = []
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
        yield page
        browser.close()
        assert wrong == []


def test_from_nothing_to_two_pages(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Two minutes to a first answer")).to_be_visible()
    page.get_by_label("Name").fill("My valley")
    page.get_by_role("button", name="Start").click()
    page.locator("#grid td").first.wait_for()
    page.get_by_role("tab", name="Polls").click()
    cell = page.locator("#grid td[data-at='D5']")
    cell.click()
    cell.fill("nobody")
    cell.press("Enter")
    expect(page.locator("#wrong")).to_contain_text("Polls!D5: unknown constituency `nobody`", timeout=PATIENCE)
    expect(page.locator("#grid td.bad")).to_have_attribute("data-at", "D5")
    page.get_by_role("tab", name="Sides").click()
    page.locator("#wrong").get_by_role("button", name="Polls!D5").click()
    expect(cell).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#wrong")).to_be_hidden(timeout=PATIENCE)
    page.get_by_role("button", name="Quick answer").click()
    page.get_by_role("tab", name="Polls").click()
    cell.fill("half a wo")  # a fit that ends takes nothing from somebody who types
    expect(page.locator(".job .said a")).to_be_visible(timeout=PATIENCE)
    expect(cell).to_have_text("half a wo")
    cell.press("Escape")
    page.locator(".job .said a").click()
    verdict = page.locator("#panel .verdict")
    expect(verdict).to_contain_text(re.compile("all leaders at once", re.I), timeout=PATIENCE)
    chance = open_run(tmp_path / "space" / "runs" / "My-valley-quick", with_rooms=False).room.carry("mediator-2025-01")
    expect(verdict).to_contain_text(percent(chance["probability"][-1]))
    with page.expect_download() as download:
        page.get_by_text("Two pages, PDF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_text("Whole brief with annex").click()
    expect(page.locator("#panel .verdict")).to_contain_text(re.compile("all leaders at once", re.I), timeout=PATIENCE)


def begin(page: Page, address: str) -> str:
    """A new case; where its page is."""
    page.goto(address)
    page.get_by_label("Name").fill("Case")
    page.get_by_role("button", name="Start").click()
    page.locator("#grid td").first.wait_for()
    return page.url


def test_what_is_typed_goes_to_its_own_sheet_when_another_takes_its_place(
    page: Page, address: str, tmp_path: Path
) -> None:
    begin(page, address)
    page.get_by_role("tab", name="Polls").click()
    cell = page.locator("#grid td[data-at='G5']")
    cell.fill("2025-01-07")
    page.evaluate(
        "[...document.querySelectorAll('[role=tab]')].find((t) => t.textContent === 'Sides').click()"
    )  # it keeps the focus
    expect(page.get_by_role("tab", name="Sides")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#state")).to_have_text("saved")
    book = tmp_path / "space" / "Case.xlsx"
    assert read_sheet(book, "Polls")[4][6] == "2025-01-07"
    assert "2025-01-07" not in {text for row in read_sheet(book, "Sides") for text in row}


def test_two_pages_on_one_sheet_lose_nothing(page: Page, address: str, tmp_path: Path) -> None:
    """Room is made in one; the other, which still shows the rows as they were, is told so and shows them as they are."""
    begin(page, address)
    turn_to(page, "Polls")
    browser, book = page.context.browser, tmp_path / "space" / "Case.xlsx"
    assert browser is not None
    other = browser.new_page(storage_state=page.context.storage_state())
    other.goto(page.url)
    other.locator("#grid td").first.wait_for()
    turn_to(other, "Polls")
    rows = read_sheet(book, "Polls")
    page.get_by_role("button", name="6", exact=True).click()
    page.get_by_role("button", name="Insert above").click()
    expect(page.locator("#state")).to_have_text("saved")
    note = len(rows[3]) - 4
    at = f"#grid td[data-at='{letter(note + 1)}8']"
    other.locator(at).fill("a note")
    other.locator("#grid td[data-at='A5']").click()
    expect(other.locator("#state")).to_contain_text("was not saved; the sheet is shown as it is now")
    expect(other.locator("#grid td[data-at='A8']")).to_have_text(rows[6][0])
    expect(other.locator("#undo")).to_be_disabled()
    other.locator(at).fill("a note")
    other.locator("#grid td[data-at='A5']").click()
    expect(other.locator("#state")).to_have_text("saved")
    assert read_sheet(book, "Polls")[7][note] == "a note"


def test_a_case_is_filled_in_by_choosing(page: Page, address: str, tmp_path: Path) -> None:
    begin(page, address)
    book, helper, saved = (
        tmp_path / "space" / "Case.xlsx",
        page.locator("#helper"),
        page.locator("#state", has_text="saved"),
    )
    cell = lambda at: page.locator(f"#grid td[data-at='{at}']")  # noqa: E731
    turn_to(page, "Polls")
    cell("A18").click()
    cell("A18").press_sequentially("withdr")
    expect(helper.get_by_role("button").first).to_contain_text("withdraw")
    cell("A18").press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    expect(cell("A18")).to_have_text("withdraw")
    cell("B17").click()
    above = cell("B16").inner_text()
    cell("B17").press("Control+Shift+D")
    expect(cell("B18")).to_have_text(above)
    page.get_by_role("button", name="G", exact=True).click()  # by the number of people
    expect(cell("G5")).to_have_text("400")
    turn_to(page, "Sides")
    cell("D6").click()
    helper.get_by_label("how").select_option("vote")
    helper.get_by_label("to, if it is not known").fill("60")
    helper.get_by_label("turnout from").fill("70")
    helper.get_by_role("button", name="Add to the rule").click()
    expect(cell("D6")).to_have_text("public at least 50% and vote of public at least 50-60% turnout 70%")
    expect(page.locator("#wrong")).to_contain_text("Polls!")
    expect(page.locator("#wrong")).not_to_contain_text("Sides!")
    turn_to(page, "Terms")
    page.get_by_role("button", name="Order the options").click()
    nothing_bars(page)
    first = page.locator("#order section").first.locator("li")
    worst = first.nth(2).locator("span").inner_text()
    first.nth(2).drag_to(first.nth(0))
    expect(first.nth(0)).to_contain_text(worst)
    page.locator("#order section").first.get_by_role("button", name="worse").first.click()
    expect(first.nth(1)).to_contain_text(worst)
    expect(saved).to_be_visible()
    ranks = [row for row in read_sheet(book, "Terms") if row[2] == worst]
    assert "2" in ranks[0]


def test_a_row_is_filled_in_as_a_form(page: Page, address: str, tmp_path: Path) -> None:
    begin(page, address)
    book, form = tmp_path / "space" / "Case.xlsx", page.locator("#filling")
    turn_to(page, "Polls")
    page.get_by_role("button", name="A row as a form").click()
    expect(form.locator("legend")).to_have_text("Polls, row 5")
    nothing_bars(page)
    form.get_by_label("Question", exact=True).fill("talkz")
    form.get_by_label("n", exact=True).fill("ca. 900")
    form.get_by_label("Source", exact=True).focus()
    expect(form).to_contain_text("did you mean `talks`?")
    expect(form).to_contain_text("write a number, a range such as 400-600")
    page.locator("#undo").click()
    page.locator("#undo").click()
    expect(form.get_by_label("Question", exact=True)).to_have_value("talks")
    expect(form).not_to_contain_text("did you mean")
    form.get_by_role("button", name="New row").click()
    form.get_by_label("Question", exact=True).fill("withdraw")
    form.get_by_label("Asked by", exact=True).fill("north-poll")
    form.get_by_label("Group", exact=True).focus()
    expect(page.locator("#state")).to_have_text("saved")
    assert read_sheet(book, "Polls")[16][:2] == ["withdraw", "north-poll"]
    turn_to(page, "Sides")
    expect(form).to_be_hidden()
    page.get_by_role("button", name="6", exact=True).click()
    page.get_by_role("button", name="As a form", exact=True).click()
    form.get_by_role("button", name="Add to the rule").click()
    expect(form.get_by_label("Who must agree")).to_have_value("public at least 50% and public at least 50%")


def test_rows_are_deleted_and_come_back(page: Page, address: str) -> None:
    begin(page, address)
    page.get_by_role("tab", name="Polls").click()
    first, second = (page.locator(f"#grid td[data-at='A{n}']") for n in (5, 6))
    gone, kept = first.inner_text(), second.inner_text()
    counts = page.locator("#known .counts")
    expect(counts).to_contain_text("13 printed results")
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_role("button", name="Delete row").click()
    expect(first).to_have_text(kept)
    expect(counts).to_contain_text("12 printed results", timeout=PATIENCE)
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_role("button", name="Insert above").click()
    expect(first).to_have_text("")
    expect(second).to_have_text(kept)
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    expect(first).to_have_text(gone)
    expect(counts).to_contain_text("13 printed results", timeout=PATIENCE)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A server for people with accounts, one of whom owns it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    public = f"http://127.0.0.1:{port}"
    order = [sys.executable, "-m", "winset", "serve", str(tmp_path / "space")]
    made = [*order, "--add-user", "olena", "--role", "own"]
    subprocess.run(made, input="four words in a row\n", text=True, check=True, capture_output=True)
    order += ["--no-browser", "--public", public, "--port", str(port)]
    server = subprocess.Popen(order, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stderr is not None
    assert "people with accounts" in server.stderr.readline()
    yield public
    server.terminate()
    server.communicate(timeout=20)


def test_an_owner_lets_a_reader_in_who_sees_no_words(page: Page, served: str) -> None:
    def enter(name: str) -> None:
        page.goto(served)
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("four words in a row")
        page.get_by_role("button", name="Enter").click()
        expect(page.get_by_role("heading", name="Which peace terms")).to_be_visible()

    enter("olena")
    page.get_by_label("Name").fill("Valley")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("tab", name="Interviews")).to_be_visible()
    study = page.url
    page.get_by_role("link", name="People").click()
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password, 12 characters or more").fill("four words in a row")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("rowheader", name="rita")).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    enter("rita")
    page.goto(study)
    expect(page.get_by_role("tab", name="Terms")).to_be_visible()
    expect(page.get_by_role("tab", name="Interviews")).to_have_count(0)
    expect(page.get_by_role("button", name="Quick answer")).to_be_hidden()
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    page.goto(f"{served}/people")
    expect(page.get_by_text("accounts are for owners")).to_be_visible()


def nothing_bars(page: Page) -> None:
    """axe-core's rules of WCAG 2 A and AA."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]] == []


def turn_to(page: Page, sheet: str) -> None:
    page.get_by_role("tab", name=sheet).click()
    expect(page.get_by_role("tab", name=sheet)).to_have_attribute("aria-selected", "true")


def bring(page: Page, file: Path) -> None:
    page.locator("form[action$='/files'] input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="Look what is in it").click()
    expect(page.get_by_role("heading", name=file.name)).to_be_visible()


def tell(page: Page, *who: str) -> None:
    """Who asked, how and whom."""
    for label, text in zip(("Name", "Pollster or reporter", "How", "Sample of"), who, strict=True):
        page.get_by_label(label, exact=True).fill(text)


def test_a_pollster_brings_an_experiment_from_spss(page: Page, address: str, tmp_path: Path) -> None:
    begin(page, address)
    bring(page, write_pairs(tmp_path / "pairs.sav"))
    expect(page.get_by_label("border: Along the river")).to_have_value("land=split")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("alert")).to_contain_text("of which constituency the people are")
    page.get_by_label("Constituency").select_option(label="General public (North)")
    page.get_by_label("Middle of the field work").fill("2025-01-20")
    page.get_by_label("As it was put").fill("Which would you rather have?")
    tell(page, "Winter survey", "A pollster", "online", "adults")
    page.get_by_label("Published by").fill("A pollster")
    page.get_by_label("Title").fill("Winter survey, data")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken in: pairs.sav (")
    expect(page.locator(".versions")).to_contain_text("before pairs.sav was taken in")
    expect(page.get_by_role("tab", name="Experiments")).to_be_visible()
    expect(page.locator("#known .counts")).to_contain_text("14 printed results")
    expect(page.get_by_role("button", name="Quick answer")).to_be_enabled()


def test_a_reviewer_of_interviews_says_what_codes_mean(page: Page, address: str, tmp_path: Path) -> None:
    begin(page, address)
    bring(page, write_interviews(tmp_path / "soldiers.qdpx"))
    page.get_by_label("cease-fire::against means").select_option(
        label="Would you accept the river as the border? (North)"
    )
    expect(page.get_by_label("Stance of cease-fire::against")).to_have_value("-1")
    nothing_bars(page)
    page.get_by_label("Constituency of all").select_option(label="Army (North)")
    page.get_by_label("Middle of the field work").fill("2025-01-12")
    tell(page, "A reporter's soldiers", "A paper", "telephone", "soldiers")
    page.get_by_label("How they were found").select_option("journalist")
    page.locator("select[name=source]").select_option(index=1)
    expect(page.get_by_label("Published by")).to_be_hidden()
    page.get_by_role("button", name="Take them in").click()
    expect(page.get_by_role("tab", name="Codings")).to_be_visible()
    expect(page.locator("#wrong")).to_be_hidden()
