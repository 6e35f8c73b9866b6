"""Speed and memory beside a peer on the same work: one line of JSON per case."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import experiments
import interviews
import population
from timing import report, timed

import room
import talks


def start_up() -> None:
    run = lambda *a: subprocess.run([sys.executable, *a], capture_output=True, check=True)  # noqa: E731
    for arguments in (["--help"], ["--version"]):
        ours = timed(lambda a=arguments: run("-m", "winset", *a), 7)
        theirs = timed(lambda: run("-c", "import numpy"), 7)
        report(f"winset {arguments[0]}", ours, "python -c 'import numpy'", theirs, "whole process, warm, median of 7")


def fitting() -> None:
    from winset.acceptance import measure
    from winset.study import load, write_new

    folder = Path(tempfile.mkdtemp()) / "study"
    write_new(folder)
    study = load(folder)
    exact = timed(lambda: measure(study), 1)
    fast = timed(lambda: measure(study, fast=True), 1)
    report("small study, Laplace", fast, "small study, NUTS (ours)", exact, "compilation included")
    shutil.rmtree(folder.parent)


if __name__ == "__main__":
    start_up()
    fitting()
    interviews.reading()
    interviews.annotators()
    for case in (*experiments.CASES, *room.CASES, *talks.CASES, *population.CASES):
        case()
