"""Runs that were opened, kept open: a question then takes no time."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from winset.brief import Summary, picture_of, summarise
from winset.errors import UsageError
from winset.exploration import (
    Asking,
    ask_next,
    draft_questionnaire,
    find_headline,
    hang,
    hang_change,
    hang_together,
    weigh_robustness,
)
from winset.figures import Chart
from winset.findings import Finding, describe, describe_tipping
from winset.panel import describe_panel, pack_room
from winset.room import Room
from winset.runs import Run, load_attitudes, open_run
from winset.talks import Paths, find_scenario, list_table, simulate
from winset.terms import Package
from winset.workbook import questionnaire_bytes


def _hang(room: Room, about: str) -> list[Finding]:
    seed = room.acceptance.seed
    told = (*hang(room, about, seed=seed), hang_change(room, about, seed=seed), hang_together(room, about, seed=seed))
    return [f for h in told if h is not None for f in describe(h)]


EXPLORED: dict[str, Callable[[Opened, str], list[Finding]]] = {
    "hangs-on": lambda opened, about: _hang(opened.run.room, about),
    "tip": lambda opened, about: describe_tipping(opened.run.room, about, seed=opened.run.acceptance.seed),
    "ask": lambda opened, about: describe(opened.ask(about)),
    "robust": lambda opened, _: describe(weigh_robustness(opened.run.room, seed=opened.run.acceptance.seed)),
}
"""What may be explored, and how: with the run's seed, so that the two pages have the same digits."""

RUNS = 2_000
"""Runs of a scenario; some seconds."""
WEEKS = 104
"""Two years."""
KEPT_PATHS = 20
"""Simulated talks that are kept with a run: whoever pulls levers makes many."""
KEPT = 6
"""Runs that are kept open at once; each takes some 300 MB."""


@dataclass
class Opened:
    """A run, its two pages and what the panel needs; worked out once."""

    run: Run
    summary: Summary
    panel: dict[str, Any]
    told: dict[tuple[str, str], list[Finding]] = field(default_factory=dict)
    """What was explored so far, by the question and the proposal; each is worked out once."""
    asked: dict[str, Asking] = field(default_factory=dict)
    paths: dict[str, Paths] = field(default_factory=dict)
    """Simulated talks by scenario and levers."""
    charts: dict[str, list[Chart]] = field(default_factory=dict)
    """Their pictures."""
    table: tuple[Package, ...] = ()
    """Packages that may be tabled in talks."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @functools.cached_property
    def picture(self) -> str:
        """The picture of its two pages, as SVG; empty where there is none."""
        drawn = picture_of(self.summary)
        return drawn.svg if drawn else ""

    def explore(self, kind: str, about: str = "") -> list[Finding]:
        """What a proposal hangs on, what would turn it, or what to ask next; the likeliest one where none is named.

        Raises
        ------
        UsageError
            If nothing is known of that name, the fit failed, or there is no such proposal on record.
        """
        if kind not in EXPLORED:
            raise UsageError(f"nothing is explored by the name of `{kind}`")
        fit = self.run.acceptance.diagnostics
        if not fit.passed:
            raise UsageError(f"{fit.sentence} What it hangs on cannot be told from such draws.")
        with self.lock:
            asked = kind, about or find_headline(self.run.room)
            if asked not in self.told:
                self.told[asked] = EXPLORED[kind](self, asked[1])
            return self.told[asked]

    def simulate(self, scenario: str, levers: Sequence[str] = ()) -> Paths:
        """Talks under a scenario, levers pulled besides, as ``winset simulate`` makes them; worked out once.

        Raises
        ------
        UsageError
            If the study says nothing of a war, or has no such scenario, or a lever cannot be read.
        """
        room = self.run.room
        find_scenario(room.acceptance.study, scenario, levers)
        asked = " ".join((scenario, *levers))
        with self.lock:
            if asked not in self.paths:
                while len(self.paths) >= KEPT_PATHS:
                    self.paths.pop(next(iter(self.paths)))
                self.table = self.table or list_table(room)
                how = {"weeks": WEEKS, "runs": RUNS, "scenario": scenario, "levers": levers, "table": self.table}
                self.paths[asked] = simulate(room, fitted=load_attitudes(self.run.folder), **how)
            return self.paths[asked]

    def ask(self, about: str) -> Asking:
        """What to ask next, worked out once."""
        if about not in self.asked:
            self.asked[about] = ask_next(self.run.room, about, seed=self.run.acceptance.seed)
        return self.asked[about]

    def questionnaire(self, about: str = "") -> bytes:
        """The questions that tell most together, as a workbook to fill in after the field work.

        Raises
        ------
        UsageError
            If the fit failed, or there is no such proposal on record.
        """
        self.explore("ask", about)
        asking = self.asked[about or find_headline(self.run.room)]
        made = draft_questionnaire(self.run.study, self.run.responses.table, asking)
        return questionnaire_bytes(made.sheets, made.introduction)


@dataclass
class Shelf:
    """Opened runs by folder; one is opened at a time."""

    held: dict[Path, tuple[float, Opened]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, folder: Path) -> Opened:
        """A run as it now lies on disk.

        Raises
        ------
        RunError
            If it cannot be opened.
        """
        with self.lock:
            made = (folder / "findings.json").stat().st_mtime
            known = self.held.get(folder)
            if known is not None and known[0] == made:
                self.held[folder] = self.held.pop(folder)
                return known[1]
            run = open_run(folder)
            found = Opened(run, summarise(run), describe_panel(run.room, packed=pack_room(run.room, size=None)))
            self.held[folder] = made, found
            while len(self.held) > KEPT:
                self.held.pop(next(iter(self.held)))
            return found
