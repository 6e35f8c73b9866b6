"""Speed and memory beside a peer on the same work: one line of JSON per case."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import experiments
import interviews
from timing import report, timed


def start_up() -> None:
    run = lambda *a: subprocess.run([sys.executable, *a], capture_output=True, check=True)  # noqa: E731
    for arguments in (["--help"], ["--version"]):
        ours = timed(lambda a=arguments: run("-m", "winset", *a), 7)
        theirs = timed(lambda: run("-c", "import numpy"), 7)
        report(f"winset {arguments[0]}", ours, "python -c 'import numpy'", theirs, "whole process, warm, median of 7")


def scoring() -> None:
    import numpy as np

    from winset.acceptance import measure
    from winset.room import ratify
    from winset.room.scoring import score_batch, score_space
    from winset.study import load

    study = load("istanbul-2025")
    room = ratify(measure(study, fast=True))
    ballot, space = room.ballot.thin(100), study.space.searched()
    score_space(ballot, space)
    ours = timed(lambda: score_space(ballot, space))
    some = np.random.default_rng(1).integers(0, space.size, 2000)
    packages = np.array([study.space.encode(space.package(space.unrank(int(n)))) for n in some])
    theirs = timed(lambda: score_batch(ballot, packages)) * space.size / len(packages)
    report(
        "score 432,000 packages x 100 draws", ours, "NumPy package by package", theirs, "peer timed on 2,000 packages"
    )


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
    scoring()
    fitting()
    interviews.reading()
    interviews.annotators()
    for case in experiments.CASES:
        case()
