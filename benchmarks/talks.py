"""The moving model: how time grows with runs and weeks, and beside the same model written plainly over runs."""

from __future__ import annotations

import time

import numpy as np
from scipy.special import ndtr
from timing import report


def growing() -> None:
    """10,000 to 100,000 runs, 52 to 208 weeks, of the shipped example."""
    from winset.acceptance import measure
    from winset.room import ratify
    from winset.study import load
    from winset.talks import simulate

    room = ratify(measure(load("istanbul-2025"), fast=True))
    simulate(room, runs=1000)
    for runs, weeks in ((10_000, 104), (30_000, 104), (100_000, 104), (30_000, 52), (30_000, 208)):
        began = time.perf_counter()
        paths = simulate(room, runs=runs, weeks=weeks)
        ours = time.perf_counter() - began
        rate = plain_weeks(paths, runs=2000, weeks=10) * runs / 2000 * weeks / 10
        note = f"{len(paths.labels)} packages, six constituencies; ours with the search for packages (2 to 3 s); the peer works out moods and margins only, timed on 2,000 runs x 10 weeks"  # fmt: skip  # noqa: E501
        report(f"{runs:,} runs x {weeks} weeks", ours, "NumPy over runs", rate, note)


def plain_weeks(paths, runs: int, weeks: int) -> float:
    """Seconds for the parts that cost most, written plainly: moods, acceptance of every package, a rule of three clauses."""
    rng = np.random.default_rng(1)
    packages, members = len(paths.labels), 6
    utility, spread = rng.normal(size=(runs, members, packages)), np.full((runs, members, packages), 1.5)
    mood = np.zeros((runs, members))
    began = time.perf_counter()
    for _ in range(weeks):
        mood += 0.03 * rng.normal(size=mood.shape)
        share = ndtr((utility + mood[..., None]) / spread)
        mixed = 0.4 * share[:, 1] + 0.3 * share[:, 2] + 0.3 * share[:, 3]
        room = (share[:, 0] >= 0.45) & (mixed >= 0.4) & (share[:, 4] >= 0.5) & (share[:, 5] >= 0.3)
        room.sum(1)
        rng.normal(size=(runs, 2 * packages))
    return time.perf_counter() - began


CASES = (growing,)

if __name__ == "__main__":
    growing()
