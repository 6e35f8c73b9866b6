"""Opening a run and asking it takes no time: none of the libraries that fit it is loaded."""

from __future__ import annotations

import subprocess
import sys

from winset.runs import Run

HEAVY = ("jax", "numpyro", "arviz_stats", "xarray", "scipy.stats", "altair", "pandas")
ASK = """
import sys
from pathlib import Path
from winset.runs import open_run
run = open_run(Path({folder!r}), with_rooms=False)
print(run.room.carry({proposal!r})["probability"][-1])
run.acceptance.support({proposal!r})
run.room.repair({proposal!r})
run.room.pivots({proposal!r})
print([m for m in {heavy!r} if m in sys.modules])
"""


def test_a_run_is_opened_and_asked_without_what_fits_it(tiny_run: Run) -> None:
    proposal = next(iter(tiny_run.study.proposals))
    code = ASK.format(folder=str(tiny_run.folder), proposal=proposal, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    chance, loaded = done.stdout.split("\n")[:2]
    assert loaded == "[]"
    assert abs(float(chance) - tiny_run.room.carry(proposal)["probability"][-1]) < 0.01
