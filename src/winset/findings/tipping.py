"""What would turn an answer, said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from winset.exploration import Tipping, tip
from winset.findings.finding import Finding
from winset.findings.wording import WORDS, likelihood_word, percent
from winset.room import Room

NEAREST = 2
"""Tipping points that a sentence names: the nearest, and the next."""

FIRM = 0.5
"""Steps below which a lead is not called firm: half the standard deviation of one assumption undoes it."""


def describe_tipping(room: Room, what: str | Mapping[str, str], *, seed: int = 1) -> list[Finding]:
    """The smallest change of each assumption, and of pairs, that turns the headline about a package."""
    found = tip(room, what, [bound for bound, _ in WORDS[:-1]], seed=seed)
    basis = (
        "worked out on the posterior draws, no new fit, audience costs taken off: a threshold or an acceptance is shifted as a "
        "whole, the rest stays; 90 % intervals by bootstrap; steps: the shift in its own standard deviations, 4 at "
        "most"
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
    return f" No single assumption lifts it to “{_word(r['after'])}”; the nearest pair does: {both}."


def _say_lead(found: Tipping) -> str:
    rows = found.table.filter(pl.col("turns") == "leader").to_dicts()
    if not rows:
        return ""
    r = rows[0]
    firm = "Which proposal leads is not firm" if r["steps"] < FIRM else "The lead changes first"
    return f" {firm}: it is {r['after']} if {_say_row(r).replace(', now', ' instead of')}."


def _say_held(found: Tipping) -> str:
    return f" However far these are shifted, nothing turns: {'; '.join(found.held)}." if found.held else ""


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
