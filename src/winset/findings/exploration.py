"""What the answer hangs on and what to ask next, said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from winset.exploration import Asking, Hanging, Robustness, Tipping, tip
from winset.exploration.things import PEOPLE
from winset.findings.finding import Finding, describe
from winset.findings.wording import WORDS, likelihood_word, percent, span
from winset.room import Room

SHOWN = 12
"""Rows of a table of things: as many as a reader looks at."""

GIVEN_DATA = (
    "first-order indices from the posterior draws, no new fit (Plischke, Borgonovo & Smith 2013); 90 % intervals by bootstrap; "
    "things go together, so that shares do not add up"
)


@describe.register
def _(noun: Hanging) -> list[Finding]:
    if noun.name == "carried":
        question = f"What does it hang on whether all leaders could carry {noun.about}?"
        middle = f"chance {span(*noun.outcome)} %: {likelihood_word(noun.outcome[0])}"
    else:
        question = f"What does {noun.number} of {noun.about} hang on?"
        middle = f"{span(*noun.outcome)} % on average, audience costs taken off"
    number = noun.number[0].upper() + noun.number[1:]
    basis = f"{GIVEN_DATA}; what stays below {100 * noun.floor:.1f} % of the variance is not told from noise"
    things = Finding(
        f"hangs-on-{noun.name}", question, f"{number} ({middle}) {_say_things(noun)}", noun.table.head(SHOWN), basis
    )
    kinds = Finding(
        f"hangs-on-{noun.name}-kinds",
        "And of all things of a kind at once?",
        _say_kinds(noun),
        noun.kinds,
        "ridge regression on things and their squares, scored on draws held back: a lower bound, since products are not seen",
    )
    return [things, kinds]


def _say_things(noun: Hanging) -> str:
    if not noun.table.height:
        return f"hangs on no single thing: none of {noun.tried} stands out from noise."
    first = noun.table.row(0, named=True)
    more = "higher" if first["swing"] >= 0 else "lower"
    low, high = sorted(abs(first[k]) for k in ("swing_low", "swing_high"))
    if first["swing_low"] * first["swing_high"] < 0:
        swung = f"{noun.swings} is about the same where it is high as where it is low"
    else:
        swing = span(abs(first["swing"]), low, high)
        swung = (
            f"where it is in its highest third, {noun.swings} is {swing} points {more} than where it is in its lowest"
        )
    others = f" {noun.table.height} of {noun.tried} things stand out from noise." if noun.table.height > 1 else ""
    return (
        f"hangs most on this: {first['thing']}. Known exactly, it would take away {span(*_three(first))} % of the doubt; {swung}."
        f"{others}"
    )


def _three(row: dict) -> tuple[float, float, float]:
    return row["share"], row["low"], row["high"]


def _say_kinds(noun: Hanging) -> str:
    rows = noun.kinds.to_dicts()
    parts = [f"{r['kind']}, {span(*_three(r))} %" for r in rows]
    said = f"Of the doubt would go if these were known: {'; '.join(parts)}."
    if len(rows) < 2 or rows[0]["low"] <= rows[1]["high"]:
        return said
    if rows[0]["kind"] == PEOPLE:
        return f"{said} Asking people can tell more than arguing over assumptions."
    return f"{said} More is owed to {rows[0]['kind']} than to what people think."


NEAREST = 2
"""Tipping points that a sentence names: the nearest, and the next."""

FIRM = 0.5
"""Steps below which a lead is not called firm: half the standard deviation of one assumption undoes it."""


def describe_tipping(room: Room, what: str | Mapping[str, str], *, seed: int = 1) -> list[Finding]:
    """The smallest change of each assumption, and of pairs, that turns the headline about a package."""
    found = tip(room, what, [bound for bound, _ in WORDS[:-1]], seed=seed)
    basis = (
        "worked out on the posterior draws, no new fit: a threshold or an acceptance is shifted as a whole, the rest stays; 90 % "
        "intervals by bootstrap; steps: how many of its own standard deviations the shift is, 4 at most"
    )
    said = f"{_say_tip(found)}{_say_pair(found)}{_say_lead(found)}{_say_held(found)}"
    return [
        Finding("tip", f"What would turn the answer about {found.about}?", said, _worded(found.table), basis),
        Finding(
            "tip-pairs",
            "And two assumptions at once?",
            ""
            if found.pairs.height
            else "No pair of assumptions reaches a better word within four standard deviations of each.",
            _worded_pairs(found.pairs),
            f"both shifted by as many of their own standard deviations towards a better word; {basis}",
        ),
    ]


def _say_tip(found: Tipping) -> str:
    rows = found.table.filter(pl.col("turns") == "word").head(NEAREST).to_dicts()
    stands = f"{percent(found.chance)}: {likelihood_word(found.chance)}"
    if not rows:
        return f"That all leaders could carry it ({stands}) holds whatever single assumption is shifted."
    unless = "; or ".join(f"{_say_row(r)} (then {_word(r['after'])})" for r in rows)
    return f"That all leaders could carry it ({stands}) holds unless {unless}."


def _say_row(r: Mapping[str, Any]) -> str:
    """An assumption at its tipping point, as a clause after *unless*."""
    least = f" [{_amount(r, 'at_low')}, {_amount(r, 'at_high')}]"
    if r["kind"] == "price":
        return f"the {r['assumption']} were {r['at']:.1f} times{least} what it is taken to be"
    if r["kind"] == "selection":
        return (
            f"those who refuse were {r['at']:.1f} times{least} as likely to be reached by {r['assumption']} as those who accept, "
            f"not {r['now']:.1f} times"
        )
    more = "above" if r["at"] > r["now"] else "under"
    return f"{r['assumption']} were {more} {percent(r['at'])}{least}, now {percent(r['now'])}"


def _amount(r: Mapping[str, Any], end: str) -> str:
    """End of an interval; three dots where it lies beyond what was tried."""
    if r[end] is None:
        return "…"
    return f"{r[end]:.1f}" if r["kind"] in {"price", "selection"} else f"{100 * r[end]:.0f}"


def _word(state: str) -> str:
    return WORDS[int(state)][1]


def _say_pair(found: Tipping) -> str:
    """The nearest pair, where no single assumption reaches a better word."""
    words = found.table.filter(pl.col("turns") == "word")
    alone = [r for r in words.to_dicts() if int(r["after"]) > int(r["before"])]
    if alone or not found.pairs.height:
        return ""
    r = found.pairs.row(0, named=True)
    parts = [
        {"assumption": r[k], "kind": r[f"{k}_kind"], "now": r[f"{k}_now"], "at": r[f"{k}_at"]}
        for k in ("first", "second")
    ]
    both = " and ".join(
        f"{p['assumption']} {p['at']:.1f} times" if p["kind"] == "price"
        else f"{p['assumption']} at {percent(p['at'])} (now {percent(p['now'])})"
        for p in parts
    )  # fmt: skip
    return f" No single assumption makes it {_word(r['after'])}; the nearest pair does: {both}."


def _say_lead(found: Tipping) -> str:
    rows = found.table.filter(pl.col("turns") == "leader").to_dicts()
    if not rows:
        return ""
    r = rows[0]
    firm = "Which proposal leads is not firm" if r["steps"] < FIRM else "The lead changes first"
    return f" {firm}: it is {r['after']} if {_say_row(r).replace(', now', ' instead of')}."


def _say_held(found: Tipping) -> str:
    return f" Nothing turns with {'; '.join(found.held)}." if found.held else ""


def _worded(table: pl.DataFrame) -> pl.DataFrame:
    """Tipping points with states in words."""
    rows = [
        {"assumption": _named(r), "turns": r["turns"]}
        | {k: _word(r[k]) if r["turns"] == "word" else r[k] for k in ("before", "after")}
        | {k: r[k] for k in ("now", "at", "at_low", "at_high", "steps")}
        for r in table.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema={k: v for k, v in table.schema.items() if k != "kind"})


def _named(r: Mapping[str, Any]) -> str:
    if r["kind"] == "selection":
        return f"times as likely to be reached by {r['assumption']}: those who refuse"
    return f"{r['assumption']} (times)" if r["kind"] == "price" else r["assumption"]


def _worded_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    words = [_word(x) for x in pairs["after"]]
    return pairs.with_columns(pl.Series("after", words, dtype=pl.String)).drop("before", "first_kind", "second_kind")


NOTHING = 0.02
"""Share of the doubt below which an answer is said to tell next to nothing."""

LISTED = 6
"""Questions that help in picking, listed."""

EVSI = (
    "expected value of sample information by regression on answers simulated from the posterior draws (Strong, Oakley, Brennan & "
    "Breeze 2015): sampling noise, wording, house and selection of a new instrument as the model has them; 90 % intervals by "
    "bootstrap"
)


@describe.register
def _(noun: Asking) -> list[Finding]:
    found = [
        Finding("ask", f"What should one ask next about {noun.about}?", _say_asking(noun), noun.ranked, EVSI),
        Finding("ask-whom", "And whom?", _say_whom(noun), noun.whom, f"the best question to each, in each way; {EVSI}"),
        Finding(
            "ask-set", "Which questions together?", _say_set(noun), noun.together, f"chosen one after the other; {EVSI}"
        ),
    ]
    if noun.sizes.height:
        found.append(
            Finding(
                "ask-sizes", "Of how many people?", _say_sizes(noun), noun.sizes, f"the best question of a poll; {EVSI}"
            )
        )
    found.append(
        Finding(
            "ask-picking",
            "Which answer would help to pick a package?",
            _say_picking(noun),
            noun.picking.head(LISTED),
            PICKED,
        )
    )
    if noun.found.height:
        said = "The likeliest packages of any terms, among the questions and among what one may pick."
        found.append(Finding("ask-packages", "Which packages might carry: ask first?", said, noun.found, FOUND))
    return found


PICKED = (
    "chance that all leaders could carry what one would pick after the answer, less that of what one would pick now; the rule is "
    "learned on other draws than it is tried on, so that following noise gains nothing; 90 % intervals by bootstrap"
)
FOUND = "a search of a few seconds on some draws, not proven best; chances on all draws"


def _say_asking(noun: Asking) -> str:
    r = noun.ranked.row(0, named=True)
    if r["low"] < NOTHING:
        return (
            f"Nothing that one can ask would help much: of {noun.tried:,} questions the best, “{r['question']}” put to "
            f"{r['people']:,} of {r['of_whom']} ({r['how']}), takes away {span(*_told(r))} % of the doubt."
        )
    return (
        f"Ask {r['people']:,} of {r['of_whom']} ({r['how']}) about this: {r['question']}. Of {noun.tried:,} questions it tells "
        f"most: {span(*_told(r))} % of the doubt about the margin by which all leaders could carry it would go, and the chance, "
        f"{percent(noun.chance)} now, would move by {100 * r['moves']:.0f} points or so."
    )


def _told(r: Mapping[str, Any]) -> tuple[float, float, float]:
    return r["tells"], r["low"], r["high"]


def _say_whom(noun: Asking) -> str:
    said = _say_voices(noun.voices)
    if noun.unreached:
        said += f" No poll of this study reached {', '.join(noun.unreached)}: only voices can be had."
    return said.strip()


def _say_voices(v: Mapping[str, Any] | None) -> str:
    if v is None:
        return ""
    voices = f"{v['people']} voices of {v['of_whom']} ({v['how']}) on “{v['question']}”"
    if v["tells"] < NOTHING:
        return f"{voices} would tell next to nothing."
    if v["worth"] == 0:
        return f"{voices} tell less than two answers of {v['polled']} to a poll with the same question would."
    if v["worth"] == float("inf"):
        return f"{voices} are worth more than any number of answers of {v['polled']} to a poll with the same question."
    return f"{voices} are worth about {v['worth']:.0f} answers of {v['polled']} to a poll with the same question."


def _say_set(noun: Asking) -> str:
    if not noun.together.height:
        return "No question adds anything."
    first, last = noun.together.row(0, named=True), noun.together.row(-1, named=True)
    if noun.together.height == 1:
        return f"One question tells all that there is to be told, {span(*_told(first))} % of the doubt."
    return f"{noun.together.height} questions together tell {span(*_told(last))} % of the doubt, the first alone {percent(first['tells'])}."


def _say_sizes(noun: Asking) -> str:
    """Where more people stop telling more: nine tenths of what ten thousand would tell."""
    last = noun.sizes.row(-1, named=True)
    enough = next(r for r in noun.sizes.iter_rows(named=True) if r["tells"] >= 0.9 * last["tells"])
    return (
        f"{enough['people']:,} answers tell nine tenths of what {last['people']:,} would ({span(*_told(last))} % of the doubt): "
        "wording, house and what polls miss beyond sampling do not average out."
    )


def _say_picking(noun: Asking) -> str:
    now = f"As it stands one would pick a package with {percent(noun.best)}; knowing everything, the chance would be "
    now += f"{percent(noun.best + noun.perfect)}."
    if not noun.picking.height:
        return now
    r = noun.picking.row(0, named=True)
    low, high = (f"{100 * r[k]:.1f}" for k in ("low", "high"))
    if r["low"] <= 0:
        return f"{now} No single answer is seen to help: the best adds {100 * r['gain']:.1f} points [{low}, {high}]."
    asked = f"“{r['question']}” put to {r['people']:,} of {r['of_whom']} ({r['how']})"
    return f"{now} The answer to {asked} adds {100 * r['gain']:.1f} points [{low}, {high}]."


CHOICES = 12
"""Packages listed by regret: as many as a reader looks at."""

REGRET = (
    "chances under every combination of assumptions from the posterior draws, no new fit; regret: how much less than the best under "
    "the same assumptions (Savage 1951); Hurwicz: half the best, half the worst; interviews by reweighting; 90 % intervals by bootstrap"
)


@describe.register
def _(noun: Robustness) -> list[Finding]:
    shown = noun.table.head(CHOICES)
    found = [
        Finding("robust", "Which package is never bad?", _say_robust(noun), shown, f"{noun.combinations} combinations; {REGRET}"),
        Finding(
            "robust-assumptions", "And what does each assumption buy?", _say_buys(noun.assumptions), noun.assumptions,
            "one assumption changed at a time; robust: the package with the least regret",
        ),
    ]  # fmt: skip
    terms = noun.terms.filter(pl.col("package").is_in(set(shown["package"]) | set(noun.assumptions["likeliest"])))
    if terms.height:
        found.append(Finding("robust-terms", "What are these packages?", "", terms, FOUND))
    return found


def _say_robust(noun: Robustness) -> str:
    least = noun.table.row(0, named=True)
    likeliest = noun.table.sort("chance", descending=True, maintain_order=True).row(0, named=True)
    points = f"{100 * least['regret']:.0f} [{100 * least['low']:.0f}, {100 * least['high']:.0f}] points"
    said = f"{least['package']} is never more than {points} less likely to be carried than the best under the same assumptions"
    said += f" (most where {least['where']}); its chance runs from {percent(least['worst'])} to {percent(least['best'])}."
    if least["package"] == likeliest["package"]:
        said += " It is also the likeliest as declared."
    else:
        said += f" The likeliest as declared, {likeliest['package']} ({percent(likeliest['chance'])}), may be {100 * likeliest['regret']:.0f} less."
    if not noun.table["never_bad"].any():
        return f"{said} No package is within five points of the best under all {noun.combinations} combinations."
    return said


def _say_buys(table: pl.DataFrame) -> str:
    changed = table.filter(pl.col("assumption") != "as declared").sort("buys", descending=True)
    if not changed.height:
        return ""
    first, last = changed.row(0, named=True), changed.row(-1, named=True)
    said = f"Most is bought where {first['assumption']}: the best package then has {percent(first['chance'])}"
    if last["buys"] < 0:
        said += f"; most is lost where {last['assumption']}: {percent(last['chance'])}"
    return f"{said}."
