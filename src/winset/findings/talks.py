"""What many runs of the talks say."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from winset.findings.finding import Finding, describe
from winset.findings.wording import likelihood_word, percent
from winset.talks import Paths, Talked, list_priors
from winset.talks.base_rates import ENDS_IN_YEAR, KINDS, RELAPSED_IN_FIVE_YEARS, WARS_ENDED
from winset.talks.paths import STATES
from winset.talks.week import AGREEMENT, LULL, TRUCE
from winset.verification import Attitudes

DIFFERENCE = ("difference", "standard_error", "low", "high")
UCDP = "UCDP dyads 1946-2014 that reached 1,000 deaths in a year (Kreutz 2010)"


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
    basis = f"{runs:,} runs, seed {noun.seed}, ten by parameter draw; evidence as of {noun.study.as_of}{_framed(noun)}"
    standing = pl.DataFrame(
        [{"week": w, **noun.settled(w), "signed_by_then": noun.signed_by(w)["mean"]} for w in _weeks(weeks)]
    )
    states = noun.outcomes().filter(pl.col("week").is_in(_weeks(weeks))).pivot(on="state", index="week", values="share")
    terms, room, blocks = noun.terms(), noun.room_over_time(), noun.blocks()
    best = terms.row(0, named=True)
    signed = (
        f"Signed last most often: {best['package']}, in {percent(best['signed'])} of runs."
        if best["signed"]
        else "None."
    )
    most = blocks.sort("per_100_rounds", descending=True).row(0, named=True)
    return [
        Finding(
            "settled",
            "Will a settlement stand?",
            said,
            standing,
            basis + "; the standard error is of the simulation alone",
        ),
        Finding(
            "outcomes", "What state is the war in?", f"Share of runs in each state: {'; '.join(STATES)}.", states, basis
        ),
        Finding("signed", "On what terms?", signed, terms.filter(pl.col("signed") > 0), basis),
        Finding(
            "blocked",
            "Why do rounds come to nothing?",
            f"Most often ({most['per_100_rounds']:.0f} of 100 rounds): {most['what']}.",
            blocks,
            basis,
        ),
        Finding(
            "room-over-time",
            "How do the win-sets open and close?",
            f"Some package on the table could be carried by both in {percent(room['some'][0])} of runs at first and in "
            f"{percent(room['some'][-1])} at the end. The table counts packages of the "
            f"{len(noun.labels)} that may be tabled: mean, and nine in ten runs.",
            room.filter(pl.col("week").is_in(_weeks(weeks))),
            basis,
        ),
        _differing(noun, basis),
    ]


def _framed(noun: Paths) -> str:
    """Whose word at home is measured where a leader prepares his public, and whose is guessed."""
    sides, changes = noun.study.sides, noun.scenario.changes
    asked = dict.fromkeys(s for change in changes for s in change.framing)
    said = [
        f"{sides[s].label}'s leader prepares the public: "
        + ("share that follows that word as measured" if s in noun.framing else "`reframing` as guessed, never asked")
        for s in asked
    ]
    return "".join(f"; {text}" for text in said)


def _weeks(weeks: int) -> list[int]:
    """First, every half year, last."""
    return sorted({1, *range(26, weeks + 1, 26), weeks})


def _differing(noun: Paths, basis: str) -> Finding:
    table = noun.what_differs()
    clear = table.filter((pl.col("low") > 0.5) | (pl.col("high") < 0.5))
    if not table.height:
        said = "Either every run settled or none did: nothing to compare."
    elif not clear.height:
        said = "No parameter sets them apart beyond chance."
    else:
        top = clear.row(0, named=True)
        more = "greater" if top["auc"] > 0.5 else "smaller"
        said = (
            f"Runs in which something was signed most clearly have a {more} `{top['parameter']}`: {top['what']} "
            f"({top['basis']})."
        )
    return Finding(
        "differs", "What sets runs that settle apart?", said, clear.head(12).drop("what"),
        "auc: chance that of two runs, one settled and one not, the settled one has the greater value; " + basis)  # fmt: skip


def describe_face_checks(noun: Paths) -> list[Finding]:
    """A long simulation beside what wars of the size did.

    Parameters
    ----------
    noun
        Runs of some years; ten are needed to see all that is compared.
    """
    basis = f"{len(noun.state):,} runs of {noun.state.shape[1] // 52} years, seed {noun.seed}; {UCDP}"
    return [_hazards(noun, basis), _kinds(noun, basis), _relapses(noun, basis)]


def _hazards(noun: Paths, basis: str) -> Finding:
    war, years = noun.study.war, noun.state.shape[1] // 52
    begun = int((noun.study.as_of - war.began).days / 365.25) if war else 0
    rows = []
    for year in range(years):
        found = noun.first_endings(year)
        nth = begun + 1 + year
        rows.append(
            {"year_of_war": nth, "at_risk": found["at_risk"], "ends": found["ends"], "ucdp": ENDS_IN_YEAR.get(nth)}
        )
    kinds = {"year_of_war": pl.Int64, "at_risk": pl.Int64, "ends": pl.Float64, "ucdp": pl.Float64}
    ends = [r["ends"] for r in rows]
    early, late = (sum(part) / max(len(part), 1) for part in (ends[: years // 2], ends[years // 2 :]))
    said = (
        f"The chance that the war ends within a year {'falls' if late < early else 'does not fall'} over the years "
        f"({percent(early)} a year in the first half, {percent(late)} in the second); in UCDP it falls over the first three "
        "years and is about 12 % a year from the fourth on. It can fall here only because runs differ: those whose parameters "
        "allow a deal settle first."
    )
    return Finding("face-hazard", "Do wars end as often as other wars?", said, pl.DataFrame(rows, schema=kinds), basis)


def _kinds(noun: Paths, basis: str) -> Finding:
    table = _endings(noun)
    shares = {r["ending"]: r for r in table.iter_rows(named=True)}
    settled, known = (shares["agreement"][c] + shares["cease-fire"][c] for c in ("share", "ucdp"))
    said = (
        f"{percent(settled)} of endings here are settlements, {percent(known)} of {WARS_ENDED} long wars; "
        f"{percent(shares['victory']['share'])} are victories, {percent(KINDS['victory'])} of those wars.{_why(noun)}"
    )
    return Finding("face-kinds", "Do they end in the same way?", said, table, basis)


def _relapses(noun: Paths, basis: str) -> Finding:
    rows = []
    for kind in (LULL, TRUCE, AGREEMENT):
        share, spells = noun.relapsed(kind)
        rows.append(
            {"after": STATES[kind], "spells": spells, "relapsed": share, "ucdp": RELAPSED_IN_FIVE_YEARS[STATES[kind]]}
        )
    kinds = {"after": pl.String, "spells": pl.Int64, "relapsed": pl.Float64, "ucdp": pl.Float64}
    seen = [r["relapsed"] for r in rows if r["relapsed"] is not None]
    order = "in that order" if len(seen) == 3 and seen == sorted(seen, reverse=True) else "not in the order"
    said = (
        f"Within five years of a lull, a cease-fire, an agreement, {order} of UCDP. The rates are put in, so this checks the "
        "bookkeeping; a cease-fire that turns into an agreement leaves the count."
    )
    return Finding("face-relapse", "Does war come back as often?", said, pl.DataFrame(rows, schema=kinds), basis)


def _why(noun: Paths) -> str:
    """Where a front that moves on explains victories."""
    front = noun.study.war.front if noun.study.war else None
    if front is None or front.per_week == 0:
        return ""
    years = front.aim / abs(front.per_week) / 52
    return (
        f" At the pace before the as-of date the front would reach an end after {years:.0f} years: from then on wars here end by "
        "arms, where real ones often stall."
    )


def _endings(noun: Paths) -> pl.DataFrame:
    """Shares of first endings by kind, beside UCDP's."""
    totals = dict.fromkeys(STATES, 0.0)
    for year in range(noun.state.shape[1] // 52):
        found = noun.first_endings(year)
        for name in STATES[2:]:
            totals[name] += found[name] * found["at_risk"]
    whole = sum(totals.values()) or 1.0
    victory = totals["aim taken by force"] + totals["attacker thrown back"]
    mine = {"agreement": totals["agreement"], "cease-fire": totals["cease-fire"],
            "lull, nothing signed": totals["lull, nothing signed"], "victory": victory, "a side ceases to be": 0.0}  # fmt: skip
    return pl.DataFrame([{"ending": k, "share": v / whole, "ucdp": KINDS[k]} for k, v in mine.items()])


def describe_scenarios(paths: Mapping[str, Paths]) -> list[Finding]:
    """Scenarios side by side, run by run against the first."""
    names = list(paths)
    base = paths[names[0]]
    weeks = base.state.shape[1]
    rows = []
    for name in names:
        one = paths[name]
        end = one.settled(weeks)
        apart = one.compare(base)
        last = apart.row(-1, named=True) if apart.height else dict.fromkeys(DIFFERENCE, 0.0)
        rows.append(
            {
                "scenario": one.scenario.label,
                "stands": end["mean"],
                "low": end["low"],
                "high": end["high"],
                "difference": last["difference"],
                "difference_low": last["low"],
                "difference_high": last["high"],
                "standard_error": last["standard_error"],
                "signed": one.signed_by(weeks)["mean"],
                "room_at_end": one.room_over_time()["some"][-1],
            }
        )
    table = pl.DataFrame(rows)
    best = table.sort("difference", descending=True).row(0, named=True)
    clear = table.filter((pl.col("difference").abs() > 2 * pl.col("standard_error")) & (pl.col("difference") != 0))
    said = (
        f'Against "{base.scenario.label}", the largest rise in the chance that a settlement stands after {weeks} weeks is '
        f"{100 * best['difference']:+.1f} points ({best['scenario']}). {clear.height} of {len(names) - 1} differences are larger "
        "than twice their standard error."
    )
    basis = (
        f"{len(base.state):,} runs each, the same luck run by run, seed {base.seed}; low and high: 90 % over parameters; the "
        "standard error is of the mean difference" + "".join(dict.fromkeys(_framed(p) for p in paths.values()))
    )
    return [Finding("scenarios", "Which change would matter?", said, table, basis)]


def describe_story(noun: Paths, run: int) -> list[Finding]:
    """One run, told week by week."""
    told = noun.story(run)
    table = pl.DataFrame({"what": told})
    return [
        Finding(
            "story",
            f"What happened in run {run}?",
            f"{len(told)} {'week' if len(told) == 1 else 'weeks'} with news.",
            table,
            f"run {run}, seed {noun.seed}",
        )
    ]


@describe.register
def _(noun: Attitudes) -> list[Finding]:
    polls = sum(len(s.days) for s in noun.series)
    series = ", ".join(f"{noun.study.sides[s.side].label}: {s.question} ({len(s.days)} polls)" for s in noun.series)
    basis = f"{series}; share of those who decided; evidence as of {noun.study.as_of}"
    rows = noun.scores.sort("side", "mean_absolute_error").group_by("side", maintain_order=True)
    parts = []
    for (side,), scores in rows:
        errors = dict(zip(scores["prediction"], scores["mean_absolute_error"], strict=True))
        rival = min((v, k) for k, v in errors.items() if k != "model")
        verdict = "better than" if errors["model"] < rival[0] else "worse than"
        parts.append(
            f"{noun.study.sides[str(side)].label}: off by {100 * errors['model']:.1f} points, {verdict} the {rival[1]} "
            f"({100 * rival[0]:.1f})"
        )
    held = noun.held_back.filter(pl.col("prediction") == "model").height
    return [
        Finding(
            "attitudes",
            "What moved people's readiness over the war?",
            f"Fitted to {polls} polls. An interval as wide as its prior says that the polls do not tell.",
            noun.estimates,
            basis,
        ),
        Finding(
            "attitudes-scores",
            "Would it have foreseen the last polls?",
            f"{held} polls held back, the last third of each series. {'; '.join(parts)}.",
            noun.scores,
            basis + "; random walk: the last poll stays; constant: the mean of those before",
        ),
        Finding("attitudes-held-back", "Poll by poll", "", noun.held_back, basis),
    ]


@describe.register
def _(noun: Talked) -> list[Finding]:
    network, shares = noun.population.network, noun.shares
    last = int(shares["week"].max() or 0)  # pyright: ignore[reportArgumentType]
    first, end = (shares.filter(week=week).drop("week") for week in (0, last))
    table = first.join(end, on=["side", "constituency"], suffix="_at_end").with_columns(
        change=pl.col("accept_at_end") - pl.col("accept")
    )
    most = table.sort(pl.col("change").abs(), descending=True).row(0, named=True)
    said = (
        f"After {last} weeks of talk the share who accept moved most in {most['constituency']} ({most['side']}): from "
        f"{percent(most['accept'])} to {percent(most['accept_at_end'])}. Opinions there lie "
        f"{most['spread_at_end'] / most['spread']:.2f} times as far apart as before."
    )
    basis = (
        f"{len(noun.opinions):,} persons, {network.degree:.0f} ties each on average, drawn at random: nobody's real network; no "
        "interval, since utilities are posterior means"
    )
    return [Finding("population", "What would talk among people change?", said, table, basis)]
