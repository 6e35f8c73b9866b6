"""Which source, and which declaration, moves an answer, said."""

from __future__ import annotations

from typing import Any

from winset.exploration import Designed, Sources
from winset.exploration.sources import LEFT
from winset.findings.finding import Finding, describe
from winset.findings.wording import percent

SOURCES = (
    "each left out in turn: draws reweighted where Pareto k is below .7 (Vehtari, Gelman & Gabry 2017), else fitted again "
    "without it (Laplace approximation, against a fit with it), experiments always; 90 % intervals by bootstrap over draws"
)

DESIGNED = (
    "fits by the Laplace approximation in which each assumption is changed half of the time (Hadamard matrix and its mirror "
    "image, Plackett & Burman 1946); effects on average over the others; 90 % intervals from what assumptions do together"
)

UNIT = "standard deviations of the margin by which all leaders could carry it"


@describe.register
def _(noun: Sources) -> list[Finding]:
    table = noun.table if noun.left else noun.table.drop_nulls("margin")
    question = f"Which source moves the answer most on {noun.about}?"
    return [Finding("hangs-on-sources", question, _say_sources(noun), table, f"{SOURCES}; margin: {UNIT}")]


def _say_sources(noun: Sources) -> str:
    told = noun.table.drop_nulls("margin")
    said, which = [], "Most" if not noun.left else f"Of the {told.height} that could be told most"
    if told.height:
        first = told.row(0, named=True)
        clear = told.filter((told["margin_low"] > 0) | (told["margin_high"] < 0)).height
        said.append(
            f"{which} is owed to {first['source']} (ended {first['ended']}; {first['results']} printed): without it the chance, "
            f"{percent(noun.chance)} now, would change by {_moved(first)}.{_apart(first)}"
        )
        said.append(f"Of {told.height} sources {clear} move the answer beyond what so many draws leave open.")
    if noun.left:
        said.append(
            f"{noun.left} of {noun.table.height} ({LEFT}) are not told: draws reweighted do not reach them; leave --no-refit out."
        )
    return " ".join(said)


def _apart(row: dict[str, Any]) -> str:
    """Why chance and margin may go different ways."""
    if row["change"] * row["margin"] >= 0 or round(100 * row["change"]) == 0:
        return ""
    more, spread = ("more", "wider") if row["change"] > 0 else ("less", "narrower")
    return f" They go different ways since without it {more} would be in doubt, and a {spread} spread weighs on the chance."


def _moved(row: dict[str, Any]) -> str:
    """A change of the chance and of the margin, with their intervals."""
    low, high = (f"{100 * row[k]:+.0f}" for k in ("change_low", "change_high"))
    margin = f"{row['margin']:+.2f} [{row['margin_low']:+.2f}, {row['margin_high']:+.2f}]"
    return (
        f"{100 * row['change']:+.0f} points [{low}, {high}], and the mean of the margin by {margin} standard deviations"
    )


@describe.register
def _(noun: Designed) -> list[Finding]:
    question = f"What would the answer on {noun.about} be if evidence were left out, or less declared?"
    return [
        Finding(
            "hangs-on-declared", question, _say_designed(noun), noun.table, f"{noun.fits} {DESIGNED}; margin: {UNIT}"
        )
    ]


def _say_designed(noun: Designed) -> str:
    first = noun.table.row(0, named=True)
    told = noun.table.filter((noun.table["margin_low"] > 0) | (noun.table["margin_high"] < 0)).height
    said = (
        f"Most is owed to {first['assumption']}: without them the chance, {percent(noun.chance)} by the approximation, would "
        f"change by {_moved(first)}, on average over the other assumptions. Of {noun.table.height} assumptions {told} move the "
        "answer beyond what they do together."
    )
    if noun.foreseen < TRUSTED:
        share = percent(max(noun.foreseen, 0.0))
        return f"{said} Adding effects up foresees little of fits left out ({share} of the variance): read them as averages."
    return f"{said} Adding effects up foresees {percent(noun.foreseen)} of the variance of fits left out."


TRUSTED = 0.5
"""Share of the variance below which effects are said to be averages only: the rest is what assumptions do together."""
