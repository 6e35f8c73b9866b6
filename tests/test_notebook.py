"""What a notebook shows in place of ``<Study ...>``."""

from __future__ import annotations

import pytest

from winset.notebook import SHOWN, register
from winset.runs import Run


def shown(thing: object) -> str:
    kind = type(thing)
    return SHOWN[kind.__module__, kind.__name__](thing)


def test_everything_that_one_is_given_shows_labels_and_no_ids(tiny_run: Run) -> None:
    for thing in (tiny_run.study, tiny_run.acceptance, tiny_run.room, tiny_run):
        page = shown(thing)
        assert page.startswith("<h4>River valley, a made-up border dispute</h4>")
        assert "Mediator&#x27;s text" in page
        assert "mediator-2025-01" not in page


def test_chances_are_those_of_the_room(tiny_run: Run) -> None:
    chance = tiny_run.room.carry("mediator-2025-01")["probability"][-1]
    assert f"<td>{100 * chance:.0f} %</td>" in shown(tiny_run.room)


def test_a_shell_is_told_by_name_so_that_nothing_is_imported() -> None:
    class Formatter:
        def __init__(self) -> None:
            self.known: dict[tuple[str, str], object] = {}

        def for_type_by_name(self, module: str, name: str, show: object) -> None:
            self.known[module, name] = show

    class Shell:
        def __init__(self) -> None:
            self.html = Formatter()
            self.display_formatter = self
            self.formatters = {"text/html": self.html}

    shell = Shell()
    register(shell)
    assert shell.html.known == SHOWN


def test_in_ipython_a_study_is_shown_as_a_page(tiny_run: Run) -> None:
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    shell = interactive.InteractiveShell.instance()
    try:
        register(shell)
        data, _ = shell.display_formatter.format(tiny_run.study)
        assert "<h4>River valley" in data["text/html"]
    finally:
        interactive.InteractiveShell.clear_instance()
