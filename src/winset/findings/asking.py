"""What to ask next, said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from winset.exploration import Asking
from winset.findings.finding import Finding, describe
from winset.findings.wording import percent, points, span
from winset.language import tr, trn

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
    if noun.experiments.height:
        question = "And an experiment, in which people judge packages of all terms?"
        found.append(Finding("ask-experiment", question, _say_experiment(noun), noun.experiments, MARGINAL))
    if noun.found.height:
        said = "The likeliest packages of any terms, among the questions and among what one may pick."
        found.append(Finding("ask-packages", "Which packages might carry: ask first?", said, noun.found, FOUND))
    return found


PICKED = (
    "chance that all leaders could carry what one would pick after the answer, less that of what one would pick now; the rule is "
    "learned on other draws than it is tried on, so that following noise gains nothing; 90 % intervals by bootstrap"
)
MARGINAL = (
    "packages drawn at random of all terms that are searched, each judged alone: accept or not; a person costs as much as in a "
    "poll; marginal means of all terms at once (Leeper, Hobolt & Tilley "
    f"2020), which is less than the answers tell one by one; {EVSI}"
)
FOUND = (
    "a search of a few seconds on some draws (--seconds), so that another machine may list others; chances on all draws"
)


def _say_asking(noun: Asking) -> str:
    r = noun.ranked.row(0, named=True)
    way = r["how"]
    people = trn("{n} of {whom}", "{n} of {whom}", r["people"], whom=r["of_whom"])
    asked = {
        "people": people,
        "how": tr(way),
        "question": _name_offer(noun, r["question"]),
        "share": span(*_told(r)),
    }
    if r["low"] < NOTHING:
        return trn(
            "Nothing that one can ask would help much: of {n} question the best, “{question}” put to {people} ({how}), takes "
            "away {share} % of the doubt.",
            "Nothing that one can ask would help much: of {n} questions the best, “{question}” put to {people} ({how}), takes "
            "away {share} % of the doubt.",
            noun.tried,
            **asked,
        )
    return trn(
        "Ask {people} ({how}) about this: {question}. Of {n} question it tells most: {share} % of the doubt about the margin by "
        "which all leaders could carry it would go, and the chance, {chance} now, would move by {moves} or so.",
        "Ask {people} ({how}) about this: {question}. Of {n} questions it tells most: {share} % of the doubt about the margin by "
        "which all leaders could carry it would go, and the chance, {chance} now, would move by {moves} or so.",
        noun.tried,
        **asked,
        chance=percent(noun.chance),
        moves=points(r["moves"]),
    )


def _name_offer(noun: Asking, question: str) -> str:
    """An offer by its labels; a package of the search by its terms."""
    found = dict(noun.found.select("name", "terms").iter_rows())
    return found.get(question, question)


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
    if v.get("cost") is not None:
        voices += f", for {v['cost']:,.0f},"
    if v["tells"] < NOTHING:
        return f"{voices} would tell next to nothing."
    if v["worth"] == 0:
        return f"{voices} tell less than two answers of {v['polled']} to a poll with the same question would."
    if v["worth"] == float("inf"):
        return f"{voices} are worth more than any number of answers of {v['polled']} to a poll with the same question."
    paid = "" if v.get("price") is None else f", which cost {v['worth'] * v['price']:,.0f}"
    return f"{voices} are worth about {v['worth']:.0f} answers of {v['polled']} to a poll with the same question{paid}."


def _say_set(noun: Asking) -> str:
    if not noun.together.height:
        return "No question adds anything."
    first, last = noun.together.row(0, named=True), noun.together.row(-1, named=True)
    if noun.together.height == 1:
        return f"One question tells all that there is to be told, {span(*_told(first))} % of the doubt."
    told, alone = span(*_told(last)), percent(first["tells"])
    said = (
        f"{noun.together.height} questions{_paid(noun)} together tell {told} % of the doubt, the first alone {alone}."
    )
    return said if noun.halved is None else f"{said} Half of the money would tell {percent(noun.halved)}."


def _paid(noun: Asking) -> str:
    """Whom a set asks, and for how much, where prices are known: whoever is reached answers all questions."""
    if "cost" not in noun.together.columns:
        return ""
    groups = noun.together.group_by("of_whom", "how", maintain_order=True)
    each = groups.agg(pl.len(), pl.col("people", "cost").first())
    said = " and ".join(
        f"{r['len']} put to {r['people']:,} of {r['of_whom']} ({tr(r['how'])})" for r in each.iter_rows(named=True)
    )
    return f", {said}, for {each['cost'].sum():,.0f},"


def _say_sizes(noun: Asking) -> str:
    """Where more people stop telling more: nine tenths of what ten thousand would tell."""
    last = noun.sizes.row(-1, named=True)
    enough = next(r for r in noun.sizes.iter_rows(named=True) if r["tells"] >= 0.9 * last["tells"])
    return (
        f"{enough['people']:,} answers tell nine tenths of what {last['people']:,} would ({span(*_told(last))} % of the doubt): "
        "wording, house and what polls miss beyond sampling do not average out."
    )


def _say_experiment(noun: Asking) -> str:
    """The best experiment beside the best set of single questions, and what it adds in picking."""
    r = noun.experiments.row(0, named=True)
    shown = f"{r['packages']} packages each"
    said = f"{r['people']:,} of {r['of_whom']} ({tr(r['how'])}) who judge {shown}, made at random of all terms, tell "
    said += f"{span(r['tells'], r['tells_low'], r['tells_high'])} % of the doubt"
    if noun.together.height:
        last = noun.together.row(-1, named=True)
        said += f"; the questions of the set together {span(*_told(last))} %"
    seen = "adds" if r["gain_low"] > 0 else "is not seen to help in picking a package: it adds"
    gain = _gain(r["gain"], r["gain_low"], r["gain_high"])
    return (
        f"{said}. Such an experiment {seen} {gain} to the chance of what one would pick, the set {_gain(*noun.adds)}."
    )


def _gain(gain: float, low: float, high: float) -> str:
    return f"{100 * gain:.1f} points [{100 * low:.1f}, {100 * high:.1f}]"


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
