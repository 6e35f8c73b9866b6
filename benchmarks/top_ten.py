"""Do the packages that the search finds keep their promise? Random studies, whose truth is known.

The search picks what looks best, and what looks best by luck is picked too (the optimiser's curse, Smith & Winkler 2006).
One line of JSON a study, appended to a file that a killed run takes up again; then the table.
``python benchmarks/top_ten.py --studies 100 --out top_ten.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from resumed import add_options, go_on, read_lines

from winset.acceptance import acceptance_of, measure
from winset.errors import UsageError
from winset.room import Room, ratify
from winset.room.room import Search
from winset.room.rules import name_shares, rule_holds
from winset.verification.random_studies import RandomStudy, draw_study

MOST_ROWS = 60
SECONDS = 10.0
SEARCHES = ("asked", "any")


def search_one(seed: int) -> dict:
    """Draw and fit a study, search it; what the top ten promised and what they keep."""
    rows = int(np.random.default_rng([seed, 37]).integers(1, MOST_ROWS + 1))
    with tempfile.TemporaryDirectory() as folder:
        made = draw_study(Path(folder) / "study", seed, rows=rows)
        room = ratify(measure(made.study, seed=1, fast=True), audience_costs_on=False)
    line: dict = {"seed": seed, "issues": len(made.study.space.issues), "rows": rows}
    try:
        found = room.guarded(10, seconds=SECONDS)
    except UsageError as error:  # a rule that can never hold
        return line | {"none": str(error)}
    for name, search in zip(SEARCHES, found, strict=True):
        line[name] = None if search is None else compare(made, room, search)
    return line


def compare(made: RandomStudy, room: Room, search: Search) -> dict:
    """Mean chance of the listed packages: promised, and by the truth (over draws of uncertain thresholds)."""
    table = search.table()
    kept = [true_chance(made, room, package) for package in table["package"]]
    return {"listed": table.height, "promised": float(table["p_all"].mean()), "kept": float(np.mean(kept))}  # pyright: ignore[reportArgumentType]


def true_chance(made: RandomStudy, room: Room, package: str) -> float:
    """Share of drawn thresholds under which all leaders could carry a package, were acceptance what it truly is."""
    study, truth = made.study, made.truth
    terms, _ = study.find(package)
    shares = acceptance_of(truth, study.space.encode(terms), truth.level_at(study.as_of))
    held = [
        np.asarray(rule_holds(study.rule(s), name_shares(study, s, shares), list(limits)))
        for s, limits in zip(study.sides, room.ballot.thresholds, strict=True)
    ]
    return float(np.logical_and.reduce(held).mean())


def tables(lines: list[dict]) -> dict:
    """Promised and kept, their difference and its standard error over studies."""
    found: dict = {"studies": len(lines)}
    for name in SEARCHES:
        some = [x[name] for x in lines if x.get(name)]
        if len(some) > 1:
            gaps = np.array([x["promised"] - x["kept"] for x in some])
            found[name] = {
                "studies": len(some),
                "promised": round(float(np.mean([x["promised"] for x in some])), 3),
                "kept": round(float(np.mean([x["kept"] for x in some])), 3),
                "difference": round(float(gaps.mean()), 3),
                "standard_error": round(float(gaps.std(ddof=1) / np.sqrt(len(gaps))), 3),
            }
    return found


def main() -> None:
    """Search, or print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, studies=100, first=1000, out="top_ten.jsonl")
    asked = parser.parse_args()
    for line in go_on(asked, search_one):
        sys.stderr.write(f"study {line['seed']}\n")
    sys.stdout.write(json.dumps(tables(read_lines(asked.out)), indent=1) + "\n")


if __name__ == "__main__":
    main()
