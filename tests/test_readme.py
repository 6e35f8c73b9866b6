"""What the README shows is true: its commands and its code run, in order, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from tests.coding.projects import project_xml, write_project

from winset.cli.commands import invoke
from winset.study.loading import shipped

SLOW = ("demo", "verify")
"""Commands that fit shipped studies: minutes each, and tried by tests of their own."""
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Fenced blocks of a language, in their order."""
    return [
        text for name, text in re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL) if name == language
    ]


def in_lines() -> list[list[str]]:
    """Commands that stand in the text and in its tables, in their order."""
    return [shlex.split(c)[1:] for c in re.findall(r"`(?:\.venv/bin/)?(winset [^`]*)`", README)]


def run(words: list[str], folder: Path) -> None:
    command = [sys.executable, "-m", "winset", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"winset {' '.join(words)}\n{done.stderr[-2000:]}"


def test_the_commands_run_in_order(tmp_path: Path) -> None:
    lines = [line for block in blocks("") for line in block.splitlines() if line.startswith("winset ")]
    assert len(lines) > 5
    for line in lines:
        run(shlex.split(line, comments=True)[1:], tmp_path)
    assert {p.name for p in (tmp_path / "runs" / "case").iterdir()} >= {"brief.html", "brief.pdf", "brief.docx"}


def test_the_targets_of_make_are_there() -> None:
    lines = [line for block in blocks("") for line in block.splitlines() if line.startswith("make ")]
    targets = [shlex.split(line, comments=True)[1] for line in lines]
    assert targets == ["demo", "test", "app"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [t for t in targets if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []


def write_pairs(path: Path) -> None:
    """Sixty people who chose between two packages."""
    people = range(120)
    table = pd.DataFrame(
        {
            "id": [f"r{n // 2}" for n in people],
            "border": ["river" if n % 4 in {0, 3} else "ridge" for n in people],
            "dam": ["joint" if n % 3 else "own" for n in people],
            "chosen": [float(n % 2) for n in people],
        }
    )
    pyreadstat.write_sav(table, str(path))


def write_coder(path: Path, coder: str, end: int) -> None:
    text = "I would not take the river, and I am tired."
    xml = project_xml({"one": text}, [("one", 0, end, "against", coder, ""), ("one", 33, 43, "fatigue", coder, "")])
    write_project(path, xml, {"one": text.encode()})


def test_the_commands_in_the_text_run_too(tmp_path: Path) -> None:
    """A run of talks stands where the text says RUN; what it fetches from elsewhere is small and of our own making."""
    write_pairs(tmp_path / "pairs.sav")
    write_coder(tmp_path / "coder-a.qdpx", "anna", 26)
    write_coder(tmp_path / "coder-b.qdpx", "ben", 20)
    said = "<p>Three of the eight soldiers said they would accept the border along the river.</p>"
    (tmp_path / "article.html").write_text(
        f"<html><body><h1>At the front</h1>{said * 3}</body></html>", encoding="utf-8"
    )
    run(["new", "war.xlsx", "--war"], tmp_path)
    run(["run", "war.xlsx", "--fast"], tmp_path)
    run(["new", "my-case"], tmp_path)
    for words in in_lines():
        if words[0] not in SLOW:
            run([str(Path("runs", "war")) if w == "RUN" else w for w in words], tmp_path)


@pytest.mark.parametrize("words", [w for w in in_lines() if w[0] in SLOW], ids=" ".join)
def test_commands_that_take_minutes_are_known(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke([words[0], "--help"]) == 0
    told = capsys.readouterr().out
    assert [w for w in words if w.startswith("--") and w not in told] == []
    assert [w for w in words[1:2] if not w.startswith("--") and w not in shipped()] == []


@pytest.mark.slow  # the same calls are tried one by one elsewhere
def test_the_python_runs(tmp_path: Path) -> None:
    code = "\n".join(blocks("python"))
    assert "ws.load" in code
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert [x for x in links if not (ROOT / x).exists()] == []
