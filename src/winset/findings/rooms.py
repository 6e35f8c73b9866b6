"""What a room says of packages: the best, the bargain, the repair, the price, who matters."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from pathlib import Path
from statistics import NormalDist
from typing import Any

import polars as pl

from winset.findings.finding import Finding, describe
from winset.findings.labelling import SOLUTIONS
from winset.findings.wording import likelihood_word, percent
from winset.language import elsewhere, join, number, tr, trn
from winset.room import Repair, Room, Search, Solutions
from winset.study import Study
from winset.terms import parse_package


@describe.register
def _(noun: Repair) -> list[Finding]:
    last = noun.ladder.filter(package=str(noun.package)).row(0, named=True)
    if noun.reached and not noun.sets.height:
        said = tr(
            "As it stands, all leaders could carry it with {chance}, and {asked} was asked for: no change was looked for.",
            chance=percent(noun.ladder["p_all"][0]),
            asked=percent(noun.asked),
        )
    elif noun.reached:
        first, others = noun.sets.row(0, named=True), noun.sets.height - 1
        said = trn(
            "{proposal}: one change reaches {chance} (asked {asked}): {what}.",
            "{proposal}: {n} changes reach {chance} (asked {asked}): {what}.",
            first["changes"],
            **_changed(noun, first),
        )
        if others:
            said = join([said, trn("Another set does.", "{n} other smallest sets do.", others)], " ")
    elif last["changes"] == 0:
        said = trn(
            "{proposal}: no set of up to {n} change reaches {asked}, and none helps: as it stands it has {chance}.",
            "{proposal}: no set of up to {n} changes reaches {asked}, and none helps: as it stands it has {chance}.",
            int(noun.ladder["changes"].max()),  # pyright: ignore[reportArgumentType]
            **_changed(noun, last),
        )
    else:
        said = trn(
            "{proposal}: no set of up to {n} change reaches {asked}; the best ({what}) reaches {chance}.",
            "{proposal}: no set of up to {n} changes reaches {asked}; the best ({what}) reaches {chance}.",
            int(noun.ladder["changes"].max()),  # pyright: ignore[reportArgumentType]
            **_changed(noun, last),
        )
    basis = f"every set of up to {noun.exact} changes was tried" + (
        "" if noun.exact == 3 else ", then changes to the best 40"
    )
    found = [Finding("repair", "What is the least change that unblocks it?", said, noun.ladder, basis)]
    if noun.sets.height:
        alike = "Each reaches what was asked, and none does with one of its changes fewer."
        found.append(Finding("repair-sets", "Which smallest sets of changes unblock it?", alike, noun.sets, basis))
    basis = "expected acceptance, audience costs taken off"
    found.append(Finding("repair-effects", "Whom does the change win or lose?", "", noun.effects, basis))
    if noun.sets.height > 1:
        found.append(Finding("repair-set-effects", "And each of the smallest sets?", "", noun.set_effects, basis))
    return found


def _changed(noun: Repair, row: Mapping[str, Any]) -> dict[str, Any]:
    """A mended proposal for a sentence."""
    chance, asked = percent(row["p_all"]), percent(noun.asked)
    return {"proposal": noun.proposal, "chance": chance, "asked": asked, "what": say_changes(row["what"])}


UNSETTLED = re.compile(r"(?<=: )open(?= → )|(?<= → )open(?=; |$)")
"""A term that a package leaves open, among changes in words."""


def say_changes(what: str) -> str:
    """Changes of terms: all of it labels, but for terms that are left open.

    Examples
    --------
    >>> say_changes("Land: open → Split; Water: Shared → open")
    'Land: open → Split; Water: Shared → open'
    """
    if what == "as it stands":
        return tr("as it stands")
    return join(
        [part for between in UNSETTLED.split(what) for part in (between, elsewhere("open", tr("left open")))][:-1], ""
    )


def describe_blocks(room: Room, what: str | Mapping[str, str]) -> Finding:
    """Which clause of whose rule fails for a package, and how often; see ``Room.blocks``."""
    study, table = room.acceptance.study, room.blocks(what).sort("fails", descending=True)
    row = table.row(0, named=True)
    who = study.full_label(row["side"], row["constituency"])
    said = (
        f"What binds the leader of {study.sides[row['side']].label} fails most often: “{row['clause']}”, in "
        f"{percent(row['fails'])} of draws; least for it are {who}."
    )
    if not row["asked"]:
        said += " They were never asked anything, so that nobody knows whether they block."
    return Finding("blocked", "Who blocks it?", said, table, "share of draws in which the clause of the rule fails")


def describe_prices(room: Room, what: str | Mapping[str, str]) -> list[Finding]:
    """What each commitment and each clause of a rule costs a proposal."""
    study, table = room.acceptance.study, room.prices(what)
    table = table.with_columns(price=pl.col("without").round(2) - pl.col("p_all").round(2))  # as the two are shown
    top = table.row(0, named=True)
    if round(100 * top["price"]) < 1:
        said = "None of them costs a point: without any one of them the chance of all leaders at once stays the same."
    else:
        said = (
            f'Dearest is the {top["kind"]} "{top["what"]}" ({study.sides[top["side"]].label}): without it all leaders could '
            f"carry the proposal with {percent(top['without'])} instead of {percent(top['p_all'])}."
        )
    return [
        Finding("prices", "What does each commitment and each veto cost it?", said, table, "one left out at a time")
    ]


def describe_shifts(room: Room, what: str | Mapping[str, str], probability: float) -> list[Finding]:
    """The least rise in acceptance that makes a proposal carry."""
    study, table = room.acceptance.study, room.shifts(what, probability)
    alone = table.filter((pl.col("side") != "all") & pl.col("probits").is_not_null()).sort("probits")
    every = table.row(0, named=True)["probits"]
    if every == 0.0:
        chance = room.carry(what)["probability"][-1]
        said = (
            f"As it stands it has {percent(chance)}, and {percent(probability)} was asked: nobody would have to change."
        )
    elif alone.height:
        row = alone.row(0, named=True)
        who = study.full_label(row["side"], row["constituency"])
        said = (
            f"The least is a rise among {who} from {percent(row['before'])} to {percent(row['after'])}, as much as "
            f"{row['like']}."
        )
    else:
        said = "No single constituency's change of mind would do"
        said += (
            f"; a rise in everyone's acceptance, as from 50% to {percent(NormalDist().cdf(every))}, would."
            if every is not None
            else ", nor everyone's."
        )
    basis = (
        f"the same rise of every draw, in probits (1 takes 50% to {percent(NormalDist().cdf(1))}), until all leaders "
        f"could carry it with {percent(probability)}; 4 at most"
    )
    return [Finding("shifts", "How much would acceptance have to rise?", said, table, basis)]


def describe_solutions(study: Study, noun: Solutions) -> list[Finding]:
    """Bargaining solutions, and how sure they are."""
    row = noun.table.row(0, named=True)
    least = "" if noun.whole else "at least "
    deals = row["a_deal"] if noun.whole else math.floor(100 * row["a_deal"]) / 100
    apart = (
        ""
        if row["picked"] > row["a_deal"] / 2
        else ", but not the same one from draw to draw: no single package has that chance"
    )
    said = (
        f"In {least}{percent(deals)} of draws some package leaves every leader better off at home than no deal"
        f"{apart}. {SOLUTIONS[row['solution']]} then picks most often ({percent(row['picked'])} of all draws): "
        f"{_in_words(study, row['package'])}."
    )
    if row["on_average"] == "no deal":
        said += " On average over draws there is no such package."
    which = "all packages" if noun.whole else f"the {noun.candidates:,} best packages by several orders"
    basis = f"{noun.draws} draws over {which}; margins in probits above each rule's threshold, no deal is zero"
    found = [Finding("solutions", "Which package would bargaining theory pick?", said, noun.table, basis)]
    if noun.terms.height:
        terms = noun.terms.filter(pl.col("share") >= 0.02)
        said = "Share of the draws with a deal in which each solution holds the option."
        found.append(Finding("solution-terms", "Which terms does it hold?", said, terms, basis))
    if noun.lotteries.height:
        said = "Where a lottery over packages is allowed (a term left to chance, or traded over time)."
        found.append(
            Finding("solution-lotteries", "And over lotteries?", said, noun.lotteries, "mean margins; " + basis)
        )
    return found


def _in_words(study: Study, package: str) -> str:
    return study.in_words(dict(parse_package(package).terms)) if "=" in package else package


def describe_without(room: Room) -> list[Finding]:
    """Win-sets as though one constituency had no say."""
    study, table = room.acceptance.study, room.without_each()
    grown = table.with_columns(gain=pl.col("zone_without") - pl.col("zone")).sort("gain", descending=True)
    row = grown.row(0, named=True)
    who = study.full_label(row["side"], row["constituency"])
    said = (
        f"The agreement zone would grow most without {who}: from {100 * row['zone']:.2f} % to "
        f"{100 * row['zone_without']:.2f} % of all packages."
    )
    basis = f"expected shares of {room.scores.count}; the rule without its clauses, coalitions without its weight"
    return [Finding("without", "Whose say narrows the room most?", said, table, basis)]


def describe_pivots(room: Room, what: str | Mapping[str, str]) -> list[Finding]:
    """Who matters at home for a package."""
    table = room.pivots(what)
    first = table.sort("decides", descending=True).row(0, named=True)
    who = room.acceptance.study.full_label(first["side"], first["constituency"])
    said = (
        f"{who} decide most often: in {percent(first['decides'])} of draws the others leave it to "
        f"them. Were all of them for it, the leader could carry it with {percent(first['if_won'])} instead of "
        f"{percent(first['p_side'])}."
    )
    basis = "rules as declared; power: Shapley & Shubik 1954, Banzhaf 1965, each constituency for or against as one"
    return [Finding("pivots", "Who decides at home?", said, table, basis)]


ORDERS = {
    "all": "the chance that all leaders could carry it at once",
    "product": "the product of the sides' chances",
    "worse-off": "the expected acceptance of the side that likes it least",
}


def describe_best(told: Search | None, every: Search, given: Mapping[str, str]) -> list[Finding]:
    """The best packages of a search, some options given: of terms that all who decide were asked about, then of all.

    Parameters
    ----------
    told
        Search over terms that all who decide were asked about; None where no package can be made of them.
    every
        Search over all terms.
    """
    listed = [] if told is None else [_best("best", "Which packages could they carry?", told, given)]
    if told is None:
        said = "No package can be made of terms that were put to everybody who decides and that the rules allow."
        listed = [Finding("best", "Which packages could they carry?", said, every.table().clear(), RESTS)]
    apart = _best("ask-first", "Which might they carry: ask first?", every, given)
    unasked = every.never_asked(dict(parse_package(apart.table["package"][0]).terms)) if apart.table.height else []
    if not unasked:
        return listed if told is not None and told.space.count == every.space.count else [*listed, apart]
    shown = "; ".join(unasked[:3]) + ("" if len(unasked) <= 3 else f"; and {len(unasked) - 3} more")
    said = (
        f"{apart.sentence} Of the first listed, {len(unasked)} terms were never put to some who decide, so that nobody knows: "
        f"{shown}."
    )
    return [*listed, dataclasses.replace(apart, sentence=said)]


def rank_told(table: pl.DataFrame) -> pl.DataFrame:
    """Packages by their chance as it is printed; of those alike first the one with fewest terms that some were never asked."""
    order = (pl.col("p_all").round(2), -pl.col("never_asked").cast(pl.Int64), pl.col("p_all"))
    return table.sort(*order, descending=True, maintain_order=True)


def say_best(told: Search | None, found: pl.DataFrame, issues: int) -> str:
    """The best chance of terms that all who decide were asked about, and of any terms as ``rank_told`` lists them.

    Parameters
    ----------
    issues
        How many the study has; a search may settle fewer.
    """
    if not found.height:
        return tr("No package was found.")
    chance, rests = percent(found["p_all"][0]), found["never_asked"][0]
    size = {"settled": number(_settled(found)), "issues": number(issues), "chance": chance}
    if not rests:
        return tr(
            "The best package found settles {settled} of {issues} issues and has {chance} for all at once.", **size
        )
    if told is None or not told.table().height:
        return trn(
            "The best package of terms that all who decide were asked about does not exist; of packages that settle {settled} "
            "issues the best has {chance} for all at once, and one of its terms was never put to some who decide (ask first).",
            "The best package of terms that all who decide were asked about does not exist; of packages that settle {settled} "
            "issues the best has {chance} for all at once, and {n} of its terms were never put to some who decide (ask first).",
            rests,
            **size,
        )
    return trn(
        "The best package of terms that all who decide were asked about settles {told} of {issues} issues and has {best} for all "
        "at once; of packages that settle {settled}, the best has {chance}, and one of its terms was never put to some who "
        "decide (ask first).",
        "The best package of terms that all who decide were asked about settles {told} of {issues} issues and has {best} for all "
        "at once; of packages that settle {settled}, the best has {chance}, and {n} of its terms were never put to some who "
        "decide (ask first).",
        rests,
        told=number(_settled(told.table())),
        best=percent(told.table()["p_all"][0]),
        **size,
    )


def _settled(table: pl.DataFrame) -> int:
    """How many issues the first package of a table settles."""
    return len(parse_package(table["package"][0]).terms)


RESTS = "a term counts as asked where those who decide answered a question that held it, alone or within a whole"


def _best(name: str, question: str, found: Search, given: Mapping[str, str]) -> Finding:
    table, study = found.table(), found.room.acceptance.study
    order = "all" if found.order == "both" else found.order
    side = study.sides.get(order)
    by = f"the chance that the leader of {side.label} could carry it" if side else ORDERS.get(order, order)
    kept = f" with {'; '.join(f'{i}={o}' for i, o in given.items())}" if given else ""
    if not table.height:
        said = f"No package{kept} reaches what was asked."
    else:
        value = table["value"][0]
        said = f"The best package{kept} has {percent(value)} ({likelihood_word(value)}), by {by}."
        alike = sum(percent(v) == percent(value) for v in table["value"])
        if alike > 1:
            said += f" {alike} of those listed have as much, to the point: their order says nothing."
        if order == "all":
            table = table.drop("value")  # is the last column
    count, settled = found.space.count, len(found.space.issues)
    if found.found.proven and count == table.height:
        said += " Every package of these issues is listed."
    elif found.found.proven:
        said += f" Proven: none of {count:,} packages that is not listed is better than the last listed."
    else:
        said += (
            f" Not proven: after {found.found.seconds:.0f} s an unlisted one may be up to "
            f"{100 * found.found.gap:.1f} points better than the last listed."
        )
    basis = (
        f"branch and bound over {count:,} packages that settle {settled} of {len(study.space.issues)} issues, on "
        f"{len(found.room.ballot.draws)} draws; one that leaves some of these open may have more, and is not searched; {RESTS}"
    )
    return Finding(name, question, said, table, basis)


def describe_scores(table: pl.DataFrame, size: int, folder: Path) -> list[Finding]:
    """The best of scores on disk."""
    best = f" The best has {percent(table['p_all'][0])} for all at once." if table.height else ""
    said = f"{size:,} packages are scored.{best}"
    return [Finding("scores", "What is every package worth?", said, table, f"Parquet files in {folder.name}")]
