"""What many runs of the talks say."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from winset.findings.finding import Finding, describe
from winset.findings.wording import likelihood_word, percent
from winset.talks import Paths, list_priors
from winset.talks.paths import SETTLED, STATES


@describe.register
def _(noun: Paths) -> list[Finding]:
    runs, weeks = noun.state.shape
    end = noun.settled(weeks)
    guesses = (list_priors()["basis"] == "guess").sum()
    said = (
        f"{noun.scenario.label}: after {weeks} weeks a settlement stands in {percent(end['mean'])} of runs "
        f"({likelihood_word(end['mean'])}); over the parameters that nobody knows, from {percent(end['low'])} to "
        f"{percent(end['high'])} (90 %). {guesses} of {list_priors().height} parameters are guesses: read differences between "
        "scenarios, not the level."
    )
    basis = f"{runs:,} runs, seed {noun.seed}, ten by parameter draw; evidence as of {noun.study.as_of}"
    standing = pl.DataFrame([{"week": w, **noun.settled(w)} for w in _weeks(weeks)])
    states = noun.outcomes().filter(pl.col("week").is_in(_weeks(weeks))).pivot(on="state", index="week", values="share")
    terms = noun.terms()
    best = terms.row(0, named=True)
    room = noun.room_over_time()
    blocks = noun.blocks()
    most = blocks.sort("per_100_rounds", descending=True).row(0, named=True)
    return [
        Finding("settled", "Will a settlement stand?", said, standing, basis),
        Finding("outcomes", "What state is the war in?", f"Shares of runs: {', '.join(STATES)}.", states, basis),
        Finding(
            "signed",
            "On what terms?",
            f"Signed last most often: {best['package']}, in {percent(best['signed'])} of runs."
            if best["signed"]
            else "None.",
            terms,
            basis,
        ),
        Finding(
            "blocked",
            "Why do rounds come to nothing?",
            f"Most often ({most['per_100_rounds']:.0f} of 100 rounds): {most['what']}.",
            blocks,
            basis,
        ),
        Finding(
            "room-over-time",
            "How does the room open and close?",
            f"Some package on the table could be carried by both in {percent(room['some'][0])} of runs at first and in "
            f"{percent(room['some'][-1])} at the end.",
            room.filter(pl.col("week").is_in(_weeks(weeks))),
            basis,
        ),
        _endings(noun, basis),
    ]


def _weeks(weeks: int) -> list[int]:
    """First, every half year, last."""
    return sorted({1, *range(26, weeks + 1, 26), weeks})


def _endings(noun: Paths, basis: str) -> Finding:
    """First endings by year, beside what wars of the size did."""
    settled = (noun.state >= SETTLED[0]).argmax(1)
    never = ~(noun.state >= SETTLED[0]).any(1)
    rows = []
    for year in range(noun.state.shape[1] // 52):
        at_risk = never | (settled >= 52 * year)
        ended = at_risk & ~never & (settled < 52 * (year + 1))
        rate = float(ended.sum() / max(at_risk.sum(), 1))
        rows.append({"year": year + 1, "ends": rate, "ucdp": 0.12})
    said = "Chance that a war still on ends for a first time within the year, beside .12 in years five and six of such wars."
    table = pl.DataFrame(rows, schema={"year": pl.Int64, "ends": pl.Float64, "ucdp": pl.Float64})
    return Finding(
        "endings",
        "Is that like other wars?",
        said,
        table,
        "UCDP dyads 1946-2014 that reached 1,000 deaths a year; " + basis,
    )


def describe_scenarios(paths: Mapping[str, Paths]) -> list[Finding]:
    """Scenarios side by side, run by run against the first."""
    names = list(paths)
    base = paths[names[0]]
    weeks = base.state.shape[1]
    rows = []
    for name in names:
        one = paths[name]
        row = {"scenario": one.scenario.label, **one.settled(weeks)}
        last = one.compare(base).row(-1, named=True) if weeks >= 4 else {"difference": 0.0, "standard_error": 0.0}
        room = one.room_over_time()["some"][-1]
        rows.append(
            row | {"difference": last["difference"], "standard_error": last["standard_error"], "room_at_end": room}
        )
    table = pl.DataFrame(rows)
    best = table.sort("difference", descending=True).row(0, named=True)
    said = (
        f'Against "{base.scenario.label}", the largest rise in the chance that a settlement stands after {weeks} weeks is '
        f"{100 * best['difference']:+.1f} points ({best['scenario']})."
    )
    basis = f"{len(base.state):,} runs each, the same luck run by run, seed {base.seed}; the standard error is of chance alone"
    return [Finding("scenarios", "Which change would matter?", said, table, basis)]


def describe_story(noun: Paths, run: int) -> list[Finding]:
    """One run, told week by week."""
    told = noun.story(run)
    table = pl.DataFrame({"what": told})
    return [
        Finding("story", f"What happened in run {run}?", f"{len(told)} changes.", table, f"run {run}, seed {noun.seed}")
    ]
