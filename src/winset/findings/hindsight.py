"""Whether what was ranked high as a question moved the answer, said."""

from __future__ import annotations

import math

from winset.exploration import Hindsight
from winset.exploration.hindsight import ALL
from winset.findings.finding import Finding, describe

WEIGHED = (
    "at each day a fit (Laplace approximation) to what had ended by then; what a question was expected to tell: expected value "
    "of sample information by regression, of the question as it was put; what it did: draws weighted with the likelihood of "
    "what was printed; rank correlations within days, 90 % intervals by leaving out one wave (instrument and last day) at a time"
)

UNIT = "in standard deviations of the margin as they were before; root mean squares"


@describe.register
def _(noun: Hindsight) -> list[Finding]:
    return [
        Finding("hindsight", "Did questions that were ranked high move the answer more?", _say_ranks(noun), noun.ranks, WEIGHED),
        Finding("hindsight-thirds", "And by as much as was expected?", _say_thirds(noun), noun.thirds, f"{UNIT}; {WEIGHED}"),
    ]  # fmt: skip


def _say_ranks(noun: Hindsight) -> str:
    rows = noun.ranks.to_dicts()
    last = rows[-1]
    of = f"{last['questions']} printed results after {last['days']} days" + (
        f" in {len(rows) - 1} studies" if last["study"] == ALL else f" of {last['study']}"
    )
    rank = _figures(last["rank"], last["low"], last["high"])
    if not last["low"] > 0:  # also where there are too few waves for an interval
        said = f"It cannot be told: over {of} the rank correlation of what was expected and what came is {rank}"
    else:
        said = f"Yes: over {of} the rank correlation of what was expected and what came is {rank}"
    said += (
        f"; were the model right in everything, it would be {last['if_right']:.2f} on average, since answers hold luck."
    )
    if noun.skipped:
        said += f" {noun.skipped} further results left too few draws to say how far they moved it."
    return said


def _figures(mean: float, low: float, high: float) -> str:
    return f"{mean:.2f}" if math.isnan(low) else f"{mean:.2f} [{low:.2f}, {high:.2f}]"


def _say_thirds(noun: Hindsight) -> str:
    first, last = noun.thirds.row(0, named=True), noun.thirds.row(-1, named=True)
    told = [
        f"the {r['third']} by {_figures(r['moved'], r['low'], r['high'])} where {r['promised']:.2f} was expected"
        for r in (last, first)
    ]
    return f"Of the questions of one day {', '.join(told)} ({UNIT})."
