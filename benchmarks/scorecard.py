"""The scorecard of the shipped studies, as a page of the docs: ``python benchmarks/scorecard.py`` (``--nuts`` for NUTS).

Folds that ``runs/scorecards`` holds are not fitted again. The page carries the hash of what it was made from;
``tests/test_house.py`` asks for a new one when code or studies have changed.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Any

from winset.acceptance import measure
from winset.findings import describe
from winset.room import ratify
from winset.runs import keep_scorecard
from winset.runs.scorecards import page_hash
from winset.study import Study, load
from winset.study.loading import shipped
from winset.verification import HELD, LATER, Scorecard

PAGE = Path(__file__).parent.parent / "docs" / "background" / "scorecard.md"
HOLDS = (LATER, *HELD)
TOP = 10
TITLES = {"kind": "By kind of question", "study": "By conflict", "horizon": "By how far ahead"}

HEAD = """# Scorecard

Every printed result and every vote of the shipped studies, foreseen from fits that had not seen them. Five days cut each
study's evidence into equal parts (and its as-of date, where a vote came later); what had ended by a day is learned from,
everything later is foreseen. The rows of one wave (pollster and last day of field work) count together in every standard
error. A naive guess is made a distribution by the misses that it made before; the best one is that with the lowest CRPS
which can guess at least half of the rows. Shares and CRPS in points, 90 % intervals in brackets. Losses come first.

Variants of the model were compared on these same studies, and some of its priors set from them: the figures flatter it.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nuts", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("runs/scorecards"))
    chosen = parser.parse_args()
    studies = [load(s) for s in shipped()]

    def tell(text: str) -> None:
        sys.stderr.write(text + "\n")

    times, terms, packages, refusers = (
        keep_scorecard(studies, chosen.out, hold=hold, fast=not chosen.nuts, say=tell) for hold in HOLDS
    )
    method = "NUTS" if chosen.nuts else "the Laplace approximation"
    command = f"`winset verify --all{' --nuts' if chosen.nuts else ''}`"
    parts = [
        f"<!-- {page_hash()} -->",
        HEAD,
        f"Fits by {method}; {command} prints the rows.",
        "## Later results",
        _verdict(times),
    ]
    parts += [f"### {TITLES[by]}\n\n{_table(times, by)}" for by in TITLES]
    parts += [
        "## Terms that nobody was asked about",
        _terms(terms),
        _table(terms, "study"),
        f"### By kind\n\n{_table(terms, 'kind')}",
        "## What the search finds",
        _searched(studies),
        "## Whole packages from their parts",
        _packages(packages),
        _table(packages, "side"),
        "## Incentives",
        _refusers(refusers),
        _table(refusers, "side"),
    ]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _verdict(card: Scorecard) -> str:
    said = {f.id: f.sentence for f in describe(card)}
    return " ".join(said[k] for k in ("backtest-fits", "scorecard-kind") if k in said)


def _terms(card: Scorecard) -> str:
    folds = card.table.select("study", "fold").unique().height
    return (
        f"All questions that hold a term are foreseen from all that do not, one term after the other ({folds} terms; "
        "`winset verify --all --hold terms`). A question that holds several terms is foreseen several times. Scales (how far "
        "wordings, drifts and ranges vary) are those of a fit to everything."
    )


def _searched(studies: list[Study]) -> str:
    """Of the ten likeliest packages of each study, how many rest on terms that some who decide were never asked about."""
    said = (
        "The ten packages likeliest to be carried by all leaders at once, over all terms: how many hold a term that some who "
        "decide were never asked about, and how many such terms each. Every output lists these apart (ask first); the best of "
        "terms that all who decide were asked about stands beside."
    )
    lines = [
        said,
        "",
        "| study | of ten with unasked terms | such terms each | best of any terms | best of asked terms |",
        "|---|---|---|---|---|",
    ]
    for study in studies:
        told, every = ratify(measure(study, seed=1, fast=True)).guarded(TOP)
        table, asked = every.table(), told.table() if told is not None else None
        unasked = table["never_asked"]
        best = "none can be made" if asked is None or not asked.height else f"{100 * asked['p_all'][0]:.0f} %"
        lines.append(
            f"| {study.id} | {int((unasked > 0).sum())} | {unasked.mean():.1f} | {100 * table['p_all'][0]:.0f} % | {best} |"
        )
    return "\n".join(lines)


def _packages(card: Scorecard) -> str:
    return (
        f"{card.table.height} results on whole packages, foreseen from fits that saw only terms, clauses, vague questions and "
        "moods (`winset verify --all --hold packages`). Bias is foreseen less seen: below 0, packages were liked better than "
        "the model's sum of their parts, as Shamir & Shikaki (2010) found."
    )


def _refusers(card: Scorecard) -> str:
    return (
        f"Of those who had refused a package, how many would accept it with something added: {card.table.height} results, "
        "foreseen from all other questions (`winset verify --all --hold refusers`). "
        f"Foreseen {_mean(card, 'mean')} per cent on average, seen {_mean(card, 'observed')}."
    )


def _mean(card: Scorecard, column: str) -> str:
    return f"{100 * card.table[column].mean():.0f}"  # pyright: ignore[reportOperatorIssue]


def _table(card: Scorecard, by: str) -> str:
    head = f"| {by} | rows | waves | inside 90 % | inside 50 % | width | bias | error | CRPS | best naive guess | its error "
    head += "| its CRPS | difference |"
    lines = [head, "|" + "---|" * head.count(" | ") + "---|"]
    return "\n".join([*lines, *(_line(r, by) for r in card.summary(by).iter_rows(named=True))])


def _line(row: dict[str, Any], by: str) -> str:
    def points(name: str) -> str:
        return "" if row[name] is None else f"{100 * row[name]:.1f}"

    def share(name: str) -> str:
        error = row[f"{name}_error"]
        return f"{100 * row[name]:.0f}" + ("" if math.isnan(error) else f" ± {100 * error:.0f}")

    low, high = (row[f"difference_{e}"] for e in ("low", "high"))
    doubt = "" if low is None or math.isnan(low) else f" [{100 * low:+.1f}, {100 * high:+.1f}]"
    difference = "" if row["difference"] is None else f"{100 * row['difference']:+.1f}{doubt}"
    wrong = "" if math.isnan(row["bias_error"]) else f" ± {100 * row['bias_error']:.1f}"
    bias = f"{100 * row['bias']:+.1f}{wrong}"
    inside = share("inside_90"), share("inside_50")
    model = (*inside, f"{100 * row['width']:.0f}", bias, points("error"), points("crps"))
    naive = (row["best"] or "", points("best_error"), points("best_crps"), difference)
    cells = (row[by], row["rows"], row["waves"], *model, *naive)
    return "| " + " | ".join(str(c) for c in cells) + " |"


if __name__ == "__main__":
    main()
