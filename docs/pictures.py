"""Pictures of README and docs, from a run of the shipped example: ``python docs/pictures.py RUN``; needs Chromium.

The first pages of other runs, named after them, stand on the pages of these cases: ``python docs/pictures.py RUN OTHER ...``.

``images/made-of.json`` holds a hash of what each picture shows; ``tests/test_house.py`` asks for new ones when that has changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from winset.brief import summarise, to_pictures, write_brief
from winset.runs import open_run

IMAGES = Path(__file__).parent / "images"
MADE_OF = IMAGES / "made-of.json"
SIZE = {"width": 1300, "height": 960}
SOURCE = Path(__file__).parent.parent / "src" / "winset"
SHOWS = {
    "brief.png": (
        "brief/templates/pages.typ",
        "brief/pages.py",
        "brief/sections.py",
        "brief/summary.py",
        "figures/summary.py",
    ),
    "panel.png": ("brief/templates/brief.html.j2", "panel/component/*"),
    "app.png": ("app/templates/*", "app/static/*", "workbook/sheets.py"),
}
"""Files that decide how each picture looks."""


def hash_shown() -> dict[str, str]:
    """A hash of the files behind each picture."""
    found = {}
    for picture, patterns in SHOWS.items():
        paths = sorted(p for pattern in patterns for p in SOURCE.glob(pattern) if p.is_file())
        found[picture] = hashlib.sha256(b"".join(p.read_bytes() for p in paths)).hexdigest()[:16]
    return found


def draw_brief(folder: Path, browser: Browser) -> None:
    """The first of two pages, and the panel."""
    run = open_run(folder)
    (IMAGES / "brief.png").write_bytes(to_pictures(summarise(run))[0])
    with tempfile.TemporaryDirectory() as kept:
        page = browser.new_page(viewport=SIZE)  # pyright: ignore[reportArgumentType]
        page.goto(write_brief(run, Path(kept) / "brief.html").as_uri())
        page.locator("#panel .verdict").wait_for()
        page.get_by_role("button", name="Pin").click()
        page.locator(".option:has-text('Europe without the US') input").check()
        page.evaluate("document.getElementById('panel').scrollIntoView()")
        page.wait_for_timeout(3000)  # what each option would do is worked out while the page is idle
        page.screenshot(path=IMAGES / "panel.png")


def draw_app(browser: Browser) -> None:
    """A study in the app, with a mistake at its cell."""
    with tempfile.TemporaryDirectory() as space:
        order = [sys.executable, "-m", "winset", "serve", space, "--no-browser"]
        server = subprocess.Popen(order, stderr=subprocess.PIPE, text=True)  # noqa: S603 -- our own words
        assert server.stderr is not None
        address = re.search(r"http://\S+", server.stderr.readline() + server.stderr.readline())
        assert address is not None
        page = browser.new_page(viewport=SIZE)  # pyright: ignore[reportArgumentType]
        page.goto(address.group(0))
        page.get_by_label("Name").fill("river-valley")
        page.get_by_role("button", name="Start").click()
        page.locator("#grid td").first.wait_for()
        page.get_by_role("tab", name="Polls").click()
        cell = page.locator("#grid td[data-at='D5']")
        cell.fill("villagers")
        cell.press("Enter")
        page.locator("#grid td.bad").wait_for()
        page.screenshot(path=IMAGES / "app.png")
        server.terminate()
        server.communicate()


def main() -> None:
    """Draw all of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        draw_brief(Path(sys.argv[1]), browser)
        draw_app(browser)
        browser.close()
    for other in map(Path, sys.argv[2:]):
        run = open_run(other)
        (IMAGES / f"brief-{run.study.id}.png").write_bytes(to_pictures(summarise(run))[0])
    MADE_OF.write_text(json.dumps(hash_shown(), indent=1) + "\n")


if __name__ == "__main__":
    main()
